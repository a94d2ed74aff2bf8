package import RigorousArithmetic
package import SMT
package import SeededDraws

extension SeededGenerator {
  /// A small fraction.
  package mutating func rational(_ range: ClosedRange<Int> = -6...6, over denominators: [Int] = [1, 2, 3])
    -> Rational
  {
    let denominator = denominators[Int.random(in: denominators.indices, using: &self)]
    return Rational(BigInteger(Int.random(in: range, using: &self)), over: BigInteger(denominator))
  }
}

/// Random terms, each with a closure that computes its value by plain recursion: the evaluator's rival.
package struct RandomTerms {
  /// The value of a term.
  package typealias Real = @Sendable ([Rational], [Bool]) -> Rational
  /// The value of a formula.
  package typealias Truth = @Sendable ([Rational], [Bool]) -> Bool

  package var generator: SeededGenerator
  package var store = TermStore()
  package var reals: [(term: RealTerm, value: Real)] = []
  package var formulas: [(term: Formula, value: Truth)] = []

  package init(seed: UInt64, realSymbols: Int = 2, booleanSymbols: Int = 2, steps: Int = 40) throws {
    generator = SeededGenerator(seed: seed)
    for index in 0..<realSymbols { reals.append((try store.realVariable("x\(index)"), { x, _ in x[index] })) }
    for index in 0..<booleanSymbols {
      formulas.append((try store.booleanVariable("p \(index)"), { _, p in p[index] }))
    }
    for step in 0..<steps { grow(step) }
  }

  private mutating func grow(_ step: Int) {
    let (a, f) = reals[pick(reals.count)]
    let (b, g) = reals[pick(reals.count)]
    let (p, s) = formulas[pick(formulas.count)]
    let (q, t) = formulas[pick(formulas.count)]
    switch step % 12 {
    case 0:
      let constant = generator.rational()
      reals.append((store.real(constant), { _, _ in constant }))
    case 1: reals.append((store.sum([a, b, a]), { f($0, $1) + g($0, $1) + f($0, $1) }))
    case 2:
      let factor = generator.rational(-2...2)
      reals.append((store.scaled(factor, a), { factor * f($0, $1) }))
    case 3: reals.append((store.ite(p, a, b), { s($0, $1) ? f($0, $1) : g($0, $1) }))
    case 4: reals.append((store.define(like: "d", store.difference(a, b)), { f($0, $1) - g($0, $1) }))
    case 5: formulas.append((store.less(a, b), { f($0, $1) < g($0, $1) }))
    case 6: formulas.append((store.lessOrEqual(a, b), { f($0, $1) <= g($0, $1) }))
    case 7: formulas.append((store.equal(a, b), { f($0, $1) == g($0, $1) }))
    case 8: formulas.append((store.not(p), { !s($0, $1) }))
    case 9: formulas.append((store.and([p, q]), { s($0, $1) && t($0, $1) }))
    case 10: formulas.append((store.or([p, q]), { s($0, $1) || t($0, $1) }))
    default: formulas.append((store.implies(p, q), { !s($0, $1) || t($0, $1) }))
    }
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
}
