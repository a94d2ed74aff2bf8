import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a network.
  mutating func network(
    _ name: NameSyntax, _ signature: SignatureSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    let fields = fields(block, of: name, allowed: Vocabulary.fields(of: .network))
    let inputs = ports(signature.inputs, in: scope)
    let output = output(signature.output, in: scope)
    let file = required("artifact", fields, example: "onnx(\"model.onnx\", sha256: \"…\")")
    let artifact = file.flatMap { self.artifact($0, formats: Vocabulary.networkFormats, in: scope) }
    guard let inputs, let output, let artifact else { return nil }
    return .network(
      NetworkDeclaration(
        name: modules[scope.module].qualified(name.text), inputs: inputs, output: output,
        artifact: artifact, span: name.span))
  }

  /// The inputs of a signature.
  mutating func ports(_ syntax: [PortSyntax], in scope: Scope) -> [Port]? {
    var result: [Port] = []
    var places: [String: SourceSpan] = [:]
    for port in syntax {
      if let first = places[port.name.text] {
        report(
          .duplicateName, "input `\(port.name.text)` is declared twice", at: port.name.span,
          notes: [DiagnosticNote("first declared here", at: first)], help: "rename one of them")
        continue
      }
      places[port.name.text] = port.name.span
      guard let type = type(port.type, in: scope) else { continue }
      var isValue = type != .boolean
      if case .weights = type { isValue = false }
      guard isValue else {
        report(
          .typeMismatch, "an input is a tensor, a number, a step or a case, not \(type)", at: port.type.span,
          help: type == .boolean ? "declare an `enum` of two cases" : nil)
        continue
      }
      result.append(Port(name: port.name.text, type: type))
    }
    return result.count == syntax.count ? result : nil
  }

  /// The output of a signature.
  mutating func output(_ syntax: TypeSyntax, in scope: Scope) -> ValueType? {
    guard let type = type(syntax, in: scope) else { return nil }
    switch type {
    case .tensor, .real, .enumeration: return type
    case .boolean, .integer, .step, .weights:
      report(
        .typeMismatch, "a result is a tensor, a real number or a case, not \(type)", at: syntax.span)
      return nil
    }
  }
}
