import CellMasses
import Certificates
import Evidence
import ExactLeaves
import LeafRules
import Replay
import RigorousArithmetic
import Testing
import VerificationProblem

/// Leaves and answers that nothing stands between and exact arithmetic.
@Suite struct ExactReplayTests {
  @Test func theChoiceFollowsFromCertificateRootAndSalt() {
    let root = ContentDigest(of: [1])
    func chosen(_ number: Int, _ certificate: UInt8 = 1, _ salt: String = "", of leaves: Int = 1_000) -> Set<
      Int
    > {
      DrawnChoice(.leaves, number, of: ContentDigest(of: [certificate]), salt: salt).positions(
        of: leaves, root: root)
    }
    for number in [1, 7, 999, 1_000, 5_000] { #expect(chosen(number).count == min(number, 1_000)) }
    #expect(chosen(3, of: 0).isEmpty)
    #expect(chosen(20) == chosen(20) && chosen(20).isSuperset(of: chosen(10)))
    #expect(chosen(20) != chosen(20, 2) && chosen(20) != chosen(20, 1, "x"))
    // The first draw, as the document says.
    let text = "dspec exact choice 1\n\(ContentDigest(of: [1]).hex)\n\(root.hex)\n0\n\n"
    let draw = ContentDigest(of: Array(text.utf8)).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(chosen(1) == [Int(draw % 1_000)])
  }

  /// Here nothing stands between a forged leaf and exact arithmetic, whatever rule it names.
  @Test func forgedLeavesAreContradicted() async throws {
    let choice = DrawnChoice(.leaves, 10, of: ContentDigest(of: [1]))
    for rule in [0x80, 0x81, 0x82, 0x83, 0x84, 0x86, 0x87] as [UInt8] {
      for (limit, isTrue) in [(2, true), (1, false)] {
        let subject = try Magnitude.subject(atMost: Rational(limit), rule: rule)
        do {
          let report = try await ExactReplay.run([subject], choice: choice, workers: 2)
          #expect(isTrue && report.shown == 1 && report.drawn == 1, "\(rule), \(limit): \(report.text)")
        } catch {
          #expect(!isTrue && error.code == .exactContradiction, "\(error)")
        }
      }
    }
    // A cell that has points of the region is not outside of it.
    let outside = try Magnitude.subject(atMost: Rational(2), rule: 0x8e)
    await #expect(throws: ReplayError.self) {
      _ = try await ExactReplay.run([outside], choice: choice, workers: 1)
    }
  }

  @Test func reportsSayWhatWasNotTried() async throws {
    let choice = DrawnChoice(.leaves, 10, of: ContentDigest(of: [1]))
    let open = try Magnitude.subject(atMost: Rational(1), rule: 0x8f)
    let part = try Magnitude.subject(atMost: Rational(1), rule: 0x81, isMeasure: true)
    let inside = try Magnitude.subject(atMost: Rational(3), rule: 0x81, isMeasure: true)
    let outside = try Magnitude.subject(atMost: Rational(-1), rule: 0x81, isMeasure: true)
    let report = try await ExactReplay.run([open, part, inside, outside], choice: choice, workers: 1)
    #expect(
      report.text
        == "3 of 4 drawn leaves shown again in exact arithmetic, 1 that claim nothing")
  }

  // MARK: Whole answers

  /// Whatever a tree says of itself, an answer is derived only where it is true.
  @Test func forgedAnswersAreNotDerived() async throws {
    for rule in [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87] as [UInt8] {
      let honest = try Magnitude.subject(atMost: Rational(2), rule: rule)
      #expect(try await ExactReplay.answers([honest], workers: 1).map(\.isDerived) == [true])
      let forged = try Magnitude.subject(atMost: Rational(1), rule: rule)
      do {
        _ = try await ExactReplay.answers([forged], workers: 1)
        Issue.record("rule \(rule) is not contradicted")
      } catch { #expect(error.code == .exactContradiction, "\(error)") }
    }
    let refuted = try Magnitude.subject(atMost: Rational(2), rule: 0x81, verdict: .refuted)
    #expect(try await ExactReplay.answers([refuted], workers: 1).map(\.isDerived) == [false])
    let open = try Magnitude.subject(atMost: Rational(2), rule: 0x8f)
    #expect(try await ExactReplay.answers([open], workers: 1).map(\.isDerived) == [false])
    // What was left undecided is nobody's claim.
    let unknown = try Magnitude.subject(atMost: Rational(1), rule: 0x81, verdict: .unknown)
    #expect(try await ExactReplay.answers([unknown], workers: 1).isEmpty)
    // Half of the region is no region.
    let half = try Magnitude.subject(atMost: Rational(2), rule: 0x81, root: -2...0)
    do {
      _ = try await ExactReplay.answers([half], workers: 1)
      Issue.record("a root that misses half of the region is accepted")
    } catch { #expect(error.code == .treeShape) }
  }

  /// `|x| <= 1` on half of [-2, 2]: one leaf shows what its lines reach, and never more.
  @Test func massesAreBounds() async throws {
    for rule in [0x81, 0x82, 0x84] as [UInt8] {
      let subject = try Magnitude.subject(atMost: Rational(1), rule: rule, isMeasure: true)
      let answer = try #require(try await ExactReplay.answers([subject], workers: 1).first).answer
      let bounds = try #require(answer.measure)
      #expect(bounds.contains(Rational(BigInteger(1), over: BigInteger(2))), "\(bounds)")
      let greedy = try Magnitude.subject(
        atMost: Rational(1), rule: rule, isMeasure: true,
        atLeast: Rational(BigInteger(3), over: BigInteger(4)))
      #expect(try await ExactReplay.answers([greedy], workers: 1).map(\.isDerived) == [false])
    }
    // Masses are shares of the law, not of the root.
    let half = try Magnitude.subject(
      atMost: Rational(2), rule: 0x81, isMeasure: true, atLeast: Rational(BigInteger(3), over: BigInteger(4)),
      root: -2...0)
    let answer = try #require(try await ExactReplay.answers([half], workers: 1).first)
    #expect(!answer.isDerived && answer.answer.measure?.contains(Rational(1)) == true)
  }

  // MARK: Masses

  /// Masses of a leaf are as large as those of its rule, smaller, or cannot both be right.
  @Test func massesAreCompared() {
    func mass(_ inside: Double, _ outside: Double) -> CellMass {
      CellMass(inside: inside, outside: outside, total: 0.5)
    }
    let rows: [(CellMass, CellMass, ExactReplay.MassComparison)] = [
      (mass(0.5, 0), mass(0.5, 0), .shown), (mass(0, 0.5), mass(0, 0.5), .shown),
      // A cell that the rule decides is decided, and not nearly so.
      (mass(0.4999, 0), mass(0.5, 0), .smaller), (mass(0, 0), mass(0, 0.5), .smaller),
      // Of a cell that it decides in part a hundredth of the rest may be missing.
      (mass(0.1, 0.1), mass(0.1, 0.1), .shown), (mass(0.098, 0.098), mass(0.1, 0.1), .shown),
      (mass(0.09, 0.1), mass(0.1, 0.1), .smaller), (mass(0.1, 0.09), mass(0.1, 0.1), .smaller),
      (mass(0.2, 0.2), mass(0.1, 0.1), .shown), (mass(0, 0), mass(0, 0), .shown),
      // No point is inside and outside.
      (mass(0.3, 0), mass(0, 0.3), .contradicted), (mass(0, 0.5), mass(0.1, 0), .contradicted),
      (mass(0.3, 0), mass(0, 0.2), .smaller),
    ]
    for (exact, rule, expected) in rows {
      #expect(ExactReplay.compare(exact, with: rule) == expected, "\(exact) \(rule)")
    }
  }

  /// Under a measure leaves of phases and leaves outside claim nothing, as open ones do.
  @Test(arguments: [0x85, 0x8e, 0x8f] as [UInt8])
  func leavesWithoutMassClaimNothing(rule: UInt8) async throws {
    let subject = try Magnitude.subject(atMost: Rational(3), rule: rule, isMeasure: true)
    let choice = DrawnChoice(.leaves, 10, of: ContentDigest(of: [1]))
    let report = try await ExactReplay.run([subject], choice: choice, workers: 1)
    #expect(report.shown == 0 && report.claimNothing == 1)
    let answer = try #require(try await ExactReplay.answers([subject], workers: 1).first)
    #expect(answer.answer.measure == Interval(0, 1))
  }
}
