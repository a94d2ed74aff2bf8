/// The exit codes of every command.
package enum ExitCode: Int32, Hashable, Sendable, CaseIterable {
  /// Every property holds at its grade.
  case holds = 0
  /// Something is refuted or contradicted.
  case violated = 1
  /// Something is unknown, vacuous, undefined or below its grade, and nothing is violated.
  case undecided = 2
  /// Bad input or usage.
  case badInput = 3

  /// The code of answers; no answer at all is undecided, since nothing was shown.
  package static func summary(
    of answers: some Sequence<(verdict: Verdict, grade: Grade, requested: Grade)>
  ) -> ExitCode {
    var result: ExitCode?
    for answer in answers {
      if answer.verdict.isNegative { return .violated }
      let holds = answer.verdict.isPositive && answer.grade.satisfies(answer.requested)
      result = holds ? result ?? .holds : .undecided
    }
    return result ?? .undecided
  }
}

/// The exit codes of a replay.
package enum ReplayExitCode: Int32, Hashable, Sendable, CaseIterable {
  /// Valid, and signed by a trusted key unless any signer was accepted.
  case valid = 0
  /// Something does not replay, or is not signed as demanded.
  case invalid = 1
  /// Only a part was replayed or is answered, or the signer is not known.
  case partial = 2
  /// The certificate or a file cannot be read.
  case unreadable = 3
}
