package import Certificates

/// Whether a property stands, as everyone who acts on a report needs to know it.
package enum Standing: Hashable, Sendable {
  /// It holds, by evidence of the grade asked for.
  case holds
  /// It is refuted or contradicted.
  case violated
  /// It holds by weaker evidence than the specification accepts.
  case belowGrade
  /// It is unknown, vacuous or undefined.
  case open
  /// The certificate does not answer it.
  case unanswered

  /// The standing of an answer.
  package init(_ verdict: Verdict, _ grade: Grade, requested: Grade) {
    if verdict.isNegative {
      self = .violated
    } else if verdict.isPositive {
      self = grade.satisfies(requested) ? .holds : .belowGrade
    } else {
      self = .open
    }
  }

  /// A sign that tells standings apart without colour.
  package var sign: String {
    switch self {
    case .holds: "✓"
    case .violated: "✗"
    case .belowGrade, .open: "?"
    case .unanswered: "–"
    }
  }

  /// The class of styles.
  package var style: String {
    switch self {
    case .holds: "holds"
    case .violated: "violated"
    case .belowGrade, .open: "open"
    case .unanswered: "unanswered"
    }
  }
}
