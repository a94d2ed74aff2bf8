/// How a leaf was closed; the raw value is its byte in a split tree.
package enum LeafRule: UInt8, Hashable, Sendable, CaseIterable {
  /// Interval arithmetic through the graph.
  case interval = 0x80
  /// Step-reduced zonotope, with half spaces where a probability is asked.
  case zonotope = 0x81
  /// The zonotope, then linear bounds by substituting backwards over its intermediate bounds, with half spaces likewise.
  case linearBounds = 0x82
  /// Interval arithmetic through the graph, every single operation rounded outwards by itself.
  ///
  /// Where sums and products of the cell's ends are doubles it is exact, so that it closes cells on which a bound is
  /// attained; the other rules add bounds of rounding errors whether any occurred or not.
  case attained = 0x83
  /// The zonotope, then linear bounds of every undecided operand by substituting backwards, then of the output.
  case fullLinearBounds = 0x84
  /// Full linear bounds, then splits on the phases of rectifiers, which are written beside the tree, see `PhaseRule`.
  case phases = 0x85
  /// The zonotope, with weights for the atoms of clauses, see `WeighedClauses.swift`.
  case weighedZonotope = 0x86
  /// The zonotope, then linear bounds of the output and of weighted sums by substituting backwards.
  case weighedLinearBounds = 0x87
  /// No point of the cell lies in the region, by `CompiledBall`.
  case outside = 0x8e
  /// Nothing is claimed of the cell: its mass counts as undecided.
  case open = 0x8f

  /// Whether the rule bounds quantities on a cell without anything else.
  package var bounds: Bool { self != .open && self != .phases && self != .outside }

  /// Whether the rule substitutes backwards over what a zonotope has recorded.
  package var substitutes: Bool {
    self == .linearBounds || self == .fullLinearBounds || self == .weighedLinearBounds
  }

  /// Whether the rule weighs the atoms of clauses.
  package var weighs: Bool { self == .weighedZonotope || self == .weighedLinearBounds }

  /// The rule's name for people.
  package var title: String {
    switch self {
    case .interval: "intervals"
    case .zonotope: "step-reduced zonotope"
    case .linearBounds: "zonotope with linear bounds"
    case .attained: "intervals rounded one by one"
    case .fullLinearBounds: "linear bounds of every layer"
    case .phases: "splits on phases of rectifiers"
    case .weighedZonotope: "zonotope, alternatives weighed together"
    case .weighedLinearBounds: "linear bounds, alternatives weighed together"
    case .outside: "outside of the region"
    case .open: "left open"
    }
  }
}
