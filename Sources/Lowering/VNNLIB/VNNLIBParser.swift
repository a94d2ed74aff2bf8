import RigorousArithmetic

/// Reads VNN-LIB 1.0 strictly: what is not understood is an error, never skipped.
package struct VNNLIBParser {
  /// Largest file that is read, in bytes.
  package static let largestFile = 256 << 20
  /// Most variables of either kind.
  package static let largestCount = 1 << 22

  private let file: String
  private var inputs: Set<Int> = []
  private var outputs: Set<Int> = []
  private var assertions: [VNNLIBFormula] = []

  private init(file: String) { self.file = file }

  /// The problem that a file states.
  ///
  /// - Parameter file: the file as the user named it, for messages.
  package static func parse(_ bytes: [UInt8], file: String) throws(VNNLIBError) -> VNNLIBProblem {
    guard bytes.count <= largestFile else {
      throw VNNLIBError(file, nil, "has \(bytes.count) bytes, more than \(largestFile)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw VNNLIBError(file, nil, "is not UTF-8 text")
    }
    var parser = VNNLIBParser(file: file)
    for command in try SExpression.read(text, file: file) { try parser.read(command) }
    return try parser.finish()
  }

  private func fail(_ line: Int, _ problem: String, fix: String? = nil) -> VNNLIBError {
    VNNLIBError(file, line, problem, fix: fix)
  }

  private mutating func read(_ command: SExpression) throws(VNNLIBError) {
    guard case .list(let parts, let line) = command, case .word(let name, _)? = parts.first else {
      throw fail(command.line, "a command such as `(assert …)` is needed")
    }
    switch name {
    case "declare-const", "declare-fun": try declare(parts, line)
    case "assert":
      guard parts.count == 2 else { throw fail(line, "`assert` takes one condition") }
      assertions.append(try formula(parts[1]))
    case "vnnlib-version", "declare-network":
      throw fail(
        line, "`\(name)` belongs to VNN-LIB 2.0, which is not read",
        fix: "state the question in VNN-LIB 1.0: one network, inputs `X_i`, outputs `Y_i`")
    default:
      throw fail(line, "`\(name)` is no command of VNN-LIB", fix: "it has `declare-const` and `assert`")
    }
  }

  private mutating func declare(_ parts: [SExpression], _ line: Int) throws(VNNLIBError) {
    var rest = parts.dropFirst()
    guard case .word(let name, _)? = rest.popFirst() else { throw fail(line, "a name is needed here") }
    if case .word("declare-fun", _)? = parts.first {
      guard case .list(let arguments, _)? = rest.popFirst(), arguments.isEmpty else {
        throw fail(line, "a function without arguments is needed here")
      }
    }
    guard case .word("Real", _)? = rest.popFirst(), rest.isEmpty else {
      throw fail(line, "`\(name)` is not declared as `Real`")
    }
    guard let variable = Self.variable(name) else {
      throw fail(line, "`\(name)` is neither an input `X_i` nor an output `Y_i`")
    }
    let isNew: Bool
    switch variable {
    case .input(let index): isNew = inputs.insert(index).inserted
    case .output(let index): isNew = outputs.insert(index).inserted
    }
    guard isNew else { throw fail(line, "`\(name)` is declared twice") }
  }

  private static func variable(_ name: Substring) -> VNNLIBVariable? {
    guard name.hasPrefix("X_") || name.hasPrefix("Y_") else { return nil }
    let digits = name.dropFirst(2)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let index = Int(digits),
      index < largestCount, String(index) == digits
    else { return nil }
    return name.hasPrefix("X_") ? .input(index) : .output(index)
  }

  private func finish() throws(VNNLIBError) -> VNNLIBProblem {
    guard !inputs.isEmpty else { throw VNNLIBError(file, nil, "declares no input") }
    for (kind, known) in [("X", inputs), ("Y", outputs)] {
      if let gap = (0..<known.count).first(where: { !known.contains($0) }) {
        throw VNNLIBError(
          file, nil, "declares \(known.count) variables `\(kind)_i`, but not `\(kind)_\(gap)`",
          fix: "number them from 0 without gaps")
      }
    }
    guard !assertions.isEmpty else { throw VNNLIBError(file, nil, "asserts nothing") }
    return VNNLIBProblem(inputCount: inputs.count, outputCount: outputs.count, assertions: assertions)
  }

  // MARK: Conditions

  private func formula(_ expression: SExpression) throws(VNNLIBError) -> VNNLIBFormula {
    guard case .list(let parts, let line) = expression, case .word(let name, _)? = parts.first else {
      throw fail(expression.line, "a condition such as `(<= Y_0 1)` is needed")
    }
    let rest = parts.dropFirst()
    switch name {
    case "and", "or":
      guard !rest.isEmpty else { throw fail(line, "`\(name)` of nothing") }
      var operands: [VNNLIBFormula] = []
      for part in rest { operands.append(try formula(part)) }
      return name == "and" ? .all(operands) : .any(operands)
    case "not":
      guard rest.count == 1, let operand = rest.first else { throw fail(line, "`not` takes one condition") }
      return try formula(operand).negated
    case "<=", "<", ">=", ">", "=":
      guard rest.count == 2, let left = rest.first, let right = rest.last else {
        throw fail(line, "`\(name)` takes two terms")
      }
      let difference = try term(left) - term(right)
      let constraint = { (comparison: VNNLIBComparison) -> VNNLIBFormula in
        .constraint(
          VNNLIBConstraint(
            coefficients: difference.coefficients, constant: difference.constant, comparison: comparison,
            line: line))
      }
      switch name {
      case "<=": return constraint(.lessOrEqual)
      case "<": return constraint(.less)
      case ">=": return constraint(.greaterOrEqual)
      case ">": return constraint(.greater)
      default: return .all([constraint(.lessOrEqual), constraint(.greaterOrEqual)])
      }
    default:
      throw fail(
        line, "`\(name)` is no condition of VNN-LIB", fix: "it has `and`, `or`, `not` and comparisons")
    }
  }

  /// A linear term.
  private struct Term {
    var coefficients: [VNNLIBVariable: Rational] = [:]
    var constant = Rational(0)

    static func - (left: Term, right: Term) -> Term { left.adding(right, times: Rational(-1)) }

    func adding(_ other: Term, times factor: Rational) -> Term {
      var result = self
      result.constant = result.constant + other.constant * factor
      for (variable, coefficient) in other.coefficients {
        let sum = (result.coefficients[variable] ?? Rational(0)) + coefficient * factor
        result.coefficients[variable] = sum == Rational(0) ? nil : sum
      }
      return result
    }
  }

  private func term(_ expression: SExpression) throws(VNNLIBError) -> Term {
    switch expression {
    case .word(let text, let line):
      if let number = try number(text, line) { return Term(constant: number) }
      guard let variable = Self.variable(text) else {
        throw fail(line, "`\(Self.shown(text))` is neither a number nor a variable")
      }
      switch variable {
      case .input(let index) where inputs.contains(index): break
      case .output(let index) where outputs.contains(index): break
      default: throw fail(line, "`\(text)` is not declared", fix: "add `(declare-const \(text) Real)` before")
      }
      return Term(coefficients: [variable: Rational(1)])
    case .list(let parts, let line):
      guard case .word(let name, _)? = parts.first, parts.count > 1 else {
        throw fail(line, "a term is needed here")
      }
      var operands: [Term] = []
      for part in parts.dropFirst() { operands.append(try term(part)) }
      switch name {
      case "+": return operands.reduce(Term()) { $0.adding($1, times: Rational(1)) }
      case "-":
        if operands.count == 1 { return Term() - operands[0] }
        return operands.dropFirst().reduce(operands[0]) { $0 - $1 }
      case "*": return try product(operands, line)
      default:
        throw fail(line, "`\(name)` is no operation of linear terms", fix: "they have `+`, `-` and `*`")
      }
    }
  }

  /// A decimal, which may have a minus and an exponent; nil for what does not start like one.
  private func number(_ text: Substring, _ line: Int) throws(VNNLIBError) -> Rational? {
    guard let start = text.utf8.first(where: { $0 != UInt8(ascii: "-") }), 0x30...0x39 ~= start,
      !text.utf8.contains(UInt8(ascii: "_"))
    else { return nil }
    if let number = Rational(decimal: text) { return number }
    let isDecimal = text.utf8.allSatisfy { 0x30...0x39 ~= $0 || "-+.eE".utf8.contains($0) }
    guard isDecimal else { return nil }
    throw fail(
      line,
      "`\(Self.shown(text))` is no decimal of at most \(Rational.maximumLiteralDigits) digits, "
        + "with an exponent within ±\(Rational.maximumLiteralExponent)")
  }

  private static func shown(_ text: Substring) -> String {
    text.utf8.count > 40 ? text.prefix(40) + "…" : String(text)
  }

  /// Most bits of a numerator or denominator that terms make of the numbers written.
  static let largestWidth = 16_384

  private func product(_ operands: [Term], _ line: Int) throws(VNNLIBError) -> Term {
    var result = Term(constant: Rational(1))
    for operand in operands {
      if operand.coefficients.isEmpty {
        result = Term().adding(result, times: operand.constant)
      } else if result.coefficients.isEmpty {
        result = Term().adding(operand, times: result.constant)
      } else {
        throw fail(line, "a product of variables is not linear")
      }
      // Else the work would grow with the square of the length of a line.
      guard ([result.constant] + result.coefficients.values).allSatisfy({ $0.width <= Self.largestWidth })
      else {
        throw fail(line, "a product has more than \(Self.largestWidth) bits", fix: "write its value")
      }
    }
    return result
  }
}

extension VNNLIBFormula {
  /// The formula that holds exactly where this one does not.
  package var negated: VNNLIBFormula {
    switch self {
    case .all(let parts): return .any(parts.map(\.negated))
    case .any(let parts): return .all(parts.map(\.negated))
    case .constraint(var constraint):
      switch constraint.comparison {
      case .less: constraint.comparison = .greaterOrEqual
      case .lessOrEqual: constraint.comparison = .greater
      case .greater: constraint.comparison = .lessOrEqual
      case .greaterOrEqual: constraint.comparison = .less
      }
      return .constraint(constraint)
    }
  }
}

extension Rational {
  /// Bits of the longer of numerator and denominator.
  fileprivate var width: Int { Swift.max(numerator.bitWidth, denominator.bitWidth) }
}
