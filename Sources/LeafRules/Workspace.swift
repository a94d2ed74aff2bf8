/// The buffers of one worker; reused from cell to cell, never shared.
package final class Workspace {
  var buffers: [ZonotopeBuffer] = []
  var shares = SymbolShares()
  var scratch: UnsafeMutablePointer<Double>
  private var scratchCapacity = 0
  private var single: UnsafeMutablePointer<Float>
  private var singleCapacity = 0
  /// Lower and upper bounds of the operands of the nonlinear operators of the last propagation, in order.
  private(set) var neuronLower: UnsafeMutablePointer<Double>
  private(set) var neuronUpper: UnsafeMutablePointer<Double>
  private var neuronCapacity = 0
  /// What a propagation records for the backward pass: remainders and magnitudes, see `CompiledCase.Instruction`.
  private(set) var records: UnsafeMutablePointer<Double>
  private var recordCapacity = 0
  /// Coefficients of the backward pass, one stretch an instruction.
  private(set) var coefficients: UnsafeMutablePointer<Double>
  private var coefficientCapacity = 0
  /// Which instructions have coefficients.
  private(set) var isSet: UnsafeMutablePointer<Bool>
  private var instructionCapacity = 0

  /// An empty workspace.
  package init() {
    scratch = .allocate(capacity: 1)
    single = .allocate(capacity: 1)
    neuronLower = .allocate(capacity: 1)
    neuronUpper = .allocate(capacity: 1)
    records = .allocate(capacity: 1)
    coefficients = .allocate(capacity: 1)
    isSet = .allocate(capacity: 1)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
    shares.deallocate()
    scratch.deallocate()
    single.deallocate()
    neuronLower.deallocate()
    neuronUpper.deallocate()
    records.deallocate()
    coefficients.deallocate()
    isSet.deallocate()
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

  /// Makes room for the backward pass.
  func prepareBackward(records recordCount: Int, coefficients count: Int, instructions: Int) {
    if recordCount > recordCapacity {
      records.deallocate()
      records = .allocate(capacity: recordCount)
      records.initialize(repeating: 0, count: recordCount)
      recordCapacity = recordCount
    }
    if count > coefficientCapacity {
      coefficients.deallocate()
      coefficients = .allocate(capacity: count)
      coefficients.initialize(repeating: 0, count: count)
      coefficientCapacity = count
    }
    if instructions > instructionCapacity {
      isSet.deallocate()
      isSet = .allocate(capacity: instructions)
      isSet.initialize(repeating: false, count: instructions)
      instructionCapacity = instructions
    }
  }

  /// Room for `count` floats, contents undefined.
  func singles(_ count: Int) -> UnsafeMutablePointer<Float> {
    if count > singleCapacity {
      single.deallocate()
      single = .allocate(capacity: count)
      single.initialize(repeating: 0, count: count)
      singleCapacity = count
    }
    return single
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
