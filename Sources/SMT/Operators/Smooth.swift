import TensorGraph

/// No encoding in linear arithmetic: claims on the value of a logistic function are claims on its argument.
func encodeSmooth(_ function: SmoothFunction, at site: OperatorSite) -> EncodingError {
  site.unsupported(
    function == .sigmoid
      ? "it is not piecewise linear; state the claim on its argument, with a logit as threshold"
      : "it is not piecewise linear; leave `engine: smt` out")
}
