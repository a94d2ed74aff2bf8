import SeededDraws

/// Writes random texts that the grammar derives, with random blanks and comments between tokens.
struct SpecificationWriter {
  private var generator: SeededGenerator
  private var pieces: [String] = []
  /// The tokens still allowed before every choice takes its shortest form.
  private var budget: Int

  private init(_ generator: SeededGenerator, tokens: Int) {
    self.generator = generator
    budget = self.generator.below(tokens) + 5
  }

  /// A text without syntax errors; after about `tokens` tokens every choice takes its shortest form.
  static func write(_ generator: inout SeededGenerator, tokens: Int) -> [UInt8] {
    var writer = SpecificationWriter(generator, tokens: tokens)
    writer.writeFile()
    let text = writer.joined()
    generator = writer.generator
    return text
  }

  /// Marks a gap in which no line may end.
  private static let sameLine = "\u{0}"

  private mutating func joined() -> [UInt8] {
    let style = generator.below(3)
    var text = ""
    var staysOnLine = true
    for piece in pieces {
      if piece == Self.sameLine {
        staysOnLine = true
        text += " "
        continue
      }
      text += staysOnLine ? " " : gap(style)
      staysOnLine = false
      text += piece
    }
    text += gap(style)
    return Array(text.utf8)
  }

  private mutating func gap(_ style: Int) -> String {
    guard style > 0 else { return " " }
    var result = generator.once(in: 3) ? "" : " "
    while generator.once(in: style == 1 ? 12 : 3) {
      result +=
        generator.pick([
          "\n", "\n\n\n", "\t", "\r\n", "\r", "// c \n", "//\r\n", "/// doc\n", "/* b */",
          "/* two\n   lines \n*/", "/**/",
          "\n  // own\n", "\n\n/* own */\n\n", "\n/// d\n\n", "//// e\r\n/// f \n", "/* /* n */ /// */",
          "    ",
          "/*\r\n*/",
          "// a long comment that alone takes nearly a line of the hundred columns that a line may have\n",
        ]) ?? ""
    }
    // Words and numbers must not run together, nor a slash with a comment.
    return " " + result + " "
  }

  private mutating func add(_ tokens: String...) {
    pieces += tokens
    budget -= tokens.count
  }

  private mutating func name() {
    add(
      generator.pick([
        "z", "s", "tau", "x1", "_a", "Digit", "probe", "E_1", "dspec", "domain", "of", "as", "module", "r",
        "a_rather_long_name_of_something_else",
      ]) ?? "z")
  }

  private mutating func path() {
    name()
    while budget > 0, generator.once(in: 4) {
      add(".")
      name()
    }
  }

  private mutating func list(atLeast least: Int = 0, _ item: (inout SpecificationWriter) -> Void) {
    let count = budget > 0 ? max(least, generator.below(4)) : least
    for index in 0..<count {
      item(&self)
      if index + 1 < count || generator.once(in: 5) { add(",") }
    }
  }

  private mutating func string() {
    add(
      generator.pick(["\"\"", "\"a // b\"", "\"\\\"é\\\\\"", "\"some longer text of a title or path\""])
        ?? "\"\"")
  }
}

// MARK: Declarations

extension SpecificationWriter {
  private mutating func writeFile() {
    if generator.once(in: 2) { add("dspec", "1.0") }
    if generator.once(in: 2) {
      add("module")
      path()
    }
    while generator.once(in: 3) {
      add("import")
      if generator.once(in: 2) { string() } else { path() }
      if generator.once(in: 2) {
        pieces.append(Self.sameLine)
        add("as")
        name()
      }
    }
    repeat { declaration() } while budget > 0 && !generator.once(in: 20)
  }

  private mutating func declaration() {
    switch generator.below(11) {
    case 0:
      add("enum")
      name()
      add("{")
      list(atLeast: 1) { $0.name() }
      add("}")
    case 1:
      add("param")
      name()
      type()
      if generator.once(in: 2) {
        add("=")
        expression()
      }
    case 2, 3:
      add(generator.once(in: 2) ? "domain" : "dist")
      name()
      type()
      add("=")
      expression()
    case 4:
      add(generator.once(in: 2) ? "network" : "sampler")
      name()
      add(":")
      ports()
      add("->")
      type(hasColon: false)
      block()
    case 5:
      add("mitigation")
      name()
      add("of")
      path()
      add(":")
      name()
      block()
    case 6:
      add("dataset")
      name()
      type()
      block()
    case 7:
      add("let")
      name()
      if generator.once(in: 2) { ports() }
      if generator.once(in: 2) { type() }
      add("=")
      expression()
    case 8:
      add("test")
      string()
      block()
    case 9:
      add("training")
      name()
      add("of")
      path()
      block()
    default:
      add(generator.pick(["hazard", "property", "goal"]) ?? "hazard")
      name()
      if generator.once(in: 2) { string() }
      block()
    }
  }

  private mutating func ports() {
    add("(")
    list(atLeast: 1) {
      $0.name()
      $0.type()
    }
    add(")")
  }

  private mutating func type(hasColon: Bool = true) {
    if hasColon { add(":") }
    path()
    if generator.once(in: 2) {
      add("[")
      list { $0.expression() }
      add("]")
    }
    if generator.once(in: 3) {
      add("in", "[")
      expression()
      add(",")
      expression()
      add("]")
    }
  }

  private mutating func block() {
    add("{")
    while budget > 0, !generator.once(in: 4) {
      name()
      add(":")
      expression()
      if generator.once(in: 4) { add(",") }
    }
    add("}")
  }
}

// MARK: Expressions

extension SpecificationWriter {
  private mutating func expression() {
    guard budget > 0 else { return name() }
    switch generator.below(8) {
    case 0:
      add(generator.once(in: 2) ? "forall" : "exists")
      binders()
      add(":")
      expression()
    case 1:
      add("if")
      expression()
      add("then")
      expression()
      add("else")
      expression()
    default:
      logical()
      if generator.once(in: 8) {
        add("implies")
        expression()
      }
    }
  }

  private mutating func logical() {
    let word = generator.once(in: 2) ? "and" : "or"
    negation()
    while budget > 0, generator.once(in: 4) {
      add(word)
      negation()
    }
  }

  private mutating func negation() {
    while generator.once(in: 8) { add("not") }
    sum()
    // Chains that point one way and hold no `!=`.
    let operators = generator.pick([["<", "<=", "=="], [">", ">=", "=="]]) ?? []
    if generator.once(in: 20) {
      add("!=")
      sum()
    } else {
      while budget > 0, generator.once(in: 4) {
        add(generator.pick(operators) ?? "==")
        sum()
      }
    }
  }

  private mutating func sum() {
    unary()
    while budget > 0, generator.once(in: 4) {
      add(generator.pick(["+", "-", "*", "/"]) ?? "+")
      unary()
    }
  }

  private mutating func unary() {
    while generator.once(in: 8) { add("-") }
    primary()
    while budget > 0, generator.once(in: 4) {
      switch generator.below(3) {
      case 0:
        add("(")
        list {
          if $0.generator.once(in: 2) {
            $0.name()
            $0.add(":")
          }
          $0.expression()
        }
        add(")")
      case 1:
        add("[")
        list { $0.expression() }
        add("]")
      default:
        add(".")
        name()
      }
    }
  }

  private mutating func primary() {
    switch budget > 0 ? generator.below(9) : 8 {
    case 0, 1: add(generator.pick(["1", "0.5", "50_000", "1e-4", "99.9%", "3"]) ?? "1")
    case 2: string()
    case 3: add(generator.once(in: 2) ? "true" : "false")
    case 4:
      add("(")
      expression()
      add(")")
    case 5:
      add("[")
      list { $0.expression() }
      add("]")
    case 6:
      add(generator.pick(["P", "E", "BER"]) ?? "P", "[")
      binders()
      add(":")
      expression()
      if generator.once(in: 3) {
        add("predicts")
        sum()
      }
      if generator.once(in: 3) {
        add("given")
        expression()
      }
      add("]")
    default: name()
    }
  }

  private mutating func binders() {
    repeat {
      name()
      add(generator.once(in: 2) ? "in" : "~")
      sum()
      if budget <= 0 || !generator.once(in: 3) { break }
      add(",")
    } while true
    if generator.once(in: 4) {
      add("where")
      logical()
    }
  }
}
