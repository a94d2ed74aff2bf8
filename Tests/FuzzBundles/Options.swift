/// What the command line says.
struct Options {
  var seconds: Double?
  var executions: UInt64?
  var seed: UInt64 = 1
  /// The execution to show; nothing else is run.
  var replay: UInt64?
  /// The first execution; only for a worker.
  var first: UInt64 = 0
  /// Where a worker says what it is doing; nil for a supervisor.
  var marker: String?

  static let usage = """
    usage: FuzzBundles [--seconds N] [--executions N] [--seed S] [--replay SEED:INDEX]

    Changes valid bundles and replays them until the seconds or the executions are used up (60 seconds if neither is given).
    Half of the bundles are signed anew by the key that the reviewer trusts. Reported are replays that trap, that take more
    than a second, and that call valid what is not; each by SEED:INDEX for `--replay`, which writes the bundle to a folder.
    """

  /// Nil where the arguments are none of the usage.
  init?(_ arguments: [String]) {
    var index = 0
    while index + 1 < arguments.count {
      let value = arguments[index + 1]
      switch arguments[index] {
      case "--seconds":
        guard let number = Double(value), number >= 0 else { return nil }
        seconds = number
      case "--executions":
        guard let number = UInt64(value) else { return nil }
        executions = number
      case "--seed":
        guard let number = UInt64(value) else { return nil }
        seed = number
      case "--first":
        guard let number = UInt64(value) else { return nil }
        first = number
      case "--marker": marker = value
      case "--replay":
        let parts = value.split(separator: ":")
        guard parts.count == 2, let number = UInt64(parts[0]), let execution = UInt64(parts[1]) else {
          return nil
        }
        (seed, replay) = (number, execution)
      default: return nil
      }
      index += 2
    }
    guard index == arguments.count else { return nil }
  }
}
