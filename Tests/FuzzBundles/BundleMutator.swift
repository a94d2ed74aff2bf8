import Certificates
import Evidence
import SeededDraws
import Tampering

/// A changed bundle and who changed it.
struct Mutation {
  /// What the mutator did, for reports.
  var kind: String
  /// Whether everything was computed anew and signed by the key that the reviewer trusts.
  var isSealed: Bool
  /// The changed bundle.
  var image: BundleImage
}

/// Makes changed bundles; the one of an execution depends on the seed and its index alone.
struct BundleMutator {
  let bundles: [ValidBundle]
  let seed: UInt64

  /// The mutation of an execution, and the position of the bundle that it started from.
  func mutation(_ index: UInt64) -> (base: Int, mutation: Mutation) {
    var generator = SeededGenerator(seed: seed, index: index)
    let base = generator.below(bundles.count)
    let bundle = bundles[base]
    let mutation =
      generator.once(in: 2)
      ? Mutation(kind: "anybody", isSealed: false, image: files(of: bundle, &generator))
      : sealed(bundle, &generator)
    return (base, mutation)
  }

  // MARK: By anybody

  /// Any files changed, exchanged, added or removed.
  private func files(of bundle: ValidBundle, _ generator: inout SeededGenerator) -> BundleImage {
    var image = bundle.image
    let donors = image.paths.compactMap { image[$0] }
    for _ in 0...(generator.once(in: 4) ? 2 : 0) {
      guard let path = generator.pick(image.paths) else { return image }
      let other = generator.pick(image.paths) ?? path
      switch generator.below(16) {
      case 0: (image.entries[path], image.entries[other]) = (image.entries[other], image.entries[path])
      case 1: image[path] = nil
      case 2: image[path + ".more"] = [generator.byte()]
      case 3: image.entries[path] = .link(generator.once(in: 2) ? "/dev/zero" : "../" + other)
      case 4: image.entries[path] = .folder
      case 5: image.entries[path] = .sparse(generator.below(1 << 34))
      case 6: image.entries[path] = image.entries[other]
      // The envelope is where most of the checks are, and small beside the rest.
      case 7, 8, 9: change(BundleImage.certificate, of: &image, donors, &generator)
      default: change(path, of: &image, donors, &generator)
      }
    }
    return image
  }

  private func change(
    _ path: String, of image: inout BundleImage, _ donors: [[UInt8]], _ generator: inout SeededGenerator
  ) {
    guard let bytes = image[path] else { return }
    image[path] = ByteMutation.apply(to: bytes, donors: donors, &generator)
  }

  // MARK: By the key holder

  private func sealed(_ bundle: ValidBundle, _ generator: inout SeededGenerator) -> Mutation {
    var mutation = Mutation(kind: "", isSealed: true, image: bundle.image)
    var statement = bundle.statement
    switch generator.below(20) {
    case 0, 1, 2, 3, 4, 5, 6, 7, 8:
      mutation.kind = "evidence"
      evidence(&mutation.image, &statement, bundle, &generator)
    case 9, 10:
      mutation.kind = "bytes of a file"
      let donors = mutation.image.paths.compactMap { mutation.image[$0] }
      let paths = mutation.image.paths.filter { $0.contains("/") }
      change(generator.pick(paths) ?? "", of: &mutation.image, donors, &generator)
    case 11:
      mutation.kind = "fewer answers"
      drop(&mutation.image, &statement, &generator)
    case 12, 13, 14:
      mutation.kind = "statement"
      statement = StatementMutation.apply(to: statement, &generator)
    case 15, 16:
      mutation.kind = "payload"
      let payload = ByteMutation.apply(
        to: (try? statement.canonicalBytes()) ?? [], donors: [], &generator)
      if let image = try? bundle.holder.signed(mutation.image, payload: payload) { mutation.image = image }
      return mutation
    default:
      mutation.kind = "question"
      question(&mutation.image, &statement, &generator)
      if generator.once(in: 3) { evidence(&mutation.image, &statement, bundle, &generator) }
    }
    // Where it cannot even be sealed, a statement of another shape is signed as it stands.
    if let image = try? bundle.holder.sealed(mutation.image, statement) {
      mutation.image = image
    } else {
      mutation.kind += ", unsealed"
    }
    return mutation
  }

  /// One answer less, and a scope that says so half of the time.
  private func drop(
    _ image: inout BundleImage, _ statement: inout JSONValue, _ generator: inout SeededGenerator
  ) {
    let records = statement.value(at: "predicate/properties")?.arrayValue ?? []
    guard let index = generator.pick(Array(records.indices)),
      let name = records[index].value(at: "id")?.stringValue
    else { return }
    if let digest = records[index].value(at: "evidence/0/sha256")?.stringValue {
      image["evidence/sha256/\(digest)"] = nil
    }
    try? statement.set("predicate/properties/\(index)", nil)
    guard generator.once(in: 2) else { return }
    let scope = statement.value(at: "predicate/scope")?.arrayValue ?? []
    try? statement.set("predicate/scope", .array(scope + [.string("not answered here: \(name)")]))
    if generator.once(in: 2) { statement = StatementMutation.apply(to: statement, &generator) }
  }

  /// Evidence changed within its format or as bytes, with records that go with it half of the time.
  private func evidence(
    _ image: inout BundleImage, _ statement: inout JSONValue, _ bundle: ValidBundle,
    _ generator: inout SeededGenerator
  ) {
    let records = statement.value(at: "predicate/properties")?.arrayValue ?? []
    guard let index = generator.pick(Array(records.indices)),
      let digest = records[index].value(at: "evidence/0/sha256")?.stringValue,
      let bytes = image["evidence/sha256/\(digest)"]
    else { return }
    var changed = bytes
    if !generator.once(in: 5), let old = try? ProofEvidence(decoding: bytes) {
      let others = image.paths.filter { $0.hasPrefix("evidence/") }.compactMap { image[$0] }
        .compactMap { try? ProofEvidence(decoding: $0) }
      changed = EvidenceMutation.apply(to: old, others: others, &generator).encoded
    } else {
      changed = ByteMutation.apply(to: bytes, donors: [], &generator)
    }
    image["evidence/sha256/\(digest)"] = changed
    guard generator.once(in: 2) else { return }
    let path = "predicate/properties/\(index)/"
    if case .trees(let trees)? = try? ProofEvidence(decoding: changed) {
      let leaves = trees.reduce(0) { $0 + ((try? $1.validate().leaves) ?? 0) }
      try? statement.set(path + "leaves", .integer(leaves))
    } else {
      try? statement.set(path + "leaves", 0)
    }
    try? statement.set(path + "bounds", nil)
    guard generator.once(in: 3) else { return }
    try? statement.set(
      path + "verdict", generator.pick(["proved", "refuted", "unknown", "supported", "contradicted"]))
    try? statement.set(path + "grade", generator.pick(["proof", "bound", "sampled"]))
  }

  /// Specification, models or data changed, and all that follows from them derived as an honest issuer would.
  private func question(
    _ image: inout BundleImage, _ statement: inout JSONValue, _ generator: inout SeededGenerator
  ) {
    let before = image
    let paths = image.paths.filter { path in ["spec/", "models/", "data/"].contains { path.hasPrefix($0) } }
    guard let path = generator.pick(paths + paths.filter { $0.hasPrefix("spec/") }), let bytes = image[path]
    else {
      return
    }
    image[path] =
      path.hasPrefix("spec/") && !generator.once(in: 4)
      ? TextMutation.apply(to: bytes, &generator) : ByteMutation.apply(to: bytes, donors: [], &generator)
    // The specification names the new digest.
    if !path.hasPrefix("spec/"), let changed = image[path] {
      let (old, new) = (ContentDigest(of: bytes).hex, ContentDigest(of: changed).hex)
      for source in image.paths where source.hasPrefix("spec/") {
        let text = String(decoding: image[source] ?? [], as: UTF8.self)
        image[source] = Array(text.replacing(old, with: new).utf8)
      }
    }
    guard image != before, let derived = try? DerivedStatement(image, statement) else { return }
    statement = derived.statement
    if generator.once(in: 2) {
      for index in (statement.value(at: "predicate/properties")?.arrayValue ?? []).indices {
        try? statement.set("predicate/properties/\(index)/bounds", nil)
      }
    }
  }
}
