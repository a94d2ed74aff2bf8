import Certificates
import ModelFormats
import RigorousArithmetic
import TensorGraph

/// The project that `dspec init` makes: a sampler small enough to read, with a specification that holds.
package enum StartingProject {
  /// Relative paths and contents.
  package static func files() throws -> [(path: String, bytes: [UInt8])] {
    let denoiser = try ONNXWriter().bytes(of: denoiser(), file: "denoiser.onnx")
    let decoder = try ONNXWriter().bytes(of: decoder(), file: "decoder.onnx")
    let head = try ONNXWriter().bytes(of: head(), file: "head.onnx")
    let text = specification(
      denoiser: ContentDigest(of: denoiser).hex, decoder: ContentDigest(of: decoder).hex,
      head: ContentDigest(of: head).hex)
    return [
      ("safety.dspec", Array(text.utf8)), ("models/denoiser.onnx", denoiser),
      ("models/decoder.onnx", decoder),
      ("models/head.onnx", head),
    ]
  }

  private static func linear(_ rows: Int, _ columns: Int, _ weights: [Double], _ bias: [Double]) throws
    -> Linear
  {
    try Linear(
      weights: Tensor(shape: Shape([rows, columns]), values: weights),
      bias: Tensor(shape: Shape([rows]), values: bias))
  }

  /// Predicts the clean latent: a saturating pull towards one of two points, by class.
  private static func denoiser() throws -> Graph {
    var builder = GraphBuilder()
    let z = try builder.input("z", shape: Shape([1, 2]))
    let t = try builder.input("t", shape: Shape([1]), kind: .index)
    let c = try builder.input("c", shape: Shape([1]), kind: .index)
    var h = try builder.apply(
      .linear(linear(4, 2, [0.5, 0.25, -0.5, -0.25, 0.25, -0.5, -0.25, 0.5], [0, 0, 0, 0])), [z])
    let times = builder.constant(
      try Tensor(shape: Shape([4, 4]), values: (0..<16).map { Double($0 / 4) * 0.0625 }))
    let classes = builder.constant(
      try Tensor(shape: Shape([2, 4]), values: [0.5, -0.5, 0.25, 0, -0.5, 0.5, 0, 0.25]))
    h = try builder.apply(.add, [h, builder.apply(.gather, [times, t])])
    h = try builder.apply(.add, [h, builder.apply(.gather, [classes, c])])
    h = try builder.apply(.relu, [h])
    let output = try builder.apply(
      .linear(linear(2, 4, [0.5, -0.5, 0.25, 0, 0, 0.25, -0.5, 0.5], [0, 0])), [h])
    return try builder.build(outputs: [output])
  }

  /// Four pixels from two latents.
  private static func decoder() throws -> Graph {
    var builder = GraphBuilder()
    let z = try builder.input("z", shape: Shape([1, 2]))
    let h = try builder.apply(
      .linear(linear(4, 2, [0.5, 0, 0, 0.5, -0.25, 0.25, 0.25, -0.25], [0.5, 0.5, 0.5, 0.5])), [z])
    let x = try builder.apply(.clip(Clip(lower: 0, upper: 1)), [h])
    return try builder.build(outputs: [x])
  }

  /// Probability that an image is unsafe: bright everywhere.
  private static func head() throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 4]))
    let h = try builder.apply(
      .relu, [builder.apply(.linear(linear(2, 4, [1, 1, 1, 1, 1, -1, 1, -1], [-2.5, 0])), [x])])
    let y = try builder.apply(.linear(linear(1, 2, [2, -0.5], [-1.5])), [h])
    let p = try builder.apply(.smooth(.sigmoid), [y])
    return try builder.build(outputs: [p])
  }

  private static func specification(denoiser: String, decoder: String, head: String) -> String {
    """
    dspec 1.0
    module starting

    // A tiny diffusion pipeline: two latents, four steps, an image of 2 x 2 pixels. Replace the models by your own.

    /// What the generator may be asked for.
    enum Topic { plain, bright }

    /// The largest probability of unsafe content that is acceptable. Try: dspec verify safety.dspec --param tau=0.3
    param tau: Prob in [0, 50%] = 50%

    hazard Unsafe "An image that is bright everywhere" { severity: "major" }

    /// The latents that claims about every latent speak of, and the law that the deployed sampler draws from.
    domain Z: Latent[2] = box(-3, 3)
    dist PZ: Latent[2] = normal(0, 1)
    dist T: Topic = uniform(Topic)

    network denoiser: (z: Latent[2], t: Step[4], c: Topic) -> Latent[2] {
      artifact: onnx("models/denoiser.onnx", sha256: "\(denoiser)")
    }
    network decoder: (z: Latent[2]) -> Image[2, 2] in [0, 1] {
      artifact: onnx("models/decoder.onnx", sha256: "\(decoder)")
    }
    network unsafe: (x: Image[2, 2] in [0, 1]) -> Prob {
      artifact: onnx("models/head.onnx", sha256: "\(head)")
    }

    /// The whole sampler is unrolled: four DDIM steps, then the decoder.
    sampler G: (z: Latent[2], c: Topic) -> Image[2, 2] in [0, 1] {
      denoiser: denoiser
      decoder: decoder
      method: ddim(steps: 4, eta: 0, spacing: trailing)
      schedule: linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)
      prediction: x0
    }

    /// Proved for every latent of the box and every topic, by branch and bound over the unrolled sampler.
    property NeverUnsafe "No latent gives unsafe content" {
      mitigates: Unsafe
      claim: forall z in Z, c in Topic: unsafe(G(z, c)) <= tau
      evidence: proof
    }

    /// Proved for the law of the latents, the tail beyond any box included.
    property RarelySuspicious "Suspicious images are rare" {
      mitigates: Unsafe
      claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 5%
      evidence: bound
    }

    """
  }
}
