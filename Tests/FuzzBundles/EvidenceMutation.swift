import Evidence
import SeededDraws

/// Mutations of evidence that leave its format in order, so that the rules have to judge it.
enum EvidenceMutation {
  private static let rules: [UInt8] = [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8E, 0x8F]

  /// Applies a few of them.
  ///
  /// - Parameter others: Evidence of other properties, which may take its place.
  static func apply(
    to evidence: ProofEvidence, others: [ProofEvidence], _ generator: inout SeededGenerator
  ) -> ProofEvidence {
    if generator.once(in: 24), let other = generator.pick(others) { return other }
    var evidence = evidence
    for _ in 0...(generator.once(in: 3) ? generator.below(4) : 0) {
      switch evidence {
      case .trees(let trees): evidence = .trees(changed(trees, &generator))
      case .witness(let index, let point): evidence = witness(index, point, &generator)
      case .samples(let record): evidence = .samples(changed(record, &generator))
      }
    }
    return evidence
  }

  private static func witness(
    _ index: Int, _ point: [Double], _ generator: inout SeededGenerator
  ) -> ProofEvidence {
    var point = point
    guard let place = generator.pick(Array(point.indices)) else {
      return .witness(caseIndex: index, point: [0])
    }
    switch generator.below(8) {
    case 0: return .witness(caseIndex: generator.below(4), point: point)
    case 1: point.append(0)
    case 2: point.remove(at: place)
    case 3: point.swapAt(place, generator.below(point.count))
    default: point[place] = generator.double(near: point[place])
    }
    return .witness(caseIndex: index, point: point)
  }

  private static func changed(_ record: SampleRecord, _ generator: inout SeededGenerator) -> SampleRecord {
    var seed = record.seed
    var numbers = [record.count, record.hits, record.undecided]
    if generator.once(in: 3) {
      seed = ByteMutation.apply(to: seed, donors: [], &generator)
    } else {
      let place = generator.below(3)
      numbers[place] = max(0, numbers[place] &+ generator.below(5) &- 2)
      if generator.once(in: 4) { numbers[place] = [0, .max, 1 << 40][generator.below(3)] }
    }
    return SampleRecord(seed: seed, count: numbers[0], hits: numbers[1], undecided: numbers[2])
  }

  // MARK: Trees

  private static func changed(_ trees: [SplitTree], _ generator: inout SeededGenerator) -> [SplitTree] {
    var trees = trees
    guard let place = generator.pick(Array(trees.indices)) else { return trees }
    switch generator.below(16) {
    case 0: trees.swapAt(place, generator.below(trees.count))
    case 1: trees.remove(at: place)
    case 2: trees.insert(trees[place], at: place)
    case 3: trees[place] = trees[generator.below(trees.count)]
    case 4, 5, 6: trees[place] = rooted(trees[place], &generator)
    case 7, 8, 9, 10, 11: trees[place] = noded(trees[place], &generator)
    default: trees[place] = annexed(trees[place], &generator)
    }
    return trees
  }

  private static func rooted(_ tree: SplitTree, _ generator: inout SeededGenerator) -> SplitTree {
    var (lower, upper) = (tree.lower, tree.upper)
    guard let axis = generator.pick(Array(lower.indices)), axis < upper.count else { return tree }
    switch generator.below(8) {
    case 0: (lower[axis], upper[axis]) = (upper[axis], lower[axis])
    case 1: upper[axis] = lower[axis]
    case 2, 3, 4: lower[axis] = generator.double(near: lower[axis])
    default: upper[axis] = generator.double(near: upper[axis])
    }
    return SplitTree(lower: lower, upper: upper, nodes: tree.nodes, annexes: tree.annexes)
  }

  private static func noded(_ tree: SplitTree, _ generator: inout SeededGenerator) -> SplitTree {
    let rule = rules[generator.below(rules.count)]
    var nodes = tree.nodes.isEmpty ? [rule] : tree.nodes
    let place = generator.below(nodes.count)
    let axis = UInt8(generator.below(max(1, tree.lower.count)))
    switch generator.below(10) {
    case 0: nodes[place] = generator.byte()
    case 1,
      2:
      nodes[place] = nodes[place] < 0x80 ? axis : rule
    case 3: nodes = [rule]
    case 4: nodes = [axis, rule, rule]
    case 5:
      // A leaf is split, or a split with two leaves becomes one.
      if nodes[place] >= 0x80 {
        nodes.replaceSubrange(place...place, with: [axis, nodes[place], nodes[place]])
      } else if place + 2 < nodes.count, nodes[place + 1] >= 0x80, nodes[place + 2] >= 0x80 {
        nodes.replaceSubrange(place...place + 2, with: [rule])
      }
    case 6: nodes = nodes.map { $0 >= 0x80 ? rule : $0 }
    case 7: nodes = nodes.map { $0 < 0x80 ? axis : $0 }
    case 8: nodes = [UInt8](repeating: axis, count: 200) + [UInt8](repeating: rule, count: 201)
    default: nodes = ByteMutation.apply(to: nodes, donors: [], &generator)
    }
    return SplitTree(lower: tree.lower, upper: tree.upper, nodes: nodes, annexes: tree.annexes)
  }

  private static func annexed(_ tree: SplitTree, _ generator: inout SeededGenerator) -> SplitTree {
    var annexes: [[UInt8]] = []
    var position = 0
    while let range = try? tree.annex(at: position) {
      annexes.append(Array(tree.annexes[range]))
      position = range.upperBound
    }
    var nodes = tree.nodes
    if annexes.isEmpty {
      // Without one before: a leaf of phases with an annex that was made up.
      annexes = [program(&generator)]
      nodes = [0x85]
    } else {
      let place = generator.below(annexes.count)
      switch generator.below(8) {
      case 0: annexes[place] = program(&generator)
      case 1: annexes.remove(at: place)
      case 2: annexes.insert(annexes[place], at: place)
      case 3: annexes[place] = recoded(annexes[place], &generator)
      default: annexes[place] = ByteMutation.apply(to: annexes[place], donors: annexes, &generator)
      }
    }
    let bytes = annexes.flatMap { SplitTree.annex($0) }
    return SplitTree(lower: tree.lower, upper: tree.upper, nodes: nodes, annexes: bytes)
  }

  /// Some byte that looks like a code becomes another code.
  private static func recoded(_ annex: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var annex = annex
    let places = annex.indices.filter { annex[$0] <= 8 }
    if let place = generator.pick(places) { annex[place] = UInt8(generator.below(10)) }
    return annex
  }

  /// Codes of nodes with a few bytes behind each.
  private static func program(_ generator: inout SeededGenerator) -> [UInt8] {
    (0..<generator.below(12)).flatMap { _ -> [UInt8] in
      let code = UInt8(generator.below(9))
      switch code {
      case 1: return [1, UInt8(generator.below(24)), 0]
      case 3: return [3] + (0..<generator.below(24)).map { _ in generator.byte() }
      case 4:
        return [4, UInt8(generator.below(4)), 0, UInt8(generator.below(24)), 0, UInt8(generator.below(2))]
      case 8: return [8] + (0..<8 * generator.below(30)).map { _ in generator.byte() }
      default: return [code] + (0..<generator.below(3)).map { _ in generator.byte() }
      }
    }
  }
}
