/// Errors of lowering in words.
package enum LoweringMessage {
  /// The text of an error, without its place.
  package static func text(_ error: any Error) -> String {
    guard let error = error as? LoweringError else { return "\(error)" }
    switch error {
    case .noBackEnd(let what, _): return "no back end: \(what)"
    case .mismatch(let text, _), .file(let text, _): return text
    }
  }
}
