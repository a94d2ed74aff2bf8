import BranchAndBound
import LeafRules
import RigorousArithmetic
import TensorGraph
import VerificationProblem

struct G {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15; var z = state; z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9;
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB; return z ^ (z >> 31)
  }
  mutating func uniform(_ a: Double, _ b: Double) -> Double { a + (b - a) * Double(next() >> 11) * 0x1p-53 }
}

@main struct Bench {
  static func main() async throws {
    var g = G(state: 1)
    func linear(_ rows: Int, _ columns: Int) throws -> Linear {
      let s = 1.7 / Double(columns).squareRoot()
      return try Linear(
        weights: Tensor(
          shape: Shape([rows, columns]), values: (0..<rows * columns).map { _ in g.uniform(-s, s) }),
        bias: Tensor(shape: Shape([rows]), values: (0..<rows).map { _ in g.uniform(-0.3, 0.3) }))
    }
    var b = GraphBuilder()
    var z = try b.input("z", shape: Shape([2]))
    let l1 = try linear(64, 2), l2 = try linear(64, 64), l3 = try linear(2, 64)
    for _ in 0..<10 {
      var h = try b.apply(.linear(l1), [z]); h = try b.apply(.relu, [h]); h = try b.apply(.linear(l2), [h]);
      h = try b.apply(.relu, [h]); h = try b.apply(.linear(l3), [h])
      z = try b.apply(.add, [b.apply(.scale(0.8), [z]), b.apply(.scale(0.2), [h])])
    }
    var x = try b.apply(.relu, [b.apply(.linear(linear(64, 2)), [z])])
    x = try b.apply(.relu, [b.apply(.linear(linear(64, 64)), [x])])
    x = try b.apply(.clip(Clip(lower: 0, upper: 1)), [b.apply(.linear(linear(64, 64)), [x])])
    x = try b.apply(.relu, [b.apply(.linear(linear(16, 64)), [x])])
    x = try b.apply(.linear(linear(1, 16)), [x])
    let graph = try b.build(outputs: [x])
    let mid = try graph.evaluate([[0.2, 0.1]])[0][0]
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: .atom(Atom(.element(0), .greater, .rational(Rational(dyadic: mid)))))
    let law = AxisLaw.normal(mean: Rational(0), deviation: Rational(1))
    let ob = try Obligation(
      name: "x", question: .measure(law: [law, law], bounds: [MeasureBound(.lessOrEqual, Rational(1))]),
      cases: [item])
    guard let search = try MeasureSearch(ob) else { return }
    for (w, gap) in [(1, 0.01), (1, 0.001), (1, 0.0001)] {
      let t = ContinuousClock.now
      let r = await search.run(budget: SearchBudget(nodes: 200_000, workers: w), gap: gap)
      let s = (ContinuousClock.now - t).seconds
      print(w, r.measure, r.measure.width, r.nodes, r.leaves, s, Double(r.nodes) / s)
    }
    // A region claim near the true maximum.
    let side = 0.5
    var top = -Double.infinity
    var bottom = Double.infinity
    for i in 0...60 {
      for j in 0...60 {
        let value = try graph.evaluate([[side * (Double(i) / 30 - 1), side * (Double(j) / 30 - 1)]])[0][0]
        top = max(top, value)
        bottom = min(bottom, value)
      }
    }
    for slack in [0.3, 0.1, 0.03, 0.01] {
      let limit = Rational(dyadic: top + slack * (top - bottom))
      let claim = ObligationCase(
        label: "", weight: Rational(1), graph: graph,
        predicate: .atom(Atom(.element(0), .less, .rational(limit))))
      let range = AxisRange(lower: Rational(dyadic: -side), upper: Rational(dyadic: side))
      guard
        let forall = try ForallSearch(
          Obligation(name: "x", question: .forall(region: [range, range]), cases: [claim]))
      else { return }
      var best = Double.infinity
      var result = await forall.run(budget: SearchBudget(nodes: 100_000, workers: 1))
      for _ in 0..<5 {
        let t = ContinuousClock.now
        result = await forall.run(budget: SearchBudget(nodes: 100_000, workers: 1))
        best = min(best, (ContinuousClock.now - t).seconds)
      }
      print("forall", slack, result.holds as Any, result.nodes, result.leaves, best)
    }
    let ev = CellEvaluator(try CompiledCase(item), laws: [AxisMass(law), AxisMass(law)])
    for radius in [0.01, 0.1, 0.3] {
      let cell = Cell(lower: [0.2 - radius, 0.1 - radius], upper: [0.2 + radius, 0.1 + radius])
      // The least of many short stretches: what the work costs on an otherwise busy machine.
      func least(_ body: () -> Void) -> Double {
        (0..<60).map { _ in
          let t = ContinuousClock.now
          for _ in 0..<40 { body() }
          return (ContinuousClock.now - t).seconds / 40 * 1e6
        }.min() ?? 0
      }
      let a = least { _ = ev.bounds(on: cell, rule: .zonotope) }
      let c = least { ev.runWithoutErrorTerms(on: cell) }
      let m = least { _ = ev.masses(on: cell, rule: .zonotope) }
      let l = least { _ = ev.bounds(on: cell, rule: .linearBounds) }
      print(
        "linear", l, ev.bounds(on: cell, rule: .linearBounds)[0].range.width, "masses",
        ev.masses(on: cell, rule: .zonotope), ev.masses(on: cell, rule: .linearBounds))
      print(
        radius, ev.bounds(on: cell, rule: .zonotope)[0].range.width, "us", a, c, "ratio", a / c, "masses", m)
    }

  }
}
