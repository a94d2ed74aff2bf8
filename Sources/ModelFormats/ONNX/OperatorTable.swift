/// The import rule of every ONNX operator that has one.
enum OperatorTable {
  typealias Rule = @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue

  static let rules: [String: Rule] = [
    "Add": importAdd,
    "Cast": importCast,
    "Clip": importClip,
    "Concat": importConcat,
    "Constant": importConstant,
    "Flatten": importFlatten,
    "Gather": importGather,
    "Gemm": importGemm,
    "Identity": importIdentity,
    "MatMul": importMatMul,
    "Mul": importMul,
    "Neg": importNeg,
    "Relu": importRelu,
    "Reshape": importReshape,
    "Sigmoid": importSigmoid,
    "Squeeze": importSqueeze,
    "Sub": importSub,
    "Unsqueeze": importUnsqueeze,
  ]

  /// Names of the operators, sorted.
  static let names = rules.keys.sorted()
}
