import Foundation

/// Runs a body with an empty folder of its own, removed afterwards.
func withTemporaryFolder(_ name: String, _ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/certificates-\(name)-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}
