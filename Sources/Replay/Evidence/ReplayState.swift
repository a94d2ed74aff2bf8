package import Certificates
import Evidence

/// How far a full replay has come, so that one that was cut short can go on.
///
/// Trees are replayed one after the other, each chunk by chunk; of every tree that was begun the state holds the number of
/// chunks whose leaves were closed and what they came to. A replay that goes on walks all trees again, and leaves out the
/// evaluation of these chunks alone. Whoever wrote the file is believed: it is part of the reviewer's own memory, not of
/// the certificate.
package actor ReplayState {
  /// What a file of a state has wrong.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    /// The problem, to be put behind the file's name.
    package let description: String
  }

  /// How far the replay of one tree has come.
  struct Progress: Hashable, Sendable {
    /// Chunks whose leaves are closed.
    var chunks = 0
    /// What these leaves came to; what the numbers mean is the rule's business.
    var numbers: [Double] = []
  }

  private let head: String
  private let interval: Duration
  private let write: @Sendable ([UInt8]) -> Void
  private var trees: [Progress]
  private var next = 0
  private var last = ContinuousClock.now
  /// Chunks that need not be replayed again.
  package private(set) var resumed = 0

  /// The state of a certificate's replay.
  ///
  /// - Parameters:
  ///   - saved: the bytes of an earlier state; nil for none.
  ///   - certificate: the digest of the certificate's payload.
  ///   - program: the digest of the program that replays; what another one has closed is not taken over.
  ///   - interval: how long a state stays unwritten at most, while chunks go by.
  ///   - write: keeps the bytes of a state.
  /// - Throws: `Failure` where the bytes are not a state of this certificate's replay by this checker.
  package init(
    saved: [UInt8]?, certificate: ContentDigest, program: ContentDigest, interval: Duration = .seconds(2),
    write: @escaping @Sendable ([UInt8]) -> Void
  ) throws(Failure) {
    head = """
      dspec replay state 1
      program \(program.hex)
      certificate \(certificate.hex)

      """
    self.interval = interval
    self.write = write
    trees = try saved.map { [head] bytes throws(Failure) in try Self.trees(bytes, after: head) } ?? []
  }

  /// Begins the next tree; where an earlier replay has come with it.
  ///
  /// - Parameters:
  ///   - chunks: How many chunks it has.
  ///   - numbers: How many numbers its rule keeps.
  func begin(chunks: Int, numbers: Int) -> Progress {
    defer { next += 1 }
    if next < trees.count, trees[next].chunks <= chunks, trees[next].numbers.count == numbers {
      resumed += trees[next].chunks
      return trees[next]
    }
    trees.removeSubrange(min(next, trees.count)...)
    trees.append(Progress())
    return Progress()
  }

  /// Records how far the tree begun last has come.
  func keep(_ progress: Progress) {
    guard next > 0, progress != trees[next - 1] else { return }
    trees[next - 1] = progress
    guard ContinuousClock.now - last >= interval else { return }
    last = .now
    write(bytes)
  }

  /// The bytes of the state: the head, a line a tree with numbers by their bits, and the digest of all that.
  var bytes: [UInt8] {
    var text = head
    for tree in trees {
      text += "tree \(tree.chunks)"
      for number in tree.numbers { text += " \(String(number.bitPattern, radix: 16))" }
      text += "\n"
    }
    let digest = ContentDigest(of: Array(text.utf8))
    return Array("\(text)sha256 \(digest.hex)\n".utf8)
  }

  private static func trees(_ bytes: [UInt8], after head: String) throws(Failure) -> [Progress] {
    let start = Array(head.utf8)
    guard bytes.starts(with: Array("dspec replay state 1\n".utf8)) else {
      throw Failure(description: "is no state of a replay")
    }
    guard bytes.starts(with: start) else {
      throw Failure(
        description: "is the state of another certificate's replay, or of another version of the program")
    }
    // Its last line: `sha256`, a space, 64 digits and a line feed.
    let body = bytes.dropLast(72)
    let digest = ContentDigest(of: Array(body))
    guard body.count >= start.count, bytes.suffix(72).elementsEqual("sha256 \(digest.hex)\n".utf8) else {
      throw Failure(description: "is damaged")
    }
    var trees: [Progress] = []
    for line in body.dropFirst(start.count).split(separator: UInt8(ascii: "\n")) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard fields.count >= 2, fields[0] == "tree", let chunks = Int(fields[1]), chunks >= 0 else {
        throw Failure(description: "is damaged")
      }
      var progress = Progress(chunks: chunks)
      for field in fields.dropFirst(2) {
        guard let bits = UInt64(field, radix: 16) else { throw Failure(description: "is damaged") }
        progress.numbers.append(Double(bitPattern: bits))
      }
      trees.append(progress)
    }
    return trees
  }
}

/// The walk over the chunks of one tree with a state that is kept, or without.
struct ResumedWalk {
  private let state: ReplayState?
  private var progress = ReplayState.Progress()
  private var passed = 0

  /// Begins a tree of so many leaves.
  init(_ state: ReplayState?, leaves: Int, numbers: Int) async {
    self.state = state
    let chunks = (leaves + LeafWalk.chunk - 1) / LeafWalk.chunk
    if let state { progress = await state.begin(chunks: chunks, numbers: numbers) }
  }

  /// What the chunks that are left out came to; nil where none is.
  var numbers: [Double]? { progress.chunks > 0 ? progress.numbers : nil }

  /// Passes the next chunk; whether its leaves are closed already.
  mutating func isClosed() -> Bool {
    passed += 1
    return passed <= progress.chunks
  }

  /// Keeps what the tree's leaves up to the chunk passed last came to.
  mutating func keep(_ numbers: [Double]) async {
    guard let state else { return }
    progress = ReplayState.Progress(chunks: passed, numbers: numbers)
    await state.keep(progress)
  }
}
