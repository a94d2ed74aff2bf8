package import Diagnostics
package import RigorousArithmetic

/// The law of one real coordinate.
package enum CoordinateLaw: Hashable, Sendable {
  /// The normal law; the standard deviation is positive.
  case normal(mean: Rational, standardDeviation: Rational)
  /// The normal law conditioned on `lower <= x <= upper`, with `lower < upper`.
  case truncatedNormal(mean: Rational, standardDeviation: Rational, lower: Rational, upper: Rational)
  /// The uniform law on `[lower, upper]`, with `lower < upper`.
  case uniform(lower: Rational, upper: Rational)
}

/// A law of a mixture with its weight.
package struct MixturePart: Hashable, Sendable {
  /// The weight.
  package let weight: Rational
  /// The law.
  package let law: Law
}

/// A probability law.
package indirect enum Law: Hashable, Sendable {
  /// Independent coordinates, row-major, one for each element of the tensor type.
  case product(TensorType, [CoordinateLaw])
  /// One weight for each case of the enumeration in declaration order; none negative, sum exactly 1.
  case categorical(EnumType, weights: [Rational])
  /// The uniform law on a set that is not a box: by volume, or by counting where the set is finite.
  case uniform(DomainDeclaration)
  /// One of the laws, drawn by its weight; all are laws on one type, no weight is negative, their sum is exactly 1.
  case mixture(TensorType, [MixturePart])
  /// Every record of a dataset with the same weight.
  case empirical(DatasetDeclaration)

  /// The type of the values.
  package var type: ValueType {
    switch self {
    case .product(let type, _): .tensor(type)
    case .categorical(let type, _): .enumeration(type)
    case .uniform(let domain): .tensor(domain.type)
    case .mixture(let type, _): .tensor(type)
    case .empirical(let dataset): .tensor(dataset.elementType)
    }
  }
}

/// A declared law: what `P` and `BER` may draw from.
package struct LawDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The law.
  package let law: Law
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a declared law.
  package init(name: String, law: Law, span: SourceSpan) {
    self.name = name
    self.law = law
    self.span = span
  }
}
