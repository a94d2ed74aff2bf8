import CProcessor

/// What the machine can do beyond what every target is compiled for.
enum Processor {
  /// Whether `WideKernels` may be called.
  static let hasWideVectors = processor_has_wide_vectors() != 0
}
