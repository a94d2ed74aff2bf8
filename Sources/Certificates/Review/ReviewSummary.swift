/// What a set of receipts amounts to under a policy.
package struct ReviewSummary: Hashable, Sendable {
  /// What is thought of one receipt.
  package enum Standing: Hashable, Sendable {
    /// A trusted reviewer signed it.
    case counts(keyIDs: [String])
    /// The reviewer is not known.
    case unknownReviewer(keyIDs: [String])
    /// A reviewer signed that another receipt counts for already.
    case repeated(keyID: String)
    /// A trusted reviewer signed it, who did not derive every answer in exact arithmetic, which was asked for.
    case lacksExact(keyIDs: [String])
    /// A trusted reviewer signed it, who signed the certificate too.
    case isIssuer(keyIDs: [String])
    /// The reviewer's key or signature does not count.
    case refused(CertificateError)
    /// A trusted reviewer signed it, and it cannot be of a replay of this certificate by now.
    case doesNotFit(keyIDs: [String], reason: String)
  }

  /// A receipt with its standing.
  package struct Entry: Hashable, Sendable {
    /// The file.
    package let place: String
    /// What it says.
    package let receipt: ReplayReceipt
    /// What is thought of it.
    package let standing: Standing
  }

  /// The conclusion.
  package enum Conclusion: String, Hashable, Sendable {
    /// As many trusted reviewers as are needed found the certificate valid, and none found otherwise.
    case accepted
    /// A trusted reviewer found it invalid.
    case rejected
    /// Too few trusted reviewers have found it valid.
    case pending
  }

  /// The receipts, in the order given.
  package let entries: [Entry]
  /// Distinct trusted reviewers who found it valid.
  package let approvals: [String]
  /// How many are needed.
  package let needed: Int
  /// What it comes to.
  package let conclusion: Conclusion

  /// Judges receipts of one certificate.
  ///
  /// A reviewer counts once, whatever number of receipts; one that says invalid outweighs all others, also of the same
  /// reviewer. A receipt by a key that does not count, and one that says of the answers what the certificate does not, is
  /// none; nor does anybody approve what he signed himself.
  ///
  /// - Parameters:
  ///   - issuers: Identifiers of the keys, among those of the policy, under which a signature of the certificate verifies:
  ///     what a signature says of its key may be untrue.
  ///   - moment: When the receipts are looked at; nil for any time.
  ///   - needsExact: Whether a receipt approves only where every decided answer that rests on trees was derived again in exact
  ///     arithmetic.
  /// - Throws: `CertificateError` RECEIPT_SUBJECT for a receipt of another certificate.
  package init(
    _ receipts: [(place: String, remark: SignedRemark)], of certificate: ContentDigest,
    stating predicate: CompliancePredicate, signedBy issuers: [String], policy: TrustPolicy,
    at moment: Timestamp? = nil,
    needsExact: Bool = false
  ) throws(CertificateError) {
    var entries: [Entry] = []
    var approvals: [String] = []
    var (isRejected, isDoubtful) = (false, false)
    for (place, remark) in receipts {
      guard case .receipt(let receipt) = remark.content else { continue }
      try remark.checkSubject(is: certificate, place: place)
      let decision: TrustDecision
      do {
        decision = try policy.decide(remark.envelope, role: .reviewer, at: receipt.reviewedAt, place: place)
      } catch {
        // What says that a trusted reviewer signed it, and does not verify, may have said otherwise.
        if error.code == .signature { isDoubtful = true }
        entries.append(Entry(place: place, receipt: receipt, standing: .refused(error)))
        continue
      }
      let standing: Standing
      switch decision {
      case .unknownSigner(let keyIDs): standing = .unknownReviewer(keyIDs: keyIDs)
      case .trusted(let keyIDs):
        if let reason = receipt.objection(to: predicate, at: moment, needsExact: needsExact) {
          standing = .doesNotFit(keyIDs: keyIDs, reason: reason)
          break
        }
        if receipt.result == .invalid { isRejected = true }
        let reviewers = keyIDs.filter { !issuers.contains($0) }
        if receipt.result != .invalid, reviewers.isEmpty {
          standing = .isIssuer(keyIDs: keyIDs)
          break
        }
        if receipt.result == .valid, needsExact, receipt.exact?.isComplete != true {
          standing = .lacksExact(keyIDs: keyIDs)
          break
        }
        let new = reviewers.filter { !approvals.contains($0) }
        if receipt.result == .valid { approvals += new }
        if receipt.result == .valid, new.isEmpty, let keyID = reviewers.first {
          standing = .repeated(keyID: keyID)
        } else {
          standing = .counts(keyIDs: keyIDs)
        }
      }
      entries.append(Entry(place: place, receipt: receipt, standing: standing))
    }
    self.entries = entries
    self.approvals = approvals
    needed = policy.thresholds[.reviewer] ?? 1
    conclusion =
      isRejected ? .rejected : approvals.count >= needed && !isDoubtful ? .accepted : .pending
  }
}

extension ReplayReceipt {
  /// By how many seconds two clocks may differ.
  private static let tolerance = 300

  /// Why it approves nothing of a certificate; nil where it may.
  ///
  /// One that finds fault is heard whatever it says besides. A whole replay derives every answer as it is recorded, after
  /// the certificate was issued.
  fileprivate func objection(
    to predicate: CompliancePredicate, at moment: Timestamp?, needsExact: Bool
  ) -> String? {
    guard result != .invalid else { return nil }
    let reviewed = reviewedAt.secondsSince1970
    if reviewed < predicate.issuedAt.secondsSince1970 - Self.tolerance {
      return "it says that it was made before the certificate"
    }
    if let moment, reviewed > moment.secondsSince1970 + Self.tolerance {
      return "it says that it was made later than now"
    }
    guard result == .valid else { return nil }
    let recorded = predicate.properties.map {
      Property(id: $0.id, verdict: $0.verdict, grade: $0.grade, leaves: $0.leaves)
    }
    guard Set(properties) == Set(recorded), properties.count == recorded.count else {
      return "its answers are not those of the certificate"
    }
    guard uncovered.isEmpty else { return "it calls valid what does not answer everything" }
    guard needsExact, case .answers(let derived, notShown: []) = exact else { return nil }
    let shown = Set(derived)
    let missing = recorded.filter { $0.leaves > 0 && $0.verdict.isDecided && !shown.contains($0.id) }
    return missing.isEmpty
      ? nil : "it does not say that \(missing.map(\.id).joined(separator: ", ")) was derived"
  }
}
