extension BundleFiles {
  /// Compares the folder with the certificate: every listed file there, nothing else, sizes and digests right.
  ///
  /// - Throws: `CertificateError` BUNDLE, PATH, SIZE, TRUNCATED, READ, …_MANIFEST, …_DIGEST, EVIDENCE_….
  func check(bundle: String, limits: BundleLimits) throws(CertificateError) {
    try checkTop(of: bundle, limits: limits)
    for group in BundleGroup.allCases {
      let records = group.files(of: predicate)
      for record in records where record.size > limits.bytes(group) {
        throw CertificateError(
          .size, at: "\(group.rawValue)/\(record.name)",
          "the certificate declares \(record.size) bytes, "
            + "more than the limit of \(limits.bytes(group))", fix: "raise the limit if you trust the issuer")
      }
      let content = try FolderListing.content(below: group.rawValue, of: bundle, limit: limits.entries)
      let present = content.files
      let isElsewhere = roots[group]?.followsLinks ?? false
      if !isElsewhere || !present.isEmpty { try checkNames(present, records, group) }
      // After the names, since a missing file may have left its folder behind.
      if let folder = content.emptyFolders.first {
        throw CertificateError(
          .bundle, at: folder, "the folder is empty and belongs to no file", fix: "remove it")
      }
      try checkContents(records, group, sizes: isElsewhere ? nil : present)
      // What lies in the bundle is the certified file, also where the reviewer has his own.
      if isElsewhere, !present.isEmpty {
        let root = FileRoot(folder: "\(bundle)/\(group.rawValue)", followsLinks: false)
        try BundleFiles(predicate: predicate, roots: [group: root])
          .checkContents(records, group, sizes: present)
      }
    }
  }

  private func checkTop(of bundle: String, limits: BundleLimits) throws(CertificateError) {
    let names = try FolderListing.names(in: bundle, limit: limits.entries)
    for name in names where !BundleLayout.files.contains(name) && !BundleLayout.folders.contains(name) {
      throw CertificateError(
        .bundle, at: bundle, "`\(name.filter { !$0.isNewline })` does not belong into a bundle",
        fix: "remove it")
    }
    let statement = Statement(predicate: predicate)
    var expected: Set<String> = [BundleLayout.certificate]
    for (name, manifest) in statement.manifests {
      expected.insert(name)
      let code: CertificateError.Code = name == Statement.modelManifestName ? .modelManifest : .specManifest
      let bytes = try manifest.bytes()
      guard names.contains(name) else {
        throw CertificateError(code, at: name, "the manifest is absent", fix: "obtain the bundle again")
      }
      let descriptor = try FileReading.open(name, below: bundle, followingLinks: false)
      guard try FileReading.size(of: descriptor, place: name) >= bytes.count else {
        throw CertificateError(
          .truncated, at: name, "the manifest ends early", fix: "obtain the bundle again")
      }
      var found: [UInt8] = []
      try FileReading.read(descriptor, size: bytes.count, place: name) { found.append(contentsOf: $0) }
      guard found == bytes else {
        throw CertificateError(
          code, at: name, "the manifest is not that of the certificate", fix: "obtain the bundle again")
      }
    }
    for name in names where BundleLayout.files.contains(name) && !expected.contains(name) {
      throw CertificateError(
        .modelManifest, at: name, "the certificate lists no models and the bundle a manifest of them",
        fix: "remove it")
    }
  }

  private func checkNames(
    _ present: [RelativePath: Int], _ records: [FileRecord], _ group: BundleGroup
  ) throws(CertificateError) {
    let listed = Set(records.map(\.name))
    for record in records where present[record.name] == nil {
      throw CertificateError(
        group.missingCode, at: "\(group.rawValue)/\(record.name)", "the file is absent from the bundle",
        fix: group == .models
          ? "give with `--models` the folder below which the model files lie by these names"
          : "obtain the bundle again")
    }
    for name in present.keys.sorted() where !listed.contains(name) {
      throw CertificateError(
        group.surplusCode, at: "\(group.rawValue)/\(name)", "the certificate does not list this file",
        fix: "remove it, or obtain the bundle again")
    }
  }

  private func checkContents(
    _ records: [FileRecord], _ group: BundleGroup, sizes: [RelativePath: Int]?
  ) throws(CertificateError) {
    // When the sizes are a rearrangement of the declared ones, files may have exchanged names: then every file
    // is read whole, since the better message is worth more than the earlier one.
    let isRearranged = sizes.map { $0.values.sorted() == records.map(\.size).sorted() } ?? false
    var found: [ContentDigest] = []
    for record in records {
      let size = isRearranged ? sizes?[record.name] : nil
      found.append(try read(record, of: group, size: size) { _ in })
    }
    guard let (record, _) = zip(records, found).first(where: { $0.digest != $1 }) else { return }
    if found.sorted() == records.map(\.digest).sorted(), records.count > 1 {
      throw CertificateError(
        group == .evidence ? group.digestCode : group.missingCode, at: "\(group.rawValue)/\(record.name)",
        "files have exchanged their names", fix: "obtain the bundle again")
    }
    throw changed(record, of: group)
  }
}
