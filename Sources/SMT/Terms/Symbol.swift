/// Symbols of SMT-LIB 2.6 (The SMT-LIB Standard, version 2.6, section 3.1).
package enum Symbol {
  /// Whether a text can be declared as a symbol, quoted if need be.
  ///
  /// Printable ASCII without `|` and `\`, not a word with a fixed meaning, and not of the solvers' own names,
  /// which start with `@` or `.`. Quoting does not help those: `|and|` is the symbol `and`.
  package static func isLegal(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "@"), first != UInt8(ascii: ".") else {
      return false
    }
    return text.utf8.allSatisfy(isQuotable) && !fixed.contains(text)
  }

  /// A legal symbol that resembles the text; the text itself when it is legal.
  package static func legalized(_ text: String) -> String {
    if isLegal(text) { return text }
    let readable = text.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && isQuotable(UInt8(truncatingIfNeeded: scalar.value)) ? Character(scalar) : "_"
    }
    return isLegal(String(readable)) ? String(readable) : "x" + String(readable)
  }

  /// The symbol as it is written: between bars unless it is a simple symbol.
  package static func written(_ name: String) -> String { isSimple(name) ? name : "|\(name)|" }

  private static func isSimple(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first), !reservedWords.contains(name) else { return false }
    return name.utf8.allSatisfy { byte in
      isDigit(byte) || isLetter(byte) || punctuation.contains(byte)
    }
  }

  private static func isQuotable(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "|") && byte != UInt8(ascii: "\\")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static let punctuation = Set("~!@$%^&*_-+=<>.?/".utf8)

  /// Words of the concrete syntax: they can be symbols only between bars.
  private static let reservedWords: Set<String> = [
    "!", "_", "as", "BINARY", "DECIMAL", "exists", "HEXADECIMAL", "forall", "let", "match", "NUMERAL", "par",
    "STRING", "assert", "check-sat", "check-sat-assuming", "declare-const", "declare-datatype",
    "declare-datatypes", "declare-fun", "declare-sort", "define-fun", "define-fun-rec", "define-funs-rec",
    "define-sort", "echo", "exit", "get-assertions", "get-assignment", "get-info", "get-model", "get-option",
    "get-proof", "get-unsat-assumptions", "get-unsat-core", "get-value", "pop", "push", "reset",
    "reset-assertions", "set-info", "set-logic", "set-option",
  ]

  /// Symbols of the theories Core, Ints and Reals, and constants that solvers add to them.
  private static let fixed: Set<String> = [
    "true", "false", "not", "=>", "and", "or", "xor", "=", "distinct", "ite", "Bool", "Real", "Int", "+", "-",
    "*", "/", "<", "<=", ">", ">=", "to_real", "to_int", "is_int", "div", "mod", "abs", "divisible", "pi",
    "euler", "exp", "sin", "cos", "tan", "sqrt", "if", "iff", "implies",
  ]
}
