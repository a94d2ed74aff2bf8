import Certificates
import DSpecSemantics
import Foundation
import Verifier

/// Where a certificate goes, looked at before the search that would be in vain, and what must not be lost there.
///
/// Receipts, timestamps and proofs of a log are about the certificate that stands there, so that it is only replaced by one
/// of the same specification that answers again what it answers.
struct CertificateDestination {
  /// The bundle folder.
  let path: String
  /// The names of properties that the certificate there decides; empty where none stands there, or may be replaced anyway.
  private let decided: Set<String>

  /// - Parameters:
  ///   - chosen: The properties that the new certificate will answer.
  ///   - isForced: Whether whatever certificate stands there may go.
  /// - Throws: `CommandFailure`.
  init(
    _ path: String, for project: Project, answering chosen: Set<String>, superseding: [String], isForced: Bool
  ) throws {
    guard !path.isEmpty else { throw CommandFailure("`--out` is empty; name a folder") }
    self.path = path
    do {
      try BundleWriter.checkDestination(of: path)
    } catch {
      throw CommandFailure("`--out`: \(error)")
    }
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    for other in superseding where URL(fileURLWithPath: other).resolvingSymlinksInPath().path == place {
      throw CommandFailure(
        "`\(path)` is to be superseded and replaced: keep it, and name another folder with `--out`")
    }
    guard !isForced, FileManager.default.fileExists(atPath: path + "/certificate.json") else {
      decided = []
      return
    }
    let earlier: CompliancePredicate
    do {
      earlier = try UnverifiedCertificate(bundle: path).check().predicate
    } catch {
      throw CommandFailure(
        "what `\(path)` certifies cannot be told (\(error)); name another folder with `--out`, or give --replace"
      )
    }
    guard let root = try? SpecRecord(project).root, earlier.spec.root == root else {
      throw CommandFailure(
        "`\(path)` certifies another specification, \(earlier.spec.root.text); name another folder with `--out`, or give "
          + "--replace")
    }
    let known = Set(project.spec.properties.map(\.name))
    decided = Set(earlier.properties.filter(\.verdict.isDecided).map(\.id)).intersection(known)
    let missing = decided.subtracting(chosen).sorted()
    guard missing.isEmpty else {
      throw CommandFailure(
        "`\(path)` answers \(missing.count) more: \(missing.joined(separator: ", ")); name another folder with `--out`, or "
          + "give --replace")
    }
  }

  /// Why answers that were cut short do not take the place of the certificate there; nil where they may.
  func loss(from outcomes: [PropertyOutcome]) -> String? {
    let lost = outcomes.filter { decided.contains($0.property.name) && !$0.verdict.isDecided }.map(
      \.property.name)
    guard !lost.isEmpty else { return nil }
    return "the certificate at `\(path)` was kept, since it answers what this run did not come to: "
      + lost.joined(separator: ", ")
  }
}
