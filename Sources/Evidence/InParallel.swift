extension Array where Element: Sendable {
  /// Applies `body` to parts of the elements at once; results stand in the elements' order.
  package func inParallel<Result: Sendable>(
    parts: Int, _ body: @escaping @Sendable (ArraySlice<Element>) -> [Result]
  ) async -> [Result] {
    guard parts > 1 else { return body(self[...]) }
    return await withTaskGroup(of: (Int, [Result]).self) { group in
      for part in 0..<parts {
        let slice = self[part * count / parts..<(part + 1) * count / parts]
        group.addTask { (part, body(slice)) }
      }
      var collected = [[Result]](repeating: [], count: parts)
      for await (part, results) in group { collected[part] = results }
      return collected.flatMap { $0 }
    }
  }
}
