import DSpecSemantics
import Foundation
import Testing

/// `mutation/mutants.txt` lists small changes of cases in `verdict`; each must change a verdict or be an error.
@Suite struct MutationConformanceTests {
  static let mutants: [Result<Mutant, Mutant.Malformed>] = {
    let place = Corpus.root.appending(path: "mutation/mutants.txt")
    let text = (try? Data(contentsOf: place)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      do { return .success(try Mutant(String(line))) } catch {
        return .failure(Mutant.Malformed(line: String(line)))
      }
    }
  }()

  @Test(arguments: mutants.compactMap { try? $0.get() })
  func isCaught(_ mutant: Mutant) async throws {
    let sample = try #require(
      Corpus.cases("verdict").first { $0.name == mutant.caseName }, "there is no such case")
    let changed = try mutant.applied(to: sample.text)
    let project: CorpusProject
    do {
      project = try sample.project(text: changed)
    } catch let rejection as CorpusProject.Rejection {
      #expect(rejection.codes.first == mutant.expected, "\(rejection.text)")
      return
    }
    let parts = mutant.expected.split(separator: " ", maxSplits: 1)
    try #require(parts.count == 2, "accepted, although \(mutant.expected) is expected")
    let statements = try VerdictStatement.all(in: sample.text)
    let before = try #require(statements.first { $0.property == parts[0] }, "no property \(parts[0])")
    let after = String(parts[1]).components(between: " or ")
    #expect(after.allSatisfy(VerdictStatement.known.contains))
    #expect(Set(after).isDisjoint(with: before.verdicts), "the mutant may have the verdict of the case")
    let answer = try #require(
      try await CorpusVerdict.all(of: project, only: String(parts[0])).first, "no answer")
    #expect(after.contains(where: answer.isStated), "\(answer.verdict) \(answer.note)")
  }

  /// Every operator is caught in two cases at least, and no line is malformed.
  @Test func operatorsAreCovered() throws {
    for case .failure(let failure) in Self.mutants { Issue.record("malformed: \(failure.line)") }
    let mutants = Self.mutants.compactMap { try? $0.get() }
    #expect(mutants.count >= 30)
    #expect(Set(mutants.map(\.line)).count == mutants.count, "a line occurs twice")
    for operation in Mutant.Operator.allCases {
      let cases = Set(mutants.filter { $0.operation == operation }.map(\.caseName))
      #expect(cases.count >= 2, "\(operation.rawValue) is caught by \(cases.sorted())")
    }
    print("mutation: \(mutants.count) mutants of \(Set(mutants.map(\.caseName)).count) cases")
  }

  @Test func filesBelongToMutants() throws {
    let folder = Corpus.root.appending(path: "mutation").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mutants.txt"])
  }
}
