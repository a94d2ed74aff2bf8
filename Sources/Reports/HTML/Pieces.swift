import Certificates
import Foundation

/// Pieces that several parts of a page share.
enum Pieces {
  /// Text of a certificate within a line.
  static func user(_ text: String) -> Markup { .tag("span", ["class": "user"], text) }

  /// Text in the notation of a language or a shell.
  static func code(_ text: String) -> Markup { .tag("code", [:], text) }

  /// A verdict with a sign, so that colour carries nothing alone.
  static func chip(_ text: String, _ standing: Standing) -> Markup {
    .tag(
      "span", ["class": "chip \(standing.style)-chip"],
      [.tag("span", ["aria-hidden": "true"], standing.sign + " "), .text(text)])
  }

  /// A section with a heading of level two.
  static func section(_ id: String, _ title: String, style: String = "", _ children: [Markup]) -> Markup {
    .tag(
      "section", ["aria-labelledby": id, "class": style],
      [.tag("h2", ["id": id], title)] + children)
  }

  /// A table with a head; the first cell of each row is its header.
  static func table(caption: String, head: [String], rows: [[Markup]], numbers: Set<Int> = []) -> Markup {
    let header = head.map { Markup.tag("th", ["scope": "col"], $0) }
    let body = rows.map { row in
      Markup.tag(
        "tr", [:],
        row.enumerated().map { column, cell in
          column == 0
            ? .tag("th", ["scope": "row"], [cell])
            : .tag(
              "td", ["data-label": head[column], "class": numbers.contains(column) ? "number" : ""], [cell])
        })
    }
    // A region that scrolls must be reachable by keys.
    return .tag(
      "div", ["class": "table", "tabindex": "0", "role": "region", "aria-label": caption],
      [
        .tag(
          "table", ["class": "fold"],
          [
            .tag("caption", [:], caption), .tag("thead", [:], [.tag("tr", [:], header)]),
            .tag("tbody", [:], body),
          ])
      ])
  }

  /// Terms and what they are; pairs without a value are left out.
  static func facts(_ pairs: [(String, [Markup])]) -> Markup {
    .tag(
      "dl", [:],
      pairs.filter { !$0.1.isEmpty }.flatMap { [Markup.tag("dt", [:], $0.0), .tag("dd", [:], $0.1)] })
  }

  /// A picture within the page; nothing where it cannot be written.
  static func picture(_ image: RasterImage, alternative: String) -> Markup {
    guard let bytes = try? PNGWriter.bytes(of: image) else { return .nothing }
    return .tag(
      "img",
      [
        "src": "data:image/png;base64,\(Data(bytes).base64EncodedString())", "alt": alternative,
        "width": "\(image.width)", "height": "\(image.height)",
      ])
  }

  /// A digest, which may break anywhere.
  static func digest(_ digest: ContentDigest) -> Markup { .tag("code", ["class": "digest"], digest.hex) }
}
