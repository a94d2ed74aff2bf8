import BuiltPrograms
import Foundation
import Testing

/// `dspec report` as a process: files and exit codes.
@Suite struct ReportCommandTests {
  private func run(_ arguments: [String], path: String? = nil) throws -> (code: Int32, output: String) {
    let result = try BuiltProgram.dspec.run(["report"] + arguments, path: path)
    return (result.code, result.output + result.errors)
  }

  @Test func exitCodes() async throws {
    let fixture = try await CertificateFixture()
    defer { fixture.remove() }
    let (out, moment) = (fixture.folder + "/r.html", CertificateFixture.moment)
    let written = try run([fixture.bundle, "-o", out, "--at", moment, "--json"])
    #expect(written.code == 0 && written.output.contains("\"signature\":\"not examined\""))
    #expect(try String(contentsOfFile: out, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))

    let key = fixture.folder + "/other.pem"
    _ = try ParsedPage(String(contentsOfFile: out, encoding: .utf8))
    try FileManager.default.removeItem(atPath: out)
    let refused: [[String]] = [
      [fixture.folder + "/none.dcert", "--at", moment], [fixture.bundle, "--at", "2040-01-01T00:00:00Z"],
      [fixture.bundle, "--at", "yesterday"], [fixture.bundle, "--at", moment, "--trust", key],
      [fixture.bundle, "--at", moment, "--format", "sarif", "--pdf", fixture.folder + "/r.pdf"],
      [fixture.bundle, "--at", moment, "--format", "docx"],
    ]
    for arguments in refused {
      let result = try run(arguments + ["-o", out])
      #expect(result.code == 3, "\(arguments): \(result.output)")
      #expect(!FileManager.default.fileExists(atPath: out) && !result.output.contains("proved"))
    }
    // Without a program that prints nothing is written, neither page nor PDF.
    let unprinted = try run(
      [fixture.bundle, "-o", out, "--at", moment, "--pdf", out + ".pdf"], path: "/nowhere")
    #expect(unprinted.code == 3 && unprinted.output.contains("Chromium"))
    #expect(
      !FileManager.default.fileExists(atPath: out) && !FileManager.default.fileExists(atPath: out + ".pdf"))

    // A bundle of which a file was changed gives no file, and the earlier one stays as it was.
    let model = fixture.bundle + "/models/models/head.onnx"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: model)
    try bytes.write(to: URL(fileURLWithPath: model))
    let tampered = try run([fixture.bundle, "-o", out, "--at", moment])
    #expect(tampered.code == 3 && tampered.output.contains("MODEL_DIGEST"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }
}
