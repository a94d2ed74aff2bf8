extension CompliancePredicate {
  /// What the certificate says of itself besides its answers, for people: what it supersedes, its model, judges, the
  /// seeds of its samples, and what it is evidence towards.
  package var identity: [String] {
    var lines = supersedes.map { "supersedes \($0)" }
    if let model {
      let weights = model.parameters.map { ", \($0) weights" } ?? ""
      let types = model.dtypes.isEmpty ? "" : " in \(model.dtypes.joined(separator: ", "))"
      lines.append("model: OMS root \(model.omsRoot)\(weights)\(types)")
    }
    for oracle in oracles { lines.append("oracle \(oracle.name): \(oracle.file)") }
    if let checkpoint = seedCheckpoint {
      lines.append(
        "seeds derive from the checkpoint with sha256 \(checkpoint.digest); by whom and when it was published is not shown"
      )
    }
    for mapping in mappings {
      lines.append(
        "\(mapping.framework), \(mapping.reference): \(mapping.text) "
          + "(\(mapping.properties.joined(separator: ", ")))")
    }
    return lines
  }
}
