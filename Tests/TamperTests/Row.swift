import Certificates
import Synchronization
import Tampering
import Testing

/// The bundles that rows start from; each is made once and replays as valid before it is changed.
enum Base: String, CaseIterable, Sendable {
  /// The starting project, with a property for every kind of evidence.
  case pipeline
  /// One property whose threshold is so near to the bound that single precision exceeds it.
  case tight
  /// A specification that names one file as a network twice, and as a dataset.
  case namesakes
  /// A network and a formula that no input meets.
  case unsat
  /// A network and a formula that an input meets.
  case sat
  /// A proof by splits of phases.
  case phases
  /// A proof by splits of phases whose leaves have weights.
  case weighted
  /// A proof by cells on which the parts of a formula are weighed.
  case weighed

  private static let bundles = Mutex<[Base: Task<ValidBundle, any Error>]>([:])

  var bundle: ValidBundle {
    get async throws {
      // Made for whoever asks first, so that nothing is at work when the tests that were asked for have ended.
      let task = Base.bundles.withLock { bundles in
        let task = bundles[self] ?? Task { try await make() }
        bundles[self] = task
        return task
      }
      return try await task.value
    }
  }

  private func make() async throws -> ValidBundle {
    switch self {
    case .pipeline: return try await PipelineBundle.make(PipelineProperty.allCases)
    case .tight: return try await PipelineBundle.tight()
    case .namesakes: return try await PipelineBundle.namesakes()
    case .unsat: return try await NetworkBundle.unsat.make()
    case .sat: return try await NetworkBundle.sat.make()
    case .phases: return try await NetworkBundle.phases.make()
    case .weighted: return try await NetworkBundle.weighted.make()
    case .weighed: return try await NetworkBundle.weighed.make()
    }
  }
}

/// Who makes the change.
enum Changer: String, Sendable {
  /// Anybody: digests and signatures stay as they were, and have to give the change away.
  case anybody
  /// Whoever holds the trusted key: all digests, sizes and identifiers are computed anew and signed, so that the rule has to
  /// give the change away.
  case keyHolder
}

/// What the checker has to answer.
enum Answer: Sendable {
  /// Exit code 1 and a code, with nothing else on standard output.
  case refused(String)
  /// Exit code 1 with one of some codes: which fault is met first depends on where the change falls.
  case refusedAs([String])
  /// Exit code 3, a code on standard error, and nothing on standard output: a fault of what the reviewer gave.
  case unreadable(String)
  /// Exit code 0: the change is of no consequence, or states something that is true.
  case accepted

  /// The codes that are right.
  var codes: [String] {
    switch self {
    case .refused(let code), .unreadable(let code): [code]
    case .refusedAs(let codes): codes
    case .accepted: []
    }
  }
}

/// One way to tamper with a bundle, and the answer to it.
struct Row: Sendable, CustomTestStringConvertible {
  /// Its number in `TamperTable`.
  let number: Int
  /// What is done.
  let name: String
  let base: Base
  let changer: Changer
  let answer: Answer
  /// The changed bundles, at least one.
  let variants: @Sendable (Attempt) throws -> [Attempt]

  /// A row of one change.
  init(
    _ number: Int, _ name: String, _ base: Base = .pipeline, by changer: Changer, _ answer: Answer,
    _ change: @escaping @Sendable (inout Attempt) throws -> Void
  ) {
    self.number = number
    self.name = name
    self.base = base
    self.changer = changer
    self.answer = answer
    variants = { attempt in
      var changed = attempt
      try change(&changed)
      return [changed]
    }
  }

  /// A row of one change for each of some values.
  init<Value: Sendable>(
    _ number: Int, _ name: String, _ base: Base = .pipeline, by changer: Changer, _ answer: Answer,
    each values: [Value], _ change: @escaping @Sendable (inout Attempt, Value) throws -> Void
  ) {
    self.number = number
    self.name = name
    self.base = base
    self.changer = changer
    self.answer = answer
    variants = { attempt in
      try values.map { value in
        var changed = attempt
        try change(&changed, value)
        return changed
      }
    }
  }

  var testDescription: String {
    "\(number) \(name), \(base.rawValue), by \(changer == .anybody ? "anybody" : "the key holder")"
  }
}

extension Attempt {
  /// The bundle as it is handed to the reviewer.
  func finished(by changer: Changer) throws -> BundleImage {
    if isSealed { return image }
    switch (changer, payload) {
    case (.anybody, _): return image
    case (.keyHolder, let payload?): return try signer.signed(image, payload: payload)
    case (.keyHolder, nil): return try signer.sealed(image, statement)
    }
  }
}
