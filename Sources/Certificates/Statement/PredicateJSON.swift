extension CompliancePredicate {
  private static let fields = [
    "arithmetic", "assumptions", "certificateId", "critical", "datasets", "expiresAt", "extensions",
    "issuedAt",
    "issuer", "minimumChecker", "models", "properties", "samplers", "schemaVersion", "scope", "spec", "tool",
  ]
  private static let optionalFields = ["mappings", "model", "oracles", "seedCheckpoint", "supersedes"]

  /// The name of the certificate, a UUID of version 8 (RFC 9562) from the digest of everything else it states.
  ///
  /// - Throws: `CertificateError` JSON_INTEGER_RANGE or JSON_DEPTH when the predicate cannot be written.
  package func certificateID() throws(CertificateError) -> String {
    let digest: ContentDigest
    do {
      digest = ContentDigest(of: try JSONValue.object(body).canonicalBytes())
    } catch {
      throw CertificateError(error, at: "predicate")
    }
    var bytes = Array(digest.bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(hexText(bytes))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return "urn:uuid:" + groups.joined(separator: "-")
  }

  /// The predicate as an object.
  ///
  /// - Throws: `CertificateError` JSON_INTEGER_RANGE or JSON_DEPTH when it cannot be written.
  package func json() throws(CertificateError) -> JSONValue {
    var object = body
    object["certificateId"] = .string(try certificateID())
    return .object(object)
  }

  private var body: JSONObject {
    var object: JSONObject = [
      "arithmetic": arithmetic.json, "assumptions": .array(assumptions.map(\.json)),
      "critical": .array(critical.map { .string($0) }), "datasets": .array(datasets.map(\.json)),
      "expiresAt": .string(expiresAt.text), "extensions": .object(extensions),
      "issuedAt": .string(issuedAt.text),
      "issuer": ["keyid": .string(issuerKeyID.hex)], "minimumChecker": .string(minimumChecker.description),
      "models": .array(models.map(\.json)), "properties": .array(properties.map(\.json)),
      "samplers": .array(samplers.map(\.json)), "schemaVersion": .string(Self.schemaVersion),
      "scope": .array(scope.map { .string($0) }), "spec": spec.json, "tool": tool.json,
    ]
    object["model"] = model?.json
    object["seedCheckpoint"] = seedCheckpoint?.json
    if !supersedes.isEmpty { object["supersedes"] = .array(supersedes.map { .string($0.hex) }) }
    if !oracles.isEmpty { object["oracles"] = .array(oracles.map(\.json)) }
    if !mappings.isEmpty { object["mappings"] = .array(mappings.map(\.json)) }
    return object
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    // Version and critical names come first: a newer certificate is to be told so, not to be called malformed.
    try Self.checkVersion(value, at: place)
    try Self.checkCritical(value, at: place)
    let reader = try FieldReader(value, at: place, fields: Self.fields, optional: Self.optionalFields)
    issuedAt = try reader.timestamp("issuedAt")
    expiresAt = try reader.timestamp("expiresAt")
    let issuer = try FieldReader(reader.value("issuer"), at: reader.at("issuer"), fields: ["keyid"])
    issuerKeyID = try issuer.digest("keyid")
    tool = try ToolRecord(reader.value("tool"), at: reader.at("tool"))
    guard let oldest = Version(try reader.string("minimumChecker")) else {
      throw reader.refuse(.fieldValue, "minimumChecker", "a version reads like `1.0.0`")
    }
    minimumChecker = oldest
    spec = try SpecRecord(reader.value("spec"), at: reader.at("spec"))
    models = try reader.list("models", FileRecord.init(_:at:))
    datasets = try reader.list("datasets", FileRecord.init(_:at:))
    samplers = try reader.list("samplers", SamplerRecord.init(_:at:))
    arithmetic = try ArithmeticRecord(reader.value("arithmetic"), at: reader.at("arithmetic"))
    assumptions = try reader.list("assumptions", Assumption.init(_:at:))
    scope = try reader.strings("scope")
    properties = try reader.list("properties", PropertyRecord.init(_:at:))
    critical = try reader.strings("critical")
    supersedes = try reader.someOf("supersedes") { (value, place) throws(CertificateError) in
      try FieldReader.digest(value, at: place)
    }
    model = reader.has("model") ? try ModelRecord(reader.value("model"), at: reader.at("model")) : nil
    oracles = try reader.someOf("oracles", OracleRecord.init(_:at:))
    mappings = try reader.someOf("mappings", MappingRecord.init(_:at:))
    seedCheckpoint =
      reader.has("seedCheckpoint")
      ? try SeedCheckpoint(reader.value("seedCheckpoint"), at: reader.at("seedCheckpoint")) : nil
    guard let extensions = reader.value("extensions").objectValue else {
      throw FieldReader.wrongKind(
        reader.at("extensions"), wanted: "an object", found: reader.value("extensions"))
    }
    self.extensions = extensions
    try checkConsistency(reader)
  }

  private static func checkVersion(_ value: JSONValue, at place: String) throws(CertificateError) {
    guard let version = value.objectValue?["schemaVersion"] else { return }
    guard version == .string(schemaVersion) else {
      throw CertificateError(
        .version, at: "\(place).schemaVersion", "the format is not of version `\(schemaVersion)`",
        fix: "use a checker of that version")
    }
    guard let text = value.objectValue?["minimumChecker"]?.stringValue, let oldest = Version(text) else {
      return
    }
    guard oldest <= checkerVersion else {
      throw CertificateError(
        .version, at: "\(place).minimumChecker",
        "the certificate needs a checker of version `\(oldest)` and this is `\(checkerVersion)`",
        fix: "use a newer checker")
    }
    guard oldest >= completeSince else {
      throw CertificateError(
        .version, at: "\(place).minimumChecker",
        "the certificate is for a checker of version `\(oldest)`, and before `\(completeSince)` certificates could leave "
          + "out what they rest on",
        fix: "ask its issuer for a new certificate")
    }
  }

  private static func checkCritical(_ value: JSONValue, at place: String) throws(CertificateError) {
    guard let names = value.objectValue?["critical"]?.arrayValue else { return }
    for name in names {
      guard let text = name.stringValue, understoodExtensions.contains(text) else {
        throw CertificateError(
          .critical, at: "\(place).critical",
          "the certificate demands a feature that this checker does not know",
          fix: "use a newer checker")
      }
    }
  }

  private func checkConsistency(_ reader: FieldReader) throws(CertificateError) {
    guard issuedAt < expiresAt else {
      throw reader.refuse(.fieldValue, "expiresAt", "the certificate expires before it is issued")
    }
    try RelativePath.checkDistinct(models.map(\.name), place: reader.at("models"))
    try RelativePath.checkDistinct(datasets.map(\.name), place: reader.at("datasets"))
    for (field, names) in [
      ("samplers", samplers.map(\.name)), ("assumptions", assumptions.map(\.id)),
      ("properties", properties.map(\.id)), ("oracles", oracles.map(\.name)),
      ("supersedes", supersedes.map(\.hex)),
    ] where Set(names).count != names.count {
      throw reader.refuse(.fieldValue, field, "two entries share a name")
    }
    var sizes: [ContentDigest: Int] = [:]
    for record in properties.flatMap(\.evidence) {
      if let size = sizes.updateValue(record.size, forKey: record.digest), size != record.size {
        throw reader.refuse(.size, "properties", "evidence `\(record.digest)` is listed with two sizes")
      }
    }
    try spec.committedBefore?.commitment.check(
      spec, files: models + datasets, issuedAt: issuedAt, at: reader.at("spec.committedBefore"))
    if let model, model.omsRoot != ModelRecord.omsRoot(of: models) || models.isEmpty {
      throw reader.refuse(.modelManifest, "model.omsRoot", "the root is not that of the model files")
    }
    guard reader.value("certificateId") == .string(try certificateID()) else {
      throw reader.refuse(.certificateID, "certificateId", "the identifier does not follow from the content")
    }
  }
}
