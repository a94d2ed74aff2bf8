import TensorGraph

/// The byte format of evidence: a magic line, a kind, then fixed-width fields, least significant byte first.
extension ProofEvidence {
  /// The formats that are read; the last is written.
  ///
  /// In the older one trees have their nodes as they are. In the newer one a byte 0 stands before them, or a byte 1 and a
  /// rule before packed ones: packed where they are a tree and that is shorter.
  private enum Format: String, CaseIterable {
    case plain = "dspec evidence 2\n"
    case packed = "dspec evidence 3\n"

    var magic: [UInt8] { Array(rawValue.utf8) }
  }

  /// The file's bytes; equal evidence has equal bytes.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .trees(let trees):
      writer.byte(1)
      writer.integer(trees.count)
      for tree in trees {
        writer.integer(tree.lower.count)
        for value in tree.lower { writer.double(value) }
        for value in tree.upper { writer.double(value) }
        if let packed = PackedNodes.pack(tree.nodes), packed.bytes.count + 1 < tree.nodes.count {
          writer.byte(1)
          writer.byte(packed.rule)
          writer.block(packed.bytes)
        } else {
          writer.byte(0)
          writer.block(tree.nodes)
        }
        writer.block(tree.annexes)
      }
    case .witness(let caseIndex, let point):
      writer.byte(2)
      writer.integer(caseIndex)
      writer.integer(point.count)
      for value in point { writer.double(value) }
    case .samples(let record):
      writer.byte(3)
      writer.block(record.seed)
      writer.integer(record.count)
      writer.integer(record.hits)
      writer.integer(record.undecided)
    }
    return Format.packed.magic + writer.bytes
  }

  /// Reads a file.
  ///
  /// - Throws: `EvidenceError` unless the bytes are exactly what `encoded` gives for some evidence, or what the older format
  ///   has for it.
  package init(decoding bytes: [UInt8]) throws(EvidenceError) {
    guard let format = Format.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
      throw EvidenceError.format("the file does not start as evidence of version 2 or 3")
    }
    var reader = ByteReader(bytes: bytes, position: format.magic.count)
    switch try reader.byte() {
    case 1:
      let count = try reader.count(unit: 8)
      var trees: [SplitTree] = []
      for _ in 0..<count {
        let axes = try reader.count(unit: 16)
        var lower: [Double] = []
        var upper: [Double] = []
        for _ in 0..<axes { lower.append(try reader.double()) }
        for _ in 0..<axes { upper.append(try reader.double()) }
        let nodes = try ProofEvidence.nodes(&reader, format)
        trees.append(SplitTree(lower: lower, upper: upper, nodes: nodes, annexes: try reader.block()))
      }
      self = .trees(trees)
    case 2:
      let caseIndex = try reader.integer()
      let count = try reader.count(unit: 8)
      var point: [Double] = []
      for _ in 0..<count { point.append(try reader.double()) }
      self = .witness(caseIndex: caseIndex, point: point)
    case 3:
      self = .samples(
        SampleRecord(
          seed: try reader.block(), count: try reader.integer(), hits: try reader.integer(),
          undecided: try reader.integer()))
    case let kind: throw EvidenceError.format("evidence of kind \(kind) is not known")
    }
    guard reader.isAtEnd else { throw EvidenceError.format("bytes follow the end of the evidence") }
    // One spelling: a tree is packed where that is shorter, with its most frequent rule.
    guard format == .plain || encoded == bytes else {
      throw EvidenceError.format("the nodes of a tree are not packed as they have to be")
    }
  }

  private static func nodes(_ reader: inout ByteReader, _ format: Format) throws(EvidenceError) -> [UInt8] {
    guard format == .packed else { return try reader.block() }
    switch try reader.byte() {
    case 0: return try reader.block()
    case 1:
      let rule = try reader.byte()
      let packed = try reader.block()
      return try PackedNodes.unpack(packed, rule: rule, limit: 3 * packed.count + 1)
    case let form: throw EvidenceError.format("nodes of form \(form) are not known")
    }
  }
}

/// Reads what `ByteWriter` wrote; every count is checked against what is left before anything is allocated.
struct ByteReader {
  let bytes: [UInt8]
  var position: Int

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws(EvidenceError) -> UInt8 {
    guard position < bytes.count else { throw EvidenceError.format("the evidence is truncated") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func word() throws(EvidenceError) -> UInt64 {
    guard bytes.count - position >= 8 else { throw EvidenceError.format("the evidence is truncated") }
    var value: UInt64 = 0
    for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[position + index]) }
    position += 8
    return value
  }

  mutating func integer() throws(EvidenceError) -> Int {
    guard let value = Int(exactly: Int64(bitPattern: try word())), value >= 0 else {
      throw EvidenceError.format("a count is negative")
    }
    return value
  }

  /// A count of items of at least `unit` bytes each, all of which are still to come.
  mutating func count(unit: Int) throws(EvidenceError) -> Int {
    let value = try integer()
    guard value <= (bytes.count - position) / unit else {
      throw EvidenceError.format("\(value) items do not fit into the evidence")
    }
    return value
  }

  mutating func double() throws(EvidenceError) -> Double {
    let value = Double(bitPattern: try word())
    guard value.isFinite else { throw EvidenceError.format("a number is not finite") }
    return value
  }

  mutating func block() throws(EvidenceError) -> [UInt8] {
    let length = try count(unit: 1)
    defer { position += length }
    return Array(bytes[position..<position + length])
  }
}
