import DSpecSyntax
import Diagnostics

/// The fields of a block by name.
struct Fields {
  let values: [String: ExpressionSyntax]
  let owner: NameSyntax
  let isDamaged: Bool

  subscript(name: String) -> ExpressionSyntax? { values[name] }
}

/// A call such as `ddim(steps: 10, eta: 0)` read against a list of argument names.
struct CallReading {
  let name: NameSyntax
  let arguments: [String: ExpressionSyntax]
  /// The arguments of a call with a free number of them.
  var rest: [ExpressionSyntax] = []
  let span: SourceSpan

  subscript(label: String) -> ExpressionSyntax? { arguments[label] }
}

extension Checker {
  /// Reads a block; unknown and repeated fields are reported.
  mutating func fields(
    _ block: BlockSyntax, of owner: NameSyntax, allowed known: [Vocabulary.Field]
  ) -> Fields {
    let allowed = known.map(\.name)
    var values: [String: ExpressionSyntax] = [:]
    var places: [String: SourceSpan] = [:]
    for field in block.fields {
      if let first = places[field.name.text] {
        report(
          .duplicateField, "field `\(field.name.text)` is given twice", at: field.name.span,
          notes: [DiagnosticNote("first given here", at: first)], help: "remove one of them")
      } else if !allowed.contains(field.name.text) {
        let meant = SpellingSuggestion.nearest(to: field.name.text, among: allowed)
        report(
          .unknownField, "unknown field `\(field.name.text)`", at: field.name.span,
          help: meant.map { "did you mean `\($0)`?" }
            ?? "the fields here are \(allowed.map { "`\($0)`" }.joined(separator: ", "))",
          fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: field.name.span, with: $0)] } ?? [])
        // A misspelt field counts as given, so that it is not reported as missing as well.
        if let meant, values[meant] == nil { values[meant] = field.value }
      } else {
        values[field.name.text] = field.value
        places[field.name.text] = field.name.span
      }
    }
    return Fields(values: values, owner: owner, isDamaged: block.isDamaged)
  }

  /// The value of a field that must be given.
  mutating func required(_ name: String, _ fields: Fields, example: String) -> ExpressionSyntax? {
    if let value = fields[name] { return value.kind == .missing ? nil : value }
    if !fields.isDamaged {
      report(
        .missingField, "`\(fields.owner.text)` has no field `\(name)`", at: fields.owner.span,
        help: "add `\(name): \(example)`")
    }
    return nil
  }

  /// Reads a call of one of `shapes`; anything else is reported with `needed` and an example.
  mutating func call(
    _ expression: ExpressionSyntax, shapes: [CallShape], needed: String
  ) -> CallReading? {
    if expression.kind == .missing { return nil }
    let examples = shapes.map { "`\($0.example)`" }.joined(separator: " or ")
    guard case .call(let callee, let arguments) = expression.kind, case .name(let text) = callee.kind else {
      report(.malformedValue, "\(needed) is needed here", at: expression.span, help: "write \(examples)")
      return nil
    }
    guard let shape = shapes.first(where: { $0.name == text }) else {
      let meant = SpellingSuggestion.nearest(to: text, among: shapes.map(\.name))
      report(
        .malformedValue, "`\(text)` is not \(needed)", at: callee.span,
        help: meant.map { "did you mean `\($0)`?" } ?? "write \(examples)",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: callee.span, with: $0)] } ?? [])
      return nil
    }
    if shape.variadic != nil { return free(arguments, shape, text, callee.span, at: expression.span) }
    guard let read = read(arguments, shape, at: expression.span) else { return nil }
    return CallReading(
      name: NameSyntax(text: text, span: callee.span), arguments: read, span: expression.span)
  }

  /// Reads a call with a free number of arguments.
  private mutating func free(
    _ arguments: [ArgumentSyntax], _ shape: CallShape, _ name: String, _ nameSpan: SourceSpan,
    at span: SourceSpan
  ) -> CallReading? {
    if let label = arguments.lazy.compactMap(\.label).first {
      report(
        .unknownField, "`\(name)` has no argument `\(label.text)`", at: label.span,
        help: "write `\(shape.example)`")
      return nil
    }
    guard !arguments.isEmpty else {
      report(.wrongArity, "`\(name)` needs an argument", at: span, help: "write `\(shape.example)`")
      return nil
    }
    guard arguments.allSatisfy({ $0.value.kind != .missing }) else { return nil }
    return CallReading(
      name: NameSyntax(text: name, span: nameSpan), arguments: [:], rest: arguments.map(\.value), span: span)
  }

  private mutating func read(
    _ arguments: [ArgumentSyntax], _ shape: CallShape, at span: SourceSpan
  ) -> [String: ExpressionSyntax]? {
    var result: [String: ExpressionSyntax] = [:]
    var unlabelled = shape.positional[...]
    var isSound = true
    for argument in arguments {
      if argument.value.kind == .missing { isSound = false }
      guard let label = argument.label else {
        guard let name = unlabelled.popFirst() else {
          let labels = (shape.labelled + shape.optional).map { "`\($0)`" }.joined(separator: ", ")
          report(
            .wrongArity, "unexpected argument of `\(shape.name)`", at: argument.span,
            help: labels.isEmpty ? "write `\(shape.example)`" : "its labels are \(labels)")
          return nil
        }
        result[name] = argument.value
        continue
      }
      let known = shape.labelled + shape.optional
      guard known.contains(label.text) else {
        let meant = SpellingSuggestion.nearest(to: label.text, among: known)
        report(
          .unknownField, "`\(shape.name)` has no argument `\(label.text)`", at: label.span,
          help: meant.map { "did you mean `\($0)`?" } ?? "write `\(shape.example)`",
          fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: label.span, with: $0)] } ?? [])
        return nil
      }
      if result[label.text] != nil {
        report(.duplicateField, "argument `\(label.text)` is given twice", at: label.span)
        return nil
      }
      result[label.text] = argument.value
    }
    let missing = Array(unlabelled) + shape.labelled.filter { result[$0] == nil }
    if isSound, let first = missing.first {
      report(
        .wrongArity, "`\(shape.name)` needs the argument `\(first)`", at: span,
        help: "write `\(shape.example)`")
    }
    return isSound && missing.isEmpty ? result : nil
  }

  /// One of a list of words.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ expression: ExpressionSyntax, of: Choice.Type, needed: String
  ) -> Choice? where Choice.RawValue == String {
    if expression.kind == .missing { return nil }
    let words = Choice.allCases.map(\.rawValue)
    let list = words.map { "`\($0)`" }.joined(separator: ", ")
    guard case .name(let text) = expression.kind else {
      report(.malformedValue, "\(needed) is needed here", at: expression.span, help: "one of \(list)")
      return nil
    }
    if let choice = Choice(rawValue: text) { return choice }
    let meant = SpellingSuggestion.nearest(to: text, among: words)
    report(
      .malformedValue, "`\(text)` is not \(needed)", at: expression.span,
      help: meant.map { "did you mean `\($0)`?" } ?? "one of \(list)",
      fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: expression.span, with: $0)] } ?? [])
    return nil
  }

  /// A string.
  mutating func string(_ expression: ExpressionSyntax, needed: String) -> String? {
    if expression.kind == .missing { return nil }
    if case .string(let text) = expression.kind { return text }
    report(.malformedValue, "\(needed) in quotes is needed here", at: expression.span)
    return nil
  }
}
