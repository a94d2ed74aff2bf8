import Foundation
import Testing

@Suite("Operator matrix")
struct OperatorMatrixTests {
  static let page = "CONTRIBUTING.md"
  static let opening = "<!-- operators -->\n"
  static let closing = "\n<!-- /operators -->"

  @Test("the table in CONTRIBUTING.md is what the sources say")
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

  @Test("every operator of a graph has a file, and every file an operator")
  func operators() throws {
    let matrix = try OperatorMatrix()
    let names = try OperatorMatrix.names(in: "Sources/TensorGraph/Operation.swift")
    // These two compute nothing.
    #expect(matrix.operators == matrix.smooth.union(names).subtracting(["Input", "Constant"]).sorted())
    #expect(!matrix.smooth.isEmpty)
  }

  @Test("every operator has its reference evaluation")
  func reference() throws {
    let matrix = try OperatorMatrix()
    for (name, cells) in zip(matrix.operators, matrix.cells) { #expect(cells[0] == .rule, "\(name)") }
  }

  @Test("cases are told from refusals")
  func labels() {
    let labels = CaseLabels(of: [
      """
      switch operation {
      case .linear(let map): return .linear(map)
      case .sigmoid, .gather(_):
        throw GraphError.unsupported("no rule")
      case .clip(let clip) where clip.isEmpty: throw GraphError.unsupported("empty")
      case .add:
        return .add
      }
      if case .reshape = operation { return }
      """
    ])
    #expect(labels.refused == ["sigmoid", "gather"])
    #expect(labels.handled == ["linear", "clip", "add", "reshape"])
    typealias Matrix = OperatorMatrix
    #expect(Matrix.cell("Sigmoid", rules: [], labels: labels) == .refusal)
    #expect(Matrix.cell("Sigmoid", rules: ["Sigmoid"], labels: labels) == .refusal)
    #expect(Matrix.cell("Reshape", rules: [], labels: labels) == .rule)
    #expect(Matrix.cell("ReLU", rules: [], labels: labels) == .absent)
    #expect(Matrix.cell("ReLU", rules: ["ReLU"], labels: labels) == .rule)
    #expect(Matrix.cell("Add", rules: ["ReLU"], labels: labels) == .absent)
  }
}
