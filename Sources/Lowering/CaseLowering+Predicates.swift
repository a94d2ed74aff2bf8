import DSpecSemantics
import Diagnostics
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Conditions, as predicates over the elements of the graph's output.
extension CaseLowering {
  mutating func predicate(_ expression: TypedExpression, negated: Bool = false) throws -> Predicate {
    switch expression.kind {
    case .boolean(let value): return value != negated ? .all([]) : .any([])
    case .not(let operand): return try predicate(operand, negated: !negated)
    case .and(let parts), .or(let parts):
      var lowered: [Predicate] = []
      for part in parts { lowered.append(try predicate(part, negated: negated)) }
      var isAnd = false
      if case .and = expression.kind { isAnd = true }
      return isAnd != negated ? .all(lowered) : .any(lowered)
    case .implies(let premise, let conclusion):
      let parts = [
        try predicate(premise, negated: !negated), try predicate(conclusion, negated: negated),
      ]
      return negated ? .all(parts) : .any(parts)
    case .compare(let comparison, let left, let right):
      let result = try compare(comparison, left, right, at: expression.span)
      return negated ? result.negated : result
    default: throw LoweringError.noBackEnd("this form of condition", expression.span)
    }
  }

  mutating func compare(
    _ comparison: ComparisonOperator, _ left: TypedExpression, _ right: TypedExpression, at span: SourceSpan
  ) throws -> Predicate {
    if case .enumeration(let type) = left.type {
      let first = try value(left)
      let second = try value(right)
      let equal = Predicate.any(
        try type.cases.indices.map {
          .all([try holds(first, choice: $0, span), try holds(second, choice: $0, span)])
        })
      return comparison == .notEqual ? equal.negated : equal
    }
    let (first, second) = (try number(left), try number(right))
    let difference = first.adding(second.scaled(by: Rational(-1)))
    let isWritten = second.terms.isEmpty ? first.isQuantity : first.terms.isEmpty && second.isSingleQuantity
    if !isWritten { quantitiesAreWritten = false }
    switch comparison {
    case .less: return try atom(difference, .less, span)
    case .lessOrEqual: return try atom(difference, .lessOrEqual, span)
    case .greater: return try atom(difference, .greater, span)
    case .greaterOrEqual: return try atom(difference, .greaterOrEqual, span)
    case .equal, .notEqual:
      let equal = Predicate.all([
        try atom(difference, .lessOrEqual, span), try atom(difference, .greaterOrEqual, span),
      ])
      return comparison == .notEqual ? equal.negated : equal
    }
  }

  /// The event that a prediction differs from a case.
  mutating func differs(_ prediction: TypedExpression, from choice: Int) throws -> Predicate {
    try holds(value(prediction), choice: choice, prediction.span).negated
  }

  mutating func holds(_ value: Value, choice: Int, _ span: SourceSpan) throws -> Predicate {
    switch value {
    case .choice(let own): return own == choice ? .all([]) : .any([])
    case .odds(let node):
      scales.insert(.logistic)
      try weigh([node], span)
      let place = try element(node, 0)
      labels.append(label)
      // The second case wins strictly: at even odds the scores tie and the earlier case is taken.
      // In single precision the probabilities decide, and one near one half may be rounded to it.
      let even = Threshold.logit(Rational(dyadic: 0.5))
      return .atom(
        Atom(
          .element(place), choice == 1 ? .greater : .lessOrEqual,
          arithmetic == .real ? .rational(Rational(0)) : even))
    case .scores(let node):
      let count = builder.shape(at: node).count
      var parts: [Predicate] = []
      for other in 0..<count where other != choice {
        var form = LinearForm(.element(node: node, index: choice))
        form = form.adding(LinearForm(.element(node: node, index: other)).scaled(by: Rational(-1)))
        parts.append(try atom(form, other < choice ? .greater : .greaterOrEqual, span))
      }
      return .all(parts)
    default: throw LoweringError.noBackEnd("this comparison of enumeration values", span)
    }
  }

  /// `form ⋈ 0`.
  mutating func atom(_ form: LinearForm, _ comparison: Comparison, _ span: SourceSpan) throws
    -> Predicate
  {
    guard let first = form.terms.first else {
      return comparison.holds(form.constant, Rational(0)) ? .all([]) : .any([])
    }
    let isElements = form.terms.allSatisfy {
      if case .element = $0.quantity { return true } else { return false }
    }
    if isElements { return try elementAtom(form, comparison, span) }
    guard form.terms.count == 1, let threshold = (-form.constant).divided(by: first.coefficient) else {
      throw LoweringError.noBackEnd("sums of probabilities or distances", span)
    }
    let relation = first.coefficient < Rational(0) ? comparison.flipped : comparison
    switch first.quantity {
    case .element: return try elementAtom(form, comparison, span)
    case .logistic(let node, let index):
      // The logistic function lies strictly between 0 and 1 and is increasing.
      // A computed one may be 0 or 1, or beyond them by a rounding.
      guard
        arithmetic == .real || SingleRounding.isBeyondProbabilities(threshold)
          || threshold > Rational(0) && threshold < Rational(1)
      else {
        throw LoweringError.noBackEnd(
          "a computed probability compared with 0 or 1 or a number next to them", span)
      }
      guard threshold > Rational(0), threshold < Rational(1) else {
        // No atom bounds it then.
        quantitiesAreWritten = false
        return relation.boundsAbove == (threshold >= Rational(1)) ? .all([]) : .any([])
      }
      scales.insert(.logistic)
      try weigh([node], span)
      let place = try element(node, index)
      labels.append(label)
      return .atom(Atom(.element(place), relation, .logit(threshold)))
    case .distance(let node, let point, let norm, let unit):
      scales.insert(.distance)
      units.insert(unit)
      try weigh([node], span)
      let start = try whole(node)
      labels.append(label)
      return .atom(Atom(.distance(start: start, point: point, norm: norm), relation, .rational(threshold)))
    }
  }

  /// Coefficients are cleared of denominators, so that the graph's extra row is exact.
  mutating func elementAtom(
    _ form: LinearForm, _ comparison: Comparison, _ span: SourceSpan
  ) throws -> Predicate {
    scales.insert(.plain)
    labels.append(label)
    try weigh(
      form.terms.compactMap { if case .element(let node, _) = $0.quantity { node } else { nil } }, span)
    if form.terms.count == 1, case .element(let node, let index) = form.terms[0].quantity,
      let threshold = (-form.constant).divided(by: form.terms[0].coefficient)
    {
      let relation = form.terms[0].coefficient < Rational(0) ? comparison.flipped : comparison
      return .atom(Atom(.element(try element(node, index)), relation, .rational(threshold)))
    }
    let denominator = form.terms.reduce(Rational(1)) { product, term in
      let cleared = term.coefficient * product
      return cleared.isInteger ? product : product * Rational(cleared.denominator)
    }
    var rows: [Int: [Double]] = [:]
    var order: [Int] = []
    for term in form.terms {
      guard case .element(let node, let index) = term.quantity,
        let coefficient = (term.coefficient * denominator).asInt(), coefficient.magnitude < 1 << 52
      else { throw LoweringError.noBackEnd("a coefficient of this size", span) }
      if rows[node] == nil {
        rows[node] = [Double](repeating: 0, count: builder.shape(at: node).count)
        order.append(node)
      }
      rows[node]?[index] += Double(coefficient)
    }
    var sum: Int?
    for node in order {
      guard let row = rows[node] else { continue }
      let flat = try builder.apply(.reshape(Shape([1, row.count])), [node])
      let product = try builder.apply(
        .linear(
          Linear(
            weights: Tensor(shape: Shape([1, row.count]), values: row),
            bias: Tensor(shape: Shape([1]), values: [0]))), [flat])
      if let left = sum { sum = try builder.apply(.add, [left, product]) } else { sum = product }
    }
    guard let node = sum else { throw LoweringError.noBackEnd("an empty sum", span) }
    return .atom(Atom(.element(try element(node, 0)), comparison, .rational(-form.constant * denominator)))
  }
}
