import SeededDraws

/// Mutations of a specification that mostly leave it readable.
enum TextMutation {
  private static let words = [
    "<=", ">=", "<", ">", "forall", "P[", "Z", "Disc", "PZ", "T", "tau", "proof", "bound", "0", "1", "1/2",
    "50%", "3",
    "-3", "100", "unsafe", "G", "denoiser", "decoder", "x0", "eps", "l1", "l2", "linf", "plain", "bright",
    "and", "or",
    "=>", "not", "Y_0", "X_0", "X_1", "assert", "-0.5", "2.25", "2.5", "1e300", "1e-300",
    "float32(any_order)",
  ]

  /// Replaces, drops, doubles or exchanges words and lines.
  static func apply(to bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var text = String(decoding: bytes, as: UTF8.self)
    for _ in 0...generator.below(3) {
      if generator.once(in: 3) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = generator.below(lines.count)
        switch generator.below(3) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: index)
        default: lines.swapAt(index, generator.below(lines.count))
        }
        text = lines.joined(separator: "\n")
      } else {
        var pieces = split(text)
        let places = pieces.indices.filter { pieces[$0].contains { !$0.isWhitespace } }
        guard let index = generator.pick(places) else { continue }
        switch generator.below(5) {
        case 0: pieces.remove(at: index)
        case 1: pieces[index] = generator.pick(places).map { pieces[$0] } ?? ""
        case 2: pieces.swapAt(index, generator.pick(places) ?? index)
        default: pieces[index] = generator.pick(words) ?? ""
        }
        text = pieces.joined()
      }
    }
    return Array(text.utf8)
  }

  /// The text cut where letters, digits, blanks and other signs meet.
  private static func split(_ text: String) -> [String] {
    func kind(_ character: Character) -> Int {
      character.isLetter || character == "_"
        ? 0
        : character.isNumber || character == "."
          ? 1
          : character.isWhitespace ? 2 : 3
    }
    var pieces: [String] = []
    var last = -1
    for character in text {
      if kind(character) == last, last != 3 {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
      last = kind(character)
    }
    return pieces
  }
}
