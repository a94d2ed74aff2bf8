import Certificates
import Testing

@Suite struct ContentDigestTests {
  // FIPS 180-4 examples: the empty message, "abc" and the two-block message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func knownDigests(text: String, hex: String) {
    let digest = ContentDigest(of: Array(text.utf8))
    #expect(digest.hex == hex)
    #expect(ContentDigest(hex: hex) == digest)
    var hasher = ContentHasher()
    for byte in text.utf8 { hasher.update([byte]) }
    #expect(hasher.finish() == digest)
    #expect(ContentDigest(of: text.utf8.lazy.map { $0 }) == digest)
  }

  @Test(arguments: [
    "", "ab", String(repeating: "A", count: 64), String(repeating: "0", count: 63) + "g",
    String(repeating: "0", count: 66), String(repeating: "é", count: 32),
  ])
  func otherTextIsNoDigest(text: String) {
    #expect(ContentDigest(hex: text) == nil)
  }
}
