/// A moment in UTC to the second, spelled `2026-11-22T20:00:00Z` (RFC 3339 with nothing optional).
package struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The spelling; its order as text is the order in time.
  package let text: String

  /// Reads the one spelling, or nil for any other text or a day that no calendar has.
  package init?(_ text: String) {
    let pattern = Array("0000-00-00T00:00:00Z".utf8)
    let digits = Array(text.utf8)
    guard digits.count == pattern.count else { return nil }
    for (digit, mark) in zip(digits, pattern) {
      let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
      guard mark == UInt8(ascii: "0") ? isDigit : digit == mark else { return nil }
    }
    func number(_ start: Int, _ count: Int) -> Int {
      digits[start..<(start + count)].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2))
    guard (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day),
      number(11, 2) < 24,
      number(14, 2) < 60, number(17, 2) < 60
    else { return nil }
    self.text = text
  }

  /// The moment so many seconds after 1970-01-01T00:00:00Z, leap seconds not counted; nil outside the years
  /// 1970 to 9999.
  package init?(secondsSince1970 seconds: Int) {
    guard (0...253_402_300_799).contains(seconds) else { return nil }
    var (day, year, month) = (seconds / 86_400, 1970, 1)
    while day >= Self.days(inYear: year) {
      day -= Self.days(inYear: year)
      year += 1
    }
    while day >= Self.days(inMonth: month, of: year) {
      day -= Self.days(inMonth: month, of: year)
      month += 1
    }
    let time = seconds % 86_400
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    text =
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day + 1, 2))T\(padded(time / 3600, 2)):"
      + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
  }

  /// The spelling.
  package var description: String { text }

  /// Seconds after 1970-01-01T00:00:00Z, leap seconds not counted.
  package var secondsSince1970: Int {
    let parts = text.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
    guard parts.count == 6 else { return 0 }
    // Years that begin with March end with the day that leap years have more.
    let (month, day) = ((parts[1] + 9) % 12, parts[2])
    let year = parts[0] - (parts[1] <= 2 ? 1 : 0)
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
    return ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
  }

  /// The order in time.
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.text < right.text
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
  }

  private static func days(inYear year: Int) -> Int { isLeap(year) ? 366 : 365 }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
