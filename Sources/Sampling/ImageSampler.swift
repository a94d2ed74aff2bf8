import Inference
import RigorousArithmetic
package import SampleLaw
package import TensorGraph
package import VerificationProblem

/// One generated output.
package struct SampledImage: Hashable, Sendable {
  /// Number of the sample.
  package let index: Int
  /// The case and point that it comes from.
  package let sample: SamplePoint
  /// The output of the case's graph in double precision; close to the exact one, bounds nothing.
  package let values: [Double]
}

/// Draws outputs of graphs for a law and a seed, batch by batch.
package struct ImageSampler: Sendable {
  private let source: SampleSource
  private let programs: [BatchProgram]
  private let batchLimits: [Int]

  /// Outputs of one graph per case of a source.
  ///
  /// - Throws: `SamplingError.mismatch` unless there is one graph for each case and every graph takes the source's
  ///   points as its real inputs.
  package init(_ source: SampleSource, graphs: [Graph]) throws(SamplingError) {
    guard graphs.count == source.caseCount else {
      throw .mismatch("\(graphs.count) graphs do not serve \(source.caseCount) cases")
    }
    for graph in graphs {
      guard graph.inputCount == source.dimension, graph.inputSignature.allSatisfy({ $0.input.kind == .real })
      else {
        throw .mismatch("a graph of \(graph.inputCount) inputs does not take points of \(source.dimension)")
      }
    }
    self.source = source
    programs = graphs.map(BatchProgram.init)
    // Every node keeps a value for each item of a batch.
    batchLimits = graphs.map { graph in
      max(1, min(256, (1 << 23) / max(1, graph.nodes.reduce(0) { $0 + $1.shape.count })))
    }
  }

  /// Outputs of one graph under a law.
  package init(_ graph: Graph, law: [AxisLaw], seed: [UInt8]) throws(SamplingError) {
    let source: SampleSource
    do {
      source = try SampleSource(law: law, weights: [.one], seed: seed)
    } catch {
      throw .law(error)
    }
    try self.init(source, graphs: [graph])
  }

  /// The outputs with the given numbers, in order.
  ///
  /// - Throws: `SamplingError.count` for negative numbers, `SamplingError.graph` when a graph cannot be evaluated.
  package func images(_ range: Range<Int>) throws(SamplingError) -> [SampledImage] {
    guard range.lowerBound >= 0 else { throw .count(range.lowerBound) }
    let samples = range.map { source.sample($0) }
    var results = [[Double]](repeating: [], count: samples.count)
    for caseIndex in programs.indices {
      var program = programs[caseIndex]
      let members = samples.indices.filter { samples[$0].caseIndex == caseIndex }
      var start = 0
      while start < members.count {
        let batch = members[start..<min(members.count, start + batchLimits[caseIndex])]
        let values: [Double]
        do {
          values = try program.values(inputs: batch.flatMap { samples[$0].point }, batch: batch.count)
        } catch {
          throw .graph(error)
        }
        for (row, member) in batch.enumerated() {
          results[member] = Array(values[row * program.outputCount..<(row + 1) * program.outputCount])
        }
        start += batch.count
      }
    }
    return samples.indices.map {
      SampledImage(index: range.lowerBound + $0, sample: samples[$0], values: results[$0])
    }
  }
}
