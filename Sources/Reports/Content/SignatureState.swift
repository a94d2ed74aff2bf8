package import Certificates

/// What is known of a certificate's signatures.
package enum SignatureState: Hashable, Sendable {
  /// Enough trusted keys signed; holds their identifiers.
  case trusted([String])
  /// No trusted key was given, so nothing was examined; holds the identifiers that the signatures claim.
  case notExamined([String])
  /// Trusted keys were given and none of them signed; holds the identifiers that the signatures claim.
  case unknownSigner([String])

  /// What a policy said.
  package init(_ decision: TrustDecision, _ policy: TrustPolicy) {
    switch decision {
    case .trusted(let keys): self = .trusted(keys)
    case .unknownSigner(let keys): self = policy.keys.isEmpty ? .notExamined(keys) : .unknownSigner(keys)
    }
  }

  /// Whether enough trusted keys signed.
  package var isTrusted: Bool {
    if case .trusted = self { true } else { false }
  }

  /// The state in a few words.
  package var headline: String {
    switch self {
    case .trusted: "Signed by a trusted key"
    case .notExamined: "Signature not checked"
    case .unknownSigner: "Not signed by a trusted key"
    }
  }

  /// What that means for the reader.
  package var explanation: String {
    switch self {
    case .trusted(let keys):
      return
        "The signature of \(keys.joined(separator: ", ")) verifies, and the reader named this key as trusted."
    case .notExamined(let keys):
      return
        "No trusted key was given, so the signature was not examined and anybody may have written this certificate. "
        + claim(keys)
    case .unknownSigner(let keys):
      return "None of the trusted keys that were given signed this certificate; anybody may have written it. "
        + claim(keys)
    }
  }

  private func claim(_ keys: [String]) -> String {
    "It says to be signed by \(keys.joined(separator: ", "))."
  }

  /// The state as one word for programs.
  package var word: String {
    switch self {
    case .trusted: "trusted"
    case .notExamined: "not examined"
    case .unknownSigner: "unknown signer"
    }
  }
}
