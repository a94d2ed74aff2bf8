import BranchAndBound
import Certificates
import Evidence
import Falsification
import Lowering
import Replay
import RigorousArithmetic
import SMT
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem
import Verifier
import Z3Solver

/// Claims on balls: decided by the search, replayed by the checker, refused where a format has no word for them.
@Suite struct BallTests {
  private static func rational(_ numerator: Int, _ denominator: Int = 1) -> Rational {
    Rational(BigInteger(numerator), over: BigInteger(denominator))
  }

  /// The box around some balls and `[-1, 1]` for other coordinates.
  private static func region(_ dimension: Int, _ balls: [Ball]) -> InputRegion {
    var box = [AxisRange](repeating: AxisRange(lower: rational(-1), upper: rational(1)), count: dimension)
    for ball in balls {
      for (axis, centre) in zip(ball.coordinates, ball.centre) {
        box[axis] = AxisRange(lower: centre - ball.radius, upper: centre + ball.radius)
      }
    }
    return InputRegion(box: box, balls: balls)
  }

  private static func disc(_ radius: Rational = .one, norm: Norm = .l2) -> Ball {
    Ball(start: 0, centre: [.zero, .zero], radius: radius, norm: norm)
  }

  private static func linear(_ weights: [Double]) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([weights.count]))
    let map = try Linear(
      weights: Tensor(shape: Shape([1, weights.count]), values: weights),
      bias: Tensor(shape: Shape([1]), values: [0]))
    let result = try builder.apply(.linear(map), [x])
    return try builder.build(outputs: [result])
  }

  /// Rectifiers in layers; the weights follow from the seed.
  private static func network(_ widths: [Int], seed: Int) throws -> Graph {
    var generator = SeededGenerator(seed: UInt64(seed) &* 7919 &+ 3)
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([widths[0]]))
    for (index, (columns, rows)) in zip(widths, widths.dropFirst()).enumerated() {
      let map = try Linear(
        weights: Tensor(
          shape: Shape([rows, columns]),
          values: (0..<rows * columns).map { _ in (generator.uniform(-1, 1) * 64).rounded() / 64 }),
        bias: Tensor(
          shape: Shape([rows]), values: (0..<rows).map { _ in (generator.uniform(-1, 1) * 16).rounded() / 64 }
        ))
      value = try builder.apply(.linear(map), [value])
      if index + 2 < widths.count { value = try builder.apply(.relu, [value]) }
    }
    return try builder.build(outputs: [value])
  }

  private static func obligation(
    _ graph: Graph, _ region: InputRegion, _ comparison: Comparison, _ threshold: Rational
  ) throws -> Obligation {
    try Obligation(
      name: "ball", question: .forall(region),
      cases: [
        ObligationCase(
          label: "", weight: .one, graph: graph,
          predicate: .atom(Atom(.element(0), comparison, .rational(threshold))))
      ])
  }

  private func search(_ obligation: Obligation, nodes: Int = 20_000) async throws -> ForallSearch.Outcome {
    let search = try #require(try ForallSearch(obligation))
    return try await search.run(budget: SearchBudget(nodes: nodes, workers: 1)) { _, starts in
      let attack = try? WitnessSearch(
        obligation, seed: [UInt8](repeating: 1, count: 32), budget: AttackBudget(scanned: 64, descents: 32),
        startingPoints: starts)
      return try? attack?.run().witness?.point
    }
  }

  private func replay(_ obligation: Obligation, _ evidence: ProofEvidence) async throws -> Bool? {
    try await EvidenceCheck.check(
      obligation, ProofEvidence(decoding: evidence.encoded), plan: nil, workers: 2
    ).holds
  }

  // MARK: Proofs

  /// 3 x + 4 y is at most 5 on the disc and 4 on the diamond, and 7 on the box around them.
  @Test(arguments: [(Norm.l2, 5), (.l1, 4)])
  func provableThoughTheBoxIsNot(norm: Norm, greatest: Int) async throws {
    let graph = try Self.linear([3, 4])
    let region = Self.region(2, [Self.disc(norm: norm)])
    let threshold = Self.rational(greatest) + Self.rational(1, 1000)
    let claim = try Self.obligation(graph, region, .lessOrEqual, threshold)
    let outcome = try await search(claim)
    #expect(outcome.holds == true)
    #expect(outcome.range.map { $0.upper >= Double(greatest) } == true)
    #expect(try await replay(claim, outcome.evidence) == true)
    let boxed = try Self.obligation(graph, InputRegion(box: region.box), .lessOrEqual, threshold)
    #expect(try await search(boxed).holds == false)
    // The same evidence shows nothing of the box, nor of a larger ball.
    await #expect(throws: ReplayError.self) { _ = try await replay(boxed, outcome.evidence) }
    let larger = InputRegion(
      box: region.box, balls: [Self.disc(Self.rational(101, 100), norm: norm)])
    let wider = try Self.obligation(graph, larger, .lessOrEqual, threshold)
    await #expect(throws: ReplayError.self) { _ = try await replay(wider, outcome.evidence) }
    // Just below the maximum there is a witness.
    let tight = try Self.obligation(
      graph, region, .lessOrEqual, Self.rational(greatest) - Self.rational(1, 1_000_000))
    let refuted = try #require(try WitnessSearch(tight, seed: [UInt8](repeating: 1, count: 32)).run().witness)
    #expect(
      try await replay(tight, .witness(caseIndex: 0, point: refuted.point)) == false)
  }

  /// A leaf may be called outside of the ball where it is, and nowhere else.
  @Test(arguments: [Norm.l1, .l2])
  func cellsOutsideAreLeaves(norm: Norm) async throws {
    let graph = try Self.network([2, 8, 6, 1], seed: 4)
    let region = Self.region(2, [Self.disc(Self.rational(2), norm: norm)])
    let top = try graph.evaluate([[Interval(-2, 2), Interval(-2, 2)]])[0][0].upper
    let claim = try Self.obligation(
      graph, region, .lessOrEqual, try #require(Rational(exactly: top + 1)))
    // Down to the cell [3/2, 2] x [3/2, 2], which no point of either ball reaches.
    let leaf: UInt8 = 0x80
    let tree = SplitTree(
      lower: [-2, -2], upper: [2, 2],
      nodes: [0, leaf, 0, leaf, 1, leaf, 1, leaf, 0, leaf, 1, leaf, 0x8e])
    let trees = [tree]
    #expect(try await replay(claim, .trees(trees)) == true)
    // [3/2, 2] x [1, 3/2] is outside of the diamond, but not of the disc.
    let further: Set<Int> = norm == .l1 ? [11] : []
    var rejected = 0
    for (position, byte) in trees[0].nodes.enumerated() where byte == leaf && !further.contains(position) {
      var nodes = trees[0].nodes
      nodes[position] = 0x8e
      let forged = SplitTree(
        lower: trees[0].lower, upper: trees[0].upper, nodes: nodes, annexes: trees[0].annexes)
      let error = await #expect(throws: ReplayError.self) {
        _ = try await replay(claim, .trees([forged]))
      }
      #expect(error?.code == .boundNotMet)
      rejected += 1
    }
    #expect(rejected == 6 - further.count)
  }

  /// A cell that touches the ball in one point is not outside of it.
  @Test func tangentCells() async throws {
    // The disc around (1, 0) touches x = 0 at the origin only.
    let ball = Ball(start: 0, centre: [.one, .zero], radius: .one, norm: .l2)
    let box = [
      AxisRange(lower: Self.rational(-2), upper: Self.rational(2)),
      AxisRange(lower: Self.rational(-1), upper: Self.rational(1)),
    ]
    let graph = try Self.linear([1, 0])
    let strict = try Self.obligation(graph, InputRegion(box: box, balls: [ball]), .greater, .zero)
    // The left half is [-2, 0] x [-1, 1]; the claim x > 0 fails at the origin.
    for leaf: UInt8 in [0x8e, 0x80, 0x81, 0x82, 0x83, 0x84] {
      let tree = SplitTree(lower: [-2, -1], upper: [2, 1], nodes: [0x00, leaf, leaf])
      await #expect(throws: ReplayError.self) { _ = try await replay(strict, .trees([tree])) }
    }
    #expect(try await replay(strict, .witness(caseIndex: 0, point: [0, 0])) == false)
    // What is true of the origin too is shown of the left half by its value, and not by calling it outside.
    let closed = try Self.obligation(graph, InputRegion(box: box, balls: [ball]), .greaterOrEqual, .zero)
    let shown = SplitTree(lower: [-2, -1], upper: [2, 1], nodes: [0x00, 0x83, 0x83])
    #expect(try await replay(closed, .trees([shown])) == true)
    let called = SplitTree(lower: [-2, -1], upper: [2, 1], nodes: [0x00, 0x8e, 0x83])
    let error = await #expect(throws: ReplayError.self) { _ = try await replay(closed, .trees([called])) }
    #expect(error?.code == .boundNotMet)
    // A little to the left nothing is left of it.
    let split = SplitTree(lower: [-2.5, -1], upper: [2, 1], nodes: [0x00, 0x8e, 0x81])
    let loose = try Self.obligation(
      graph, InputRegion(box: box, balls: [ball]), .greater, Self.rational(-1, 2))
    #expect(try await replay(loose, .trees([split])) == true)
    #expect(try await search(strict).holds == false)
  }

  @Test func ballsOfRadiusZero() async throws {
    let third = Self.rational(1, 3)
    let ball = Ball(start: 0, centre: [third, Self.rational(1, 4)], radius: .zero, norm: .l2)
    let graph = try Self.linear([3, 4])
    // The value is 2.
    for (comparison, threshold, holds) in [
      (Comparison.lessOrEqual, Self.rational(2_000_001, 1_000_000), true),
      (.greaterOrEqual, Self.rational(1_999_999, 1_000_000), true),
      (.less, Self.rational(1_999_999, 1_000_000), false),
    ] {
      let claim = try Self.obligation(graph, Self.region(2, [ball]), comparison, threshold)
      let outcome = try await search(claim)
      #expect(outcome.holds == holds)
      #expect(try await replay(claim, outcome.evidence) == holds)
      // In a wide box the ball alone holds the point.
      let wide = InputRegion(box: Self.region(2, []).box, balls: [ball])
      let other = try Self.obligation(graph, wide, comparison, threshold)
      if holds { #expect(try await search(other).holds == true) }
    }
  }

  /// The disc and an interval together: 3 x + 4 y + z is at most 6.
  @Test func productsOfBallsAndBoxes() async throws {
    let graph = try Self.linear([3, 4, 1])
    let region = Self.region(3, [Self.disc()])
    let holds = try Self.obligation(graph, region, .less, Self.rational(601, 100))
    let outcome = try await search(holds)
    #expect(outcome.holds == true)
    #expect(try await replay(holds, outcome.evidence) == true)
    let fails = try Self.obligation(graph, region, .less, Self.rational(599, 100))
    #expect(try await search(fails).holds == false)
    let two = Self.region(4, [Self.disc(), Ball(start: 2, centre: [.zero, .zero], radius: .one, norm: .l1)])
    let both = try Self.obligation(try Self.linear([3, 4, 1, 2]), two, .less, Self.rational(701, 100))
    let found = try await search(both)
    #expect(found.holds == true)
    #expect(try await replay(both, found.evidence) == true)
  }

  /// Eight inputs are too many to split: the phases of rectifiers are, on bounds that the ball cuts.
  @Test(arguments: [0, 1, 2, 3])
  func wideInputsByPhases(seed: Int) async throws {
    let graph = try Self.network([8, 10, 8, 1], seed: seed + 20)
    let norm: Norm = seed % 2 == 0 ? .l2 : .l1
    let ball = Ball(start: 0, centre: [Rational](repeating: .zero, count: 8), radius: .one, norm: norm)
    let region = Self.region(8, [ball])
    let doubles = try #require(RegionDoubles(region))
    var generator = SeededGenerator(seed: UInt64(seed))
    var attained = -Double.infinity
    for _ in 0..<4_000 {
      var point = (0..<8).map { _ in generator.uniform(-1, 1) }
      doubles.settle(&point)
      attained = max(attained, try graph.evaluate([point.map { Interval($0) }])[0][0].upper)
    }
    var cornered = -Double.infinity
    for corner in 0..<256 {
      let point = (0..<8).map { Interval(corner >> $0 & 1 == 0 ? -1 : 1) }
      cornered = max(cornered, try graph.evaluate([point])[0][0].lower)
    }
    let threshold = try #require(Rational(exactly: attained + 0.25 * (cornered - attained)))
    try #require(attained < cornered)
    let claim = try Self.obligation(graph, region, .lessOrEqual, threshold)
    let outcome = try await search(claim, nodes: 40_000)
    #expect(outcome.holds == true, "\(attained) \(cornered) \(outcome.range.map { "\($0)" } ?? "")")
    #expect(try await replay(claim, outcome.evidence) == true)
    // A corner of the box breaks the claim, so none of this is true of the box.
    let boxed = try Self.obligation(graph, InputRegion(box: region.box), .lessOrEqual, threshold)
    await #expect(throws: ReplayError.self) { _ = try await replay(boxed, outcome.evidence) }
  }

  // MARK: Witnesses

  @Test func witnessesLieInTheExactBall() async throws {
    let graph = try Self.linear([3, 4])
    let region = Self.region(2, [Self.disc(Self.rational(5))])
    let claim = try Self.obligation(graph, region, .less, Self.rational(25))
    // On the sphere: 9 + 16 = 25.
    #expect(try await replay(claim, .witness(caseIndex: 0, point: [3, 4])) == false)
    for outside in [[(3.0).nextUp, 4], [3, (4.0).nextUp], [5, 5], [4, 4]] {
      let error = await #expect(throws: ReplayError.self) {
        _ = try await replay(claim, .witness(caseIndex: 0, point: outside))
      }
      #expect(error?.code == .witness)
    }
  }

  // MARK: Questions

  @Test func differentQuestionsHaveDifferentBytes() throws {
    let graph = try Self.linear([3, 4])
    let box = Self.region(2, [Self.disc()]).box
    let regions = [
      InputRegion(box: box), InputRegion(box: box, balls: [Self.disc()]),
      InputRegion(box: box, balls: [Self.disc(norm: .l1)]),
      InputRegion(box: box, balls: [Self.disc(Self.rational(99, 100))]),
      InputRegion(
        box: box, balls: [Ball(start: 0, centre: [.zero, Self.rational(1, 9)], radius: .one, norm: .l2)]),
      InputRegion(box: box, balls: [Ball(start: 0, centre: [.zero], radius: .one, norm: .l2)]),
      InputRegion(box: box, balls: [Ball(start: 1, centre: [.zero], radius: .one, norm: .l2)]),
      InputRegion(
        box: box,
        balls: [
          Ball(start: 0, centre: [.zero], radius: .one, norm: .l2),
          Ball(start: 1, centre: [.zero], radius: .one, norm: .l2),
        ]),
    ]
    let bytes = try regions.map { try Self.obligation(graph, $0, .less, .one).canonicalBytes }
    #expect(Set(bytes).count == regions.count)
  }

  @Test func regionsWithoutPointsAreRefused() throws {
    let graph = try Self.linear([3, 4])
    let box = [AxisRange](repeating: AxisRange(lower: Self.rational(4, 5), upper: .one), count: 2)
    // (0.8, 0.8) is at distance 1.13 and (0.8, 0.6) at distance 1 exactly.
    #expect(throws: ObligationError.self) {
      try Self.obligation(graph, InputRegion(box: box, balls: [Self.disc()]), .less, .one)
    }
    let touched = [box[0], AxisRange(lower: Self.rational(3, 5), upper: .one)]
    _ = try Self.obligation(graph, InputRegion(box: touched, balls: [Self.disc()]), .less, .one)
    let wrong = [
      [Self.disc(Self.rational(-1))], [Self.disc(norm: .linf)], [Self.disc(), Self.disc()],
      [Ball(start: 1, centre: [.zero, .zero], radius: .one, norm: .l2)],
      [Ball(start: -1, centre: [.zero], radius: .one, norm: .l2)],
      [Ball(start: 0, centre: [], radius: .one, norm: .l2)],
    ]
    for balls in wrong {
      #expect(throws: ObligationError.self) {
        try Self.obligation(graph, InputRegion(box: Self.region(2, []).box, balls: balls), .less, .one)
      }
    }
  }

  @Test func whatFormatsCannotSay() throws {
    let graph = try Self.linear([3, 4])
    for norm in [Norm.l1, .l2] {
      let claim = try Self.obligation(graph, Self.region(2, [Self.disc(norm: norm)]), .less, .one)
      let failure = #expect(throws: VNNLIBExport.Failure.self) { try VNNLIBExport.instances(claim) }
      #expect(failure?.description.contains("ball of norm \(norm)") == true)
      if norm == .l2 {
        let error = #expect(throws: EncodingError.self) { try ObligationEncoding(claim, caseAt: 0) }
        #expect(error?.description.contains("Euclidean ball") == true)
      } else {
        _ = try ObligationEncoding(claim, caseAt: 0)
      }
    }
  }

  /// The search and Z3 on diamonds: whoever has an answer has the same.
  @Test(arguments: 0..<8)
  func searchAndSolverAgree(seed: Int) async throws {
    let inputs = 2 + seed % 2
    let graph = try Self.network([inputs, 4, 3, 1], seed: seed + 100)
    let centre = (0..<inputs).map { Self.rational($0 + seed - 4, 3) }
    let ball = Ball(start: 0, centre: centre, radius: Self.rational(1 + seed % 3, 2), norm: .l1)
    var region = Self.region(inputs, [ball])
    if seed % 4 == 3 {
      // Cut beside the centre.
      var box = region.box
      box[0] = AxisRange(lower: centre[0] + Self.rational(1, 8), upper: box[0].upper)
      region = InputRegion(box: box, balls: [ball])
    }
    let doubles = try #require(RegionDoubles(region))
    var generator = SeededGenerator(seed: UInt64(seed) &+ 50)
    var attained = -Double.infinity
    for _ in 0..<2_000 {
      var point = (0..<inputs).map { generator.uniform(doubles.lower[$0], doubles.upper[$0]) }
      doubles.settle(&point)
      attained = max(attained, try graph.evaluate([point.map { Interval($0) }])[0][0].upper)
    }
    var answers: Set<Bool> = []
    for offset in [-0.3, -0.01, 0.01, 0.1, 0.4] {
      let claim = try Self.obligation(
        graph, region, .lessOrEqual, try #require(Rational(exactly: attained + offset)))
      let answer = try ObligationEncoding(claim, caseAt: 0).decide(with: Z3(), timeout: .seconds(30))
      let outcome = try await search(claim, nodes: 8_000)
      switch answer {
      case .holds:
        #expect(outcome.holds != false)
        answers.insert(true)
      case .fails(let point):
        #expect(region.contains(point))
        #expect(outcome.holds != true)
        answers.insert(false)
      case .unknown(let reason): Issue.record("\(reason)")
      }
      if offset != -0.01 && offset != 0.01 {
        #expect(outcome.holds == (answer == .holds), "offset \(offset)")
      }
    }
    #expect(answers.count == 2)
  }

  // MARK: Certificates

  private func project(radius: String) throws -> SmallProject {
    try SmallProject { files in
      guard let index = files.firstIndex(where: { $0.path.hasSuffix(".dspec") }) else { return }
      files[index].bytes += Array(
        """
        domain Round: Latent[2] = ball(center: 0, radius: \(radius), norm: l2)
        property OnADisc { mitigates: Unsafe claim: forall z in Round: z[0] + z[1] <= 1.5 evidence: proof }
        property Safe { mitigates: Unsafe claim: forall z in Round, c in Topic: unsafe(G(z, c)) <= tau evidence: proof }

        """.utf8)
    }
  }

  @Test func certificatesStateTheBall() async throws {
    let small = try project(radius: "1")
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    #expect(outcomes.map(\.verdict) == [.proved, .proved, .proved, .proved])
    let bundle = try small.bundle(outcomes)
    _ = try await small.replay(bundle)
    let line = "domain Round: 2 coordinates within [-1, 1], in the l2 ball of radius 1 around [0, 0]"
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [small.key.verificationKey])
    #expect(contents.predicate.scope.contains(line))
    // The line may not be left out.
    let edited = try small.resigned(bundle) { $0.scope.removeAll { $0 == line } }
    let error = await #expect(throws: ReplayError.self) { _ = try await small.replay(edited) }
    #expect(error?.code == .record)
  }

  /// The evidence of a disc, called one of a larger disc by a key holder.
  @Test func evidenceOfASmallerBallProvesNothing() async throws {
    let small = try project(radius: "1")
    defer { small.remove() }
    let large = try project(radius: "1.25")
    defer { large.remove() }
    let answers = try await small.outcomes()
    let wide = try await large.outcomes()
    #expect(wide[2].verdict == .refuted)
    for index in answers.indices.dropFirst(2) {
      let ours = try #require(answers[index].lowered).obligation
      let theirs = try #require(wide[index].lowered).obligation
      #expect(ours.canonicalBytes != theirs.canonicalBytes)
    }
    var forged = wide
    forged[2].verdict = .proved
    forged[2].evidence = answers[2].evidence
    forged[2].leaves = answers[2].leaves
    forged[2].bounds = answers[2].bounds
    let bundle = try large.bundle(forged)
    await #expect(throws: ReplayError.self) { _ = try await large.replay(bundle) }
  }
}
