import BranchAndBound
import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
package import Verifier

/// Certificates about the starting project, with a property for every kind of evidence that the language gives rise to.
package enum PipelineProperty: String, CaseIterable, Sendable {
  /// Proved for every latent of a box and every topic.
  case neverUnsafe = "NeverUnsafe"
  /// A probability, by masses of leaves.
  case rarely = "RarelySuspicious"
  /// Refuted by a witness.
  case neverBright = "NeverBright"
  /// A probability, supported by samples.
  case seldom = "Seldom"
  /// Proved on a disc, with cells outside of it.
  case inDisc = "InDisc"
  /// Proved of whatever single precision computes.
  case computed = "Computed"
  /// A distance from records of a data file.
  case far = "FarFromRecords"
  /// Left open: one cell, of which nothing is claimed.
  case open = "Open"

  /// The declarations that the starting project does not have.
  var declaration: String {
    let unsafe = "unsafe(G(z, Topic.plain))"
    switch self {
    case .neverUnsafe, .rarely: return ""
    case .neverBright:
      return
        "property NeverBright { claim: forall z in Z: unsafe(G(z, Topic.bright)) <= 17% evidence: proof }"
    case .seldom:
      return """
        property Seldom {
          claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 5%
          evidence: sampled(n: 2000, confidence: 99%)
        }
        """
    case .inDisc:
      return """
        domain Disc: Latent[2] = ball(center: [0, 0], radius: 2, norm: l2)
        property InDisc { claim: forall z in Disc: \(unsafe) <= tau evidence: proof }
        """
    case .computed:
      return """
        property Computed {
          claim: forall z in Z: \(unsafe) <= tau
          arithmetic: float32(any_order)
          evidence: proof
        }
        """
    case .far:
      return """
        dataset Records: Image[2, 2] in [0, 1] {
          artifact: idx("data/records.idx3-ubyte", sha256: "\(ContentDigest(of: PipelineBundle.records).hex)")
          scale: 1/16
          rows: range(0, 2)
        }
        property FarFromRecords {
          claim: forall z in Z, x in Records: l2(G(z, Topic.plain), x) >= 1/4
          evidence: proof
        }
        """
    case .open: return "property Open { claim: forall z in Z: \(unsafe) <= 45% evidence: proof }"
    }
  }
}

package enum PipelineBundle {
  /// Two images of 2 x 2 pixels in bytes, white everywhere and white but for a grey pixel.
  static let records: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + [16, 16, 16, 16, 15, 16, 16, 16]

  /// A bundle with answers to some properties.
  ///
  /// - Parameter change: what else becomes of the text of the specification.
  package static func make(
    _ properties: [PipelineProperty], changing change: (String) -> String = { $0 }
  ) async throws -> ValidBundle {
    try await ValidBundle.inTemporaryFolder { folder in
      let project = try project(properties, in: folder, changing: change)
      let library = try project.library()
      let lowering = SpecLowering(project.spec, library)
      var outcomes: [PropertyOutcome] = []
      for property in project.spec.properties {
        let run = PropertyRun(budget: SearchBudget(nodes: 20_000, workers: 1))
        let lowered = try lowering.lower(property)
        if property.name == PipelineProperty.open.rawValue {
          outcomes.append(open(property, lowered))
        } else {
          outcomes.append(await run.decide(lowered))
        }
      }
      let holder = try ValidBundle.holder()
      let path = folder + "/out.dcert"
      _ = try CertificateAssembly(project, library, outcomes).write(
        to: path, key: holder.key, issuedAt: ValidBundle.issuedAt)
      return try ValidBundle(at: path, holder: holder)
    }
  }

  private static func open(_ property: Property, _ lowered: LoweredProperty) -> PropertyOutcome {
    var outcome = PropertyOutcome(property, lowered: lowered, verdict: .unknown, grade: .proof)
    outcome.evidence = .trees([SplitTree(lower: [-3, -3], upper: [3, 3], nodes: [0x8f])])
    outcome.leaves = 1
    return outcome
  }

  /// The starting project in a folder, with the declarations of some properties.
  package static func project(
    _ properties: [PipelineProperty], in folder: String, changing change: (String) -> String = { $0 }
  ) throws -> Project {
    var files = try StartingProject.files()
    if properties.contains(.far) { files.append(("data/records.idx3-ubyte", records)) }
    for (path, bytes) in files {
      let place = URL(fileURLWithPath: folder).appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      var bytes = bytes
      if path.hasSuffix(".dspec") {
        var text = String(decoding: bytes, as: UTF8.self)
        for (absent, comment) in [
          (PipelineProperty.neverUnsafe, "    /// Proved for every latent"),
          (.rarely, "    /// Proved for the law"),
        ] where !properties.contains(absent) {
          text = without(absent.rawValue, comment: comment.drop { $0 == " " }, text)
        }
        text += properties.map { $0.declaration + "\n" }.joined()
        bytes = Array(change(text).utf8)
      }
      try Data(bytes).write(to: place)
    }
    return try Project(path: folder + "/safety.dspec", parameters: [:])
  }

  /// The text without a property and the comment that starts so.
  private static func without(_ property: String, comment: Substring, _ text: String) -> String {
    guard let start = text.range(of: comment), let end = text[start.lowerBound...].range(of: "\n}\n") else {
      return text
    }
    return text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "")
  }
}

extension PipelineBundle {
  /// A proof about a network whose file is a network of another name, too, and a dataset that is not read.
  package static func namesakes() async throws -> ValidBundle {
    try await make([.neverUnsafe]) { text in
      let artifact = "models/head.onnx"
      return text.replacing(
        "\nnetwork unsafe",
        with: "\nnetwork decoy: (x: Image[2, 2]) -> Prob { artifact: onnx(\"\(artifact)\") }\nnetwork unsafe",
        maxReplacements: 1)
        + "dataset Notes: Image[2, 2] { artifact: npy(\"\(artifact)\") }\n"
    }
  }

  /// A proof, at one latent, whose threshold is met by so little that what single precision may lose exceeds it.
  package static func tight() async throws -> ValidBundle {
    let loose = try await make([]) {
      $0 + """
        domain F: Latent[2] = points([1.25, -0.5])
        property Tight {
          claim: forall z in F: unsafe(G(z, Topic.bright)) <= 99%
          evidence: proof
        }

        """
    }
    guard let text = loose.statement.value(at: "predicate/properties/0/bounds/upper")?.stringValue,
      let logit = Double(text), let path = loose.image.paths.first(where: { $0.hasSuffix(".dspec") })
    else { throw EditFailure("the proof has no bound") }
    var image = loose.image
    // The bound is of the argument of a logistic function.
    let threshold = (1 / (1 + exp(-logit))) * (1 + 1e-12)
    let specification = String(decoding: image[path] ?? [], as: UTF8.self)
    image[path] = Array(specification.replacing("<= 99%", with: "<= \(threshold)").utf8)
    let statement = try DerivedStatement(image, loose.statement).statement
    return try ValidBundle(sealing: image, statement, by: loose.holder)
  }
}
