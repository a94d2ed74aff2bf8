import DSpecSemantics
import LanguageServer
import Testing

struct LoaderTests {
  @Test func `regular files are read by absolute path`() throws {
    let bytes = try #require(DiskLoader().bytes(at: #filePath))
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("import DSpecSemantics"))
  }

  @Test(arguments: [
    "", "Package.swift", "/", "/dev/zero", "/dev/stdin", "/nonexistent/x", "/etc/hostname\u{0}.dspec",
  ])
  func `nothing else is read`(path: String) {
    #expect(DiskLoader().bytes(at: path) == nil)
  }

  @Test func `open documents come before files`() {
    let loader = BufferFirstLoader(
      buffers: ["/a": OpenDocument(uri: "file:///a", version: nil, text: "open")],
      disk: InMemoryLoader(["/a": "file", "/b": "file"]))
    #expect(loader.bytes(at: "/a") == Array("open".utf8))
    #expect(loader.bytes(at: "/b") == Array("file".utf8))
    #expect(loader.bytes(at: "/c") == nil)
  }
}
