import CertificateAttestations
import Certificates
import ExactLeaves
import Foundation
import Replay
import RigorousArithmetic

/// What a replay prints.
struct ReplayOutput {
  let json: Bool
  var attestations = Attestations()
  /// Chunks that an earlier, interrupted replay had closed.
  var resumedChunks = 0

  /// A certificate whose every step was derived again.
  func show(
    _ report: ReplayReport, _ decision: TrustDecision, _ contents: CertificateContents, at moment: Timestamp,
    by clock: BelievedClock, anySigner: Bool
  ) -> ReplayExitCode {
    let isPartial = !report.uncovered.isEmpty || report.coverage != nil
    let isExact = report.exact?.isComplete ?? true
    let signer: String
    var isTrusted = anySigner
    switch decision {
    case .trusted(let keys):
      signer = "trusted signer \(keys.joined(separator: ", "))"
      isTrusted = true
    case .unknownSigner(let keys):
      signer =
        "unknown signer \(keys.joined(separator: ", ")): the signature was not examined, give --trust KEY.pub.pem"
    }
    // A replay of some chunks is never called valid.
    let word = report.coverage != nil ? "partial" : isPartial ? "valid, partial" : "valid"
    if json {
      var properties: [JSONValue] = []
      for item in report.properties {
        var object = JSONObject()
        object["property"] = .string(item.record.id)
        object["verdict"] = .string(item.record.verdict.rawValue)
        object["grade"] = .string(item.record.grade.rawValue)
        object["leaves"] = .integer(item.leaves)
        object["bounds"] = item.bounds.map(JSONValue.init(ends:))
        object[item.boundsLogits ? "probabilities" : "distances"] = item.written.map(JSONValue.init(ends:))
        if let part = item.part { object["replayed"] = .string(part.text) }
        properties.append(.object(object))
      }
      var object = JSONObject()
      object["replay"] = .string(word)
      object["signer"] = .string(signer)
      object["trusted"] = .bool(isTrusted)
      object["certificate"] = .string(contents.payloadDigest.hex)
      object["answers"] = .string(contents.predicate.summary)
      object["clock"] = .string(clock.rawValue)
      object["moment"] = .string(moment.text)
      object["properties"] = .array(properties)
      var parameters = JSONObject()
      for (name, value) in contents.predicate.spec.parameters { parameters[name] = .string(value) }
      object["parameters"] = .object(parameters)
      object["scope"] = .array(contents.predicate.scope.map { .string($0) })
      object["assumptions"] = .array(
        contents.predicate.assumptions.map { ["id": .string($0.id), "text": .string($0.text)] })
      object["nonVacuityNotShown"] = .array(
        report.properties.filter(\.mayBeVacuous).map { .string($0.record.id) })
      object["foreignModules"] = .array(report.foreignModules.map { .string($0) })
      object["uncovered"] = .array(report.uncovered.map { .string($0) })
      if let coverage = report.coverage {
        object["coverage"] = [
          "chunks": .integer(coverage.chunks), "of": .integer(coverage.of),
          "structureOnly": .array(coverage.structureOnly.map { .string($0) }),
        ]
      }
      if resumedChunks > 0 { object["resumedChunks"] = .integer(resumedChunks) }
      if let exact = report.exact { object["exact"] = exact.value }
      object["supersedes"] = .array(contents.predicate.supersedes.map { .string($0.hex) })
      object["seedChosenByAuthor"] = .array(
        report.properties.filter(\.hasChosenSeed).map { .string($0.record.id) })
      for (name, value) in attestations.members { object[name] = value }
      write(object)
    } else {
      for (name, value) in contents.predicate.spec.parameters.sorted(by: { $0.key < $1.key }) {
        StandardStreams.line("parameter \(name) = \(value), set from outside the specification")
      }
      for line in contents.predicate.scope { StandardStreams.line("scope: \(line)") }
      for item in contents.predicate.assumptions where !item.isDischarged {
        StandardStreams.line("assumption \(item.id), not discharged: \(item.text)")
      }
      let width = report.properties.map(\.record.id.count).max() ?? 0
      for item in report.properties {
        let name = item.record.id + String(repeating: " ", count: width - item.record.id.count)
        // Of what is vacuous they bound what it presupposes.
        let shown = item.record.verdict == .vacuous ? nil : item.written ?? item.bounds
        let bounds = shown.map { "  [\($0.lower), \($0.upper)]" } ?? ""
        let verdict = item.record.verdict
        let isUnshown = (verdict == .vacuous || verdict == .undefined) && item.record.evidence.isEmpty
        let means = isUnshown ? ", as the issuer says" : ""
        let answer = item.record.answer + means
        if let part = item.part, part != .whole {
          StandardStreams.line("\(name)  recorded is \(answer); \(part.text)")
        } else {
          StandardStreams.line("\(name)  \(answer)  \(item.leaves) leaves\(bounds)")
        }
        if verdict == .unknown, let note = item.record.note {
          StandardStreams.line("\(name)  says the issuer: \(note)")
        }
      }
      for item in report.properties where item.mayBeVacuous {
        StandardStreams.line("\(item.record.id)  non-vacuity not shown")
      }
      for name in report.uncovered { StandardStreams.line("\(name)  not answered by this certificate") }
      for name in report.foreignModules {
        StandardStreams.line(
          "module \(name): not the standard library's of this checker, and what it means stands in it alone")
      }
      for line in contents.predicate.identity { StandardStreams.line(line) }
      for item in report.properties where item.hasChosenSeed {
        StandardStreams.line("\(item.record.id)  seed chosen by the author: no later checkpoint enters it")
      }
      for line in attestations.lines { StandardStreams.line(line) }
      if resumedChunks > 0 {
        StandardStreams.line(
          "\(resumedChunks) chunks of leaves were replayed before, says the state that was gone on from")
      }
      switch report.exact {
      case .leaves(let found): StandardStreams.line("exact: \(found.text)")
      case .answers(let answers):
        for answer in answers { StandardStreams.line("exact: \(answer.name)  \(answer.text)") }
        if answers.isEmpty { StandardStreams.line("exact: no answer rests on leaves") }
      case nil: break
      }
      StandardStreams.line("counts at \(moment) by \(clock.rawValue), until \(contents.predicate.expiresAt)")
      StandardStreams.line(signer)
      StandardStreams.line("it says: \(contents.predicate.summary)")
      let rest = isExact ? "" : ", not all of it derived in exact arithmetic"
      StandardStreams.line(report.coverage.map { "\(word): replayed \($0.text)" } ?? word + rest)
    }
    return isPartial || !isTrusted || !isExact ? .partial : .valid
  }

  /// A step that does not hold.
  func invalid(_ code: String, _ step: String, _ reason: String) -> ReplayExitCode {
    if json {
      var object = JSONObject()
      object["replay"] = .string("invalid")
      object["code"] = .string(code)
      object["step"] = .string(step)
      object["reason"] = .string(reason)
      write(object)
    } else {
      StandardStreams.line("invalid(\(step), \(code): \(reason))")
    }
    return .invalid
  }

  /// A bundle that is refused before anything is replayed.
  func refused(_ error: CertificateError) -> ReplayExitCode {
    guard Self.isVerdict(error) else { return unreadable("\(error)") }
    return invalid(error.code.rawValue, error.place, "\(error.message); \(error.fix)")
  }

  /// A failure that says nothing of the certificate.
  func unreadable(_ text: String) -> ReplayExitCode {
    let code = ReplayExitCode.unreadable
    FailureMessage.write(text, code: code.rawValue, json: json)
    return code
  }

  /// Whether an error says something of the certificate, and not of a key or a file that the reviewer named.
  static func isVerdict(_ error: CertificateError) -> Bool {
    switch error.code {
    case .read, .write, .exists, .trust, .keyFormat, .keyType, .keyIsPrivate, .keyIsPublic, .keyEncrypted,
      .keyPassphrase, .keyWeak, .keyDuplicate, .keySmallOrder, .keyNonCanonical:
      return false
    default: return true
    }
  }

  private func write(_ object: JSONObject) {
    guard let bytes = try? JSONValue.object(object).canonicalBytes() else { return }
    print(String(decoding: bytes, as: UTF8.self))
  }
}

extension ExactFindings {
  /// As a member of the answer.
  fileprivate var value: JSONValue {
    switch self {
    case .leaves(let report): report.value
    case .answers(let answers): ["answers": .array(answers.map(\.value)), "complete": .bool(isComplete)]
    }
  }
}

extension ExactlyAnswered {
  /// As a member of the answer.
  fileprivate var value: JSONValue {
    var object = JSONObject()
    object["property"] = .string(name)
    object["verdict"] = .string(verdict.rawValue)
    object["derived"] = .bool(isDerived)
    object["leaves"] = .integer(answer.leaves)
    object["notShown"] = JSONValue(counts: answer.notShown)
    if let measure = answer.measure {
      object["bounds"] = JSONValue(ends: measure)
    }
    return .object(object)
  }
}

extension JSONValue {
  fileprivate init(ends range: Interval) {
    self = .array([.string(range.lower.description), .string(range.upper.description)])
  }

  fileprivate init(counts: [String: Int]) {
    var object = JSONObject()
    for (name, count) in counts { object[name] = .integer(count) }
    self = .object(object)
  }
}

extension ExactReport {
  /// As a member of the answer.
  fileprivate var value: JSONValue {
    [
      "claimNothing": .integer(claimNothing), "drawn": .integer(drawn), "leaves": .integer(leaves),
      "notShown": JSONValue(counts: notShown),
      "reasons": JSONValue(counts: reasons),
      "shown": .integer(shown),
    ]
  }
}

extension ReplayedPart {
  /// In words.
  fileprivate var text: String {
    switch self {
    case .whole: "replayed as a whole"
    case .chunks(let chunks, let count): "\(chunks) of \(count) chunks replayed"
    case .structure: "structure checked, nothing replayed"
    }
  }
}
