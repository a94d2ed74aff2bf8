import Statistics

/// Points of a box from which attacks start; a function of the box, the seed and the stream.
struct StartingPoints {
  let box: DoubleBox
  let generator: CounterGenerator
  /// Number of the case; cases draw different points.
  let stream: UInt32

  /// The given points, the centre, corners, vertices of balls, and uniform points up to a total of `count`, but at least
  /// the given ones and the centre; flat, and each moved into the region.
  func points(_ count: Int, given: [[Double]]) -> [Double] {
    var points = given.flatMap { box.clamp($0) }
    points += box.lower.indices.map { box.middle($0) }
    var total = given.count + 1
    let room = max(0, count - total)
    // All corners while they are few, else random ones; never more than half of the room.
    let corners = box.dimension <= 10 ? min(1 << box.dimension, room / 2) : min(32, room / 4)
    for corner in 0..<corners {
      points += box.dimension <= 10 ? self.corner(UInt64(corner)) : randomCorner(corner)
    }
    total += corners
    for vertex in box.vertices.prefix(max(0, count - total) / 2) {
      points += vertex
      total += 1
    }
    var index: UInt64 = 0
    while total < count {
      var draws = generator.draws(stream: stream, index: index)
      for axis in box.lower.indices {
        points.append(box.clamp(Self.mix(box.lower[axis], box.upper[axis], draws.uniform()), axis: axis))
      }
      index += 1
      total += 1
    }
    for point in 0..<total { box.settle(&points, at: point * box.dimension) }
    return points
  }

  private func corner(_ bits: UInt64) -> [Double] {
    box.lower.indices.map { bits >> UInt64($0) & 1 == 0 ? box.lower[$0] : box.upper[$0] }
  }

  private func randomCorner(_ number: Int) -> [Double] {
    var draws = generator.draws(stream: stream, index: 1 << 40 + UInt64(number))
    return box.lower.indices.map { draws.uniform() < 0.5 ? box.lower[$0] : box.upper[$0] }
  }

  private static func mix(_ a: Double, _ b: Double, _ u: Double) -> Double {
    let width = b - a
    return width.isFinite ? a + u * width : a * (1 - u) + b * u
  }
}
