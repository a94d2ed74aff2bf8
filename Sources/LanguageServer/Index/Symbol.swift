package import DSpecSyntax
package import Diagnostics

/// The identity of a symbol: where its name is defined.
package struct SymbolKey: Hashable, Comparable, Sendable {
  /// The path of the document.
  package let path: String
  /// The UTF-8 offset of the defining name.
  package let offset: Int

  package static func < (left: SymbolKey, right: SymbolKey) -> Bool {
    (left.path, left.offset) < (right.path, right.offset)
  }
}

/// What a symbol is.
package enum SymbolKind: Hashable, Sendable {
  case declaration(DeclarationSyntax.Keyword)
  /// The sampler that a mitigation yields.
  case yield
  /// A case of the enumeration of this name.
  case enumCase(of: String)
  /// A variable of a claim.
  case variable(BinderSyntax)
  /// An input of a network or sampler.
  case port(PortSyntax)
  /// The name of an import; `isWritten` tells a name after `as` from one taken from the file name.
  case importAlias(target: String, isWritten: Bool)
}

/// Something with a name.
package struct Symbol: Hashable, Sendable {
  /// Where it is defined.
  package let key: SymbolKey
  /// The name.
  package let name: String
  /// The place of the defining name; of the quoted file name for an import without `as`.
  package let span: SourceSpan
  /// What it is.
  package let kind: SymbolKind
  /// The position of the declaration that it is or belongs to, among those of its document.
  package let declaration: Int?
}

/// A name in a document and the symbol that it stands for.
package struct Occurrence: Hashable, Sendable {
  /// The place of the name.
  package let span: SourceSpan
  /// The symbol.
  package let symbol: SymbolKey
  /// Whether this is the defining name.
  package let isDefinition: Bool
}

/// A name that stands for no symbol.
package struct WordOccurrence: Hashable, Sendable {
  /// What such a name is.
  package enum Kind: Hashable, Sendable {
    /// The name of a field of a declaration.
    case field
    /// The label of an argument.
    case label
    /// The name of a built-in type.
    case type
    /// The name of a built-in function, law, set, format or choice.
    case builtin
    /// `P`, `E` or `BER`.
    case measure
  }

  /// The place.
  package let span: SourceSpan
  /// The name.
  package let text: String
  /// What it is.
  package let kind: Kind
}
