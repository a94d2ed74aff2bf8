import Certificates
import Foundation
import SeededDraws
import Tampering

/// Runs executions in this process, one after another, and says in a file which one is running.
struct Worker {
  let options: Options
  private let mutator: BundleMutator
  private let reviews: [InProcessReview]
  private let folder: String

  /// Makes the valid bundles.
  init(_ options: Options) async throws {
    self.options = options
    var bundles = [
      try await PipelineBundle.make([.neverUnsafe, .rarely]) { $0.replacing("<= 5%", with: "<= 50%") },
      try await PipelineBundle.make([.neverBright, .seldom]) { $0.replacing("n: 2000", with: "n: 200") },
      try await PipelineBundle.make([.inDisc, .open]), try await PipelineBundle.make([.far, .computed]),
    ]
    for kind in NetworkBundle.allCases { bundles.append(try await kind.make()) }
    mutator = BundleMutator(bundles: bundles, seed: options.seed)
    reviews = try bundles.map { try InProcessReview(trusting: $0.holder.key.verificationKey) }
    let memory = "/dev/shm"
    let isThere = FileManager.default.isWritableFile(atPath: memory)
    folder =
      (isThere ? memory : NSTemporaryDirectory()) + "/dspec-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  }

  /// Runs until the executions or the seconds are used up.
  func run() async throws {
    var bundle = try BundleFolder(path: folder)
    defer { bundle.remove() }
    let marker = options.marker.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) } ?? -1
    defer { close(marker) }
    // A mutation that asks for more memory than this is reported as a trap.
    var limit = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    try await checkBases(&bundle)
    var tally = Tally()
    let start = ContinuousClock.now
    var index = options.first
    let last = options.executions.map { options.first &+ $0 } ?? .max
    while index < last, (ContinuousClock.now - start) / .seconds(1) < options.seconds ?? .infinity {
      let line = "\(index)\n"
      _ = line.utf8.withContiguousStorageIfAvailable { pwrite(marker, $0.baseAddress, $0.count, 0) }
      let (findings, outcome, milliseconds) = await execute(index, &bundle)
      tally.count(outcome)
      tally.time(milliseconds, index)
      for finding in findings {
        tally.find("\(options.seed):\(index) \(finding)")
        print("\(options.seed):\(index) \(finding)")
      }
      index += 1
      if index.isMultiple(of: 256) { write(tally) }
    }
    write(tally)
  }

  /// Shows one execution and writes its bundle.
  func replay(_ index: UInt64) async throws {
    let (base, mutation) = mutator.mutation(index)
    let path = "fuzz-\(options.seed)-\(index).dcert"
    try? FileManager.default.removeItem(atPath: path)
    var bundle = try BundleFolder(path: path)
    try bundle.show(mutation.image)
    print("bundle \(base), \(mutation.kind), in \(path)")
    let (findings, outcome, milliseconds) = await execute(index, &bundle)
    print("\(outcome), \(milliseconds) ms")
    for finding in findings { print(finding) }
  }

  private func write(_ tally: Tally) {
    guard let marker = options.marker else { return }
    try? tally.text.write(toFile: marker + "-tally.txt", atomically: true, encoding: .utf8)
  }

  /// The unchanged bundles are valid, or nothing that follows means anything.
  private func checkBases(_ bundle: inout BundleFolder) async throws {
    for (index, valid) in mutator.bundles.enumerated() {
      try bundle.show(valid.image)
      let start = Self.processorTime
      guard case .valid = await reviews[index].run(bundle.path) else {
        throw EditFailure("bundle \(index) is not valid before anything is changed")
      }
      if options.first == 0 { print("bundle \(index): \(Self.processorTime - start) ms") }
    }
  }

  /// The longest that a replay may take, in milliseconds of processor time.
  private static let limit = 1_000

  private func execute(
    _ index: UInt64, _ bundle: inout BundleFolder
  ) async -> (findings: [String], outcome: String, milliseconds: Int) {
    let (base, mutation) = mutator.mutation(index)
    do {
      try bundle.show(mutation.image)
    } catch {
      return ([], "not written", 0)
    }
    let start = Self.processorTime
    let outcome = await reviews[base].run(bundle.path)
    let milliseconds = Self.processorTime - start
    var findings: [String] = []
    if milliseconds > Self.limit { findings.append("slow: \(milliseconds) ms, \(mutation.kind)") }
    let word = mutation.isSealed ? "key holder" : "anybody"
    var generator = SeededGenerator(seed: ~options.seed, index: index)
    let name: String
    switch outcome {
    case .refused(let code, _): name = code
    case .valid(let report, let contents), .partial(let report, let contents):
      var isWhole = false
      if case .valid = outcome { isWhole = true }
      name = (isWhole ? "valid" : "valid, partial") + " (\(mutation.kind))"
      let objection = Oracle(base: mutator.bundles[base]).objection(
        to: mutation.image, isSealed: mutation.isSealed, report, contents, isWhole: isWhole, &generator)
      if let objection { findings.append("false valid: \(mutation.kind): \(objection)") }
    }
    return (findings, "\(word): \(name)", milliseconds)
  }

  /// Milliseconds of processor time of this process, so that a busy machine makes nothing slow.
  private static var processorTime: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}
