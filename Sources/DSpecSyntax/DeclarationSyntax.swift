package import Diagnostics

/// A type as written, such as `Image[8, 8] in [0, 1]`.
package struct TypeSyntax: Hashable, Sendable {
  /// The name of the type.
  package let path: PathSyntax
  /// The expressions in brackets; empty where there are none.
  package let extents: [ExpressionSyntax]
  /// The two ends after `in`, if any.
  package let range: TypeRangeSyntax?
  /// The place of the whole.
  package let span: SourceSpan
}

/// The range of a type, `in [lower, upper]`.
package struct TypeRangeSyntax: Hashable, Sendable {
  /// The least value.
  package let lower: ExpressionSyntax
  /// The greatest value.
  package let upper: ExpressionSyntax
  /// The place of the brackets.
  package let span: SourceSpan
}

/// `name: Type` among the inputs of a signature.
package struct PortSyntax: Hashable, Sendable {
  /// The name.
  package let name: NameSyntax
  /// The type.
  package let type: TypeSyntax
}

/// The signature of a network or sampler.
package struct SignatureSyntax: Hashable, Sendable {
  /// The inputs.
  package let inputs: [PortSyntax]
  /// The output.
  package let output: TypeSyntax
}

/// `name: value` in a block.
package struct FieldSyntax: Hashable, Sendable {
  /// The name.
  package let name: NameSyntax
  /// The value.
  package let value: ExpressionSyntax
}

/// The fields between braces.
package struct BlockSyntax: Hashable, Sendable {
  /// The fields in order.
  package let fields: [FieldSyntax]
  /// The place, braces included.
  package let span: SourceSpan
  /// Whether a diagnostic was given inside, so that fields may be missing.
  package let isDamaged: Bool
}

/// A declaration.
package struct DeclarationSyntax: Hashable, Sendable {
  /// The words that begin declarations.
  package enum Keyword: String, Hashable, Sendable, CaseIterable {
    case `enum`, param, domain, dist, network, sampler, mitigation, dataset, hazard, property
    case goal, test, training, `let`
  }

  /// The forms of a declaration.
  package enum Body: Hashable, Sendable {
    case enumeration(cases: [NameSyntax])
    case parameter(TypeSyntax, ExpressionSyntax?)
    case domain(TypeSyntax, ExpressionSyntax)
    case law(TypeSyntax, ExpressionSyntax)
    case network(SignatureSyntax, BlockSyntax)
    case sampler(SignatureSyntax, BlockSyntax)
    case dataset(TypeSyntax, BlockSyntax)
    case mitigation(of: PathSyntax, kind: NameSyntax, BlockSyntax)
    case hazard(title: String?, BlockSyntax)
    case property(title: String?, BlockSyntax)
    case goal(title: String?, BlockSyntax)
    /// The title, in quotes, with its place.
    case test(title: NameSyntax, BlockSyntax)
    case training(of: PathSyntax, BlockSyntax)
    /// `inputs` is nil where no parentheses are written.
    case definition(inputs: [PortSyntax]?, TypeSyntax?, ExpressionSyntax)
    /// What could not be read; a diagnostic has been given.
    case damaged

    /// The fields, where the declaration has any.
    package var block: BlockSyntax? {
      switch self {
      case .network(_, let block), .sampler(_, let block), .dataset(_, let block),
        .mitigation(_, _, let block), .hazard(_, let block), .property(_, let block), .goal(_, let block),
        .test(_, let block), .training(_, let block):
        block
      case .enumeration, .parameter, .domain, .law, .definition, .damaged: nil
      }
    }
  }

  /// The word that begins it.
  package let keyword: Keyword
  /// The place of that word.
  package let keywordSpan: SourceSpan
  /// The declared name; nil where none could be read, and for `test`.
  package let name: NameSyntax?
  /// The rest.
  package let body: Body
  /// The text of the `///` lines directly before it, if any.
  package let documentation: String?
  /// The place of the whole.
  package let span: SourceSpan
}

/// `import "other.dspec" as m` or `import a.b`.
package struct ImportSyntax: Hashable, Sendable {
  /// What is imported.
  package enum Target: Hashable, Sendable {
    case file(String)
    case module(PathSyntax)
  }

  /// What is imported.
  package let target: Target
  /// The place of the target.
  package let targetSpan: SourceSpan
  /// The name after `as`, if any.
  package let alias: NameSyntax?
}

/// The number after `dspec`.
package struct HeaderSyntax: Hashable, Sendable {
  /// The number as written.
  package let version: String
  /// Its place.
  package let span: SourceSpan
}

/// A whole file.
package struct FileSyntax: Sendable {
  /// The words that begin clauses before the declarations.
  package enum Clause: String, Hashable, Sendable, CaseIterable {
    case header = "dspec"
    case module
    case `import`
  }

  /// The version header, if any.
  package let header: HeaderSyntax?
  /// The module name, if any.
  package let module: PathSyntax?
  /// The imports in order.
  package let imports: [ImportSyntax]
  /// Whether an import could not be read, so that names may be missing.
  package let hasDamagedImport: Bool
  /// The declarations in order.
  package let declarations: [DeclarationSyntax]
}
