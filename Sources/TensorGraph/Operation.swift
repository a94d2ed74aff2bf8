/// What a node computes.
///
/// Each case has a file of its name in `Operators/`, here and in every target that gives it another meaning.
package enum Operation: Hashable, Sendable {
  /// A free input of the graph.
  case input(Input)
  /// A constant.
  case constant(Tensor)
  /// `y = W x + b` on the last axis.
  case linear(Linear)
  /// `y = A x + b` on all elements, with few nonzero weights.
  case sparse(SparseMap)
  /// Elementwise sum of two tensors of one shape.
  case add
  /// Elementwise product of two tensors of one shape.
  case multiply
  /// Multiplication by a constant.
  case scale(Double)
  /// Division by a constant that is not zero: what no multiplication by a double is, such as the third of a number.
  case divide(Divisor)
  /// `max(x, 0)`.
  case relu
  /// The greatest element of every row.
  case maximum(Maximum)
  /// One above zero, minus one below it, zero at it.
  case sign
  /// `min(max(x, lower), upper)`.
  case clip(Clip)
  /// A smooth function of each element.
  case smooth(SmoothFunction)
  /// The exponentials of each group of elements, divided by their sum; or the logarithms of these quotients.
  case softmax(Softmax)
  /// Each group of elements to mean 0 and variance 1.
  case normalize(Normalization)
  /// Row of a constant table, chosen by an index.
  case gather
  /// The same elements under another shape.
  case reshape(Shape)
  /// Joins tensors along an axis.
  case concat(axis: Int)

  /// Whether the elements of the value are elements of the operands, or their negatives.
  package var isMove: Bool {
    switch self {
    case .sparse(let map): return map.isSelection
    case .gather, .reshape, .concat: return true
    case .input, .constant, .linear, .add, .multiply, .scale, .divide, .relu, .maximum, .sign, .clip, .smooth,
      .softmax,
      .normalize:
      return false
    }
  }

  /// The operator's name, as in diagnostics and in the operator matrix.
  package var name: String {
    switch self {
    case .input: return "Input"
    case .constant: return "Constant"
    case .linear: return "Linear"
    case .sparse: return "Sparse"
    case .add: return "Add"
    case .multiply: return "Multiply"
    case .scale: return "Scale"
    case .divide: return "Divide"
    case .relu: return "ReLU"
    case .maximum: return "Max"
    case .sign: return "Sign"
    case .clip: return "Clip"
    case .smooth(let function): return function.name
    case .softmax: return "Softmax"
    case .normalize: return "Normalize"
    case .gather: return "Gather"
    case .reshape: return "Reshape"
    case .concat: return "Concat"
    }
  }
}

/// A free input: its name and whether it holds real numbers or an index.
package struct Input: Hashable, Sendable {
  /// What an input holds.
  package enum Kind: Hashable, Sendable {
    /// Real numbers.
    case real
    /// One integer in `0 ..< count` of the table that it selects from.
    case index
  }

  /// Name, unique among the inputs of a graph.
  package let name: String
  /// What it holds.
  package let kind: Kind

  /// Makes an input.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}
