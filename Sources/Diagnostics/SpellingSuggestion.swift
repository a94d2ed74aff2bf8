/// Suggestions for misspelt names.
package enum SpellingSuggestion {
  /// The candidate nearest to `name` by edit distance, or nil where none is near enough.
  ///
  /// Near enough is a distance of at most a third of the name's length, at least 1; candidates that
  /// differ in case only always qualify, and nothing else does for a single letter. Ties go to the alphabetically first candidate.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.utf8.count <= 100 else { return nil }
    // A single letter is as near to every other one.
    let limit = name.utf8.count < 2 ? 0 : max(1, name.utf8.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      // Lengths alone are a distance.
      guard abs(candidate.utf8.count - name.utf8.count) <= max(limit, 2) else { continue }
      let distance = isSameButCase(name, candidate) ? 0 : editDistance(name, candidate)
      guard distance <= limit else { continue }
      if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  private static func isSameButCase(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
  }

  /// The least number of insertions, deletions, replacements and swaps of neighbours between two texts
  /// (optimal string alignment).
  package static func editDistance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        current.append(best)
      }
      before = previous
      previous = current
    }
    return previous[b.count]
  }
}
