import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// A real number that a claim computes from values of the graph.
enum BaseQuantity: Hashable {
  /// Element of the value at a position of the builder.
  case element(node: Int, index: Int)
  /// The logistic function of an element.
  case logistic(node: Int, index: Int)
  /// Distance of a value to a fixed point, times a number that value and point are multiplied by.
  case distance(node: Int, point: [Double], norm: VerificationProblem.Norm, unit: Double)
}

extension BaseQuantity {
  /// What the quantity is of the one that is written.
  var factor: Rational {
    if case .distance(_, _, _, let unit) = self { Rational(dyadic: unit) } else { .one }
  }
}

/// `constant + sum of coefficient x quantity`, exact.
struct LinearForm {
  var constant: Rational
  /// Distinct quantities with coefficients that are not zero, in order of appearance.
  var terms: [(coefficient: Rational, quantity: BaseQuantity)] = []

  init(_ constant: Rational) { self.constant = constant }

  /// The quantity as it is written.
  init(_ quantity: BaseQuantity) {
    constant = Rational(0)
    terms = [(Rational(1).divided(by: quantity.factor) ?? .one, quantity)]
  }

  /// Whether it is one quantity, neither a multiple nor moved by a constant.
  var isSingleQuantity: Bool {
    terms.count == 1 && terms[0].coefficient * terms[0].quantity.factor == .one && constant == .zero
  }

  /// Whether an atom that compares it with a number compares the form itself: one quantity, or a sum of whole multiples.
  var isQuantity: Bool {
    isSingleQuantity || terms.count > 1 && constant == .zero && terms.allSatisfy { $0.coefficient.isInteger }
  }

  func scaled(by factor: Rational) -> LinearForm {
    var result = LinearForm(constant * factor)
    if factor != Rational(0) { result.terms = terms.map { ($0.coefficient * factor, $0.quantity) } }
    return result
  }

  func adding(_ other: LinearForm) -> LinearForm {
    var result = self
    result.constant = constant + other.constant
    for term in other.terms {
      if let place = result.terms.firstIndex(where: { $0.quantity == term.quantity }) {
        result.terms[place].coefficient = result.terms[place].coefficient + term.coefficient
      } else {
        result.terms.append(term)
      }
    }
    result.terms.removeAll { $0.coefficient == Rational(0) }
    return result
  }
}
