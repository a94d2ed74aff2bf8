import Certificates
import Testing

private let payload = Array("{}".utf8)

private func envelopeText(_ edit: (inout JSONObject) throws -> Void) throws -> [UInt8] {
  let text = try Envelope(signing: payload, with: [try Samples.key(1)]).json()
  var object = try #require(try JSONValue.parse(text).objectValue)
  try edit(&object)
  return try JSONValue.object(object).canonicalBytes()
}

private func signed(by key: SigningKey, type: String, payload: [UInt8], keyID: JSONValue?) throws -> [UInt8] {
  let message = preAuthenticationEncoding(payloadType: type, payload: payload)
  return try envelopeText { object in
    var entry = JSONObject()
    entry["sig"] = .string(base64(try key.signature(for: message)))
    entry["keyid"] = keyID
    object["signatures"] = [.object(entry)]
  }
}

/// An encoder apart from the one under test.
private func base64(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
  let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (urlSafe ? "-_" : "+/"))
  let bits = bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
  var text = ""
  for start in stride(from: 0, to: bits.count, by: 6) {
    let group = Array(bits[start..<min(start + 6, bits.count)])
    text.append(
      alphabet[(group + [UInt8](repeating: 0, count: 6 - group.count)).reduce(0) { $0 << 1 | Int($1) }])
  }
  return text + String(repeating: "=", count: (4 - text.count % 4) % 4)
}

@Suite struct EnvelopeTests {
  @Test func preAuthenticationEncodingOfTheProtocol() {
    // The example of the DSSE protocol page.
    let bytes = preAuthenticationEncoding(
      payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(
      String(decoding: bytes, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    #expect(preAuthenticationEncoding(payloadType: "é", payload: []) == Array("DSSEv1 2 é 0 ".utf8))
  }

  @Test func signedEnvelopeReadsBack() throws {
    let keys = [try Samples.key(1), try Samples.key(2)]
    let envelope = try Envelope(signing: payload, with: keys)
    let read = try Envelope(json: try envelope.json())
    #expect(read == envelope)
    #expect(read.claimedKeyIDs == keys.map(\.verificationKey.keyID))
    #expect(read.signers(among: keys.map(\.verificationKey)) == keys.map(\.verificationKey))
    #expect(read.signers(among: [try Samples.key(3).verificationKey]).isEmpty)
    #expect(read.signers(among: []).isEmpty)
  }

  @Test func oneKeyCountsOnce() throws {
    let key = try Samples.key(1)
    // The same signature twice, the second time under another key identifier.
    let text = try envelopeText { object in
      let entry = try #require(object["signatures"]?.arrayValue?.first?.objectValue)
      var other = entry
      other["keyid"] = "another"
      object["signatures"] = [.object(entry), .object(entry), .object(other)]
    }
    let envelope = try Envelope(json: text)
    #expect(envelope.signatures.count == 3)
    #expect(envelope.signers(among: [key.verificationKey, key.verificationKey]) == [key.verificationKey])
    #expect(refusal { _ = try Envelope(signing: payload, with: [key, key]) } == .keyDuplicate)
    #expect(refusal { _ = try Envelope(signing: payload, with: []) } == .signature)
  }

  @Test(arguments: [nil, "", "wrong", .null] as [JSONValue?])
  func keyIdentifierIsOnlyAHint(keyID: JSONValue?) throws {
    let key = try Samples.key(1)
    let text = try signed(by: key, type: Envelope.payloadType, payload: payload, keyID: keyID)
    #expect(try Envelope(json: text).signers(among: [key.verificationKey]) == [key.verificationKey])
  }

  @Test(arguments: [
    "application/json", "application/vnd.in-toto+jso", "application/vnd.in-toto+json ", "",
    "application/vnd.in-toto.other+json",
  ])
  func signatureOverAnotherTypeIsNone(type: String) throws {
    let key = try Samples.key(1)
    let text = try signed(by: key, type: type, payload: payload, keyID: "x")
    #expect(try Envelope(json: text).signers(among: [key.verificationKey]).isEmpty)
    let retyped = try envelopeText { $0["payloadType"] = .string(type) }
    #expect(refusal { _ = try Envelope(json: retyped) } == .payloadType)
  }

  @Test func everyFlippedBitOfPayloadAndSignatureCounts() throws {
    let key = try Samples.key(1)
    let envelope = try Envelope(signing: payload, with: [key])
    for bit in 0..<(64 * 8) {
      let text = try envelopeText { object in
        var bytes = envelope.signatures[0].bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        object["signatures"] = [["sig": .string(base64(bytes))]]
      }
      if bit.isMultiple(of: 5) {
        #expect(try Envelope(json: text).signers(among: [key.verificationKey]).isEmpty)
      }
    }
    for bit in 0..<(payload.count * 8) {
      let text = try envelopeText { object in
        var bytes = payload
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        object["payload"] = .string(base64(bytes))
      }
      #expect(try Envelope(json: text).signers(among: [key.verificationKey]).isEmpty)
    }
  }

  @Test func bothAlphabetsOfBase64AreRead() throws {
    let bytes: [UInt8] = [0xFB, 0xFF, 0xBF, 0x00, 0x10, 0x83, 0xFE]
    for count in 0...bytes.count {
      for urlSafe in [false, true] {
        let text = try envelopeText {
          $0["payload"] = .string(base64(Array(bytes.prefix(count)), urlSafe: urlSafe))
        }
        #expect(try Envelope(json: text).payload == Array(bytes.prefix(count)))
      }
    }
  }

  @Test(arguments: [
    "e30", "e3", "e", "e30==", "e30=\n", "e3\n0=", " e30=", "e31=", "e3=0", "=e30", "====", "e30=e30=",
    "+_==", "-/8=",
    "+A-B", "é30=", "e30\u{0}",
  ])
  func otherBase64IsRefused(text: String) throws {
    let payload = try envelopeText { $0["payload"] = .string(text) }
    #expect(refusal { _ = try Envelope(json: payload) } == .base64)
    let signature = try envelopeText { $0["signatures"] = [["sig": .string(text)]] }
    #expect(refusal { _ = try Envelope(json: signature) } == .base64)
  }

  @Test func malformedEnvelopesAreRefused() throws {
    let edits: [(CertificateError.Code, (inout JSONObject) -> Void)] = [
      (.envelope, { $0["payload"] = nil }), (.envelope, { $0["payload"] = 1 }),
      (.envelope, { $0["payloadType"] = nil }),
      (.envelope, { $0["signatures"] = nil }), (.envelope, { $0["signatures"] = "x" }),
      (.signature, { $0["signatures"] = [] }), (.envelope, { $0["signatures"] = [1] }),
      (.envelope, { $0["signatures"] = [["keyid": "a"]] }),
      (.envelope, { $0["signatures"] = [["keyid": 1, "sig": ""]] }),
      (.envelope, { $0["signatures"] = .array(Array(repeating: ["sig": ""], count: 17)) }),
    ]
    for (expected, edit) in edits {
      let text = try envelopeText { edit(&$0) }
      #expect(refusal { _ = try Envelope(json: text) } == expected)
    }
    #expect(refusal { _ = try Envelope(json: Array("[]".utf8)) } == .envelope)
    #expect(
      refusal { _ = try Envelope(json: Array("{\"payload\":\"\",\"pay\\u006coad\":\"\"}".utf8)) }
        == .jsonDuplicateKey)
    // DSSE has readers ignore what they do not know.
    let extended = try envelopeText { $0["comment"] = "x" }
    #expect(try Envelope(json: extended).payload == payload)
  }

  @Test func unverifiedTextDoesNotReachATerminal() throws {
    let text = try envelopeText { object in
      let sig = try #require(object["signatures"]?.arrayValue?.first?.objectValue?["sig"])
      object["signatures"] = [
        ["keyid": "a\u{1B}[2Jb", "sig": sig], ["keyid": "good", "sig": sig], ["keyid": "good", "sig": sig],
        ["keyid": .string(String(repeating: "k", count: 129)), "sig": sig],
      ]
    }
    #expect(try Envelope(json: text).claimedKeyIDs == ["good"])
    let retyped = try envelopeText { $0["payloadType"] = "x\u{1B}[2J\u{202E}\n" }
    #expect {
      _ = try Envelope(json: retyped)
    } throws: { error in
      let words = "\(error)"
      return words.contains("PAYLOAD_TYPE") && words.contains("x\u{FFFD}[2J")
        && !words.unicodeScalars.contains { ["\u{1B}", "\u{202E}", "\n"].contains($0) }
    }
  }

  @Test func everyJSONCodeHasACertificateCode() {
    for code in JSONError.Code.allCases {
      let error = CertificateError(JSONError(code, at: 3, "x"), at: "f")
      #expect(error.code.rawValue == (code == .truncated ? "TRUNCATED" : code.rawValue))
    }
  }
}
