/// What is wrong with a schedule, a sampler or the graphs that a sampler is made of.
package struct DiffusionError: Error, Hashable, CustomStringConvertible {
  /// The kind of defect, stable across releases.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// Parameters of a noise schedule outside their range.
    case schedule
    /// A number of steps or a timestep that the schedule does not have.
    case timesteps
    /// A coefficient table that is not the one of its formula.
    case coefficients
    /// A network whose inputs or outputs do not fit the sampler.
    case signature
    /// A condition outside the network's table, or of the wrong number.
    case condition
    /// A graph that cannot be built or evaluated.
    case graph
  }

  /// The kind of defect.
  package let code: Code
  /// What is wrong.
  package let problem: String
  /// What to do about it; may be empty.
  package let fix: String

  /// Makes an error.
  package init(_ code: Code, _ problem: String, fix: String = "") {
    self.code = code
    self.problem = problem
    self.fix = fix
  }

  package var description: String { problem + (fix.isEmpty ? "" : "; \(fix)") }
}
