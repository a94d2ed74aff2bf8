import ArgumentParser
import Certificates

/// Says what changed from one certificate to another.
struct Diff: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Say what changed from certificate A to certificate B.",
    discussion: """
      Structure and digests of both are checked; signatures are not examined and nothing is replayed. Exit codes: \
      0 nothing changed, 1 something did and B claims less or rests on more, 2 something else did, 3 bad input.
      """)

  @Argument(help: "The earlier bundle folder.", completion: .directory)
  var before: String
  @Argument(help: "The later bundle folder.", completion: .directory)
  var after: String
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let changes = CertificateChanges(from: try predicate(before), to: try predicate(after)).changes
    let isWeaker = changes.contains(where: \.isWeaker)
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            (
              "changes",
              .array(
                changes.map {
                  JSONOutput.object([
                    ("subject", .string($0.subject)), ("aspect", .string($0.aspect)),
                    ("before", .string($0.before)), ("after", .string($0.after)),
                    ("weaker", .bool($0.isWeaker)),
                  ])
                })
            ), ("weaker", .bool(isWeaker)),
          ])))
    } else if changes.isEmpty {
      print("nothing changed but times, identifiers, evidence and notes")
    } else {
      for change in changes { show(change) }
    }
    return changes.isEmpty ? .holds : isWeaker ? .violated : .undecided
  }

  private func predicate(_ bundle: String) throws -> CompliancePredicate {
    do {
      return try UnverifiedCertificate(bundle: bundle).check().predicate
    } catch {
      throw CommandFailure("\(bundle): \(error)")
    }
  }

  private func show(_ change: CertificateChanges.Change) {
    StandardStreams.line("\(change.subject), \(change.aspect)" + (change.isWeaker ? ": weaker" : ""))
    if !change.before.isEmpty { StandardStreams.line(Terminal.colored("  - \(change.before)", .red)) }
    if !change.after.isEmpty { StandardStreams.line(Terminal.colored("  + \(change.after)", .green)) }
  }
}
