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
    guard let program = RunningProgram.digest else {
      throw UsageFailure(
        "`--state`: this program cannot read its own file, by which it would know the state again")
    }
    do {
      // Who is cut short has to have something left, and who is refused nothing.
      try SharedFile.probe(path)
      let saved = try FileReading.ownContent(of: path, limit: StateFile.largestSize)
      state = try ReplayState(saved: saved, certificate: certificate, program: program) { bytes in
        do {
          try SharedFile.replace(path, with: bytes)
        } catch {
          // The replay goes on without it.
          StandardStreams.writeError("warning: `--state`: \(error)\n")
        }
      }
    } catch let failure as ReplayState.Failure {
      throw UsageFailure("`--state \(path)` \(failure); remove it to start afresh")
    } catch {
      throw UsageFailure("`--state`: \(error)")
    }
  }

  private static let largestSize = 1 << 26

  /// Removes the file after the last leaf; how many chunks it had spared.
  func finish() async -> Int {
    try? FileManager.default.removeItem(atPath: path)
    return await state.resumed
  }
}
