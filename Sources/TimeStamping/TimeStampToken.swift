package import Certificates
import SwiftASN1

/// A timestamp of RFC 3161: an authority signed that some bytes existed at a time.
package struct TimeStampToken: Sendable {
  /// The ending of the file that lies beside a certificate.
  package static let fileExtension = ".tsr"
  private static let sizeLimit = 1 << 20

  private let bytes: [UInt8]
  private let place: String

  /// Reads a file: the answer of an authority, or the token in it.
  ///
  /// - Throws: `CertificateError` READ or SIZE.
  package init(at path: String) throws(CertificateError) {
    self.init(try FileReading.content(of: path, limit: Self.sizeLimit), at: path)
  }

  /// Takes the bytes of an answer or of a token.
  package init(_ bytes: [UInt8], at place: String) {
    self.bytes = bytes
    self.place = place
  }

  /// Checks that an authority saw one of a statement's signatures, and when.
  ///
  /// What is checked: the imprint is the digest of the signature's bytes; the authority's signature over the timestamp and
  /// over the attributes that name content and certificate; the certificate's purpose and period; and that it is one of
  /// those given, or was issued by one of them. Whether the authority's certificate was revoked is not known offline.
  ///
  /// - Parameter anchors: The certificates of authorities, or of their direct issuers, that the reader trusts.
  /// - Throws: `CertificateError` TIMESTAMP.
  package func verify(
    _ statement: SignedStatement, anchors: [TimeStampAnchor]
  ) throws(CertificateError) -> TrustedTime {
    do {
      return try check(statement, anchors.map(\.certificate))
    } catch {
      throw refusal(error)
    }
  }

  /// The time that it states, for one of a statement's signatures; whether to believe it is another question.
  ///
  /// - Returns: The time with what the clock may be off, to the second above.
  /// - Throws: `CertificateError` TIMESTAMP.
  package func statedTime(of statement: SignedStatement) throws(CertificateError) -> Timestamp {
    do {
      return try Self.moments(try stamped(statement).info).latest
    } catch {
      throw refusal(error)
    }
  }

  private func refusal(_ error: any Error) -> CertificateError {
    CertificateError(
      .timestamp, at: place, (error as? Malformed)?.words ?? "the timestamp is malformed",
      fix: "obtain a timestamp for this statement: `dspec timestamp request`")
  }

  private func stamped(
    _ statement: SignedStatement
  ) throws -> (message: SignedMessage, info: StampInfo, signature: EnvelopeSignature) {
    let message = try SignedMessage(try Self.token(bytes))
    let info = try StampInfo(der: message.content)
    guard
      let signature = statement.signatures.first(where: { info.hash.bytes($0.bytes) == info.imprint })
    else { throw Malformed("the timestamp is of something else than a signature of `\(statement.path)`") }
    return (message, info, signature)
  }

  private func check(
    _ statement: SignedStatement, _ anchors: [AuthorityCertificate]
  ) throws -> TrustedTime {
    let (message, info, signature) = try stamped(statement)
    let certificate = try message.signerCertificate(among: message.certificates + anchors)
    try message.checkSignature(by: certificate)
    try certificate.checkStamps(at: info.time)
    if !anchors.contains(where: { $0.der == certificate.der }) {
      // An issuer may have several certificates with one key, of which one will do.
      let issuers = anchors.filter { $0.signed(certificate) }
      guard
        let issuer = issuers.first(where: { (try? $0.checkIssues(at: info.time)) != nil }) ?? issuers.first
      else {
        throw Malformed(
          "the authority `\(certificate.commonName ?? "without a name")` is not trusted, nor issued by a trusted one"
        )
      }
      try issuer.checkIssues(at: info.time)
    }
    let (time, end) = try Self.moments(info)
    return TrustedTime(
      time: time, latest: end, signature: signature,
      authority: certificate.commonName ?? "", certificate: certificate.fingerprint, policy: info.policy)
  }

  /// The time to the second below, and with what the clock may be off to the second above.
  private static func moments(_ info: StampInfo) throws -> (time: Timestamp, latest: Timestamp) {
    let latest = info.time.seconds + (info.time.hasFraction ? 1 : 0) + info.accuracy
    guard let time = Timestamp(secondsSince1970: info.time.seconds),
      let end = Timestamp(secondsSince1970: latest)
    else { throw Malformed("the time lies outside the years 1970 to 9999") }
    return (time, end)
  }

  /// The token of an answer, or the bytes as they stand where they are one.
  private static func token(_ bytes: [UInt8]) throws -> ASN1Node {
    let node: ASN1Node
    do {
      node = try DER.parse(bytes)
    } catch {
      throw Malformed("the file is neither the answer of an authority nor a token, in DER")
    }
    var fields = try Fields(node, "the answer")
    guard let first = fields.optional(.sequence) else { return node }
    var status = try Fields(first, "the status")
    guard let code = try? status.value(Int.self), code == 0 || code == 1 else {
      throw Malformed("the authority refused to give a timestamp")
    }
    let token = try fields.next()
    try fields.end()
    return token
  }
}

/// When a signature existed at the latest, by a clock that the reader trusts.
package struct TrustedTime: Hashable, Sendable {
  /// The authority's time, to the second below.
  package let time: Timestamp
  /// The time with what the clock may be off, to the second above: the signature was there by then.
  package let latest: Timestamp
  /// The signature that was seen.
  package let signature: EnvelopeSignature
  /// The authority's common name, for people; empty where it has none.
  package let authority: String
  /// SHA-256 of the authority's certificate.
  package let certificate: ContentDigest
  /// The policy under which it was given, an object identifier.
  package let policy: String
}

/// A certificate that the reader trusts for timestamps: an authority's, or that of its direct issuer.
package struct TimeStampAnchor: Sendable {
  let certificate: AuthorityCertificate

  /// Reads a file with one certificate, PEM or DER.
  ///
  /// - Throws: `CertificateError` READ, SIZE or KEY_FORMAT.
  package init(at path: String) throws(CertificateError) {
    let text = try FileReading.content(of: path, limit: 1 << 16)
    var der = text
    if text.first != 0x30 {
      guard let block = PEMBlock(text), block.label == "CERTIFICATE" else {
        throw CertificateError(
          .keyFormat, at: path, "the file is not exactly one certificate in PEM",
          fix: "give one certificate a file, as `openssl x509 -in FILE -out NEW` writes it")
      }
      der = block.bytes
    }
    do {
      certificate = try AuthorityCertificate(try DER.parse(der))
    } catch {
      let words = (error as? Malformed)?.words ?? "the certificate is not DER"
      throw CertificateError(.keyFormat, at: path, words, fix: "give a certificate of X.509 version 3")
    }
  }
}
