#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Places where a result would destroy what is signed or trusted.
extension OutputFile {
  /// What lies at the top of a bundle beside its certificate, and of a log beside its checkpoint.
  private static let (bundleParts, logParts) = (Set(BundleLayout.folders), Set(["checkpoint", "tile"]))
  /// Words of files that are made once: PEM blocks, envelopes and trust files.
  private static let words = ["-----BEGIN ", "\"payloadType\"", "\"publicKey\""]
  private static let headSize = 1 << 16

  /// Whether a result at a path would replace a key, a signed statement or a trust file, or change a bundle or a log.
  package static func isGuarded(_ path: String) -> Bool {
    let target = resolved(path)
    if let head = head(of: target), words.contains(where: { head.contains($0) }) { return true }
    guard let name = target.split(separator: "/").last, target.hasSuffix(name) else { return false }
    // Where nothing lies yet, links in the folders above are followed.
    let folder = resolved(target.dropLast(name.count) + ".")
    var above = folder.split(separator: "/").map(String.init)
    if SharedFile.exists("\(folder)/\(BundleLayout.certificate)") { return true }
    var part = String(name)
    while true {
      let place = "/" + above.joined(separator: "/")
      if bundleParts.contains(part), SharedFile.exists("\(place)/\(BundleLayout.certificate)") { return true }
      if logParts.contains(part), SharedFile.exists("\(place)/checkpoint"), POSIX.isFolder("\(place)/tile") {
        return true
      }
      guard let last = above.popLast() else { return false }
      part = last
    }
  }

  /// How a regular file begins; nil for anything else.
  private static func head(of path: String) -> String? {
    do {
      guard case .regular = try POSIX.kind(of: path) else { return nil }
      let descriptor = try POSIX.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      return String(decoding: try POSIX.read(descriptor, count: headSize), as: UTF8.self)
    } catch {
      return nil
    }
  }
}
