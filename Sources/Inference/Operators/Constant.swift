import TensorGraph

func constantValues(_ tensor: Tensor, batch: Int, into output: inout [Double]) {
  let count = tensor.values.count
  for item in 0..<batch {
    for index in 0..<count { output[item * count + index] = tensor.values[index] }
  }
}
