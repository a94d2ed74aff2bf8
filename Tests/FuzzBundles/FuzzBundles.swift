import Foundation

/// A deterministic fuzzer of replay: no changed bundle may trap it, take long, or be called valid without being true.
@main struct FuzzBundles {
  static func main() async {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
      print(Options.usage)
      exit(2)
    }
    do {
      if let index = options.replay {
        try await Worker(options).replay(index)
      } else if options.marker != nil {
        try await Worker(options).run()
      } else {
        exit(try Supervisor(options).run() ? 0 : 1)
      }
    } catch {
      print("\(error)")
      exit(3)
    }
  }
}

/// Runs workers as processes of their own, so that one that traps or hangs ends alone.
private struct Supervisor {
  private let options: Options

  init(_ options: Options) {
    self.options = options
  }

  /// Seconds after which an execution that has not ended counts as hanging.
  private static let patience = 60.0

  /// Whether nothing was found.
  func run() throws -> Bool {
    print("seed \(options.seed)")
    let marker = "fuzz-bundles-\(options.seed).txt"
    let start = ContinuousClock.now
    func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    let seconds = options.seconds ?? (options.executions == nil ? 60 : .infinity)
    let executions = options.executions ?? .max
    var tally = Tally()
    var first: UInt64 = 0
    while elapsed() < seconds, first < executions {
      for file in [marker, marker + "-tally.txt"] { try? FileManager.default.removeItem(atPath: file) }
      let process = Process()
      process.executableURL = Bundle.main.executableURL
      process.arguments = ["--seed", "\(options.seed)", "--first", "\(first)", "--marker", marker]
      if options.seconds != nil || options.executions == nil {
        process.arguments? += ["--seconds", "\(seconds - elapsed())"]
      }
      if options.executions != nil { process.arguments? += ["--executions", "\(executions - first)"] }
      try process.run()
      let hangs = watch(process, marker)
      tally.add(Tally((try? String(contentsOfFile: marker + "-tally.txt", encoding: .utf8)) ?? ""))
      if process.terminationReason == .exit, process.terminationStatus == 0 { break }
      guard let last = index(in: marker) else { throw StartFailure(status: process.terminationStatus) }
      let finding = "\(options.seed):\(last) \(hangs ? "hang" : "trap, signal \(process.terminationStatus)")"
      print(finding)
      tally.find(finding)
      first = last + 1
    }
    report(tally, elapsed())
    return tally.findings.isEmpty
  }

  /// Waits for a worker; true where it had to be killed.
  private func watch(_ process: Process, _ marker: String) -> Bool {
    var (last, since) = (index(in: marker), ContinuousClock.now)
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.2)
      let now = index(in: marker)
      if now != last { (last, since) = (now, .now) }
      // Before the first execution it makes its bundles.
      guard last != nil, (ContinuousClock.now - since) / .seconds(1) > Self.patience else { continue }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      return true
    }
    return false
  }

  private func index(in marker: String) -> UInt64? {
    (try? String(contentsOfFile: marker, encoding: .utf8)).flatMap { $0.split(separator: "\n").first }.flatMap
    {
      UInt64($0)
    }
  }

  private func report(_ tally: Tally, _ seconds: Double) {
    let total = tally.counts.values.reduce(0, +)
    for (name, number) in tally.counts.sorted(by: { $0.key < $1.key }) { print("  \(number)  \(name)") }
    print("slowest: \(tally.slowest.milliseconds) ms at \(options.seed):\(tally.slowest.index)")
    print(
      "\(total) executions, \(Int(Double(total) / max(seconds, 1e-9))) executions/s, \(tally.findings.count) findings"
    )
    for finding in tally.findings { print(finding) }
  }
}

/// A worker that ended before its first execution.
private struct StartFailure: Error, CustomStringConvertible {
  let status: Int32
  var description: String { "the worker could not start, status \(status)" }
}
