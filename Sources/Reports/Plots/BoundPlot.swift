import RigorousArithmetic
import VerificationProblem

/// The interval that an answer reaches against the bounds that are asked for, on one scale.
enum BoundPlot {
  private static let width = 420.0
  private static let margin = 18.0

  /// The plot; nil where there is nothing to place on a scale.
  ///
  /// - Parameter points: values at a witness.
  static func markup(_ numbers: AnswerNumbers, points: [Double], standing: Standing, id: String) -> Markup? {
    guard !numbers.bounds.isEmpty, numbers.interval != nil || !points.isEmpty else { return nil }
    let limits: (lower: Double, upper: Double)
    switch numbers.scale {
    case .probability: limits = (0, 1)
    case .distance: limits = (0, .infinity)
    case .plain: limits = (-.infinity, .infinity)
    }
    let ends = numbers.interval.map { [$0.lower, $0.upper] } ?? []
    // Under forall an end of the scale is no news, and would hide how near bound and threshold are.
    let news = ends.filter { $0.isFinite && $0 != limits.lower && $0 != limits.upper }
    var shown = news + points + numbers.bounds.map(\.position)
    if limits.lower.isFinite, ends.contains(limits.lower), let least = shown.min(), let most = shown.max(),
      least - limits.lower <= 25 * (most - least)
    {
      shown.append(limits.lower)
    }
    let scale = PlotScale(showing: shown, within: limits)
    func x(_ value: Double) -> Double { margin + scale.fraction(value) * (width - 2 * margin) }

    var children: [Markup] = []
    let allowed = range(numbers.bounds, scale)
    children.append(
      Figure.box(x(allowed.lower), 22, x(allowed.upper) - x(allowed.lower), 34, style: "allowed"))
    for bound in numbers.bounds {
      children.append(Figure.line(x(bound.position), 18, x(bound.position), 60, style: "threshold"))
      children.append(
        Figure.label(
          "asked \(symbol(bound.comparison))", x: x(bound.position), y: 13,
          anchor: anchor(scale.fraction(bound.position)), style: "note"))
    }
    if let interval = numbers.interval {
      let (low, high) = (max(interval.lower, scale.lower), min(interval.upper, scale.upper))
      children.append(
        Figure.box(
          x(low), 33, max(2, x(high) - x(low)), 12, style: "bar \(standing.style)", radius: 2))
      children += end(interval.lower, of: scale, at: x(low), limit: limits.lower, tip: -7, standing)
      children += end(interval.upper, of: scale, at: x(high), limit: limits.upper, tip: 7, standing)
    }
    for point in points {
      let place = x(point)
      children.append(
        .tag(
          "path",
          [
            "class": "mark \(standing.style)",
            "d": "M\(Figure.position(place)) 31l8 8l-8 8l-8 -8z",
          ]))
    }
    children.append(Figure.line(margin, 62, width - margin, 62, style: "axis"))
    for tick in scale.ticks {
      children.append(Figure.line(x(tick), 62, x(tick), 67, style: "axis"))
      children.append(Figure.label(scale.text(tick), x: x(tick), y: 81))
    }
    return Figure.svg(
      id: id, width: Int(width), height: 88, title: "Reached and asked",
      description:
        AnswerNumbers.printed("Reached \(numbers.reached); asked \(numbers.asked). ")
        + "The shaded range is what is asked for, "
        + "the bar is the certified interval"
        + (points.isEmpty ? "." : ", the diamond is the value at the witness."),
      children)
  }

  /// A cap where the bar ends within the scale, an arrow where it goes on beyond.
  private static func end(
    _ value: Double, of scale: PlotScale, at x: Double, limit: Double, tip: Double, _ standing: Standing
  ) -> [Markup] {
    if value >= scale.lower, value <= scale.upper {
      return value == limit ? [] : [Figure.line(x, 29, x, 49, style: "cap \(standing.style)")]
    }
    let path = "M\(Figure.position(x)) 31L\(Figure.position(x + tip)) 39L\(Figure.position(x)) 47z"
    return [.tag("path", ["class": "mark \(standing.style)", "d": path])]
  }

  /// The range of the scale that meets all bounds.
  private static func range(
    _ bounds: [AnswerNumbers.Asked], _ scale: PlotScale
  ) -> (lower: Double, upper: Double) {
    var (lower, upper) = (scale.lower, scale.upper)
    for bound in bounds {
      if bound.comparison.boundsAbove {
        upper = min(upper, bound.position)
      } else {
        lower = max(lower, bound.position)
      }
    }
    return (lower, max(lower, upper))
  }

  private static func symbol(_ comparison: Comparison) -> String {
    switch comparison {
    case .less: "<"
    case .lessOrEqual: "≤"
    case .greater: ">"
    case .greaterOrEqual: "≥"
    }
  }

  private static func anchor(_ fraction: Double) -> String {
    fraction < 0.1 ? "start" : fraction > 0.9 ? "end" : "middle"
  }
}
