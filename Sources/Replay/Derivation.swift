import CellMasses
import DSpecSemantics
import LeafRules
import TensorGraph
import VerificationProblem

/// What a replay derived itself, for a checker that starts from the mathematical questions.
package struct Derivation: Sendable {
  /// The parts of a derivation; the raw value is the suffix of a file of it.
  package enum Kind: String, Sendable {
    /// The canonical bytes of the question.
    case obligation
    /// The canonical text of the claim, whose digest a certificate records.
    case formula
    /// Masses of leaves: `dspec masses 1` as a text, the number of trees, and for each the number of its leaves and three
    /// doubles a leaf: the mass where the event holds and where it fails, at least, and of the whole, at most.
    case masses
  }

  /// The property's name; of a VNN-LIB file its name and a box.
  package let property: String
  /// The bytes of each part.
  package let parts: [(kind: Kind, bytes: [UInt8])]

  init(_ property: Property, _ obligation: Obligation) {
    self.property = property.name
    parts = [
      (.obligation, obligation.canonicalBytes), (.formula, Array(property.canonicalText.utf8)),
    ]
  }

  /// The question of one of the boxes of a VNN-LIB file: `NAME.K.obligation`, counted from zero.
  init(box index: Int, of name: String, _ obligation: Obligation) {
    property = "\(name).\(index)"
    parts = [(.obligation, obligation.canonicalBytes)]
  }

  init(_ property: Property, _ masses: [[CellMass]]) {
    self.property = property.name
    var writer = ByteWriter()
    writer.text("dspec masses 1")
    writer.integer(masses.count)
    for tree in masses {
      writer.integer(tree.count)
      for leaf in tree {
        for value in [leaf.inside, leaf.outside, leaf.total] { writer.double(value) }
      }
    }
    parts = [(.masses, writer.bytes)]
  }
}
