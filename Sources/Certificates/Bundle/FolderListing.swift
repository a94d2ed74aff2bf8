/// The files below a folder, found without following links.
enum FolderListing {
  /// The names at the top of a folder, as text.
  ///
  /// - Throws: `CertificateError` READ, PATH or BUNDLE for more than `limit` names.
  static func names(in folder: String, limit: Int) throws(CertificateError) -> [String] {
    let names: [[UInt8]]?
    do {
      names = try POSIX.names(in: folder, followingLinks: true, limit: limit)
    } catch {
      throw CertificateError(
        .read, at: folder, "the folder cannot be read (\(error.words))",
        fix: "give the folder that `dspec verify` wrote")
    }
    return try texts(names, folder: folder, limit: limit)
  }

  /// What lies below a subfolder.
  struct Content {
    /// Every regular file with its size, by path relative to the subfolder.
    var files: [RelativePath: Int] = [:]
    /// Folders with nothing in them, the subfolder included.
    var emptyFolders: [String] = []
  }

  /// What lies below a subfolder; nothing when it is absent.
  ///
  /// - Throws: `CertificateError` PATH for links, other kinds of file and names against the rules, READ or BUNDLE.
  static func content(
    below subfolder: String, of folder: String, limit: Int
  ) throws(CertificateError) -> Content {
    var found = Content()
    var left = limit
    try collect("\(folder)/\(subfolder)", prefix: "", depth: 0, left: &left, into: &found)
    return found
  }

  private static func collect(
    _ folder: String, prefix: String, depth: Int, left: inout Int, into found: inout Content
  ) throws(CertificateError) {
    guard depth < 32 else {
      throw CertificateError(
        .path, at: folder, "folders are nested too deeply", fix: "obtain the bundle again")
    }
    let raw: [[UInt8]]?
    do {
      raw = try POSIX.names(in: folder, limit: left)
    } catch {
      if error.isMissing, depth == 0 { return }
      throw CertificateError(
        error.isLink ? .path : .read, at: folder, "the folder cannot be read (\(error.words))",
        fix: "give a bundle of plain files and folders")
    }
    let names = try texts(raw, folder: folder, limit: left)
    if names.isEmpty { found.emptyFolders.append(folder) }
    left -= names.count
    for name in names {
      let place = "\(folder)/\(name)"
      guard let path = RelativePath(prefix + name) else {
        throw CertificateError(
          .path, at: folder, "a file has a name against the rules", fix: "obtain the bundle again")
      }
      switch try kind(place) {
      case .regular(let size): found.files[path] = size
      case .folder:
        try collect(place, prefix: prefix + name + "/", depth: depth + 1, left: &left, into: &found)
      case .other:
        throw CertificateError(
          .path, at: place, "this is a symbolic link or no regular file",
          fix: "copy the bundle with its links resolved")
      }
    }
  }

  private static func kind(_ place: String) throws(CertificateError) -> FileKind {
    do {
      return try POSIX.kind(of: place)
    } catch {
      throw CertificateError(
        .read, at: place, "the file cannot be read (\(error.words))", fix: "check its permissions")
    }
  }

  private static func texts(
    _ names: [[UInt8]]?, folder: String, limit: Int
  ) throws(CertificateError) -> [String] {
    guard let names else {
      throw CertificateError(
        .bundle, at: folder, "the bundle holds more than the allowed number of files", fix: "raise the limit")
    }
    var texts: [String] = []
    for name in names {
      guard firstInvalidUTF8Offset(in: name) == nil else {
        throw CertificateError(
          .path, at: folder, "a file has a name that is not UTF-8", fix: "obtain the bundle again")
      }
      texts.append(String(decoding: name, as: UTF8.self))
    }
    return texts
  }
}
