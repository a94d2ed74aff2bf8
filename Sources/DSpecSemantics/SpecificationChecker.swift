import DSpecSyntax
package import Diagnostics
import RigorousArithmetic

/// What checking a specification gives.
package struct CheckedSpecification: Sendable {
  /// The specification; nil if there are errors.
  package let spec: TypedSpec?
  /// All problems, in source order.
  package let diagnostics: [Diagnostic]
  /// The files that the diagnostics refer to.
  package let sources: SourceMap
}

/// Checks specifications: imports, names, types, shapes, units and claims.
package enum SpecificationChecker {
  /// The one version of the language that is read.
  package static let languageVersion = "1.0"

  /// Reads the file at `root` and all that it imports, and checks them.
  ///
  /// `parameters` gives values for parameters from outside, as constant expressions of the language by
  /// parameter name (`tau`, or `m.tau` for a parameter of an imported file). Never traps or throws: every
  /// problem, an unreadable root included, is a diagnostic.
  package static func check(
    root: String, loader: some SourceLoader, parameters: [String: String] = [:]
  ) -> CheckedSpecification {
    var modules = ModuleLoader(loader)
    modules.load(root: root)
    var checker = Checker(modules)
    checker.readOverrides(parameters)
    checker.checkAll()
    let diagnostics = checker.diagnostics.inSourceOrder()
    return CheckedSpecification(
      spec: diagnostics.hasErrors ? nil : checker.makeSpec(), diagnostics: diagnostics,
      sources: checker.sources)
  }
}

/// The state of one check.
///
/// A function that returns nil has reported why, or met something that was reported before; callers add
/// nothing to it. Declarations are checked on demand, so their order does not matter.
struct Checker {
  /// What is known of a declaration.
  enum State {
    case visiting
    case done(Entity?)
  }

  var sources: SourceMap
  let modules: [LoadedModule]
  let order: [Int]
  var diagnostics: [Diagnostic]
  /// The declarations of each module by name.
  var scopes: [[String: DeclarationReference]] = []
  var states: [DeclarationReference: State] = [:]
  /// Values from outside by qualified parameter name.
  var overrides: [String: ExpressionSyntax] = [:]
  /// The nesting of demands, bounded by `maximumDemandDepth`.
  var demandDepth = 0
  /// The nesting of `typed`, over all declarations being checked.
  var typedDepth = 0
  /// Places of numbers that the lexer has rejected.
  let malformedNumbers: Set<SourceSpan>
  /// The hazards that some property mitigates, by qualified name.
  var mitigatedHazards: Set<String> = []
  /// Whether the hazards of some property could not be read.
  var hasBrokenMitigates = false
  var properties: [Property] = []
  var goals: [GoalDeclaration] = []
  var tests: [TestDeclaration] = []
  /// How often definitions were used, bounded by `maximumUnfoldings`.
  var unfoldings = 0
  /// What may stand in expressions by qualified name; mitigations by the name of what they yield.
  var entities: [String: Entity] = [:]

  /// The greatest nesting of expressions over all declarations being checked, which bounds the stack.
  static let maximumTypedDepth = 768
  /// The greatest depth to which declarations may build on one another.
  static let maximumDemandDepth = 64

  init(_ loader: ModuleLoader) {
    sources = loader.sources
    modules = loader.modules
    order = loader.order
    diagnostics = loader.diagnostics
    malformedNumbers = Set(loader.diagnostics.filter { $0.code == .malformedNumber }.map(\.span))
    for module in modules.indices { scopes.append(declareNames(of: module)) }
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, notes: [DiagnosticNote] = [],
    help: String? = nil, fixIts: [FixIt] = []
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, notes: notes, help: help, fixIts: fixIts))
  }

  /// Checks every declaration of every module.
  mutating func checkAll() {
    for module in order {
      for index in modules[module].syntax.declarations.indices {
        _ = entity(DeclarationReference(module: module, index: index, isYield: false))
      }
    }
    checkContracts()
    checkDerivations()
    checkHazardUse()
    checkTests()
    checkCompleteness()
  }

  /// No property is left out in silence: one that was not understood without any error being reported is an error.
  private mutating func checkCompleteness() {
    guard let root = modules.first, !diagnostics.hasErrors else { return }
    let known = Set(properties.map(\.name))
    for declaration in root.syntax.declarations {
      guard declaration.keyword == .property, let name = declaration.name, !known.contains(name.text) else {
        continue
      }
      report(.malformedValue, "the property `\(name.text)` was not understood", at: name.span)
    }
  }

  /// Whether the specification speaks of hazards at all, its own or imported ones.
  var namesHazards: Bool {
    modules.contains { module in module.syntax.declarations.contains { $0.keyword == .hazard } }
  }

  private mutating func checkHazardUse() {
    // A file without properties is a library of hazards for others to mitigate.
    guard let root = modules.first, !hasBrokenMitigates,
      root.syntax.declarations.contains(where: { $0.keyword == .property })
    else { return }
    for (index, declaration) in root.syntax.declarations.enumerated() {
      guard case .hazard = declaration.body, let name = declaration.name,
        !mitigatedHazards.contains(name.text)
      else { continue }
      let reference = DeclarationReference(module: 0, index: index, isYield: false)
      if case .done(.hazard(let hazard)?) = states[reference], hazard.accepted != nil { continue }
      report(
        .unusedHazard, "no property mitigates `\(name.text)`", at: name.span,
        help:
          "add a property with `mitigates: \(name.text)`, or say why the risk is accepted with `accepted: \"…\"`"
      )
    }
  }

  /// Where a specification has tests, every property that a goal rests on should be seen to fail in one.
  private mutating func checkTests() {
    guard !tests.isEmpty else { return }
    let seen = Set(tests.flatMap(\.expectations).filter { $0.verdict == .refuted }.map(\.property))
    for goal in goals {
      for name in goal.properties where !seen.contains(name) {
        guard let property = properties.first(where: { $0.name == name }) else { continue }
        report(
          .untestedProperty, "no test shows that `\(name)` can fail", at: property.span,
          help: "add a test with a wrong network and `expect: refuted(\(name))`")
      }
    }
  }

  /// The specification; call it only where no errors were reported.
  func makeSpec() -> TypedSpec {
    var found: [Entity] = []
    for module in order {
      for index in modules[module].syntax.declarations.indices {
        let reference = DeclarationReference(module: module, index: index, isYield: false)
        if case .done(let entity?) = states[reference] { found.append(entity) }
      }
    }
    func all<T>(_ pick: (Entity) -> T?) -> [T] { found.compactMap(pick) }
    return TypedSpec(
      module: modules.first?.syntax.module?.text, sources: sources,
      enums: all { if case .enumeration(let value) = $0 { value } else { nil } },
      parameters: all { if case .parameter(let value) = $0 { value } else { nil } },
      domains: all { if case .domain(let value) = $0 { value } else { nil } },
      weightDomains: all { if case .weightDomain(let value) = $0 { value } else { nil } },
      laws: all { if case .law(let value) = $0 { value } else { nil } },
      networks: all { if case .network(let value) = $0 { value } else { nil } },
      samplers: all { if case .sampler(let value) = $0 { value } else { nil } },
      mitigations: all { if case .mitigation(let value) = $0 { value } else { nil } },
      datasets: all { if case .dataset(let value) = $0 { value } else { nil } },
      hazards: all { if case .hazard(let value) = $0 { value } else { nil } },
      trainings: all { if case .training(let value) = $0 { value } else { nil } }, goals: goals, tests: tests,
      properties: properties)
  }
}
