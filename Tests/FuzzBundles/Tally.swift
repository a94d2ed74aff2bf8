/// What came of executions: numbers by name, and findings.
struct Tally {
  private(set) var counts: [String: Int] = [:]
  private(set) var findings: [String] = []
  private(set) var slowest = (milliseconds: 0, index: UInt64(0))

  mutating func count(_ name: String, _ number: Int = 1) { counts[name, default: 0] += number }

  mutating func find(_ text: String) { findings.append(text) }

  mutating func time(_ milliseconds: Int, _ index: UInt64) {
    if milliseconds > slowest.milliseconds { slowest = (milliseconds, index) }
  }

  /// Lines that `init` reads.
  var text: String {
    counts.map { "count \($0.value) \($0.key)\n" }.joined() + findings.map { "find \($0)\n" }.joined()
      + "slow \(slowest.milliseconds) \(slowest.index)\n"
  }

  init() {}

  /// Reads lines; others are left out.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
      switch parts.first {
      case "count" where parts.count == 3: count(parts[2], Int(parts[1]) ?? 0)
      case "find": findings.append(String(line.dropFirst(5)))
      case "slow" where parts.count == 3: time(Int(parts[1]) ?? 0, UInt64(parts[2]) ?? 0)
      default: break
      }
    }
  }

  mutating func add(_ other: Tally) {
    for (name, number) in other.counts { count(name, number) }
    findings += other.findings
    time(other.slowest.milliseconds, other.slowest.index)
  }
}
