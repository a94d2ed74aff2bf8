import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A page or report as an XML parser reads it.
final class ParsedPage: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// Names of the elements around it, outermost first.
    let path: [String]
    /// Text of the element and of all within it.
    var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []
  private var failure: (any Error)?

  /// Parses a text; fails the test where it is not well-formed.
  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    let isParsed = parser.parse()
    try #require(isParsed && open.isEmpty, "not well-formed: \(String(describing: failure))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.append(Element(name: name, attributes: attributes, path: open.map { elements[$0].name }))
    open.append(elements.count - 1)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { _ = open.popLast() }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open { elements[index].text += string }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { failure = error }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// All that is shown.
  var text: String { all("body").first?.text ?? "" }
}
