/// The values of the condition inputs at every step, first executed step first.
package struct StepConditions: Hashable, Sendable {
  /// One list for each step; a list holds one index for each condition input.
  package let values: [[Int]]

  /// Makes conditions from explicit values, first executed step first.
  package init(values: [[Int]]) { self.values = values }

  /// The same conditions at every step.
  package init(constant values: [Int], steps: Int) {
    self.values = [[Int]](repeating: values, count: max(steps, 0))
  }

  /// Attribute switching: the first `position` steps run with the given value of a two-valued attribute, the
  /// rest with the other one.
  ///
  /// - Parameters:
  ///   - values: conditions of the first steps.
  ///   - attribute: which condition is switched.
  ///   - position: number of steps before the switch, `0 ... steps`.
  /// - Throws: `condition` unless the attribute exists, has the value 0 or 1 and the position is in range.
  package init(
    switching values: [Int], attribute: Int, at position: Int, steps: Int
  ) throws(DiffusionError) {
    guard values.indices.contains(attribute), [0, 1].contains(values[attribute]) else {
      throw DiffusionError(
        .condition, "condition \(attribute) is not a two-valued attribute",
        fix: "switch an attribute of values 0 and 1")
    }
    guard steps >= 0, (0...steps).contains(position) else {
      throw DiffusionError(.condition, "the switch after \(position) steps lies outside \(steps) steps")
    }
    var switched = values
    switched[attribute] = 1 - values[attribute]
    self.values = (0..<steps).map { $0 < position ? values : switched }
  }
}
