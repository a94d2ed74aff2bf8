import SwiftASN1

/// A moment of ASN.1 in seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
struct Moment: Comparable {
  let seconds: Int
  /// Whether some fraction of a second comes on top.
  let hasFraction: Bool

  private init(seconds: Int, hasFraction: Bool) {
    self.seconds = seconds
    self.hasFraction = hasFraction
  }

  init(_ time: GeneralizedTime) {
    seconds = Self.seconds(
      (time.year, time.month, time.day), (time.hours, time.minutes, time.seconds))
    hasFraction = time.rawFractionalSeconds.contains { $0 != UInt8(ascii: "0") }
  }

  /// `Time` of certificates: two digits of the year until 2049 (RFC 5280 section 4.1.2.5).
  init(_ node: ASN1Node) throws {
    do {
      switch node.identifier {
      case .utcTime:
        let time = try UTCTime(derEncoded: node)
        self.init(
          seconds: Self.seconds(
            (time.year, time.month, time.day), (time.hours, time.minutes, time.seconds)), hasFraction: false)
      default: self.init(try GeneralizedTime(derEncoded: node))
      }
    } catch {
      throw Malformed("a time is malformed")
    }
  }

  static func < (left: Moment, right: Moment) -> Bool {
    (left.seconds, left.hasFraction ? 1 : 0) < (right.seconds, right.hasFraction ? 1 : 0)
  }

  /// The days since 1970-01-01 of a day of the Gregorian calendar: whole cycles of 400 years, then years that begin in
  /// March, so that a leap day is the last.
  private static func seconds(
    _ date: (year: Int, month: Int, day: Int), _ time: (hours: Int, minutes: Int, seconds: Int)
  ) -> Int {
    let year = date.month > 2 ? date.year : date.year - 1
    let cycle = (year >= 0 ? year : year - 399) / 400
    let yearOfCycle = year - cycle * 400
    let dayOfYear = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1
    let days =
      cycle * 146_097 + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - 719_468
    return days * 86_400 + time.hours * 3_600 + time.minutes * 60 + time.seconds
  }
}
