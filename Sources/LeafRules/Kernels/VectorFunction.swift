import RigorousArithmetic
package import TensorGraph

// Theorem. Let u = 2^-53 and e = VectorLogistic.relativeError = VectorNormal.absoluteError = 128 u.
//
// Values. The logistic function t is off by at most 93 u t. SiLU, x t, is off by at most 2 e |f|, the hyperbolic tangent,
// 2 t(2 x) - 1, by 2 e (|f| + 2). x Phi(s x) has s within 2 u of its value and s x within 3 u, which changes Phi by at
// most 3 u |y| phi(y) < u: it is off by at most |x| (e + 3 u). x t(a(x)), a(x) = 2 k (x + c x^3), has a within 8 u |a|,
// which changes t by at most 8 u |a| t (1 - t) < 2 u; a is cut at +-100, beyond which t is within e^-100 of 0 or 1: it is
// off by at most 94 u |f| + 3 u |x|. All are off by at most 2 e (|f| + `excess`): e + 3 u <= 2 e 0.52, 3 u <= 2 e 0.02.
//
// Derivatives. t (1 - t) is off by 200 u t, 1 - tanh^2 by 400 u, t (1 + x (1 - t)) by 192 u t (1 + |x|). Of Phi + y phi the
// first is off by e + u; y is cut at +-30, beyond which y phi is below e^-440, and phi is off by (64 + 4 y^2) u times
// itself, with |y| phi < 0.25 and |y|^3 phi < 0.5. Of t + x a' t (1 - t) the first is off by 96 u. The second, below 0.6 and
// |a| times it below 1.5, is for x < 0 off by (224 + 8 |a|) u times itself. For x > 0, t is off by 33 u, so that t (1 - t) is
// off by 36 u where a < 37, and there a' < 12.6; beyond, 1 - t is computed as zero, and x a' t (1 - t) < 91 e^-37 < 80 u.
// All are off by at most 470 u T (1 + |x|), which is less than 4 e T (1 + |x|), and their magnitude is at most T (1 + |x|),
// where T is the greatest t on the range for the logistic function and SiLU, and 1 for the others.
//
// Bends. With m = |x|, |f''| is at most the following, all of which fall in m. The logistic function: 0.0963 and e^-m. The
// hyperbolic tangent: 0.7699 and 8 e^-2m. SiLU: 0.5 and (2 + m) e^-m, see its file. x Phi(s x), with y = s m: s phi (2 - y^2),
// or s 0.10799 where that is less, up to y = 2, and s phi (y^2 - 2) beyond, where it is below 0.10799: both fall, by
// the derivatives y (y^2 - 4) phi and y (4 - y^2) phi. x t(a(x)): 0.8
// and e^-a (2 a' + m a'' + m a'^2), see `TanhGELU`.
// Cutting y and a makes no bound smaller.

/// The smooth functions of which eight values are computed at once, each with its derivative and a bound of its bend.
package enum VectorFunction {
  case logistic
  case tanh
  case silu
  /// `x Phi(s x)` with a scale within 2e-8 of one.
  case gaussianGate(scale: Double)
  case tanhGate

  /// Nil for other functions.
  @inline(__always)
  package init?(_ function: SmoothFunction) {
    switch function {
    case .sigmoid: self = .logistic
    case .tanh: self = .tanh
    case .silu: self = .silu
    case .gelu: self = .gaussianGate(scale: 1)
    case .quotientGELU: self = .gaussianGate(scale: 2.0.squareRoot() / SmoothFunction.singleRootOfTwo)
    case .productGELU: self = .gaussianGate(scale: 2.0.squareRoot() * SmoothFunction.singleRootOfHalf)
    case .tanhGELU: self = .tanhGate
    default: return nil
    }
  }

  /// Largest magnitude of an argument.
  package static var domain: Double { VectorLogistic.domain / 2 }

  /// Eight values, derivatives, and upper bounds of the second derivative's magnitude at all arguments no smaller.
  package struct Values {
    package var value: SIMD8<Double>
    package var derivative: SIMD8<Double>
    package var bend: SIMD8<Double>
    /// `T` of a range that ends with the last argument.
    package var steepness: Double
  }

  /// The values at arguments within the domain.
  @inline(__always)
  package func values(_ x: SIMD8<Double>) -> Values {
    let magnitude = x.replacing(with: -x, where: x .< 0)
    var values: Values
    switch self {
    case .logistic:
      let (t, decay) = VectorLogistic.logistic(x)
      values = Values(value: t, derivative: t * (1 - t), bend: decay, steepness: t[7])
    case .tanh:
      let (t, decay) = VectorLogistic.logistic(2 * x)
      let value = 2 * t - 1
      values = Values(value: value, derivative: 1 - value * value, bend: 8 * decay, steepness: 1)
    case .silu:
      let (t, decay) = VectorLogistic.logistic(x)
      values = Values(
        value: x * t, derivative: t * (1 + x * (1 - t)), bend: (2 + magnitude) * decay, steepness: t[7])
    case .gaussianGate(let scale):
      let y = scale * x
      let gate = VectorNormal.distribution(y)
      let near = y.replacing(with: 30, where: y .> 30).replacing(with: -30, where: y .< -30)
      let density = 0x1.9884533d43651p-2 * VectorLogistic.exp(near * near * -0.5)
      let turned = density * (2 - near * near)
      let far = near * near .> 4
      var bend = turned.replacing(with: 0.10799, where: turned .< 0.10799)
      bend = bend.replacing(with: -turned, where: far) * (1 + 0x1p-25)
      values = Values(value: x * gate, derivative: gate + near * density, bend: bend, steepness: 1)
    case .tanhGate:
      let square = x * x
      var a = 0x1.9884533d43651p+0 * (x + 0.044715 * (square * x))
      a = a.replacing(with: 100, where: a .> 100).replacing(with: -100, where: a .< -100)
      let rise = 0x1.9884533d43651p+0 * (1 + 0.134145 * square)
      let (t, decay) = VectorLogistic.logistic(a)
      let second = (0x1.9884533d43651p+0 * 0.26829) * square
      values = Values(
        value: x * t, derivative: t + x * rise * (t * (1 - t)),
        bend: decay * (2 * rise + second + magnitude * rise * rise), steepness: 1)
    }
    let greatest = greatestBend
    values.bend *= 1 + 0x1p-40
    values.bend.replace(with: greatest, where: values.bend .> greatest)
    return values
  }

  /// An upper bound of the second derivative's magnitude everywhere.
  @inline(__always)
  package var greatestBend: Double {
    switch self {
    case .logistic: return 0.0963
    case .tanh: return 0.7699
    case .silu: return 0.5
    case .gaussianGate: return 0.79791
    case .tanhGate: return 0.8
    }
  }

  /// What a value's error is proportional to beside its magnitude, for arguments of at most a magnitude.
  @inline(__always)
  package func excess(reach: Double) -> Double {
    switch self {
    case .logistic, .silu: return 0
    case .tanh: return 2
    case .gaussianGate: return 0.52 * reach
    case .tanhGate: return 0.02 * reach
    }
  }
}
