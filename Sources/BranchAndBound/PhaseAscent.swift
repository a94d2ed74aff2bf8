import LeafRules

/// The multipliers and slopes of one column of a pass, and the weight of the claim in it, on their way to a better bound.
///
/// The bound is a concave function of the multipliers, of the weight and, while no coefficient changes its sign, of the
/// products of slopes with coefficients (Wang et al., Beta-CROWN, NeurIPS 2021; Kotha et al., INVPROP, NeurIPS 2023). It
/// climbs by subgradients, each variable by its own mean over its own deviation (Kingma and Ba, Adam, ICLR 2015, algorithm
/// 1), in units of the variable: a multiplier that moves the objective as far as the objective reaches by itself has the
/// size one. What is evaluated has the few bits that evidence holds.
struct PhaseAscent {
  /// Of the claim's quantity; stays at one where the bound is the quantity's.
  private(set) var weight: Double
  private(set) var multipliers: [Double]
  /// For each open neuron.
  private(set) var slopes: [Double]

  private let isWeighted: Bool
  private let units: [Double]
  private var means: [Double]
  private var squares: [Double]
  private var steps = 0

  private static let pace = (weight: 0.2, multiplier: 0.2, slope: 0.3)
  private static let slowing = 0.95
  private static let memory = (mean: 0.9, square: 0.99)

  /// - Parameters:
  ///   - reach: How far the objective reaches without multipliers.
  ///   - claimReach: How far the claim's quantity reaches; nil where it is the objective.
  ///   - phaseReaches: How far the operand of each known phase reaches.
  init(
    weight: Double, multipliers: [Double], slopes: [Double], reach: Double, claimReach: Double?,
    phaseReaches: [Double]
  ) {
    self.weight = weight
    self.multipliers = multipliers
    self.slopes = slopes
    isWeighted = claimReach != nil
    func unit(_ other: Double) -> Double { other > 0 && reach > 0 ? Swift.min(1e30, reach / other) : 0 }
    units = [unit(claimReach ?? 0)] + phaseReaches.map(unit)
    means = [Double](repeating: 0, count: 1 + multipliers.count + slopes.count)
    squares = means
  }

  /// The numbers as evidence holds them.
  var rounded: (weight: Float, multipliers: [Float], slopes: [UInt8]) {
    (
      isWeighted ? PhaseNumbers.rounded(weight) : 1, multipliers.map(PhaseNumbers.rounded),
      slopes.map(PhaseNumbers.byte)
    )
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - gap: The claim's quantity minus its limit as the column's lines have it.
  ///   - part: The part with its phases.
  mutating func climb(
    _ relaxed: RelaxedValues, column: Int, gap: Double, part: PhaseColumns.Part, free: [Int],
    _ columns: PhaseColumns
  ) {
    let pace = PhaseAscent.memory
    let slowed = PhaseAscent.power(PhaseAscent.slowing, steps)
    steps += 1
    let mean = 1 - PhaseAscent.power(pace.mean, steps)
    let square = 1 - PhaseAscent.power(pace.square, steps)
    @inline(__always)
    func move(_ index: Int, _ gradient: Double, _ unit: Double) -> Double {
      guard gradient.isFinite else { return 0 }
      means[index] = pace.mean * means[index] + (1 - pace.mean) * gradient
      squares[index] = pace.square * squares[index] + (1 - pace.square) * gradient * gradient
      guard squares[index] > 0 else { return 0 }
      return unit * slowed * (means[index] / mean) / (squares[index] / square).squareRoot()
    }
    if isWeighted {
      let gradient = weight <= 0 && gap < 0 ? 0 : gap
      weight = Swift.min(1e30, Swift.max(0, weight + move(0, gradient, PhaseAscent.pace.weight * units[0])))
    }
    for (index, phase) in part.path.enumerated() {
      guard let place = columns.rectifiers[phase.neuron] else { continue }
      let value = relaxed.operand(place, column)
      var gradient = phase.isActive ? -value : value
      if multipliers[index] <= 0 && gradient < 0 { gradient = 0 }
      let step = move(1 + index, gradient, PhaseAscent.pace.multiplier * units[1 + index])
      multipliers[index] = Swift.min(1e30, Swift.max(0, multipliers[index] + step))
    }
    for position in free {
      guard let place = columns.rectifiers[columns.base.openNeurons[position]] else { continue }
      let coefficient = relaxed.coefficient(place, column)
      var gradient = coefficient > 0 ? coefficient * relaxed.operand(place, column) : 0
      let slope = slopes[position]
      if gradient > 0 ? slope >= 1 : slope <= 0 { gradient = 0 }
      let step = move(1 + multipliers.count + position, gradient, PhaseAscent.pace.slope)
      slopes[position] = Swift.min(1, Swift.max(0, slope + step))
    }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent { result *= base }
    return result
  }
}

/// Multipliers and slopes with the bits that evidence holds.
enum PhaseNumbers {
  /// The nearest multiplier whose single-precision bits end in sixteen zeros.
  static func rounded(_ value: Double) -> Float {
    guard value > 0, value < 1e30 else { return 0 }
    return Float(bitPattern: (Float(value).bitPattern &+ 0x8000) & 0xffff_0000)
  }

  /// The two bytes of such a multiplier.
  static func bytes(_ multiplier: Float) -> [UInt8] {
    let bits = UInt16(truncatingIfNeeded: multiplier.bitPattern >> 16)
    return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
  }

  /// The byte of the nearest slope that evidence can hold.
  static func byte(_ slope: Double) -> UInt8 {
    UInt8(Swift.min(255, Swift.max(0, (slope * 255).rounded())))
  }

  /// The slope of a byte.
  static func slope(_ byte: UInt8) -> Double { Double(byte) / 255 }
}
