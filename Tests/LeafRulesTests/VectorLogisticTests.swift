import LeafRules
import RigorousArithmetic
import SeededDraws
import Testing

/// Eight values at once, against the enclosures that are themselves checked against MPFR.
@Suite struct VectorLogisticTests {
  private func points(_ limit: Double) -> [Double] {
    var generator = SeededGenerator(seed: 91)
    var points = [0, -0.0, limit, -limit, .leastNonzeroMagnitude, -0x1p-1022, 0x1p-60, -0x1p-60]
    // About the places where the nearest multiple of ln 2 changes.
    for k in -800...800 {
      let knot = (Double(k) + 0.5) * 0.6931471805599453
      points += [knot.nextDown, knot, knot.nextUp]
    }
    for _ in 0..<200_000 {
      let scale = [1e-8, 1, 30, limit][Int(generator.next() % 4)]
      points.append(Double.random(in: -scale...scale, using: &generator))
    }
    return points.filter { $0.magnitude <= limit }
  }

  private func check(
    _ points: [Double], _ truth: (Interval) -> Interval, _ values: (SIMD8<Double>) -> SIMD8<Double>
  ) {
    var worst = 0.0
    for start in stride(from: 0, to: points.count - 7, by: 8) {
      let x = SIMD8<Double>((0..<8).map { points[start + $0] })
      let computed = values(x)
      for lane in 0..<8 {
        let exact = truth(Interval(x[lane]))
        let error = (Interval(computed[lane]) - exact).magnitude / exact.lower
        worst = max(worst, error)
      }
    }
    // The enclosures are a few units wide, and so the bound itself is not what is met here.
    #expect(worst <= VectorLogistic.relativeError)
    #expect(worst > 0)
  }

  @Test func exponentials() {
    check(points(VectorLogistic.domain), { $0.exp() }, { VectorLogistic.exp($0) })
  }

  @Test func logisticFunctions() {
    check(points(VectorLogistic.domain), { $0.sigmoid() }, { VectorLogistic.logistic($0).value })
    check(
      points(VectorLogistic.domain), { (-$0.absoluteValue()).exp() }, { VectorLogistic.logistic($0).decay })
  }
}
