/// The pattern for what is not decided, defined once for all drawings of a page.
enum Hatch {
  static let definition = Markup.tag(
    "svg", ["class": "hidden", "aria-hidden": "true", "width": "0", "height": "0"],
    [
      .tag(
        "defs", [:],
        [
          .tag(
            "pattern",
            [
              "id": "hatch", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse",
              "patternTransform": "rotate(45)",
            ],
            [
              .tag("rect", ["class": "tone1", "width": "8", "height": "8"]),
              .tag("rect", ["class": "tone4", "width": "3", "height": "8"]),
            ])
        ])
    ])
}
