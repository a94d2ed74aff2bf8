import BuiltPrograms
import Foundation
import Tampering
import Testing

/// `dspec-replay` as a process: exit code and both outputs.
enum ReplayProgram {
  static func run(_ arguments: [String]) throws -> BuiltProgram.Result {
    try BuiltProgram.replay.run(arguments)
  }

  /// The program on a bundle, at the moment at which valid bundles count, whoever signed.
  static func run(on image: BundleImage, _ arguments: [String]) throws -> BuiltProgram.Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    var folder = try BundleFolder(path: path)
    defer { folder.remove() }
    try folder.show(image)
    return try run([path, "--at", ValidBundle.moment, "--any-signer"] + arguments)
  }
}
