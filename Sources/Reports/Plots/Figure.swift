/// A drawing with a title and a description for those who do not see it.
enum Figure {
  /// An `svg` element of a width and a height in units of its own.
  ///
  /// - Parameters:
  ///   - id: unique in the page.
  ///   - description: the data of the drawing in words.
  static func svg(
    id: String, width: Int, height: Int, title: String, description: String, style: String = "plot",
    _ children: [Markup]
  ) -> Markup {
    .tag(
      "svg",
      [
        "class": style, "viewBox": "0 0 \(width) \(height)", "role": "img",
        "aria-labelledby": "\(id)-t \(id)-d", "width": "\(width)", "height": "\(height)",
      ],
      [
        .tag("title", ["id": "\(id)-t"], title), .tag("desc", ["id": "\(id)-d"], description),
      ] + children)
  }

  /// A text.
  static func label(_ text: String, x: Double, y: Double, anchor: String = "middle", style: String = "tick")
    -> Markup
  {
    .tag("text", ["x": position(x), "y": position(y), "text-anchor": anchor, "class": style], text)
  }

  /// A line.
  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) -> Markup {
    .tag(
      "line",
      ["x1": position(x1), "y1": position(y1), "x2": position(x2), "y2": position(y2), "class": style])
  }

  /// A rectangle.
  static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String, radius: Int = 0)
    -> Markup
  {
    .tag(
      "rect",
      [
        "x": position(x), "y": position(y), "width": position(max(0, width)),
        "height": position(max(0, height)), "rx": "\(radius)", "class": style,
      ])
  }

  /// A coordinate with one decimal at most.
  static func position(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let tenths = (value * 10).rounded()
    let whole = Int(tenths / 10)
    let rest = Int(tenths) - whole * 10
    if rest == 0 { return "\(whole)" }
    return "\(tenths < 0 && whole == 0 ? "-" : "")\(whole).\(abs(rest))"
  }
}
