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
    guard let signature = signature(in: output, of: message) else {
      throw refusal("what it printed is no signature of the message under the public key given")
    }
    return signature
  }

  /// A message whose signature is of no consequence: neither an encoding of an envelope nor a text of a log.
  package static let rehearsal = Array("dspec asks whether this command signs\n".utf8)

  /// Asks for the signature of `rehearsal`, so that a command that cannot sign is told of before hours of work are lost.
  ///
  /// - Throws: as `signature(for:)`.
  package func rehearse() throws(CertificateError) { _ = try signature(for: SignCommand.rehearsal) }

  private func signature(in output: [UInt8], of message: [UInt8]) -> [UInt8]? {
    let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return [output, Base64.bytes(text)].compactMap { $0 }.first {
      verificationKey.isValid(signature: $0, for: message)
    }
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
    let source = output.fileHandleForReading
    defer { try? source.close() }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 12)
    // What a command leaves running may hold the pipe open and look as if the command ran on: where nothing comes for two
    // seconds, a signature suffices.
    var (isOpen, idle) = (true, 0)
    while isOpen || process.isRunning {
      var item = pollfd(fd: isOpen ? source.fileDescriptor : -1, events: Int16(POLLIN), revents: 0)
      guard poll(&item, 1, 100) > 0 else {
        idle += 1
        if idle >= 20, signature(in: answer, of: message) != nil { return answer }
        continue
      }
      idle = 0
      let count = read(source.fileDescriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      isOpen = count > 0
      answer += buffer.prefix(max(0, count))
      guard answer.count <= Self.longestAnswer else {
        process.terminate()
        throw refusal("it printed more than \(Self.longestAnswer) bytes")
      }
    }
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
