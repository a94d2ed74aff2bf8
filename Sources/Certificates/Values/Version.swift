/// A version of three numbers without leading zeros: `1.0.0`.
package struct Version: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Changes when older readers must refuse.
  package let major: Int
  /// Changes when something was added.
  package let minor: Int
  /// Changes otherwise.
  package let patch: Int

  /// Makes a version.
  package init(_ major: Int, _ minor: Int, _ patch: Int) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads the one spelling, or nil for any other text; each number has at most six digits.
  package init?(_ text: String) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { part -> Int? in
      guard (1...6).contains(part.utf8.count), let number = Int(part), String(number) == part else {
        return nil
      }
      return number < 0 ? nil : number
    }
    guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else {
      return nil
    }
    self.init(major, minor, patch)
  }

  /// The spelling.
  package var description: String { "\(major).\(minor).\(patch)" }

  /// The order of the numbers, major first.
  package static func < (left: Version, right: Version) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}
