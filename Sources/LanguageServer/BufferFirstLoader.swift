package import DSpecSemantics

/// Serves the texts of open documents, and other files from elsewhere.
package struct BufferFirstLoader: SourceLoader {
  private let buffers: [String: OpenDocument]
  private let disk: any SourceLoader

  /// Makes a loader that asks `disk` for what is not in `buffers`, which go by path.
  package init(buffers: [String: OpenDocument], disk: any SourceLoader) {
    self.buffers = buffers
    self.disk = disk
  }

  package var modules: [String] { disk.modules }

  package func bytes(at path: String) -> [UInt8]? {
    buffers[path]?.bytes ?? disk.bytes(at: path)
  }
}
