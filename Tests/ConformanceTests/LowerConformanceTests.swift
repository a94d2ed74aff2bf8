import DSpecSemantics
import RigorousArithmetic
import SMT
import Testing
import VerificationProblem
import Z3Solver

/// `lower/NAME.dspec` is lowered without a change of meaning: at points on, beside and far from every threshold the
/// obligation and its encoding are true exactly where the claim is.
///
/// Lines after the first may say `// points: a, b` for further coordinates, `// hidden: NAME n` for a property of which
/// exactly n comparisons may be strict or not without a difference at any point, and `// no encoding: NAME` for one
/// that has no exact encoding for the solver.
@Suite struct LowerConformanceTests {
  @Test(arguments: Corpus.cases("lower"))
  func meaningIsKept(of sample: ConformanceCase) throws {
    #expect(sample.statement.rule != "", "the first line states no rule")
    let notes = try LowerNotes(sample.text)
    let project = try sample.project()
    #expect(!project.spec.properties.isEmpty)
    for property in project.spec.properties {
      let oracle = try LowerOracle(property, of: project, extra: notes.points)
      checkQuestion(oracle)
      var truths: Set<Bool> = []
      for (branch, expected) in zip(oracle.branches, oracle.expected) {
        #expect(branch.item.label == expected.label && branch.item.weight == expected.weight)
        let wrong = try branch.disagreement(branch.item.predicate)
        #expect(wrong == nil, "\(property.name) \(branch.item.label): the obligation differs")
        truths.formUnion(branch.points.map(\.truth))
        try checkEncoding(branch, oracle, notes)
      }
      #expect(
        truths.count == 2 || notes.constant.contains(property.name), "\(property.name) is never \(truths)")
      let hidden = try Self.hiddenFlips(oracle)
      #expect(hidden == notes.hidden[property.name] ?? 0, "\(property.name) hides \(hidden)")
    }
  }

  /// Region or law, bounds and number of cases.
  private func checkQuestion(_ oracle: LowerOracle) {
    #expect(oracle.obligation.cases.count == oracle.branches.count, "\(oracle.property.name)")
    switch (oracle.obligation.question, oracle.property.claim) {
    case (.forall(let region), .forall): #expect(region == InputRegion(box: oracle.region))
    case (.measure(_, let bounds), .measure(let claim)):
      #expect(bounds.map(\.threshold) == claim.bounds.map(\.bound))
      #expect(bounds.map(\.comparison.description) == claim.bounds.map(\.comparison.rawValue))
    default: Issue.record("\(oracle.property.name): another kind of question")
    }
  }

  /// The encoding of a failing predicate holds exactly where the claim fails, by exact evaluation at every point and
  /// by the solver's own word at some.
  private func checkEncoding(_ branch: LoweredBranch, _ oracle: LowerOracle, _ notes: LowerNotes) throws {
    let name = oracle.property.name
    let encoding: ObligationEncoding
    do {
      encoding = try ObligationEncoding(branch.item, of: name, over: InputRegion(box: oracle.region))
    } catch {
      #expect(notes.unencoded.contains(name), "\(name): \(error)")
      return
    }
    #expect(!notes.unencoded.contains(name), "\(name) has an encoding")
    let violation = encoding.violation
    for (point, truth) in branch.points {
      let failure = try violation.failure(under: Assignment(encoding.coordinates, at: point))
      #expect((failure != nil) == truth, "\(name) at \(point): the encoding differs")
    }
    for (point, truth) in Self.spread(branch.points) {
      var query = violation
      for (index, (coordinate, value)) in zip(encoding.coordinates, point).enumerated() {
        query.assert(query.terms.compare(coordinate, .lessOrEqual, value), like: "at_most_\(index)")
        query.assert(query.terms.compare(coordinate, .greaterOrEqual, value), like: "at_least_\(index)")
      }
      switch try Z3().check(query, timeout: .seconds(60)) {
      case .unsat: #expect(truth, "\(name) at \(point): the solver finds no violation")
      case .sat: #expect(!truth, "\(name) at \(point): the solver finds a violation")
      case .unknown(let reason): Issue.record("\(name) at \(point): \(reason)")
      }
    }
  }

  /// A few points at which the claim holds and a few at which it fails.
  private static func spread(
    _ points: [(point: [Rational], truth: Bool)]
  ) -> [(point: [Rational], truth: Bool)] {
    [true, false].flatMap { truth in
      let own = points.filter { $0.truth == truth }
      return stride(from: 0, to: own.count, by: max(1, own.count / 3)).prefix(3).map { own[$0] }
    }
  }

  /// How many comparisons of an obligation can change their strictness without a difference at any point.
  private static func hiddenFlips(_ oracle: LowerOracle) throws -> Int {
    var hidden = 0
    for branch in oracle.branches {
      for position in branch.item.predicate.livePositions {
        let flipped = branch.item.predicate.flippingStrictness(at: position)
        if try branch.disagreement(flipped) == nil { hidden += 1 }
      }
    }
    return hidden
  }

  /// A lowering that compiled `<=` to `<`, or the other way round, would be noticed in most places of the corpus, and in
  /// every comparison of its plainest cases.
  @Test func flippedComparisonsAreNoticed() throws {
    var (noticed, total) = (0, 0)
    for sample in Corpus.cases("lower") {
      let notes = try LowerNotes(sample.text)
      let project = try sample.project()
      for property in project.spec.properties {
        let oracle = try LowerOracle(property, of: project, extra: notes.points)
        let atoms = oracle.branches.reduce(0) { $0 + $1.item.predicate.livePositions.count }
        let hidden = try Self.hiddenFlips(oracle)
        total += atoms
        noticed += atoms - hidden
        #expect(atoms == 0 || hidden < atoms, "\(sample.name), \(property.name): no flip is noticed")
      }
    }
    #expect(noticed * 5 >= total * 4, "\(noticed) of \(total) flips are noticed")
    print("lower: \(noticed) of \(total) flipped comparisons are noticed")
  }

  /// Other faults of a lowering are noticed too: a negated predicate, and exchanged connectives.
  @Test(arguments: Corpus.cases("lower"))
  func faultsAreNoticed(in sample: ConformanceCase) throws {
    let notes = try LowerNotes(sample.text)
    let project = try sample.project()
    for property in project.spec.properties {
      let oracle = try LowerOracle(property, of: project, extra: notes.points)
      for branch in oracle.branches {
        let negated = try branch.disagreement(branch.item.predicate.negated)
        #expect(negated != nil, "\(property.name) \(branch.item.label): a negation is not noticed")
      }
      let exchanged = oracle.branches.compactMap { branch in
        branch.item.predicate.exchangingConnective.map { (branch, $0) }
      }
      let isNoticed = try exchanged.contains { try $0.disagreement($1) != nil }
      #expect(exchanged.isEmpty || isNoticed, "\(property.name): exchanged connectives are not noticed")
    }
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("lower", goldens: []) == [])
  }
}

/// What the first lines of a case in `lower` say beside its rule.
struct LowerNotes {
  private(set) var points: [Rational] = []
  private(set) var hidden: [String: Int] = [:]
  private(set) var unencoded: Set<String> = []
  /// Properties that are true, or false, at every point.
  private(set) var constant: Set<String> = []

  struct Malformed: Error { let line: String }

  init(_ text: String) throws {
    for line in text.split(separator: "\n").dropFirst() {
      guard line.hasPrefix("// ") else { break }
      let parts = line.dropFirst(3).split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { throw Malformed(line: String(line)) }
      let items = parts[1].split(separator: ",").map { $0.split(separator: " ").map(String.init) }
      switch parts[0] {
      case "points":
        for item in items {
          guard let text = item.first, let value = Rational(decimal: text) ?? Rational(description: text)
          else { throw Malformed(line: String(line)) }
          points.append(value)
        }
      case "hidden":
        for item in items {
          guard item.count == 2, let count = Int(item[1]) else { throw Malformed(line: String(line)) }
          hidden[item[0]] = count
        }
      case "no encoding": unencoded.formUnion(items.flatMap { $0 })
      case "constant": constant.formUnion(items.flatMap { $0 })
      default: throw Malformed(line: String(line))
      }
    }
  }
}
