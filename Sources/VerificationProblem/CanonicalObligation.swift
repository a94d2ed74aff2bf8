import RigorousArithmetic
import TensorGraph

extension Obligation {
  /// Canonical bytes of the whole question, graphs included; its digest names the obligation.
  package var canonicalBytes: [UInt8] {
    var writer = ByteWriter()
    writer.text("dspec obligation 2")
    switch question {
    case .forall(let region):
      // A box has the bytes of a question without balls; the kind tells the two apart.
      writer.byte(region.balls.isEmpty ? 0 : 2)
      writer.integer(region.dimension)
      for axis in region.box { writer.range(axis) }
      guard !region.balls.isEmpty else { break }
      writer.integer(region.balls.count)
      for ball in region.balls { writer.ball(ball) }
    case .measure(let law, let bounds):
      writer.byte(1)
      writer.integer(law.count)
      for axis in law { writer.law(axis) }
      writer.integer(bounds.count)
      for bound in bounds {
        writer.byte(bound.comparison.rawValue)
        writer.rational(bound.threshold)
      }
    }
    writer.integer(cases.count)
    for item in cases {
      writer.text(item.label)
      writer.rational(item.weight)
      writer.byte(item.arithmetic.rawValue)
      writer.block(item.graph.canonicalBytes)
      writer.predicate(item.predicate)
    }
    return writer.bytes
  }
}

extension ByteWriter {
  mutating func rational(_ value: Rational) { text(value.description) }

  mutating func range(_ range: AxisRange) {
    rational(range.lower)
    rational(range.upper)
  }

  mutating func ball(_ ball: Ball) {
    integer(ball.start)
    byte(ball.norm.rawValue)
    rational(ball.radius)
    integer(ball.centre.count)
    for coordinate in ball.centre { rational(coordinate) }
  }

  mutating func law(_ law: AxisLaw) {
    switch law {
    case .normal(let mean, let deviation):
      byte(0)
      rational(mean)
      rational(deviation)
    case .truncatedNormal(let mean, let deviation, let range):
      byte(1)
      rational(mean)
      rational(deviation)
      self.range(range)
    case .uniform(let range):
      byte(2)
      self.range(range)
    }
  }

  mutating func predicate(_ predicate: Predicate) {
    switch predicate {
    case .atom(let atom):
      byte(0)
      switch atom.quantity {
      case .element(let index):
        byte(0)
        integer(index)
      case .distance(let start, let point, let norm):
        byte(1)
        integer(start)
        byte(norm.rawValue)
        integer(point.count)
        for coordinate in point { double(coordinate) }
      }
      byte(atom.comparison.rawValue)
      switch atom.threshold {
      case .rational(let value):
        byte(0)
        rational(value)
      case .logit(let value):
        byte(1)
        rational(value)
      }
    case .all(let parts), .any(let parts):
      if case .all = predicate { byte(1) } else { byte(2) }
      integer(parts.count)
      for part in parts { self.predicate(part) }
    }
  }
}
