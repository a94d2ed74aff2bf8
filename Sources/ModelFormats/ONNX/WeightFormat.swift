import TensorGraph

/// The format in which a deployment keeps the weights of a network.
package enum WeightFormat: Hashable, Sendable {
  /// The numbers that the file holds.
  case stored
  /// Each number of a tensor or constant of the file rounded to the nearest of IEEE binary16, ties to even; attributes
  /// of other operators stay.
  case binary16

  /// The tensor as it is kept.
  ///
  /// - Throws: a defect where a number is beyond the largest of the format.
  func rounded(_ tensor: Tensor) throws(FormatDefect) -> Tensor {
    guard self == .binary16 else { return tensor }
    var values: [Double] = []
    values.reserveCapacity(tensor.values.count)
    for (index, value) in tensor.values.enumerated() {
      guard let half = WeightFormat.half(value) else {
        throw FormatDefect(
          .nonFinite, "element \(index) is \(value), beyond the largest number of half precision",
          fix: "scale the weights down, or state the claim in another arithmetic")
      }
      values.append(half)
    }
    do {
      return try Tensor(shape: tensor.shape, values: values)
    } catch {
      throw FormatDefect(.shape, "\(error)")
    }
  }

  /// The nearest number of binary16, ties to even; nil where it is infinite.
  ///
  /// Numbers of the format with exponent `e` are the multiples of `2^(e - 10)`, and those below `2^-14` of `2^-24`. The
  /// quotient by that spacing and the product with it are exact, since it is a power of two.
  package static func half(_ value: Double) -> Double? {
    guard value != 0 else { return value }
    guard value.isFinite else { return nil }
    let exponent = Swift.max(-14, value.magnitude < 0x1p-14 ? -14 : Int(value.exponent))
    let spacing = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    let rounded = (value / spacing).rounded(.toNearestOrEven) * spacing
    return rounded.magnitude <= 65504 ? rounded : nil
  }
}
