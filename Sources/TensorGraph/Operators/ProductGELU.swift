import RigorousArithmetic

/// `x (1 + erf(c x)) / 2` with the binary32 number `c` next to the root of one half: the Gaussian error linear unit as
/// exporters write it that multiply where others divide.
enum ProductGELU: GaussianGated {
  static let gate = GaussianGate(
    scale: Interval(2).squareRoot() * Interval(SmoothFunction.singleRootOfHalf))
}
