package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

/// A case of an obligation prepared for evaluation on many cells: the graph as a list of instructions over a
/// few reused buffers, weights packed, thresholds enclosed.
package struct CompiledCase: Sendable {
  enum Kind: Sendable {
    case input
    /// Index into `constants`.
    case constant(Int)
    /// Index into `linears`.
    case linear(Int)
    /// Index into `sparses`.
    case sparse(Int)
    case add
    case multiply
    case scale(Double)
    case divide(Divisor)
    case relu
    case sign
    case clip(Clip)
    case smooth(SmoothFunction)
    case softmax(Softmax)
    /// Of the squares of a group's deviations, see `LoweredGraph`.
    case inverseRoot(Normalization)
    /// Index into `concats`.
    case concat(Int)
  }

  /// One operand of an instruction.
  struct Operand: Sendable {
    /// The buffer that holds it.
    let slot: Int
    /// The instruction whose value it is.
    let instruction: Int
    let rows: Int

    static let none = Operand(slot: 0, instruction: 0, rows: 0)
  }

  /// One operator.
  ///
  /// Plain numbers only, so that the inner loop counts no references.
  struct Instruction: Sendable {
    let kind: Kind
    /// The first operand and the second; an operand of no rows where there is none.
    let first: Operand
    let second: Operand
    let target: Int
    let rows: Int
    /// Where the operand bounds of a nonlinear operator are recorded; of a product, those of the first operand and then
    /// those of the second.
    let neuronOffset: Int
    /// Whether an operator that asks for numbers of one sign depends on this value by affine operators alone.
    let keepsSign: Bool
    /// Whether the value of this instruction is the only one alive after it and narrow enough to reduce.
    let isReduction: Bool
    /// `rows` rounded up to the kernel's height.
    let paddedRows: Int
    /// Where the backward pass keeps the coefficients of this value.
    let coefficientOffset: Int
    /// Where the remainders of an affine operator are recorded, for a matrix followed by a bound of the sum of magnitudes
    /// of its operand; or the offsets of a product, see `ProductLines`; or the bounds of `SoftmaxRecords`
    /// or `DeviationRecords`.
    let errorOffset: Int
    /// Where rounding errors of the deployed operator are recorded; nil where it makes none that `errorOffset` does not
    /// cover.
    let deployedOffset: Int?
    /// Whether several operands refer to this value.
    let isShared: Bool
    /// What part of the graph's node this is.
    let part: LoweredGraph.Part
    /// Where bounds of the magnitudes of a shared value are recorded.
    let magnitudeOffset: Int
  }

  /// Widest tensor whose error terms are boxed at a point where it is the only one alive: the latent of a
  /// sampler step, not a hidden layer.
  ///
  /// Any choice is sound.
  static let reductionWidth = 8

  /// The graph itself, for the rule that evaluates it as it stands.
  let graph: Graph
  /// What its operators are computed in.
  let arithmetic: Arithmetic
  let instructions: [Instruction]
  /// The node of the graph whose value each instruction computes.
  let nodePositions: [Int]
  let linears: [PackedLinear]
  let sparses: [PackedSparse]
  let constants: [[Double]]
  /// The operands of each concatenation.
  let concats: [[Operand]]
  let slotCount: Int
  let outputSlot: Int
  let outputCount: Int
  /// Number of operands of nonlinear operators, over the whole graph.
  package let neuronCount: Int
  /// Sizes of the backward pass's records and coefficients.
  let recordCount: Int
  let coefficientCount: Int
  /// The instruction whose value is the output.
  let outputInstruction: Int
  /// The instruction of the input; -1 where nothing depends on it.
  let inputInstruction: Int
  /// Whether an instruction's value is an affine function of the input.
  let isAffine: [Bool]
  /// Number of input coordinates.
  package let dimension: Int
  /// The zonotope's column of each coordinate; 0 for one that enters as a remainder.
  let axisColumns: [Int]
  /// Number of coordinates that have a column.
  let symbolCount: Int
  /// The balls that cut the region; rules speak of the points of a cell that lie in all of them.
  let balls: [CompiledBall]
  /// What must hold, or the event.
  package let predicate: Predicate
  /// The atoms of `predicate` in order.
  package let atoms: [Atom]
  /// The predicate as a conjunction of clauses, see `clauses(of:)`.
  package let clauses: [[Int]]?
  /// Enclosures of the atoms' thresholds.
  package let thresholds: [Interval]

  /// Prepares a case.
  ///
  /// - Parameter fixed: Coordinates whose range is about a single number, so that a symbol of their own would gain
  ///   nothing; any choice is sound.
  /// - Parameter balls: Those of the region; what is shown without some of them is true.
  /// - Throws: `GraphError.unsupported` when an operator has no zonotope rule.
  package init(_ item: ObligationCase, fixed: Set<Int> = [], balls: [Ball] = []) throws(GraphError) {
    self.graph = item.graph
    let graph = try LoweredGraph(item.graph)
    self.balls = balls.map(CompiledBall.init)
    arithmetic = item.arithmetic
    var columns = 0
    axisColumns = (0..<item.graph.inputCount).map { axis in
      guard !fixed.contains(axis) else { return 0 }
      columns += 1
      return columns
    }
    symbolCount = columns
    predicate = item.predicate
    atoms = item.predicate.atoms
    clauses = CompiledCase.clauses(of: item.predicate)
    thresholds = atoms.map { $0.threshold.enclosure(in: item.arithmetic) }
    dimension = item.graph.inputCount
    outputCount = item.graph.outputShapes[0].count

    // A reshape moves no element: its value is its operand's.
    var origin = Array(graph.nodes.indices)
    for (position, node) in graph.nodes.enumerated() {
      if case .reshape = node.operation { origin[position] = origin[node.operands[0]] }
    }
    let output = origin[graph.outputs[0]]
    var lastUse = [Int](repeating: -1, count: graph.nodes.count)
    for (position, node) in graph.nodes.enumerated() where origin[position] == position {
      for operand in node.operands { lastUse[origin[operand]] = position }
    }
    lastUse[output] = graph.nodes.count
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for (position, node) in graph.nodes.enumerated() where origin[position] == position {
      for operand in node.operands { uses[origin[operand]] += 1 }
    }

    let keepsSign = CompiledCase.signKeepers(graph)
    var packed: [Linear: Int] = [:]
    var linears: [PackedLinear] = []
    var packedSparse: [SparseMap: Int] = [:]
    var sparses: [PackedSparse] = []
    var constants: [[Double]] = []
    var concats: [[Operand]] = []
    var slot = [Int](repeating: -1, count: graph.nodes.count)
    var free: [Int] = []
    var slots = 0
    var alive: Set<Int> = []
    var instructions: [Instruction] = []
    var nodePositions: [Int] = []
    var neurons = 0
    var records = 0
    var coefficients = 0
    var place = [Int](repeating: -1, count: graph.nodes.count)
    for (position, node) in graph.nodes.enumerated()
    where origin[position] == position && (lastUse[position] >= 0 || position == output) {
      let operands = node.operands.map {
        Operand(slot: slot[origin[$0]], instruction: place[origin[$0]], rows: graph.nodes[$0].shape.count)
      }
      let kind: Kind
      switch node.operation {
      case .input: kind = .input
      case .constant(let tensor):
        kind = .constant(constants.count)
        constants.append(tensor.values)
      case .linear(let linear):
        if packed[linear] == nil {
          packed[linear] = linears.count
          linears.append(PackedLinear(linear))
        }
        kind = .linear(packed[linear] ?? 0)
      case .sparse(let map):
        if packedSparse[map] == nil {
          packedSparse[map] = sparses.count
          sparses.append(PackedSparse(map))
        }
        kind = .sparse(packedSparse[map] ?? 0)
      case .add: kind = .add
      case .multiply: kind = .multiply
      case .scale(let factor): kind = .scale(factor)
      case .divide(let divisor): kind = .divide(divisor)
      case .relu: kind = .relu
      case .sign: kind = .sign
      case .clip(let clip): kind = .clip(clip)
      case .smooth(let function): kind = .smooth(function)
      case .softmax(let softmax):
        guard node.shape.count <= SoftmaxRecords.largestCount / softmax.size else {
          throw GraphError.unsupported(
            "Softmax of \(node.shape.count) elements in groups of \(softmax.size) has no zonotope rule; there are too many pairs"
          )
        }
        kind = .softmax(softmax)
      case .normalize(let normalization): kind = .inverseRoot(normalization)
      case .concat(let axis):
        guard node.shape.extents[..<axis].allSatisfy({ $0 == 1 }) else {
          throw GraphError.unsupported(
            "Concat along axis \(axis) has no zonotope rule; only the outermost has")
        }
        kind = .concat(concats.count)
        concats.append(operands)
      // A maximum has been taken apart.
      case .gather, .reshape, .maximum:
        throw GraphError.unsupported("\(node.operation.name) has no zonotope rule")
      }
      let target: Int
      if let reused = free.popLast() {
        target = reused
      } else {
        target = slots
        slots += 1
      }
      slot[position] = target
      alive.insert(position)
      for operand in Set(node.operands.map({ origin[$0] })) where lastUse[operand] == position {
        alive.remove(operand)
        free.append(slot[operand])
      }
      free.sort(by: >)
      let isReduction =
        alive.count == 1 && position != output && node.part != .inner
        && node.shape.count <= CompiledCase.reductionWidth
        && graph.inputs[0] != position
      place[position] = instructions.count
      nodePositions.append(node.source)
      let rows = node.shape.count
      let paddedRows = PackedLinear.padded(rows)
      let errorOffset = records
      switch kind {
      case .linear, .sparse, .scale, .divide: records += rows + 1
      case .multiply: records += ProductLines.recordCount * rows
      case .inverseRoot(let normalization):
        records += rows * DeviationRecords.count(size: normalization.size)
      case .softmax(let softmax): records += rows / softmax.size * SoftmaxRecords.count(size: softmax.size)
      default: break
      }
      var deployedOffset: Int?
      if arithmetic == .float32AnyOrder, node.part.hasErrors(kind) {
        deployedOffset = records
        records += rows
      }
      let magnitudeOffset = records
      if uses[position] > 1 { records += rows }
      instructions.append(
        Instruction(
          kind: kind, first: operands.first ?? .none, second: operands.dropFirst().first ?? .none,
          target: target, rows: node.shape.count, neuronOffset: neurons,
          keepsSign: keepsSign[position], isReduction: isReduction, paddedRows: paddedRows,
          coefficientOffset: coefficients, errorOffset: errorOffset,
          deployedOffset: deployedOffset, isShared: uses[position] > 1,
          part: node.part, magnitudeOffset: magnitudeOffset))
      coefficients += paddedRows
      switch kind {
      case .relu, .sign, .clip, .smooth, .softmax: neurons += node.shape.count
      case .multiply: neurons += 2 * node.shape.count
      case .inverseRoot(let normalization): neurons += node.shape.count * normalization.size
      default: break
      }
    }
    self.instructions = instructions
    self.nodePositions = nodePositions
    var isAffine: [Bool] = []
    for instruction in instructions {
      switch instruction.kind {
      case .input, .constant: isAffine.append(true)
      case .linear, .sparse, .scale, .divide: isAffine.append(isAffine[instruction.first.instruction])
      case .add:
        isAffine.append(
          isAffine[instruction.first.instruction] && isAffine[instruction.second.instruction])
      case .concat(let index): isAffine.append(concats[index].allSatisfy { isAffine[$0.instruction] })
      case .relu, .sign, .clip, .smooth, .softmax, .inverseRoot, .multiply: isAffine.append(false)
      }
    }
    self.isAffine = isAffine
    self.linears = linears
    self.sparses = sparses
    self.constants = constants
    self.concats = concats
    slotCount = slots
    neuronCount = neurons
    recordCount = records
    coefficientCount = coefficients
    outputInstruction = place[output]
    inputInstruction = place[graph.inputs[0]]
    outputSlot = slot[output]
  }
}
