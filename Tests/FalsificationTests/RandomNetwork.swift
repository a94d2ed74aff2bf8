import RigorousArithmetic
import Statistics
import TensorGraph
import VerificationProblem

/// Numbers of a test, the same on every run.
struct Dice {
  private var draws: CounterGenerator.Draws

  init(_ number: Int) {
    let seed = [UInt8](repeating: 7, count: 32)
    guard let generator = CounterGenerator(seed: seed) else { preconditionFailure("32 bytes") }
    draws = generator.draws(stream: 9, index: UInt64(number))
  }

  mutating func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * draws.uniform()
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(draws.word() % UInt64(range.count))
  }

  /// A multiple of 1/8 in [-2, 2].
  mutating func dyadic() -> Double { Double(integer(-16...16)) / 8 }
}

/// Small piecewise-linear networks with dyadic weights, whose rational evaluation is cheap and exact.
struct RandomNetwork {
  let graph: Graph

  /// `inputs -> width -> ... -> outputs` with ReLU between, as many hidden layers as asked.
  init(
    _ dice: inout Dice, inputs: Int, width: Int, hidden: Int, outputs: Int, clip: ClosedRange<Double>? = nil
  ) throws {
    var builder = GraphBuilder()
    var value = try builder.input("z", shape: Shape(vector: inputs))
    var count = inputs
    for layer in 0...hidden {
      let next = layer == hidden ? outputs : width
      value = try builder.apply(.linear(Self.linear(&dice, count, next)), [value])
      if layer < hidden { value = try builder.apply(.relu, [value]) }
      count = next
    }
    if let clip {
      value = try builder.apply(.clip(Clip(lower: clip.lowerBound, upper: clip.upperBound)), [value])
    }
    graph = try builder.build(outputs: [value])
  }

  static func linear(_ dice: inout Dice, _ inputs: Int, _ outputs: Int) throws -> Linear {
    var weights: [Double] = []
    for _ in 0..<inputs * outputs { weights.append(dice.dyadic()) }
    var bias: [Double] = []
    for _ in 0..<outputs { bias.append(dice.dyadic()) }
    return try Linear(
      weights: Tensor(shape: Shape([outputs, inputs]), values: weights),
      bias: Tensor(shape: Shape(vector: outputs), values: bias))
  }

  /// The function `z -> z`.
  static func identity(_ count: Int) throws -> Graph {
    var builder = GraphBuilder()
    let input = try builder.input("z", shape: Shape(vector: count))
    let output = try builder.apply(.scale(1), [input])
    return try builder.build(outputs: [output])
  }
}

/// Exact truth of predicates, from rational numbers alone.
enum ExactTruth {
  static func holds(_ predicate: Predicate, _ output: [Rational]) -> Bool {
    switch predicate {
    case .all(let parts): return parts.allSatisfy { holds($0, output) }
    case .any(let parts): return parts.contains { holds($0, output) }
    case .atom(let atom):
      guard case .rational(let threshold) = atom.threshold else {
        preconditionFailure("rational thresholds only")
      }
      switch atom.quantity {
      case .element(let index): return atom.comparison.holds(output[index], threshold)
      case .distance(let start, let point, let norm):
        let parts = point.indices.map { (output[start + $0] - Rational(dyadic: point[$0])).magnitude }
        switch norm {
        case .l1: return atom.comparison.holds(parts.reduce(.zero, +), threshold)
        case .linf: return atom.comparison.holds(parts.reduce(.zero, max), threshold)
        case .l2:
          // Squares compare like lengths where the threshold is not negative.
          if threshold < Rational.zero { return !atom.comparison.boundsAbove }
          return atom.comparison.holds(parts.reduce(.zero) { $0 + $1 * $1 }, threshold * threshold)
        }
      }
    }
  }

  /// Whether a point lies in the region and violates the case, in rational numbers.
  static func isViolation(_ point: [Double], _ item: ObligationCase, _ region: [AxisRange]) throws -> Bool {
    // In a range of a single number the coordinate is that number, and the point holds the double below it.
    let exact = zip(point, region).map { value, range in
      range.lower == range.upper && value == range.lower.roundedDown ? range.lower : Rational(dyadic: value)
    }
    for (value, range) in zip(exact, region) where value < range.lower || range.upper < value { return false }
    return try !holds(item.predicate, item.graph.evaluate([exact])[0])
  }
}

let testSeed = [UInt8](repeating: 3, count: 32)

/// An obligation of one case.
func claim(_ graph: Graph, _ predicate: Predicate, over region: [AxisRange]) throws -> Obligation {
  try Obligation(
    name: "claim", question: .forall(region: region),
    cases: [ObligationCase(label: "", weight: .one, graph: graph, predicate: predicate)])
}

func box(_ lower: Rational, _ upper: Rational, _ count: Int) -> [AxisRange] {
  [AxisRange](repeating: AxisRange(lower: lower, upper: upper), count: count)
}

func element(_ index: Int, _ comparison: Comparison, _ threshold: Rational) -> Predicate {
  .atom(Atom(.element(index), comparison, .rational(threshold)))
}

func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(BigInteger(numerator), over: BigInteger(denominator))
}
