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
  }
}
