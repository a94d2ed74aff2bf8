package import RigorousArithmetic
import TensorGraph

/// The exact numbers of a record: `numerators[i] / denominator`.
///
/// Doubles hold no 1/255, but 255 times each number.
package struct RecordValues: Hashable, Sendable {
  /// Doubles.
  package let numerators: [Double]
  /// Positive; 1 where the numbers are doubles themselves.
  package let denominator: Double

  /// Numbers that are doubles.
  package init(_ values: [Double]) {
    numerators = values
    denominator = 1
  }

  init(numerators: [Double], denominator: Double) {
    self.numerators = numerators
    self.denominator = denominator
  }

  /// The numbers themselves.
  package var exact: [Rational] { numerators.indices.map(exact(at:)) }

  /// The number at an index.
  package func exact(at index: Int) -> Rational {
    let numerator = Rational(dyadic: numerators[index])
    return denominator == 1 ? numerator : numerator.divided(by: Rational(dyadic: denominator)) ?? numerator
  }

  /// The doubles nearest to the numbers.
  package var nearest: [Double] { denominator == 1 ? numerators : numerators.map { $0 / denominator } }
}
