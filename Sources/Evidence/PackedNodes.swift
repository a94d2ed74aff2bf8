/// The nodes of a tree with the leaves of its most frequent rule left out: about one byte a leaf instead of two.
///
/// A byte below `0x80` is a split. Its low five bits are the axis, or `0x1f` before an axis from `0x1f` on in two bytes, least
/// significant first. Bit 5 says that the lower part is a leaf of the tree's rule, which is not written, bit 6 the same of
/// the upper part. A byte from `0x80` on is a leaf, closed by the rule with that code.
enum PackedNodes {
  private static let lower: UInt8 = 0x20
  private static let upper: UInt8 = 0x40
  private static let long: UInt8 = 0x1f

  /// The most frequent rule and the packed nodes; nil where the nodes are no tree.
  static func pack(_ nodes: [UInt8]) -> (rule: UInt8, bytes: [UInt8])? {
    guard let rule = mostFrequentRule(nodes) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(nodes.count / 2 + 1)
    // Where the split above a node stands, and which part of it the node is; nil above the root.
    var pending: [(parent: Int, flag: UInt8)?] = [nil]
    var position = 0
    while let place = pending.popLast() {
      guard position < nodes.count, pending.count <= SplitTree.maximumDepth else { return nil }
      let byte = nodes[position]
      if byte >= 0x80 {
        position += 1
        if byte == rule, let place {
          bytes[place.parent] |= place.flag
        } else {
          bytes.append(byte)
        }
        continue
      }
      guard let split = split(nodes, at: position) else { return nil }
      position = split.next
      let parent = bytes.count
      if split.axis < Int(long) {
        bytes.append(UInt8(split.axis))
      } else {
        bytes += [long, UInt8(truncatingIfNeeded: split.axis), UInt8(truncatingIfNeeded: split.axis >> 8)]
      }
      pending.append((parent, upper))
      pending.append((parent, lower))
    }
    return position == nodes.count ? (rule, bytes) : nil
  }

  /// The nodes that were packed.
  ///
  /// - Parameter limit: most bytes that the nodes may have.
  /// - Throws: `EvidenceError.tree` where the bytes end early, go on, or a path is too deep.
  static func unpack(_ bytes: [UInt8], rule: UInt8, limit: Int) throws(EvidenceError) -> [UInt8] {
    guard rule >= 0x80 else { throw EvidenceError.tree("\(rule) is no leaf's rule") }
    var nodes: [UInt8] = []
    nodes.reserveCapacity(Swift.min(limit, 2 * bytes.count + 1))
    // Whether a part that comes later is a leaf that is not written.
    var pending = [false]
    var position = 0
    while let isLeftOut = pending.popLast() {
      guard nodes.count < limit, pending.count <= SplitTree.maximumDepth else {
        throw EvidenceError.tree("a path is deeper than \(SplitTree.maximumDepth), or the tree is too large")
      }
      if isLeftOut {
        nodes.append(rule)
        continue
      }
      guard position < bytes.count else { throw EvidenceError.tree("the tree ends before its last leaf") }
      let byte = bytes[position]
      position += 1
      if byte >= 0x80 {
        nodes.append(byte)
        continue
      }
      var axis = Int(byte & long)
      if byte & long == long {
        guard position + 1 < bytes.count else { throw EvidenceError.tree("a split ends in the middle") }
        axis = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        position += 2
      }
      nodes += SplitTree.split(axis)
      pending.append(byte & upper != 0)
      pending.append(byte & lower != 0)
    }
    guard position == bytes.count else {
      throw EvidenceError.tree("\(bytes.count - position) bytes follow the last leaf")
    }
    return nodes
  }

  private static func split(_ nodes: [UInt8], at position: Int) -> (axis: Int, next: Int)? {
    let byte = nodes[position]
    guard byte == 0x7f else { return (Int(byte), position + 1) }
    guard position + 2 < nodes.count else { return nil }
    let axis = Int(nodes[position + 1]) | Int(nodes[position + 2]) << 8
    return axis < 0x7f ? nil : (axis, position + 3)
  }

  /// The rule of most leaves, the smallest of several; nil without any leaf.
  private static func mostFrequentRule(_ nodes: [UInt8]) -> UInt8? {
    var counts = [Int](repeating: 0, count: 256)
    var position = 0
    while position < nodes.count {
      let byte = nodes[position]
      if byte >= 0x80 { counts[Int(byte)] += 1 }
      position += byte == 0x7f ? 3 : 1
    }
    let most = counts.max() ?? 0
    return most == 0 ? nil : counts.firstIndex(of: most).map { UInt8($0) }
  }
}
