import Inference
import TensorGraph
import Testing

@Suite struct BatchProgramTests {
  @Test(arguments: 1...20) func valuesAreThoseOfTheGraph(seed: UInt64) throws {
    var random = RandomGraphs(seed: seed)
    let graph = try random.graph()
    var program = BatchProgram(graph)
    #expect(program.inputCount == 6)
    #expect(program.outputCount == 6)
    for count in [1, 7, 3] {
      let inputs = random.batch(count)
      let values = try program.values(inputs: inputs, batch: count)
      try #require(values.count == count * 6)
      for item in 0..<count {
        let row = Array(inputs[item * 6..<item * 6 + 6])
        let expected = try graph.evaluate([Array(row[..<3]), Array(row[3..<5]), [row[5]]]).flatMap { $0 }
        for (value, exact) in zip(values[item * 6..<item * 6 + 6], expected) {
          #expect(abs(value - exact) <= 1e-13)
        }
      }
    }
  }

  /// A central difference is exact up to rounding where no kink lies within its step, so at most a few of many
  /// random points may fail; a wrong rule fails at all of them.
  @Test func gradientsAreThoseOfDifferences() throws {
    let step = 1e-6
    var failures = 0
    var checks = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = RandomGraphs(seed: seed)
      var program = BatchProgram(try random.graph())
      let inputs = random.batch(3)
      let upstream = random.numbers(3 * 6)
      let gradient = try program.gradient(inputs: inputs, batch: 3, upstream: upstream).inputGradients
      try #require(gradient.count == inputs.count)
      for index in inputs.indices {
        if index % 6 == 5 {
          #expect(gradient[index] == 0)
          continue
        }
        var (left, right) = (inputs, inputs)
        left[index] -= step
        right[index] += step
        let (low, high) = (
          try program.values(inputs: left, batch: 3), try program.values(inputs: right, batch: 3)
        )
        let slope = zip(upstream, zip(low, high)).reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) } / (2 * step)
        checks += 1
        if abs(slope - gradient[index]) > 1e-7 { failures += 1 }
      }
    }
    #expect(checks == 600)
    #expect(failures <= 3)
  }

  @Test func gradientComesWithTheSameValues() throws {
    var random = RandomGraphs(seed: 5)
    var program = BatchProgram(try random.graph())
    let inputs = random.batch(4)
    let plain = try program.values(inputs: inputs, batch: 4)
    let upstream = [Double](repeating: 1, count: 24)
    let first = try program.gradient(inputs: inputs, batch: 4, upstream: upstream)
    let second = try program.gradient(inputs: inputs, batch: 4, upstream: upstream)
    #expect(first.values == plain)
    #expect(first.inputGradients == second.inputGradients)
  }

  @Test func anInputMayBeAResult() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let sum = try builder.apply(.add, [x, x])
    var program = BatchProgram(try builder.build(outputs: [sum, x]))
    let result = try program.gradient(inputs: [1, 2], batch: 1, upstream: [1, 10, 100, 1_000])
    #expect(result.values == [2, 4, 1, 2])
    #expect(result.inputGradients == [102, 1_020])
  }

  @Test(arguments: [-1.0, 4, 1.5, .nan, .infinity]) func anIndexOutsideItsTableIsAnError(index: Double) throws
  {
    var random = RandomGraphs(seed: 3)
    var program = BatchProgram(try random.graph())
    #expect(throws: GraphError.self) {
      try program.values(inputs: [0, 0, 0, 0, 0, index], batch: 1)
    }
  }

  @Test(arguments: [(4, 1), (6, 2), (0, -1), (6, Int.max)]) func aWrongCountIsAnError(count: Int, batch: Int)
    throws
  {
    var random = RandomGraphs(seed: 3)
    var program = BatchProgram(try random.graph())
    let inputs = [Double](repeating: 0, count: count)
    #expect(throws: GraphError.self) { try program.values(inputs: inputs, batch: batch) }
    #expect(throws: GraphError.self) {
      try program.gradient(inputs: [0, 0, 0, 0, 0, 0], batch: 1, upstream: inputs + [0, 0, 0])
    }
  }

  @Test func anEmptyBatchIsEmpty() throws {
    var random = RandomGraphs(seed: 3)
    var program = BatchProgram(try random.graph())
    #expect(try program.values(inputs: [], batch: 0).isEmpty)
  }
}
