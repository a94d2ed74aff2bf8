import Testing
import TransparencyLog

@Suite("Tile paths")
struct TilePathTests {
  @Test(
    "paths are those of C2SP tlog-tiles",
    arguments: [
      (TilePath(.hashes(level: 0), index: 0), "tile/0/000"),
      (TilePath(.hashes(level: 0), index: 67), "tile/0/067"),
      (TilePath(.hashes(level: 0), index: 999, width: 255), "tile/0/999.p/255"),
      (TilePath(.hashes(level: 2), index: 1000), "tile/2/x001/000"),
      (TilePath(.hashes(level: 1), index: 1067, width: 1), "tile/1/x001/067.p/1"),
      (TilePath(.entries, index: 1_234_067), "tile/entries/x001/x234/067"),
      (TilePath(.entries, index: 1_000_000, width: 12), "tile/entries/x001/x000/000.p/12"),
      (TilePath(.hashes(level: 63), index: .max), "tile/63/x009/x223/x372/x036/x854/x775/807"),
    ])
  func text(path: TilePath, text: String) {
    #expect(path.text == text)
  }
}
