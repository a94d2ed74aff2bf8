/// The language that a specification is written in.
package enum SpecLanguage: String, Hashable, Sendable, CaseIterable {
  /// The language of this project.
  case dspec
  /// VNN-LIB 1.0: one file, about one network.
  case vnnlib = "vnnlib-1.0"
}

/// The specification that was verified.
package struct SpecRecord: Hashable, Sendable {
  /// What its files are written in.
  package let language: SpecLanguage
  /// The file the run started from; one of the sources.
  package let root: RelativePath
  /// The root and everything it imports.
  package let sources: [FileRecord]
  /// Parameters given on the command line, by name: `3`, `-3/4` or a case like `Lighting.dark`.
  package let parameters: [String: String]
  /// The version of the language: `1.0`; nil where nothing is said.
  package var languageVersion: String?
  /// Digest of the sources without comments and layout; nil where nothing is said.
  package var canonicalAST: ContentDigest?
  /// That it was fixed before; nil where nothing is said.
  package var committedBefore: CommitmentRecord?

  /// Makes a record.
  package init(
    language: SpecLanguage = .dspec, root: RelativePath, sources: [FileRecord],
    parameters: [String: String] = [:], languageVersion: String? = nil, canonicalAST: ContentDigest? = nil,
    committedBefore: CommitmentRecord? = nil
  ) {
    self.committedBefore = committedBefore
    self.languageVersion = languageVersion
    self.canonicalAST = canonicalAST
    self.language = language
    self.root = root
    self.sources = sources
    self.parameters = parameters
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place, fields: ["name", "parameters", "sources"],
      optional: ["canonicalAst", "committedBefore", "language", "languageVersion"])
    language = reader.has("language") ? try reader.word("language") : .dspec
    guard !reader.has("language") || language != .dspec else {
      throw reader.refuse(.fieldValue, "language", "`dspec` is the language that is not written down")
    }
    root = try reader.path("name")
    sources = try reader.list("sources", FileRecord.init(_:at:))
    parameters = try reader.stringMap("parameters")
    languageVersion = reader.has("languageVersion") ? try reader.string("languageVersion") : nil
    canonicalAST = reader.has("canonicalAst") ? try reader.digest("canonicalAst") : nil
    committedBefore =
      reader.has("committedBefore")
      ? try CommitmentRecord(reader.value("committedBefore"), at: reader.at("committedBefore")) : nil
    guard sources.contains(where: { $0.name == root }) else {
      throw reader.refuse(.fieldValue, "name", "the root is not among the sources")
    }
    for (name, text) in parameters.sorted(by: { $0.key < $1.key }) where !ParameterText.isWellFormed(text) {
      throw reader.refuse(
        .number, "parameters.\(name)",
        "the value is neither a number like `-3/4` nor a case like `Lighting.dark`")
    }
    try RelativePath.checkDistinct(sources.map(\.name), place: reader.at("sources"))
  }

  /// `{canonicalAst?, committedBefore?, languageVersion?, name, parameters, sources}`, and `language` where it is not
  /// `dspec`, so that a checker that knows only this one refuses the others.
  package var json: JSONValue {
    var object: JSONObject = [
      "name": .string(root.text), "parameters": .strings(parameters), "sources": .array(sources.map(\.json)),
    ]
    if language != .dspec { object["language"] = .string(language.rawValue) }
    object["languageVersion"] = languageVersion.map { .string($0) }
    object["canonicalAst"] = canonicalAST.map { .string($0.hex) }
    object["committedBefore"] = committedBefore?.json
    return .object(object)
  }
}

extension JSONValue {
  /// An object of strings.
  static func strings(_ map: [String: String]) -> JSONValue {
    .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
  }
}
