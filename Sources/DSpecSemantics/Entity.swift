import DSpecSyntax
import Diagnostics

/// What a name of a specification stands for, after its declaration was checked.
enum Entity {
  case enumeration(EnumType)
  case parameter(ParameterDeclaration)
  case domain(DomainDeclaration)
  case weightDomain(WeightDomainDeclaration)
  case law(LawDeclaration)
  case network(NetworkDeclaration)
  case sampler(SamplerDeclaration)
  case mitigation(MitigationDeclaration)
  /// The pipeline that a mitigation makes, with the sampler it is made from.
  case pipeline(MitigationDeclaration, SamplerDeclaration)
  case dataset(DatasetDeclaration)
  case hazard(HazardDeclaration)
  case definition(Definition)
  case goal
  case training(TrainingDeclaration)
  case property

  /// The kind with its article, for messages.
  var kindText: String {
    switch self {
    case .enumeration: "an enumeration"
    case .parameter: "a parameter"
    case .domain: "a domain"
    case .weightDomain: "a set of weights"
    case .law: "a law"
    case .network: "a network"
    case .sampler: "a sampler"
    case .mitigation: "a mitigation"
    case .pipeline: "a mitigated sampler"
    case .dataset: "a dataset"
    case .hazard: "a hazard"
    case .definition: "a definition"
    case .goal: "a goal"
    case .training: "a training"
    case .property: "a property"
    }
  }
}

/// A declaration of one module before it is checked.
struct DeclarationReference: Hashable {
  /// The module.
  let module: Int
  /// The position among the module's declarations.
  let index: Int
  /// Whether the name is the one that a mitigation yields.
  let isYield: Bool
}

/// A name as found by the resolver.
enum Resolved {
  /// A variable of the claim.
  case variable(Binder)
  /// A checked declaration.
  case entity(Entity, name: String)
  /// A case of an enumeration.
  case enumCase(EnumType, index: Int)
  /// The argument of a definition.
  case value(TypedExpression)
}
