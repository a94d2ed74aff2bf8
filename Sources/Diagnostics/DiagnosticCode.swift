/// The catalogue of diagnostics: one stable code for each kind of problem.
///
/// A code keeps its meaning for ever and is never given to another problem.
package enum DiagnosticCode: String, Hashable, Sendable, CaseIterable {
  // MARK: Text
  /// Character or byte that the language does not use.
  case invalidCharacter = "D0001"
  /// String or comment without an end.
  case unterminated = "D0002"
  /// Malformed number.
  case malformedNumber = "D0003"
  /// Something else is expected here.
  case unexpectedToken = "D0004"
  /// Nested too deeply.
  case tooDeep = "D0005"
  /// Unknown escape in a string.
  case malformedString = "D0006"
  /// Unsupported language version.
  case unsupportedVersion = "D0010"
  /// File does not state its language version.
  case missingHeader = "D0011"
  /// Not supported by this version.
  case unsupportedFeature = "D0012"
  /// Header, module or import out of place.
  case misplacedClause = "D0013"
  // MARK: Regions
  /// Empty domain.
  case emptyDomain = "D0101"
  /// Antecedent or condition that never holds.
  case deadAntecedent = "D0102"
  /// Claim that holds or fails by its form alone.
  case trivialClaim = "D0103"
  /// Properties that cannot both hold.
  case contradiction = "D0104"
  /// Condition that restricts nothing.
  case redundantCondition = "D0105"
  /// Law on a set without volume.
  case noVolume = "D0106"
  /// Property that follows from another.
  case redundantProperty = "D0107"
  // MARK: Quantifiers
  /// Truncated law that leaves out more mass than the bound allows.
  case truncatedMass = "D0202"
  /// Stochastic sampler under forall.
  case stochasticSampler = "D0203"
  /// Law where a set is needed.
  case lawUnderForall = "D0204"
  /// Set where a law is needed.
  case setUnderMeasure = "D0205"
  // MARK: Shapes and units
  /// Shapes do not fit.
  case shapeMismatch = "D0301"
  /// Value ranges do not fit.
  case rangeMismatch = "D0302"
  /// Norms do not fit.
  case normMismatch = "D0303"
  /// File that does not fit its declaration.
  case artifactMismatch = "D0304"
  /// Step counts do not fit.
  case stepMismatch = "D0305"
  /// Sampler and networks do not fit together.
  case wiringMismatch = "D0306"
  // MARK: Probability
  /// Not a probability.
  case notAProbability = "D0401"
  /// Balanced error rate that cannot be met.
  case unreachableErrorRate = "D0402"
  /// Group without mass.
  case emptyGroup = "D0403"
  /// Too few samples for the bound.
  case tooFewSamples = "D0404"
  /// A conclusion that the stated privacy does not give.
  case privacyDoesNotImply = "D0405"
  /// Accountant that does not cover the way batches are drawn.
  case uncoveredSampling = "D0406"
  /// Balanced error rate bounded on one side only.
  case oneSidedErrorRate = "D0407"
  /// Weights do not sum to one.
  case weightsDoNotSumToOne = "D0408"
  /// Evidence that cannot decide the claim.
  case impossibleGrade = "D0409"
  // MARK: Contracts
  /// Filter judged by its own classifier.
  case circularJudge = "D0501"
  /// Mitigation that may change everything.
  case missingFrame = "D0502"
  /// Reliance on a mitigation that promises nothing.
  case emptyContract = "D0503"
  // MARK: Hygiene
  /// Hazard that no property mitigates.
  case unusedHazard = "D0601"
  /// Property that no test shows to fail.
  case untestedProperty = "D0602"
  /// Artifact without digest.
  case missingDigest = "D0604"
  /// Property that mitigates no hazard.
  case propertyWithoutHazard = "D0605"
  /// Malformed digest.
  case malformedDigest = "D0606"
  /// Goal that leaves a hazard open.
  case openGoal = "D0607"
  // MARK: Precedence
  /// And mixed with or.
  case mixedAndOr = "D0701"
  /// Comparison chain in two directions.
  case mixedChain = "D0702"
  /// Quantifier as operand without parentheses.
  case bareQuantifier = "D0703"
  // MARK: Names and types
  /// Unknown name.
  case unknownName = "D0801"
  /// Name declared twice.
  case duplicateName = "D0802"
  /// Name that hides another.
  case shadowedName = "D0803"
  /// Reserved name.
  case reservedName = "D0804"
  /// Name of the wrong kind of thing.
  case wrongEntity = "D0805"
  /// Import that cannot be read.
  case unreadableImport = "D0806"
  /// Import cycle.
  case importCycle = "D0807"
  /// Wrong number of arguments.
  case wrongArity = "D0809"
  /// Types do not fit.
  case typeMismatch = "D0810"
  /// Unknown field.
  case unknownField = "D0811"
  /// Missing field.
  case missingField = "D0812"
  /// Field given twice.
  case duplicateField = "D0813"
  /// Value of the wrong form.
  case malformedValue = "D0814"
  /// Constant needed.
  case notConstant = "D0815"
  /// Division by zero.
  case divisionByZero = "D0816"
  /// Number out of range.
  case numberOutOfRange = "D0817"
  /// Definition in terms of itself.
  case cyclicDefinition = "D0818"
  /// Quotient by an unknown.
  case nonlinear = "D0819"
  /// Index out of range.
  case indexOutOfRange = "D0820"
  /// Unknown parameter on the command line.
  case unknownOverride = "D0821"
  /// Parameter without value.
  case missingParameterValue = "D0823"

  /// The problem in a few words, the same for every message of the code.
  package var title: String {
    switch self {
    case .invalidCharacter: "character or byte that the language does not use"
    case .unterminated: "string or comment without an end"
    case .malformedNumber: "malformed number"
    case .unexpectedToken: "something else is expected here"
    case .tooDeep: "nested too deeply"
    case .malformedString: "unknown escape in a string"
    case .unsupportedVersion: "unsupported language version"
    case .missingHeader: "file does not state its language version"
    case .unsupportedFeature: "not supported by this version"
    case .misplacedClause: "header, module or import out of place"
    case .emptyDomain: "empty domain"
    case .deadAntecedent: "antecedent or condition that never holds"
    case .contradiction: "properties that cannot both hold"
    case .redundantCondition: "condition that restricts nothing"
    case .redundantProperty: "property that follows from another"
    case .trivialClaim: "claim that holds or fails by its form alone"
    case .noVolume: "law on a set without volume"
    case .truncatedMass: "truncated law that leaves out more mass than the bound allows"
    case .tooFewSamples: "too few samples for the bound"
    case .privacyDoesNotImply: "conclusion that the stated privacy does not give"
    case .uncoveredSampling: "accountant that does not cover the way batches are drawn"
    case .stochasticSampler: "stochastic sampler under forall"
    case .lawUnderForall: "law where a set is needed"
    case .setUnderMeasure: "set where a law is needed"
    case .shapeMismatch: "shapes do not fit"
    case .rangeMismatch: "value ranges do not fit"
    case .normMismatch: "norms do not fit"
    case .artifactMismatch: "file that does not fit its declaration"
    case .stepMismatch: "step counts do not fit"
    case .wiringMismatch: "sampler and networks do not fit together"
    case .notAProbability: "not a probability"
    case .unreachableErrorRate: "balanced error rate that cannot be met"
    case .emptyGroup: "group without mass"
    case .weightsDoNotSumToOne: "weights do not sum to one"
    case .impossibleGrade: "evidence that cannot decide the claim"
    case .oneSidedErrorRate: "balanced error rate bounded on one side only"
    case .circularJudge: "filter judged by its own classifier"
    case .missingFrame: "mitigation that may change everything"
    case .emptyContract: "reliance on a mitigation that promises nothing"
    case .untestedProperty: "property that no test shows to fail"
    case .openGoal: "goal that leaves a hazard open"
    case .unusedHazard: "hazard that no property mitigates"
    case .missingDigest: "artifact without digest"
    case .propertyWithoutHazard: "property that mitigates no hazard"
    case .malformedDigest: "malformed digest"
    case .mixedAndOr: "and mixed with or"
    case .mixedChain: "comparison chain in two directions"
    case .bareQuantifier: "quantifier as operand without parentheses"
    case .unknownName: "unknown name"
    case .duplicateName: "name declared twice"
    case .shadowedName: "name that hides another"
    case .reservedName: "reserved name"
    case .wrongEntity: "name of the wrong kind of thing"
    case .unreadableImport: "import that cannot be read"
    case .importCycle: "import cycle"
    case .wrongArity: "wrong number of arguments"
    case .typeMismatch: "types do not fit"
    case .unknownField: "unknown field"
    case .missingField: "missing field"
    case .duplicateField: "field given twice"
    case .malformedValue: "value of the wrong form"
    case .notConstant: "constant needed"
    case .divisionByZero: "division by zero"
    case .numberOutOfRange: "number out of range"
    case .cyclicDefinition: "definition in terms of itself"
    case .nonlinear: "quotient by an unknown"
    case .indexOutOfRange: "index out of range"
    case .unknownOverride: "unknown parameter on the command line"
    case .missingParameterValue: "parameter without value"
    }
  }

  /// How much problems of this kind matter.
  package var severity: Severity {
    switch self {
    case .missingHeader,
      .trivialClaim,
      .normMismatch,
      .oneSidedErrorRate,
      .truncatedMass,
      .tooFewSamples,
      .contradiction,
      .redundantCondition,
      .redundantProperty,
      .missingFrame,
      .emptyContract,
      .untestedProperty,
      .openGoal,
      .unusedHazard,
      .missingDigest,
      .propertyWithoutHazard:
      .warning
    default: .error
    }
  }
}
