import Certificates
import SeededDraws
import Testing

/// Objects of many members behave as those of few.
@Suite struct JSONObjectTests {
  @Test func membersAreFoundByTheirScalars() {
    var generator = SeededGenerator(seed: 11)
    var object = JSONObject()
    var model: [(name: String, value: Int)] = []
    // The two spellings of é are two names.
    let names = (0..<60).map { "k\($0)" } + ["\u{E9}", "e\u{301}"]
    for step in 0..<4_000 {
      let name = names[Int.random(in: 0..<names.count, using: &generator)]
      let place = model.firstIndex { $0.name.unicodeScalars.elementsEqual(name.unicodeScalars) }
      // The object grows and shrinks through the size from which places are kept.
      if Int.random(in: 0..<100, using: &generator) < (step / 500 % 2 == 0 ? 70 : 30) {
        object[name] = .integer(step)
        if let place { model[place].value = step } else { model.append((name, step)) }
      } else {
        object[name] = nil
        if let place { model.remove(at: place) }
      }
      #expect(object.count == model.count)
      let other = names[Int.random(in: 0..<names.count, using: &generator)]
      let wanted = model.first { $0.name.unicodeScalars.elementsEqual(other.unicodeScalars) }?.value
      #expect(object[other]?.integerValue == wanted)
    }
    #expect(object.names.count == model.count)
    for (found, wanted) in zip(object.members, model) {
      #expect(found.name.unicodeScalars.elementsEqual(wanted.name.unicodeScalars))
      #expect(found.value.integerValue == wanted.value)
    }
    let again = JSONObject(model.reversed().map { ($0.name, .integer($0.value)) })
    #expect(again == object && again.hashValue == object.hashValue)
  }

  /// A search of all members for each would take minutes here.
  @Test func aHundredThousandMembers() {
    let object = JSONObject((0..<100_000).map { ("k\($0)", .integer($0)) })
    #expect(object.count == 100_000 && object["k99999"]?.integerValue == 99_999 && object["k100000"] == nil)
  }
}
