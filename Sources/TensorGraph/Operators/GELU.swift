import RigorousArithmetic

/// `x Phi(x)` with the normal distribution function Phi, the Gaussian error linear unit without approximation.
enum GELU: SmoothRule {
  private static let gate = GaussianGate(scale: .one)

  static func enclosure(over x: Interval) -> Interval { gate.enclosure(over: x) }
  static func derivative(at x: Double) -> Double { gate.derivative(at: x) }
  static func curvature(over x: Interval) -> Double { gate.curvature(over: x) }
}
