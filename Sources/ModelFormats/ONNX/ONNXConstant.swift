import Foundation
import TensorGraph

/// Integers that a file holds: shapes, axes and indices.
///
/// Extents may be zero. A constant without elements is one of these whatever its type: exporters give operators such an
/// operand in place of none.
struct IntegerConstant: Hashable, Sendable {
  let extents: [Int]
  let values: [Int]
}

/// A constant of a file.
enum ONNXConstant: Hashable, Sendable {
  case real(Tensor, ONNXElementType)
  case integers(IntegerConstant)
}

/// Bounds on what a file may declare.
enum ONNXLimits {
  /// Most axes of a value.
  static let rank = 8
  /// Most elements of a value that has no data behind it.
  static let elements = 1 << 24
  /// Most elements of all constants that import derives from others (transposed, broadcast, folded).
  static let derivedElements = 1 << 26
  /// Most integers that import derives from others.
  static let derivedIntegers = 1 << 18
  /// Most inputs of a network.
  static let inputs = 1024
}

extension ONNXConstant {
  /// Decodes a dense constant; nothing is allocated before the payload is known to have the declared size.
  init(_ weights: WireWeights) throws(FormatDefect) {
    guard weights.externalData.isEmpty, weights.dataLocation == 0 else {
      throw FormatDefect(
        .unsupportedFeature, "weights are stored outside the file",
        fix:
          "save the model with its weights in one file: in PyTorch, export with `external_data=False`; with the "
          + "`onnx` package, `onnx.save(onnx.load(path), path)`")
    }
    guard !weights.hasSegment else {
      throw FormatDefect(
        .unsupportedFeature, "weights are stored in segments", fix: "save the model unsegmented")
    }
    let type = try ONNXElementType.of(code: weights.dataType)
    let extents = try Self.extents(weights.dims)
    var count = 1
    // Parts of a shape are multiplied elsewhere, so that a zero must not hide an overflow.
    for extent in extents where extent != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= 1 << 31 else {
        throw FormatDefect(.tooLarge, "declared shape \(extents) has more than 2^31 elements")
      }
      count = product
    }
    if extents.contains(0) { count = 0 }
    try Self.checkPayload(weights, type: type, extents: extents, count: count)
    guard count > 0 || type == .int64 else {
      self = .integers(IntegerConstant(extents: extents, values: []))
      return
    }
    switch type {
    case .int64:
      let values: [Int64] =
        weights.hasRawData
        ? decode(weights.rawData, as: UInt64.self) { Int64(bitPattern: $0) } : weights.int64Data
      self = .integers(IntegerConstant(extents: extents, values: values.map { Int($0) }))
    case .float16, .bfloat16:
      // Outside of raw bytes each number stands in the lower half of an integer.
      if let word = weights.int32Data.first(where: { UInt16(exactly: $0) == nil }) {
        throw FormatDefect(.malformed, "int32_data holds \(word), which is no number of 16 bits")
      }
      let patterns: [UInt16] =
        weights.hasRawData
        ? decode(weights.rawData, as: UInt16.self) { $0 }
        : weights.int32Data.map { UInt16(truncatingIfNeeded: $0) }
      self = .real(try Self.tensor(extents, patterns.map(type == .float16 ? binary16 : bfloat16)), type)
    case .float32:
      let values: [Double] =
        weights.hasRawData
        ? decode(weights.rawData, as: UInt32.self) { Double(Float(bitPattern: $0)) }
        : weights.floatData.map { Double($0) }
      self = .real(try Self.tensor(extents, values), type)
    case .float64:
      let values: [Double] =
        weights.hasRawData
        ? decode(weights.rawData, as: UInt64.self) { Double(bitPattern: $0) } : weights.doubleData
      self = .real(try Self.tensor(extents, values), type)
    }
  }

  /// A tensor of finite values.
  static func tensor(_ extents: [Int], _ values: [Double]) throws(FormatDefect) -> Tensor {
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw FormatDefect(
        .nonFinite, "element \(index) is \(values[index])",
        fix: "retrain or repair the weights: they must be finite")
    }
    do {
      return try Tensor(shape: Shape(extents), values: values)
    } catch {
      throw FormatDefect(.shape, "\(error)")
    }
  }

  private static func extents(_ dims: [Int64]) throws(FormatDefect) -> [Int] {
    guard dims.count <= ONNXLimits.rank else {
      throw FormatDefect(.tooLarge, "declares \(dims.count) axes, more than \(ONNXLimits.rank)")
    }
    if let negative = dims.first(where: { $0 < 0 }) {
      throw FormatDefect(.shape, "declares the extent \(negative)")
    }
    return dims.map { Int($0) }
  }

  private static func checkPayload(
    _ weights: WireWeights, type: ONNXElementType, extents: [Int], count: Int
  ) throws(FormatDefect) {
    let lists: [(name: String, count: Int, isOwn: Bool)] = [
      ("float_data", weights.floatData.count, type == .float32),
      ("double_data", weights.doubleData.count, type == .float64),
      ("int64_data", weights.int64Data.count, type == .int64),
      ("int32_data", weights.int32Data.count, type.isHalf),
      ("uint64_data", weights.uint64Data.count, false),
      ("string_data", weights.stringData.count, false),
    ]
    for list in lists where list.count > 0 && (!list.isOwn || weights.hasRawData) {
      throw FormatDefect(
        .ambiguous,
        "\(list.name) stands beside another payload or does not fit the element type \(type.name)",
        fix: "keep one payload")
    }
    let (wanted, overflow) = count.multipliedReportingOverflow(by: type.size)
    let given = weights.hasRawData ? weights.rawData.count : lists.filter(\.isOwn).reduce(0) { $0 + $1.count }
    guard !overflow, given == (weights.hasRawData ? wanted : count) else {
      throw FormatDefect(
        .shape,
        "shape \(extents) of \(type.name) needs \(count) elements, the payload holds "
          + (weights.hasRawData ? "\(given) bytes" : "\(given)"))
    }
  }
}

/// The number of a bit pattern of IEEE binary16: a sign, five bits of exponent, ten of significand.
private func binary16(_ pattern: UInt16) -> Double {
  let sign: FloatingPointSign = pattern >> 15 == 1 ? .minus : .plus
  let exponent = Int(pattern >> 10 & 0x1F)
  let fraction = Double(pattern & 0x3FF)
  switch exponent {
  case 0: return Double(sign: sign, exponent: -24, significand: fraction)
  case 0x1F: return fraction == 0 ? (sign == .minus ? -.infinity : .infinity) : .nan
  default: return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
  }
}

/// The number of the upper half of a bit pattern of IEEE binary32.
private func bfloat16(_ pattern: UInt16) -> Double {
  Double(Float(bitPattern: UInt32(pattern) << 16))
}

/// Little-endian words of a payload.
private func decode<Word: FixedWidthInteger, Value>(
  _ data: Data, as word: Word.Type, _ value: (Word) -> Value
) -> [Value] {
  let size = MemoryLayout<Word>.size
  return data.withUnsafeBytes { bytes in
    (0..<bytes.count / size).map { index in
      value(Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Word.self)))
    }
  }
}
