import Certificates
import Replay

/// Why a certificate or a file beside it is refused, as `dspec` and `dspec-replay` name it, and what a reader can do.
struct CheckerCode {
  /// Stable name, such as `BOUND_NOT_MET`.
  let name: String
  /// What it says.
  let meaning: String
  /// What to do about it.
  let advice: String

  /// Every code by name; two steps share some of them.
  static let all: [CheckerCode] = {
    var named: [String: CheckerCode] = [:]
    for code in CertificateError.Code.allCases {
      named[code.rawValue] = CheckerCode(name: code.rawValue, meaning: code.meaning, advice: code.advice)
    }
    for code in ReplayError.Code.allCases where named[code.rawValue] == nil {
      named[code.rawValue] = CheckerCode(
        name: code.rawValue, meaning: code.meaning,
        advice: "Do not rely on the certificate. Tell its issuer the step that stands beside the code.")
    }
    return named.values.sorted { $0.name < $1.name }
  }()

  /// The code of a name in upper or lower case; nil where there is none.
  static func of(_ name: String) -> CheckerCode? {
    let wanted = name.uppercased()
    return all.first { $0.name == wanted }
  }
}

extension ReplayError.Code {
  fileprivate var meaning: String {
    switch self {
    case .treeShape:
      "The evidence of a property is not built as the format says, or its trees do not fit the property's cases."
    case .coverage:
      "The evidence does not begin at the whole region of the property, so parts of it were never looked at."
    case .boundNotMet:
      "A part of the evidence does not show what it claims, or a recorded bound does not follow from it."
    case .witness:
      "The point that is to violate the property lies outside its region, or does not violate it."
    case .sampleMismatch: "Other samples or counts follow from the seed than were recorded."
    case .seedRule: "The seed of the samples is not the one that specification and models give."
    case .statistic: "What is said of the samples does not go with the evidence and the property."
    case .evidenceKind: "The verdict has no evidence, or evidence of a kind that cannot support it."
    case .verdict: "The evidence gives another verdict or grade than was recorded."
    case .obligation:
      "A recorded claim, title, hazard, threshold or question is not that of the bundled specification."
    case .propertySet: "The certificate answers a property that the specification does not have."
    case .specification: "The bundled specification has errors, or its sources are others than recorded."
    case .model: "A model file is not the one that the specification names."
    case .sampler:
      "The record of a sampler, its coefficients or its unrolled graph is not what its formula gives."
    case .record: "Something that the certificate states beside its verdicts is not what the checker derives."
    case .exactContradiction: "In exact arithmetic, a part of the evidence claims what is false at a point."
    }
  }
}

extension CertificateError.Code {
  fileprivate var meaning: String {
    switch self {
    case .jsonByteOrderMark: "A JSON text begins with a byte-order mark."
    case .jsonNotUTF8: "A JSON text is not UTF-8."
    case .jsonDuplicateKey:
      "A JSON object names one member twice, which readers would understand differently."
    case .jsonDepth: "A JSON text is nested too deeply."
    case .jsonSize: "A JSON text is larger than any that the format has."
    case .jsonSyntax: "A text that should be JSON is none."
    case .jsonIntegerRange: "A JSON integer lies beyond 2^53 - 1 in magnitude, where readers round."
    case .jsonNumber: "A JSON number is not an integer; the format writes others as texts."
    case .jsonNonFinite: "A JSON number is not finite."
    case .jsonSurrogate: "A JSON text escapes half of a pair of surrogates, which is no character."
    case .jsonTrailingData: "Something follows the end of a JSON value."
    case .keyIsPrivate: "A private key stands where a public one is wanted."
    case .keyIsPublic: "A public key stands where a private one is wanted."
    case .keyType: "A key is not an Ed25519 key."
    case .keyFormat: "A key file is not one PEM block of the expected form."
    case .keyEncrypted: "A private key is encrypted, and no passphrase was given."
    case .keyPassphrase: "The passphrase does not open the key, or is too short to protect one."
    case .keyWeak: "A private key is encrypted in a way that is soon guessed."
    case .keySmallOrder:
      "A public key is a point of small order: anyone can make signatures that verify under it."
    case .keyNonCanonical: "A public key is spelled in a second way, so that one key would count as two."
    case .keyDuplicate: "One key was given twice."
    case .envelope: "An envelope lacks a member, or has one of the wrong kind."
    case .base64: "A text is not base64 with correct padding."
    case .payloadType: "An envelope holds something else than an in-toto statement."
    case .signature: "No signature is there, or none verifies under the keys that were named."
    case .threshold: "Fewer distinct trusted keys signed than were asked for."
    case .nonCanonical: "A payload is JSON, but not spelled in the one canonical way."
    case .statementType: "A statement is not of version 1 of in-toto."
    case .predicateType: "A statement is not a compliance certificate of version 1."
    case .version: "The certificate asks for another schema or a later checker than this one."
    case .critical: "The certificate demands that something is understood which this checker does not know."
    case .unknownField: "A record has a member that is not part of the format."
    case .missingField: "A record lacks a member."
    case .fieldKind: "A member holds another kind of value than the format says."
    case .fieldValue: "A member holds a value outside its range."
    case .nonFinite: "A recorded number is not finite or is minus zero, or bounds are crossed."
    case .number: "A recorded number is not spelled in its one canonical way."
    case .grade: "A recorded verdict does not go with its grade of evidence."
    case .commitment: "A commitment is to another specification, or was made after the certificate."
    case .subject: "What the certificate says it is about is not what it lists."
    case .certificateID: "The certificate's identifier is not the one that follows from its content."
    case .path:
      "A name is no plain relative path, is there twice, or belongs to something that is no regular file."
    case .size: "A file is larger than it was recorded to be, or than the format allows."
    case .truncated: "A file ends early."
    case .modelDigest: "A model file has other bytes than were recorded."
    case .modelManifest: "Model files are missing, surplus or exchanged."
    case .specDigest: "A specification file has other bytes than were recorded."
    case .specManifest: "Specification files are missing or surplus."
    case .dataDigest: "A data file has other bytes than were recorded."
    case .dataManifest: "Data files are missing or surplus."
    case .evidenceDigest: "A file of evidence has other bytes than its name says."
    case .evidenceMissing: "Evidence that a verdict needs is absent, or is of a kind that cannot support it."
    case .evidenceSurplus: "The bundle holds a file of evidence that no property names."
    case .bundle: "The folder is not laid out as a certificate."
    case .expired: "The certificate, or a key that signed it, had expired at the time in question."
    case .notYetValid: "The certificate, or a key that signed it, was not valid yet at the time in question."
    case .revoked: "The certificate, or a key that signed it, was revoked."
    case .receiptSubject: "A receipt or revocation speaks of another certificate."
    case .trust: "A trust file does not say what a trust file says."
    case .log: "A transparency log, a checkpoint of one or a proof of inclusion does not hold."
    case .timestamp: "A timestamp is malformed, covers something else, or is not by the trusted authority."
    case .read: "A file could not be read."
    case .write: "A file could not be written."
    case .exists: "Something is there already that is not replaced."
    }
  }

  fileprivate var advice: String {
    switch self {
    case .read, .write: "Check the path, its permissions and the space that is left; nothing was changed."
    case .exists: "Name another place, or remove what lies there."
    case .keyIsPrivate, .keyIsPublic: "Public keys end in `.pub.pem`, private ones in `.key.pem`."
    case .keyType, .keyFormat, .keyWeak: "Make a key with `dspec keygen`."
    case .keyEncrypted, .keyPassphrase:
      "Give the passphrase of this key, of at least the length that `dspec keygen` asks for."
    case .keySmallOrder, .keyNonCanonical:
      "Trust nothing that was signed with the key, and ask its owner where it comes from."
    case .keyDuplicate: "Give each key once: a threshold counts different keys."
    case .signature:
      "Check that the keys given with --trust are the issuer's, obtained from the issuer. Where they are, the certificate was changed or is not theirs."
    case .threshold: "Ask for the missing signatures, or decide that fewer are enough."
    case .version, .critical: "Use a later checker; ask the issuer what the certificate needs."
    case .expired: "Ask for a new certificate. To decide as of a past moment, name it with --at."
    case .notYetValid: "Check this machine's clock; to decide as of another moment, name it with --at."
    case .revoked: "Do not rely on the certificate; the revocation gives the reason."
    case .receiptSubject: "Give the statement that was made about this certificate."
    case .trust: "Correct the trust file; specs/certificate.md, section 12, has its members."
    case .log, .timestamp: "Do not count the attestation; ask whoever made it for another."
    default:
      "The file was damaged, changed, or written by another program. Get it again from its issuer, and do not rely on this one."
    }
  }
}
