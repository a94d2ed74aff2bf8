package import BranchAndBound

extension GapReport {
  /// Coordinates of a cell that are written out.
  private static let shownAxes = 4

  /// Lines for people: how much is open, the worst cell, and the operators that hold most of the gap.
  package var lines: [String] {
    let widest = lower.indices.sorted { (upper[$1] - lower[$1], $0) < (upper[$0] - lower[$0], $1) }
    let shown = widest.prefix(GapReport.shownAxes).sorted()
    let ranges = shown.map {
      "x\($0) in [\(Presentation.fixed(lower[$0], 5)), \(Presentation.fixed(upper[$0], 5))]"
    }
    let more = lower.count > shown.count ? " and \(lower.count - shown.count) narrower coordinates" : ""
    var lines = ["open cells: \(openCells); the worst has \(ranges.joined(separator: ", "))\(more)"]
    for part in parts {
      let elements = part.elements.map(String.init).joined(separator: ", ")
      lines.append(
        "\(Presentation.fixed(100 * part.share, 0)) % of the gap there: \(part.name)"
          + (elements.isEmpty ? "" : ", most by its elements \(elements)"))
    }
    return lines
  }
}
