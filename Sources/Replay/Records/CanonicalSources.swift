package import Certificates
import DSpecSyntax
package import Diagnostics

/// The sources of a specification without comments and layout.
///
/// Blanks, line ends and comments have no meaning in the language, so that the tokens of the files in order are all that a
/// reader of them can tell apart. Two specifications with one digest have the same files with the same tokens.
package enum CanonicalSources {
  /// The canonical bytes: the text `dspec ast 1`, the number of files, and for each file, ordered by the bytes of the
  /// names, its name, the number of its tokens, and each token with the number of its bytes before it; see
  /// `specs/certificate.md`, section 4.
  package static func bytes(_ files: [SourceFile]) -> [UInt8] {
    var bytes = Array("dspec ast 1\n\(files.count)\n".utf8)
    for file in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      let tokens = Lexer.lex(file, source: SourceID(index: 0)).tokens.filter { $0.kind != .endOfFile }
      bytes += Array("\(file.name)\n\(tokens.count)\n".utf8)
      for token in tokens {
        let text = file.utf8[token.start..<token.end]
        bytes += Array("\(text.count) ".utf8)
        bytes += text
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    return bytes
  }

  /// SHA-256 of the canonical bytes.
  package static func digest(_ files: [SourceFile]) -> ContentDigest { ContentDigest(of: bytes(files)) }
}
