import Falsification
import Lowering

/// Search for a violating point before anything is proved.
enum Attack {
  static func witness(_ lowered: LoweredProperty) throws -> (caseIndex: Int, point: [Double])? {
    try WitnessSearch(lowered.obligation)?.run()
  }

  /// The extreme value of the compared quantities that is attained.
  static func extreme(_ lowered: LoweredProperty, isUpper: Bool) throws -> Double? {
    try WitnessSearch(lowered.obligation)?.extreme(isUpper: isUpper)?.value
  }
}
