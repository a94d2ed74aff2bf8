import DSpecSemantics
import Diagnostics
import ModelFormats
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Values of expressions, and the arithmetic of numbers that are linear in the output.
extension CaseLowering {
  mutating func number(_ expression: TypedExpression) throws -> LinearForm {
    guard case .number(let form) = try value(expression) else {
      throw LoweringError.noBackEnd("a number made this way", expression.span)
    }
    return form
  }

  mutating func value(_ expression: TypedExpression) throws -> Value {
    switch expression.kind {
    case .constant(let number): return .number(LinearForm(number))
    case .enumCase(_, let index): return .choice(index)
    case .variable(let name):
      guard let value = variables[name] else {
        throw LoweringError.noBackEnd("variable `\(name)`", expression.span)
      }
      return value
    case .record(let dataset, let row):
      guard let record = library.record(dataset, row) else {
        throw LoweringError.mismatch("`\(dataset)` has no row \(row)", expression.span)
      }
      return .fixed(record)
    case .negate(let operand): return .number(try number(operand).scaled(by: Rational(-1)))
    case .arithmetic(let operation, let left, let right):
      return .number(try arithmetic(operation, left, right, expression.span))
    case .distance(let norm, let left, let right):
      return .number(LinearForm(try distance(norm, left, right, expression.span)))
    case .index(let tensor, let indices):
      guard case .tensor(let node) = try value(tensor), case .tensor(let type) = tensor.type else {
        throw LoweringError.noBackEnd("an element of this value", expression.span)
      }
      let flat = zip(indices, type.shape).reduce(0) { $0 * $1.1 + $1.0 }
      return .number(LinearForm(.element(node: node, index: flat)))
    case .apply(let callee, let arguments): return try apply(callee, arguments, expression)
    default: throw LoweringError.noBackEnd("this form of value", expression.span)
    }
  }

  mutating func arithmetic(
    _ operation: ArithmeticOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: SourceSpan
  ) throws -> LinearForm {
    let first = try number(left)
    let second = try number(right)
    switch operation {
    case .add: return first.adding(second)
    case .subtract: return first.adding(second.scaled(by: Rational(-1)))
    case .multiply:
      if first.terms.isEmpty { return second.scaled(by: first.constant) }
      if second.terms.isEmpty { return first.scaled(by: second.constant) }
    case .divide:
      if second.terms.isEmpty, let inverse = Rational(1).divided(by: second.constant) {
        return first.scaled(by: inverse)
      }
    }
    throw LoweringError.noBackEnd("products of computed values", span)
  }

  mutating func distance(
    _ norm: DSpecSemantics.Norm, _ left: TypedExpression, _ right: TypedExpression, _ span: SourceSpan
  ) throws -> BaseQuantity {
    let kind: VerificationProblem.Norm
    switch norm {
    case .l1: kind = .l1
    case .l2: kind = .l2
    case .linf: kind = .linf
    }
    switch (try value(left), try value(right)) {
    case (.tensor(let node), .fixed(let record)), (.fixed(let record), .tensor(let node)):
      // |x - n / d| is |d x - n| / d, and n is a point that an atom can hold. In single precision the bounds of a computed
      // multiple, which no program computes, hold for the real one too, whose rounding is none.
      return .distance(
        node: try multiple(node, by: record.denominator), point: record.numerators, norm: kind,
        unit: record.denominator)
    case (.tensor(let first), .tensor(let second)):
      let node = try difference(first, second, span)
      let count = builder.shape(at: node).count
      return .distance(node: node, point: [Double](repeating: 0, count: count), norm: kind, unit: 1)
    default: throw LoweringError.noBackEnd("a distance between fixed values", span)
    }
  }
}
