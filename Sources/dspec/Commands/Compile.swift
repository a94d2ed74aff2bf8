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

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let library = try input.library(of: project)
    switch to {
    case .values: try write(NetworkValues.lines(project, library))
    case .smtlib: try write(SMTExport.text(lowered(project, library).obligation))
    case .dot: try write(GraphDrawing.dot(lowered(project, library).obligation))
    case .vnnlib: try writeInstances(lowered(project, library))
    }
    return .holds
  }

  private func lowered(_ project: Project, _ library: ModelLibrary) throws -> LoweredProperty {
    guard let name = property, let found = project.spec.property(named: name) else {
      throw CommandFailure(
        "`compile --to \(to.rawValue)` needs `--property NAME`, a property of the specification")
    }
    do {
      return try SpecLowering(project.spec, library).lower(found)
    } catch {
      throw CommandFailure(LoweringMessage.text(error))
    }
  }

  private func writeInstances(_ lowered: LoweredProperty) throws {
    guard let out else { throw CommandFailure("`compile --to vnnlib` needs `--out NAME`, without an ending") }
    let instances: [VNNLIBExport.Instance]
    do { instances = try VNNLIBExport.instances(lowered.obligation) } catch {
      throw CommandFailure("\(error)")
    }
    for (index, instance) in instances.enumerated() {
      let name = instances.count == 1 ? out : "\(out)-\(index + 1)"
      for (path, bytes) in [
        ("\(name).onnx", instance.network), ("\(name).vnnlib", Array(instance.formula.utf8)),
      ] {
        try ResultFile.write(bytes, to: path)
        print(path)
      }
    }
  }

  private func write(_ text: String) throws {
    guard let out else {
      print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      return
    }
    try ResultFile.create(Array(text.utf8), at: out)
  }
}
