/// An object of JSON: members in the order they were added, names unique by their Unicode scalars.
package struct JSONObject: Sendable {
  private var storage: [(name: String, value: JSONValue)]
  /// Places by name, of objects with more members than are searched one by one.
  private var places: [ExactText: Int] = [:]

  private static let largestSearched = 16

  /// Makes an empty object.
  package init() {
    storage = []
  }

  /// Makes an object of members; of two with one name the later wins.
  package init(_ members: [(String, JSONValue)]) {
    self.init()
    for (name, value) in members { self[name] = value }
  }

  /// Makes an object whose names the caller knows to be distinct.
  init(distinct members: [(name: String, value: JSONValue)]) {
    storage = members
    if members.count > JSONObject.largestSearched { index() }
  }

  private mutating func index() {
    places = Dictionary(
      storage.enumerated().map { (ExactText($0.element.name), $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The number of members.
  package var count: Int { storage.count }

  /// Whether there is no member.
  package var isEmpty: Bool { storage.isEmpty }

  /// The names in order.
  package var names: [String] { storage.map(\.name) }

  /// The members in order.
  package var members: [(name: String, value: JSONValue)] { storage }

  /// The value of a name; assigning replaces in place or appends, assigning `nil` removes.
  package subscript(_ name: String) -> JSONValue? {
    get { position(of: name).map { storage[$0].value } }
    set {
      switch (position(of: name), newValue) {
      case (.some(let place), .some(let value)): storage[place].value = value
      case (.some(let place), .none):
        storage.remove(at: place)
        places = [:]
        if storage.count > JSONObject.largestSearched { index() }
      case (.none, .some(let value)):
        storage.append((name, value))
        if !places.isEmpty {
          places[ExactText(name)] = storage.count - 1
        } else if storage.count > JSONObject.largestSearched {
          index()
        }
      case (.none, .none): break
      }
    }
  }

  private func position(of name: String) -> Int? {
    guard places.isEmpty else { return places[ExactText(name)] }
    return storage.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object of a literal; of two equal names the later wins.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements)
  }
}

extension JSONObject: Hashable {
  /// Equality without regard to the order of the members.
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.storage.allSatisfy { right[$0.name] == $0.value }
  }

  /// Hashes the number of members and their values without regard to order.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    var mixed = 0
    for member in storage {
      var inner = Hasher()
      inner.combine(ExactText(member.name))
      inner.combine(member.value)
      mixed ^= inner.finalize()
    }
    hasher.combine(mixed)
  }
}
