import CellMasses
import LeafRules
import RigorousArithmetic
import VerificationProblem

/// The certified interval of the event's probability in each case, one row a case.
enum CasePlot {
  private static let width = 420.0
  private static let rowHeight = 16.0
  /// Largest number of rows.
  static let largestCount = 60

  /// The plot; nil where there is one case only or too many.
  static func markup(_ studies: CellStudies, _ obligation: Obligation, id: String) -> Markup? {
    let rows = zip(obligation.cases, studies.cases).compactMap { item, study in
      study.sum.map { (label: item.label, interval: $0.probability) }
    }
    guard rows.count > 1, rows.count <= largestCount else { return nil }
    let letters = rows.map(\.label.count).max() ?? 0
    let left = min(200.0, 14 + 7.2 * Double(letters))
    let scale = PlotScale(showing: rows.flatMap { [$0.interval.lower, $0.interval.upper] }, within: (0, 1))
    func x(_ value: Double) -> Double { left + scale.fraction(value) * (width - left - 18) }
    let base = 8 + rowHeight * Double(rows.count)
    var children: [Markup] = []
    for tick in scale.ticks {
      children.append(Figure.line(x(tick), 4, x(tick), base, style: "grid"))
      children.append(Figure.label(scale.text(tick), x: x(tick), y: base + 14))
    }
    for (index, row) in rows.enumerated() {
      let y = 4 + rowHeight * (Double(index) + 0.5)
      let label = row.label.count > 26 ? String(row.label.prefix(25)) + "…" : row.label
      children.append(Figure.label(label, x: left - 8, y: y + 4, anchor: "end", style: "tick"))
      children.append(
        Figure.box(
          x(row.interval.lower), y - 4, max(2, x(row.interval.upper) - x(row.interval.lower)), 8,
          style: "count", radius: 1))
    }
    children.append(Figure.line(left, base, width - 18, base, style: "axis"))
    let described = rows.map {
      "\($0.label): \(NumberText.down($0.interval.lower)) to \(NumberText.up($0.interval.upper))"
    }
    return Figure.svg(
      id: id, width: Int(width), height: Int(base) + 22, title: "Probability of the event by case",
      description: described.joined(separator: "; ") + ".", children)
  }
}
