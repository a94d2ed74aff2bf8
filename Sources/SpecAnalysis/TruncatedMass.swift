import DSpecSemantics
import Diagnostics
import RigorousArithmetic

/// What a truncated law leaves out, against the bound of the claim that uses it.
enum TruncatedMass {
  /// A warning where a claim of a small probability speaks of a truncated law, and truncation removed more mass than the
  /// bound: outputs that the deployed law yields more often than the bound allows are not looked at.
  static func problem(of property: Property) -> Diagnostic? {
    guard case .measure(let claim) = property.claim, case .probability = claim.measure else { return nil }
    let limits = claim.bounds.filter { $0.comparison == .less || $0.comparison == .lessOrEqual }.map(\.bound)
    guard let limit = limits.min() else { return nil }
    for binder in claim.binders {
      guard case .law(.product(_, let coordinates), _) = binder.source else { continue }
      let lost = lost(coordinates)
      guard lost > limit.enclosure.upper else { continue }
      return Diagnostic(
        .truncatedMass,
        "truncation takes \(percent(lost)) of the normal mass of `\(binder.name)`, more than the bound "
          + "\(limit.sourceText)", at: binder.span,
        notes: [DiagnosticNote("`\(property.name)` is declared here", at: property.span)],
        help: "widen the box, or draw from the law without `truncated`")
    }
    return nil
  }

  /// A lower bound of the mass that truncation removes.
  static func lost(_ coordinates: [CoordinateLaw]) -> Double {
    var kept = Interval(1)
    for coordinate in coordinates {
      guard case .truncatedNormal(let mean, let deviation, let lower, let upper) = coordinate else {
        continue
      }
      let low = (lower.enclosure - mean.enclosure) / deviation.enclosure
      let high = (upper.enclosure - mean.enclosure) / deviation.enclosure
      guard low.lower < high.upper else { continue }
      let mass = NormalMass.mass(from: low.lower, to: high.upper)
      kept = kept * Interval(0, Swift.max(0, mass.upper))
    }
    return Swift.max(0, (Interval(1) - kept).lower)
  }

  private static func percent(_ value: Double) -> String {
    let scaled = (value * 1000).rounded(.down) / 10
    return scaled >= 0.1 ? "\(scaled)%" : "less than 0.1%"
  }
}
