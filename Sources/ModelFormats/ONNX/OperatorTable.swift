import TensorGraph

/// The import rule of every ONNX operator that has one.
enum OperatorTable {
  typealias Rule = @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue

  static let rules: [String: Rule] = [
    "Abs": importAbs,
    "Add": importAdd,
    "AveragePool": importAveragePool,
    "Cast": importCast,
    "Clip": importClip,
    "Concat": importConcat,
    "Constant": importConstant,
    "Conv": importConv,
    "ConvTranspose": importConvTranspose,
    "Cos": importSmooth(.cos),
    "Exp": importSmooth(.exp),
    "Flatten": importFlatten,
    "Gather": importGather,
    "Gelu": importGelu,
    "Gemm": importGemm,
    "GlobalAveragePool": importGlobalAveragePool,
    "Identity": importIdentity,
    "LeakyRelu": importLeakyRelu,
    "MatMul": importMatMul,
    "Max": importMaximum(negated: false),
    "MaxPool": importMaxPool,
    "Min": importMaximum(negated: true),
    "Mul": importMul,
    "Neg": importNeg,
    "Pad": importPad,
    "ReduceMean": importReduce(isMean: true),
    "ReduceSum": importReduce(isMean: false),
    "Relu": importRelu,
    "Reshape": importReshape,
    "Sigmoid": importSmooth(.sigmoid),
    "Sin": importSmooth(.sin),
    "Slice": importSlice,
    "Softplus": importSmooth(.softplus),
    "Squeeze": importSqueeze,
    "Sub": importSub,
    "Tanh": importSmooth(.tanh),
    "Transpose": importTranspose,
    "Unsqueeze": importUnsqueeze,
  ]

  /// Names of the operators, sorted.
  static let names = rules.keys.sorted()
}
