import DSpecSyntax
import Diagnostics
import Testing

@Suite struct ParserTests {
  /// The expression as a fully parenthesised text.
  private func show(_ expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .number(let text, let isPercentage): isPercentage ? text + "%" : text
    case .string(let text): "'\(text)'"
    case .boolean(let value): "\(value)"
    case .name(let name): name
    case .list(let items): "[\(items.map(show).joined(separator: ", "))]"
    case .member(let base, let name): "\(show(base)).\(name.text)"
    case .call(let base, let arguments):
      "\(show(base))(\(arguments.map { ($0.label.map { "\($0.text): " } ?? "") + show($0.value) }.joined(separator: ", ")))"
    case .subscripted(let base, let items): "\(show(base))[\(items.map(show).joined(separator: ", "))]"
    case .minus(let inner): "(-\(show(inner)))"
    case .not(let inner): "(not \(show(inner)))"
    case .chain(_, let first, let links):
      "(\(show(first))\(links.map { " \($0.operation.text) \(show($0.operand))" }.joined()))"
    case .implies(let left, let right): "(\(show(left)) implies \(show(right)))"
    case .conditional(let a, let b, let c): "(if \(show(a)) then \(show(b)) else \(show(c)))"
    case .quantified(let isUniversal, let binders, let condition, let body):
      "(\(isUniversal ? "forall" : "exists") \(show(binders))\(condition.map { " where \(show($0))" } ?? ""): \(show(body)))"
    case .measure(let measure):
      "\(measure.name.text)[\(show(measure.binders)): \(show(measure.body))"
        + "\(measure.target.map { " predicts \(show($0))" } ?? "")"
        + "\(measure.given.map { " given \(show($0))" } ?? "")]"
    case .missing: "?"
    }
  }

  private func show(_ binders: [BinderSyntax]) -> String {
    binders.map { "\($0.name.text) \($0.isDraw ? "~" : "in") \(show($0.source))" }.joined(separator: ", ")
  }

  @Test(arguments: [
    ("a implies b implies c", "(a implies (b implies c))"),
    ("not a and b", "((not a) and b)"),
    ("a + b * -c - d / e", "(a + (b * (-c)) - (d / e))"),
    ("a + 1 < b * 2 <= c", "((a + 1) < (b * 2) <= c)"),
    ("a < b or c", "((a < b) or c)"),
    ("-a.b[1, 2](x, n: 50%)", "(-a.b[1, 2](x, n: 50%))"),
    ("forall z in Z, r in m.R where z: a implies b", "(forall z in Z, r in m.R where z: (a implies b))"),
    ("P[z ~ PZ: f(z) > 1 given g(z)] <= 10%", "(P[z ~ PZ: (f(z) > 1) given g(z)] <= 10%)"),
    ("eps <= BER[s ~ S: f(s) predicts s] <= 1 - eps", "(eps <= BER[s ~ S: f(s) predicts s] <= (1 - eps))"),
    ("P + E", "(P + E)"),
    ("\"a\\\"b\\\\c\"", "'a\"b\\c'"),
    ("(a)(b)", "a(b)"),
    ("if a then b else c", "(if a then b else c)"),
    ("[1, 2,]", "[1, 2]"),
  ])
  func expressions(text: String, expected: String) throws {
    let parsed = parse("param x: Real = \(text)")
    #expect(parsed.diagnostics == [])
    guard case .parameter(_, let value?) = try #require(parsed.syntax.declarations.first).body else {
      Issue.record("not a parameter")
      return
    }
    #expect(show(value) == expected)
    #expect(value.span.upper == parsed.tree.file.utf8.count)
  }

  @Test func documentationIsAttached() throws {
    let parsed = parse("// no\n/// one\n///two\nparam x: Real\nparam y: Real")
    #expect(parsed.syntax.declarations.map(\.documentation) == ["one\ntwo", nil])
  }

  @Test func headerModuleAndImports() {
    let syntax = parse("dspec 1.0 module a.b import \"x/y.dspec\" as m import c.d").syntax
    #expect(syntax.header?.version == "1.0")
    #expect(syntax.module?.text == "a.b")
    #expect(syntax.imports.map(\.alias?.text) == ["m", nil])
    #expect(syntax.imports.first?.target == .file("x/y.dspec"))
  }

  @Test func declarationsKeepTheirNamesWhenDamaged() {
    let syntax = parse("domain Z: Latent[ = 3\nproperty A { claim: ) evidence: proof }").syntax
    #expect(syntax.declarations.map(\.name?.text) == ["Z", "A"])
    #expect(syntax.declarations.first?.body == .damaged)
    guard case .property(_, let block)? = syntax.declarations.last?.body else {
      Issue.record("not a property")
      return
    }
    #expect(block.isDamaged)
    #expect(block.fields.map(\.name.text) == ["claim", "evidence"])
    #expect(block.fields.first?.value.kind == .missing)
  }

  @Test func treeOutline() {
    #expect(
      parse("param a: Int = 1 +x // c").tree.outline() == """
        file
          declaration
            `param`
            `a`
            `:`
            type
              path
                `Int`
            `=`
            sum
              literal
                `1`
              `+`
              name
                `x`
          ``
        """)
  }
}
