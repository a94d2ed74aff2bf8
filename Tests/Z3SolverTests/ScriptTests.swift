import Foundation
import RigorousArithmetic
import SMT
import SMTDraws
import TensorGraph
import Testing
import VerificationProblem
import Z3Solver

/// A solver of the system that reads scripts.
struct Program: Sendable, CustomTestStringConvertible {
  let name: String
  let options: [String]

  var path: String { "/usr/bin/\(name)" }
  var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }
  var testDescription: String { name }

  /// The lines that the program prints for a script.
  func run(_ script: String) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(name)-\(UUID().uuidString).smt2")
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = options + [file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static let z3 = Program(name: "z3", options: ["-T:20"])
  static let cvc5 = Program(name: "cvc5", options: ["--tlimit=20000", "--strict-parsing", "--lang=smt2.6"])
}

/// Queries of all kinds with Z3's answer through the library.
struct Samples {
  static func queries() throws -> [(query: Query, expected: String)] {
    var queries: [Query] = []
    for seed in UInt64(0)..<6 {
      var random = try RandomObligations(seed: seed &+ 40)
      queries.append(try encoding(random.graph, try random.predicate(), random.region).violation)
    }
    for seed in UInt64(0)..<6 { queries.append(try randomQuery(seed: seed)) }
    let third = Threshold.logit(fraction(1, 3))
    let region = [AxisRange(lower: Rational(-3), upper: Rational(-1))]
    let logit = try encoding(identity(1), .atom(Atom(.element(0), .less, third)), region)
    queries.append(logit.violation)
    if let certain = logit.certainViolation { queries.append(certain) }
    return try queries.map { query in
      switch try Z3().check(query, timeout: patience) {
      case .sat: return (query, "sat")
      case .unsat: return (query, "unsat")
      case .unknown(let reason): throw SolverError(solver: "Z3", message: "\(reason)")
      }
    }
  }

  /// Random formulas, each asserted or denied, with names that need quoting.
  static func randomQuery(seed: UInt64, steps: Int = 60) throws -> Query {
    var random = try RandomTerms(seed: seed &+ 1000, steps: steps)
    var query = Query(terms: random.store)
    for (term, _) in random.formulas.suffix(5) {
      let isDenied = Bool.random(using: &random.generator)
      query.assert(isDenied ? query.terms.not(term) : term, like: "a formula")
    }
    return query
  }
}

@Suite struct ScriptTests {
  @Test(arguments: 0..<30)
  func scriptsSayWhatTheTermsSay(seed: UInt64) throws {
    let query = try Samples.randomQuery(seed: seed)
    #expect(try Z3().disagreement(of: query, timeout: patience) == .unsat)
  }

  @Test(arguments: 0..<8)
  func scriptsOfObligationsSayWhatTheTermsSay(seed: UInt64) throws {
    var random = try RandomObligations(seed: seed &+ 70)
    let query = try encoding(random.graph, try random.predicate(), random.region).violation
    #expect(try Z3().disagreement(of: query, timeout: patience) == .unsat)
    let answer = try Z3().check(query, timeout: patience)
    let read = try Z3().verdict(onScript: query.text, timeout: patience)
    switch answer {
    case .sat: #expect(read == .sat)
    case .unsat: #expect(read == .unsat)
    case .unknown(let reason): Issue.record("\(reason)")
    }
  }

  /// The comparison of script and terms is able to fail.
  @Test func anotherScriptDisagrees() throws {
    var query = Query()
    let x = try query.terms.realVariable("x")
    query.assert(query.terms.compare(x, .less, Rational(1)), like: "a")
    #expect(try Z3().verdict(onScript: query.text, timeout: patience) == .sat)
    let changed = query.text.replacing("(< x 1)", with: "(and (<= 1 x) (< x 1))")
    #expect(changed != query.text)
    #expect(try Z3().verdict(onScript: changed, timeout: patience) == .unsat)
  }

  @Test(.enabled(if: Program.z3.isInstalled, "z3 is not installed: apt install z3"))
  func theProgramZ3Agrees() throws { try compare(Program.z3) }

  @Test(.enabled(if: Program.cvc5.isInstalled, "cvc5 is not installed: apt install cvc5"))
  func theProgramCvc5Agrees() throws { try compare(Program.cvc5) }

  private func compare(_ program: Program) throws {
    for (query, expected) in try Samples.queries() {
      #expect(try program.run(query.text) == [expected])
    }
  }
}
