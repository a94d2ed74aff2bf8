/// A linear scale with round ticks.
struct PlotScale {
  /// The least number shown.
  let lower: Double
  /// The greatest number shown.
  let upper: Double
  /// Round numbers within.
  let ticks: [Double]
  /// Decimals that tell the ticks apart.
  let decimals: Int

  /// A scale that shows given numbers with room around them.
  ///
  /// - Parameter limits: where the quantity itself ends; the scale does not go beyond.
  init(showing values: [Double], within limits: (lower: Double, upper: Double)) {
    // Beyond these the width of the scale would leave the doubles; nobody reads such a plot.
    let largest = 1e300
    let finite = values.filter(\.isFinite).map { min(max($0, -largest), largest) }
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    let size = max(high - low, 1e-9 * max(1, abs(high)))
    low = max(limits.lower, low - 0.35 * size)
    high = min(limits.upper, high + 0.35 * size)
    // What lies near an end of the quantity's own range is shown with it.
    if limits.lower.isFinite, low - limits.lower <= 0.5 * (high - low) { low = limits.lower }
    if limits.upper.isFinite, limits.upper - high <= 0.25 * (high - low) { high = limits.upper }
    if !(high > low) { (low, high) = (low - 0.5, low + 0.5) }
    lower = low
    upper = high
    let step = PlotScale.roundStep(above: (high - low) / 6)
    decimals = step.decimals
    var ticks: [Double] = []
    var index = (low / step.size).rounded(.up)
    while index * step.size <= high + step.size * 1e-9, ticks.count < 12 {
      ticks.append(index * step.size)
      index += 1
    }
    self.ticks = ticks
  }

  /// The least of 1, 2 and 5 times a power of ten that is not below a size.
  private static func roundStep(above size: Double) -> (size: Double, decimals: Int) {
    var decimals = 0
    var unit = 1.0
    while unit > size, decimals < 12 {
      unit /= 10
      decimals += 1
    }
    while unit * 10 <= size { unit *= 10 }
    for factor in [1.0, 2, 5] where unit * factor >= size { return (unit * factor, decimals) }
    return (unit * 10, max(0, decimals - 1))
  }

  /// Where a number lies, from 0 to 1; what lies beyond is put on the end.
  func fraction(_ value: Double) -> Double {
    value.isNaN ? 0 : min(1, max(0, (min(max(value, lower), upper) - lower) / (upper - lower)))
  }

  /// A tick's label.
  func text(_ tick: Double) -> String { NumberText.fixed(tick == 0 ? 0 : tick, decimals) }
}
