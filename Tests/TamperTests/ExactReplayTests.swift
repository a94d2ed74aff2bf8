import Certificates
import Evidence
import ExactLeaves
import Foundation
import Replay
import RigorousArithmetic
import Tampering
import TensorGraph
import Testing
import VerificationProblem

/// `dspec-replay --exact`: drawn leaves are derived again by code that shares nothing with the rules that closed them.
@Suite struct ExactReplayTests {
  private func exact(_ base: Base, _ arguments: [String]) async throws -> JSONValue {
    let result = try ReplayProgram.run(on: try await base.bundle.image, arguments + ["--json"])
    #expect(result.code == 0, "\(result.output)\(result.errors)")
    let answer = try JSONValue.parse(Array(result.output.utf8))
    #expect(answer.value(at: "replay") == .string("valid"))
    return try #require(answer.value(at: "exact"))
  }

  /// All leaves of small certificates are shown again, but for what is said not to be.
  @Test(arguments: [Base.unsat, .phases, .pipeline])
  func leavesAreShownAgain(base: Base) async throws {
    let found = try await exact(base, ["--exact", "1000000"])
    func number(_ name: String) -> Int { found.value(at: name)?.integerValue ?? -1 }
    #expect(number("drawn") == number("leaves") && number("drawn") > 0)
    let judged = number("drawn") - number("claimNothing")
    #expect(judged > 0)
    // Phases are not split where lines alone do not do.
    if base == .unsat { #expect(number("shown") == number("drawn"), "\(found)") }
    if base == .pipeline { #expect(number("shown") * 2 > judged, "\(found)") }
  }

  @Test func theAnswerNamesWhatIsNotShown() async throws {
    let result = try ReplayProgram.run(on: try await Base.pipeline.bundle.image, ["--exact", "20"])
    let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("exact: ") })
    #expect(line.contains(" of 20 drawn leaves shown again in exact arithmetic"), "\(line)")
    #expect(result.output.split(separator: "\n").last == "valid")
    let without = try ReplayProgram.run(on: try await Base.sat.bundle.image, ["--exact", "5"])
    #expect(without.output.contains("exact: the certificate has no leaves\n"), "\(without.output)")
  }

  @Test func theChoiceFollowsFromCertificateRootAndSalt() {
    let root = ContentDigest(of: [1])
    func chosen(_ number: Int, _ certificate: UInt8 = 1, _ salt: String = "", of leaves: Int = 1_000) -> Set<
      Int
    > {
      DrawnChoice(.leaves, number, of: ContentDigest(of: [certificate]), salt: salt).positions(
        of: leaves, root: root)
    }
    for number in [1, 7, 999, 1_000, 5_000] { #expect(chosen(number).count == min(number, 1_000)) }
    #expect(chosen(3, of: 0).isEmpty)
    #expect(chosen(20) == chosen(20) && chosen(20).isSuperset(of: chosen(10)))
    #expect(chosen(20) != chosen(20, 2) && chosen(20) != chosen(20, 1, "x"))
    // The first draw, as the document says.
    let text = "dspec exact choice 1\n\(ContentDigest(of: [1]).hex)\n\(root.hex)\n0\n\n"
    let draw = ContentDigest(of: Array(text.utf8)).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(chosen(1) == [Int(draw % 1_000)])
  }

  /// What a replay of everything refuses is refused before any leaf is drawn.
  @Test func aForgedLeafIsRefused() async throws {
    var attempt = Attempt(try await Base.pipeline.bundle)
    try attempt.replace("= 50%", "= 1%")
    try attempt.derive()
    let result = try ReplayProgram.run(on: try attempt.finished(by: .keyHolder), ["--exact", "10"])
    #expect(result.code == 1 && result.output.contains("BOUND_NOT_MET"), "\(result.output)")
  }

  /// `|x|` on [-2, 2], claimed to be at most a limit, by one leaf of the whole range.
  private func magnitude(
    atMost limit: Rational, rule: UInt8, isMeasure: Bool = false, atLeast mass: Rational = .zero,
    verdict: Verdict = .proved, root: ClosedRange<Double> = -2...2
  ) throws -> ExactReplay.Subject {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    func map(_ weights: [Double], _ columns: Int) throws -> TensorGraph.Operation {
      let rows = weights.count / columns
      return .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows, columns]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: [Double](repeating: 0, count: rows))))
    }
    let sides = try builder.apply(.relu, [builder.apply(map([1, -1], 1), [x])])
    let sum = try builder.apply(map([1, 1], 2), [sides])
    let range = AxisRange(lower: Rational(-2), upper: Rational(2))
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [sum]),
      predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(limit))))
    let question: Question =
      isMeasure
      ? .measure(law: [.uniform(range)], bounds: [MeasureBound(.greaterOrEqual, mass)])
      : .forall(region: [range])
    return ExactReplay.Subject(
      name: "Magnitude", verdict: verdict,
      obligation: try Obligation(name: "Magnitude", question: question, cases: [item]),
      trees: [
        SplitTree(
          lower: [root.lowerBound], upper: [root.upperBound], nodes: [rule],
          annexes: rule == LeafRule.phases.rawValue ? SplitTree.annex([]) : [])
      ])
  }

  /// Here nothing stands between a forged leaf and exact arithmetic, whatever rule it names.
  @Test func forgedLeavesAreContradicted() async throws {
    let choice = DrawnChoice(.leaves, 10, of: ContentDigest(of: [1]))
    for rule in [0x80, 0x81, 0x82, 0x83, 0x84, 0x86, 0x87] as [UInt8] {
      for (limit, isTrue) in [(2, true), (1, false)] {
        let subject = try magnitude(atMost: Rational(limit), rule: rule)
        do {
          let report = try await ExactReplay.run([subject], choice: choice, workers: 2)
          #expect(isTrue && report.shown == 1 && report.drawn == 1, "\(rule), \(limit): \(report.text)")
        } catch {
          #expect(!isTrue && error.code == .exactContradiction, "\(error)")
        }
      }
    }
    // A cell that has points of the region is not outside of it.
    let outside = try magnitude(atMost: Rational(2), rule: 0x8e)
    await #expect(throws: ReplayError.self) {
      _ = try await ExactReplay.run([outside], choice: choice, workers: 1)
    }
  }

  @Test func reportsSayWhatWasNotTried() async throws {
    let choice = DrawnChoice(.leaves, 10, of: ContentDigest(of: [1]))
    let open = try magnitude(atMost: Rational(1), rule: 0x8f)
    let part = try magnitude(atMost: Rational(1), rule: 0x81, isMeasure: true)
    let inside = try magnitude(atMost: Rational(3), rule: 0x81, isMeasure: true)
    let outside = try magnitude(atMost: Rational(-1), rule: 0x81, isMeasure: true)
    let report = try await ExactReplay.run([open, part, inside, outside], choice: choice, workers: 1)
    #expect(
      report.text
        == "3 of 4 drawn leaves shown again in exact arithmetic, 1 that claim nothing")
  }

  // MARK: Whole answers

  /// Every decided answer of small certificates follows from its trees without the rules that closed them.
  @Test(arguments: [Base.unsat, .phases, .pipeline])
  func answersFollow(base: Base) async throws {
    let result = try ReplayProgram.run(
      on: try await base.bundle.image, ["--exact", "all", "--json"])
    let answer = try JSONValue.parse(Array(result.output.utf8))
    let exact = try #require(answer.value(at: "exact"))
    guard case .array(let answers)? = exact.value(at: "answers") else {
      Issue.record("no answers in \(result.output)")
      return
    }
    #expect(!answers.isEmpty)
    let open = answers.filter { $0.value(at: "derived") != .bool(true) }
    #expect(exact.value(at: "complete") == .bool(open.isEmpty))
    #expect(result.code == (open.isEmpty ? 0 : 2), "\(result.errors)")
    #expect(answer.value(at: "replay") == .string("valid"))
    // Phases are not split, and lines alone may not do.
    if base != .phases { #expect(open.isEmpty, "\(open)") }
    for item in answers { #expect((item.value(at: "leaves")?.integerValue ?? 0) > 0) }
  }

  @Test func answersAreSaidInWords() async throws {
    let result = try ReplayProgram.run(on: try await Base.unsat.bundle.image, ["--exact", "all"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("proved in exact arithmetic  "), "\(result.output)")
    let without = try ReplayProgram.run(on: try await Base.sat.bundle.image, ["--exact", "all"])
    #expect(without.code == 0 && without.output.contains("exact: no answer rests on leaves\n"))
  }

  /// Whatever a tree says of itself, an answer is derived only where it is true.
  @Test func forgedAnswersAreNotDerived() async throws {
    for rule in [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87] as [UInt8] {
      let honest = try magnitude(atMost: Rational(2), rule: rule)
      #expect(try await ExactReplay.answers([honest], workers: 1).map(\.isDerived) == [true])
      let forged = try magnitude(atMost: Rational(1), rule: rule)
      do {
        _ = try await ExactReplay.answers([forged], workers: 1)
        Issue.record("rule \(rule) is not contradicted")
      } catch { #expect(error.code == .exactContradiction, "\(error)") }
    }
    let refuted = try magnitude(atMost: Rational(2), rule: 0x81, verdict: .refuted)
    #expect(try await ExactReplay.answers([refuted], workers: 1).map(\.isDerived) == [false])
    let open = try magnitude(atMost: Rational(2), rule: 0x8f)
    #expect(try await ExactReplay.answers([open], workers: 1).map(\.isDerived) == [false])
    // What was left undecided is nobody's claim.
    let unknown = try magnitude(atMost: Rational(1), rule: 0x81, verdict: .unknown)
    #expect(try await ExactReplay.answers([unknown], workers: 1).isEmpty)
    // Half of the region is no region.
    let half = try magnitude(atMost: Rational(2), rule: 0x81, root: -2...0)
    do {
      _ = try await ExactReplay.answers([half], workers: 1)
      Issue.record("a root that misses half of the region is accepted")
    } catch { #expect(error.code == .treeShape) }
  }

  /// `|x| <= 1` on half of [-2, 2]: one leaf shows what its lines reach, and never more.
  @Test func massesAreBounds() async throws {
    for rule in [0x81, 0x82, 0x84] as [UInt8] {
      let subject = try magnitude(atMost: Rational(1), rule: rule, isMeasure: true)
      let answer = try #require(try await ExactReplay.answers([subject], workers: 1).first).answer
      let bounds = try #require(answer.measure)
      #expect(bounds.contains(Rational(BigInteger(1), over: BigInteger(2))), "\(bounds)")
      let greedy = try magnitude(
        atMost: Rational(1), rule: rule, isMeasure: true,
        atLeast: Rational(BigInteger(3), over: BigInteger(4)))
      #expect(try await ExactReplay.answers([greedy], workers: 1).map(\.isDerived) == [false])
    }
    // Masses are shares of the law, not of the root.
    let half = try magnitude(
      atMost: Rational(2), rule: 0x81, isMeasure: true, atLeast: Rational(BigInteger(3), over: BigInteger(4)),
      root: -2...0)
    let answer = try #require(try await ExactReplay.answers([half], workers: 1).first)
    #expect(!answer.isDerived && answer.answer.measure?.contains(Rational(1)) == true)
  }

  @Test func wrongUsageIsSaid() async throws {
    let bundle = try await Base.unsat.bundle
    for (arguments, words) in [
      (["--exact", "0"], "--exact must be at least 1"), (["--exact", "-1"], "exact"),
      (["--exact", "x"], "exact"), (["--exact-seed", "x"], "--exact-seed goes with --exact"),
      (["--exact", "all", "--exact-seed", "x"], "--exact-seed goes with --exact and a number"),
      (["--exact", "all", "--chunks", "1"], "leave --chunks out"),
      (["--exact", "3", "--chunks", "1"], "leave --chunks out"),
    ] {
      let result = try ReplayProgram.run(on: bundle.image, arguments)
      #expect(result.code == 3 && result.output.isEmpty, "\(arguments): \(result.output)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }
}
