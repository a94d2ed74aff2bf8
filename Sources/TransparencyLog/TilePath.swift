/// Where the hashes and entries of a log lie, as C2SP tlog-tiles lays them out: files of 256 items, the last one shorter.
///
/// `tile/LEVEL/INDEX` holds hashes, `tile/entries/INDEX` entries. An index is written in groups of three digits, all but
/// the last after an `x`, and a shorter file has `.p/WIDTH` behind it: `tile/0/x001/x234/067.p/5`.
package struct TilePath: Hashable, Sendable {
  /// Items of a full file.
  package static let width = 256
  /// The bits of a position that count items of one file.
  static let height = 8
  /// The largest number of entries that a log may have, 2^53 − 1, the largest integer of JSON everywhere.
  package static let sizeLimit = 9_007_199_254_740_991

  /// What a file holds.
  package enum Kind: Hashable, Sendable {
    /// Hashes of complete subtrees of `256^level` leaves.
    case hashes(level: Int)
    /// Entries.
    case entries

    /// The level at which the items are counted.
    var level: Int {
      switch self {
      case .hashes(let level): level
      case .entries: 0
      }
    }
  }

  /// What it holds.
  package let kind: Kind
  /// Its place among the files of its kind.
  package let index: Int
  /// The number of items, 1 to 256.
  package let width: Int

  /// Makes a path.
  package init(_ kind: Kind, index: Int, width: Int = TilePath.width) {
    self.kind = kind
    self.index = index
    self.width = width
  }

  /// The file with that index in a log of `size` entries; nil where it has none.
  init?(_ kind: Kind, index: Int, size: Int) {
    let count = size >> (kind.level * Self.height)
    let (start, overflow) = index.multipliedReportingOverflow(by: Self.width)
    guard !overflow, index >= 0, start < count else { return nil }
    self.init(kind, index: index, width: min(Self.width, count - start))
  }

  /// Whether the file is as long as it will ever be.
  package var isFull: Bool { width == Self.width }

  /// The same file once it is full.
  package var full: TilePath { TilePath(kind, index: index) }

  /// The folder of the shorter versions of the file.
  package var partialFolder: String { full.text + ".p" }

  /// The path below the log's folder.
  package var text: String {
    let name =
      switch kind {
      case .hashes(let level): String(level)
      case .entries: "entries"
      }
    var rest = index / 1000
    var groups = Self.digits(index % 1000)
    while rest > 0 {
      groups = "x\(Self.digits(rest % 1000))/\(groups)"
      rest /= 1000
    }
    return "tile/\(name)/\(groups)" + (isFull ? "" : ".p/\(width)")
  }

  private static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }
}
