package import RigorousArithmetic

/// `X_i` or `Y_i`.
package enum VNNLIBVariable: Hashable, Sendable {
  /// An element of the flattened input.
  case input(Int)
  /// An element of the flattened output.
  case output(Int)
}

/// `sum of coefficients * variables + constant ⋈ 0` with `<=`, `<`, `>=` or `>`, exact.
package struct VNNLIBConstraint: Hashable, Sendable {
  /// Nonzero coefficients.
  package var coefficients: [VNNLIBVariable: Rational]
  /// What stands beside them.
  package var constant: Rational
  /// The relation to zero.
  package var comparison: VNNLIBComparison
  /// Where it is written, from 1.
  package var line: Int

  /// Whether only inputs occur.
  var isOnInputs: Bool {
    coefficients.keys.allSatisfy {
      if case .input = $0 { return true }
      return false
    }
  }

  /// The input and the bound, where the constraint bounds a single input.
  var bound: (input: Int, isUpper: Bool, isStrict: Bool, value: Rational)? {
    guard coefficients.count == 1, let (variable, factor) = coefficients.first,
      case .input(let index) = variable, let quotient = (-constant).divided(by: factor)
    else { return nil }
    let isPositive = factor > Rational(0)
    let isBelow = comparison == .less || comparison == .lessOrEqual
    return (index, isPositive == isBelow, comparison == .less || comparison == .greater, quotient)
  }
}

/// A relation to zero.
package enum VNNLIBComparison: Hashable, Sendable {
  case less, lessOrEqual, greater, greaterOrEqual
}

/// A condition on inputs and outputs.
package indirect enum VNNLIBFormula: Hashable, Sendable {
  case constraint(VNNLIBConstraint)
  /// All hold.
  case all([VNNLIBFormula])
  /// At least one holds.
  case any([VNNLIBFormula])

  /// Whether a constraint bounds an input.
  var boundsInputs: Bool {
    switch self {
    case .constraint(let constraint): constraint.bound != nil
    case .all(let parts), .any(let parts): parts.contains(where: \.boundsInputs)
    }
  }
}

/// What a VNN-LIB file asks, namely whether an input with its output meets the formula.
///
/// Source: Demarchi et al., "Supporting Standardization of Neural Networks Verification with VNN-LIB and CoCoNet"
/// (FoMLAS 2023), version 1.0 as VNN-COMP uses it.
package struct VNNLIBProblem: Hashable, Sendable {
  /// Number of declared inputs, `X_0` and on.
  package let inputCount: Int
  /// Number of declared outputs, `Y_0` and on.
  package let outputCount: Int
  /// The conjunction of all assertions.
  package let assertions: [VNNLIBFormula]
}
