import ModelFormats
import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// A property's question as instances of the VNN competition: for each case a network and what violates the claim.
package enum VNNLIBExport {
  /// What cannot be written.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// A network and a formula.
  package struct Instance: Sendable {
    /// ONNX, in double precision.
    package let network: [UInt8]
    /// VNN-LIB 1.0.
    package let formula: String
  }

  /// How every formula begins, so that an export can be told from other files.
  package static let opening = "; What violates "

  /// Most conjunctions of a formula.
  private static let mostTerms = 4_096

  /// One instance a case; an answer `unsat` means that the case holds.
  ///
  /// VNN-LIB compares with `<=` and `>=` alone and writes decimals, so a strict comparison is closed, and a number without
  /// a finite decimal is rounded to the side that asks more: `unsat` carries over, `sat` may be a point that only touches.
  ///
  /// - Throws: `Failure` where the question has no such form, `ModelFormatError` where the network has none.
  package static func instances(_ obligation: Obligation) throws -> [Instance] {
    guard case .forall(let region) = obligation.question else {
      throw Failure(description: "VNN-LIB asks for one point; `\(obligation.name)` asks for a probability")
    }
    guard obligation.cases.allSatisfy({ $0.arithmetic == .real }) else {
      throw Failure(description: "VNN-LIB speaks of real numbers; `\(obligation.name)` of single precision")
    }
    guard region.balls.isEmpty else {
      let norms = Set(region.balls.map { "\($0.norm)" }).sorted().joined(separator: " and ")
      throw Failure(
        description:
          "VNN-LIB bounds each input by numbers alone; `\(obligation.name)` ranges over a ball of norm "
          + "\(norms): use `norm: linf` or a box")
    }
    return try obligation.cases.map { item in
      Instance(
        network: try ONNXWriter(elementType: .float64).bytes(of: item.graph, file: obligation.name),
        formula: try formula(item, region.box, name: obligation.name))
    }
  }

  private static func formula(_ item: ObligationCase, _ region: [AxisRange], name: String) throws -> String {
    let label = item.label.isEmpty ? "" : ", case \(item.label)"
    var lines = ["\(opening)\(name)\(label): unsat means that it holds.", ""]
    let outputs = item.graph.outputShapes[0].count
    lines += region.indices.map { "(declare-const X_\($0) Real)" }
    lines += (0..<outputs).map { "(declare-const Y_\($0) Real)" }
    lines.append("")
    for (axis, range) in region.enumerated() {
      lines.append("(assert (>= X_\(axis) \(decimal(range.lower, isLower: true))))")
      lines.append("(assert (<= X_\(axis) \(decimal(range.upper, isLower: false))))")
    }
    lines.append("")
    let terms = try conjunctions(item.predicate.negated)
    guard !terms.isEmpty else {
      throw Failure(description: "the claim of `\(name)`\(label) holds whatever the network computes")
    }
    let parts = try terms.map { term in
      let atoms = try term.map { try comparison($0, name: name) }
      return atoms.isEmpty ? "(and)" : "(and \(atoms.joined(separator: " ")))"
    }
    if parts.count == 1, !terms[0].isEmpty {
      for atom in terms[0] { lines.append("(assert \(try comparison(atom, name: name)))") }
    } else {
      guard !terms.contains(where: \.isEmpty) else {
        throw Failure(description: "the claim of `\(name)`\(label) fails whatever the network computes")
      }
      lines.append("(assert (or\n  \(parts.joined(separator: "\n  "))))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The disjunctive normal form.
  private static func conjunctions(_ predicate: Predicate) throws -> [[Atom]] {
    switch predicate {
    case .atom(let atom): return [[atom]]
    case .any(let parts):
      let terms = try parts.flatMap { try conjunctions($0) }
      guard terms.count <= mostTerms else { throw tooMany }
      return terms
    case .all(let parts):
      var terms: [[Atom]] = [[]]
      for part in parts {
        let others = try conjunctions(part)
        guard terms.count * others.count <= mostTerms else { throw tooMany }
        terms = terms.flatMap { term in others.map { term + $0 } }
      }
      return terms
    }
  }

  private static var tooMany: Failure {
    Failure(
      description: "the claim has more than \(mostTerms) alternatives; split it into several properties")
  }

  private static func comparison(_ atom: Atom, name: String) throws -> String {
    guard case .element(let index) = atom.quantity else {
      throw Failure(description: "`\(name)` speaks of a distance, which VNN-LIB has no term for")
    }
    let isAtMost = atom.comparison.boundsAbove
    let threshold: String
    switch atom.threshold {
    case .rational(let value): threshold = decimal(value, isLower: !isAtMost)
    case .logit:
      let enclosure = atom.threshold.enclosure
      threshold = decimal(Rational(dyadic: isAtMost ? enclosure.upper : enclosure.lower), isLower: !isAtMost)
    }
    return "(\(isAtMost ? "<=" : ">=") Y_\(index) \(threshold))"
  }

  /// The exact decimal, or that of the nearest double on one side.
  private static func decimal(_ value: Rational, isLower: Bool) -> String {
    if let exact = value.exactDecimal { return exact }
    let end = isLower ? value.enclosure.lower : value.enclosure.upper
    return Rational(dyadic: end).exactDecimal ?? "\(end)"
  }
}
