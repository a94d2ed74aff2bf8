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
  /// The embedding of a prompt, as the text encoder of the deployed pipeline gives it.
  case prompt(String)
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

/// A piece of an affine subspace: `origin + sum_k a_k directions[k]` for all coefficients a in a box.
package struct SliceRegion: Hashable, Sendable {
  /// One number for each element of the domain's type, row-major.
  package let origin: [Rational]
  /// At least one direction, each as long as the origin.
  package let directions: [[Rational]]
  /// One range for each direction.
  package let coefficients: BoxRegion

  /// Makes a slice.
  package init(origin: [Rational], directions: [[Rational]], coefficients: BoxRegion) {
    self.origin = origin
    self.directions = directions
    self.coefficients = coefficients
  }

  /// The exact range of one coordinate over the slice.
  func range(of index: Int) -> (lower: Rational, upper: Rational) {
    var (lower, upper) = (origin[index], origin[index])
    for (position, direction) in directions.enumerated() {
      let ends = [
        direction[index] * coefficients.lower[position], direction[index] * coefficients.upper[position],
      ]
      lower = lower + Swift.min(ends[0], ends[1])
      upper = upper + Swift.max(ends[0], ends[1])
    }
    return (lower, upper)
  }
}

/// A factor of a product of sets.
package struct RegionFactor: Hashable, Sendable {
  /// Number of coordinates.
  package let count: Int
  /// The set of these coordinates.
  package let region: Region
}

/// A set of tensors.
package indirect enum Region: Hashable, Sendable {
  case box(BoxRegion)
  case ball(BallRegion)
  /// Finitely many points, at least one, each row-major.
  case points([[Rational]])
  case slice(SliceRegion)
  /// Sets of consecutive coordinates, at least one of which is no box.
  case product([RegionFactor])

  /// Bounds of one coordinate that hold on the whole set; nil where none are known without reading a file.
  package func range(of index: Int) -> (lower: Rational?, upper: Rational?) {
    switch self {
    case .box(let box): return (box.lower[index], box.upper[index])
    case .ball(let ball):
      guard case .constant(let centre) = ball.center else { return (ball.clip?.lower, ball.clip?.upper) }
      // Each of the three norms bounds the greatest coordinate.
      let (low, high) = (centre[index] - ball.radius, centre[index] + ball.radius)
      return (
        ball.clip.map { Swift.max($0.lower, low) } ?? low, ball.clip.map { Swift.min($0.upper, high) } ?? high
      )
    case .points(let points):
      let values = points.map { $0[index] }
      return (values.min(), values.max())
    case .slice(let slice):
      let (lower, upper) = slice.range(of: index)
      return (lower, upper)
    case .product(let factors):
      var start = 0
      for factor in factors {
        if index < start + factor.count { return factor.region.range(of: index - start) }
        start += factor.count
      }
      return (nil, nil)
    }
  }
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

/// A declared set of weights of one network: the artifact's weights and all others within a distance of them.
package struct WeightDomainDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The network whose weights vary.
  package let network: String
  /// The greatest distance from the artifact's weights, at least 0.
  package let radius: Rational
  /// The norm of the distance, over all weights of the network together.
  package let norm: Norm
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a set of weights.
  package init(name: String, network: String, radius: Rational, norm: Norm, span: SourceSpan) {
    self.name = name
    self.network = network
    self.radius = radius
    self.norm = norm
    self.span = span
  }
}
