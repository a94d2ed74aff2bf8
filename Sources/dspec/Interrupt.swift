@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C, or the first request to terminate, into the cancellation of the task at work; the second one ends
/// the process.
final class Interrupt: Sendable {
  private struct State {
    var isRaised = false
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let sources: [any DispatchSourceSignal]

  init() {
    // A queue of its own is served also while all workers compute.
    let queue = DispatchQueue(label: "interrupt", qos: .userInteractive)
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
      source.setEventHandler { [weak self] in self?.raise(number) }
      source.resume()
    }
  }

  /// Whether Ctrl-C was pressed, or the process asked to terminate.
  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Makes a task the one that Ctrl-C stops.
  func watch<Value: Sendable>(_ task: Task<Value, Never>) {
    let isRaised = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.isRaised
    }
    if isRaised { task.cancel() }
  }

  private func raise(_ number: Int32) {
    let (isSecond, cancel) = state.withLock { state in
      defer { state.isRaised = true }
      return (state.isRaised, state.cancel)
    }
    if isSecond { _exit(128 + number) }
    Terminal.error("stopping; \(number == SIGINT ? "press Ctrl-C" : "ask") again to end at once")
    cancel?()
  }
}
