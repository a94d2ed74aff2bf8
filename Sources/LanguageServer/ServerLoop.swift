/// Runs a session over a byte stream in each direction.
package enum ServerLoop {
  /// Serves until the client exits, the stream ends or `write` fails, and returns the exit code: 0 only
  /// after `shutdown` and `exit`.
  ///
  /// `read` waits for bytes and gives an empty list at the end of the stream; `write` sends bytes and
  /// gives false if nobody reads them any more.
  package static func run(
    _ session: Session, read: () -> [UInt8], write: ([UInt8]) -> Bool
  ) -> Int32 {
    var session = session
    var framing = MessageFraming()
    while true {
      while let input = framing.next() {
        let answers: [JSONValue]
        switch input {
        case .message(let content): answers = session.handle(content: content)
        case .rejected(let reason):
          answers = [ResponseError(.invalidRequest, reason).response(to: .null)]
        case .failed(let reason):
          _ = write(MessageFraming.frame(ResponseError(.parseError, reason).response(to: .null)))
          return 1
        }
        for answer in answers {
          guard write(MessageFraming.frame(answer)) else { return 1 }
        }
        if let code = session.exitCode { return code }
      }
      let bytes = read()
      guard !bytes.isEmpty else { return 1 }
      framing.push(bytes)
    }
  }
}
