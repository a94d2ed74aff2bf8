import TensorGraph

// Activations that the specification defines by other operators, and that have no operator of the graph.
//
// In deployed arithmetic the nodes bound what the definition computes step by step. Elu, Selu, Celu, HardSigmoid and
// HardSwish are computed by other steps too, which a map behind them allows for. For Swish as a quotient
// `x / (1 + exp(-alpha x))` and Mish as one of polynomials in `exp(x)` the nodes' errors suffice: those of the logistic
// function and of softplus are absolute, `8 u |x|` in the product, where these ways lose less than half as much.

/// Exponential units: the identity above zero, an exponential below.
enum ExponentialUnit {
  case elu, selu, celu
}

/// Elu, Selu and Celu: `gamma (max(x, 0) + alpha (exp(-max(-x, 0) / c) - 1))`.
///
/// Programs add multiples of `x`, of the exponential and of one. The first is the whole value where it is not zero, the
/// others are at most `gamma alpha`. A term passes the eight roundings of the function at most, two of factors, two of
/// sums, and those of the quotient `t = x / c`, which change the exponential by `|t| e^t <= 0.37` of a rounding.
func importExponentialUnit(_ unit: ExponentialUnit) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...1, attributes: unit == .selu ? ["alpha", "gamma"] : ["alpha"])
    // The defaults of the specification, which are numbers of single precision.
    let alpha = try node.float("alpha") ?? (unit == .selu ? 1.67326319217681884765625 : 1)
    let gamma = try node.float("gamma") ?? (unit == .selu ? 1.05070102214813232421875 : 1)
    guard alpha.isFinite, gamma.isFinite, unit != .celu || alpha > 0 else {
      throw node.error(
        .nonFinite, "`alpha` is \(alpha), `gamma` is \(gamma)",
        fix: unit == .celu ? "give a finite `alpha` above zero" : "give finite factors")
    }
    let size = 2 * (alpha * gamma).magnitude
    // Beyond, some way may leave the range of the format.
    if network.isDeployed, max(size, gamma.magnitude) > 0x1p80 { network.noteRewriting(of: node) }
    let (above, below) = try network.halves(of: try network.realOperand(0, of: node), in: node)
    var exponent = ImportedOperand(derived: try network.negation(of: below, in: node))
    if unit == .celu, alpha != 1 {
      exponent = ImportedOperand(derived: try network.divide(exponent, by: alpha, in: node))
    }
    let power = ImportedOperand(derived: try network.apply(.smooth(.exp), [exponent], in: node))
    let decrease = ImportedOperand(
      derived: try network.sum(power, network.constant(-1, type: power.value.type, in: node), in: node))
    let scaled = ImportedOperand(derived: try network.apply(.scale(alpha), [decrease], in: node))
    let total = try network.sum(above, scaled, in: node)
    let value =
      gamma == 1 ? total : try network.apply(.scale(gamma), [ImportedOperand(derived: total)], in: node)
    return try network.allow(value, roundings: 14, size: size, in: node)
  }
}

/// HardSigmoid: `alpha x + beta` limited to the numbers from zero to one.
///
/// Programs also limit `x + beta / alpha` and multiply behind it. Where the result is not constant, the terms in `x` and of
/// the offset are at most `|beta| + 1`, and pass at most five roundings, those of the numbers included.
func importHardSigmoid(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["alpha", "beta"])
  let slope = try node.float("alpha") ?? Double(Float(0.2))
  let offset = try node.float("beta") ?? 0.5
  guard slope.isFinite, offset.isFinite else {
    throw node.error(.nonFinite, "`alpha` is \(slope), `beta` is \(offset)")
  }
  // Beyond, some way may leave the range of the format.
  if network.isDeployed, !(max(offset.magnitude, (offset / slope).magnitude, slope.magnitude) <= 0x1p80) {
    network.noteRewriting(of: node)
  }
  let value = try network.hardSigmoid(
    try network.realOperand(0, of: node), slope: slope, offset: offset, in: node)
  return try network.allow(value, roundings: 6, size: 2 * (offset.magnitude + 1), in: node)
}

/// HardSwish: `x HardSigmoid(x)` with the slope that the specification's function has, one sixth in single precision.
///
/// Programs also limit `x + 3` and divide the product by six. Where the limited factor is not constant, `|x| <= 3`, so that
/// the terms in `x^2` and `x` are at most 1.5 and, also where rounding moves `x` across the limit, pass at most six
/// roundings, the slope's included. Elsewhere the value is zero or passes three.
func importHardSwish(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  let operand = try network.realOperand(0, of: node)
  let gate = try network.hardSigmoid(operand, slope: Double(Float(1) / 6), offset: 0.5, in: node)
  let value = try network.multiply(operand, ImportedOperand(derived: gate), in: node)
  return try network.allow(value, roundings: 8, size: 4, in: node)
}

/// Mish: `x tanh(log(1 + exp(x)))`.
func importMish(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  let operand = try network.realOperand(0, of: node)
  let ramp = ImportedOperand(derived: try network.apply(.smooth(.softplus), [operand], in: node))
  let gate = ImportedOperand(derived: try network.apply(.smooth(.tanh), [ramp], in: node))
  return try network.multiply(operand, gate, in: node)
}

/// Swish: `x / (1 + exp(-alpha x))`, which is SiLU for the factor one.
func importSwish(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["alpha"])
  let operand = try network.realOperand(0, of: node)
  let alpha = try node.float("alpha") ?? 1
  guard alpha.isFinite else { throw node.error(.nonFinite, "`alpha` is \(alpha)") }
  if alpha == 1 { return try network.apply(.smooth(.silu), [operand], in: node) }
  let scaled = ImportedOperand(derived: try network.apply(.scale(alpha), [operand], in: node))
  let gate = ImportedOperand(derived: try network.apply(.smooth(.sigmoid), [scaled], in: node))
  return try network.multiply(operand, gate, in: node)
}

extension NetworkImport {
  fileprivate mutating func hardSigmoid(
    _ operand: ImportedOperand, slope: Double, offset: Double, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let scaled = ImportedOperand(derived: try apply(.scale(slope), [operand], in: node))
    let moved = try sum(scaled, constant(offset, type: operand.value.type, in: node), in: node)
    do {
      return try apply(
        .clip(try Clip(lower: 0, upper: 1)), [ImportedOperand(derived: moved)], in: node)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw node.error(.unsupportedFeature, "\(error)")
    }
  }
}
