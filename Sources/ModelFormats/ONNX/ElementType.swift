/// Element types of the ONNX specification that have a counterpart here.
package enum ONNXElementType: Int32, Hashable, Sendable, CaseIterable {
  /// IEEE binary32.
  case float32 = 1
  /// Two's complement integers, for shapes and indices.
  case int64 = 7
  /// IEEE binary16.
  case float16 = 10
  /// IEEE binary64.
  case float64 = 11
  /// The upper half of IEEE binary32.
  case bfloat16 = 16

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .float16, .bfloat16: return 2
    case .float32: return 4
    case .int64, .float64: return 8
    }
  }

  /// The specification's name.
  var name: String {
    switch self {
    case .float16: return "float16"
    case .bfloat16: return "bfloat16"
    case .float32: return "float32"
    case .int64: return "int64"
    case .float64: return "float64"
    }
  }

  /// Largest finite value of a real type: what an absent bound of Clip stands for.
  var largestFinite: Double {
    switch self {
    case .float16: return 65504
    case .bfloat16: return 0x1.FEp127
    case .float32: return Double(Float.greatestFiniteMagnitude)
    case .float64, .int64: return Double.greatestFiniteMagnitude
    }
  }

  /// Whether numbers of the type are half as long as those of single precision.
  var isHalf: Bool { self == .float16 || self == .bfloat16 }

  /// An integer as a number of a real type, nil where it is none.
  func number(_ value: Int) -> Double? {
    guard let number = Double(exactly: value) else { return nil }
    let isNumber =
      switch self {
      case .float16: WeightFormat.half(number) == number
      case .bfloat16: Double(Float(number)) == number && Float(number).bitPattern & 0xFFFF == 0
      case .float32: Double(Float(number)) == number
      case .float64: true
      case .int64: false
      }
    return isNumber ? number : nil
  }

  /// Whether every number of the type is one of another real type.
  func isContained(in other: ONNXElementType) -> Bool {
    switch (self, other) {
    case (.float16, .float32), (.float16, .float64), (.bfloat16, .float32), (.bfloat16, .float64),
      (.float32, .float64):
      return true
    default: return self == other
    }
  }
}

extension ONNXElementType {
  /// The type of a code.
  ///
  /// - Throws: `elementType` with the code's name in the specification.
  static func of(code: Int32) throws(FormatDefect) -> ONNXElementType {
    if let type = ONNXElementType(rawValue: code) { return type }
    let name = codeNames.indices.contains(Int(code)) ? codeNames[Int(code)] : "number \(code)"
    throw FormatDefect(
      .elementType, "element type \(name) is not supported",
      fix: "use float32, float64, float16 or bfloat16 for values and int64 for shapes and indices")
  }

  /// Names by code, IR version 10.
  private static let codeNames = [
    "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
    "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz",
    "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
  ]
}
