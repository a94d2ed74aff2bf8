/// No encoding in linear arithmetic.
func encodeNormalize(at site: OperatorSite) -> EncodingError {
  site.unsupported("it is not piecewise linear; leave `engine: smt` out")
}
