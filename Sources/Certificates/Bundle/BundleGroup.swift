/// The groups of files in a bundle folder.
enum BundleGroup: String, CaseIterable {
  case spec
  case models
  case data
  case evidence

  /// What a file with other bytes is called.
  var digestCode: CertificateError.Code {
    switch self {
    case .spec: .specDigest
    case .models: .modelDigest
    case .data: .dataDigest
    case .evidence: .evidenceDigest
    }
  }

  /// What an absent file is called.
  var missingCode: CertificateError.Code {
    switch self {
    case .spec: .specManifest
    case .models: .modelManifest
    case .data: .dataManifest
    case .evidence: .evidenceMissing
    }
  }

  /// What a file that nothing lists is called.
  var surplusCode: CertificateError.Code {
    self == .evidence ? .evidenceSurplus : missingCode
  }

  /// The files that a predicate lists, named below the group's folder; evidence is named by its digest.
  func files(of predicate: CompliancePredicate) -> [FileRecord] {
    switch self {
    case .spec: predicate.spec.sources
    case .models: predicate.models
    case .data: predicate.datasets
    case .evidence:
      predicate.evidence.compactMap { record in
        RelativePath("sha256/\(record.digest.hex)").map {
          FileRecord(name: $0, digest: record.digest, size: record.size)
        }
      }
    }
  }
}

/// Names at the top of a bundle folder.
enum BundleLayout {
  static let certificate = "certificate.json"
  static let manifests = [Statement.modelManifestName, Statement.specManifestName]
  static let files = [certificate] + manifests
  static let folders = BundleGroup.allCases.map(\.rawValue)
}

/// Bounds on what a checker reads, whatever a certificate declares.
package struct BundleLimits: Hashable, Sendable {
  /// The largest envelope in bytes.
  package var certificateBytes = 64 << 20
  /// The largest specification file in bytes.
  package var specBytes = 16 << 20
  /// The largest model file in bytes.
  package var modelBytes = 32 << 30
  /// The largest data file in bytes.
  package var dataBytes = 32 << 30
  /// The largest file of evidence in bytes.
  package var evidenceBytes = 8 << 30
  /// The most files and folders in a bundle.
  package var entries = 100_000

  /// Makes the standard limits.
  package init() {}

  func bytes(_ group: BundleGroup) -> Int {
    switch group {
    case .spec: specBytes
    case .models: modelBytes
    case .data: dataBytes
    case .evidence: evidenceBytes
    }
  }
}
