import Foundation

/// Which operators have a meaning in which target, read from the sources.
struct OperatorMatrix {
  /// Whether a target gives an operator a meaning.
  enum Cell: String {
    /// It has a rule.
    case rule = "yes"
    /// It answers with an error that names the operator.
    case refusal = "error"
    /// It does not mention the operator.
    case absent = "-"
  }

  /// A semantics: a target, and the file that holds its rules where they have no files of their own.
  struct Column: Hashable {
    /// Target under `Sources`.
    let target: String
    /// Heading of the column.
    let meaning: String
    /// Name of the file whose cases are the rules; nil where `Operators/` holds them.
    var file: String?
  }

  static let columns = [
    Column(target: "TensorGraph", meaning: "exact evaluation"),
    Column(target: "Inference", meaning: "fast evaluation"),
    Column(target: "ModelFormats", meaning: "ONNX"),
    Column(target: "SMT", meaning: "SMT term"),
    Column(target: "LeafRules", meaning: "leaf rule", file: "CompiledCase.swift"),
  ]

  /// Names of the operators, sorted: the files of `Sources/TensorGraph/Operators`.
  let operators: [String]
  /// Those of them that other targets treat alike, as one operator `Smooth`.
  let smooth: Set<String>
  /// A cell for each operator and column.
  let cells: [[Cell]]

  /// Reads the sources.
  ///
  /// - Throws: the file system's error.
  init() throws {
    let operators = Self.ruleFiles(of: "TensorGraph").sorted()
    let smooth = Set(try Self.names(in: "Sources/TensorGraph/SmoothFunction.swift"))
    let columns = try Self.columns.map { column in
      var rules = Self.ruleFiles(of: column.target)
      let labels = try CaseLabels(
        of: SourceTree.swiftFiles(in: "Sources/\(column.target)")
          .filter { column.file == nil || $0.hasSuffix("/\(column.file ?? "")") }
          .map(SourceTree.text))
      if rules.contains("Smooth") { rules.formUnion(smooth) }
      return operators.map {
        Self.cell($0, rules: rules, labels: labels, label: smooth.contains($0) ? "smooth" : nil)
      }
    }
    self.operators = operators
    self.smooth = smooth
    cells = operators.indices.map { row in columns.map { $0[row] } }
  }

  /// The cell of an operator.
  ///
  /// A rule is a file of the operator's name, or without such files a case that does not throw at once. A file
  /// whose case throws at once only words the refusal.
  ///
  /// - Parameter label: The name of its case, where that is not its own.
  static func cell(_ name: String, rules: Set<String>, labels: CaseLabels, label: String? = nil) -> Cell {
    let label = label ?? name.lowercased()
    if rules.isEmpty {
      if labels.handled.contains(label) { return .rule }
      return labels.refused.contains(label) ? .refusal : .absent
    }
    if labels.refused.contains(label) { return .refusal }
    return rules.contains(name) ? .rule : .absent
  }

  /// The matrix as a Markdown table.
  var table: String {
    let heads = ["operator"] + Self.columns.map { "\($0.meaning) (`\($0.target)`)" }
    let rows = zip(operators, cells).map { ["`\($0)`"] + $1.map(\.rawValue) }
    return ([heads, heads.map { _ in "---" }] + rows)
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// The names that the cases of a file return.
  static func names(in path: String) throws -> [String] {
    try SourceTree.text(path).matches(of: /case \.\w+: return "(\w+)"/).map { String($0.1) }
  }

  private static func ruleFiles(of target: String) -> Set<String> {
    Set(
      SourceTree.swiftFiles(in: "Sources/\(target)/Operators")
        .map { URL(filePath: $0).deletingPathExtension().lastPathComponent })
  }
}

/// The names after `case .` in some sources, in lower case: those whose branch throws at once, and the others.
struct CaseLabels {
  private(set) var handled: Set<String> = []
  private(set) var refused: Set<String> = []

  /// Reads the patterns, each of which ends on its line.
  ///
  /// A label with a condition refuses only some operands, so it counts as handled.
  init(of texts: [String]) {
    for text in texts {
      for match in text.matches(of: /\bcase (\.[^:=\n]*)([:=])\s*(throw\b)?/) {
        let names = match.1.matches(of: /(?:^|, )\.(\w+)/).map { $0.1.lowercased() }
        let isRefusal = match.2 == ":" && match.3 != nil && !match.1.contains(" where ")
        if isRefusal { refused.formUnion(names) } else { handled.formUnion(names) }
      }
    }
  }
}
