package import Diagnostics
package import RigorousArithmetic

/// An axis-aligned box with exact bounds for each coordinate.
///
/// Invariant: `lower.count == upper.count`, the element count of the domain's type, row-major, and
/// `lower[i] <= upper[i]` for every i.
package struct BoxRegion: Hashable, Sendable {
  /// The least value of each coordinate.
  package let lower: [Rational]
  /// The greatest value of each coordinate.
  package let upper: [Rational]

  /// Makes a box.
  package init(lower: [Rational], upper: [Rational]) {
    self.lower = lower
    self.upper = upper
  }
}

/// The centre of a ball.
package enum BallCenter: Hashable, Sendable {
  /// Record `row` of a dataset, counted as in `TypedExpression.Kind.record`.
  case record(dataset: String, row: Int)
  /// Exact coordinates, row-major, one for each element of the domain's type.
  case constant([Rational])
}

/// A closed norm ball, cut to the range of the domain's type where that type has one.
package struct BallRegion: Hashable, Sendable {
  /// The centre.
  package let center: BallCenter
  /// The radius, at least 0.
  package let radius: Rational
  /// The norm that measures the distance from the centre.
  package let norm: Norm
  /// What cuts the ball; equal to the range of the domain's type.
  ///
  /// The region is the ball intersected with `clip.lower <= x[i] <= clip.upper` for every i, or the whole
  /// ball where this is nil.
  package let clip: ValueRange?

  /// Makes a ball.
  package init(center: BallCenter, radius: Rational, norm: Norm, clip: ValueRange?) {
    self.center = center
    self.radius = radius
    self.norm = norm
    self.clip = clip
  }
}

/// A set of tensors.
package enum Region: Hashable, Sendable {
  case box(BoxRegion)
  case ball(BallRegion)
}

/// A declared domain: what a `forall` may range over.
package struct DomainDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The type of the elements.
  package let type: TensorType
  /// The set itself.
  package let region: Region
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a domain.
  package init(name: String, type: TensorType, region: Region, span: SourceSpan) {
    self.name = name
    self.type = type
    self.region = region
    self.span = span
  }
}
