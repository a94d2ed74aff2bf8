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

  /// More bytes than any signature takes.
  private static let longestAnswer = 1 << 16

  /// The message comes from a file without a name, so that a program that writes before it has read everything cannot
  /// block, and nothing is left behind whatever ends this one; the answer comes through a pipe, which ends with it.
  private func run(on message: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "dspec-sign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let input: FileHandle
    do {
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appendingPathComponent("message")
      try Data(message).write(to: file)
      input = try FileHandle(forReadingFrom: file)
    }
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try output.fileHandleForWriting.close()
    var answer: [UInt8] = []
    while let piece = try output.fileHandleForReading.read(upToCount: 1 << 12), !piece.isEmpty {
      answer += piece
      guard answer.count <= Self.longestAnswer else {
        process.terminate()
        try output.fileHandleForReading.close()
        throw refusal("it printed more than \(Self.longestAnswer) bytes")
      }
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw refusal("it ended with status \(process.terminationStatus)")
    }
    return answer
  }

  private func refusal(_ problem: String) -> CertificateError {
    CertificateError(
      .signature, at: "sign command `\(command)`", problem,
      fix: "let it read the message from standard input and print the Ed25519 signature, raw or in base64")
  }
}
