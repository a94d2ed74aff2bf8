import TensorGraph

/// The import rule of every ONNX operator that has one.
enum OperatorTable {
  typealias Rule = @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue

  static let rules: [String: Rule] = [
    "Add": importAdd,
    "Cast": importCast,
    "Clip": importClip,
    "Concat": importConcat,
    "Constant": importConstant,
    "Cos": importSmooth(.cos),
    "Exp": importSmooth(.exp),
    "Flatten": importFlatten,
    "Gather": importGather,
    "Gelu": importGelu,
    "Gemm": importGemm,
    "Identity": importIdentity,
    "MatMul": importMatMul,
    "Mul": importMul,
    "Neg": importNeg,
    "Relu": importRelu,
    "Reshape": importReshape,
    "Sigmoid": importSmooth(.sigmoid),
    "Sin": importSmooth(.sin),
    "Softplus": importSmooth(.softplus),
    "Squeeze": importSqueeze,
    "Sub": importSub,
    "Tanh": importSmooth(.tanh),
    "Unsqueeze": importUnsqueeze,
  ]

  /// Names of the operators, sorted.
  static let names = rules.keys.sorted()
}
