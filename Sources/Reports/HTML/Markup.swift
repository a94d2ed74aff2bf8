/// A piece of a page: text or an element, written so that it is HTML and well-formed XML at once.
///
/// Nothing but elements, attributes and text can be said, and text and attributes are escaped when they are written, so
/// that no text of a certificate becomes markup.
package indirect enum Markup: Sendable, ExpressibleByStringLiteral {
  /// Text, shown as `VisibleScalars` spells it.
  case text(String)
  /// An element with its attributes in order.
  case element(String, [(name: String, value: String)], [Markup])
  /// A style sheet; its text holds no `<`, `&` or `]]>`, since these mean different things to HTML and XML.
  case style(String)
  /// Several pieces in a row.
  case group([Markup])

  /// Text.
  package init(stringLiteral value: String) { self = .text(value) }

  /// An element with children.
  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { (name: $0.key, value: $0.value) }, children)
  }

  /// An element that holds a text.
  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String
  ) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  /// Nothing.
  package static var nothing: Markup { .group([]) }

  /// Elements that HTML never closes with a tag of their own.
  private static let empty: Set<String> = ["br", "col", "hr", "img", "link", "meta"]

  /// Appends the piece.
  package func write(to output: inout String) {
    switch self {
    case .text(let text): Markup.escape(text, isAttribute: false, into: &output)
    case .group(let parts): for part in parts { part.write(to: &output) }
    case .style(let text):
      output += "<style>"
      output += text.contains { $0 == "<" || $0 == "&" } ? "" : text
      output += "</style>"
    case .element(let name, let attributes, let children):
      output += "<" + name
      for (name, value) in attributes where name != "class" || !value.isEmpty {
        output += " \(name)=\""
        Markup.escape(value, isAttribute: true, into: &output)
        output += "\""
      }
      if Markup.empty.contains(name) {
        output += "/>"
        return
      }
      output += ">"
      for child in children { child.write(to: &output) }
      output += "</\(name)>"
    }
  }

  /// The piece as text.
  package var rendered: String {
    var output = ""
    write(to: &output)
    return output
  }

  private static func escape(_ text: String, isAttribute: Bool, into output: inout String) {
    for scalar in VisibleScalars.spelled(text, keepsLines: !isAttribute).unicodeScalars {
      switch scalar {
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "&": output += "&amp;"
      case "\"" where isAttribute: output += "&quot;"
      default: output.unicodeScalars.append(scalar)
      }
    }
  }
}
