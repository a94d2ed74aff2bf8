import Inference
import TensorGraph

/// A point with the value of an objective.
struct Candidate: Hashable, Sendable {
  let point: [Double]
  let value: Double
  /// Position of the quantity that decides the value; nil for a constant objective.
  let quantity: Int?
}

/// Makes an objective small over a box: evaluates many points, lets the best descend, polishes the best of those.
///
/// Everything is a function of graph, objective, box, starting points and budget.
struct CaseAttack {
  /// Told of the best point of every batch; answers whether to stop.
  typealias Inspector = (Candidate) throws(GraphError) -> Bool

  let box: DoubleBox
  let objective: Objective
  let starts: StartingPoints
  let budget: AttackBudget
  private let deadline: ContinuousClock.Instant?
  private(set) var isStopped = false
  private var program: BatchProgram
  /// Points evaluated together; every node of the graph keeps two numbers for each.
  private let batchLimit: Int

  init(
    _ graph: Graph, objective: Objective, box: DoubleBox, starts: StartingPoints, budget: AttackBudget,
    deadline: ContinuousClock.Instant? = nil
  ) {
    self.deadline = deadline
    self.box = box
    self.objective = objective
    self.starts = starts
    self.budget = budget
    program = BatchProgram(graph)
    let numbers =
      graph.nodes.reduce(0) { $0 + $1.shape.count } + objective.bank.quantities.count + 1
    batchLimit = max(1, min(256, (1 << 22) / numbers))
  }

  /// Evaluates starting points; the ones to descend from, best first.
  mutating func scan(given: [[Double]], _ inspect: Inspector) throws(GraphError) -> [Candidate] {
    let points = starts.points(budget.scanned, given: given)
    let candidates = try evaluate(points, inspect)
    let ranked = candidates.indices.sorted {
      candidates[$0].value != candidates[$1].value ? candidates[$0].value < candidates[$1].value : $0 < $1
    }
    // Two thirds of the descents start from the best points; given ones and those in order of drawing get the
    // rest, since the best points often crowd around one place.
    let best = ranked.prefix(max(1, budget.descents * 2 / 3))
    var chosen = Array(best)
    var taken = Set(best)
    for index in candidates.indices where chosen.count < budget.descents && taken.insert(index).inserted {
      chosen.append(index)
    }
    return chosen.map { candidates[$0] }
  }

  /// Descends from candidates and polishes; end points, best first.
  mutating func refine(_ candidates: [Candidate], _ inspect: Inspector) throws(GraphError) -> [Candidate] {
    var ends: [Candidate] = []
    var start = 0
    while start < candidates.count {
      let group = Array(candidates[start..<min(candidates.count, start + batchLimit)])
      ends += isStopped ? group : try descend(group, inspect)
      start += group.count
    }
    ends = Self.ranked(ends)
    let polished = isStopped ? [] : try polish(Array(ends.prefix(budget.polished)), inspect)
    return Self.ranked(polished + ends)
  }

  /// Evaluates flat points and shows the best of each batch to the inspector.
  mutating func evaluate(_ points: [Double], _ inspect: Inspector) throws(GraphError) -> [Candidate] {
    let dimension = box.dimension
    let total = points.count / dimension
    var candidates: [Candidate] = []
    candidates.reserveCapacity(total)
    var start = 0
    while start < total {
      let batch = min(batchLimit, total - start)
      let slice = Array(points[start * dimension..<(start + batch) * dimension])
      let outputs = try program.values(inputs: slice, batch: batch)
      let values = objective.values(outputs, batch: batch)
      let group = (0..<batch).map { item in
        Candidate(
          point: Array(slice[item * dimension..<(item + 1) * dimension]), value: values[item].value,
          quantity: values[item].quantity)
      }
      try show(group, inspect)
      candidates += group
      start += batch
    }
    return candidates
  }

  /// Values, decisions and gradients of the objective at flat points, at most `batchLimit` of them.
  mutating func gradients(
    _ points: [Double], batch: Int
  ) throws(GraphError) -> (values: [Objective.Value], gradients: [Double]) {
    let width = program.outputCount
    let outputs = try program.values(inputs: points, batch: batch)
    let values = objective.values(outputs, batch: batch)
    var upstream = [Double](repeating: 0, count: batch * width)
    for (item, value) in values.enumerated() {
      guard let quantity = value.quantity else { continue }
      objective.bank.addGradient(
        quantity, outputs[item * width..<(item + 1) * width], factor: value.sign, to: &upstream,
        at: item * width)
    }
    return (values, try program.gradient(inputs: points, batch: batch, upstream: upstream).inputGradients)
  }

  /// Shows the best of some candidates, the first among equals.
  mutating func show(_ group: [Candidate], _ inspect: Inspector) throws(GraphError) {
    guard !isStopped else { return }
    if Task.isCancelled || deadline.map({ ContinuousClock.now >= $0 }) ?? false {
      isStopped = true
      return
    }
    if let best = group.min(by: { $0.value < $1.value }) { isStopped = try inspect(best) }
  }

  /// Best first, without repetitions of a point, otherwise in the given order.
  static func ranked(_ candidates: [Candidate]) -> [Candidate] {
    let order = candidates.indices.sorted {
      candidates[$0].value != candidates[$1].value ? candidates[$0].value < candidates[$1].value : $0 < $1
    }
    var seen: Set<[Double]> = []
    return order.compactMap { seen.insert(candidates[$0].point).inserted ? candidates[$0] : nil }
  }
}
