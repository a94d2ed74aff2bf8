import Certificates
import Testing
import TimeStamping

@Suite("Timestamps")
struct TokenTests {
  private let statement: SignedStatement
  private let stamp: Authority.Stamp
  private let authority: Authority

  init() throws {
    statement = try Sample.statement()
    stamp = Authority.Stamp(of: statement.signatures[0].bytes)
    authority = Authority(try Sample.key(40))
  }

  private func own() throws -> [TimeStampAnchor] { [try Sample.anchor(try authority.certificate())] }

  /// Whether a token with a change is accepted under the authority's own certificate.
  private func accepts(
    _ authority: Authority, _ change: (inout Authority.Stamp) -> Void = { _ in }
  ) throws -> Bool {
    var stamp = stamp
    change(&stamp)
    let anchor = try Sample.anchor(try authority.certificate())
    return try verified(try authority.token(stamp), statement, [anchor]) != nil
  }

  @Test("a token tells time, authority and signature; so does the answer that holds it")
  func holds() throws {
    let token = try authority.token(stamp)
    for bytes in [token, Authority.answer(token), Authority.answer(token, status: 1)] {
      let time = try #require(try verified(bytes, statement, try own()))
      #expect(time.time.text == "2026-06-01T12:00:00Z" && time.latest == time.time)
      #expect(time.authority == "Test authority" && time.policy == "1.2.3.4")
      #expect(time.signature == statement.signatures[0])
      #expect(time.certificate == ContentDigest(of: try authority.certificate()))
    }
    for status in [2, 3, 4, 5] as [UInt8] {
      #expect(try verified(Authority.answer(token, status: status), statement, try own()) == nil)
    }
    #expect(
      try verified(DERWriter.sequence(DERWriter.sequence(DERWriter.integer(2))), statement, try own()) == nil)
  }

  @Test(
    "what the clock may be off counts against it",
    arguments: [
      ("20260601120000Z", [], "12:00:00", "12:00:00"), ("20260601120000.25Z", [], "12:00:00", "12:00:01"),
      ("20260601120000Z", [0x02, 0x01, 0x05], "12:00:00", "12:00:05"),
      ("20260601120000.5Z", [0x02, 0x01, 0x05, 0x80, 0x01, 0x01], "12:00:00", "12:00:07"),
      ("20260601120000Z", [0x81, 0x01, 0x01], "12:00:00", "12:00:01"),
      ("20260601235959.5Z", [], "23:59:59", "24"),
    ] as [(String, [UInt8], String, String)])
  func accuracy(time: String, accuracy: [UInt8], earliest: String, latest: String) throws {
    var stamp = stamp
    stamp.time = time
    if !accuracy.isEmpty { stamp.rest = DERWriter.value(0x30, accuracy) }
    let found = try #require(try verified(try authority.token(stamp), statement, try own()))
    #expect(found.time.text == "2026-06-01T\(earliest)Z")
    #expect(found.latest.text == (latest == "24" ? "2026-06-02T00:00:00Z" : "2026-06-01T\(latest)Z"))
  }

  @Test("a timestamp is of one statement's signature")
  func otherSignature() throws {
    let token = try authority.token(stamp)
    #expect(try verified(token, try Sample.statement("b"), try own()) == nil)
    #expect(try verified(token, try Sample.statement("a", keys: [2]), try own()) == nil)
    // Beside another signature it is still of the first.
    let both = try Sample.statement("a", keys: [2, 1])
    #expect(try verified(token, both, try own())?.signature == both.signatures[1])
  }

  @Test("the timestamp itself is read strictly")
  func faults() throws {
    #expect(try accepts(authority))
    #expect(try !accepts(authority) { $0.version = 2 })
    #expect(try !accepts(authority) { $0.imprint.removeLast() })
    #expect(try !accepts(authority) { $0.hash = Authority.sha1 })
    #expect(try !accepts(authority) { $0.time = "20260601120000" })
    #expect(try !accepts(authority) { $0.time = "20261301120000Z" })
    #expect(try !accepts(authority) { $0.rest = DERWriter.octets([1]) })
    #expect(try accepts(authority) { $0.rest = DERWriter.yes + DERWriter.integer(9) })
    for isCritical in [false, true] {
      let item = Authority.extension(DERWriter.name(1, 2, 3), isCritical: isCritical, [])
      #expect(try accepts(authority) { $0.rest = DERWriter.tagged(1, item) } == !isCritical)
    }
  }

  @Test("the signature is of this timestamp and by this certificate")
  func attributes() throws {
    for name in ["type", "digest", "certificate"] {
      #expect(try !accepts(authority) { $0.leavesOut = [name] }, "\(name)")
    }
    #expect(try !accepts(authority) { $0.attributes = nil })
    #expect(try !accepts(authority) { $0.digest = [UInt8](repeating: 0, count: 32) })
    #expect(try !accepts(authority) { $0.contentType = DERWriter.name(1, 2, 840, 113549, 1, 7, 1) })
    #expect(try !accepts(authority) { $0.boundCertificate = [1, 2, 3] })
    #expect(try !accepts(authority) { $0.signers = 2 })
    #expect(try !accepts(authority) { $0.signers = 0 })
    #expect(try accepts(authority) { $0.sendsCertificate = false }, "the reader has the certificate")
    let other = DERWriter.sequence(DERWriter.name(1, 2, 3), DERWriter.set([DERWriter.integer(1)]))
    #expect(try accepts(authority) { $0.attributes = [other] })
    #expect(try !accepts(authority) { $0.attributes = [other, other] })
    let two = DERWriter.sequence(
      DERWriter.name(1, 2, 3), DERWriter.set([DERWriter.integer(1), DERWriter.integer(2)]))
    #expect(try !accepts(authority) { $0.attributes = [two] })
  }

  @Test("the certificate is for timestamps alone, and valid at the time")
  func purposes() throws {
    func accepts(_ extensions: [[UInt8]]) throws -> Bool {
      var other = authority
      other.extensions = extensions
      return try self.accepts(other)
    }
    #expect(try accepts([Authority.purpose()]))
    #expect(try accepts([Authority.purpose(), Authority.usage(0x40)]))
    #expect(try !accepts([Authority.purpose(), Authority.usage(0x20)]))
    #expect(try !accepts([Authority.purpose(isCritical: false)]))
    #expect(try !accepts([Authority.purpose(DERWriter.name(1, 3, 6, 1, 5, 5, 7, 3, 1))]))
    #expect(try !accepts([Authority.usage(0x80)]))
    let stray = Authority.extension(DERWriter.name(1, 2, 3), isCritical: true, [])
    #expect(try !accepts([Authority.purpose(), stray]))
    #expect(
      try accepts([Authority.purpose(), Authority.extension(DERWriter.name(1, 2, 3), isCritical: false, [])]))
    for (time, isIn) in [
      ("20251231235959Z", false), ("20260101000000Z", true), ("20270101000000Z", true),
      ("20270101000000.1Z", false), ("20270101000001Z", false),
    ] {
      #expect(try self.accepts(authority) { $0.time = time } == isIn, "\(time)")
    }
  }

  @Test("an authority is trusted itself or by its direct issuer")
  func chain() throws {
    var root = Authority(try Sample.key(50))
    root.subject = "Root"
    root.extensions = [Authority.issues(true), Authority.usage(0x04)]
    var leaf = authority
    leaf.issuer = (root.key, "Root")
    let token = try leaf.token(stamp)
    func accepts(_ anchor: Authority) throws -> Bool {
      try verified(token, statement, [try Sample.anchor(try anchor.certificate())]) != nil
    }
    #expect(try accepts(root))
    #expect(try accepts(leaf))
    #expect(try verified(token, statement, []) == nil)
    let stranger = Authority(try Sample.key(60))
    #expect(try verified(token, statement, [try Sample.anchor(try stranger.certificate())]) == nil)
    var forged = root
    forged.key = try Sample.key(51)
    #expect(try !accepts(forged), "the same name with another key")
    var renamed = root
    renamed.subject = "Another root"
    #expect(try !accepts(renamed))
    for extensions in [
      [Authority.issues(false)], [], [Authority.issues(true), Authority.usage(0x80)],
      [Authority.issues(true), Authority.extension(DERWriter.name(2, 5, 29, 30), isCritical: true, [])],
    ] {
      var other = root
      other.extensions = extensions
      #expect(try !accepts(other))
    }
    var old = root
    old.notAfter = "20260301000000Z"
    #expect(try !accepts(old))
    // Two levels are not followed: the issuer in between must be named.
    var middle = Authority(try Sample.key(52))
    middle.subject = "Middle"
    middle.issuer = (root.key, "Root")
    middle.extensions = [Authority.issues(true)]
    var far = authority
    far.issuer = (middle.key, "Middle")
    let distant = try far.token(stamp)
    #expect(try verified(distant, statement, [try Sample.anchor(try root.certificate())]) == nil)
    #expect(try verified(distant, statement, [try Sample.anchor(try middle.certificate())]) != nil)
  }

  @Test("no changed byte leads to another time, and a shortened token to none")
  func mutations() throws {
    var root = Authority(try Sample.key(50))
    root.subject = "Root"
    root.extensions = [Authority.issues(true)]
    var leaf = authority
    leaf.issuer = (root.key, "Root")
    let bytes = Authority.answer(try leaf.token(stamp))
    let anchors = [try Sample.anchor(try root.certificate())]
    let genuine = try #require(try verified(bytes, statement, anchors))
    var accepted = 0
    for position in bytes.indices {
      for bit in 0..<8 {
        var other = bytes
        other[position] ^= UInt8(1 << bit)
        guard let found = try verified(other, statement, anchors) else { continue }
        accepted += 1
        #expect(found == genuine, "bit \(bit) of byte \(position)")
      }
      #expect(try verified(Array(bytes[..<position]), statement, anchors) == nil)
    }
    #expect(try verified(bytes + [0], statement, anchors) == nil)
    // A status, versions and lists of digests are outside the signature and change nothing.
    #expect(accepted < 400, "\(accepted) of \(bytes.count * 8)")
  }

  @Test("files that are no certificate are no anchor")
  func anchors() throws {
    let der = try authority.certificate()
    for bytes in [[], [0x30], Array(der.dropLast()), der + [0], Array("-----BEGIN CERTIFICATE-----\n".utf8)] {
      #expect(refusal { _ = try Sample.anchor(bytes) } == .keyFormat)
    }
    let key = try Sample.key(1)
    #expect(refusal { _ = try Sample.anchor(Array(key.verificationKey.pem.utf8)) } == .keyFormat)
  }
}
