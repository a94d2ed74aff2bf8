package import DSpecSemantics
package import Diagnostics
package import DiffusionModels
package import TensorGraph
package import VerificationProblem

/// A property as a question for the engines, with what is needed to show its answer.
package struct LoweredProperty: Sendable {
  /// The property.
  package let property: Property
  /// The question.
  package let obligation: Obligation
  /// For each case, the image at a point of the region, where the claim speaks of one.
  package let images: [Graph?]
  /// Extents of these images.
  package let imageShape: [Int]
  /// What the compared quantities are.
  package let scale: QuantityScale
  /// What the compared quantities are multiplied by, where distances to records that are no doubles are compared as multiples
  /// of them; 1 elsewhere.
  package let unit: Double
  /// For each atom of a case, what it speaks of, such as `r = Protected[17]`; empty where there is nothing to say.
  package let atomLabels: [String]
  /// Whether the quantities that atoms compare are those that the claim writes beside numbers, all of one kind: else bounds of
  /// them say nothing about what people read.
  package let quantitiesAreWritten: Bool
  /// Whether the question is not the claim's own but whether nothing meets what it presupposes.
  package private(set) var isVacuity = false
  /// At most one element, since a value cannot hold another of its kind otherwise.
  private var negatedPremises: [LoweredProperty] = []

  init(
    property: Property, obligation: Obligation, images: [Graph?], imageShape: [Int], scale: QuantityScale,
    unit: Double, atomLabels: [String], quantitiesAreWritten: Bool
  ) {
    self.property = property
    self.obligation = obligation
    self.images = images
    self.imageShape = imageShape
    self.scale = scale
    self.unit = unit
    self.atomLabels = atomLabels
    self.quantitiesAreWritten = quantitiesAreWritten
  }

  /// Of an implication, the question whether no point of the region meets all that it presupposes, so that it is vacuous; nil
  /// for other claims, and where implications stand within.
  package internal(set) var vacuity: LoweredProperty? {
    get { negatedPremises.first }
    set {
      negatedPremises = newValue.map { [$0] } ?? []
      for index in negatedPremises.indices { negatedPremises[index].isVacuity = true }
    }
  }
}

/// How a compared quantity reads.
package enum QuantityScale: Hashable, Sendable {
  /// The log-odds of a probability.
  case logistic
  /// A distance.
  case distance
  /// A plain number.
  case plain
}

/// An artifact that was read.
package struct LoadedFile: Hashable, Sendable {
  /// Path relative to the root specification's folder.
  package let path: String
  /// The bytes.
  package let bytes: [UInt8]
  /// The digests that the specification states of it; several declarations may name one file.
  package internal(set) var declared: [DeclaredDigest]
}

/// What a specification states of a file.
package struct DeclaredDigest: Hashable, Sendable {
  /// 64 lower-case hexadecimal digits.
  package let sha256: String
  /// Where it is declared.
  package let span: SourceSpan
}

/// A sampler's coefficients, for the certificate.
package struct SamplerTable: Sendable {
  /// Name of the sampler.
  package let name: String
  /// Its declaration.
  package let declaration: SamplerDeclaration
  /// Timesteps and coefficients.
  package let coefficients: DDIMCoefficients
}
