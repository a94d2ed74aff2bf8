import BuiltPrograms
import Certificates
import Tampering
import Testing

/// `dspec-replay --exact`: drawn leaves are derived again by code that shares nothing with the rules that closed them.
@Suite struct ExactOptionTests {
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

  /// What a replay of everything refuses is refused before any leaf is drawn.
  @Test func aForgedLeafIsRefused() async throws {
    var attempt = Attempt(try await Base.pipeline.bundle)
    try attempt.replace("= 50%", "= 1%")
    try attempt.derive()
    let result = try ReplayProgram.run(on: try attempt.finished(by: .keyHolder), ["--exact", "10"])
    #expect(result.code == 1 && result.output.contains("BOUND_NOT_MET"), "\(result.output)")
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

  /// What does not follow is said in the last line too.
  @Test func whatDoesNotFollowIsSaid() async throws {
    let result = try ReplayProgram.run(on: try await Base.phases.bundle.image, ["--exact", "all"])
    let last = result.output.split(separator: "\n").last
    if result.code == 2 {
      #expect(last == "valid, not all of it derived in exact arithmetic", "\(result.output)")
    } else {
      #expect(result.code == 0 && last == "valid")
    }
  }

  @Test func answersAreSaidInWords() async throws {
    let result = try ReplayProgram.run(on: try await Base.unsat.bundle.image, ["--exact", "all"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("proved in exact arithmetic  "), "\(result.output)")
    let without = try ReplayProgram.run(on: try await Base.sat.bundle.image, ["--exact", "all"])
    #expect(without.code == 0 && without.output.contains("exact: no answer rests on leaves\n"))
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
