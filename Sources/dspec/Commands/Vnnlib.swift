import ArgumentParser
import BranchAndBound
import Certificates
import Foundation
import RigorousArithmetic
import Verifier

/// Decides a VNN-LIB instance.
struct Vnnlib: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Decide a network against a VNN-LIB file, as the VNN competition does.",
    discussion: """
      Prints unsat (no input meets the file's formula), sat with such an input, timeout or unknown; with --key it \
      writes a signed certificate of the answer for dspec-replay. Exit codes: 0 unsat, 1 sat, 2 timeout or unknown, \
      3 bad input.
      """)

  @Argument(help: "The network.", completion: .file(extensions: ["onnx"]))
  var network: String
  @Argument(help: "The VNN-LIB 1.0 file.", completion: .file(extensions: ["vnnlib"]))
  var property: String
  @OptionGroup var signing: SigningOptions
  @Option(
    name: .shortAndLong, help: "Bundle folder to write with --key, PROP.dcert by default.",
    completion: .directory)
  var out: String?
  @Option(help: "Write the answer there in the competition's format.", completion: .file())
  var answer: String?
  @Flag(help: "Check the evidence once more by the rules of the checker.")
  var replay = false
  @OptionGroup var budget: BudgetOptions
  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard out == nil || signing.isGiven else {
      throw ValidationError(
        "--out names a certificate, which --key signs; --answer writes the competition's format")
    }
  }

  func perform() async throws -> AnswerCode {
    let instance: NetworkInstance
    let signer = try signing.signer()
    do {
      instance = try NetworkInstance(network: network, property: property)
      if signer != nil { try instance.checkNames() }
    } catch {
      throw CommandFailure("\(error)")
    }
    let checkpoints = try checkpoint.folder()
    try signing.rehearse(signer)
    let line = ProgressLine(URL(fileURLWithPath: property).lastPathComponent)
    let interrupt = Interrupt()
    let limits = budget.limits
    let replays = replay
    let task = Task {
      let answer = await instance.decide(budget: limits, checkpoints: checkpoints) { line.update($0) }
      return replays ? await instance.replay(answer, workers: limits.workers) : answer
    }
    interrupt.watch(task)
    let answer = await task.value
    line.clear()
    let text = Self.text(answer)
    if let path = self.answer { try ResultFile.create(Array(text.utf8), at: path) }
    var certificate: String?
    if let signer, answer.isReplayed != false {
      let path = out ?? URL(fileURLWithPath: property).deletingPathExtension().lastPathComponent + ".dcert"
      do {
        _ = try instance.certify(
          answer, to: path, key: signer, issuedAt: Int(Date().timeIntervalSince1970))
      } catch {
        throw CommandFailure("\(error)")
      }
      certificate = path
    }
    if output.json {
      var fields = Self.fields(answer)
      if let certificate { fields.append(("certificate", .string(certificate))) }
      print(JSONOutput.text(JSONOutput.object(fields)))
    } else {
      print(text, terminator: "")
      if let certificate { Terminal.error("certificate: \(certificate)") }
      if let note = answer.note { Terminal.error(note) }
      for line in answer.gap?.lines ?? [] { Terminal.error("  " + line) }
      if answer.isReplayed == false { Terminal.error("the evidence does not replay") }
    }
    if answer.isReplayed == false { return .undecided }
    switch answer.result {
    case .unsat: return .holds
    case .sat: return .violated
    case .timeout, .unknown: return .undecided
    }
  }

  /// The answer in the competition's format: a word and, after `sat`, the values of all variables.
  ///
  /// What was asked to replay and does not is no answer.
  static func text(_ answer: NetworkInstance.Answer) -> String {
    guard answer.isReplayed != false else { return NetworkInstance.Result.unknown.rawValue + "\n" }
    guard let witness = answer.witness else { return answer.result.rawValue + "\n" }
    let inputs = witness.inputs.enumerated().map { "(X_\($0) \(decimal($1)))" }
    let outputs = witness.outputs.enumerated().map { "(Y_\($0) \(middle($1)))" }
    return answer.result.rawValue + "\n(" + (inputs + outputs).joined(separator: "\n ") + ")\n"
  }

  static func fields(_ answer: NetworkInstance.Answer) -> [(String, JSONValue)] {
    var fields: [(String, JSONValue)] = [
      (
        "result",
        .string((answer.isReplayed == false ? NetworkInstance.Result.unknown : answer.result).rawValue)
      ), ("nodes", .integer(answer.nodes)),
      ("leaves", .integer(answer.leaves)), ("seconds", .string(Presentation.fixed(answer.seconds, 3))),
    ]
    if let isReplayed = answer.isReplayed { fields.append(("replayed", .bool(isReplayed))) }
    if let note = answer.note { fields.append(("note", .string(note))) }
    if let gap = answer.gap { fields.append(("gap", JSONOutput.gap(gap))) }
    if let witness = answer.witness {
      fields.append(("inputs", .array(witness.inputs.map { .string(decimal($0)) })))
      fields.append(("outputs", .array(witness.outputs.map { .string(middle($0)) })))
    }
    return fields
  }

  /// The exact decimal of a dyadic number or of a decimal from the file; of a fraction like `1/3`, to which a file may fix an
  /// input, the nearest double, since the format has decimals only.
  private static func decimal(_ value: Rational) -> String {
    value.exactDecimal ?? middle(value.enclosure)
  }

  /// A finite number of an interval, near its middle: the format has no infinity.
  private static func middle(_ range: Interval) -> String {
    let (low, high) = (
      Swift.max(range.lower, -Double.greatestFiniteMagnitude),
      Swift.min(range.upper, Double.greatestFiniteMagnitude)
    )
    return "\(low / 2 + high / 2)"
  }
}
