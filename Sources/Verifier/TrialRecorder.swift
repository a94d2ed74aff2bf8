import BranchAndBound
import Foundation
import Synchronization

/// The states of a trial run.
final class TrialRecorder: Sendable {
  private let storage = Mutex<[(nodes: Int, open: Double, seconds: Double)]>([])

  func append(_ progress: SearchProgress) {
    storage.withLock { $0.append((progress.nodes, 1 - progress.decided, progress.seconds)) }
  }

  var points: [(nodes: Int, open: Double, seconds: Double)] { storage.withLock { $0 } }
}

/// Powers for extrapolation.
enum Exponent {
  /// `log(a) / log(b)`.
  static func ratio(_ a: Double, _ b: Double) -> Double { log(a) / log(b) }

  /// `a^b`.
  static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }
}
