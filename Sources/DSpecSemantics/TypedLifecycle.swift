package import Diagnostics
package import RigorousArithmetic

/// What a mitigation does to its base.
package enum MitigationEffect: Hashable, Sendable {
  /// The conditions of the first `step` steps keep `attribute`, an input whose type is an enumeration of two cases;
  /// the remaining steps take the other case. `step` lies in `0...steps`.
  case attributeSwitching(attribute: String, step: Int)
  /// An effect known by its kind and its contract only.
  case contract(MitigationKind)
}

/// The kinds of mitigation that have a contract and no unrolled form.
package enum MitigationKind: String, Hashable, Sendable, CaseIterable {
  case unlearning
  case conceptEditing = "concept_editing"
  case outputFilter = "output_filter"
  case safeGuidance = "safe_guidance"
  case alignment
}

/// One clause of a mitigation's contract.
package struct MitigationContract: Hashable, Sendable {
  /// What a clause is about.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// What holds after the mitigation.
    case ensures
    /// What the mitigated pipeline no longer yields.
    case erases
    /// What the mitigation leaves as it was.
    case preserves
  }

  /// What the clause is about.
  package let role: Role
  /// The clause.
  package let claim: Claim
  /// The clause in source text.
  package let text: String
  /// Where it is written.
  package let span: SourceSpan

  /// Makes a clause.
  package init(role: Role, claim: Claim, text: String, span: SourceSpan) {
    self.role = role
    self.claim = claim
    self.text = text
    self.span = span
  }
}

/// A declared training of a network by a private mechanism.
package struct TrainingDeclaration: Hashable, Sendable {
  /// How the mechanism draws its batches.
  package enum BatchSampling: String, Hashable, Sendable, CaseIterable {
    case poisson, shuffled, fixed
  }

  /// Which records two neighbouring training sets differ in.
  package enum Adjacency: String, Hashable, Sendable, CaseIterable {
    case addRemove = "add_remove"
    case substitute
  }

  /// The name, unique in the specification.
  package let name: String
  /// The name of the network that is trained.
  package let network: String
  /// Standard deviation of the noise over the clipping norm, positive.
  package let noise: Rational
  /// The norm to which gradients are clipped, positive.
  package let clip: Rational
  /// The probability with which a record enters a batch, in (0, 1].
  package let rate: Rational
  /// The number of steps, positive.
  package let steps: Int
  /// How batches are drawn.
  package let sampling: BatchSampling
  /// What neighbouring training sets are.
  package let adjacency: Adjacency
  /// The name in the declaration.
  package let span: SourceSpan
}

/// A number that an accountant derives from a training.
package struct AccountedQuantity: Hashable, Sendable {
  /// The quantities.
  package enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// The epsilon of (epsilon, delta)-differential privacy at a given delta.
    case epsilon = "dp_epsilon"
    /// The greatest true positive rate of a membership test at a given false positive rate.
    case attackRate = "attack_tpr"

    /// The label of the argument besides the training.
    package var label: String {
      switch self {
      case .epsilon: "delta"
      case .attackRate: "fpr"
      }
    }
  }

  /// Which number it is.
  package let quantity: Quantity
  /// The name of the training.
  package let training: String
  /// Delta or the false positive rate, strictly between 0 and 1.
  package let argument: Rational
}

/// A declared goal: hazards that a list of properties keeps in check.
package struct GoalDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The goal in words.
  package let title: String?
  /// The names of the hazards.
  package let hazards: [String]
  /// The names of the properties that together meet the goal.
  package let properties: [String]
  /// The name in the declaration.
  package let span: SourceSpan
}

/// A declared test: which verdicts a changed specification must get.
package struct TestDeclaration: Hashable, Sendable {
  /// A change of the specification.
  package enum Replacement: Hashable, Sendable {
    /// The network yields this number, in every element, whatever its input.
    case constant(network: String, Rational)
    /// The network yields this record whatever its input; rows count from 0 within the declared rows.
    case record(network: String, dataset: String, row: Int)
    /// Another pipeline of the same signature takes the pipeline's place.
    case pipeline(String, by: Callee)
  }

  /// The verdicts that a test can expect.
  package enum Expected: String, Hashable, Sendable, CaseIterable {
    case proved, refuted, supported, contradicted, unknown, vacuous, undefined
  }

  /// An expected verdict of a property.
  package struct Expectation: Hashable, Sendable {
    /// The name of the property.
    package let property: String
    /// The verdict.
    package let verdict: Expected
  }

  /// What the test shows.
  package let title: String
  /// What is changed.
  package let replacements: [Replacement]
  /// What must come out.
  package let expectations: [Expectation]
  /// Where the title is written.
  package let span: SourceSpan
}
