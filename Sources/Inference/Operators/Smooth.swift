import Foundation
import TensorGraph

// The system's functions, which are fast and whose errors nobody bounds: what is found with them is confirmed elsewhere.

func smoothValues(_ function: SmoothFunction, _ operand: [Double], into output: inout [Double]) {
  switch function {
  case .sigmoid: map(operand, into: &output, logistic)
  case .tanh: map(operand, into: &output) { Foundation.tanh($0) }
  case .softplus: map(operand, into: &output) { Swift.max($0, 0) + log1p(Foundation.exp(-$0.magnitude)) }
  case .silu: map(operand, into: &output) { $0 * logistic($0) }
  case .gelu: map(operand, into: &output) { $0 * normalCDF($0) }
  case .quotientGELU:
    map(operand, into: &output) { $0 * errorGate($0 / SmoothFunction.singleRootOfTwo) }
  case .productGELU:
    map(operand, into: &output) { $0 * errorGate($0 * SmoothFunction.singleRootOfHalf) }
  case .exp: map(operand, into: &output) { Foundation.exp($0) }
  case .sin: map(operand, into: &output) { Foundation.sin($0) }
  case .cos: map(operand, into: &output) { Foundation.cos($0) }
  case .square: map(operand, into: &output) { $0 * $0 }
  case .reciprocal: map(operand, into: &output) { 1 / $0 }
  case .sqrt: map(operand, into: &output) { $0.squareRoot() }
  case .log: map(operand, into: &output) { Foundation.log($0) }
  case .erf: map(operand, into: &output) { Foundation.erf($0) }
  case .tanhGELU: map(operand, into: &output) { $0 * logistic(tanhArgument($0)) }
  }
}

/// The flow times the derivative at the operand's value.
func smoothFlow(
  _ function: SmoothFunction, _ flow: [Double], at value: [Double], into operand: inout [Double]
) {
  func add(_ derivative: (Double) -> Double) {
    for index in operand.indices where flow[index] != 0 {
      operand[index] += flow[index] * derivative(value[index])
    }
  }
  switch function {
  case .sigmoid:
    add {
      let s = logistic($0)
      return s * (1 - s)
    }
  case .tanh:
    add {
      let t = Foundation.tanh($0)
      return 1 - t * t
    }
  case .softplus: add(logistic)
  case .silu:
    add {
      let s = logistic($0)
      return s * (1 + $0 * (1 - s))
    }
  // The scales of the others differ from one by 2e-8, which no descent notices.
  case .gelu, .quotientGELU, .productGELU:
    add { normalCDF($0) + $0 * Foundation.exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
  case .exp: add { Foundation.exp($0) }
  case .sin: add { Foundation.cos($0) }
  case .cos: add { -Foundation.sin($0) }
  case .square: add { 2 * $0 }
  case .reciprocal: add { -1 / ($0 * $0) }
  case .sqrt: add { 0.5 / $0.squareRoot() }
  case .log: add { 1 / $0 }
  case .erf: add { 2 / Double.pi.squareRoot() * Foundation.exp(-$0 * $0) }
  case .tanhGELU:
    add {
      let s = logistic(tanhArgument($0))
      // Where the logistic function is 0 or 1, the rest is zero however large the slope of its argument.
      let rest = s > 0 && s < 1 ? $0 * (1 - s) * tanhFactor * (1 + 3 * 0.044715 * $0 * $0) : 0
      return s * (1 + rest)
    }
  }
}

@inline(__always)
private func map(_ operand: [Double], into output: inout [Double], _ function: (Double) -> Double) {
  for index in output.indices { output[index] = function(operand[index]) }
}

@inline(__always)
private func logistic(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }

@inline(__always)
private func normalCDF(_ x: Double) -> Double { errorGate(x / 2.0.squareRoot()) }

@inline(__always)
private func errorGate(_ x: Double) -> Double { erfc(-x) / 2 }

/// `2 sqrt(2 / pi)`.
private let tanhFactor = 2 * (2 / Double.pi).squareRoot()

/// Twice the argument of the hyperbolic tangent.
@inline(__always)
private func tanhArgument(_ x: Double) -> Double { tanhFactor * (x + 0.044715 * x * x * x) }
