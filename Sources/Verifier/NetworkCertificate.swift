package import Certificates
import Evidence
import Replay

extension NetworkInstance {
  /// Names that no certificate can hold end a run before the search, not after it.
  package func checkNames() throws(CertificateError) {
    for file in [question.network, question.property] { _ = try relative(file) }
  }

  private func relative(_ file: NetworkQuestion.File) throws(CertificateError) -> RelativePath {
    guard let name = RelativePath(file.name) else {
      throw CertificateError(
        .path, at: file.name, "a certificate cannot hold a file of this name",
        fix: "rename it: no `\\`, `:` or control characters")
    }
    return name
  }

  /// Signs an answer and writes it as a bundle with the two files and the evidence; nothing is left behind on failure.
  ///
  /// - Parameters:
  ///   - path: The bundle folder.
  ///   - seconds: When it is issued, since 1970.
  /// - Returns: The digest that names the certificate.
  package func certify(
    _ answer: Answer, to path: String, key: any Signer, issuedAt seconds: Int
  ) throws(CertificateError) -> ContentDigest {
    let (network, property) = (try relative(question.network), try relative(question.property))
    var content = BundleContent(
      spec: [property: .bytes(question.property.bytes)], models: [network: .bytes(question.network.bytes)])
    var files: [FileRecord] = []
    if let bytes = try answer.evidence?.readableBytes(of: property.text) {
      let digest = ContentDigest(of: bytes)
      content.evidence[digest] = .bytes(bytes)
      files = [
        FileRecord(
          name: try CertificateAssembly.relative("sha256/\(digest.hex)"), digest: digest, size: bytes.count)
      ]
    }
    let verdict: Verdict
    switch (answer.result, answer.evidence) {
    case (.unsat, .some): verdict = .proved
    case (.sat, .some): verdict = .refuted
    default: verdict = .unknown
    }
    let period = try CertificatePeriod(issuedAt: seconds, key: key, path: path)
    var predicate = CompliancePredicate(
      issuedAt: period.issuedAt, expiresAt: period.expiresAt, issuerKeyID: period.issuer,
      tool: DSpecVersion.record,
      spec: SpecRecord(
        language: .vnnlib, root: property,
        sources: [FileRecord(name: property, content: question.property.bytes)]),
      models: [FileRecord(name: network, content: question.network.bytes)],
      arithmetic: StandingAssumptions.arithmetic([]),
      assumptions: StandingAssumptions.list(seeds: .none, hasSinglePrecision: false, hasOracles: false),
      scope: question.scope,
      properties: [
        question.record(
          verdict, of: question.obligation, evidence: answer.evidence, files: files,
          leaves: answer.evidence?.leafCount ?? 0, nodes: answer.nodes, note: answer.note)
      ])
    StandingRecords(
      network: predicate.models[0], bytes: question.network.bytes,
      answers: predicate.properties.map(\.answered)
    ).complete(&predicate)
    let envelope = try Envelope(signing: Statement(predicate: predicate).payload(), with: [key])
    try BundleWriter.write(envelope, content, to: path)
    return ContentDigest(of: envelope.payload)
  }
}

extension ProofEvidence {
  /// Leaves of all trees, as the checker counts them.
  fileprivate var leafCount: Int {
    guard case .trees(let trees) = self else { return 0 }
    return trees.reduce(0) { $0 + ((try? $1.validate().leaves) ?? 0) }
  }
}
