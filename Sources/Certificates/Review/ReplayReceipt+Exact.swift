extension ReplayReceipt {
  /// What of the evidence's trees was derived again in exact arithmetic, by code that shares nothing with their rules.
  package enum Exact: Hashable, Sendable {
    /// Every decided answer that rests on trees was tried: those whose verdict followed, and those where it did not.
    case answers(derived: [String], notShown: [String])
    /// Leaves that were drawn among all of them, and how many of these were shown.
    case leaves(drawn: Int, of: Int, shown: Int)

    /// Whether every decided answer that rests on trees follows in exact arithmetic.
    package var isComplete: Bool {
      if case .answers(_, notShown: []) = self { true } else { false }
    }

    /// In words.
    package var text: String {
      switch self {
      case .answers([], []): "no answer rests on leaves"
      case .answers(let derived, let notShown):
        [
          derived.isEmpty ? "" : "\(derived.joined(separator: ", ")) derived in exact arithmetic",
          notShown.isEmpty ? "" : "\(notShown.joined(separator: ", ")) not derived in exact arithmetic",
        ].filter { !$0.isEmpty }.joined(separator: ", ")
      case .leaves(let drawn, let count, let shown):
        "\(shown) of \(drawn) drawn leaves of \(count) shown in exact arithmetic"
      }
    }
  }
}

extension ReplayReceipt.Exact {
  /// Reads the member of a receipt whose answers have the names `properties`.
  init(_ value: JSONValue, at place: String, properties: [String]) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: [], optional: ["answers", "leaves"])
    guard reader.has("answers") != reader.has("leaves") else {
      throw CertificateError(
        .fieldValue, at: place, "either `answers` or `leaves` has to stand here", fix: "state one of the two")
    }
    if reader.has("answers") {
      let fields = try FieldReader(
        reader.value("answers"), at: reader.at("answers"), fields: ["derived", "notShown"])
      let (derived, notShown) = (try fields.strings("derived"), try fields.strings("notShown"))
      let names = derived + notShown
      guard Set(names).count == names.count, Set(names).isSubset(of: properties) else {
        throw reader.refuse(.fieldValue, "answers", "an answer is named twice or is not among the properties")
      }
      self = .answers(derived: derived, notShown: notShown)
    } else {
      let fields = try FieldReader(
        reader.value("leaves"), at: reader.at("leaves"), fields: ["drawn", "of", "shown"])
      let (drawn, all, shown) = (
        try fields.count("drawn"), try fields.count("of"), try fields.count("shown")
      )
      guard shown <= drawn, drawn <= all else {
        throw reader.refuse(.fieldValue, "leaves", "more leaves were shown or drawn than there are")
      }
      self = .leaves(drawn: drawn, of: all, shown: shown)
    }
  }

  var json: JSONValue {
    switch self {
    case .answers(let derived, let notShown):
      [
        "answers": [
          "derived": .array(derived.map { .string($0) }), "notShown": .array(notShown.map { .string($0) }),
        ]
      ]
    case .leaves(let drawn, let all, let shown):
      ["leaves": ["drawn": .integer(drawn), "of": .integer(all), "shown": .integer(shown)]]
    }
  }
}
