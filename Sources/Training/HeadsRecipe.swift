package import TensorGraph

/// A recipe for small classifiers of images: an unsafe head, an ink probe and a judge of classes.
///
/// They learn from real images and from reconstructions, both with a little noise, so that they mean the same on
/// generated images, which lie on the decoder's surface.
package struct HeadsRecipe: Sendable {
  private let images: [[Double]]
  private let labels: [Int]
  private let pipelines: [TrainedPipeline]
  private let unsafeClass: Int
  private let seed: UInt64

  /// Updates of the heads, all three at once.
  package var updates = 8_000
  /// Images in a batch.
  package var batch = 128
  /// Greatest learning rate.
  package var rate = 2e-3
  /// Weight decay per unit of learning rate.
  package var decay = 0.3
  /// Deviation of the noise on pixels.
  package var pixelNoise = 0.05
  /// Share of reconstructions in a batch.
  package var reconstructedShare = 0.5

  /// Makes a recipe for images of the given classes and pipelines that were trained on the same images.
  package init(
    images: [[Double]], labels: [Int], pipelines: [TrainedPipeline], unsafeClass: Int, seed: UInt64
  ) {
    self.images = images
    self.labels = labels
    self.pipelines = pipelines
    self.unsafeClass = unsafeClass
    self.seed = seed
  }

  /// Trains the heads.
  ///
  /// - Throws: `TrainingError` for data that the recipe cannot use.
  package func train(progress: (String) -> Void = { _ in }) throws(TrainingError) -> TrainedHeads {
    let data = try DigitImages(images: images, labels: labels)
    guard pipelines.allSatisfy({ $0.reconstructions.count == data.count && $0.legible.count == data.count })
    else { throw TrainingError("a pipeline was trained on other images") }
    guard (0..<DigitImages.classCount).contains(unsafeClass), updates > 0, batch > 0 else {
      throw TrainingError("heads need an unsafe class of 0 to 9, some updates and some images in a batch")
    }
    var generator = SplitMix64(seed: seed)
    let classes = DigitImages.classCount
    func trainee(_ widths: [Int]) -> Trainee {
      Trainee(DenseNetwork(widths: widths, generator: &generator), decay: decay, keep: 0.995)
    }
    var unsafe = trainee([DigitImages.pixelCount, 16, 1])
    var ink = trainee([DigitImages.pixelCount, 16, 1])
    var judge = trainee([DigitImages.pixelCount, 64, classes])
    var (single, scores) = (
      [Double](repeating: 0, count: batch), [Double](repeating: 0, count: batch * classes)
    )
    for update in 0..<updates {
      let rate = LearningRate.falling(from: rate, update: update, of: updates)
      let items = sample(data, &generator)
      let unsafeLoss = Losses.logistic(
        unsafe.forward(items.pixels), width: 1, column: 0, truths: items.labels.map { $0 == unsafeClass },
        gradient: &single)
      _ = unsafe.update(single, rate: rate)
      let inkLoss = Losses.logistic(
        ink.forward(items.pixels), width: 1, column: 0, truths: items.isHeavy, gradient: &single)
      _ = ink.update(single, rate: rate)
      let judgeLoss = Losses.crossEntropy(
        judge.forward(items.pixels), width: classes, classes: classes, labels: items.labels, gradient: &scores
      )
      _ = judge.update(scores, rate: rate)
      if (update + 1) % 2_000 == 0 {
        progress(
          "heads \(update + 1): unsafe \(unsafeLoss.short), ink \(inkLoss.short), judge \(judgeLoss.short)")
      }
    }
    do {
      return TrainedHeads(
        unsafe: try GraphExport.perceptron(unsafe.averaged.rounded, input: "x", ending: .smooth(.sigmoid)),
        inkProbe: try GraphExport.perceptron(ink.averaged.rounded, input: "x", ending: .smooth(.sigmoid)),
        judge: try GraphExport.perceptron(judge.averaged.rounded, input: "x"))
    } catch {
      throw TrainingError("the networks cannot be built: \(error)")
    }
  }

  private func sample(
    _ data: DigitImages, _ generator: inout SplitMix64
  ) -> (pixels: [Double], labels: [Int], isHeavy: [Bool]) {
    var (pixels, labels, isHeavy): ([Double], [Int], [Bool]) = ([], [], [])
    for _ in 0..<batch {
      let row = generator.integer(below: data.count)
      let isReal = generator.uniform() >= reconstructedShare
      var image = data[row]
      if !isReal, !pipelines.isEmpty {
        let pipeline = pipelines[generator.integer(below: pipelines.count)]
        if pipeline.legible[row] { image = pipeline.reconstructions[row][...] }
      }
      isHeavy.append(image.reduce(0, +) > data.medianInk[data.labels[row]])
      labels.append(data.labels[row])
      pixels += image.map { min(1, max(0, $0 + pixelNoise * generator.normal())) }
    }
    return (pixels, labels, isHeavy)
  }
}

/// Classifiers of images of 64 pixels, input `x`.
package struct TrainedHeads: Sendable {
  /// Probability that an image shows the unsafe class.
  package let unsafe: Graph
  /// Probability that an image has more ink than is usual for its class.
  package let inkProbe: Graph
  /// Scores of the ten classes.
  package let judge: Graph
}
