import TensorGraph

/// The import rule of every ONNX operator that has one.
enum OperatorTable {
  typealias Rule = @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue

  static let rules: [String: Rule] = [
    "Abs": importAbs,
    "Add": importAdd,
    "AveragePool": importAveragePool,
    "BatchNormalization": importBatchNormalization,
    "Cast": importCast,
    "Clip": importClip,
    "Concat": importConcat,
    "Constant": importConstant,
    "ConstantOfShape": importConstantOfShape,
    "Conv": importConv,
    "ConvTranspose": importConvTranspose,
    "Cos": importSmooth(.cos),
    "Div": importDiv,
    "Equal": importEqual,
    "Erf": importSmooth(.erf),
    "Exp": importSmooth(.exp),
    "Expand": importExpand,
    "Flatten": importFlatten,
    "Gather": importGather,
    "Gelu": importGelu,
    "Gemm": importGemm,
    "GlobalAveragePool": importGlobalAveragePool,
    "GroupNormalization": importGroupNormalization,
    "Identity": importIdentity,
    "InstanceNormalization": importInstanceNormalization,
    "LayerNormalization": importLayerNormalization,
    "LeakyRelu": importLeakyRelu,
    "Log": importSmooth(.log),
    "LogSoftmax": importSoftmax(isLogarithm: true),
    "MatMul": importMatMul,
    "Max": importMaximum(negated: false),
    "MaxPool": importMaxPool,
    "Min": importMaximum(negated: true),
    "Mul": importMul,
    "Neg": importNeg,
    "Pad": importPad,
    "Pow": importPow,
    "Reciprocal": importSmooth(.reciprocal),
    "ReduceL2": importReduce(.euclideanNorm),
    "ReduceMax": importReduce(.maximum),
    "ReduceMean": importReduce(.mean),
    "ReduceMin": importReduce(.minimum),
    "ReduceSum": importReduce(.sum),
    "ReduceSumSquare": importReduce(.sumOfSquares),
    "Relu": importRelu,
    "Reshape": importReshape,
    "Resize": importResize,
    "Sigmoid": importSmooth(.sigmoid),
    "Sign": importSign,
    "Sin": importSmooth(.sin),
    "Slice": importSlice,
    "Softmax": importSoftmax(isLogarithm: false),
    "Softplus": importSmooth(.softplus),
    "Sqrt": importSmooth(.sqrt),
    "Squeeze": importSqueeze,
    "Sub": importSub,
    "Tanh": importSmooth(.tanh),
    "Transpose": importTranspose,
    "Unsqueeze": importUnsqueeze,
    "Upsample": importResize,
    "Where": importWhere,
  ]

  /// Operators that programs compute in ways that the graph does not show: other sums, scaled squares, powers.
  static let rewritten: Set<String> = [
    "BatchNormalization", "Pow", "ReduceL2",
  ]

  /// Names of the operators, sorted.
  static let names = rules.keys.sorted()
}
