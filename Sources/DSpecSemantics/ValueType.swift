package import RigorousArithmetic

/// A closed interval of exact numbers that values of a type are declared to lie in.
///
/// Invariant: `lower <= upper`. On a tensor the range doubles as its unit: pixels in [0, 1] and
/// pixels in [0, 255] are different types.
package struct ValueRange: Hashable, Sendable {
  /// The least value.
  package let lower: Rational
  /// The greatest value.
  package let upper: Rational

  /// Makes a range, or nil where `lower > upper`.
  package init?(lower: Rational, upper: Rational) {
    guard lower <= upper else { return nil }
    self.lower = lower
    self.upper = upper
  }

  private init(unchecked lower: Rational, _ upper: Rational) {
    self.lower = lower
    self.upper = upper
  }

  /// The probabilities, [0, 1].
  package static let unit = ValueRange(unchecked: Rational(0), Rational(1))

  /// Whether `value` lies in the range, end points included.
  package func contains(_ value: Rational) -> Bool { lower <= value && value <= upper }

  /// Whether every value of `other` lies in the range.
  package func contains(_ other: ValueRange) -> Bool { lower <= other.lower && other.upper <= upper }
}

/// What the numbers of a tensor stand for; tensors of different kinds never mix.
package enum TensorKind: String, Hashable, Sendable, CaseIterable {
  /// A point of a generator's latent space.
  case latent = "Latent"
  /// Pixels.
  case image = "Image"
  /// An embedding of a prompt or an image.
  case embedding = "Embedding"
  /// Numbers with no further meaning, as in `Real[4]`.
  case real = "Real"
}

/// The type of a tensor: kind, shape and, where declared, the range of its elements.
package struct TensorType: Hashable, Sendable {
  /// What the numbers stand for.
  package let kind: TensorKind
  /// The extents, outermost first, each at least 1; never empty.
  package let shape: [Int]
  /// The declared range of every element, or nil where none is declared.
  package let range: ValueRange?

  /// Makes a tensor type.
  package init(kind: TensorKind, shape: [Int], range: ValueRange?) {
    self.kind = kind
    self.shape = shape
    self.range = range
  }

  /// The number of elements, the product of the extents.
  ///
  /// The type checker bounds it by `TensorType.maximumElementCount`.
  package var elementCount: Int { shape.reduce(1, *) }

  /// The largest number of elements that a declared tensor type may have.
  package static let maximumElementCount = 1 << 22
}

/// An enumeration of the specification with its cases in order.
package struct EnumType: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The case names in declaration order; never empty, all different.
  package let cases: [String]

  /// Makes an enumeration.
  package init(name: String, cases: [String]) {
    self.name = name
    self.cases = cases
  }
}

/// The type of a value or an expression.
package enum ValueType: Hashable, Sendable {
  /// A truth value.
  case boolean
  /// A real number, with the range in which it is declared or known to lie, if any.
  case real(range: ValueRange?)
  /// An integer, with the range in which it is declared or known to lie, if any.
  case integer(range: ValueRange?)
  /// A tensor.
  case tensor(TensorType)
  /// A case of an enumeration.
  ///
  /// As an argument of a network it is the one-hot vector of its case in declaration order. As a
  /// network's output it stands for one score for each case; the value is the case of the greatest
  /// score, the earliest of them at a tie.
  case enumeration(EnumType)
  /// The index of a sampler step, in `0..<count`, rising with the noise: the step executed first has the last index.
  case step(count: Int)
  /// All weights of the network of this name.
  case weights(network: String)
}
