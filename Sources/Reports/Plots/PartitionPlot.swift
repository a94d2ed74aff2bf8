import Foundation
import LeafRules
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// The latent partition of a question in two coordinates: one small map a case, cells toned by how they were decided.
struct PartitionPlot {
  /// Largest number of maps.
  static let largestMapCount = 24
  /// Largest number of rectangles of all maps of one property.
  static let largestTileCount = 12_000

  /// The maps, in the order of the cases.
  let maps: [Markup]
  /// What the tones mean, in order.
  let legend: [(style: String, text: String)]
  /// What is not drawn as it is, in words; nil where all is.
  let simplification: String?

  /// The maps of an answer; nil where there is no partition in two coordinates.
  ///
  /// - Parameter showsBounds: Whether the bounds of leaves are of something that a reader knows.
  init?(
    _ studies: CellStudies, _ obligation: Obligation, _ numbers: AnswerNumbers, showsBounds: Bool, id: String
  ) {
    guard obligation.dimension == 2, obligation.fixedAxes.isEmpty,
      studies.cases.contains(where: { !$0.entries.isEmpty })
    else { return nil }
    let tones: Tones
    if case .measure = obligation.question {
      tones = .masses
    } else {
      tones = Tones(bounds: studies, obligation, numbers, areShown: showsBounds)
    }
    let shown = studies.cases.prefix(PartitionPlot.largestMapCount)
    let limit = PartitionPlot.largestTileCount / shown.count
    var maps: [Markup] = []
    var used: Set<Int> = []
    var simplified = 0
    for (index, study) in shown.enumerated() {
      let drawing = TileDrawing(
        leaves: study.entries.map { ($0.cell, $0.depth, tones.tone(of: $0.fate)) },
        fineTone: tones.fine, limit: limit)
      used.formUnion(drawing.tiles.map(\.tone))
      if drawing.simplifiedFrom != nil { simplified += 1 }
      maps.append(
        PartitionPlot.map(
          drawing, study, label: obligation.cases[index].label, tones: tones, isSmall: shown.count > 2,
          id: "\(id)-\(index)"))
    }
    self.maps = maps
    legend = used.sorted().map { (tones.styles[$0], tones.texts[$0]) }
    var notes: [String] = []
    if simplified > 0 {
      notes.append(
        "in \(NumberText.counted(simplified, "map", "maps")) the smallest cells are drawn as one tone"
      )
    }
    if studies.cases.count > shown.count {
      notes.append("\(shown.count) of \(studies.cases.count) cases are drawn")
    }
    simplification = notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  /// A map with its caption.
  private static func map(
    _ drawing: TileDrawing, _ study: CellStudy, label: String, tones: Tones, isSmall: Bool, id: String
  ) -> Markup {
    let size = 320.0
    let box = study.entries.reduce(into: study.entries[0].cell) { box, entry in
      for axis in 0..<2 {
        box.lower[axis] = min(box.lower[axis], entry.cell.lower[axis])
        box.upper[axis] = max(box.upper[axis], entry.cell.upper[axis])
      }
    }
    func place(_ value: Double, _ axis: Int) -> Int {
      // Halves, since the width itself may lie beyond the doubles.
      let width = box.upper[axis] / 2 - box.lower[axis] / 2
      let fraction = width > 0 ? (value / 2 - box.lower[axis] / 2) / width : 0
      return Int(((axis == 0 ? fraction : 1 - fraction) * size).rounded())
    }
    var paths = [String](repeating: "", count: tones.styles.count)
    var areas = [Double](repeating: 0, count: tones.styles.count)
    for tile in drawing.tiles {
      let (left, right) = (place(tile.cell.lower[0], 0), place(tile.cell.upper[0], 0))
      let (top, bottom) = (place(tile.cell.upper[1], 1), place(tile.cell.lower[1], 1))
      paths[tile.tone] += "M\(left) \(top)H\(right)V\(bottom)H\(left)z"
      areas[tile.tone] += Double((right - left) * (bottom - top)) / (size * size)
    }
    let shapes = paths.indices.filter { !paths[$0].isEmpty }.map {
      Markup.tag("path", ["class": tones.styles[$0], "d": paths[$0]])
    }
    let shares = areas.indices.filter { areas[$0] > 0 }.map {
      "\(tones.texts[$0]): \(DepthPlot.percent(areas[$0])) of the area"
    }
    let caption = label.isEmpty ? "all" : label
    let range = (0..<2).map { "[\(short(box.lower[$0])), \(short(box.upper[$0]))]" }.joined(separator: " x ")
    return .tag(
      "figure", ["class": isSmall ? "map small" : "map"],
      [
        Figure.svg(
          id: id, width: Int(size), height: Int(size), title: "Partition for \(caption)",
          description: "\(study.entries.count) cells of \(range). " + shares.joined(separator: "; ") + ".",
          style: "cells", shapes + [Figure.box(0, 0, size, size, style: "frame")]),
        .tag(
          "figcaption", [:],
          [
            Pieces.user(label), .text(label.isEmpty ? "" : ", "),
            .text(NumberText.counted(study.entries.count, "cell", "cells") + " of " + range),
          ]),
      ])
  }

  static func short(_ value: Double) -> String {
    if value.magnitude >= 1e6 { return String(format: "%.3g", value) }
    return value == value.rounded() ? "\(Int(value))" : NumberText.fixed(value, 3)
  }
}

/// The tones of a partition and what they mean.
struct Tones {
  let styles: [String]
  let texts: [String]
  /// The tone of cells that are too small to draw.
  let fine: Int
  /// Upper ends of the classes of bounds; empty where the tones are those of masses.
  private let ends: [Double]
  private let isLogistic: Bool
  private let unit: Double
  private let isAbove: Bool
  private let showsBounds: Bool

  /// Tones for masses of an event.
  static let masses = Tones(
    styles: ["tone0", "tone1", "tone2", "tone3", "hatch", "tone4"],
    texts: [
      "the event holds everywhere", "the event holds nowhere", "at most 20 % of the cell's mass undecided",
      "more of the cell's mass undecided", "nothing claimed of the cell",
      "cells of several kinds, too small to draw",
    ], fine: 5, ends: [])

  private init(styles: [String], texts: [String], fine: Int, ends: [Double]) {
    (self.styles, self.texts, self.fine, self.ends) = (styles, texts, fine, ends)
    (isLogistic, unit, isAbove, showsBounds) = (false, 1, true, true)
  }

  /// Tones for the bound that each leaf gives: five classes of equal width.
  ///
  /// Where atoms bound in both directions there is no such bound, and where bounds are not shown leaves are closed or open too.
  init(
    bounds studies: CellStudies, _ obligation: Obligation, _ numbers: AnswerNumbers, areShown: Bool
  ) {
    let directions = Set(obligation.cases.flatMap(\.predicate.atoms).map(\.comparison.boundsAbove))
    let isLogistic = numbers.scale == .probability
    let unit = numbers.unit
    let isAbove = directions.first ?? true
    let values = studies.cases.flatMap(\.entries).compactMap { entry -> Double? in
      if case .bounded(let value) = entry.fate { value } else { nil }
    }
    let shown = values.map { Tones.shown($0, isLogistic, unit, isAbove) }
    let (low, high) = (shown.min() ?? 0, shown.max() ?? 1)
    let classes = 5
    var ends: [Double] = []
    var texts: [String] = []
    for index in 0..<classes {
      let lower = low + (high - low) * Double(index) / Double(classes)
      let upper = index == classes - 1 ? high : low + (high - low) * Double(index + 1) / Double(classes)
      ends.append(upper)
      texts.append(
        isAbove
          ? "at most \(NumberText.up(upper))" : "at least \(NumberText.down(lower))")
    }
    styles = ["shade0", "shade1", "shade2", "shade3", "shade4", "tone1", "hatch", "tone4"]
    self.texts =
      texts + [
        "closed by its rule", "nothing claimed of the cell", "cells of several kinds, too small to draw",
      ]
    fine = 7
    self.ends = ends
    self.isLogistic = isLogistic
    self.unit = unit
    self.isAbove = isAbove
    showsBounds = areShown && directions.count == 1
  }

  /// The tone of a leaf.
  func tone(of fate: CellStudy.Fate) -> Int {
    switch fate {
    case .holds: return ends.isEmpty ? 0 : 5
    case .fails: return 1
    case .partly(let undecided): return undecided <= 0.2 ? 2 : 3
    case .open: return ends.isEmpty ? 4 : 6
    case .bounded(let value):
      guard showsBounds else { return 5 }
      let shown = Tones.shown(value, isLogistic, unit, isAbove)
      return ends.firstIndex { shown <= $0 } ?? ends.count - 1
    }
  }

  private static func shown(_ value: Double, _ isLogistic: Bool, _ unit: Double, _ isAbove: Bool) -> Double {
    guard isLogistic || unit != 1 else { return value }
    let range = isLogistic ? Interval(value).sigmoid() : Interval(value) / Interval(unit)
    return isAbove ? range.upper : range.lower
  }
}
