import RigorousArithmetic

/// `x Phi(x)` with the normal distribution function Phi, the Gaussian error linear unit without approximation.
enum GELU: GaussianGated {
  static let gate = GaussianGate(scale: .one)
}
