import Evidence
import Foundation
import LeafRules
import ModelFormats
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Bounds of a network's outputs over many boxes, for the comparison with other tools.
///
/// `Benchmarks bounds NET.onnx BOXES` reads boxes as little-endian doubles, for each box all lower and then all upper
/// ends, and prints one line of JSON: the number of boxes, seconds, mean width of the outputs' bounds, and the
/// arithmetic of the same bounds by substitution through every layer, in MFLOP a box.
enum BoundsBench {
  static func run(network path: String, boxes boxesPath: String, workers: Int) async throws {
    let graph = try ONNXReader.graph(contentsOf: path)
    let outputs = graph.outputShapes[0].count
    let atoms = (0..<outputs).map { Predicate.atom(Atom(.element($0), .lessOrEqual, .rational(Rational(0)))) }
    let item = ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .all(atoms))
    let compiled = try CompiledCase(item)
    let cells = try cells(
      Array(Data(contentsOf: URL(fileURLWithPath: boxesPath))), dimension: graph.inputCount)
    var best = Double.infinity
    var width = 0.0
    for _ in 0..<5 {
      let start = ContinuousClock.now
      let widths = await withTaskGroup(of: Double.self) { group in
        for worker in 0..<workers {
          group.addTask {
            let evaluator = CellEvaluator(compiled)
            var sum = 0.0
            for index in stride(from: worker, to: cells.count, by: workers) {
              for bounds in evaluator.bounds(on: cells[index], rule: .fullLinearBounds, decides: false) {
                sum += bounds.range.width
              }
            }
            return sum
          }
        }
        var sum = 0.0
        for await part in group { sum += part }
        return sum
      }
      best = Swift.min(best, (ContinuousClock.now - start) / .seconds(1))
      width = widths / Double(cells.count * outputs)
    }
    print(
      "{\"boxes\":\(cells.count),\"seconds\":\(best),\"meanWidth\":\(width),\"megaflop\":\(megaflop(graph))}")
  }

  private static func cells(_ bytes: [UInt8], dimension: Int) throws -> [Cell] {
    let count = bytes.count / (16 * dimension)
    guard count > 0, bytes.count == count * 16 * dimension else {
      throw BenchError(description: "the boxes' file does not hold boxes of \(dimension) coordinates")
    }
    let values = bytes.withUnsafeBytes { raw in
      (0..<2 * dimension * count).map {
        Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
    return (0..<count).map {
      let start = 2 * dimension * $0
      return Cell(
        lower: Array(values[start..<start + dimension]),
        upper: Array(values[start + dimension..<start + 2 * dimension]))
    }
  }

  /// Products and sums of the substitution of every layer's rows, both sides, through all layers before it.
  private static func megaflop(_ graph: Graph) -> Double {
    var maps: [(rows: Int, columns: Int)] = []
    for node in graph.nodes {
      if case .linear(let linear) = node.operation { maps.append((linear.outputCount, linear.inputCount)) }
    }
    var sum = 0.0
    for (index, map) in maps.enumerated() {
      for earlier in maps[..<index] { sum += 4 * Double(map.rows * earlier.rows * earlier.columns) }
    }
    return sum / 1e6
  }
}
