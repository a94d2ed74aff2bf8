import Diagnostics

/// The norm and the space in which a distance is measured: numbers of different ones mean different things.
struct Metric: Hashable {
  let norm: Norm
  let space: TensorType
}

extension TypedExpression {
  /// The metric of a number that is a distance, or a sum, multiple or choice of distances in one metric.
  var metric: Metric? {
    switch kind {
    case .distance(let norm, let left, _):
      guard case .tensor(let space) = left.type else { return nil }
      return Metric(norm: norm, space: space)
    case .negate(let operand): return operand.metric
    case .arithmetic(let operation, let left, let right):
      switch operation {
      case .add, .subtract: return left.metric ?? right.metric
      case .multiply:
        // A product of two distances is none.
        return left.constantValue != nil ? right.metric : right.constantValue != nil ? left.metric : nil
      case .divide: return right.constantValue != nil ? left.metric : nil
      }
    case .conditional(_, let left, let right): return left.metric ?? right.metric
    case .measure(let term):
      if case .expectation(let value) = term.measure { return value.metric }
      return nil
    default: return nil
    }
  }
}

extension Checker {
  /// Reports numbers that are added or compared although they are distances in different metrics.
  ///
  /// - Returns: False where the spaces differ, so that the combination means nothing.
  mutating func checkMetrics(_ left: TypedExpression, _ right: TypedExpression, at span: SourceSpan) -> Bool {
    guard let first = left.metric, let second = right.metric, first != second else { return true }
    let notes = [(left, first), (right, second)].map {
      DiagnosticNote("an \($1.norm.rawValue) distance in \($1.space)", at: $0.span)
    }
    if first.space != second.space {
      report(
        .rangeMismatch, "distances in different spaces are put together", at: span, notes: notes,
        help: "compare each with a number of its own")
      return false
    }
    report(
      .normMismatch, "\(first.norm.rawValue) and \(second.norm.rawValue) distances are put together",
      at: span, notes: notes, help: "measure both in one norm")
    return true
  }
}
