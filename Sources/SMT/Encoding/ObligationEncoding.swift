import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// One case of a `forall` obligation as a query: region and graph and the negation of the predicate.
///
/// Theorem: if `violation` is unsatisfiable, the predicate holds at every point of the region. If every
/// threshold is exact, the converse is true too, and a model of `violation` violates the predicate. Otherwise
/// `violation` uses the end of each logit's enclosure that makes it weaker, a model of it proves nothing, and
/// `certainViolation` is the query whose models do violate the predicate.
package struct ObligationEncoding: Sendable {
  /// Unsatisfiable only if the predicate holds on the region.
  package let violation: Query
  /// Satisfiable only if the predicate fails somewhere; nil when `violation` serves for that.
  package let certainViolation: Query?
  /// The symbols of the region's coordinates, the same in both queries.
  package let coordinates: [RealTerm]
  /// The region of the coordinates.
  package let region: InputRegion
  /// What is encoded.
  package let source: ObligationCase

  /// Encodes a case of an obligation.
  ///
  /// - Parameter bounds: bounds proved for every point of the region; none are needed.
  /// - Throws: `EncodingError` when the obligation is no `forall`, or graph, region or claim is not piecewise linear.
  package init(
    _ obligation: Obligation, caseAt index: Int, bounds: ProvedBounds = ProvedBounds([:])
  ) throws(EncodingError) {
    guard case .forall(let region) = obligation.question else {
      throw EncodingError.unsupportedQuestion(
        "`\(obligation.name)` asks for a probability; only claims about every point have an encoding")
    }
    guard obligation.cases.indices.contains(index) else {
      throw EncodingError.unsupportedQuestion("`\(obligation.name)` has no case \(index)")
    }
    try self.init(obligation.cases[index], of: obligation.name, over: region, bounds: bounds)
  }

  /// Encodes a case over any region, such as a cell of the obligation's.
  ///
  /// - Parameters:
  ///   - name: name of the property, for the comment.
  ///   - bounds: bounds proved for every point of the region; none are needed.
  /// - Throws: `EncodingError` when the region does not fit, or graph, region or predicate is not piecewise linear.
  package init(
    _ item: ObligationCase, of name: String, over region: InputRegion,
    bounds: ProvedBounds = ProvedBounds([:])
  ) throws(EncodingError) {
    guard item.graph.inputs.count == 1, item.graph.outputs.count == 1,
      item.graph.inputCount == region.dimension
    else {
      throw EncodingError.unsupportedQuestion("`\(name)`: the graph does not take the points of the region")
    }
    guard item.arithmetic == .real else {
      throw EncodingError.unsupportedQuestion("`\(name)` speaks of single precision, not of real numbers")
    }
    var query = Query()
    query.note("property \(name)\(item.label.isEmpty ? "" : ", case \(item.label)")")
    query.note("asserted: a point of the region, the graph there, and that the predicate fails.")
    let encoding = try GraphEncoding(item.graph, in: &query.terms)
    let coordinates = encoding.inputs[0]
    for (index, (coordinate, range)) in zip(coordinates, region.box).enumerated() {
      query.assert(
        query.terms.compare(coordinate, .greaterOrEqual, range.lower), like: "region \(index) lower")
      query.assert(query.terms.compare(coordinate, .lessOrEqual, range.upper), like: "region \(index) upper")
    }
    for ball in region.balls { try ball.assert(of: coordinates, in: &query) }
    try bounds.assert(on: encoding, of: item.graph, in: &query)

    let isExact = item.predicate.atoms.allSatisfy { ThresholdEnclosure($0.threshold).isExact }
    var violation = query
    if !isExact {
      violation.note(
        "logit thresholds are enclosed and the failure is weakened: unsat is conclusive, sat is not.")
    }
    violation.assert(
      try PredicateEncoding(output: encoding.outputs[0], approximation: .weaker)
        .formula(item.predicate.negated, &violation.terms), like: "predicate fails")
    self.violation = violation
    if isExact {
      certainViolation = nil
    } else {
      query.note(
        "logit thresholds are enclosed and the failure is strengthened: sat is conclusive, unsat is not.")
      query.assert(
        try PredicateEncoding(output: encoding.outputs[0], approximation: .stronger)
          .formula(item.predicate.negated, &query.terms), like: "predicate fails")
      certainViolation = query
    }
    self.coordinates = coordinates
    self.region = region
    source = item
  }
}

extension Ball {
  /// Asserts that the coordinates of a region lie in the ball.
  ///
  /// Theorem. The sum of the terms of magnitudes has the value of the l1 distance from the centre under every assignment.
  fileprivate func assert(of coordinates: [RealTerm], in query: inout Query) throws(EncodingError) {
    guard norm == .l1 else {
      throw EncodingError.unsupportedRegion(
        "a Euclidean ball has no encoding in linear real arithmetic; use the `l1` or `linf` norm")
    }
    var magnitudes: [RealTerm] = []
    for (axis, value) in zip(self.coordinates, centre) {
      let opposite = query.terms.real(-value)
      magnitudes.append(query.terms.magnitude(query.terms.sum([coordinates[axis], opposite])))
    }
    let distance = query.terms.sum(magnitudes)
    query.assert(query.terms.compare(distance, .lessOrEqual, radius), like: "region ball \(start)")
  }
}
