import Foundation
import TensorGraph
import Testing

@Suite("Operator matrix")
struct OperatorMatrixTests {
  static let page = "CONTRIBUTING.md"
  static let opening = "<!-- operators -->\n"
  static let closing = "\n<!-- /operators -->"

  @Test("the table in CONTRIBUTING.md is what the operators do")
  func documented() throws {
    let table = try OperatorMatrix().table
    print(table)
    let page = try SourceTree.text(Self.page)
    let start = try #require(
      page.range(of: Self.opening)?.upperBound, "\(Self.page) has no `<!-- operators -->`")
    let end = try #require(
      page.range(of: Self.closing, range: start..<page.endIndex)?.lowerBound,
      "\(Self.page) has no `<!-- /operators -->` after `<!-- operators -->`")
    if ProcessInfo.processInfo.environment["DSPEC_ACCEPT"] == "1" {
      let accepted = page.replacingCharacters(in: start..<end, with: table)
      try accepted.write(to: SourceTree.root.appending(path: Self.page), atomically: true, encoding: .utf8)
    } else {
      #expect(
        page[start..<end] == table,
        "run `DSPEC_ACCEPT=1 swift test -c release --filter OperatorMatrixTests` to rewrite the table")
    }
  }

  @Test("every operator of a graph has a sample and a file, and every file an operator")
  func operators() throws {
    let operators = try OperatorMatrix.operators()
    let samples = try OperatorBehaviour.samples().map(\.name)
    #expect(Set(samples) == operators)
    #expect(samples.count == operators.count)
    #expect(OperatorMatrix.files(of: "TensorGraph") == operators)
  }

  @Test("no operator is wrong anywhere, and the graph's own columns are complete")
  func answers() throws {
    for (name, answers) in try OperatorMatrix().rows {
      #expect(!answers.contains(.failure), "\(name) \(answers)")
      #expect(answers[...2] == [.rule, .rule, .rule], "\(name) \(answers)")
    }
  }

  @Test("answers are told apart: a wrong value, a wrong gradient, a refusal")
  func faults() throws {
    let samples = try OperatorBehaviour.samples()
    let behaviour = { (name: String) in
      try OperatorBehaviour(try #require(samples.first { $0.name == name })).answers
    }
    #expect(try behaviour("ReLU").allSatisfy { $0 == .rule })
    #expect(try behaviour("Exp")[7] == .refusal)
    #expect(try behaviour("Gather")[4] == .refusal)
    // A sample that says to be another operator: what that is asked for does not fit.
    let square = try #require(samples.first { $0.name == "Square" })
    let mixed = OperatorBehaviour.Sample(
      name: "Softplus", graph: square.graph, range: square.range, misfit: [], operation: square.operation)
    #expect(try OperatorBehaviour(mixed).answers[7] == .failure)
    // At a kink the difference quotient is no gradient.
    let clip = try #require(samples.first { $0.name == "Clip" })
    let kinked = OperatorBehaviour.Sample(
      name: "Clip", graph: clip.graph, range: (0.5, 0.5), misfit: [], operation: clip.operation)
    #expect(try OperatorBehaviour(kinked).answers[2] == .failure)
  }
}
