import Evidence
import LeafRules

extension ForallSearch {
  /// What a rule says of a cell.
  struct Visit: Sendable {
    var rule: LeafRule
    var claim: ClaimOnCell
  }

  /// What was known of a leaf before it was split.
  struct Parent {
    let visit: Visit?
    let volume: Double?
    let halves: (low: Int, high: Int)
  }

  /// What is known of the leaves.
  struct Leaves {
    /// Of open ones that have been evaluated.
    var visits: [Int: Visit] = [:]
    /// Parts of the region, of open ones.
    var volumes: [Int: Double] = [:]
    var closedVolume = 0.0
    /// The worst bound among closed ones; nil where there are none.
    var closedWorst: Double?

    static let bytes = MemoryLayout<Visit>.stride + 2 * SearchOrder.entry

    mutating func close(_ node: Int, worst: Double, isUpper: Bool?) {
      closedVolume += volumes.removeValue(forKey: node) ?? 0
      visits[node] = nil
      closedWorst = closedWorst.map { Leaves.worse($0, worst, isUpper: isUpper) } ?? worst
    }

    mutating func split(_ node: Int, _ halves: (low: Int, high: Int)) -> Parent {
      let parent = Parent(visit: visits[node], volume: volumes[node], halves: halves)
      let volume = (volumes.removeValue(forKey: node) ?? 0) / 2
      visits[node] = nil
      volumes[halves.low] = volume
      volumes[halves.high] = volume
      return parent
    }

    /// Makes two halves one again.
    mutating func merge(_ node: Int, _ parent: Parent) {
      volumes[parent.halves.low] = nil
      volumes[parent.halves.high] = nil
      volumes[node] = parent.volume
      visits[node] = parent.visit
    }

    static func worse(_ a: Double, _ b: Double, isUpper: Bool?) -> Double {
      guard let isUpper, !a.isNaN, !b.isNaN else { return .nan }
      return isUpper ? Swift.max(a, b) : Swift.min(a, b)
    }
  }
}
