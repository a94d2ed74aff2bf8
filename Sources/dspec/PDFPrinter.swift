@preconcurrency import Foundation

/// Prints a page to PDF through a Chromium that is installed.
enum PDFPrinter {
  /// Names under which Chromium and its relatives are installed.
  static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
  ]
  /// Seconds after which a printer is given up.
  static let patience = 60.0

  /// Writes a page as a PDF file.
  static func write(_ page: String, to path: String) async throws {
    guard let program = program() else {
      throw CommandFailure(
        "--pdf needs Chromium, which is not in PATH; install it (`apt-get install chromium`), or print the page from a browser"
      )
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appendingPathComponent("report.html")
    let result = folder.appendingPathComponent("report.pdf")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(page.utf8).write(to: source)
    } catch {
      throw CommandFailure("the page cannot be prepared for printing: \(error.localizedDescription)")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments =
      [
        "--headless", "--disable-gpu", "--no-pdf-header-footer", "--disable-extensions",
        "--disable-dev-shm-usage",
        "--no-first-run", "--user-data-dir=\(folder.path)/profile", "--print-to-pdf=\(result.path)",
      ]
      // Chromium refuses its sandbox to the superuser. The page has no script and loads nothing.
      + (geteuid() == 0 ? ["--no-sandbox"] : []) + [source.absoluteString]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw CommandFailure("`\(program)` cannot be started: \(error.localizedDescription)")
    }
    let deadline = Date().addingTimeInterval(patience)
    while process.isRunning, Date() < deadline { try? await Task.sleep(nanoseconds: 50_000_000) }
    if process.isRunning {
      process.terminate()
      throw CommandFailure("`\(program)` did not print within \(Int(patience)) seconds")
    }
    guard let bytes = try? Data(contentsOf: result), bytes.starts(with: Data("%PDF-".utf8)) else {
      throw CommandFailure("`\(program)` printed nothing (exit code \(process.terminationStatus))")
    }
    try ResultFile.create(Array(bytes), at: path)
  }

  private static func program() -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in names {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }
}
