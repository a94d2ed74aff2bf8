internal import CZ3
import Dispatch
import Synchronization

/// A way to stop a check from another thread, before it starts or while it runs.
package final class Interruption: Sendable {
  private struct State {
    var isRequested = false
    /// The context of the running check, as an address: it is handed back to Z3 only, and under the lock.
    var context: UInt?
  }

  private let state = Mutex(State())

  /// An interruption that nobody asked for yet.
  package init() {}

  /// Stops the check that runs, and every later one.
  package func interrupt() {
    state.withLock { $0.isRequested = true }
    signal()
  }

  /// Signals the running check until it is over.
  ///
  /// Z3 forgets a signal that comes before a check has set itself up to receive it, and does not tell when it
  /// has: so the signal is repeated.
  private func signal() {
    let isRunning = state.withLock { state in
      guard let context = state.context.flatMap({ OpaquePointer(bitPattern: $0) }) else { return false }
      Z3_interrupt(context)
      return true
    }
    guard isRunning else { return }
    DispatchQueue(label: "Z3 interruption").asyncAfter(deadline: .now() + .milliseconds(10)) { self.signal() }
  }

  /// Whether `interrupt` was called.
  package var isRequested: Bool { state.withLock(\.isRequested) }

  /// Makes a context the one to interrupt; false when the interruption is already requested.
  func attach(_ context: Z3_context) -> Bool {
    let address = UInt(bitPattern: context)
    return state.withLock { state in
      if !state.isRequested { state.context = address }
      return !state.isRequested
    }
  }

  /// Lets go of the context, which must not be interrupted after its end.
  func detach() {
    state.withLock { $0.context = nil }
  }
}
