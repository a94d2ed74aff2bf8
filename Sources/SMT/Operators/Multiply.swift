/// No encoding in linear arithmetic.
func encodeMultiply(at site: OperatorSite) -> EncodingError {
  site.unsupported("it multiplies two computed values; leave `engine: smt` out")
}
