import ArgumentParser
import BranchAndBound
import Certificates
import Foundation
import Verifier

/// Decides all instances of a benchmark folder.
struct Bench: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Decide the instances of a folder's instances.csv and compare the answers with its labels.",
    discussion: """
      Each line of instances.csv names a network, a VNN-LIB file and a limit in seconds, and may end with a label: \
      sat, unsat or another word. Exit codes: 0 all decided and none against a label, 1 some answer against a label, \
      2 some undecided, 3 bad input.
      """)

  @Argument(help: "The folder.", completion: .directory)
  var folder: String
  @Option(help: "Seconds for each instance, where its own limit is not smaller.")
  var limit: Double = .infinity
  @Option(help: "Only instances whose line contains this text.")
  var filter: String?
  @Option(help: "Megabytes of each search's own structures.")
  var memory: Int?
  @Flag(help: "Check all evidence once more by the rules of the checker.")
  var replay = false
  @Option(
    help: "Folder for a certificate of each answer, signed with --key and named by the line's number.",
    completion: .directory)
  var certificates: String?
  @OptionGroup var signing: SigningOptions
  @Option(help: "Concurrent workers.")
  var workers: Int = ProcessInfo.processInfo.activeProcessorCount
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be positive") }
    try MemoryLimit.validate(memory)
    guard (1...1024).contains(workers) else { throw ValidationError("--workers must lie in 1 ... 1024") }
    guard (certificates != nil) == signing.isGiven else {
      throw ValidationError("--certificates and --key go together")
    }
  }

  func perform() async throws -> AnswerCode {
    let signer = try signing.signer()
    if let certificates {
      do {
        try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure("`\(certificates)` cannot be made as a folder")
      }
    }
    let instances = try BenchInstance.read(folder: folder)
    let chosen = instances.filter { instance in filter.map { instance.line.contains($0) } ?? true }
    guard !chosen.isEmpty else {
      throw CommandFailure(
        filter.map { "`\(folder)/instances.csv` has no line with `\($0)`" }
          ?? "`\(folder)/instances.csv` states no instance")
    }
    try signing.rehearse(signer)
    let interrupt = Interrupt()
    var rows: [BenchRow] = []
    for instance in chosen where !interrupt.isRaised {
      let row = try await run(instance, signer, interrupt)
      rows.append(row)
      guard !output.json else { continue }
      StandardStreams.line(row.text)
      // A run that is cut off leaves what it has decided, in files too.
      fflush(nil)
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("instances", .array(rows.map { JSONOutput.object($0.fields) })),
            ("summary", .array(BenchRow.summary(rows).map { .string($0) })),
          ])))
    } else {
      for line in BenchRow.summary(rows) { StandardStreams.line(line) }
    }
    if rows.contains(where: \.isAgainstLabel) { return .violated }
    return rows.count == chosen.count && rows.allSatisfy(\.isDecided) ? .holds : .undecided
  }

  private func run(
    _ instance: BenchInstance, _ signer: (any Signer)?, _ interrupt: Interrupt
  ) async throws -> BenchRow {
    let start = clock()
    let problem: NetworkInstance
    do {
      problem = try NetworkInstance(
        network: folder + "/" + instance.network, property: folder + "/" + instance.property)
      if signer != nil { try problem.checkNames() }
    } catch {
      return BenchRow(instance: instance, answer: nil, problem: "\(error)", cpuSeconds: 0)
    }
    let limits = SearchBudget(
      seconds: Swift.min(limit, instance.seconds), memory: memory.map(MemoryLimit.bytes), workers: workers)
    let line = ProgressLine(instance.property)
    let task = Task { await problem.decide(budget: limits) { line.update($0) } }
    interrupt.watch(task)
    var answer = await task.value
    line.clear()
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    if replay {
      answer = await problem.replay(answer, workers: workers)
    }
    if let signer, let certificates, answer.isReplayed != false {
      do {
        _ = try problem.certify(
          answer, to: "\(certificates)/\(instance.number).dcert", key: signer,
          issuedAt: Int(Date().timeIntervalSince1970))
      } catch {
        throw CommandFailure("\(error)")
      }
    }
    return BenchRow(instance: instance, answer: answer, problem: nil, cpuSeconds: seconds)
  }
}

/// A line of `instances.csv`.
struct BenchInstance {
  /// Number of the line, from 1.
  let number: Int
  let line: String
  let network: String
  let property: String
  let seconds: Double
  let label: String

  static func read(folder: String) throws -> [BenchInstance] {
    let path = folder + "/instances.csv"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("`\(path)` cannot be read; `bench` needs a folder with an instances.csv")
    }
    var result: [BenchInstance] = []
    for (index, line) in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).enumerated()
    {
      let parts = line.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard parts.count >= 3 else {
        throw CommandFailure("\(path):\(index + 1): a network, a property and a limit are needed")
      }
      guard let seconds = Double(parts[2]), seconds > 0 else {
        // The first line may name the columns, and a name of a column has no digits.
        if index == 0, !parts[2].contains(where: \.isNumber) { continue }
        throw CommandFailure(
          "\(path):\(index + 1): `\(parts[2])` is not a number of seconds; write it as in `116`")
      }
      result.append(
        BenchInstance(
          number: index + 1, line: String(line), network: parts[0], property: parts[1], seconds: seconds,
          label: parts.count > 3 ? parts[3] : ""))
    }
    return result
  }
}

/// What came of an instance.
struct BenchRow {
  let instance: BenchInstance
  let answer: NetworkInstance.Answer?
  let problem: String?
  let cpuSeconds: Double

  /// Whether there is an answer, and one that replays where that was asked.
  var isDecided: Bool {
    answer.map { ($0.result == .sat || $0.result == .unsat) && $0.isReplayed != false } ?? false
  }

  var isAgainstLabel: Bool {
    guard let result = answer?.result, result == .sat || result == .unsat else { return false }
    return (instance.label == "sat" || instance.label == "unsat") && instance.label != result.rawValue
  }

  var word: String { answer?.result.rawValue ?? "error" }

  var text: String {
    var text = "\(word)  \(instance.network)  \(instance.property)"
    if let answer {
      text += "  \(answer.nodes) cells  \(Presentation.fixed(answer.seconds, 2)) s"
      text += "  (\(Presentation.fixed(cpuSeconds, 2)) s CPU)"
      if let isReplayed = answer.isReplayed { text += isReplayed ? "  replayed" : "  NOT REPLAYED" }
      if let note = answer.note, !isDecided { text += "  \(note)" }
    }
    if isAgainstLabel { text += "  AGAINST THE LABEL \(instance.label)" }
    if let problem { text += "  \(problem)" }
    return text
  }

  var fields: [(String, JSONValue)] {
    var fields: [(String, JSONValue)] = [
      ("network", .string(instance.network)), ("property", .string(instance.property)),
      ("label", .string(instance.label)), ("result", .string(word)),
      ("cpuSeconds", .string(Presentation.fixed(cpuSeconds, 3))),
    ]
    if let answer {
      fields.append(("nodes", .integer(answer.nodes)))
      fields.append(("seconds", .string(Presentation.fixed(answer.seconds, 3))))
      if let isReplayed = answer.isReplayed { fields.append(("replayed", .bool(isReplayed))) }
      if let note = answer.note { fields.append(("note", .string(note))) }
    }
    if let problem { fields.append(("problem", .string(problem))) }
    return fields
  }

  /// Counts by label, and the mean times of what was decided.
  static func summary(_ rows: [BenchRow]) -> [String] {
    var lines: [String] = []
    for label in Set(rows.map(\.instance.label)).sorted() {
      let group = rows.filter { $0.instance.label == label }
      let words = ["sat", "unsat", "timeout", "unknown", "error"].compactMap { word in
        let count = group.count { $0.word == word }
        return count > 0 ? "\(count) \(word)" : nil
      }
      lines.append("label \(label.isEmpty ? "(none)" : label): \(words.joined(separator: ", "))")
    }
    let decided = rows.filter(\.isDecided)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(max(1, values.count)) }
    lines.append(
      "decided \(decided.count) of \(rows.count), \(rows.count(where: \.isAgainstLabel)) against a label; mean "
        + "\(Presentation.fixed(mean(decided.compactMap { $0.answer?.seconds }), 2)) s, "
        + "\(Presentation.fixed(mean(decided.map(\.cpuSeconds)), 2)) s CPU")
    return lines
  }
}
