import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a file given as `onnx("path", sha256: "…")`.
  mutating func artifact(
    _ expression: ExpressionSyntax, formats: [Artifact.Format], in scope: Scope
  ) -> Artifact? {
    let shapes = formats.map(Vocabulary.file)
    guard let call = call(expression, shapes: shapes, needed: "a file"),
      let format = Artifact.Format(rawValue: call.name.text), let pathSyntax = call["file"],
      let path = string(pathSyntax, needed: "a file name")
    else { return nil }
    guard !path.isEmpty, !path.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      report(.malformedValue, "this is no file name", at: pathSyntax.span)
      return nil
    }
    var digest: String?
    if let digestSyntax = call["sha256"] {
      guard let text = string(digestSyntax, needed: "the digest") else { return nil }
      guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit), text.utf8.allSatisfy({ $0 < 0x80 }) else {
        report(
          .malformedDigest, "a SHA-256 digest has 64 hexadecimal digits", at: digestSyntax.span,
          help: "`sha256sum \(path)` prints it")
        return nil
      }
      digest = text.lowercased()
    } else {
      report(
        .missingDigest, "`\(path)` has no sha256", at: call.span,
        help: "add `sha256: \"…\"`, so that nobody can exchange the file unnoticed")
    }
    return Artifact(
      format: format, path: path, declaringFile: modules[scope.module].path, sha256: digest,
      span: call.span)
  }

  /// Checks a dataset.
  mutating func dataset(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    let fields = fields(block, of: name, allowed: Vocabulary.fields(of: .dataset))
    let type = tensorType(typeSyntax, in: scope, owner: "a dataset")
    let artifactSyntax = required("artifact", fields, example: "idx(\"images.idx3-ubyte\", sha256: \"…\")")
    let artifact = artifactSyntax.flatMap {
      self.artifact($0, formats: Vocabulary.datasetFormats, in: scope)
    }
    let scale = fields["scale"].map { constant($0, in: scope) } ?? Rational(1)
    if let syntax = fields["scale"], let scale, scale.isZero {
      report(.numberOutOfRange, "the scale is 0, so all records would be equal", at: syntax.span)
      return nil
    }
    let rows = fields["rows"].map { self.rows($0, of: name, in: scope) }
    if case .some(.none) = rows { return nil }
    guard let type, let artifact, let scale else { return nil }
    return .dataset(
      DatasetDeclaration(
        name: modules[scope.module].qualified(name.text), elementType: type, artifact: artifact,
        scale: scale, rows: rows ?? nil, span: name.span))
  }

  private mutating func rows(
    _ expression: ExpressionSyntax, of owner: NameSyntax, in scope: Scope
  ) -> Range<Int>? {
    guard let call = call(expression, shapes: Vocabulary.rows, needed: "a range of rows"),
      let firstSyntax = call["first"], let endSyntax = call["end"]
    else { return nil }
    let bounds = 0...1_000_000_000_000
    let first = integer(firstSyntax, in: scope, within: bounds)
    let end = integer(endSyntax, in: scope, within: bounds)
    guard let first, let end else { return nil }
    guard first < end else {
      report(
        .emptyDomain,
        "`\(owner.text)` is empty: rows count from \(first) up to, not including, \(end), so every "
          + "`forall r in \(owner.text)` would be vacuous", at: call.span)
      return nil
    }
    return first..<end
  }
}
