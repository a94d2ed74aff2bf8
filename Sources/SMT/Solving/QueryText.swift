import RigorousArithmetic

extension Query {
  /// The query as an SMT-LIB 2.6 script of logic QF_LRA, of a size linear in the number of terms.
  ///
  /// The script has a declaration for each free symbol, a declaration and an equation for each defined one, a
  /// `define-fun` for each further term that is used more than once, and one named assertion for each of the
  /// query's. It asks `check-sat` and nothing else. Equal queries have equal texts.
  package var text: String {
    var printer = QueryPrinter(self)
    return printer.script()
  }
}

/// Writes a query term by term; no recursion, whatever the depth of terms.
private struct QueryPrinter {
  private enum Piece {
    case text(String)
    case term(Int)
  }

  /// Nesting after which a term gets a name even if it is used once: readers of scripts often recurse.
  private static let depthLimit = 100

  private let query: Query
  private let nodes: [TermNode]
  private let isNeeded: [Bool]
  /// What a term is called where it is used; nil when it is written out.
  private var names: [String?]
  private var output = ""

  init(_ query: Query) {
    self.query = query
    nodes = query.terms.nodes
    isNeeded = query.reachable
    names = [String?](repeating: nil, count: nodes.count)
    var uses = [Int](repeating: 0, count: nodes.count)
    for assertion in query.assertions { uses[assertion.formula.index] += 1 }
    for (position, node) in nodes.enumerated() where isNeeded[position] {
      for operand in node.operands { uses[operand] += 1 }
    }
    var prefix = "t"
    while query.terms.names.contains(where: { $0.hasPrefix(prefix) }) { prefix += "_" }
    var depth = [Int](repeating: 0, count: nodes.count)
    for (position, node) in nodes.enumerated() where isNeeded[position] {
      if let symbol = node.symbol {
        names[position] = Symbol.written(symbol)
        continue
      }
      if case .constant = node { continue }
      depth[position] = 1 + node.operands.reduce(0) { max($0, depth[$1]) }
      if uses[position] > 1 || depth[position] > Self.depthLimit {
        names[position] = "\(prefix)\(position)"
        depth[position] = 0
      }
    }
  }

  mutating func script() -> String {
    for note in query.notes { comment(note) }
    comment("unsat means that the assertions exclude each other, sat that they can all hold.")
    line("(set-info :smt-lib-version 2.6)")
    line("(set-logic QF_LRA)")
    for (position, node) in nodes.enumerated() where isNeeded[position] {
      guard let name = names[position] else { continue }
      switch node {
      case .variable(_, let sort): line("(declare-fun \(name) () \(sort.rawValue))")
      case .defined(_, let value):
        line("(declare-fun \(name) () Real)")
        output += "(assert (= \(name) "
        write(.term(value))
        line("))")
      default:
        output += "(define-fun \(name) () \(node.sort.rawValue) "
        write(contents(position))
        line(")")
      }
    }
    for assertion in query.assertions {
      output += "(assert (! "
      write(.term(assertion.formula.index))
      line(" :named \(Symbol.written(assertion.name))))")
    }
    line("(check-sat)")
    line("(exit)")
    return output
  }

  private mutating func line(_ text: String) {
    output += text
    output += "\n"
  }

  /// Writes a comment; a line break in the text starts another comment line, and other control characters go.
  private mutating func comment(_ text: String) {
    for part in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let printable = part.unicodeScalars.map {
        Character($0.properties.generalCategory == .control ? " " : $0)
      }
      line("; " + String(printable))
    }
  }

  private mutating func write(_ piece: Piece) { write([piece]) }

  private mutating func write(_ pieces: [Piece]) {
    var pending = Array(pieces.reversed())
    while let piece = pending.popLast() {
      switch piece {
      case .text(let text): output += text
      case .term(let position):
        if let name = names[position] {
          output += name
        } else {
          pending.append(contentsOf: contents(position).reversed())
        }
      }
    }
  }

  /// A term written out, its operands still to be written.
  private func contents(_ position: Int) -> [Piece] {
    switch nodes[position] {
    case .constant(.boolean(let value)): return [.text(value ? "true" : "false")]
    case .constant(.real(let value)): return [.text(Self.numeral(value))]
    case .variable(let name, _), .defined(let name, _): return [.text(Symbol.written(name))]
    case .sum(let operands): return application("+", operands)
    case .scaled(let factor, let operand): return application("* \(Self.numeral(factor))", [operand])
    case .choice(let condition, let then, let otherwise):
      return application("ite", [condition, then, otherwise])
    case .less(let left, let right): return application("<", [left, right])
    case .lessOrEqual(let left, let right): return application("<=", [left, right])
    case .equal(let left, let right): return application("=", [left, right])
    case .not(let operand): return application("not", [operand])
    case .and(let operands): return application("and", operands)
    case .or(let operands): return application("or", operands)
    case .implies(let premise, let conclusion): return application("=>", [premise, conclusion])
    }
  }

  private func application(_ function: String, _ operands: [Int]) -> [Piece] {
    var pieces: [Piece] = [.text("(\(function)")]
    for operand in operands {
      pieces.append(.text(" "))
      pieces.append(.term(operand))
    }
    pieces.append(.text(")"))
    return pieces
  }

  /// A rational coefficient in the form that the logics of linear arithmetic prescribe: `m`, `(- m)`,
  /// `(/ m n)` or `(/ (- m) n)`.
  private static func numeral(_ value: Rational) -> String {
    let magnitude = value.magnitude.numerator.description
    let numerator = value.signum < 0 ? "(- \(magnitude))" : magnitude
    return value.isInteger ? numerator : "(/ \(numerator) \(value.denominator))"
  }
}
