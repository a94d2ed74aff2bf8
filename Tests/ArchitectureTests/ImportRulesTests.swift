import Testing

@Suite("Import rules")
struct ImportRulesTests {
  @Test("every import is allowed")
  func allowed() throws {
    let imports = try ImportDeclaration.all()
    try #require(!imports.isEmpty, "no import found under \(SourceTree.root)")
    for item in imports {
      if let objection = ImportTable.objection(to: item.module, in: item.target) {
        Issue.record("\(item.file) imports `\(item.module)`: \(objection)")
      }
    }
  }

  @Test("every folder of Sources has a row in the table")
  func targets() {
    for name in SourceTree.folders(in: "Sources") where ImportTable.allowed[name] == nil {
      Issue.record("Sources/\(name) has no row in `ImportTable.allowed`: say what it may import")
    }
  }

  @Test("the imports make no cycle")
  func acyclic() throws {
    let cycle = try ImportGraph(ImportDeclaration.all()).cycle
    #expect(cycle == nil, "\(cycle?.joined(separator: " -> ") ?? "")")
  }

  @Test("nothing untrusted is in the checker's reach", arguments: ImportTable.checkers)
  func checker(_ target: String) throws {
    let chains = try ImportGraph(ImportDeclaration.all()).chains(from: target)
    for name in ImportTable.untrusted.sorted() {
      if let chain = chains[name] {
        Issue.record("the checker reaches `\(name)`: \(chain.joined(separator: " -> "))")
      }
    }
  }

  @Test("the table itself makes no cycle and keeps the checker apart")
  func table() {
    let graph = ImportGraph(ImportTable.allowed)
    #expect(graph.cycle == nil)
    for checker in ImportTable.checkers {
      #expect(ImportTable.untrusted.isDisjoint(with: graph.chains(from: checker).keys))
    }
    for (target, modules) in ImportTable.allowed {
      for module in modules {
        #expect(ImportTable.objection(to: module, in: target) == nil, "\(target) imports \(module)")
      }
    }
  }

  @Test(
    "forbidden imports are named as such",
    arguments: [
      ("BranchAndBound", "Replay"), ("COpenBLAS", "LeafRules"), ("CZ3", "SMT"),
      ("CMPFR", "RigorousArithmetic"), ("LeafRules", "ExactLeaves"),
      ("Foundation", "LeafRules"), ("Crypto", "Replay"), ("Verifier", "Reports"), ("Unheard", "dspec"),
      ("TensorGraph", "Unheard"), ("DSpecSyntax", "LeafRules"), ("TensorGraph", "TensorGraph"),
    ])
  func objection(module: String, target: String) {
    #expect(ImportTable.objection(to: module, in: target) != nil)
  }

  @Test(
    "import declarations are read",
    arguments: [
      ("import Evidence", "Evidence"), ("package import TensorGraph", "TensorGraph"),
      ("  @_exported public import CZ3 // why", "CZ3"), ("@_spi(Internals) import Replay", "Replay"),
      ("import struct Foundation.URL", "Foundation"), ("// import Evidence", nil),
      ("importEvidence()", nil), ("import \"hazards.dspec\"", nil),
    ] as [(String, String?)])
  func parsing(line: String, module: String?) {
    #expect(ImportReader().module(in: line[...]) == module)
  }

  @Test("chains and cycles are found")
  func graph() {
    let line = ImportGraph(["a": ["b"], "b": ["c"], "d": ["a"]])
    #expect(line.chains(from: "a") == ["a": ["a"], "b": ["a", "b"], "c": ["a", "b", "c"]])
    #expect(line.cycle == nil)
    #expect(ImportGraph(["a": ["b"], "b": ["c"], "c": ["b"]]).cycle == ["b", "c", "b"])
    #expect(ImportGraph(["a": ["a"]]).cycle == ["a", "a"])
  }
}
