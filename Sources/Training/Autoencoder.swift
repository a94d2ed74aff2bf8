/// An autoencoder of digits whose latents tell classes apart.
struct Autoencoder {
  /// Images to latents; over the training images every latent has mean 0 and variance 1.
  private(set) var encoder: DenseNetwork
  /// Latents to pixels, before they are cut to `[0, 1]`.
  private(set) var decoder: DenseNetwork
  /// Latents to ten class scores and the log-odds of heavy ink.
  private(set) var reader: DenseNetwork
  /// Latents of the training images.
  private(set) var latents: [Double] = []

  /// Trains on reconstruction from noisy latents, on the reader's classes and on the spread within classes.
  init(
    data: DigitImages, dimension: Int, settings: RecipeSettings, generator: inout SplitMix64,
    progress: (String) -> Void
  ) {
    let (pixels, classes, width) = (DigitImages.pixelCount, DigitImages.classCount, settings.width)
    let batch = settings.autoencoderBatch
    func trainee(_ widths: [Int]) -> Trainee {
      Trainee(
        DenseNetwork(widths: widths, generator: &generator), decay: settings.autoencoderDecay, keep: 0.995)
    }
    var encoder = trainee([pixels, width, width, dimension])
    var decoder = trainee([dimension, width, width, pixels])
    var reader = trainee([dimension, 32, classes + 1])
    var pixelGradient = [Double](repeating: 0, count: batch * pixels)
    var scoreGradient = [Double](repeating: 0, count: batch * (classes + 1))
    let wanted = data.classVariances.map { settings.spread * $0 }
    for update in 0..<settings.autoencoderUpdates {
      let rate = LearningRate.falling(from: settings.rate, update: update, of: settings.autoencoderUpdates)
      let rows = (0..<batch).map { _ in generator.integer(below: data.count) }
      let images = data.batch(rows)
      let clean = encoder.forward(images)
      let noisy = clean.map { $0 + settings.latentNoise * generator.normal() }
      let decoded = decoder.forward(noisy)
      let reconstruction = Losses.clippedSquaredDistance(
        decoded, images, batch: batch, gradient: &pixelGradient)
      let spread = Losses.classSpread(
        decoded, labels: rows.map { data.labels[$0] }, wanted: wanted,
        weight: settings.spreadWeight * Self.spreadShare(update, of: settings.autoencoderUpdates),
        gradient: &pixelGradient)
      let scores = reader.forward(noisy)
      let separation = Losses.crossEntropy(
        scores, width: classes + 1, classes: classes, labels: rows.map { data.labels[$0] },
        weight: settings.classWeight, gradient: &scoreGradient)
      let ink = Losses.logistic(
        scores, width: classes + 1, column: classes, truths: rows.map { data.isHeavy[$0] },
        weight: settings.inkWeight, gradient: &scoreGradient)
      var upstream = decoder.update(pixelGradient, rate: rate)
      let side = reader.update(scoreGradient, rate: rate)
      for index in upstream.indices {
        upstream[index] += side[index] + settings.latentPull * clean[index] / Double(batch)
      }
      _ = encoder.update(upstream, rate: rate)
      if (update + 1) % 2_000 == 0 {
        progress(
          "autoencoder \(update + 1): reconstruction \(reconstruction.short), classes \(separation.short), "
            + "ink \(ink.short), spread \(spread.short)")
      }
    }
    self.encoder = encoder.averaged
    self.decoder = decoder.averaged
    self.reader = reader.averaged
    normalise(over: data, dimension: dimension)
  }

  /// Share of the weight on spread: none in the first quarter, full from the second half on.
  ///
  /// Spread asked for before classes have their places drives them into each other.
  private static func spreadShare(_ update: Int, of count: Int) -> Double {
    min(1, max(0, 4 * Double(update) / Double(count) - 1))
  }

  /// Shifts and scales the latents, with the inverse folded into what reads them.
  private mutating func normalise(over data: DigitImages, dimension: Int) {
    latents = encoder(data.pixels)
    let last = encoder.layerCount - 1
    let (start, columns) = (encoder.start(of: last), encoder.widths[last])
    for axis in 0..<dimension {
      let values = (0..<data.count).map { latents[$0 * dimension + axis] }
      let mean = values.reduce(0, +) / Double(data.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(data.count)
      let deviation = max(variance.squareRoot(), 1e-6)
      for column in 0..<columns { encoder.parameters[start + axis * columns + column] /= deviation }
      let bias = start + dimension * columns + axis
      encoder.parameters[bias] = (encoder.parameters[bias] - mean) / deviation
      // z_old = deviation (z_new + mean / deviation)
      decoder.precompose(column: axis, factor: deviation, offset: mean / deviation)
      reader.precompose(column: axis, factor: deviation, offset: mean / deviation)
      for item in 0..<data.count {
        latents[item * dimension + axis] = (values[item] - mean) / deviation
      }
    }
  }
}

extension Double {
  /// Four decimals.
  var short: String {
    let scaled = (magnitude * 10_000).rounded()
    guard scaled < 1e15 else { return "\(self)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return (self < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
  }
}
