package import BranchAndBound
import Certificates
import Evidence
import Foundation
package import VerificationProblem

/// A folder in which searches keep their states, a file for each question under the question's digest.
package struct CheckpointFolder: Sendable {
  /// What is wrong with a folder or a file in it.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  private let path: String
  private let report: @Sendable (Failure) -> Void

  /// Opens a folder, or makes it, and reads every state in it, so that a broken one is found before the first search.
  ///
  /// - Parameter report: Told once a state cannot be written; the search goes on.
  /// - Throws: `Failure` where the folder cannot be made or a file in it is no state of a search.
  package init(_ path: String, report: @escaping @Sendable (Failure) -> Void) throws(Failure) {
    self.path = path
    self.report = report
    let names: [String]
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw Failure(description: "`\(path)` cannot be used as a folder for checkpoints; name another")
    }
    for name in names.sorted() where name.hasSuffix(CheckpointFolder.suffix) {
      _ = try CheckpointFolder.read("\(path)/\(name)")
    }
  }

  private static let suffix = ".search"
  /// Largest state that is read.
  private static let largestSize = 1 << 30

  private func file(_ obligation: Obligation) -> String {
    "\(path)/\(ContentDigest(of: obligation.canonicalBytes).hex)\(CheckpointFolder.suffix)"
  }

  /// The checkpoint of a question.
  ///
  /// - Throws: `Failure` where there is a file that is no state of a search.
  package func checkpoint(for obligation: Obligation) throws(Failure) -> SearchCheckpoint {
    let file = file(obligation)
    let saved = FileManager.default.fileExists(atPath: file) ? try CheckpointFolder.read(file) : nil
    let report = report
    return SearchCheckpoint(saved: saved) { evidence in
      do {
        try Data(evidence.encoded).write(to: URL(fileURLWithPath: file), options: .atomic)
      } catch {
        report(Failure(description: "`\(file)` cannot be written; free some space or name another folder"))
      }
    }
  }

  private static func read(_ file: String) throws(Failure) -> [SplitTree] {
    func failure(_ problem: String) -> Failure {
      Failure(description: "`\(file)` \(problem); remove it to start afresh")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
    guard size <= largestSize else { throw failure("has \(size) bytes, more than any state of a search") }
    guard let data = FileManager.default.contents(atPath: file) else { throw failure("cannot be read") }
    do {
      guard case .trees(let trees) = try ProofEvidence(decoding: Array(data)) else {
        throw failure("is no state of a search")
      }
      for tree in trees { _ = try tree.validate() }
      return trees
    } catch let error as Failure {
      throw error
    } catch {
      throw failure("is no state of a search: \(error)")
    }
  }
}
