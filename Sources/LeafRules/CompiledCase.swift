package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

/// A case of an obligation prepared for evaluation on many cells: the graph as a list of instructions over a
/// few reused buffers, weights packed, thresholds enclosed.
package struct CompiledCase: Sendable {
  enum Kind: Sendable {
    case input
    case constant([Double])
    case linear(Int)
    case add
    case scale(Double)
    case relu
    case clip(Clip)
    case concat
  }

  struct Instruction: Sendable {
    let kind: Kind
    let sources: [Int]
    let target: Int
    let rows: Int
    /// Rows of each source.
    let sourceRows: [Int]
    /// Where the operand bounds of a nonlinear operator are recorded.
    let neuronOffset: Int
    /// Whether the value of this instruction is the only one alive after it and narrow enough to reduce.
    let isReduction: Bool
  }

  /// Widest tensor whose error terms are boxed at a point where it is the only one alive: the latent of a
  /// sampler step, not a hidden layer. Any choice is sound.
  static let reductionWidth = 8

  let instructions: [Instruction]
  let linears: [PackedLinear]
  let slotCount: Int
  let outputSlot: Int
  let outputCount: Int
  /// Number of operands of nonlinear operators, over the whole graph.
  let neuronCount: Int
  /// Number of input coordinates.
  package let dimension: Int
  /// What must hold, or the event.
  package let predicate: Predicate
  /// The atoms of `predicate` in order.
  package let atoms: [Atom]
  /// Enclosures of the atoms' thresholds.
  package let thresholds: [Interval]

  /// Prepares a case.
  ///
  /// - Throws: `GraphError.unsupported` when an operator has no zonotope rule.
  package init(_ item: ObligationCase) throws(GraphError) {
    let graph = item.graph
    predicate = item.predicate
    atoms = item.predicate.atoms
    thresholds = atoms.map(\.threshold.enclosure)
    dimension = graph.inputCount
    outputCount = graph.outputShapes[0].count

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

    var packed: [Linear: Int] = [:]
    var linears: [PackedLinear] = []
    var slot = [Int](repeating: -1, count: graph.nodes.count)
    var free: [Int] = []
    var slots = 0
    var alive: Set<Int> = []
    var instructions: [Instruction] = []
    var neurons = 0
    for (position, node) in graph.nodes.enumerated()
    where origin[position] == position && (lastUse[position] >= 0 || position == output) {
      let kind: Kind
      switch node.operation {
      case .input: kind = .input
      case .constant(let tensor): kind = .constant(tensor.values)
      case .linear(let linear):
        if packed[linear] == nil {
          packed[linear] = linears.count
          linears.append(PackedLinear(linear))
        }
        kind = .linear(packed[linear] ?? 0)
      case .add: kind = .add
      case .scale(let factor): kind = .scale(factor)
      case .relu: kind = .relu
      case .clip(let clip): kind = .clip(clip)
      case .concat(let axis):
        guard node.shape.extents[..<axis].allSatisfy({ $0 == 1 }) else {
          throw GraphError.unsupported("Concat along axis \(axis) has no zonotope rule; only the outermost has")
        }
        kind = .concat
      case .sigmoid, .gather, .reshape:
        throw GraphError.unsupported("\(node.operation.name) has no zonotope rule")
      }
      let sources = node.operands.map { slot[origin[$0]] }
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
        alive.count == 1 && position != output && node.shape.count <= CompiledCase.reductionWidth
        && graph.inputs[0] != position
      instructions.append(
        Instruction(
          kind: kind, sources: sources, target: target, rows: node.shape.count,
          sourceRows: node.operands.map { graph.nodes[$0].shape.count }, neuronOffset: neurons,
          isReduction: isReduction))
      switch kind {
      case .relu, .clip: neurons += node.shape.count
      default: break
      }
    }
    self.instructions = instructions
    self.linears = linears
    slotCount = slots
    neuronCount = neurons
    outputSlot = slot[output]
  }
}
