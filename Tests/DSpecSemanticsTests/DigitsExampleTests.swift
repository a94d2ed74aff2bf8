import DSpecSemantics
import Diagnostics
import RigorousArithmetic
import Testing

@Suite struct DigitsExampleTests {
  @Test func isCleanAndComplete() throws {
    let checked = check(digitsExample)
    #expect(checked.diagnostics == [])
    let spec = try #require(checked.spec)
    #expect(spec.module == "examples.digits")
    #expect(spec.enums.map(\.name) == ["Digit", "Ink"])
    #expect(
      spec.properties.map(\.name) == ["NeverEight", "RareEight", "Fair", "NoCopy", "HeadLocal", "Quality"])
    #expect(spec.hazards.map(\.severity) == ["critical", "major"])
    #expect(spec.parameters.map(\.value) == [.number(q("0.5")), .number(q("0.45"))])
  }

  @Test func models() throws {
    let spec = try spec(digitsExample)
    let sampler = try #require(spec.sampler(named: "G"))
    #expect(sampler.method == .ddim(steps: 10, eta: q("0"), spacing: .leading))
    #expect(sampler.schedule.betaStart == q("0.0001") && sampler.schedule.betaEnd == q("0.02"))
    #expect(sampler.latentInput == "z" && sampler.stepInput == "t")
    #expect(sampler.decoder == "decoder" && sampler.prediction == .x0)
    let mitigation = try #require(spec.mitigation(yielding: "Gs"))
    #expect(
      mitigation.base == "G" && mitigation.switching?.attribute == "s" && mitigation.switching?.step == 6)
    let dataset = try #require(spec.dataset(named: "Protected"))
    #expect(dataset.scale == Rational(1).divided(by: Rational(16)))
    #expect(dataset.rows == 0..<50)
    #expect(spec.network(named: "nsfw")?.artifact.sha256 == someDigest)
  }

  @Test func regionsAndLaws() throws {
    let spec = try spec(digitsExample)
    #expect(
      spec.domains.first?.region == .box(BoxRegion(lower: [q("-4"), q("-4")], upper: [q("4"), q("4")])))
    let near = try #require(spec.domains.last)
    #expect(near.type.range == .unit)
    #expect(
      near.region
        == .ball(
          BallRegion(
            center: .record(dataset: "Protected", row: 17), radius: q("0.02"), norm: .linf, clip: .unit)))
    #expect(spec.laws.map(\.name) == ["PZ", "S", "C"])
    guard case .product(_, let coordinates) = spec.laws[0].law,
      case .categorical(_, let weights) = spec.laws[2].law
    else {
      Issue.record("unexpected laws")
      return
    }
    #expect(coordinates == Array(repeating: .normal(mean: q("0"), standardDeviation: q("1")), count: 2))
    #expect(weights == Array(repeating: q("0.1"), count: 10))
  }

  @Test func claims() throws {
    let spec = try spec(digitsExample)
    guard case .forall(let binders, let predicate)? = spec.property(named: "NeverEight")?.claim,
      case .compare(.lessOrEqual, let left, let right) = predicate.kind,
      case .apply(.network("nsfw"), let outer) = left.kind,
      case .apply(.sampler("G"), let inner)? = outer.first?.kind
    else {
      Issue.record("unexpected claim")
      return
    }
    #expect(binders.map(\.name) == ["z", "s"])
    #expect(inner.map(\.type.description) == ["Latent[2]", "Digit", "Ink"])
    #expect(right.kind == .constant(q("0.5")))
    #expect(left.type.description == "Prob")

    guard case .measure(let rare)? = spec.property(named: "RareEight")?.claim,
      case .measure(let fair)? = spec.property(named: "Fair")?.claim,
      case .probability(let event) = rare.measure, case .compare(.greater, _, _) = event.kind,
      case .balancedErrorRate(let prediction, "s") = fair.measure,
      case .apply(.network("probe"), _) = prediction.kind
    else {
      Issue.record("unexpected measures")
      return
    }
    #expect(rare.bounds.map(\.comparison) == [.lessOrEqual])
    #expect(rare.bounds.map(\.bound) == [q("0.1")])
    #expect(fair.bounds.map(\.comparison) == [.greaterOrEqual, .lessOrEqual])
    #expect(fair.bounds.map(\.bound) == [q("0.45"), q("0.55")])

    guard case .forall(_, let copy)? = spec.property(named: "NoCopy")?.claim,
      case .compare(.greaterOrEqual, let distance, _) = copy.kind,
      case .distance(.l2, _, let record) = distance.kind
    else {
      Issue.record("unexpected distance")
      return
    }
    #expect(record.kind == .variable("r"))
    #expect(spec.property(named: "HeadLocal")?.engine == .smt)
    #expect(spec.property(named: "Quality")?.evidence == [.sampled(samples: 20_000, confidence: q("0.999"))])
  }

  @Test func parametersFromOutside() throws {
    let spec = try spec(digitsExample, parameters: ["tau": "1/4", "eps": "40%"])
    #expect(spec.parameters.map(\.value) == [.number(q("0.25")), .number(q("0.4"))])
    #expect(spec.parameters.map(\.isOverridden) == [true, true])
    guard case .measure(let fair)? = spec.property(named: "Fair")?.claim else {
      Issue.record("unexpected claim")
      return
    }
    #expect(fair.bounds.map(\.bound) == [q("0.4"), q("0.6")])
  }

  @Test(
    arguments: [
      ("tua", "0.5", "the specification has no parameter `tua`", "did you mean `tau`?"),
      ("tau", "1.2", "`1.2` is not a probability", "did you mean `1.2%`?"),
      ("tau", "60%", "`tau` lies in [0, 0.5], `0.6` does not", nil),
      ("tau", "Ink.light", "`tau` is a number, not Ink", nil),
      ("tau", "", "expected an expression, found the end of the file", nil),
      ("tau", "0.1 0.2", "expected the end of the expression, found `0.2`", nil),
      ("tau", "1/0", "division by zero", nil),
      ("tau", "zz", "unknown name `zz`", nil),
    ] as [(String, String, String, String?)])
  func misusedParameters(name: String, value: String, message: String, help: String?) {
    let checked = check(digitsExample, parameters: [name: value])
    #expect(checked.spec == nil)
    #expect(checked.diagnostics.map(\.message) == [message])
    #expect(checked.diagnostics.first?.help == help)
    #expect((checked.diagnostics.first?.code == .unknownOverride) == (name == "tua"))
    #expect(checked.diagnostics.first.map { checked.sources[$0.span.source]?.name } == "parameter \(name)")
  }
}
