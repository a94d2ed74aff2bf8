package import Diagnostics

/// What a node of the tree is.
package enum SyntaxKind: String, Hashable, Sendable, CaseIterable {
  case file, header, module, importDeclaration, path, declaration, signature, ports, port
  case type, typeRange, block, field, enumCases
  case quantified, binder, conditional, implication, disjunction, conjunction, negation, comparison
  case sum, product, minus, postfix, arguments, argument, subscripts, parenthesized, list, measure
  case literal, name
  /// Tokens that fit nowhere.
  case unexpected
}

/// A part of a node.
package enum SyntaxElement: Hashable, Sendable {
  case node(SyntaxNode)
  /// The index of a token of the tree.
  case token(Int)
}

/// A node of the tree with its parts in source order.
package struct SyntaxNode: Hashable, Sendable {
  /// What the node is.
  package let kind: SyntaxKind
  /// Its parts.
  package let children: [SyntaxElement]
}

/// One step of writing a tree down: its parts before the whole, in source order.
enum SyntaxEvent: Sendable {
  /// The token of that index.
  case token(Int)
  /// A node over everything written from that event on which no node covers yet.
  case node(SyntaxKind, from: Int)
}

/// A lossless tree: every token of the file occurs in it once, in order.
///
/// It is kept as the flat list of events in which the parser wrote it down, since most readers of a file
/// want its declarations and never look at the tree.
package struct SyntaxTree: Sendable {
  /// The file.
  package let file: SourceFile
  /// The tokens; together with their trivia they are the bytes of the file.
  package let tokens: [Token]
  /// The tree in post-order, without its root.
  let events: [SyntaxEvent]

  /// The root, of kind `.file`, built anew in time linear in the file.
  package var root: SyntaxNode {
    // Parts that no node covers yet, each with the event that wrote it; their events ascend.
    var open: [(event: Int, element: SyntaxElement)] = []
    for (position, event) in events.enumerated() {
      switch event {
      case .token(let index): open.append((position, .token(index)))
      case .node(let kind, let start):
        let first = open.lastIndex { $0.event < start }.map { $0 + 1 } ?? 0
        let children = open[first...].map(\.element)
        open.removeSubrange(first...)
        open.append((position, .node(SyntaxNode(kind: kind, children: children))))
      }
    }
    return SyntaxNode(kind: .file, children: open.map(\.element))
  }

  /// The bytes that the tree covers, in its order; the bytes of the file.
  package func printed() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(file.utf8.count)
    append(root, to: &result)
    return result
  }

  private func append(_ node: SyntaxNode, to result: inout [UInt8]) {
    for child in node.children {
      switch child {
      case .node(let inner): append(inner, to: &result)
      case .token(let index): result += file.utf8[tokens[index].triviaStart..<tokens[index].end]
      }
    }
  }

  /// The tree as indented text, one node or token a line, for tests.
  package func outline() -> String {
    var lines: [String] = []
    outline(root, depth: 0, lines: &lines)
    return lines.joined(separator: "\n")
  }

  private func outline(_ node: SyntaxNode, depth: Int, lines: inout [String]) {
    let indent = String(repeating: "  ", count: depth)
    lines.append(indent + node.kind.rawValue)
    for child in node.children {
      switch child {
      case .node(let inner): outline(inner, depth: depth + 1, lines: &lines)
      case .token(let index):
        let token = tokens[index]
        lines.append("\(indent)  `\(file.text(in: token.start..<token.end))`")
      }
    }
  }
}
