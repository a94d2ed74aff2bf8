import ArgumentParser

/// How much `--exact` derives again.
enum ExactAmount: Hashable, Sendable, ExpressibleByArgument {
  /// So many drawn leaves.
  case leaves(Int)
  /// Every answer that rests on leaves.
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument) {
      self = .leaves(count)
    } else {
      return nil
    }
  }

  static let allValueStrings = ["all"]
}
