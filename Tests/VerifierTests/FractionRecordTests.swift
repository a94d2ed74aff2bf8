import BranchAndBound
import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
import ModelFormats
import Replay
import Reports
import RigorousArithmetic
import Testing
import VerificationProblem
import Verifier

/// Records of bytes over 255, which no double holds.
///
/// What atoms compare is 255 times a distance, what people read is the distance. Their meaning is compared with exact evaluation by `lower/dataset_of_fractions.dspec`.
@Suite struct FractionRecordTests {
  private static let bytes: [UInt8] = [0, 51, 102, 200, 255, 1, 254, 128]

  private func small(_ text: String) throws -> SmallProject {
    try SmallProject { files in
      files[0].bytes += Array(
        """

        dataset Scans: Image[2, 2] in [0, 1] { artifact: idx("scans.idx3-ubyte") scale: 1/255 }
        dataset Coarse: Image[2, 2] in [0, 1] { artifact: idx("scans.idx3-ubyte") scale: 1/256 }
        domain Far: Image[2, 2] in [0, 1] = box(0.25, 0.75)
        \(text)

        """.utf8)
      files.append(("scans.idx3-ubyte", IDXArray(extents: [2, 2, 2], elements: Self.bytes).fileBytes))
    }
  }

  private func lowered(_ small: SmallProject, _ name: String) throws -> LoweredProperty {
    let property = try #require(small.project.spec.property(named: name))
    return try SpecLowering(small.project.spec, small.library).lower(property)
  }

  private func numbers(_ outcome: PropertyOutcome) -> AnswerNumbers {
    AnswerNumbers(bounds: outcome.bounds, lowered: outcome.lowered, hasWitness: outcome.verdict == .refuted)
  }

  /// The distance of an image to a record in double precision.
  private func distance(_ norm: String, _ image: [Double], _ row: Int) -> Double {
    let parts = zip(image, Self.bytes[4 * row..<4 * row + 4]).map { abs($0 - Double($1) / 255) }
    switch norm {
    case "l1": return parts.reduce(0, +)
    case "l2": return parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    default: return parts.max() ?? 0
    }
  }

  @Test(arguments: ["l1", "l2", "linf"])
  func boundsAreOfDistances(norm: String) async throws {
    let small = try small(
      """
      property Apart { claim: forall x in Far, r in Scans: \(norm)(x, r) >= 0.2 evidence: proof }
      property TooFar { claim: forall x in Far, r in Scans: \(norm)(x, r) >= 3 evidence: proof }
      """)
    defer { small.remove() }
    let property = try lowered(small, "Apart")
    #expect(property.unit == 255 && property.quantitiesAreWritten && property.comparesAsWritten)
    #expect(
      property.obligation.cases[0].predicate.atoms.allSatisfy { $0.threshold == .rational(Rational(51)) })

    let outcomes = try await small.outcomes()
    let apart = try #require(outcomes.first { $0.property.name == "Apart" })
    #expect(apart.verdict == .proved)
    let certified = try #require(apart.bounds)
    let bound = try #require(property.written(certified))
    // The images of the box that are nearest to a record and farthest from it have the corners' or the record's pixels.
    let nearest = (0..<2).map { row in
      distance(
        norm, Self.bytes[4 * row..<4 * row + 4].map { min(0.75, max(0.25, Double($0) / 255)) }, row)
    }
    let least = try #require(nearest.min())
    #expect(bound.lower <= least + 1e-12 && bound.lower > 0.2)
    let shown = numbers(apart)
    #expect(shown.asked == ">= 0.2" && shown.scale == .distance)
    let interval = try #require(shown.interval)
    #expect(interval == bound && shown.reached.hasPrefix(">= 0."))

    let refuted = try #require(outcomes.first { $0.property.name == "TooFar" })
    #expect(refuted.verdict == .refuted && numbers(refuted).asked == ">= 3")
    guard case .witness(let place, let point) = refuted.evidence else {
      Issue.record("no witness")
      return
    }
    let study = try WitnessStudy(try lowered(small, "TooFar"), caseIndex: place, point: point)
    let failure = try #require(study.failures.first)
    #expect(failure.asked == ">= 3")
    #expect(abs(failure.value.midpoint - distance(norm, point, 0)) < 1e-9)

    let replay = try await small.replay(try small.bundle(outcomes))
    let item = try #require(replay.properties.first { $0.record.id == "Apart" })
    #expect(item.written == bound && !item.boundsLogits)
    #expect(item.record.bounds?.lower == certified.lower)
  }

  @Test func boundsAreFoundInTheClaimsUnits() async throws {
    let small = try small(
      "property Apart { claim: forall x in Far, r in Scans: linf(x, r) >= 0.2 evidence: proof }")
    defer { small.remove() }
    let outcome = try await Tightening(budget: SearchBudget(seconds: 20, workers: 1), gap: 0.001).run(
      try lowered(small, "Apart"))
    // The record (0, 51, 102, 200) / 255 is 1/4 away, and (255, 1, 254, 128) / 255 is 1/4 - 1/255 away.
    let found = try #require(Double(outcome.proved.dropFirst(3)))
    #expect(outcome.isProved && found <= 0.25 && found > 0.244)
  }

  /// Multiples by different numbers have no common reading: verdicts stand, bounds are not shown.
  @Test func recordsOfTwoScalesHaveNoBounds() async throws {
    let small = try small(
      """
      property Both {
        claim: forall x in Far, r in Scans, s in Coarse: linf(x, r) >= 0.2 and linf(x, s) >= 0.2
        evidence: proof
      }
      property Half { claim: forall x in Far, r in Scans: linf(x, r) / 2 >= 0.1 evidence: proof }
      property Record { claim: forall r in Scans: unsafe(r) <= 90% evidence: proof }
      """)
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    for name in ["Both", "Half"] {
      let outcome = try #require(outcomes.first { $0.property.name == name })
      #expect(outcome.verdict == .proved && outcome.bounds == nil)
    }
    let record = try #require(outcomes.first { $0.property.name == "Record" })
    #expect(record.verdict == .proved && record.lowered?.unit == 1 && record.lowered?.boundsLogits == true)
  }

  /// Distances are real ones of computed images, records as arguments are rounded once.
  @Test func singlePrecisionAllowsForTheRounding() async throws {
    let small = try small(
      """
      property Apart {
        claim: forall x in Far, r in Scans: linf(x, r) >= 0.2
        evidence: proof
        arithmetic: float32(any_order)
      }
      property Tie { claim: forall x in Far: linf(x, Scans[0]) >= 0.25 evidence: proof }
      property Computed {
        claim: forall x in Far: linf(x, Scans[0]) >= 0.25
        evidence: proof
        arithmetic: float32(any_order)
      }
      property Record {
        claim: forall r in Scans: unsafe(r) <= 90%
        evidence: proof
        arithmetic: float32(any_order)
      }
      """)
    defer { small.remove() }
    let record = try lowered(small, "Record")
    let item = record.obligation.cases[1]
    #expect(item.arithmetic == .float32AnyOrder)
    let outcomes = try await small.outcomes()
    func verdict(_ name: String) -> Verdict? {
      outcomes.first { $0.property.name == name }?.verdict
    }
    #expect(verdict("Apart") == .proved && verdict("Record") == .proved)
    // The nearest image is 1/4 away, to the last digit; a computed one may be nearer by a rounding.
    #expect(verdict("Tie") == .proved && verdict("Computed") == .unknown)
  }
}
