/// Keys as files, for tests; every secret here is public.
enum KeySamples {
  // RFC 8410 section 10.3.
  static let privatePEM = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----

    """
  static let publicPEM = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PUBLIC KEY-----

    """
  // OneAsymmetricKey of version 1 with its public key, RFC 8410 section 10.3.
  static let privateVersion1PEM = """
    -----BEGIN PRIVATE KEY-----
    MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
    Z9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PRIVATE KEY-----

    """
  static let ecTraditional = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIBdpD7pGKtkBViWQ+zy8ra5oRp1Ii0egfU/RHxABH3rwoAoGCCqGSM49
    AwEHoUQDQgAEChOzOTPZnJybkU9sU5e7unzai8/PSnIw/pgILTvlWDfOqXJMnVns
    3+cj+rJBXbvXDQv7zKgSPbwAGH+iYZjMXg==
    -----END EC PRIVATE KEY-----

    """
  static let ecPrivate = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF2kPukYq2QFWJZD7
    PLytrmhGnUiLR6B9T9EfEAEfevChRANCAAQKE7M5M9mcnJuRT2xTl7u6fNqLz89K
    cjD+mAgtO+VYN86pckydWezf5yP6skFdu9cNC/vMqBI9vAAYf6JhmMxe
    -----END PRIVATE KEY-----

    """
  static let ecPublic = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEChOzOTPZnJybkU9sU5e7unzai8/P
    SnIw/pgILTvlWDfOqXJMnVns3+cj+rJBXbvXDQv7zKgSPbwAGH+iYZjMXg==
    -----END PUBLIC KEY-----

    """
  static let rsaPublic = """
    -----BEGIN PUBLIC KEY-----
    MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCp0Rpy00XB214TOaxkFzgLYKm
    qQj0u7a46uwd/ne8RuXRLLvWr9QWouaP0BoyDuuN96W6E6M869xMGa4jKTpgZ3n0
    TvJRllD8b648yMczAo32lKnEpWD+i9AUqGPzaBcaYWDbJEVjVxJ6FW3L6EMIM7ez
    +aGnnvmmjmMz2TKWnQIDAQAB
    -----END PUBLIC KEY-----

    """
  static let rsaTraditionalPublic = """
    -----BEGIN RSA PUBLIC KEY-----
    MIGJAoGBAMKnRGnLTRcHbXhM5rGQXOAtgqapCPS7trjq7B3+d7xG5dEsu9av1Bai
    5o/QGjIO6433pboTozzr3EwZriMpOmBnefRO8lGWUPxvrjzIxzMCjfaUqcSlYP6L
    0BSoY/NoFxphYNskRWNXEnoVbcvoQwgzt7P5oaee+aaOYzPZMpadAgMBAAE=
    -----END RSA PUBLIC KEY-----

    """
  static let ed448Public = """
    -----BEGIN PUBLIC KEY-----
    MEMwBQYDK2VxAzoAS+F7LkA/MViiJYi9vyTWry9+kTmCvpfT/ADdABuZY8vgx2Cv
    SyhXobmoTxq5tMkhRUOJIobKPzmA
    -----END PUBLIC KEY-----

    """
  static let ed448Private = """
    -----BEGIN PRIVATE KEY-----
    MEcCAQAwBQYDK2VxBDsEOSv74ncsfTAFsp48iY2fRCLMP4t4tUWaT3J6mQe8bBor
    ctFQxdRwp1mpUuKTWP7kBhZ7eg1yUW2nmg==
    -----END PRIVATE KEY-----

    """
  static let x25519Public = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VuAyEAIx8vELFOYamFb5MLzN0XPpu5vazrww0E2Ow23rT1XFY=
    -----END PUBLIC KEY-----

    """
  static let encrypted = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjaQvxxoqTQeAICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPDq818Q/revLz2USurEp6QEQJxz
    scUw2kies6KmnpMdXEa3zswsGQ5fxXHUFbFGATbWMEf8jD9NFQjwF8nhGKA+rcJ5
    4UVftgMaMnKQSzNtvsc=
    -----END ENCRYPTED PRIVATE KEY-----

    """
}
