import BuiltPrograms
import Foundation
import Testing

/// Specifications of few lines through verification, replay, exact arithmetic and report.
private struct Chain {
  let verified: BuiltProgram.Result
  let replayed: BuiltProgram.Result
  let exact: BuiltProgram.Result
  let reported: BuiltProgram.Result
  let inspected: BuiltProgram.Result

  init(_ text: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (path, key, bundle) = (folder + "/a.dspec", folder + "/k", folder + "/a.dcert")
    try Data(("dspec 1.0\nmodule m\n" + text).utf8).write(to: URL(fileURLWithPath: path))
    _ = try BuiltProgram.dspec.run(["keygen", "--out", key])
    verified = try BuiltProgram.dspec.run(
      ["verify", path, "--key", key + ".key.pem", "-o", bundle, "--nodes", "2000"])
    replayed = try BuiltProgram.replay.run([bundle, "--any-signer"])
    exact = try BuiltProgram.replay.run([bundle, "--any-signer", "--exact", "all"])
    reported = try BuiltProgram.dspec.run(["report", bundle, "-o", folder + "/a.html"])
    inspected = try BuiltProgram.dspec.run(["inspect", bundle])
  }
}

/// Numbers at and beyond the ends of the doubles: answers or reasons, never a trap, and what is signed replays.
@Suite struct ExtremeNumbersTests {
  @Test(arguments: [
    "domain Z: Latent[2] = box(-1.7e308, 1.7e308)\nproperty A { claim: forall z in Z: z[0] <= 1.75e308  evidence: proof }",
    "domain Z: Latent[2] = box(-1, 1)\nproperty A { claim: forall z in Z: z[0] >= -1.7e308  evidence: proof }",
    "domain Z: Latent[2] = box(-1, 1)\nproperty A { claim: forall z in Z: z[0] <= 1e400  evidence: proof }",
    "domain Z: Latent[2] = box(-1e400, 1e400)\nproperty A { claim: forall z in Z: z[0] <= 2e400  evidence: proof }",
    "domain Z: Latent[2] = box(1e-400, 2e-400)\nproperty A { claim: forall z in Z: z[0] > 0  evidence: proof }",
    "dist L: Latent[2] = normal(0, 1e308)\nproperty A { claim: P[z ~ L: z[0] <= 0] <= 0.6  evidence: bound }",
    "dist L: Latent[2] = normal(0, 1e400)\nproperty A { claim: P[z ~ L: z[0] <= 0] <= 0.6  evidence: bound }",
    "dist L: Latent[2] = normal(1e400, 1)\nproperty A { claim: P[z ~ L: z[0] <= 0] <= 0.6  evidence: bound }",
    "dist L: Latent[1] = normal(0, 1e-320)\nproperty A { claim: P[z ~ L: z[0] <= 0] <= 0.6  evidence: bound }",
    "domain Z: Latent[2] = box(-1.7e308, 1.7e308)\ndist L: Latent[2] = uniform(Z)\n"
      + "property A { claim: P[z ~ L: z[0] <= 0] <= 0.6  evidence: bound }",
    "dist L: Latent[1] = normal(0, 1)\n"
      + "property A { claim: P[z ~ L: z[0] <= 0] <= 60%  evidence: sampled(n: 1000, confidence: 2/3) }",
    "dist L: Latent[1] = normal(0, 1)\n"
      + "property A { claim: P[z ~ L: z[0] <= 0] <= 60%  evidence: sampled(n: 100, confidence: 1 - 1e-390) }",
  ])
  func everyProgramComesToAnEnd(text: String) throws {
    let chain = try Chain(text + "\n")
    #expect((0...2).contains(chain.verified.code), "\(chain.verified.errors)")
    #expect(chain.replayed.output.hasSuffix("valid\n"), "\(chain.replayed)")
    #expect(chain.reported.code == 0, "\(chain.reported.errors)")
  }
}

/// What a certificate says of its own reach.
@Suite struct ReachTests {
  @Test func vacuityIsShownAndNotOnlySaid() throws {
    let chain = try Chain(
      "domain Z: Latent[2] = box(-1, 1)\n"
        + "property V { claim: forall z in Z where z[0] * 2 + z[1] >= 4: z[0] <= -5  evidence: proof }\n")
    #expect(chain.verified.code == 2 && chain.verified.output.contains("vacuous"), "\(chain.verified)")
    #expect(chain.replayed.output.contains("vacuous (proof)  1 leaves"), "\(chain.replayed.output)")
    #expect(!chain.replayed.output.contains("as the issuer says"))
    #expect(chain.exact.output.contains("vacuous in exact arithmetic"), "\(chain.exact.output)")
    #expect(chain.reported.code == 0)
  }

  /// What is shown, recorded and replayed as a bound is one of the quantities that the claim writes, or there is none.
  @Test(arguments: [
    "z[0] / 10 <= 0", "z[0] / 10 + z[1] / 10 <= 0", "0 >= 0.001 * z[0]", "0 <= -z[0] / 3",
    "z[0] / 10 <= z[1] + 1", "1 - z[0] >= 1", "-z[0] >= 1/2", "z[0] + 1 <= 1", "z[0] <= z[1] + 1",
    "0 >= z[0] + z[1]",
  ])
  func multiplesHaveNoBounds(claim: String) throws {
    let chain = try Chain(
      "domain Z: Latent[2] = box(-1, -0.9)\nproperty A { claim: forall z in Z: \(claim)  evidence: proof }\n")
    #expect(chain.verified.code == 0 && chain.verified.output.contains(#/proved +- /#), "\(chain.verified)")
    #expect(!chain.inspected.output.contains("bounds "), "\(chain.inspected)")
    #expect(chain.replayed.output.contains(#/A  proved \(proof\)  \d+ leaves\n/#), "\(chain.replayed)")
    #expect(chain.reported.code == 0)
  }

  @Test func scopeNamesSetsAndLawsAsTheyAre() throws {
    let chain = try Chain(
      "enum Ink { light, heavy }\n"
        + "domain Two: Latent[2] = points([-4, -4], [4, 4])\n"
        + "domain Line: Latent[2] = slice(origin: 0, directions: [[1, 1]], lower: -4, upper: 4)\n"
        + "domain Near: Latent[2] in [-9, 9] = ball(center: 0, radius: 1/2, norm: linf)\n"
        + "domain Flat: Latent[2] = box([-4, 0], [4, 1/1000])\n"
        + "dist PZ: Latent[2] = normal(0, 2)\ndist S: Ink = categorical([Ink.light, Ink.heavy], [1/4, 3/4])\n"
        + "property A { claim: forall z in Two: z[0] - z[1] <= 1/2  evidence: proof }\n")
    for line in [
      "domain Two: 2 coordinates within [-4, 4], at 2 points", "on a slice along 1 of the directions",
      "domain Near: 2 coordinates within [-1/2, 1/2], in the linf ball of radius 1/2 around [0, 0]",
      "domain Flat: 2 coordinates within [-4, 4] x [0, 1/1000]",
      "law PZ: 2 independent coordinates, each normal with mean 0 and deviation 2",
      "law S: light 1/4, heavy 3/4",
    ] { #expect(chain.replayed.output.contains(line), "\(line) / \(chain.replayed.output)") }
  }

  @Test(arguments: [
    ("forall z in Z where z[0] >= 1/4: z[1] <= 10", 2, "not under a condition"),
    ("forall z in Z: 2 * z[0] <= 3", 2, "alone on one side"), ("forall z in Z: 1 - z[0] >= -1/2", 2, "alone"),
    ("forall z in Z: z[0] / 10 <= 0", 2, "alone"), ("forall z in Z: 0 >= z[0] / 10 - z[1] / 10", 2, "alone"),
    ("forall z in Z: -z[0] <= 0", 2, "alone"), ("forall z in Z: z[0] - z[0] <= 3 and z[1] <= 3", 2, "alone"),
    ("forall z in Z: z[0] <= 3", 0, "proved    <= 1.0"), ("forall z in Z: 3 >= z[0]", 0, "proved    <= 1.0"),
  ])
  func onlyWrittenQuantitiesAreTightened(claim: String, code: Int32, words: String) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).dspec")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(
      "dspec 1.0\nmodule m\ndomain Z: Latent[2] = box(-1, 1)\nproperty A { claim: \(claim)  evidence: proof }\n"
        .utf8
    ).write(to: URL(fileURLWithPath: path))
    let result = try BuiltProgram.dspec.run(["tighten", path, "--property", "A", "--nodes", "500"])
    #expect(result.code == code && (result.output + result.errors).contains(words), "\(result)")
  }
}
