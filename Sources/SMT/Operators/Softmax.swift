/// No encoding in linear arithmetic.
func encodeSoftmax(at site: OperatorSite) -> EncodingError {
  site.unsupported("it is not piecewise linear; leave `engine: smt` out, or compare its operands instead")
}
