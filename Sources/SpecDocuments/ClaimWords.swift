package import DSpecSemantics
import RigorousArithmetic

/// Claims as sentences, for people who read no formulas.
///
/// The sentence says what the checked claim says, not what its source text looks like: definitions are unfolded and
/// parameters replaced by their values.
package enum ClaimWords {
  /// A claim as one sentence, without a full stop.
  package static func sentence(_ claim: Claim) -> String {
    switch claim {
    case .forall(let binders, let predicate):
      guard !binders.isEmpty else { return capitalized(words(predicate)) }
      return "For every \(list(binders.map(range))): \(words(predicate))"
    case .measure(let claim):
      let subject = measure(
        MeasureTerm(measure: claim.measure, binders: claim.binders, given: claim.given))
      let bounds = claim.bounds.map { "\(comparison($0.comparison)) \(number($0.bound))" }
      return "\(capitalized(subject)) \(bounds.joined(separator: " and "))"
    case .general(let expression): return capitalized(words(expression))
    }
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// What a variable ranges over, or the law it is drawn from.
  private static func range(_ binder: Binder) -> String {
    switch binder.source {
    case .domain(let domain): "\(binder.name) in \(domain.name)"
    case .enumeration(let type): "\(binder.name) of \(type.name)"
    case .dataset(let dataset): "record \(binder.name) of \(dataset.name)"
    case .weights(let domain): "weights \(binder.name) in \(domain.name)"
    case .law(_, let name): "\(binder.name) drawn from \(name ?? "a law on \(binder.type)")"
    }
  }

  private static func measure(_ term: MeasureTerm) -> String {
    let draws = term.binders.isEmpty ? "" : ", for \(list(term.binders.map(range))),"
    let given = term.given.map { ", given that \(words($0))," } ?? ""
    switch term.measure {
    case .probability(let event): return "the probability that \(words(event))\(given)\(draws)"
    case .balancedErrorRate(let prediction, let label):
      return "the balanced error rate of \(value(prediction)) as a predictor of \(label)\(given)\(draws)"
    case .expectation(let number): return "the expected value of \(value(number))\(given)\(draws)"
    }
  }

  private static func comparison(_ operation: ComparisonOperator) -> String {
    switch operation {
    case .less: "is less than"
    case .lessOrEqual: "is at most"
    case .greater: "is greater than"
    case .greaterOrEqual: "is at least"
    case .equal: "equals"
    case .notEqual: "differs from"
    }
  }

  /// A condition as a clause.
  private static func words(_ expression: TypedExpression) -> String {
    switch expression.kind {
    case .boolean(let value): return value ? "nothing is asked" : "the impossible is asked"
    case .compare(let operation, let a, let b): return "\(value(a)) \(comparison(operation)) \(value(b))"
    case .and(let operands): return operands.map(clause).joined(separator: " and ")
    case .or(let operands): return "either " + operands.map(clause).joined(separator: " or ")
    case .not(let operand): return "it is not so that \(clause(operand))"
    case .implies(let a, let b): return "whenever \(words(a)), \(words(b))"
    case .quantified(let isUniversal, let binders, let body):
      return "for \(isUniversal ? "every" : "some") \(list(binders.map(range))), \(words(body))"
    default: return "\(value(expression)) holds"
    }
  }

  /// A clause within a larger one.
  private static func clause(_ expression: TypedExpression) -> String {
    switch expression.kind {
    case .and, .or, .implies, .quantified: "(\(words(expression)))"
    default: words(expression)
    }
  }

  /// A value in the notation of the language.
  private static func value(_ expression: TypedExpression) -> String {
    switch expression.kind {
    case .constant(let constant): return number(constant)
    case .boolean(let value): return "\(value)"
    case .enumCase(let type, let index): return type.cases[index]
    case .variable(let name): return name
    case .record(let dataset, let row): return "\(dataset)[\(row)]"
    case .apply(let callee, let arguments):
      return application(callee, arguments[...])
    case .distance(let norm, let a, let b):
      return "the \(norm.rawValue) distance of \(value(a)) and \(value(b))"
    case .index(let operand, let positions):
      return "\(value(operand))[\(positions.map(String.init).joined(separator: ", "))]"
    case .negate(let operand): return "-\(value(operand))"
    case .arithmetic(let operation, let a, let b):
      return "(\(value(a)) \(operation.rawValue) \(value(b)))"
    case .conditional(let condition, let a, let b):
      return "(\(value(a)) where \(words(condition)), else \(value(b)))"
    case .measure(let term): return measure(term)
    case .accounted(let quantity):
      switch quantity.quantity {
      case .epsilon: return "the epsilon of \(quantity.training) at delta \(number(quantity.argument))"
      case .attackRate:
        return "the membership attack's true positive rate on \(quantity.training) at false positive rate "
          + number(quantity.argument)
      }
    case .compare, .and, .or, .not, .implies, .quantified: return words(expression)
    }
  }

  private static func application(_ callee: Callee, _ arguments: ArraySlice<TypedExpression>) -> String {
    let (changed, inputs) = changes(callee, arguments)
    return "\(changed)(\(inputs.map(value).joined(separator: ", ")))"
  }

  /// The callee with its changes, and the arguments that are left for its inputs.
  private static func changes(
    _ callee: Callee, _ arguments: ArraySlice<TypedExpression>
  ) -> (String, ArraySlice<TypedExpression>) {
    switch callee {
    case .network, .sampler, .mitigated: return (callee.name, arguments)
    case .reweighted(let base, let network):
      let (text, rest) = changes(base, arguments.dropLast())
      return ("\(text).using(\(network): \(arguments.last.map(value) ?? ""))", rest)
    case .switched(let base, let step):
      let (text, rest) = changes(base, arguments)
      return ("\(text).at(\(step))", rest)
    case .noised(let base):
      let (text, rest) = changes(base, arguments.dropLast())
      return ("\(text).noise(\(arguments.last.map(value) ?? ""))", rest)
    }
  }

  private static func number(_ value: Rational) -> String { value.sourceText }
}
