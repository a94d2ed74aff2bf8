import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Leaves by depth, and beside them the mass that cells down to each depth decide.
enum DepthPlot {
  private static let width = 420.0
  private static let height = 150.0
  private static let left = 44.0
  private static let base = 118.0
  private static let top = 14.0

  /// Bars: how many leaves lie at each depth.
  static func leaves(_ tally: TreeTally, id: String) -> Markup? {
    guard tally.depths.count > 1, let most = tally.depths.max(), most > 0 else { return nil }
    let step = (width - left - 8) / Double(tally.depths.count)
    var children: [Markup] = []
    for (depth, count) in tally.depths.enumerated() where count > 0 {
      let size = max(1, Double(count) / Double(most) * (base - top))
      children.append(
        Figure.box(left + Double(depth) * step + 1, base - size, max(1, step - 2), size, style: "count"))
    }
    children += axes(depths: tally.depths.count, step: step, title: "depth of the leaf (splits above it)")
    children.append(Figure.label(NumberText.count(most), x: left - 6, y: top + 8, anchor: "end"))
    children.append(Figure.label("0", x: left - 6, y: base, anchor: "end"))
    let listed = tally.depths.enumerated().filter { $0.element > 0 }.map {
      "depth \($0.offset): \($0.element)"
    }
    return Figure.svg(
      id: id, width: Int(width), height: Int(height), title: "Leaves by depth",
      description: listed.joined(separator: ", ") + ".", children)
  }

  /// Steps: the mass that leaves down to each depth decide, inside and outside of the event.
  static func mass(_ studies: CellStudies, _ obligation: Obligation, id: String) -> Markup? {
    let steps = cumulated(studies, obligation)
    guard steps.count > 1, let last = steps.last else { return nil }
    let step = (width - left - 8) / Double(steps.count)
    func x(_ depth: Int) -> Double { left + Double(depth) * step }
    func y(_ mass: Double) -> Double { base - min(1, max(0, mass)) * (base - top) }
    var inside = "M\(Figure.position(x(0))) \(Figure.position(base))"
    var outside = "M\(Figure.position(x(0))) \(Figure.position(top))"
    for (depth, mass) in steps.enumerated() {
      inside += "V\(Figure.position(y(mass.inside)))H\(Figure.position(x(depth + 1)))"
      outside += "V\(Figure.position(y(1 - mass.outside)))H\(Figure.position(x(depth + 1)))"
    }
    inside += "V\(Figure.position(base))z"
    outside += "V\(Figure.position(top))z"
    var children: [Markup] = [
      Figure.box(left, top, x(steps.count) - left, base - top, style: "undecided"),
      .tag("path", ["class": "tone0", "d": inside]), .tag("path", ["class": "tone1", "d": outside]),
    ]
    children += axes(depths: steps.count, step: step, title: "mass decided by cells down to this depth")
    children.append(Figure.label("1", x: left - 6, y: top + 8, anchor: "end"))
    children.append(Figure.label("0", x: left - 6, y: base, anchor: "end"))
    return Figure.svg(
      id: id, width: Int(width), height: Int(height), title: "Mass decided",
      description:
        "At the greatest depth \(percent(last.inside)) of the mass lies certainly inside the event, "
        + "\(percent(last.outside)) certainly outside, and \(percent(1 - last.inside - last.outside)) is undecided.",
      children)
  }

  /// Decided mass of all cases, weighted, of leaves down to each depth.
  static func cumulated(_ studies: CellStudies, _ obligation: Obligation) -> [CellStudy.DepthMass] {
    var steps: [CellStudy.DepthMass] = []
    for (study, item) in zip(studies.cases, obligation.cases) {
      let weight = item.weight.enclosure.midpoint
      for (depth, mass) in study.masses.enumerated() {
        while steps.count <= depth { steps.append(CellStudy.DepthMass()) }
        steps[depth].inside += weight * mass.inside
        steps[depth].outside += weight * mass.outside
      }
    }
    for depth in steps.indices.dropFirst() {
      steps[depth].inside += steps[depth - 1].inside
      steps[depth].outside += steps[depth - 1].outside
    }
    return steps
  }

  private static func axes(depths: Int, step: Double, title: String) -> [Markup] {
    var children = [
      Figure.line(left, base, width - 8, base, style: "axis"),
      Figure.line(left, top, left, base, style: "axis"),
    ]
    let every = max(1, (depths + 9) / 10)
    for depth in stride(from: 0, to: depths, by: every) {
      children.append(Figure.label("\(depth)", x: left + (Double(depth) + 0.5) * step, y: base + 14))
    }
    children.append(
      Figure.label(title, x: left + (width - left - 8) / 2, y: base + 29, style: "note"))
    return children
  }

  /// A share as a percentage.
  static func percent(_ share: Double) -> String { NumberText.fixed(100 * max(0, share), 1) + " %" }
}
