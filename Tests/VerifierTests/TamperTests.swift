import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
import Replay
import RigorousArithmetic
import Testing
import Verifier

/// Certificates that were changed, by anybody and by a key holder who recomputes every digest and signs again: then
/// the rules themselves have to reject.
@Suite struct TamperTests {
  @Test func untouchedBundleIsValid() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    #expect(outcomes.map(\.verdict) == [.proved, .proved])
    let report = try await small.replay(small.bundle(outcomes))
    #expect(report.holes.isEmpty)
    #expect(report.uncovered.isEmpty)
  }

  /// Every file of the bundle, one bit at several places.
  @Test func flippedBitsAreSeen() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let bundle = try small.bundle(await small.outcomes())
    let names = try FileManager.default.subpathsOfDirectory(atPath: bundle)
    var flips = 0
    for name in names {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: bundle + "/" + name, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      let url = URL(fileURLWithPath: bundle + "/" + name)
      let original = try Data(contentsOf: url)
      for part in 1...5 {
        var changed = original
        changed[changed.startIndex + changed.count * part / 6] ^= 1 << UInt8(part)
        try changed.write(to: url)
        await #expect(throws: (any Error).self) { _ = try await small.replay(bundle) }
        flips += 1
      }
      try original.write(to: url)
    }
    #expect(flips >= 40)
    _ = try await small.replay(bundle)
  }

  /// The key holder changes a verdict.
  @Test(arguments: [Verdict.proved, .unknown, .refuted])
  func changedVerdicts(verdict: Verdict) async throws {
    let small = try SmallProject()
    defer { small.remove() }
    var outcomes = try await small.outcomes()
    let index = verdict == .proved ? 1 : 0
    if verdict == .proved {
      // Evidence that decides nothing, called a proof.
      guard case .trees(let trees) = outcomes[index].evidence else {
        Issue.record("the proof has no trees")
        return
      }
      outcomes[index].evidence = .trees(
        trees.map { SplitTree(lower: $0.lower, upper: $0.upper, nodes: [0x8f]) })
      outcomes[index].leaves = trees.count
      outcomes[index].bounds = nil
    } else {
      outcomes[index].verdict = verdict
    }
    let bundle = try small.bundle(outcomes)
    await #expect(throws: ReplayError.self) { _ = try await small.replay(bundle) }
  }

  /// The key holder tightens a bound beyond what the leaves give.
  @Test func tightenedBounds() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    for index in 0..<2 {
      var outcomes = try await small.outcomes()
      let bounds = try #require(outcomes[index].bounds)
      outcomes[index].bounds = Interval(bounds.lower, bounds.upper.nextDown)
      let bundle = try small.bundle(outcomes)
      let error = await #expect(throws: ReplayError.self) { _ = try await small.replay(bundle) }
      #expect(error?.code == .boundNotMet)
    }
  }

  /// The key holder edits the tree: drops a leaf, adds one, shrinks the root, closes an undecided cell by decree.
  @Test func editedTrees() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    guard case .trees(let trees) = outcomes[0].evidence else {
      Issue.record("the proof has no trees")
      return
    }
    let first = trees[0]
    let coarse = SplitTree(lower: first.lower, upper: first.upper, nodes: [0x80])
    let edits: [(SplitTree, ReplayError.Code)] = [
      (SplitTree(lower: first.lower, upper: first.upper, nodes: Array(first.nodes.dropLast())), .treeShape),
      (SplitTree(lower: first.lower, upper: first.upper, nodes: first.nodes + [0x81]), .treeShape),
      (SplitTree(lower: first.lower, upper: first.upper, nodes: [0x90]), .treeShape),
      (SplitTree(lower: first.lower, upper: first.upper, nodes: [0x05, 0x81, 0x81]), .treeShape),
      (SplitTree(lower: [-2.5, -3], upper: first.upper, nodes: first.nodes), .coverage),
      (SplitTree(lower: [first.lower[0].nextUp, -3], upper: first.upper, nodes: first.nodes), .coverage),
    ]
    for (tree, code) in edits {
      var changed = outcomes
      changed[0].evidence = .trees([tree] + trees.dropFirst())
      let bundle = try small.bundle(changed)
      let error = await #expect(throws: ReplayError.self) { _ = try await small.replay(bundle) }
      #expect(error?.code == code)
    }
    if first.nodes != coarse.nodes {
      var changed = outcomes
      changed[0].evidence = .trees([coarse] + trees.dropFirst())
      changed[0].leaves = trees.dropFirst().count + 1
      let bundle = try small.bundle(changed)
      await #expect(throws: ReplayError.self) { _ = try await small.replay(bundle) }
    }
  }

  /// The key holder changes a weight, names its new digest in the specification and recomputes everything but the
  /// search: the old evidence must not prove the new model.
  @Test func changedWeight() async throws {
    let original = try SmallProject()
    defer { original.remove() }
    let answers = try await original.outcomes()
    let changed = try SmallProject { files in
      guard let head = files.firstIndex(where: { $0.path.hasSuffix("head.onnx") }),
        let text = files.firstIndex(where: { $0.path.hasSuffix(".dspec") })
      else { return }
      let old = ContentDigest(of: files[head].bytes).hex
      // The bias -2.5 of the first layer, as a float32, becomes +2.5.
      let pattern: [UInt8] = [0x00, 0x00, 0x20, 0xc0]
      let bytes = files[head].bytes
      for start in bytes.indices.dropLast(3) where Array(bytes[start..<start + 4]) == pattern {
        files[head].bytes[start + 3] = 0x40
      }
      let source = String(decoding: files[text].bytes, as: UTF8.self)
      files[text].bytes = Array(source.replacing(old, with: ContentDigest(of: files[head].bytes).hex).utf8)
    }
    defer { changed.remove() }
    let lowering = SpecLowering(changed.project.spec, changed.library)
    var forged: [PropertyOutcome] = []
    for answer in answers {
      let property = try #require(changed.project.spec.property(named: answer.property.name))
      var outcome = PropertyOutcome(
        property, lowered: try lowering.lower(property), verdict: answer.verdict, grade: answer.grade)
      outcome.evidence = answer.evidence
      outcome.leaves = answer.leaves
      outcome.bounds = answer.bounds
      forged.append(outcome)
    }
    let bundle = try changed.bundle(forged)
    let error = await #expect(throws: ReplayError.self) { _ = try await changed.replay(bundle) }
    #expect(error.map { [.boundNotMet, .verdict].contains($0.code) } == true)
  }

  /// A witness outside the region, and one that does not violate the claim.
  @Test func falseWitnesses() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    for point in [[0.0, 0.0], [(3.0).nextUp, 0], [100, 100], [0]] {
      var outcomes = try await small.outcomes()
      outcomes[0].verdict = .refuted
      outcomes[0].evidence = .witness(caseIndex: 0, point: point)
      outcomes[0].leaves = 0
      outcomes[0].bounds = nil
      let bundle = try small.bundle(outcomes)
      let error = await #expect(throws: ReplayError.self) { _ = try await small.replay(bundle) }
      #expect(error?.code == .witness)
    }
  }

  /// The key holder leaves out an assumption, a property, a threshold, or states another claim.
  @Test func editedStatements() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let bundle = try small.bundle(await small.outcomes())
    _ = try await small.replay(small.resigned(bundle) { _ in })

    let partial = try await small.replay(
      small.resigned(bundle) {
        $0.properties.removeLast()
        $0.scope.append("not answered here: RarelySuspicious")
      })
    #expect(partial.uncovered == ["RarelySuspicious"])

    let edits: [(ReplayError.Code, (inout CompliancePredicate) -> Void)] = [
      (.record, { $0.assumptions.removeAll() }),
      (.record, { $0.properties.removeLast() }),
      (.record, { $0.scope.removeFirst() }),
      (
        .record,
        {
          $0.assumptions = $0.assumptions.map { Assumption(id: $0.id, text: $0.text, isDischarged: true) }
        }
      ),
      (.obligation, { $0.properties[1].threshold = ["<= 1/100"] }),
      (.obligation, { $0.properties[1].text += " " }),
      (.record, { $0.properties[0].leaves += 1 }),
      (.sampler, { $0.samplers.removeAll() }),
      (.propertySet, { $0.properties[0].id = "Other" }),
    ]
    for (code, edit) in edits {
      let changed = try small.resigned(bundle, edit)
      let error = await #expect(throws: ReplayError.self) { _ = try await small.replay(changed) }
      #expect(error?.code == code)
    }
  }
}
