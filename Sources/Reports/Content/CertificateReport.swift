package import Certificates
package import DSpecSemantics
package import Diagnostics
package import Replay

/// A certificate as reports show it: every format is written from this.
///
/// It is made of the bundle alone. It does not exist where structure, digests or records of the bundle do not check, so
/// that no report says `proved` of such a bundle.
package struct CertificateReport: Sendable {
  /// The certificate.
  package let contents: CertificateContents
  /// The specification; nil where the certificate is about a network and a VNN-LIB file.
  package let spec: TypedSpec?
  /// The files of the specification, the root file first, or the VNN-LIB file.
  package let sourceFiles: [SourceFile]
  /// Properties of the specification that the certificate does not answer.
  package let uncovered: [String]
  /// What is known of the signatures.
  package let signature: SignatureState
  /// What others than the issuer say of it, in files beside the certificate that were checked; in words.
  package let attested: [String]
  /// Whether a trusted key made the signatures that they speak of.
  package let isAttestationExamined: Bool
  /// The moment for which the report is made; within the certificate's period.
  package let moment: Timestamp
  /// What the replay found, where one was made.
  package let replay: ReplayReport?
  /// The answers in the certificate's order.
  package let properties: [PropertyReport]

  /// Reads a certificate whose structure and digests are checked.
  ///
  /// - Parameters:
  ///   - policy: the trusted keys.
  ///   - moment: the moment at which the certificate must count, and whose it is.
  ///   - attested: what others than the issuer say, in words, and when a signature was seen.
  ///   - replays: whether the evidence is replayed.
  ///   - workers: for the replay.
  /// - Throws: `CertificateError` where it does not count or a signature is false, `ReplayError` where a record does not
  ///   follow from specification, models and evidence as far as these are looked at.
  package init(
    _ contents: CertificateContents, policy: TrustPolicy, at moment: Timestamp,
    by clock: BelievedClock = .option,
    attested: (lines: [String], seen: SeenSignature?, isExamined: Bool) = ([], nil, true),
    replays: Bool, workers: Int
  ) async throws {
    try contents.checkPeriod(at: moment, by: clock)
    signature = SignatureState(try policy.decide(on: contents, seen: attested.seen), policy)
    self.attested = attested.lines
    isAttestationExamined = attested.isExamined
    self.contents = contents
    self.moment = moment
    switch contents.predicate.spec.language {
    case .dspec:
      let reading = try BundleReading(contents)
      replay = replays ? try await BundleReplay.run(reading, workers: workers) : nil
      var properties: [PropertyReport] = []
      for answer in reading.answers { properties.append(try await PropertyReport(answer, of: reading)) }
      self.properties = properties
      spec = reading.spec
      sourceFiles = reading.spec.sources.sourceFiles
      uncovered = reading.uncovered
    case .vnnlib:
      let reading = try NetworkReading(contents)
      replay = replays ? try await BundleReplay.run(reading, workers: workers) : nil
      let file = SourceFile(name: reading.question.property.name, utf8: reading.question.property.bytes)
      properties = [try await PropertyReport(reading, place: SourcePlace(firstLineOf: file))]
      spec = nil
      sourceFiles = [file]
      uncovered = []
    }
  }

  /// The statement.
  package var predicate: CompliancePredicate { contents.predicate }

  /// What the report is about: the module's name or that of the root file.
  package var subject: String { spec?.module ?? predicate.spec.root.text }

  /// Number of properties of each standing.
  package func count(_ standing: Standing) -> Int {
    standing == .unanswered
      ? uncovered.count : properties.count { $0.standing == standing }
  }

  /// The standing of the whole: violated where one property is, open where one does not hold.
  package var standing: Standing {
    if count(.violated) > 0 { return .violated }
    return count(.holds) == properties.count && uncovered.isEmpty && !properties.isEmpty
      ? .holds : .open
  }

  /// The standing of a property by name.
  package func standing(of name: String) -> Standing {
    properties.first { $0.record.id == name }?.standing ?? .unanswered
  }

  /// The answer in one line.
  package var headline: String {
    let all = properties.count + uncovered.count
    switch standing {
    case .holds: return all == 1 ? "The property holds" : "All \(all) properties hold"
    case .violated:
      let violated = count(.violated)
      return "\(violated) of \(all) properties \(violated == 1 ? "is" : "are") violated"
    default:
      let open = all - count(.holds)
      return "\(open) of \(all) properties \(open == 1 ? "is" : "are") not shown to hold"
    }
  }

  /// The counts behind the headline, in words.
  package var summary: String {
    let parts: [(Standing, String, String)] = [
      (.holds, "holds", "hold"), (.violated, "is violated", "are violated"),
      (.belowGrade, "holds by weaker evidence than asked for", "hold by weaker evidence than asked for"),
      (.open, "is undecided", "are undecided"), (.unanswered, "is not answered", "are not answered"),
    ]
    let texts = parts.compactMap { standing, one, many -> String? in
      let number = count(standing)
      return number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
    }
    return texts.joined(separator: ", ") + "."
  }
}
