import TensorGraph

/// The lines below and above an elementwise function over a range, for the backward pass.
struct BackwardLines {
  let below: BackwardLine
  let above: BackwardLine

  /// No line: whatever is multiplied with it becomes no number.
  static let none = BackwardLines(
    below: BackwardLine(slope: 0, offset: .nan), above: BackwardLine(slope: 0, offset: .nan))

  init(below: BackwardLine, above: BackwardLine) {
    self.below = below
    self.above = above
  }

  /// `min(max(x, a), b)`.
  @inline(__always)
  init(clip: (Double, Double), lower: Double, upper: Double) {
    let (a, b) = clip
    if lower >= a && upper <= b {
      self.init(below: BackwardLine(slope: 1, offset: 0), above: BackwardLine(slope: 1, offset: 0))
    } else if upper <= a {
      self.init(below: BackwardLine(slope: 0, offset: a), above: BackwardLine(slope: 0, offset: a))
    } else if lower >= b {
      self.init(below: BackwardLine(slope: 0, offset: b), above: BackwardLine(slope: 0, offset: b))
    } else {
      self.init(
        below: BackwardLine.below(lower: lower, upper: upper, a: a, b: b),
        above: BackwardLine.above(lower: lower, upper: upper, a: a, b: b))
    }
  }

  /// One above zero, minus one below, zero at it; the function rises.
  init(sign lower: Double, _ upper: Double) {
    self.init(
      below: BackwardLine(slope: 0, offset: lower.sign()), above: BackwardLine(slope: 0, offset: upper.sign())
    )
  }

  /// `max(x, 0)`: below it runs `x` or `0`, exactly; above it the chord.
  @inline(__always)
  init(rectifier lower: Double, _ upper: Double) {
    if lower >= 0 || upper <= 0 {
      let line = BackwardLine(slope: lower >= 0 ? 1 : 0, offset: 0)
      self.init(below: line, above: line)
    } else {
      self.init(
        below: BackwardLine(slope: upper > -lower ? 1 : 0, offset: 0),
        above: BackwardLine.above(lower: lower, upper: upper, a: 0, b: .infinity))
    }
  }
}
