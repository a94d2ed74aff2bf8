import SwiftASN1

/// Object identifiers of RFC 3161, 5280, 5652, 5816, 8017, 5758 and 8410.
enum Names {
  static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
  static let stampInfo: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]

  // Signed attributes.
  static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 3]
  static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 4]
  static let signingCertificate: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 2, 12]
  static let signingCertificateV2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 2, 47]

  // Digests.
  static let sha256: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
  static let sha384: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 2]
  static let sha512: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 3]

  // Signatures and keys.
  static let rsa: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
  static let mask: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 8]
  static let rsaPSS: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 10]
  static let rsaWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 11]
  static let rsaWithSHA384: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 12]
  static let rsaWithSHA512: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 13]
  static let ecKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
  static let p256: ASN1ObjectIdentifier = [1, 2, 840, 10045, 3, 1, 7]
  static let p384: ASN1ObjectIdentifier = [1, 3, 132, 0, 34]
  static let ecdsaWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 10045, 4, 3, 2]
  static let ecdsaWithSHA384: ASN1ObjectIdentifier = [1, 2, 840, 10045, 4, 3, 3]
  static let ecdsaWithSHA512: ASN1ObjectIdentifier = [1, 2, 840, 10045, 4, 3, 4]
  static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]

  // Extensions of certificates.
  static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
  static let basicConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
  static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
  static let extendedKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 37]
  static let subjectKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 14]
  static let timeStamping: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 8]
  static let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
}
