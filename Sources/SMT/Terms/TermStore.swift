package import RigorousArithmetic

/// Terms of quantifier-free linear real arithmetic with Booleans, each distinct term held once.
///
/// The store only grows. Constructors fold constants exactly and drop neutral operands; both keep the value
/// of a term under every assignment.
///
/// INVARIANT: operands stand before the term that uses them, so that one pass by position visits a term after
/// its parts and nothing here recurses.
package struct TermStore: Sendable {
  /// All terms, operands first.
  package private(set) var nodes: [TermNode] = []
  private var positions: [TermNode: Int] = [:]
  private var symbols: [String: Int] = [:]
  private var reserved: Set<String> = []

  /// An empty store.
  package init() {}

  /// The node of a term.
  package func node(_ term: RealTerm) -> TermNode { nodes[term.index] }

  /// The node of a formula.
  package func node(_ formula: Formula) -> TermNode { nodes[formula.index] }

  /// The value of a constant term, nil for any other.
  package func constant(_ term: RealTerm) -> Rational? {
    if case .constant(.real(let value)) = nodes[term.index] { return value } else { return nil }
  }

  /// The value of a constant formula, nil for any other.
  package func constant(_ formula: Formula) -> Bool? {
    if case .constant(.boolean(let value)) = nodes[formula.index] { return value } else { return nil }
  }

  /// Which positions the given ones depend on, themselves included.
  package func reachable(from roots: [Int]) -> [Bool] {
    var marked = [Bool](repeating: false, count: nodes.count)
    for root in roots { marked[root] = true }
    for position in nodes.indices.reversed() where marked[position] {
      for operand in nodes[position].operands { marked[operand] = true }
    }
    return marked
  }

  /// Whether a name is in use.
  package func isTaken(_ name: String) -> Bool { symbols[name] != nil || reserved.contains(name) }

  /// A legal and unused symbol name that resembles the given text, set aside for the caller.
  package mutating func freshName(like text: String) -> String {
    let base = Symbol.legalized(text)
    var name = base
    var count = 1
    while isTaken(name) {
      count += 1
      name = "\(base)_\(count)"
    }
    reserved.insert(name)
    return name
  }

  /// All names in use.
  var names: [String] { Array(symbols.keys) + Array(reserved) }

  mutating func real(_ node: TermNode) -> RealTerm { RealTerm(index: position(of: node)) }

  mutating func formula(_ node: TermNode) -> Formula { Formula(index: position(of: node)) }

  private mutating func position(of node: TermNode) -> Int {
    if let position = positions[node] { return position }
    nodes.append(node)
    positions[node] = nodes.count - 1
    return nodes.count - 1
  }
}

// MARK: Symbols

extension TermStore {
  /// The free real symbol of that name; the same term each time.
  ///
  /// - Throws: `TermError` when the name is no legal symbol or is in use for something else.
  package mutating func realVariable(_ name: String) throws(TermError) -> RealTerm {
    RealTerm(index: try variable(name, .real))
  }

  /// The free Boolean symbol of that name; the same formula each time.
  ///
  /// - Throws: `TermError` when the name is no legal symbol or is in use for something else.
  package mutating func booleanVariable(_ name: String) throws(TermError) -> Formula {
    Formula(index: try variable(name, .bool))
  }

  /// A free real symbol with a new name that resembles the given text.
  package mutating func freshReal(like text: String) -> RealTerm {
    let name = freshName(like: text)
    let term = real(.variable(name: name, sort: .real))
    symbols[name] = term.index
    return term
  }

  /// A new symbol that stands for a term; a term that is a symbol or a constant already is returned as it is.
  package mutating func define(like text: String, _ value: RealTerm) -> RealTerm {
    switch nodes[value.index] {
    case .constant, .variable, .defined: return value
    default: break
    }
    let name = freshName(like: text)
    let term = real(.defined(name: name, value: value.index))
    symbols[name] = term.index
    return term
  }

  private mutating func variable(_ name: String, _ sort: Sort) throws(TermError) -> Int {
    guard Symbol.isLegal(name) else { throw TermError.illegalSymbol(name) }
    let node = TermNode.variable(name: name, sort: sort)
    if let position = symbols[name] {
      guard nodes[position] == node else { throw TermError.takenSymbol(name) }
      return position
    }
    guard !isTaken(name) else { throw TermError.takenSymbol(name) }
    let position = position(of: node)
    symbols[name] = position
    return position
  }
}

/// A symbol that cannot be declared.
package enum TermError: Error, Hashable, CustomStringConvertible {
  /// The text is no symbol of SMT-LIB, or one with a fixed meaning.
  case illegalSymbol(String)
  /// The symbol is in use with another sort or meaning.
  case takenSymbol(String)

  package var description: String {
    switch self {
    case .illegalSymbol(let name): return "`\(name)` cannot be a symbol; use letters, digits and `_`"
    case .takenSymbol(let name): return "symbol `\(name)` is in use with another meaning; choose another name"
    }
  }
}
