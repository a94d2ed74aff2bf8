import Certificates
import Evidence
import Replay
import SeededDraws
import Tampering
import VerificationProblem

/// Decides whether a bundle may be called valid.
///
/// By anybody. A changed bundle may be called valid and signed by the trusted key only if the signed bytes and every other
/// file are what they were: the change then lies in what DSSE declares to be hints, the `keyid` and unknown members of the
/// envelope, or in another spelling of its JSON and base64.
///
/// By the key holder. He may state anything that is true. So a bundle may be called valid only if
///
/// - where specification, models, data and parameters are what they were, each record states the same claim (title, text,
///   hazards, formula, obligation, thresholds, grade asked for), assumptions and scope leave nothing out, and each decided
///   verdict is the old one or a decision on an answer that was open;
/// - whatever the question is, no verdict and no recorded bound contradicts what plain doubles show at many points, see
///   `NumericClaim`;
/// - an answer from samples rests on the very samples of the unchanged bundle;
/// - properties that are not answered are reported, so that the result is partial.
///
/// Not examined, since a certificate says that they are not: nodes, note, details, tool, issuer, supersedes, extensions and
/// the period, besides whether the moment lies in it. A statement for an older checker may leave out what that one did not
/// know, see `isOlder`.
struct Oracle {
  let base: ValidBundle

  /// Why a bundle should not have been called valid; nil where nothing speaks against it.
  func objection(
    to image: BundleImage, isSealed: Bool, _ report: ReplayReport, _ contents: CertificateContents,
    isWhole: Bool, _ generator: inout SeededGenerator
  ) -> String? {
    if !isSealed {
      guard image.payload == base.image.payload else { return "the payload differs and nobody signed it" }
      let differing = Set(image.entries.keys).union(base.image.entries.keys).filter {
        $0 != BundleImage.certificate && image.entries[$0] != base.image.entries[$0]
      }
      return differing.isEmpty ? nil : "\(differing.sorted()) differ and nobody signed them"
    }
    guard let statement = image.payload.flatMap({ try? JSONValue.parse($0) }) else {
      return "the payload is no statement"
    }
    if statement == base.statement, image == base.image { return nil }
    return objection(to: statement, image, report, contents, isWhole, &generator)
  }

  private func objection(
    to statement: JSONValue, _ image: BundleImage, _ report: ReplayReport, _ contents: CertificateContents,
    _ isWhole: Bool, _ generator: inout SeededGenerator
  ) -> String? {
    let asksTheSame =
      image.entries.filter { Self.isInput($0.key) } == base.image.entries.filter { Self.isInput($0.key) }
      && statement.value(at: "predicate/spec/parameters")
        == base.statement.value(at: "predicate/spec/parameters")
    let records = contents.predicate.properties
    if isWhole, asksTheSame,
      records.count < (base.statement.value(at: "predicate/properties")?.arrayValue?.count ?? 0)
    {
      return "properties are missing and the result is not partial"
    }
    let questions: [String: Obligation]
    do {
      questions = try DerivedStatement(image, statement).questions
    } catch {
      return "the files ask no question: \(error)"
    }
    if asksTheSame, let objection = objectionToWords(statement, isWhole) { return objection }
    for record in records {
      if asksTheSame, let objection = objectionToClaim(of: record, statement) { return objection }
      if let objection = objection(to: record, questions, image, &generator) {
        return "\(record.id): \(objection)"
      }
    }
    return nil
  }

  private static func isInput(_ path: String) -> Bool {
    ["spec/", "models/", "data/"].contains { path.hasPrefix($0) }
  }

  // MARK: Words

  private func objectionToWords(_ statement: JSONValue, _ isWhole: Bool) -> String? {
    for member in ["assumptions", "scope"] {
      let old = base.statement.value(at: "predicate/" + member)?.arrayValue ?? []
      let new = statement.value(at: "predicate/" + member)?.arrayValue ?? []
      // A partial certificate speaks of fewer properties, so that lines about the others may go.
      if isWhole, !old.allSatisfy(new.contains) { return "\(member) leave something out" }
      if new.isEmpty { return "no \(member)" }
    }
    for member in ["model", "oracles", "mappings", "spec/languageVersion", "spec/canonicalAst"] where isWhole
    {
      // What is decided is evidence; with fewer verdicts there is less of it.
      if member == "mappings", Self.decided(statement) != Self.decided(base.statement) { continue }
      let new = statement.value(at: "predicate/" + member)
      guard new == base.statement.value(at: "predicate/" + member) else { return "\(member) differs" }
    }
    let seeds = "predicate/seedCheckpoint"
    guard statement.value(at: seeds) == base.statement.value(at: seeds) else { return "seeds differ" }
    for member in ["samplers", "models", "datasets", "arithmetic"] where isWhole {
      // Files are listed in any order.
      let (old, new) = (
        base.statement.value(at: "predicate/" + member), statement.value(at: "predicate/" + member)
      )
      let areFiles = member == "models" || member == "datasets"
      let isSame = areFiles ? Set(old?.arrayValue ?? []) == Set(new?.arrayValue ?? []) : old == new
      guard isSame else { return "\(member) differ" }
    }
    return nil
  }

  /// The names of the properties that a statement calls decided.
  private static func decided(_ statement: JSONValue) -> [JSONValue?] {
    (statement.value(at: "predicate/properties")?.arrayValue ?? []).filter {
      Verdict(rawValue: $0.value(at: "verdict")?.stringValue ?? "")?.isDecided ?? false
    }.map { $0.value(at: "id") }
  }

  private func objectionToClaim(of record: PropertyRecord, _ statement: JSONValue) -> String? {
    guard let index = try? base.index(of: record.id),
      let old = base.statement.value(at: "predicate/properties/\(index)"),
      let new = (statement.value(at: "predicate/properties")?.arrayValue ?? []).first(where: {
        $0.value(at: "id") == .string(record.id)
      })
    else { return "`\(record.id)` was not there" }
    for member in ["title", "text", "hazards", "formula", "obligation", "threshold", "requestedGrade"]
    where old.value(at: member) != new.value(at: member) {
      return "\(member) of `\(record.id)` differs"
    }
    for member in ["arithmetic", "sampling"] {
      let value = new.value(at: member)
      guard value == old.value(at: member) || !record.verdict.isDecided
      else { return "\(member) of `\(record.id)` differs" }
    }
    if record.verdict.isDecided,
      let before = old.value(at: "verdict")?.stringValue.flatMap(Verdict.init(rawValue:)),
      before.isDecided, before != record.verdict
    {
      return "`\(record.id)` was \(before.rawValue) and is \(record.verdict.rawValue)"
    }
    return nil
  }

  // MARK: Numbers

  private func objection(
    to record: PropertyRecord, _ questions: [String: Obligation], _ image: BundleImage,
    _ generator: inout SeededGenerator
  ) -> String? {
    let bytes = record.evidence.first.flatMap { image["evidence/sha256/\($0.digest.hex)"] }
    let evidence = bytes.flatMap { try? ProofEvidence(decoding: $0) }
    guard record.verdict.isDecided || record.bounds != nil else { return nil }
    guard let evidence else { return "decided without evidence" }
    if case .samples = evidence {
      // The same samples may stand in a file of the older format.
      let isKnown = base.image.paths.contains { path in
        path.hasPrefix("evidence/") && (try? ProofEvidence(decoding: base.image[path] ?? [])) == evidence
      }
      return isKnown ? nil : "decided by other samples"
    }
    let (lower, upper) = (record.bounds?.lower, record.bounds?.upper)
    if let question = questions[record.id] {
      return objection(
        to: record.verdict, evidence, NumericClaim(obligation: question), lower, upper, &generator)
    }
    // A VNN-LIB file asks a question for each of its boxes.
    if case .witness(let box, let point) = evidence {
      guard record.verdict == .refuted, let question = questions["\(box)"] else {
        return "a witness of no box"
      }
      return NumericClaim(obligation: question).objectionToWitness(caseIndex: 0, point: point)
    }
    guard record.verdict == .proved else { return "trees refute no formula" }
    for question in questions.values {
      if let objection = NumericClaim(obligation: question).objectionToProof(&generator) { return objection }
    }
    return nil
  }

  private func objection(
    to verdict: Verdict, _ evidence: ProofEvidence, _ claim: NumericClaim, _ lower: Double?, _ upper: Double?,
    _ generator: inout SeededGenerator
  ) -> String? {
    if case .measure = claim.obligation.question {
      let holds = verdict == .proved ? true : verdict == .refuted ? false : nil as Bool?
      return claim.objectionToMeasure(holds: holds, lower: lower, upper: upper, &generator)
    }
    if case .witness(let index, let point) = evidence {
      guard verdict == .refuted else { return "a witness proves nothing" }
      return claim.objectionToWitness(caseIndex: index, point: point)
    }
    if verdict == .refuted { return "trees refute no claim about every point" }
    if lower != nil || upper != nil,
      let objection = claim.objectionToRange(lower: lower, upper: upper, &generator)
    {
      return objection
    }
    return verdict == .proved ? claim.objectionToProof(&generator) : nil
  }
}
