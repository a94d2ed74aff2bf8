import RigorousArithmetic
import SeededDraws
import TensorGraph

/// One way in which a deployed pipeline may compute.
struct DeployedRun {
  enum Mode: CaseIterable {
    /// Single precision in an order of its own choice, fused or not.
    case float
    /// Every rounding upwards in magnitude by a whole unit, downwards, or either.
    case outwards, inwards, either
    /// Every rounding by a whole unit in the direction that moves an output most, see `directions`.
    case upwards, downwards
  }

  let mode: Mode
  var generator: SeededGenerator
  /// For each element of each node the sign of an output's derivative by it.
  var directions: [[Double]] = []
  /// Where the element at hand is pushed to.
  private var direction = 0.0

  init(mode: Mode, generator: SeededGenerator) {
    self.mode = mode
    self.generator = generator
  }

  private var isAdverse: Bool { mode == .upwards || mode == .downwards }

  /// - Parameter push: Where the adversary pushes; by default the element's direction.
  private mutating func rounded(_ value: Double, units: Double = 1, push: Double? = nil) -> Double {
    switch mode {
    case .float: return Double(Float(value))
    case .outwards: return value * (1 + units * 0x1p-24)
    case .inwards: return value * (1 - units * 0x1p-24)
    case .either: return value * (1 + units * generator.uniform(-0x1p-24, 0x1p-24))
    case .upwards, .downwards:
      // Zero is exact, but for a function that is not rounded correctly.
      if value == 0 && units == 1 { return 0 }
      return value + (push ?? direction) * max(value.magnitude * units * 0x1p-24, 0x1p-150)
    }
  }

  private mutating func sum(_ terms: [(Double, Double)], bias: Double) -> Double {
    var terms = terms.filter { $0.0 != 0 }
    terms.shuffle(using: &generator)
    let isFused = !isAdverse && generator.next() % 2 == 0
    var parts = [bias] + terms.map { _ in 0 }
    if bias == 0 { parts.removeFirst() }
    guard !parts.isEmpty else { return 0 }
    let offset = bias == 0 ? 0 : 1
    if isFused {
      // One accumulator; each product is exact within its sum.
      var total = bias == 0 ? 0 : constant(bias)
      for (weight, value) in terms {
        let weight = constant(weight)
        guard total != 0 || weight.magnitude != 1 else {
          total = weight * value
          continue
        }
        // A product of two singles is a double.
        total =
          mode == .float
          ? Double(Float(Float(total).addingProduct(Float(weight), Float(value))))
          : rounded(total + weight * value)
      }
      return total
    }
    if offset == 1 { parts[0] = constant(bias) }
    for (index, term) in terms.enumerated() {
      let weight = constant(term.0, times: term.1)
      parts[index + offset] = weight.magnitude == 1 ? weight * term.1 : rounded(weight * term.1)
    }
    if isAdverse { return adverseSum(parts) }
    // Any tree of sums.
    while parts.count > 1 {
      let first = parts.remove(at: Int(generator.next() % UInt64(parts.count)))
      let position = Int(generator.next() % UInt64(parts.count))
      parts[position] =
        first == 0 || parts[position] == 0 ? first + parts[position] : rounded(first + parts[position])
    }
    return parts[0]
  }

  /// The order in which partial sums are largest: the terms of one sign first.
  private mutating func adverseSum(_ parts: [Double]) -> Double {
    let sorted = parts.sorted { ($0 < 0 ? 1 : 0, -$0.magnitude) < ($1 < 0 ? 1 : 0, -$1.magnitude) }
    return sorted.dropFirst().reduce(sorted[0]) {
      let sum = $0 + $1
      return sum + direction * sum.magnitude * 0x1p-24
    }
  }

  private mutating func constant(_ value: Double, times operand: Double = 1) -> Double {
    guard Double(Float(value)) != value else { return value }
    return rounded(value, push: operand < 0 ? -direction : direction)
  }

  mutating func outputs(of graph: Graph, at point: [Double]) -> [Double] {
    values(of: graph, at: point)[graph.outputs[0]]
  }

  /// The values of all nodes.
  mutating func values(of graph: Graph, at point: [Double]) -> [[Double]] {
    var values: [[Double]] = []
    for (position, node) in graph.nodes.enumerated() {
      let operands = node.operands.map { values[$0] }
      let exact = DeployedRun.exact(node, operands, point)
      values.append(
        exact.indices.map { row in
          if isAdverse { direction = directions[position][row] * (mode == .upwards ? 1 : -1) }
          return element(row, of: node, operands, point, exact: exact[row])
        })
    }
    return values
  }

  private mutating func element(
    _ row: Int, of node: Graph.Node, _ operands: [[Double]], _ point: [Double], exact: Double
  ) -> Double {
    let first = operands.first ?? []
    switch node.operation {
    case .input, .multiply: return rounded(exact)
    // A sum does not underflow.
    case .add where isAdverse: return exact + direction * exact.magnitude * 0x1p-24
    case .add: return rounded(exact)
    case .constant: return constant(exact)
    case .linear(let linear):
      return sum(
        first.indices.map { (linear.weights.values[row * linear.inputCount + $0], first[$0]) },
        bias: linear.bias.values[row])
    case .sparse(let map):
      let terms = map.entries(row).map { (map.weights[$0], first[Int(map.columns[$0])]) }
      let value = sum(terms, bias: map.bias[row])
      guard let allowance = map.allowance, mode != .float else { return value }
      // Another way of computing that uses what it is allowed to lose.
      let size = terms.reduce(map.bias[row].magnitude + allowance.sizes[row]) { $0 + ($1.0 * $1.1).magnitude }
      return value + rounded(size, units: Double(allowance.roundings)) - size
    case .scale(let factor): return rounded(constant(factor, times: first[row]) * first[row])
    case .divide(let divisor):
      let isNegative = first[row] < 0 && divisor.value > 0 || first[row] > 0 && divisor.value < 0
      // A quotient rises as its divisor falls in magnitude.
      let rising = (isNegative ? 1.0 : -1) * (divisor.value < 0 ? -1 : 1)
      return rounded(first[row] / constant(divisor.value, times: rising))
    case .clip(let clip):
      return min(max(first[row], constant(clip.lower)), constant(clip.upper))
    case .smooth(let function): return value(of: function, first[row], exact: exact)
    case .softmax(let softmax): return self.softmax(softmax, first)[row]
    case .normalize(let normalization): return normalize(normalization, first)[row]
    case .relu, .maximum, .sign, .concat, .gather, .reshape: return exact
    }
  }

  /// Exponentials of differences to the greatest operand, their sum in any order, and a quotient in one step or two.
  mutating func softmax(_ softmax: Softmax, _ operand: [Double]) -> [Double] {
    var values: [Double] = []
    for start in stride(from: 0, to: operand.count, by: softmax.size) {
      let group = operand[start..<start + softmax.size]
      let greatest = group.max() ?? 0
      let differences = group.map { rounded($0 - greatest) }
      let powers = differences.map { rounded(Interval($0).exp().midpoint, units: 7.9) }
      let sum = sum(powers.map { (1, $0) }, bias: 0)
      for index in differences.indices {
        if softmax.isLogarithm {
          let logarithm = rounded(Interval(sum).log().midpoint, units: 7.9)
          values.append(rounded(differences[index] - logarithm))
        } else if generator.next() % 2 == 0 {
          values.append(rounded(powers[index] / sum))
        } else {
          values.append(rounded(powers[index] * rounded(1 / sum)))
        }
      }
    }
    return values
  }

  /// Mean, deviations, mean of their squares, root, reciprocal, and one of three ways to the result.
  mutating func normalize(_ normalization: Normalization, _ operand: [Double]) -> [Double] {
    var values: [Double] = []
    let size = normalization.size
    for start in stride(from: 0, to: operand.count, by: size) {
      let group = Array(operand[start..<start + size])
      let mean = mean(group)
      let deviations = group.map { rounded($0 - mean) }
      let variance = self.mean(deviations.map { rounded($0 * $0) })
      let root = rounded(rounded(variance + constant(normalization.epsilon)).squareRoot())
      let inverse = rounded(1 / root)
      for index in 0..<size {
        switch generator.next() % 3 {
        case 0: values.append(rounded(deviations[index] / root))
        case 1: values.append(rounded(deviations[index] * inverse))
        default: values.append(rounded(rounded(group[index] * inverse) - rounded(mean * inverse)))
        }
      }
    }
    return values
  }

  private mutating func mean(_ values: [Double]) -> Double {
    let total = sum(values.map { (1, $0) }, bias: 0)
    let count = Double(values.count)
    return generator.next() % 2 == 0 ? rounded(total / count) : rounded(total * constant(1 / count))
  }

  /// Within the declared error of an elementary function.
  private mutating func value(of function: SmoothFunction, _ x: Double, exact: Double) -> Double {
    switch function {
    case .square, .reciprocal, .sqrt: return rounded(exact)
    case .silu where mode == .float: return Double(Float(x) * Float(x.applying(.sigmoid)))
    case .silu:
      // As a program has it that knows no SiLU.
      let gate = x.applying(.sigmoid)
      return rounded(x * (gate + offset(1 + gate, push: x < 0 ? -direction : direction)))
    case .gelu where mode != .float, .tanhGELU where mode != .float:
      return exact + offset(max(x.magnitude, exact.magnitude))
    case .quotientGELU where mode != .float, .productGELU where mode != .float:
      // As exporters write it; each step errs to the side that moves the value where the run is adverse.
      let push = x < 0 ? -direction : direction
      let isQuotient = function == .quotientGELU
      let argument = rounded(
        isQuotient ? x / SmoothFunction.singleRootOfTwo : x * SmoothFunction.singleRootOfHalf, push: push)
      let gate = rounded(
        1 + rounded(Interval(argument).erf().midpoint, units: 7.99, push: push), push: push)
      return rounded(x * gate) / 2
    case .sigmoid where mode != .float, .softplus where mode != .float: return exact + offset(1 + exact)
    default: return rounded(exact, units: 7.99)
    }
  }

  private mutating func offset(_ scale: Double, push: Double? = nil) -> Double {
    isAdverse ? (push ?? direction) * 7.99 * 0x1p-24 * scale : rounded(scale, units: 7.99) - scale
  }

  /// What a node makes of doubles, up to their own roundings.
  private static func exact(_ node: Graph.Node, _ operands: [[Double]], _ point: [Double]) -> [Double] {
    let first = operands.first ?? []
    switch node.operation {
    case .input: return point
    case .constant(let tensor): return tensor.values
    case .linear(let linear):
      return (0..<linear.outputCount).map { row in
        first.indices.reduce(linear.bias.values[row]) {
          $0 + linear.weights.values[row * linear.inputCount + $1] * first[$1]
        }
      }
    case .sparse(let map):
      return map.bias.indices.map { row in
        map.entries(row).reduce(map.bias[row]) { $0 + map.weights[$1] * first[Int(map.columns[$1])] }
      }
    case .add: return zip(first, operands[1]).map { $0 + $1 }
    case .multiply: return zip(first, operands[1]).map { $0 * $1 }
    case .scale(let factor): return first.map { factor * $0 }
    case .divide(let divisor): return first.map { $0 / divisor.value }
    case .relu: return first.map { max($0, 0) }
    case .sign: return first.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case .clip(let clip): return first.map { min(max($0, clip.lower), clip.upper) }
    case .smooth(let function): return first.map { $0.applying(function) }
    case .maximum(let maximum): return groups(first, maximum.size).map { $0.max() ?? 0 }
    case .softmax(let softmax):
      return groups(first, softmax.size).flatMap { group in
        let greatest = group.max() ?? 0
        let powers = group.map { Interval($0 - greatest).exp().midpoint }
        let sum = powers.reduce(0, +)
        guard softmax.isLogarithm else { return powers.map { $0 / sum } }
        return group.map { $0 - greatest - Interval(sum).log().midpoint }
      }
    case .normalize(let normalization):
      return groups(first, normalization.size).flatMap { group in
        let mean = group.reduce(0, +) / Double(group.count)
        let variance = group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(group.count)
        return group.map { ($0 - mean) / (variance + normalization.epsilon).squareRoot() }
      }
    case .concat: return operands.flatMap { $0 }
    case .gather, .reshape: return first
    }
  }

  private static func groups(_ values: [Double], _ size: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: size).map { Array(values[$0..<$0 + size]) }
  }

  /// The sign of the derivative of an output by every element, by differences on both sides.
  static func directions(of graph: Graph, at point: [Double], output: Int) -> [[Double]] {
    var values: [[Double]] = []
    for node in graph.nodes { values.append(exact(node, node.operands.map { values[$0] }, point)) }
    func moved(_ position: Int, _ row: Int, by step: Double) -> Double {
      var changed = values
      changed[position][row] += step
      for later in graph.nodes.indices.dropFirst(position + 1) {
        changed[later] = exact(graph.nodes[later], graph.nodes[later].operands.map { changed[$0] }, point)
      }
      return changed[graph.outputs[0]][output]
    }
    return values.indices.map { position in
      values[position].indices.map { row in
        let step = max(values[position][row].magnitude, 0x1p-130) * 0x1p-20
        let rise = moved(position, row, by: step) - moved(position, row, by: -step)
        return rise > 0 ? 1 : rise < 0 ? -1 : position % 2 == 0 ? 1 : -1
      }
    }
  }
}
