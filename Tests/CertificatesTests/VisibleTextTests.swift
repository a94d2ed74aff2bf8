import Certificates
import Testing

/// Text of certificates on a reviewer's terminal.
@Suite struct VisibleTextTests {
  /// Nothing that a certificate states begins a line of its own.
  @Test func oneLineStaysOne() {
    let forged = "all is well\nvalid\r\n\ttrusted signer 0"
    let line = VisibleText.onOneLine(forged)
    #expect(!line.contains(where: \.isNewline) && line.contains("well␊valid␊␊ trusted"))
    #expect(VisibleText.onOneLine("no break: ü → ∞") == "no break: ü → ∞")
    #expect(VisibleText.onOneLine("a\u{1B}[31mb\u{9B}2Jc\u{202E}\n") == "a\u{FFFD}[31mb\u{FFFD}2Jc\u{FFFD}␊")
    #expect(VisibleText.onLines("a\n\tb\u{1B}\u{9B}\u{2066}c") == "a\n\tb\u{FFFD}\u{FFFD}\u{FFFD}c")
  }
}
