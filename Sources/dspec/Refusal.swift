import Certificates

/// Refusals that are answers.
enum Refusal {
  /// Runs a body whose refusal with one code is an answer, exit code 1, and whose other failures are bad input.
  ///
  /// - Parameter subject: The member of the JSON object that then says `refused`.
  static func answer(
    _ code: CertificateError.Code, of subject: String, json: Bool, _ body: () throws -> AnswerCode
  ) throws -> AnswerCode {
    do {
      return try body()
    } catch let error as CertificateError where error.code == code {
      if json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              (subject, "refused"), ("code", .string(error.code.rawValue)), ("place", .string(error.place)),
              ("reason", .string(error.message)), ("fix", .string(error.fix)),
            ])))
      } else {
        print("refused: \(error)")
      }
      return .violated
    } catch let error as CertificateError {
      throw CommandFailure("\(error)")
    }
  }
}
