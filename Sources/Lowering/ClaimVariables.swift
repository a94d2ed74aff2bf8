import DSpecSemantics
import ModelFormats
import RigorousArithmetic

/// A variable whose coordinates are inputs of the graph.
struct ContinuousVariable {
  let name: String
  let type: TensorType
  /// The fixed part of a slice; empty where the coordinates are the tensor's elements.
  var origin: [Double] = []
  /// The directions of a slice.
  var directions: [[Double]] = []

  /// Number of coordinates.
  var coordinateCount: Int { origin.isEmpty ? type.elementCount : directions.count }

  /// A coordinate that no expression refers to.
  static let unused = hidden(1)

  /// Coordinates that no expression refers to by a name.
  static func hidden(_ count: Int) -> ContinuousVariable {
    ContinuousVariable(name: "", type: TensorType(kind: .real, shape: [count], range: nil))
  }
}

/// A variable with finitely many values, which are enumerated.
struct Choice {
  private enum Values {
    case cases
    case points([[Rational]], TensorType)
    case records([RecordValues])
  }

  let name: String
  /// One text for each value.
  let labels: [String]
  private let values: Values

  /// A variable over the cases of an enumeration.
  init(_ name: String, _ type: EnumType) {
    self.name = name
    labels = type.cases
    values = .cases
  }

  /// A variable over the points of a finite set.
  init(_ name: String, _ domain: DomainDeclaration, points: [[Rational]]) {
    self.name = name
    labels = points.indices.map { "\(domain.name)[\($0)]" }
    values = .points(points, domain.type)
  }

  /// A variable over the records of a dataset.
  init(_ name: String, _ dataset: DatasetDeclaration, records: [RecordValues]) {
    self.name = name
    labels = records.indices.map { "\(dataset.name)[\($0)]" }
    values = .records(records)
  }

  /// Number of values.
  var count: Int { labels.count }

  /// Coordinates of points that are no doubles, which a constant of a graph has to be.
  var numbers: [Rational] {
    guard case .points(let points, _) = values else { return [] }
    return points.flatMap { $0 }.filter { Double(exactly: $0) == nil }
  }

  /// Gives the variable the value at an index.
  func assign(_ index: Int, to lowering: inout CaseLowering) throws {
    switch values {
    case .cases: lowering.assign(name, choice: index)
    case .points(let points, let type): try lowering.assign(name, point: points[index], type)
    case .records(let records): lowering.assign(name, record: records[index])
    }
  }
}
