import Certificates
import Evidence
import Tampering

/// A valid bundle in the hands of somebody who changes it.
struct Attempt {
  /// The bundle that it is made of.
  let base: ValidBundle
  /// Its files; the envelope counts only where nothing is signed anew.
  var image: BundleImage
  /// What will be stated where it is signed anew.
  var statement: JSONValue
  /// Bytes to be signed as they stand instead of the statement.
  var payload: [UInt8]?
  /// Whether the key holder is done with the image himself.
  var isSealed = false
  /// Who signs anew.
  var signer: KeyHolder
  /// Files beside the bundle.
  ///
  /// `@NAME` in an argument is the path of one; `issuer.pem` is the trusted key.
  var beside: [String: [UInt8]]
  /// Whom the reviewer trusts, and what else he says; `--at` comes after it.
  var arguments = ["--trust", "@issuer.pem"]
  /// The moment that he names; nil for this machine's clock.
  var moment: String? = ValidBundle.moment

  init(_ base: ValidBundle) {
    self.base = base
    image = base.image
    statement = base.statement
    signer = base.holder
    beside = ["issuer.pem": Array(base.holder.key.verificationKey.pem.utf8)]
  }

  // MARK: Statement

  /// Replaces a member of the predicate, or removes it for nil.
  mutating func set(_ path: String, _ value: JSONValue?) throws {
    try statement.set("predicate/" + path, value)
  }

  /// Replaces a member of a property's record.
  mutating func set(_ path: String, of property: PipelineProperty, _ value: JSONValue?) throws {
    try set("properties/\(base.index(of: property.rawValue))/\(path)", value)
  }

  /// Replaces a verdict, and what it is evidence towards with it.
  mutating func set(verdict: String, of property: PipelineProperty) throws {
    try set("verdict", of: property, .string(verdict))
    try alignMappings()
  }

  /// States the mappings that follow from the verdicts as they stand.
  mutating func alignMappings() throws {
    let derived = try DerivedStatement(image, statement).statement.value(at: "predicate/mappings")
    try set("mappings", derived == .array([]) ? nil : derived)
  }

  func value(_ path: String, of property: PipelineProperty) throws -> JSONValue {
    let index = try base.index(of: property.rawValue)
    return statement.value(at: "predicate/properties/\(index)/\(path)") ?? .null
  }

  /// Replaces text in the canonical bytes of the statement, to be signed as they stand.
  mutating func spell(_ text: String, _ other: String) throws {
    let canonical = String(decoding: try statement.canonicalBytes(), as: UTF8.self)
    payload = Array(canonical.replacing(text, with: other, maxReplacements: 1).utf8)
  }

  /// Replaces text in the envelope as it stands.
  mutating func spellEnvelope(_ text: String, _ other: String) {
    let envelope = String(decoding: image[BundleImage.certificate] ?? [], as: UTF8.self)
    image[BundleImage.certificate] = Array(envelope.replacing(text, with: other, maxReplacements: 1).utf8)
  }

  /// Changes the envelope as an object.
  mutating func changeEnvelope(_ change: (inout JSONObject) throws -> Void) throws {
    guard var envelope = image.envelope else { throw EditFailure("no envelope") }
    try change(&envelope)
    image.envelope = envelope
  }

  /// Changes the signatures of the envelope.
  mutating func changeSignatures(_ change: (inout [JSONValue]) throws -> Void) throws {
    try changeEnvelope { envelope in
      var list = envelope["signatures"]?.arrayValue ?? []
      try change(&list)
      envelope["signatures"] = .array(list)
    }
  }

  // MARK: Files

  /// Replaces bytes in a file wherever they occur.
  mutating func replace(_ old: [UInt8], _ new: [UInt8], in path: String, count: Int = .max) throws {
    guard var bytes = image[path] else { throw EditFailure("no file `\(path)`") }
    var (index, left) = (0, count)
    while left > 0, index + old.count <= bytes.count {
      if Array(bytes[index..<index + old.count]) == old {
        bytes.replaceSubrange(index..<index + old.count, with: new)
        index += new.count
        left -= 1
      } else {
        index += 1
      }
    }
    image[path] = bytes
  }

  /// Replaces text in the specification.
  mutating func replace(_ old: String, _ new: String) throws {
    try replace(Array(old.utf8), Array(new.utf8), in: "spec/safety.dspec")
  }

  /// Makes the specification name the models and data as they are now.
  mutating func nameFilesInSpecification() throws {
    for path in image.paths where path.hasPrefix("models/") || path.hasPrefix("data/") {
      guard let before = base.image[path], let after = image[path] else { continue }
      try replace(ContentDigest(of: before).hex, ContentDigest(of: after).hex)
    }
  }

  /// Derives everything in the statement from the changed files but answers and evidence.
  mutating func derive() throws {
    statement = try DerivedStatement(image, statement).statement
  }

  // MARK: Evidence

  /// The evidence of a property of the pipeline, or of the one property about a network.
  func evidence(of property: String) throws -> ProofEvidence {
    try ProofEvidence(decoding: image[base.evidencePath(of: property)] ?? [])
  }

  mutating func changeBytes(of property: String, _ change: (inout [UInt8]) throws -> Void) throws {
    let path = try base.evidencePath(of: property)
    var bytes = image[path] ?? []
    try change(&bytes)
    image[path] = bytes
  }

  mutating func changeEvidence(of property: String, _ change: (ProofEvidence) throws -> ProofEvidence) throws
  {
    let changed = try change(evidence(of: property)).encoded
    try changeBytes(of: property) { $0 = changed }
  }

  /// Changes the first tree, and leaves the recorded number of leaves as it is.
  mutating func changeTree(of property: String, _ change: (SplitTree) -> SplitTree) throws {
    try changeEvidence(of: property) { evidence in
      guard case .trees(var trees) = evidence, let first = trees.first else {
        throw EditFailure("`\(property)` has no trees")
      }
      trees[0] = change(first)
      return .trees(trees)
    }
  }

  /// Changes the counts of samples, and what is said of them wherever that can be written.
  mutating func changeSamples(_ change: (SampleRecord) -> SampleRecord) throws {
    try changeEvidence(of: PipelineProperty.seldom.rawValue) { evidence in
      guard case .samples(let record) = evidence else { throw EditFailure("no samples") }
      return .samples(change(record))
    }
    guard case .samples(let record) = try evidence(of: PipelineProperty.seldom.rawValue),
      record.count <= JSONValue.largestInteger, record.hits <= record.count,
      record.undecided <= record.count - record.hits
    else { return }
    for (member, value) in [("n", record.count), ("failures", record.hits), ("undecided", record.undecided)] {
      try set("sampling/" + member, of: .seldom, .integer(value))
    }
  }
}

extension SplitTree {
  /// The tree with other nodes.
  func with(nodes: [UInt8]) -> SplitTree {
    SplitTree(lower: lower, upper: upper, nodes: nodes, annexes: annexes)
  }

  /// The tree over another root.
  func with(lower: [Double]? = nil, upper: [Double]? = nil) -> SplitTree {
    SplitTree(lower: lower ?? self.lower, upper: upper ?? self.upper, nodes: nodes, annexes: annexes)
  }
}
