import Certificates
import Foundation
import Testing
import TimeStamping

/// OpenSSL as an authority, in a folder of its own.
private struct OpenSSL {
  let folder: String

  /// Whether the program is there; without it these tests are skipped and said to be.
  static let isPresent = (try? OpenSSL(folder: NSTemporaryDirectory()).run("version")) != nil

  @discardableResult
  func run(_ arguments: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "cd '\(folder)' && openssl \(arguments)"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return String(decoding: text, as: UTF8.self)
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  /// Makes a key, and its certificate issued by a root with an elliptic curve.
  func setUp(key: String) throws {
    let text = """
      [req]
      distinguished_name=dn
      prompt=no
      [dn]
      CN=Authority
      [root]
      basicConstraints=critical,CA:true
      keyUsage=critical,keyCertSign
      [stamps]
      basicConstraints=critical,CA:false
      keyUsage=critical,digitalSignature
      extendedKeyUsage=critical,timeStamping
      subjectKeyIdentifier=hash
      [authority]
      serial=serial
      signer_digest=sha256
      default_policy=1.2.3.4.1
      digests=sha256,sha512
      accuracy=secs:1
      ordering=yes
      tsa_name=yes

      """
    try write(Array(text.utf8), to: "c.cnf")
    try write(Array("01\n".utf8), to: "serial")
    try run("genpkey \(key) -out tsa.key")
    try run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out root.key")
    try run(
      "req -new -x509 -key root.key -config c.cnf -extensions root -subj /CN=Root -sha384 -days 2 -out root.pem"
    )
    try run("req -new -key tsa.key -config c.cnf -out tsa.csr")
    try run(
      "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 1 -extfile c.cnf -extensions stamps -out tsa.pem"
    )
  }
}

@Suite("Timestamps by OpenSSL", .enabled(if: OpenSSL.isPresent, "there is no `openssl` on PATH"))
struct OpenSSLTests {
  @Test(
    "tokens of OpenSSL verify",
    arguments: [
      "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
      "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    ], ["sha1", "sha256"])
  func tokens(key: String, binding: String) throws {
    let statement = try Sample.statement()
    try withTemporaryFolder("openssl") { folder in
      let openssl = OpenSSL(folder: folder)
      try openssl.setUp(key: key)
      let request = TimeStampRequest(of: statement.signatures[0]).bytes
      try openssl.write(request, to: "q.tsq")
      try openssl.write(statement.signatures[0].bytes, to: "signature")
      try openssl.run("ts -query -data signature -sha256 -no_nonce -cert -out own.tsq")
      #expect(try openssl.read("own.tsq") == request)
      try openssl.write(try openssl.read("c.cnf") + Array("ess_cert_id_alg=\(binding)\n".utf8), to: "c.cnf")
      try openssl.run(
        "ts -reply -queryfile q.tsq -config c.cnf -section authority -signer tsa.pem -inkey tsa.key -out r.tsr"
      )
      let answer = try openssl.read("r.tsr")
      for name in ["tsa.pem", "root.pem"] {
        let time = try verified(answer, statement, [try TimeStampAnchor(at: "\(folder)/\(name)")])
        let found = try #require(time, "\(name)")
        #expect(found.authority == "Authority" && found.policy == "1.2.3.4.1" && found.latest > found.time)
      }
      #expect(
        try verified(answer, try Sample.statement("b"), [try TimeStampAnchor(at: "\(folder)/tsa.pem")]) == nil
      )
      // Each tenth byte; the exhaustive walk is over tokens made by hand.
      let anchor = try TimeStampAnchor(at: "\(folder)/root.pem")
      let genuine = try verified(answer, statement, [anchor])
      for position in stride(from: 0, to: answer.count, by: 10) {
        var other = answer
        other[position] ^= 0x04
        let found = try verified(other, statement, [anchor])
        #expect(found == nil || found == genuine, "byte \(position)")
      }
      // A digest that the request did not ask for is another request's.
      try openssl.run("ts -query -data signature -sha512 -no_nonce -cert -out long.tsq")
      try openssl.run(
        "ts -reply -queryfile long.tsq -config c.cnf -section authority -signer tsa.pem -inkey tsa.key -out long.tsr"
      )
      #expect(try verified(try openssl.read("long.tsr"), statement, [anchor]) != nil)
    }
  }

  @Test(
    "tokens signed by RSASSA-PSS verify",
    arguments: [
      ("sha256", "-1", true), ("sha512", "-1", true), ("sha256", "20", false), ("sha1", "-1", false),
    ])
  func masked(digest: String, salt: String, isAccepted: Bool) throws {
    let statement = try Sample.statement()
    try withTemporaryFolder("pss") { folder in
      let openssl = OpenSSL(folder: folder)
      try openssl.setUp(key: "-algorithm RSA -pkeyopt rsa_keygen_bits:2048")
      try openssl.write(TimeStampRequest(of: statement.signatures[0]).bytes, to: "q.tsq")
      try openssl.run(
        "ts -reply -queryfile q.tsq -config c.cnf -section authority -signer tsa.pem -inkey tsa.key -token_out -out t.der"
      )
      try openssl.run("cms -verify -noverify -inform DER -in t.der -out info.der")
      try openssl.run(
        "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -cades -signer tsa.pem -inkey tsa.key "
          + "-md \(digest) -keyid -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:\(salt) -in info.der -outform DER -out pss.der"
      )
      let anchor = try TimeStampAnchor(at: "\(folder)/root.pem")
      #expect((try verified(try openssl.read("pss.der"), statement, [anchor]) != nil) == isAccepted)
    }
  }

  @Test("tokens and certificates by hand are what OpenSSL reads them to be")
  func byHand() throws {
    let statement = try Sample.statement()
    try withTemporaryFolder("hand") { folder in
      let openssl = OpenSSL(folder: folder)
      let certificate = try Authority(try Sample.key(40)).certificate()
      try openssl.write(certificate, to: "tsa.der")
      let text = try openssl.run("x509 -inform DER -in tsa.der -noout -subject -ext extendedKeyUsage")
      #expect(text.contains("Test authority") && text.contains("Time Stamping"))
      let token = try Authority(try Sample.key(40)).token(Authority.Stamp(of: statement.signatures[0].bytes))
      try openssl.write(Authority.answer(token), to: "r.tsr")
      #expect(try openssl.run("ts -reply -in r.tsr -text").contains("Jun  1 12:00:00 2026 GMT"))
    }
  }
}
