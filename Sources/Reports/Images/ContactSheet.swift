/// Several images on one sheet, in rows of equal cells, each with an optional caption below.
package struct ContactSheet: Hashable, Sendable {
  /// One image with its caption.
  package struct Cell: Hashable, Sendable {
    /// The image.
    package let image: RasterImage
    /// Text below the image; one line, cut where it exceeds the cell.
    package let caption: String?

    /// Makes a cell.
    package init(image: RasterImage, caption: String? = nil) {
      self.image = image
      self.caption = caption
    }
  }

  /// Images in a row.
  package let columns: Int
  /// Empty pixels around every cell.
  package let margin: Int
  /// Size of an image's pixel on the sheet.
  package let imageScale: Int
  /// Size of a caption's pixel on the sheet.
  package let captionScale: Int

  /// Makes a layout.
  ///
  /// - Parameters:
  ///   - columns: images in a row, at least one.
  ///   - margin: empty pixels around every cell.
  ///   - imageScale: size of an image's pixel on the sheet, at least one.
  ///   - captionScale: size of a caption's pixel on the sheet, at least one.
  package init(columns: Int, margin: Int = 4, imageScale: Int = 1, captionScale: Int = 1) throws(ImageError) {
    let limit = RasterImage.largestExtent
    guard (1...limit).contains(columns), (0...limit).contains(margin), (1...limit).contains(imageScale),
      (1...limit).contains(captionScale)
    else {
      throw ImageError(.size, "a sheet of \(columns) columns, margin \(margin) and scale \(imageScale)")
    }
    self.columns = columns
    self.margin = margin
    self.imageScale = imageScale
    self.captionScale = captionScale
  }

  /// Draws the sheet: black captions on white, grey unless an image has colours.
  ///
  /// - Throws: `size` when there are no cells or the sheet is too large.
  package func render(_ cells: [Cell]) throws(ImageError) -> RasterImage {
    guard !cells.isEmpty else { throw ImageError(.size, "a sheet without images") }
    let images = try cells.map { (cell) throws(ImageError) in try cell.image.scaled(by: imageScale) }
    let layout = Layout(self, images: images, hasCaptions: cells.contains { !($0.caption ?? "").isEmpty })
    let channels: RasterImage.Channels = cells.contains { $0.image.channels == .rgb } ? .rgb : .grey
    let sheet = try RasterImage(width: layout.width, height: layout.height, channels: channels, filled: 255)
    var canvas = Canvas(sheet)
    for (index, (cell, image)) in zip(cells, images).enumerated() {
      let (x, y) = layout.origin(of: index)
      canvas.draw(image, x: x + (layout.cellWidth - image.width) / 2, y: y)
      if let caption = cell.caption {
        canvas.draw(
          caption, x: x, y: y + layout.imageHeight + captionGap, width: layout.cellWidth, scale: captionScale)
      }
    }
    return try RasterImage(
      width: layout.width, height: layout.height, channels: channels, pixels: canvas.pixels)
  }

  /// Pixels between an image and its caption.
  private var captionGap: Int { 2 * captionScale }

  /// Sizes and places on the sheet.
  private struct Layout {
    let cellWidth: Int
    let imageHeight: Int
    let width: Int
    let height: Int
    private let columns: Int
    private let margin: Int
    private let cellHeight: Int

    init(_ sheet: ContactSheet, images: [RasterImage], hasCaptions: Bool) {
      cellWidth = images.reduce(0) { max($0, $1.width) }
      imageHeight = images.reduce(0) { max($0, $1.height) }
      cellHeight = imageHeight + (hasCaptions ? sheet.captionGap + BitmapFont.height * sheet.captionScale : 0)
      columns = min(sheet.columns, images.count)
      margin = sheet.margin
      let rows = (images.count + columns - 1) / columns
      width = margin + columns * (cellWidth + margin)
      height = margin + rows * (cellHeight + margin)
    }

    func origin(of index: Int) -> (x: Int, y: Int) {
      (
        margin + index % columns * (cellWidth + margin), margin + index / columns * (cellHeight + margin)
      )
    }
  }
}
