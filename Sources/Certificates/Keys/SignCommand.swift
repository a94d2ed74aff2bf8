import Foundation

/// A program that signs, for keys in hardware or in a key service.
///
/// The shell runs the command with the message on its standard input: the pre-authentication encoding of the envelope or
/// the text of a log's checkpoint, the very bytes that Ed25519 signs. It answers on standard output with the signature, 64 bytes as they are or in base64.
package struct SignCommand: Signer {
  package let verificationKey: VerificationKey
  private let command: String

  /// A command whose signatures verify under a public key.
  package init(_ command: String, verificationKey: VerificationKey) {
    self.command = command
    self.verificationKey = verificationKey
  }

  package func signature(for message: [UInt8]) throws(CertificateError) -> [UInt8] {
    let output: [UInt8]
    do {
      output = try run(on: message)
    } catch let failure as CertificateError {
      throw failure
    } catch {
      throw refusal("it could not be run (\(error.localizedDescription))")
    }
    let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    for candidate in [output, Base64.bytes(text)].compactMap({ $0 })
    where verificationKey.isValid(signature: candidate, for: message) {
      return candidate
    }
    throw refusal("what it printed is no signature of the message under the public key given")
  }

  /// Files on both sides, so that a program that writes before it has read everything cannot block.
  private func run(on message: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "dspec-sign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("message")
    let output = folder.appendingPathComponent("signature")
    try Data(message).write(to: input)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw refusal("it ended with status \(process.terminationStatus)")
    }
    return try FileReading.content(of: output.path, limit: 1 << 16)
  }

  private func refusal(_ problem: String) -> CertificateError {
    CertificateError(
      .signature, at: "sign command `\(command)`", problem,
      fix: "let it read the message from standard input and print the Ed25519 signature, raw or in base64")
  }
}
