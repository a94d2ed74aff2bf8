import Foundation

/// What every operator of a graph means in every semantics, found out by using it, see `OperatorBehaviour`.
struct OperatorMatrix {
  /// Names of the operators, sorted, and their answers in the order of `OperatorBehaviour.columns`.
  let rows: [(name: String, answers: [OperatorBehaviour.Answer])]

  /// Tries all samples.
  ///
  /// - Throws: what a sample's own evaluation throws.
  init() throws {
    rows = try OperatorBehaviour.samples()
      .map { (name: $0.name, answers: try OperatorBehaviour($0).answers) }
      .sorted { $0.name < $1.name }
  }

  /// The matrix as a Markdown table.
  var table: String {
    let heads = ["operator"] + OperatorBehaviour.columns.map { "\($0.0) (`\($0.1)`)" }
    let lines = rows.map { ["`\($0.name)`"] + $0.answers.map(\.rawValue) }
    return ([heads, heads.map { _ in "---" }] + lines)
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// The operators that have a file: `Operators/` of a target.
  static func files(of target: String) -> Set<String> {
    Set(
      SourceTree.swiftFiles(in: "Sources/\(target)/Operators")
        .map { URL(filePath: $0).deletingPathExtension().lastPathComponent })
  }

  /// The names that the cases of a file return.
  static func names(in path: String) throws -> Set<String> {
    Set(try SourceTree.text(path).matches(of: /case \.\w+: return "(\w+)"/).map { String($0.1) })
  }

  /// The names of all operators as the sources of the graph have them, but for the two that compute nothing.
  static func operators() throws -> Set<String> {
    try names(in: "Sources/TensorGraph/SmoothFunction.swift")
      .union(names(in: "Sources/TensorGraph/Operation.swift")).subtracting(["Input", "Constant"])
  }
}
