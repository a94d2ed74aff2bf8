import Certificates
import Foundation
import Replay

/// The file in which a replay keeps how far it has come.
struct StateFile {
  let state: ReplayState
  private let path: String

  /// Opens the file of a certificate's replay; it need not exist.
  ///
  /// - Throws: `UsageFailure` where it is no state of this replay, or others than the user can write it.
  init(_ path: String, of certificate: ContentDigest) throws {
    self.path = path
    do {
      let saved = try SharedFile.content(of: path, limit: StateFile.largestSize)
      if saved != nil { try StateFile.checkOwner(path) }
      state = try ReplayState(saved: saved, certificate: certificate) { bytes in
        do {
          try SharedFile.replace(path, with: bytes, staging: "\(path).new")
        } catch {
          // The replay goes on without it.
          FileHandle.standardError.write(Data("warning: `--state`: \(error)\n".utf8))
        }
      }
    } catch let failure as ReplayState.Failure {
      throw UsageFailure("`--state \(path)` \(failure); remove it to start afresh")
    } catch {
      throw UsageFailure("`--state`: \(error)")
    }
  }

  private static let largestSize = 1 << 26

  /// What is in the file is believed, so nobody else may have written it.
  private static func checkOwner(_ path: String) throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let owner = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard owner == geteuid(), mode & 0o022 == 0 else {
      throw UsageFailure(
        "`\(path)` belongs to another user or can be written by others; remove it to start afresh")
    }
  }

  /// Removes the file after the last leaf; how many chunks it had spared.
  func finish() async -> Int {
    try? FileManager.default.removeItem(atPath: path)
    return await state.resumed
  }
}
