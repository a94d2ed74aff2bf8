package import Certificates
package import Evidence
package import Lowering
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// What a certificate says of a network and a VNN-LIB file, derived from the two files.
///
/// The claim is that no input of the file's boxes meets its formula. Each box is an obligation of its own. Evidence that
/// it holds is one tree a box, in the boxes' order; evidence that it does not is a point of one of them.
package struct NetworkQuestion: Sendable {
  /// A file under the name that a certificate gives it.
  package struct File: Hashable, Sendable {
    /// The name, without folders.
    package let name: String
    /// The content.
    package let bytes: [UInt8]

    /// Names a content.
    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The network's file.
  package let network: File
  /// The VNN-LIB file.
  package let property: File
  /// What the two files ask.
  package let instance: VNNLIBInstance

  /// The question of two files that were read.
  package init(network: File, property: File, instance: VNNLIBInstance) {
    self.network = network
    self.property = property
    self.instance = instance
  }

  // MARK: Answers

  /// What evidence shows.
  package struct Shown: Sendable {
    /// `proved`, `refuted`, or `unknown` where a tree leaves cells open.
    package let verdict: Verdict
    /// Leaves of all trees.
    package let leaves: Int
    /// What was replayed of the leaves; nil for all of them.
    package var replayed: (leaves: Int, part: ReplayedPart)?
  }

  /// Checks evidence by the rules of the checker.
  ///
  /// - Parameter choice: The chunks to replay; nil for all of them.
  /// - Throws: `ReplayError` at the first step that does not hold.
  package func check(
    _ evidence: ProofEvidence, workers: Int, choice: DrawnChoice? = nil, state: ReplayState? = nil
  ) async throws(ReplayError) -> Shown {
    let queries = instance.queries
    switch evidence {
    case .witness(let box, let point):
      guard queries.indices.contains(box) else {
        throw ReplayError(
          .witness, step: property.name, "the witness names box \(box) of \(queries.count)")
      }
      let checked = try await EvidenceCheck.check(
        queries[box].obligation, .witness(caseIndex: 0, point: point), plan: nil, workers: workers)
      guard checked.holds == false else {
        throw ReplayError(.witness, step: property.name, "the claim is not violated at the witness")
      }
      return Shown(verdict: .refuted, leaves: 0)
    case .trees(let trees):
      guard trees.count == queries.count else {
        throw ReplayError(
          .treeShape, step: property.name, "\(trees.count) trees for \(queries.count) boxes of inputs")
      }
      var isProved = true
      var leaves = 0
      var selection: ChunkSelection?
      if let choice { selection = try ChunkSelection(choice, trees, step: property.name) }
      for (query, tree) in zip(queries, trees) {
        let checked = try await EvidenceCheck.check(
          query.obligation, .trees([tree]), plan: nil, workers: workers, chunks: selection, state: state)
        isProved = isProved && checked.holds == true
        leaves += checked.leaves
        selection = checked.chunks ?? selection
      }
      return Shown(
        verdict: isProved ? .proved : .unknown, leaves: leaves,
        replayed: selection.map { ($0.leaves, $0.part) })
    case .samples:
      throw ReplayError(
        .evidenceKind, step: property.name, "evidence of this kind does not answer the question")
    }
  }

  // MARK: Records

  /// Most inputs that a record of a refutation spells out.
  private static let spelledInputs = 32

  /// The record of an answer.
  ///
  /// - Parameters:
  ///   - obligation: `obligation`, which takes a while to compute.
  ///   - evidence: Nil where nothing is decided.
  ///   - files: The files that hold the evidence.
  package func record(
    _ verdict: Verdict, of obligation: ContentDigest, evidence: ProofEvidence? = nil,
    files: [FileRecord] = [], leaves: Int = 0, nodes: Int = 0, note: String? = nil
  ) -> PropertyRecord {
    var details = ["boxes": "\(instance.queries.count)"]
    switch verdict {
    case .proved: details["answer"] = "unsat"
    case .refuted: details["answer"] = "sat"
    default: details["answer"] = "unknown"
    }
    if case .witness(let box, let point)? = evidence, instance.queries.indices.contains(box) {
      let query = instance.queries[box]
      if point.count == query.coordinates.count, query.box.count <= Self.spelledInputs {
        details["inputs"] = query.inputs(at: point).map { $0.exactDecimal ?? $0.description }
          .joined(separator: " ")
      }
    }
    var chunks: ChunkRecord?
    if case .trees(let trees)? = evidence { chunks = (try? EvidenceChunks(trees))?.record }
    return PropertyRecord(
      id: property.name, title: "",
      text: "no input within the boxes of `\(property.name)` meets its formula with the output of "
        + "`\(network.name)`",
      formula: ContentDigest(of: property.bytes), obligation: obligation, verdict: verdict,
      grade: evidence == nil ? .attacked : .proof, requestedGrade: .proof, evidence: files, leaves: leaves,
      nodes: nodes, note: note, details: details, chunks: chunks)
  }

  /// Digest of the canonical bytes of every box's obligation, in order.
  package var obligation: ContentDigest {
    var bytes = Array("dspec vnnlib 1\n".utf8)
    for query in instance.queries { bytes += ContentDigest(of: query.obligation.canonicalBytes).bytes }
    return ContentDigest(of: bytes)
  }

  /// What every certificate about the two files says of its reach.
  package var scope: [String] {
    let (inputs, outputs) = (instance.graph.inputCount, instance.graph.outputShapes[0].count)
    return [
      "real-number semantics of the network `\(network.name)`; inputs: \(inputs), outputs: \(outputs)",
      "`\(property.name)` as VNN-LIB 1.0: numbers are the decimals written, strict comparisons are strict; boxes of "
        + "inputs that are not empty: \(instance.queries.count)",
      "proved means unsat: no input of these boxes meets the formula; refuted means sat: some input does",
    ]
  }
}
