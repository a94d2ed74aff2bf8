import Foundation

/// A deterministic fuzzer of the lexer, the parser, the checker and the formatter.
@main struct Fuzz {
  private static let usage = """
    usage: Fuzz [--seconds N] [--executions N] [--seed S] [--corpus FOLDER] [--replay SEED:INDEX]

    Runs until the seconds or the executions are used up (60 seconds if neither is given).
    The file `fuzz-current-S.txt`, where S is the seed, always names the input that runs as SEED:INDEX, so that one that traps can
    be replayed with `--replay`, given the same corpus.
    """

  private struct Options {
    var seconds: Double?
    var executions: UInt64?
    var seed: UInt64 = 1
    var corpus: String?
    var replay: UInt64?
  }

  static func main() {
    guard let options = readOptions(Array(CommandLine.arguments.dropFirst())) else {
      print(usage)
      exit(2)
    }
    let corpus = Corpus.texts.map { Array($0.utf8) } + (options.corpus.map(readCorpus) ?? [])
    let maker = InputMaker(seed: options.seed, corpus: corpus)
    if let index = options.replay {
      let input = maker.input(index)
      _ = write(input.bytes)
      guard let violation = Invariants.violation(by: input) else { return print("no violation") }
      print("violation: \(violation)")
      exit(1)
    }
    exit(run(options, maker) ? 0 : 1)
  }

  /// Whether all executions keep the invariants.
  private static func run(_ options: Options, _ maker: InputMaker) -> Bool {
    print("seed \(options.seed)")
    let marker = open("fuzz-current-\(options.seed).txt", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    defer { close(marker) }
    let clock = ContinuousClock()
    let start = clock.now
    let seconds = options.seconds ?? (options.executions == nil ? 60 : .infinity)
    let executions = options.executions ?? .max
    var index: UInt64 = 0
    var hasViolation = false
    while index < executions, (clock.now - start) / .seconds(1) < seconds {
      let line = "\(options.seed):\(index)\n"
      _ = line.utf8.withContiguousStorageIfAvailable { pwrite(marker, $0.baseAddress, $0.count, 0) }
      let input = maker.input(index)
      if let violation = Invariants.violation(by: input) {
        print("violation at \(options.seed):\(index), input in \(write(input.bytes)): \(violation)")
        hasViolation = true
      }
      index += 1
      if hasViolation { break }
    }
    let elapsed = (clock.now - start) / .seconds(1)
    print("\(index) executions, \(Int(Double(index) / max(elapsed, 1e-9))) executions/s")
    return !hasViolation
  }

  /// Writes an input to a file named by its FNV-1a hash and returns the name.
  private static func write(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let name = "fuzz-" + String(hash, radix: 16) + ".dspec"
    if !FileManager.default.createFile(atPath: name, contents: Data(bytes)) {
      print("cannot write `\(name)`")
    }
    return name
  }

  /// All specifications below a folder, in the order of their paths.
  private static func readCorpus(_ folder: String) -> [[UInt8]] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".dspec") }.sorted().compactMap { name in
      FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) }
    }
  }

  private static func readOptions(_ arguments: [String]) -> Options? {
    var options = Options()
    var index = 0
    while index + 1 < arguments.count {
      let value = arguments[index + 1]
      switch arguments[index] {
      case "--seconds":
        guard let seconds = Double(value), seconds >= 0 else { return nil }
        options.seconds = seconds
      case "--executions":
        guard let executions = UInt64(value) else { return nil }
        options.executions = executions
      case "--seed":
        guard let seed = UInt64(value) else { return nil }
        options.seed = seed
      case "--corpus": options.corpus = value
      case "--replay":
        let parts = value.split(separator: ":")
        guard parts.count == 2, let seed = UInt64(parts[0]), let execution = UInt64(parts[1]) else {
          return nil
        }
        options.seed = seed
        options.replay = execution
      default: return nil
      }
      index += 2
    }
    return index == arguments.count ? options : nil
  }
}
