/// Where the bytes of a file of a bundle come from.
package enum BundleSource: Hashable, Sendable {
  /// These bytes.
  case bytes([UInt8])
  /// The content of a file; links are followed.
  case file(String)
}

/// The files that go into a bundle.
package struct BundleContent: Sendable {
  /// The specification's files by name.
  package var spec: [RelativePath: BundleSource]
  /// The model files by name; nil to leave them out, so that a reviewer must have them.
  package var models: [RelativePath: BundleSource]?
  /// The data files by name; nil to leave them out.
  package var data: [RelativePath: BundleSource]?
  /// The evidence by digest.
  package var evidence: [ContentDigest: BundleSource]

  /// Makes a content.
  package init(
    spec: [RelativePath: BundleSource], models: [RelativePath: BundleSource]? = [:],
    data: [RelativePath: BundleSource]? = [:], evidence: [ContentDigest: BundleSource] = [:]
  ) {
    self.spec = spec
    self.models = models
    self.data = data
    self.evidence = evidence
  }

  func sources(_ group: BundleGroup) -> [RelativePath: BundleSource]? {
    switch group {
    case .spec: return spec
    case .models: return models
    case .data: return data
    case .evidence:
      var sources: [RelativePath: BundleSource] = [:]
      for (digest, source) in evidence {
        if let name = RelativePath("sha256/\(digest.hex)") { sources[name] = source }
      }
      return sources
    }
  }
}
