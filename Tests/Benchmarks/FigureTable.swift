import Foundation

/// Figures beside their limits.
struct FigureTable {
  private var rows: [(name: String, value: Double, limit: String, isMet: Bool)] = []

  mutating func add(_ name: String, _ value: Double, limit: Double) {
    rows.append((name, value, "<= \(limit)", value <= limit))
  }

  mutating func add(_ name: String, _ value: Double, atLeast limit: Double) {
    rows.append((name, value, ">= \(limit)", value >= limit))
  }

  var text: String {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { row in
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      return "\(name)  \(String(format: "%10.4f", row.value))  \(row.limit)  \(row.isMet ? "met" : "NOT MET")"
    }.joined(separator: "\n")
  }
}

/// The machine that figures belong to.
enum Machine {
  static var description: String {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let model = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return "\(model ?? "unknown processor"), \(cores) cores"
  }
}
