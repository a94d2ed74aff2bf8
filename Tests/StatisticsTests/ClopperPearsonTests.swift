import RigorousArithmetic
import Statistics
import Testing

private func decimal(_ text: String) throws -> Rational { try #require(Rational(decimal: text)) }

/// Two-sided limits by scipy.stats.beta (ppf and isf), scipy 1.17.1.
@Test(arguments: [
  (0, 10, "0.95", 0.0, 0.30849710781876083),
  (10, 10, "0.95", 0.6915028921812392, 1.0),
  (1, 10, "0.95", 0.0025285785444617848, 0.4450161170281953),
  (5, 10, "0.9", 0.2224411010081294, 0.7775588989918706),
  (3, 100, "0.99", 0.0034070701031797567, 0.10548125372507826),
  (0, 1, "0.5", 0.0, 0.75),
  (1, 1, "0.95", 0.025, 1.0),
  (50, 100, "0.999", 0.3355819371905234, 0.6644180628094766),
  (7, 1000, "0.95", 0.002818858759620524, 0.014369194978918632),
  (0, 10000, "0.99", 0.0, 0.0005296914006061454),
  (123, 10000, "0.99", 0.009643581030532545, 0.015431327779867342),
  (5000, 10000, "0.95", 0.4901513805899805, 0.5098486194100196),
  (1, 1_000_000, "0.999", 5.001250415572354e-10, 9.99863251031123e-06),
  (999_999, 1_000_000, "0.99", 0.999992569894388, 0.9999999949874582),
  (1_234_567, 10_000_000, "0.99", 0.12318887464344659, 0.1237248836626868),
  (10_000_000, 10_000_000, "0.99", 0.9999994701684037, 1.0),
  (9_999_999, 10_000_000, "0.9", 0.999999525613637, 0.9999999948706706),
  (0, 10_000_000, "0.999999", 0.0, 1.4508647213471842e-06),
])
func limitsMatchScipy(events: Int, trials: Int, confidence: String, lower: Double, upper: Double) throws {
  let limits = try #require(
    ClopperPearson.limits(events: events, trials: trials, confidence: decimal(confidence)))
  #expect(abs(limits.lower - lower) <= 1e-9 * lower && abs(limits.upper - upper) <= 1e-9 * upper)
}

/// The exact probability of k or more events.
private func atLeast(_ k: Int, of n: Int, probability p: Rational) -> Rational {
  var (binomial, tail) = (BigInteger.one, Rational.zero)
  var powers = [Rational.one]
  var complements = [Rational.one]
  for _ in 0..<n {
    powers.append(powers[powers.count - 1] * p)
    complements.append(complements[complements.count - 1] * (.one - p))
  }
  for j in 0...n {
    if j >= k { tail = tail + Rational(binomial) * powers[j] * complements[n - j] }
    binomial = (binomial * BigInteger(n - j)).divMod(BigInteger(j + 1)).quotient
  }
  return tail
}

@Test(arguments: [(1, 1), (1, 9), (4, 9), (9, 9), (3, 20), (11, 20), (19, 20), (2, 33)])
func limitsAreProvedByExactTails(events: Int, trials: Int) throws {
  for text in ["0.5", "0.95", "0.999999", "0.3"] {
    let confidence = try decimal(text)
    let alpha = .one - confidence
    let lower = try #require(
      ClopperPearson.limits(events: events, trials: trials, confidence: confidence, sides: .lower))
    let upper = try #require(
      ClopperPearson.limits(events: events, trials: trials, confidence: confidence, sides: .upper))
    #expect(lower.upper == 1 && upper.lower == 0)
    let low = try #require(Rational(exactly: lower.lower))
    #expect(atLeast(events, of: trials, probability: low) <= alpha)
    let tooHigh = try low * decimal("1.000000001")
    #expect(atLeast(events, of: trials, probability: tooHigh) > alpha)
    let high = try #require(Rational(exactly: upper.upper))
    if events == trials {
      #expect(high == .one)
    } else {
      #expect(.one - atLeast(events + 1, of: trials, probability: high) <= alpha)
      let tooLow = try high * decimal("0.999999999")
      #expect(.one - atLeast(events + 1, of: trials, probability: tooLow) > alpha)
    }
  }
}

@Test func noTrialsLeaveEverythingOpen() throws {
  let limits = try #require(ClopperPearson.limits(events: 0, trials: 0, confidence: decimal("0.99")))
  #expect(limits.lower == 0 && limits.upper == 1)
}

@Test func extremeConfidencesStaySound() throws {
  let confidence = try .one - decimal("1e-300")
  let limits = try #require(ClopperPearson.limits(events: 5, trials: 1000, confidence: confidence))
  #expect(limits.lower >= 0 && limits.lower < 1e-50 && limits.upper > 0.4 && limits.upper <= 1)
}

@Test func inconsistentRequestsAreRefused() throws {
  let half = try decimal("0.5")
  for (events, trials) in [(-1, 10), (11, 10), (0, -1), (0, ClopperPearson.maximumTrials + 1)] {
    #expect(ClopperPearson.limits(events: events, trials: trials, confidence: half) == nil)
  }
  for confidence in [Rational.zero, .one, Rational(2), Rational(-1)] {
    #expect(ClopperPearson.limits(events: 1, trials: 10, confidence: confidence) == nil)
  }
}

@Test(arguments: [
  (0, 0, 1000, "0.01", BinomialDecision.Verdict.supported), (30, 0, 1000, "0.01", .contradicted),
  (9, 0, 1000, "0.01", .undecided), (0, 20, 1000, "0.01", .undecided), (30, 20, 1000, "0.01", .contradicted),
  (0, 0, 0, "0.01", .undecided), (0, 0, 0, "1", .supported),
])
func upperClaimsAreDecided(
  events: Int, unusable: Int, trials: Int, bound: String, expected: BinomialDecision.Verdict
) throws {
  let decision = try #require(
    try BinomialDecision(
      .atMost(decimal(bound)), events: events, unusable: unusable, trials: trials,
      confidence: decimal("0.99")))
  #expect(decision.verdict == expected)
  // "Above" is the negation of "at most", so its verdict is the opposite one.
  let negation = try #require(
    try BinomialDecision(
      .above(decimal(bound)), events: events, unusable: unusable, trials: trials,
      confidence: decimal("0.99")))
  let opposite: [BinomialDecision.Verdict: BinomialDecision.Verdict] = [
    .supported: .contradicted, .contradicted: .supported, .undecided: .undecided,
  ]
  #expect(negation.verdict == opposite[expected])
}

@Test func strictAndLowerClaimsRespectTheirBounds() throws {
  let confidence = try decimal("0.95")
  // With one event in one trial the lower limit is 0.05, proved from below.
  let limits = try #require(
    ClopperPearson.limits(events: 1, trials: 1, confidence: confidence, sides: .lower))
  let bound = try #require(Rational(exactly: limits.lower))
  func verdict(_ claim: BinomialClaim) throws -> BinomialDecision.Verdict {
    try #require(BinomialDecision(claim, events: 1, trials: 1, confidence: confidence)).verdict
  }
  #expect(try verdict(.atLeast(bound)) == .supported && verdict(.above(bound)) == .undecided)
  #expect(try verdict(.below(bound)) == .contradicted && verdict(.atMost(bound)) == .undecided)
  #expect(try verdict(.atMost(.one)) == .supported && verdict(.below(.one)) == .undecided)
}

@Test func inconsistentCountsAreRefused() throws {
  let half = try decimal("0.5")
  #expect(BinomialDecision(.atMost(half), events: 5, unusable: 6, trials: 10, confidence: half) == nil)
  #expect(BinomialDecision(.atMost(half), events: 5, unusable: Int.max, trials: 10, confidence: half) == nil)
  #expect(BinomialDecision(.atMost(half), events: 5, trials: 10, confidence: .one) == nil)
}
