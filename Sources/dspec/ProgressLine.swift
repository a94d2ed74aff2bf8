import BranchAndBound
import Certificates
import Foundation
import Synchronization

/// One line on standard error that is drawn over while a search runs; nothing where that is not a terminal.
final class ProgressLine: Sendable {
  private struct State {
    var lastDrawn = 0.0
    var isDrawn = false
    var firstDecided: Double?
  }

  private let label: String
  private let isShown: Bool
  private let state = Mutex(State())

  init(_ label: String, isShown: Bool = Terminal.showsProgress) {
    self.label = label
    self.isShown = isShown
  }

  /// Draws a state of a search, at most five times a second and not before two seconds.
  func update(_ progress: SearchProgress) {
    guard isShown else { return }
    let text: String? = state.withLock { state in
      guard progress.seconds >= 2, progress.seconds - state.lastDrawn >= 0.2 else { return nil }
      state.lastDrawn = progress.seconds
      state.isDrawn = true
      let decided = min(1, max(0, progress.decided))
      let left = decided > 0.01 ? progress.seconds * (1 - decided) / decided : nil
      let rate = Double(progress.nodes) / max(progress.seconds, 1e-3)
      return "\(label)  \(progress.nodes) cells (\(Int(rate))/s), \(progress.open) open, "
        + "\(percent(decided)) decided, [\(short(progress.lower)), \(short(progress.upper))]"
        + (left.map { ", about \(Int($0)) s left" } ?? "")
    }
    if let text { StandardStreams.writeError("\r\u{1B}[2K\(text)") }
  }

  /// Draws a text at once.
  func show(_ text: String) {
    guard isShown else { return }
    state.withLock { $0.isDrawn = true }
    StandardStreams.writeError("\r\u{1B}[2K\(label)  \(text)")
  }

  /// Removes the line.
  func clear() {
    let wasDrawn = state.withLock { $0.isDrawn }
    if wasDrawn { StandardStreams.writeError("\r\u{1B}[2K") }
  }
}

/// A number in a few digits.
func short(_ value: Double) -> String {
  if value.isInfinite { return value < 0 ? "-∞" : "∞" }
  if value.isNaN { return "?" }
  return value == 0 || value.magnitude >= 1e-3
    ? String(format: "%.4f", value) : String(format: "%.2e", value)
}

/// A share as a percentage.
func percent(_ value: Double) -> String { String(format: "%.2f %%", value * 100) }
