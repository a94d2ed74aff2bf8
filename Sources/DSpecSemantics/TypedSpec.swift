package import Diagnostics
package import RigorousArithmetic

/// The value of a parameter.
package enum ParameterValue: Hashable, Sendable {
  /// An exact number.
  case number(Rational)
  /// The case at `index` of an enumeration.
  case enumCase(EnumType, index: Int)
}

/// A declared parameter with its resolved value.
package struct ParameterDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The declared type: real, integer or enumeration.
  package let type: ValueType
  /// The value, of the declared type and in its range.
  package let value: ParameterValue
  /// Whether the value was given from outside instead of by the declaration.
  package let isOverridden: Bool
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a parameter.
  package init(
    name: String, type: ValueType, value: ParameterValue, isOverridden: Bool, span: SourceSpan
  ) {
    self.name = name
    self.type = type
    self.value = value
    self.isOverridden = isOverridden
    self.span = span
  }
}

/// A specification after all checks: names resolved, types and shapes checked, numbers exact.
///
/// It exists only for specifications without errors. Names are unique over all kinds of declarations;
/// a declaration of an imported file bears the alias of the import before its name, as in `m.G`. Every
/// list is in declaration order, imported files before the file that imports them.
package struct TypedSpec: Sendable {
  /// The module name of the root file, or nil where it declares none.
  package let module: String?
  /// The source files; the root file comes first, texts of outside parameter values last.
  package let sources: SourceMap
  /// The enumerations.
  package let enums: [EnumType]
  /// The parameters.
  package let parameters: [ParameterDeclaration]
  /// The domains.
  package let domains: [DomainDeclaration]
  /// The sets of weights.
  package let weightDomains: [WeightDomainDeclaration]
  /// The laws.
  package let laws: [LawDeclaration]
  /// The networks.
  package let networks: [NetworkDeclaration]
  /// The samplers.
  package let samplers: [SamplerDeclaration]
  /// The mitigations.
  package let mitigations: [MitigationDeclaration]
  /// The datasets.
  package let datasets: [DatasetDeclaration]
  /// The hazards.
  package let hazards: [HazardDeclaration]
  /// The trainings.
  package let trainings: [TrainingDeclaration]
  /// The goals of the root file.
  package let goals: [GoalDeclaration]
  /// The tests of the root file.
  package let tests: [TestDeclaration]
  /// The properties of the root file; those of imported files are checked but not listed.
  package let properties: [Property]

  /// Makes a specification from checked declarations.
  package init(
    module: String?, sources: SourceMap, enums: [EnumType], parameters: [ParameterDeclaration],
    domains: [DomainDeclaration], weightDomains: [WeightDomainDeclaration] = [], laws: [LawDeclaration],
    networks: [NetworkDeclaration],
    samplers: [SamplerDeclaration], mitigations: [MitigationDeclaration],
    datasets: [DatasetDeclaration], hazards: [HazardDeclaration], trainings: [TrainingDeclaration] = [],
    goals: [GoalDeclaration] = [], tests: [TestDeclaration] = [], properties: [Property]
  ) {
    self.module = module
    self.sources = sources
    self.enums = enums
    self.parameters = parameters
    self.domains = domains
    self.weightDomains = weightDomains
    self.laws = laws
    self.networks = networks
    self.samplers = samplers
    self.mitigations = mitigations
    self.datasets = datasets
    self.hazards = hazards
    self.trainings = trainings
    self.goals = goals
    self.tests = tests
    self.properties = properties
  }

  /// The network of a name, or nil.
  package func network(named name: String) -> NetworkDeclaration? {
    networks.first { $0.name == name }
  }

  /// The sampler of a name, or nil.
  package func sampler(named name: String) -> SamplerDeclaration? {
    samplers.first { $0.name == name }
  }

  /// The mitigation that yields the pipeline of a name, or nil.
  package func mitigation(yielding name: String) -> MitigationDeclaration? {
    mitigations.first { $0.yields == name }
  }

  /// The dataset of a name, or nil.
  package func dataset(named name: String) -> DatasetDeclaration? {
    datasets.first { $0.name == name }
  }

  /// The property of a name, or nil.
  package func property(named name: String) -> Property? {
    properties.first { $0.name == name }
  }
}
