/// The buffers of one worker; reused from cell to cell, never shared.
package final class Workspace {
  var buffers: [ZonotopeBuffer] = []
  var shares = SymbolShares()
  var scratch: UnsafeMutablePointer<Double>
  private var scratchCapacity = 0
  private var columnPanel: UnsafeMutablePointer<Double>
  private var panelCapacity = 0
  private var single: UnsafeMutablePointer<Float>
  private var singleCapacity = 0
  /// What deployed operators lose, see `DeployedErrors`.
  private var lost: UnsafeMutablePointer<Double>
  private var lostCapacity = 0
  /// Lower and upper bounds of the operands of the nonlinear operators of the last propagation, in order.
  private(set) var neuronLower: UnsafeMutablePointer<Double>
  private(set) var neuronUpper: UnsafeMutablePointer<Double>
  private var neuronCapacity = 0
  /// The lines of smooth functions on the operands' bounds: for each operand the bounds, then slopes and offsets.
  private var lineCache: UnsafeMutablePointer<Double>
  private var lineCapacity = 0
  /// What a propagation records for the backward pass: remainders and magnitudes, see `CompiledCase.Instruction`.
  private(set) var records: UnsafeMutablePointer<Double>
  private var recordCapacity = 0
  /// Coefficients of the backward pass, one matrix an instruction, and room for one more.
  private(set) var matrix: UnsafeMutablePointer<Double>
  private(set) var matrixScratch: UnsafeMutablePointer<Double>
  private var matrixCapacity = 0
  /// Values of all tensors in the columns of a pass, see `RelaxedValues`.
  private(set) var values: UnsafeMutablePointer<Double>
  private var valueCapacity = 0
  /// Rows of an instruction's matrix that are not zero.
  private(set) var activeRows: UnsafeMutablePointer<Int32>
  private var activeCapacity = 0
  /// Sums of the backward pass, `BackwardMatrix.sumCount` a column.
  private(set) var columns: UnsafeMutablePointer<Double>
  private var columnCapacity = 0
  /// Which instructions have coefficients.
  private(set) var isSet: UnsafeMutablePointer<Bool>
  private var instructionCapacity = 0

  /// An empty workspace.
  package init() {
    scratch = .allocate(capacity: 1)
    columnPanel = .allocate(capacity: 1)
    single = .allocate(capacity: 1)
    lost = .allocate(capacity: 1)
    neuronLower = .allocate(capacity: 1)
    neuronUpper = .allocate(capacity: 1)
    lineCache = .allocate(capacity: 1)
    records = .allocate(capacity: 1)
    matrix = .allocate(capacity: 1)
    matrixScratch = .allocate(capacity: 1)
    values = .allocate(capacity: 1)
    activeRows = .allocate(capacity: 1)
    columns = .allocate(capacity: 1)
    isSet = .allocate(capacity: 1)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
    shares.deallocate()
    scratch.deallocate()
    columnPanel.deallocate()
    single.deallocate()
    lost.deallocate()
    neuronLower.deallocate()
    neuronUpper.deallocate()
    lineCache.deallocate()
    records.deallocate()
    matrix.deallocate()
    matrixScratch.deallocate()
    values.deallocate()
    activeRows.deallocate()
    columns.deallocate()
    isSet.deallocate()
  }

  func prepare(slots: Int, neurons: Int) {
    while buffers.count < slots { buffers.append(ZonotopeBuffer()) }
    // What another case, or another function at the same place, has left is not to be found.
    if lineCapacity > 0 { forgetLines() }
    guard neurons > neuronCapacity else { return }
    neuronLower.deallocate()
    neuronUpper.deallocate()
    neuronLower = .allocate(capacity: neurons)
    neuronUpper = .allocate(capacity: neurons)
    neuronLower.initialize(repeating: 0, count: neurons)
    neuronUpper.initialize(repeating: 0, count: neurons)
    neuronCapacity = neurons
  }

  private static let lineCount = 6

  private func forgetLines() {
    for neuron in 0..<lineCapacity / Workspace.lineCount { lineCache[Workspace.lineCount * neuron] = .nan }
  }

  /// The lines of a smooth function on an operand's bounds; made once until the next propagation.
  @inline(__always)
  func lines(
    neuron: Int, lower: Double, upper: Double, make: (Double, Double) -> BackwardLines
  ) -> BackwardLines {
    if Workspace.lineCount * neuron >= lineCapacity {
      Workspace.grow(
        &lineCache, &lineCapacity, to: Workspace.lineCount * Swift.max(neuron + 1, neuronCapacity))
      forgetLines()
    }
    let place = lineCache + Workspace.lineCount * neuron
    if place[0] == lower && place[1] == upper {
      return BackwardLines(
        below: BackwardLine(slope: place[2], offset: place[3]),
        above: BackwardLine(slope: place[4], offset: place[5]))
    }
    let lines = make(lower, upper)
    place[0] = lower
    place[1] = upper
    place[2] = lines.below.slope
    place[3] = lines.below.offset
    place[4] = lines.above.slope
    place[5] = lines.above.offset
    return lines
  }

  /// Makes room for what a propagation records.
  func prepareRecords(_ count: Int) { Workspace.grow(&records, &recordCapacity, to: count) }

  /// Makes room for the backward pass; the contents are undefined afterwards.
  func prepareMatrix(coefficients count: Int, instructions: Int, stride: Int) {
    if count * stride > matrixCapacity {
      var capacity = matrixCapacity
      Workspace.grow(&matrix, &capacity, to: count * stride)
      Workspace.grow(&matrixScratch, &matrixCapacity, to: count * stride)
    }
    Workspace.grow(&columns, &columnCapacity, to: BackwardMatrix.sumCount * stride)
    if count > activeCapacity {
      activeRows.deallocate()
      activeRows = .allocate(capacity: count)
      activeRows.initialize(repeating: 0, count: count)
      activeCapacity = count
    }
    if instructions > instructionCapacity {
      isSet.deallocate()
      isSet = .allocate(capacity: instructions)
      isSet.initialize(repeating: false, count: instructions)
      instructionCapacity = instructions
    }
  }

  /// Makes room for the values of all tensors.
  func prepareValues(_ count: Int) { Workspace.grow(&values, &valueCapacity, to: count) }

  /// Zeros at a multiple of 64 bytes, so that no vector lies in two lines of a cache.
  private static func alignedRoom(_ count: Int) -> UnsafeMutablePointer<Double> {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
    return bytes.initializeMemory(as: Double.self, repeating: 0, count: count)
  }

  private static func grow(_ place: inout UnsafeMutablePointer<Double>, _ capacity: inout Int, to count: Int)
  {
    guard count > capacity else { return }
    place.deallocate()
    place = alignedRoom(count)
    capacity = count
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

  /// Room for the losses of `count` elements; what was written stays until the next operator's.
  func losses(_ count: Int) -> UnsafeMutablePointer<Double> {
    Workspace.grow(&lost, &lostCapacity, to: count)
    return lost
  }

  /// Room for the kernel's block of columns of `rows` rows, at a multiple of 64 bytes, contents undefined.
  func panel(rows: Int) -> UnsafeMutablePointer<Double> {
    Workspace.grow(&columnPanel, &panelCapacity, to: rows * MatrixKernel.panelColumns)
    return columnPanel
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
