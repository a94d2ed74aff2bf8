import Certificates
import DSpecSemantics
import Foundation
package import Lowering
import Statistics
import TensorGraph

/// Values of every network at seeded points, for a comparison with another runtime.
package enum NetworkValues {
  /// Points a network.
  static let points = 8

  /// One JSON object a line: file, inputs by name, outputs by name; a value that is no number is null.
  package static func lines(_ project: Project, _ library: ModelLibrary) throws -> String {
    guard let generator = CounterGenerator(seed: [UInt8](repeating: 0x76, count: 32)) else { return "" }
    var lines: [String] = []
    var stream: UInt32 = 2
    for network in project.spec.networks {
      guard let graph = library.networks[network.name] else { continue }
      for index in 0..<points {
        var draws = generator.draws(stream: stream, index: UInt64(index))
        var inputs: [[Double]] = []
        var fields: [String] = []
        for (port, (input, shape)) in zip(network.inputs, graph.inputSignature) {
          var values: [Double]
          if input.kind == .index {
            values = [Double(draws.word() % UInt64(max(1, choices(port.type))))]
          } else if case .tensor(let type) = port.type, type.kind == .image {
            values = (0..<shape.count).map { _ in Double(Float(draws.uniform())) }
          } else {
            values = (0..<shape.count).map { _ in Double(Float(draws.normal())) }
          }
          inputs.append(values)
          fields.append("\(try quoted(input.name)):[\(values.map(text).joined(separator: ","))]")
        }
        let output = try graph.evaluate(inputs)[0]
        lines.append(
          "{\"file\":\(try quoted(network.artifact.path)),\"inputs\":{\(fields.joined(separator: ","))},"
            + "\"outputs\":{\"output\":[\(output.map(text).joined(separator: ","))]}}")
      }
      stream += 1
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func choices(_ type: ValueType) -> Int {
    switch type {
    case .enumeration(let type): return type.cases.count
    case .step(let count): return count
    default: return 1
    }
  }

  private static func quoted(_ text: String) throws -> String {
    String(decoding: try JSONValue.string(text).canonicalBytes(), as: UTF8.self)
  }

  private static func text(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    return value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
