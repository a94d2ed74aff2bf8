import Certificates
import Testing
import TimeStamping

@Suite("Stored timestamps of OpenSSL")
struct FixtureTests {
  @Test("each verifies under its own authority alone, and for its own signature")
  func stored() throws {
    func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.bytes(text)) }
    let curve = try Sample.anchor(try bytes(Fixture.curveCertificate))
    let rsa = try Sample.anchor(try bytes(Fixture.rsaCertificate))
    let statement = try Sample.statement()
    for (text, own, other) in [
      (Fixture.curveAnswer, curve, rsa), (Fixture.rsaAnswer, rsa, curve), (Fixture.maskedToken, rsa, curve),
    ] {
      let answer = try bytes(text)
      let time = try #require(try verified(answer, statement, [other, own]))
      #expect(time.authority == "Fixture authority" && time.policy == "1.2.3.4.1")
      #expect(time.time.text.hasPrefix("2026-11-28T09:47:") && time.latest > time.time)
      #expect(try verified(answer, statement, [other]) == nil)
      #expect(try verified(answer, try Sample.statement("b"), [own]) == nil)
      for position in answer.indices {
        var altered = answer
        altered[position] ^= 0x10
        let found = try verified(altered, statement, [own])
        #expect(found == nil || found == time, "byte \(position)")
      }
    }
  }
}
