import Foundation
import Testing

/// What `make tcb` counts against a limit that is met stays within it.
@Suite struct TrustedBaseTests {
  @Test func whatIsMetStaysMet() throws {
    let process = Process()
    process.executableURL = SourceTree.root.appending(path: "scripts/tcb")
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    for name in ["rules that --exact all rests on", "envelope, keys and log"] {
      let line = try #require(lines.first { $0.hasPrefix(name) }, "no line of `\(name)`")
      // Files, lines, code, at most.
      let numbers = line.dropFirst(name.count).split(separator: " ").compactMap { Int($0) }
      #expect(numbers.count == 4 && numbers[2] > 500 && numbers[2] <= numbers[3], "\(line)")
    }
  }
}
