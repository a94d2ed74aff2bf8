/// Which clock says at what moment a certificate must count.
///
/// A period is judged by a clock that may be wrong, and nothing in a certificate can correct it; so every judgement names
/// the clock that was believed.
package enum BelievedClock: String, Hashable, Sendable, CaseIterable {
  /// That of the machine which checks.
  case machine = "this machine's clock"
  /// Whoever checks gave the moment.
  case option = "--at"

  /// What the machine's clock shows.
  ///
  /// - Parameter seconds: Seconds since 1970-01-01T00:00:00Z.
  /// - Throws: `CertificateError` READ for a clock outside the years 1970 to 9999, whose periods nobody can judge.
  package static func reading(_ seconds: Double) throws(CertificateError) -> Timestamp {
    guard let whole = Int(exactly: seconds.rounded(.down)), let moment = Timestamp(secondsSince1970: whole)
    else {
      throw CertificateError(
        .read, at: BelievedClock.machine.rawValue, "it shows a time outside the years 1970 to 9999",
        fix: "set the clock, or give the moment with `--at`")
    }
    return moment
  }
}
