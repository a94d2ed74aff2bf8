import Certificates
import DSpecSemantics
package import Diagnostics

/// The modules of the standard library as this version of the checker knows them.
///
/// A certificate holds the text of every module that its specification imports, and is replayed with that text. A reader who
/// sees `privacy.not_memorised(…)` in a claim takes it for the library's; so what stands under a library's name with
/// another text, be it of another version or made up, is named.
package enum StandardModules {
  /// SHA-256 of each file, by its path below the library's folder.
  package static let digests: [String: String] = [
    "hazards/aegis1.dspec": "f0808310584e954239ce8122c01732f4311c2d9f3e8cfa21cb9d94e1ce815710",
    "hazards/aegis2.dspec": "af5dcb973c9c8c0410c07bddecbc181706a3ad53f473824d2e62d25b5770b2f8",
    "hazards/ailuminate.dspec": "df3cd3dda8b9f627035ce6d25b1b05d9814f9609501b4a0f932abe2ab6bc28d3",
    "hazards/catastrophic.dspec": "f0691c31c107133b222349ec6adad5a147f8301ad6f6a8cee039634ee53e24c5",
    "hazards/crosswalk.dspec": "1c4f9423394d4e40ae5aecb6ad092fdaf873992465f4f94104904428f16e1bfd",
    "hazards/i2p.dspec": "ccb1ba7aa0b1881146f466ee8456b506cf8cc49489f785f32a97f9d711f79161",
    "hazards/incidents1m.dspec": "c678c6e0f869a271831d748f3d58de5c89807fd39335e50674edb73778828279",
    "hazards/laboratory.dspec": "9c6e800ea55863dd45c18538733bfb82847e1d736a49a5fb07aa0cc1854306f3",
    "hazards/ml_safety.dspec": "c7e9535483124c67289cbd2d2019a1afbc1c8541296f82616a97a8dbd732d35e",
    "hazards/riskcards.dspec": "53d11ed1d4facef0f4c99451c4bbf7c2acd0f81607f24701aa5987fe673895bc",
    "hazards/simple_safety_tests.dspec": "7f031464a51823cef75d8b869a771f70e78595e9e6fd294011844d7a06edb397",
    "hazards/two_factor.dspec": "7f32b0383cd6b3df809137587210040aeabe64d75e8b1bf85a1f1e83e6567c21",
    "hazards/unsafe_diffusion.dspec": "1cd92ef9f464de958780592c70c774d2a743301f54348d13c9a5b355727e46de",
    "hazards/unsafe_video.dspec": "3afb05a5c130002901ad580041d5312355be00ff57bd076e06421cdf92e2728a",
    "hazards/weidinger.dspec": "0b26b107b62f3f51d5eff1ddb8fd438d716198814c4588c52a25b060544328e9",
    "properties/content.dspec": "e01edf6a332a106e7c01a57b358da207951eafba09c86fd7af1ca84f1351b3e6",
    "properties/fairness.dspec": "ca4c9419db85e37c34d28dc13f1a989bb5e100ae990e18d8a71e1183ce4b1af2",
    "properties/mitigations.dspec": "9ad551ab73adebdc93e594fcad8a72b9c0c24a1b6c9cfce2b462bd297358ab68",
    "properties/privacy.dspec": "1a78d2fcc87863777e0ade541efa97f37b8ea96a2ead8d0a509aa384569c23f1",
  ]

  /// The files under the library's name that are none of its, in the order of the map.
  package static func foreign(in sources: SourceMap) -> [String] {
    let prefix = SourcePath.standardLibrary + "/"
    return sources.sourceFiles.filter { file in
      file.name.utf8.starts(with: prefix.utf8)
        && digests[String(file.name.dropFirst(prefix.count))] != ContentDigest(of: file.utf8).hex
    }.map(\.name)
  }
}
