/// Element types of the ONNX specification that have a counterpart here.
package enum ONNXElementType: Int32, Hashable, Sendable, CaseIterable {
  /// IEEE binary32.
  case float32 = 1
  /// Two's complement integers, for shapes and indices.
  case int64 = 7
  /// IEEE binary64.
  case float64 = 11

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .float32: return 4
    case .int64, .float64: return 8
    }
  }

  /// The specification's name.
  var name: String {
    switch self {
    case .float32: return "float32"
    case .int64: return "int64"
    case .float64: return "float64"
    }
  }

  /// Largest finite value of a real type: what an absent bound of Clip stands for.
  var largestFinite: Double {
    self == .float32 ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
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
      fix: "use float32 or float64 for values and int64 for shapes and indices")
  }

  /// Names by code, IR version 10.
  private static let codeNames = [
    "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
    "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz",
    "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
  ]
}
