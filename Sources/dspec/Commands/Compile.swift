import ArgumentParser
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Verifier

/// Writes a property's question for other tools.
struct Compile: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract:
      "Write a property's question for another tool: smtlib, vnnlib, dot, or values for comparing network evaluations."
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case smtlib
    case vnnlib
    case dot
    case values
  }

  @OptionGroup var input: SpecificationInput
  @Option(
    help: """
      The format: smtlib (one script for all cases), vnnlib (OUT.onnx and OUT.vnnlib, numbered where there are several \
      cases), dot (a drawing for Graphviz) or values (JSON lines of every network).
      """)
  var to: Format
  @Option(help: "The property.")
  var property: String?
  @Option(
    name: .shortAndLong, help: "File to write, without its ending for vnnlib; standard output by default.",
    completion: .file())
  var out: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    guard !output.json || out != nil else {
      throw CommandFailure("--json and a question cannot both go to standard output; name a file with -o")
    }
    let project = try input.project()
    let library = try input.library(of: project)
    var files = out.map { [$0] } ?? []
    switch to {
    case .values: try write(NetworkValues.lines(project, library))
    case .smtlib: try write(SMTExport.text(lowered(project, library).obligation))
    case .dot: try write(GraphDrawing.dot(lowered(project, library).obligation))
    case .vnnlib: files = try writeInstances(lowered(project, library), library.files(in: project.folder))
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("files", .array(files.map { .string($0) })), ("format", .string(to.rawValue)),
          ])))
    } else if to == .vnnlib {
      for path in files { print(path) }
    }
    return .holds
  }

  private func lowered(_ project: Project, _ library: ModelLibrary) throws -> LoweredProperty {
    let known = project.spec.properties.map(\.name).joined(separator: ", ")
    guard let name = property else {
      throw CommandFailure("`compile --to \(to.rawValue)` needs `--property NAME`, one of \(known)")
    }
    guard let found = project.spec.property(named: name) else {
      throw CommandFailure("`\(project.root)` has no property `\(name)`; it has \(known)")
    }
    do {
      return try SpecLowering(project.spec, library).lower(found)
    } catch {
      throw CommandFailure(LoweringMessage.text(error))
    }
  }

  /// Writes a network and a formula for each case, over those of an earlier call.
  ///
  /// - Parameter inputs: Resolved paths of the files that the question was read from.
  private func writeInstances(_ lowered: LoweredProperty, _ inputs: Set<String>) throws -> [String] {
    guard let out else { throw CommandFailure("`compile --to vnnlib` needs `--out NAME`, without an ending") }
    let instances: [VNNLIBExport.Instance]
    do { instances = try VNNLIBExport.instances(lowered.obligation) } catch {
      throw CommandFailure("\(error)")
    }
    var results: [(path: String, bytes: [UInt8])] = []
    for (index, instance) in instances.enumerated() {
      let name = instances.count == 1 ? out : "\(out)-\(index + 1)"
      let pair = [("\(name).onnx", instance.network), ("\(name).vnnlib", Array(instance.formula.utf8))]
      let beside = (FileManager.default.contents(atPath: pair[1].0) ?? Data()).prefix(
        VNNLIBExport.opening.utf8.count)
      let isEarlier = beside.elementsEqual(VNNLIBExport.opening.utf8)
      for (path, _) in pair where FileManager.default.fileExists(atPath: path) {
        guard isEarlier, !inputs.contains(ModelLibrary.resolved(path)) else {
          throw CommandFailure("`\(path)` is not replaced by a result; name another file")
        }
      }
      results += pair
    }
    for (path, bytes) in results { try ResultFile.write(bytes, to: path) }
    return results.map(\.path)
  }

  private func write(_ text: String) throws {
    guard let out else {
      print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      return
    }
    try ResultFile.create(Array(text.utf8), at: out)
  }
}

extension ModelLibrary {
  /// Where the files lie that were read from a folder, without symbolic links.
  fileprivate func files(in folder: String) -> Set<String> {
    Set((modelFiles + dataFiles).map { ModelLibrary.resolved("\(folder)/\($0.path)") })
  }

  fileprivate static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
