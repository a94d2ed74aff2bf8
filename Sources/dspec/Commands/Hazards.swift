import ArgumentParser
import Certificates
import DSpecSemantics
import SpecDocuments
import Verifier

/// Prints which property keeps which hazard in check.
struct Hazards: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract:
      "Print the matrix of hazards, properties, mitigations and evidence; exit code 2 when one is open.")

  @OptionGroup var input: SpecificationInput
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let matrix = HazardMatrix(project.spec)
    if output.json {
      print(JSONOutput.text(JSONOutput.object([("hazards", .array(matrix.rows.map(Hazards.json)))])))
    } else if matrix.rows.isEmpty {
      print("\(project.root) declares no hazard")
    } else {
      print(matrix.text)
    }
    return matrix.rows.contains { $0.gap != nil } ? .undecided : .holds
  }

  private static func json(_ row: HazardMatrix.Row) -> JSONValue {
    JSONOutput.object([
      ("hazard", .string(row.hazard.name)), ("title", .string(row.hazard.title ?? "")),
      ("severity", .string(row.hazard.severity ?? "")), ("accepted", .string(row.hazard.accepted ?? "")),
      ("gap", .string(row.gap ?? "")), ("stages", .array(row.stages.map { .string($0) })),
      (
        "properties",
        .array(
          row.properties.map {
            JSONOutput.object([
              ("name", .string($0.name)), ("evidence", .array($0.grades.map { .string($0) })),
            ])
          })
      ),
    ])
  }
}
