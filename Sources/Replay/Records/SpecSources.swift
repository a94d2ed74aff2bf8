package import Diagnostics

extension SourceMap {
  /// The files of the specification, without the pseudo-files that hold parameter values given from outside.
  package var sourceFiles: [SourceFile] { files.filter { !$0.name.hasPrefix("parameter ") } }
}
