import Certificates
import Foundation
import SeededDraws
import Testing
import TransparencyLog

@Suite("Logs")
struct LogTests {
  private func monitor(_ storage: any LogStorage, since: Checkpoint? = nil) throws -> LogReport {
    try LogMonitor(storage, key: try Sample.key().verificationKey).check(since: since, seenAt: "state")
  }

  @Test("an entry is appended once, and has canonical bytes")
  func once() throws {
    let storage = try Sample.log(3)
    let writer = LogWriter(storage, signer: try Sample.key())
    let before = storage.files
    let again = try writer.append(Sample.entries(0..<3))
    #expect(again.positions.map(\.index) == [0, 1, 2] && again.positions.allSatisfy { !$0.isNew })
    #expect(storage.files == before, "nothing is written where nothing is new")
    let mixed = try writer.append([Sample.entry(7), Sample.entry(1), Sample.entry(7)])
    #expect(mixed.positions.map(\.index) == [3, 1, 3])
    #expect(mixed.positions.map(\.isNew) == [true, false, false])
    #expect(mixed.checkpoint.size == 4)
    let entry = Sample.entry(7)
    let text = """
      {"keyid":"\(entry.keyID.hex)","payloadSha256":"\(entry.payload.hex)",\
      "predicateType":"https://example.org/test/v1"}
      """
    #expect(try entry.bytes() == Array(text.utf8))
    #expect(LogEntry(Array(text.utf8)) == entry)
    #expect(LogEntry(Array((text + " ").utf8)) == nil)
  }

  @Test("an append that is stopped anywhere leaves a log, and the next one finishes the work")
  func stopped() throws {
    let before = try Sample.log(250, pieces: 50)
    // The plain one fills a tile, begins the next and begins a level.
    let whole = MemoryStorage(before.files)
    let final = try LogWriter(whole, signer: try Sample.key()).append(Sample.entries(250..<520)).checkpoint
    #expect(whole.changes > 8)
    for stop in 0...whole.changes {
      let storage = MemoryStorage(before.files, changesLeft: stop)
      let writer = LogWriter(storage, signer: try Sample.key())
      let failure = refusal { _ = try writer.append(Sample.entries(250..<520)) }
      let size = try monitor(storage).checkpoint.size
      #expect(size == 250 || size == 520)
      #expect((failure == nil) == (size == 520))
      storage.changesLeft = nil
      // Another entry comes next: what the stopped one left must not shine through.
      let other = MemoryStorage(storage.files)
      let next = LogWriter(other, signer: try Sample.key())
      _ = try next.append([Sample.entry(9999)] + Sample.entries(600..<900))
      #expect(try monitor(other).checkpoint.size == size + 301)
      #expect(try writer.append(Sample.entries(250..<520)).checkpoint.root == final.root)
      #expect(try monitor(storage).checkpoint == final)
    }
  }

  @Test("a writer refuses what it did not sign and what is not as it signed it")
  func refused() throws {
    let storage = try Sample.log(300)
    let stranger = LogWriter(storage, signer: try Sample.key(2))
    #expect(refusal { _ = try stranger.append([Sample.entry(1000)]) } == .log)
    let writer = LogWriter(storage, signer: try Sample.key())
    #expect(refusal { _ = try writer.initialise(origin: try Sample.name()) } == .exists)
    for path in ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "checkpoint"] {
      var bytes = try present(storage.files[path])
      bytes[bytes.count / 2] ^= 1
      let other = MemoryStorage(storage.files.merging([path: bytes]) { $1 })
      // The root needs the right edge; a full tile below it is covered by the hash above and seen by a monitor.
      let code = refusal { _ = try LogWriter(other, signer: try Sample.key()).append([Sample.entry(1000)]) }
      #expect(code == (path == "tile/0/000" ? nil : .log), "\(path)")
      #expect(refusal { _ = try monitor(other) } == .log, "\(path)")
      let missing = MemoryStorage(storage.files.filter { $0.key != path })
      #expect(refusal { _ = try monitor(missing) } == (path == "checkpoint" ? .read : .log), "\(path)")
    }
    let empty = LogWriter(MemoryStorage(), signer: try Sample.key())
    #expect(refusal { _ = try empty.append([Sample.entry(0)]) } == .read)
  }

  @Test("a monitor tells new entries, and refuses a log that became shorter or another")
  func monitored() throws {
    let storage = try Sample.log(5)
    let first = try monitor(storage)
    #expect(first.items.map(\.index) == [0, 1, 2, 3, 4])
    #expect(first.items.map(\.entry) == Sample.entries(0..<5))
    #expect(try monitor(storage, since: first.checkpoint).items.isEmpty)
    let shorter = MemoryStorage(storage.files)
    let writer = LogWriter(storage, signer: try Sample.key())
    _ = try writer.append(Sample.entries(5..<400))
    let second = try monitor(storage, since: first.checkpoint)
    #expect(second.items.map(\.index) == Array(5..<400))
    #expect(refusal { _ = try monitor(shorter, since: second.checkpoint) } == .log)
    // The same key signs another history of the same length, and one that goes on from it.
    let fork = MemoryStorage(shorter.files)
    let forger = LogWriter(fork, signer: try Sample.key())
    _ = try forger.append(Sample.entries(1000..<1395))
    #expect(try monitor(fork, since: first.checkpoint).items.count == 395)
    #expect(refusal { _ = try monitor(fork, since: second.checkpoint) } == .log)
    _ = try forger.append(Sample.entries(2000..<2300))
    #expect(refusal { _ = try monitor(fork, since: second.checkpoint) } == .log)
    // A state of another log, or one that another key signed, is no state of this one.
    let stranger = try Checkpoint(
      origin: Sample.name("example.org/other"), size: 0, root: MerkleTree.empty, signer: Sample.key())
    #expect(refusal { _ = try monitor(storage, since: stranger) } == .log)
    let unsigned = try Checkpoint(
      origin: Sample.name(), size: 0, root: MerkleTree.empty, signer: Sample.key(2))
    #expect(refusal { _ = try monitor(storage, since: unsigned) } == .log)
  }

  @Test("every changed byte of a log's files is noticed")
  func changed() throws {
    let storage = try Sample.log(300, pieces: 290)
    var generator = SeededGenerator(seed: 9162)
    let current = storage.files.keys.filter { !$0.contains("290") && !$0.contains(".p/34") }.sorted()
    for path in current {
      let bytes = try present(storage.files[path])
      for _ in 0..<12 {
        var other = bytes
        let position = Int.random(in: other.indices, using: &generator)
        other[position] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
        let altered = MemoryStorage(storage.files.merging([path: other]) { $1 })
        #expect(refusal { _ = try monitor(altered) } == .log, "\(path)")
      }
      for other in [bytes + [0], Array(bytes.dropLast())] {
        let altered = MemoryStorage(storage.files.merging([path: other]) { $1 })
        #expect([.log, .size].contains(refusal { _ = try monitor(altered) }), "\(path)")
      }
    }
  }

  @Test("a log in a folder holds plain files, and one process changes it at a time")
  func folder() throws {
    try withTemporaryFolder("folder") { folder in
      let storage = FolderStorage(folder + "/served/log/")
      let writer = LogWriter(storage, signer: try Sample.key())
      _ = try writer.initialise(origin: try Sample.name())
      _ = try writer.append(Sample.entries(0..<300))
      _ = try writer.append(Sample.entries(300..<301))
      #expect(try monitor(storage).items.count == 301)
      var names: [String] = []
      let root = storage.folder
      for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder)
        if !isFolder.boolValue { names.append(name) }
      }
      #expect(
        names.sorted() == [
          "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/0/001.p/45", "tile/1/000.p/1",
          "tile/entries/000", "tile/entries/001.p/44", "tile/entries/001.p/45",
        ])
      let lock = try FolderLock(folder: root)
      #expect(refusal { _ = try FolderLock(folder: root, patience: 1) } == .write)
      _ = consume lock
      _ = try FolderLock(folder: root, patience: 1)
    }
  }
}
