import TensorGraph

/// No encoding in linear arithmetic: claims on the value of a logistic function are claims on its argument.
func encodeSigmoid(at site: OperatorSite) -> EncodingError {
  site.unsupported("it is not piecewise linear; state the claim on its argument, with a logit as threshold")
}
