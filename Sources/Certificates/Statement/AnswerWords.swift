extension CompliancePredicate {
  /// Counts of the recorded verdicts, `2 proved, 1 refuted`: a valid certificate need not say that anything holds.
  package var summary: String {
    let verdicts = properties.map(\.verdict)
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = verdicts.count { $0 == verdict }
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }
    return counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
  }
}

extension PropertyRecord {
  /// The verdict, with the grade of the evidence where something was decided.
  package var answer: String {
    verdict == .unknown ? verdict.rawValue : "\(verdict.rawValue) (\(grade.rawValue))"
  }
}
