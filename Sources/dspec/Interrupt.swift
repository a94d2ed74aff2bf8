@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C into the cancellation of the task at work; the second one ends the process.
final class Interrupt: Sendable {
  private struct State {
    var isRaised = false
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let source: any DispatchSourceSignal

  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [weak self] in self?.raise() }
    source.resume()
  }

  /// Whether Ctrl-C was pressed.
  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Makes a task the one that Ctrl-C stops.
  func watch<Value: Sendable>(_ task: Task<Value, Never>) {
    let isRaised = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.isRaised
    }
    if isRaised { task.cancel() }
  }

  private func raise() {
    let (isSecond, cancel) = state.withLock { state in
      defer { state.isRaised = true }
      return (state.isRaised, state.cancel)
    }
    if isSecond { _exit(130) }
    Terminal.error("stopping; press Ctrl-C again to end at once")
    cancel?()
  }
}
