/// Why a certificate, a key or a bundle is refused, or could not be written.
package struct CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stable name of the refusal.
  package let code: Code
  /// A file or a path of fields: `certificate.json`, `predicate.properties[2].bounds`.
  package let place: String
  /// The problem in words.
  package let message: String
  /// What to do about it.
  package let fix: String

  /// Makes an error; control characters in place and message are replaced.
  package init(_ code: Code, at place: String, _ message: String, fix: String) {
    self.code = code
    // Both may quote bytes that nobody has checked yet, and both end on a terminal.
    self.place = VisibleText.cleaned(place)
    self.message = VisibleText.cleaned(message)
    self.fix = fix
  }

  /// Wraps an error of JSON text; the place names the file or field it was read from.
  package init(_ error: JSONError, at place: String) {
    // A text that ends early is a truncated file for whoever reads bundles.
    let code: Code =
      error.code == .truncated ? .truncated : Code(rawValue: error.code.rawValue) ?? .jsonSyntax
    self.init(
      code, at: "\(place), byte \(error.offset)", error.message, fix: "obtain the file again from its issuer")
  }

  /// Code, place, problem and fix in one line.
  package var description: String { "\(code.rawValue) at \(place): \(message); \(fix)" }
}

extension CertificateError {
  /// The stable names of the refusals.
  package enum Code: String, CaseIterable, Sendable {
    /// JSON text starts with a byte-order mark.
    case jsonByteOrderMark = "JSON_BOM"
    /// JSON text is not UTF-8.
    case jsonNotUTF8 = "JSON_NOT_UTF8"
    /// A JSON object names one member twice.
    case jsonDuplicateKey = "JSON_DUPLICATE_KEY"
    /// JSON is nested too deeply.
    case jsonDepth = "JSON_DEPTH"
    /// JSON text is too large.
    case jsonSize = "JSON_SIZE"
    /// Text is not JSON.
    case jsonSyntax = "JSON_SYNTAX"
    /// A JSON integer lies outside ±(2^53 − 1).
    case jsonIntegerRange = "JSON_INTEGER_RANGE"
    /// A JSON number is not an integer.
    case jsonNumber = "JSON_NUMBER"
    /// A JSON number is not finite.
    case jsonNonFinite = "JSON_NONFINITE"
    /// A JSON escape names half of a surrogate pair.
    case jsonSurrogate = "JSON_SURROGATE"
    /// Something follows the JSON value.
    case jsonTrailingData = "JSON_TRAILING_DATA"

    /// A private key stands where a public one is wanted.
    case keyIsPrivate = "KEY_IS_PRIVATE"
    /// A public key stands where a private one is wanted.
    case keyIsPublic = "KEY_IS_PUBLIC"
    /// The key is not an Ed25519 key.
    case keyType = "KEY_TYPE"
    /// The key file is not one PEM block of the expected form.
    case keyFormat = "KEY_FORMAT"
    /// The private key is encrypted.
    case keyEncrypted = "KEY_ENCRYPTED"
    /// The passphrase does not open the key, or is too short to protect one.
    case keyPassphrase = "KEY_PASSPHRASE"
    /// The private key is encrypted in a way that is soon guessed.
    case keyWeak = "KEY_WEAK"
    /// The public key is a point of small order, under which anyone can forge.
    case keySmallOrder = "KEY_SMALL_ORDER"
    /// The public key encodes a coordinate that is not reduced.
    case keyNonCanonical = "KEY_NONCANONICAL"
    /// One key was given twice.
    case keyDuplicate = "KEY_DUPLICATE"

    /// The envelope lacks a field or has one of the wrong kind.
    case envelope = "ENVELOPE"
    /// Text is not base64 with correct padding.
    case base64 = "BASE64"
    /// The payload is not an in-toto statement.
    case payloadType = "PAYLOAD_TYPE"
    /// No signature, or none that verifies.
    case signature = "SIGNATURE"
    /// Fewer distinct trusted signers than asked for.
    case threshold = "THRESHOLD"
    /// The payload is not in canonical form.
    case nonCanonical = "NONCANONICAL"

    /// The statement is not of in-toto Statement v1.
    case statementType = "STATEMENT_TYPE"
    /// The predicate is not a compliance certificate of version 1.
    case predicateType = "PREDICATE_TYPE"
    /// A schema or checker version that this checker does not serve.
    case version = "VERSION"
    /// A name in `critical` is not understood.
    case critical = "CRITICAL"
    /// A field that is not part of the format.
    case unknownField = "UNKNOWN_FIELD"
    /// A required field is absent.
    case missingField = "FIELD_MISSING"
    /// A field holds another kind of value.
    case fieldKind = "FIELD_TYPE"
    /// A field holds a value outside its range.
    case fieldValue = "FIELD_VALUE"
    /// A number is not finite, is minus zero, or bounds are crossed.
    case nonFinite = "NONFINITE"
    /// A number is not spelled in its one canonical way.
    case number = "NUMBER"
    /// A verdict does not go with its grade.
    case grade = "GRADE"
    /// The commitment is to another specification, or was made later.
    case commitment = "COMMITMENT"
    /// The subjects are not the manifests of the predicate.
    case subject = "SUBJECT"
    /// The identifier is not the one derived from the content.
    case certificateID = "CERTIFICATE_ID"

    /// Two records share a name, or a name breaks the rules for relative paths, or a file is not a regular one.
    case path = "PATH"
    /// A file is larger than declared or than allowed.
    case size = "SIZE"
    /// A file ends early.
    case truncated = "TRUNCATED"
    /// A model file has other bytes than declared.
    case modelDigest = "MODEL_DIGEST"
    /// Model files are missing, surplus or exchanged.
    case modelManifest = "MODEL_MANIFEST"
    /// A specification file has other bytes than declared.
    case specDigest = "SPEC_DIGEST"
    /// Specification files are missing or surplus.
    case specManifest = "SPEC_MANIFEST"
    /// A data file has other bytes than declared.
    case dataDigest = "DATA_DIGEST"
    /// Data files are missing or surplus.
    case dataManifest = "DATA_MANIFEST"
    /// A file of evidence has other bytes than its name says.
    case evidenceDigest = "EVIDENCE_DIGEST"
    /// Evidence that a verdict needs is absent.
    case evidenceMissing = "EVIDENCE_MISSING"
    /// A file of evidence that no property names.
    case evidenceSurplus = "EVIDENCE_SURPLUS"
    /// The folder is not laid out as a bundle.
    case bundle = "BUNDLE"

    /// The certificate, or the key that signed it, has expired.
    case expired = "EXPIRED"
    /// The certificate, or the key that signed it, was revoked.
    case revoked = "REVOKED"
    /// A receipt or revocation speaks of another certificate.
    case receiptSubject = "RECEIPT_SUBJECT"
    /// The trust file does not say what a trust file says.
    case trust = "TRUST"
    /// The certificate is not valid yet.
    case notYetValid = "NOT_YET_VALID"
    /// A transparency log, a checkpoint of it or a proof of inclusion does not hold.
    case log = "LOG"
    /// A timestamp is malformed, covers something else or is not by the trusted authority.
    case timestamp = "TIMESTAMP"

    /// A file could not be read.
    case read = "READ"
    /// A file could not be written.
    case write = "WRITE"
    /// The destination holds something that must not be replaced.
    case exists = "EXISTS"
  }
}
