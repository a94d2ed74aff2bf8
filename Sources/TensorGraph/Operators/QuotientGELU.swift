import RigorousArithmetic

/// `x (1 + erf(x / c)) / 2` with the binary32 number `c` next to `sqrt 2`: the Gaussian error linear unit as exporters
/// write it for operator sets that have none.
enum QuotientGELU: GaussianGated {
  static let gate = GaussianGate(
    scale: Interval(2).squareRoot() / Interval(SmoothFunction.singleRootOfTwo))
}
