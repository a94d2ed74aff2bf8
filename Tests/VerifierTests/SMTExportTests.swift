import Foundation
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem
import Verifier

private typealias Claim = VerificationProblem.Predicate

/// Scripts as `compile --to smtlib` writes them, given to solvers of the system: one answer a case.
@Suite struct SMTExportTests {
  /// `|x - y|` on a box on which it reaches 2, with one case a threshold.
  private static func obligation(_ claims: [Claim]) throws -> Obligation {
    func linear(_ rows: [[Double]]) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows.count, rows[0].count]), values: rows.flatMap(\.self)),
          bias: Tensor(shape: Shape(vector: rows.count), values: [Double](repeating: 0, count: rows.count))))
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let sides = try builder.apply(.relu, [builder.apply(linear([[1, -1], [-1, 1]]), [x])])
    let sum = try builder.apply(linear([[1, 1]]), [sides])
    let graph = try builder.build(outputs: [sum])
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "gap", question: .forall(region: [range, range]),
      cases: claims.enumerated().map { index, claim in
        ObligationCase(label: "case \(index)", weight: Rational(1), graph: graph, predicate: claim)
      })
  }

  private static func claim(_ comparison: Comparison, _ threshold: Int) -> Claim {
    .atom(Atom(.element(0), comparison, .rational(Rational(threshold))))
  }

  private static func isInstalled(_ name: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)")
  }

  private func lines(_ program: String, _ options: [String], _ script: String) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).smt2")
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
    process.arguments = options + [file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static let claims = [
    claim(.lessOrEqual, 2), claim(.less, 2), claim(.less, 3), claim(.greaterOrEqual, 0), claim(.greater, 0),
  ]
  private static let answers = ["unsat", "sat", "unsat", "unsat", "sat"]

  @Test(.enabled(if: isInstalled("z3"), "z3 is not installed: scripts/setup installs it"))
  func z3AnswersEveryCase() throws {
    let text = try SMTExport.text(Self.obligation(Self.claims))
    #expect(try lines("z3", ["-T:20"], text) == Self.answers)
    #expect(try lines("z3", ["-T:20"], SMTExport.text(Self.obligation([Self.claims[1]]))) == ["sat"])
  }

  @Test(.enabled(if: isInstalled("cvc5"), "cvc5 is not installed: scripts/setup installs it"))
  func cvc5AnswersEveryCase() throws {
    let text = try SMTExport.text(Self.obligation(Self.claims))
    #expect(try lines("cvc5", ["--tlimit=20000", "--lang=smt2.6"], text) == Self.answers)
  }
}
