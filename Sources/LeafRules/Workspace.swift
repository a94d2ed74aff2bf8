/// The buffers of one worker; reused from cell to cell, never shared.
package final class Workspace {
  var buffers: [ZonotopeBuffer] = []
  var scratch: UnsafeMutablePointer<Double>
  private var scratchCapacity = 0
  /// Lower and upper bounds of the operands of the nonlinear operators of the last propagation, in order.
  private(set) var neuronLower: UnsafeMutablePointer<Double>
  private(set) var neuronUpper: UnsafeMutablePointer<Double>
  private var neuronCapacity = 0

  /// An empty workspace.
  package init() {
    scratch = .allocate(capacity: 1)
    neuronLower = .allocate(capacity: 1)
    neuronUpper = .allocate(capacity: 1)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
    scratch.deallocate()
    neuronLower.deallocate()
    neuronUpper.deallocate()
  }

  func prepare(slots: Int, neurons: Int) {
    while buffers.count < slots { buffers.append(ZonotopeBuffer()) }
    guard neurons > neuronCapacity else { return }
    neuronLower.deallocate()
    neuronUpper.deallocate()
    neuronLower = .allocate(capacity: neurons)
    neuronUpper = .allocate(capacity: neurons)
    neuronLower.initialize(repeating: 0, count: neurons)
    neuronUpper.initialize(repeating: 0, count: neurons)
    neuronCapacity = neurons
  }

  /// Room for `count` doubles, contents undefined.
  func scratch(_ count: Int) -> UnsafeMutablePointer<Double> {
    if count > scratchCapacity {
      scratch.deallocate()
      scratch = .allocate(capacity: count)
      scratch.initialize(repeating: 0, count: count)
      scratchCapacity = count
    }
    return scratch
  }
}
