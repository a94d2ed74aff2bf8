package import DSpecSemantics
package import Diagnostics
import DiffusionModels
package import ModelFormats
import RigorousArithmetic
package import TensorGraph

/// The files that a specification names, read once and checked against their declarations.
package struct ModelLibrary: Sendable {
  /// Networks by name.
  package private(set) var networks: [String: Graph] = [:]
  /// Samplers by name.
  package private(set) var samplers: [String: SamplerTable] = [:]
  /// Records by dataset.
  package private(set) var datasets: [String: [RecordValues]] = [:]
  /// Why a declared network, sampler or dataset is not here, by name; a claim that needs it has no back end.
  package private(set) var unsupported: [String: String] = [:]
  /// Model files in order of declaration.
  package private(set) var modelFiles: [LoadedFile] = []
  /// Data files in order of declaration.
  package private(set) var dataFiles: [LoadedFile] = []
  /// The arithmetic for which the networks were read.
  package private(set) var arithmetic: ClaimArithmetic = .real
  /// Networks that are not those of a file, see `replacing`.
  private var replaced: Set<String> = []

  /// A record of a dataset; nil where there is none in this row.
  package func record(_ dataset: String, _ row: Int) -> RecordValues? {
    guard let records = datasets[dataset], records.indices.contains(row) else { return nil }
    return records[row]
  }

  /// Reads every artifact of a specification.
  ///
  /// - Throws: `LoweringError.file` or `.mismatch` at the declaration concerned.
  package init(_ spec: TypedSpec, from source: any ArtifactSource) throws(LoweringError) {
    for network in spec.networks {
      let file = try ModelLibrary.read(network.artifact, from: source, as: .network)
      ModelLibrary.add(file, to: &modelFiles)
      guard network.artifact.format == .onnx else {
        unsupported[network.name] = "`\(network.name)`, a network in another format than ONNX,"
        continue
      }
      let graph: Graph
      do {
        graph = try ONNXReader.graph(from: file.bytes, file: file.path)
      } catch {
        throw .file("\(error)", network.artifact.span)
      }
      try ModelLibrary.check(graph, against: network)
      networks[network.name] = graph
    }
    for dataset in spec.datasets {
      let file = try ModelLibrary.read(dataset.artifact, from: source, as: .dataset)
      ModelLibrary.add(file, to: &dataFiles)
      guard dataset.artifact.format == .idx else {
        unsupported[dataset.name] = "`\(dataset.name)`, a dataset in another format than IDX,"
        continue
      }
      datasets[dataset.name] = try ModelLibrary.records(dataset, file)
    }
    for sampler in spec.samplers {
      do {
        let table = try ModelLibrary.table(sampler)
        if let denoiser = networks[sampler.denoiser] {
          try ModelLibrary.check(denoiser, spec.network(named: sampler.denoiser), in: table)
        }
        samplers[sampler.name] = table
      } catch LoweringError.noBackEnd(let reason, _) {
        unsupported[sampler.name] = reason
      }
    }
  }

  /// The library with a network that yields the same values whatever its input.
  ///
  /// - Parameter values: One for each element of the result, or a single one for all.
  /// - Throws: `LoweringError.mismatch` where the network is not in the library, or the number of values is wrong.
  package func replacing(
    _ network: NetworkDeclaration, by values: [Double]
  ) throws(LoweringError) -> ModelLibrary {
    guard let graph = networks[network.name] else {
      throw .mismatch("`\(network.name)` cannot be replaced: it was not read", network.span)
    }
    do {
      var builder = GraphBuilder()
      for (input, shape) in graph.inputSignature {
        _ = try builder.input(input.name, shape: shape, kind: input.kind)
      }
      let shape = graph.outputShapes[0]
      let output = builder.constant(
        try Tensor(
          shape: shape,
          values: values.count == 1 ? [Double](repeating: values[0], count: shape.count) : values))
      var changed = self
      changed.networks[network.name] = try builder.build(outputs: [output])
      changed.replaced.insert(network.name)
      return changed
    } catch {
      throw .mismatch("`\(network.name)`: \(error)", network.span)
    }
  }

  /// The library whose networks are as a claim in another arithmetic means them.
  ///
  /// In single precision nothing is computed from constants in advance, so that every operator that may round stays in
  /// the graph, and a network with an operator that the graph does not hold as it is computed has no back end. With
  /// weights in half precision the numbers of the files are rounded.
  ///
  /// - Throws: `LoweringError.file` where a weight has no place in the format.
  package func variant(
    for arithmetic: ClaimArithmetic, of spec: TypedSpec
  ) throws(LoweringError) -> ModelLibrary {
    guard arithmetic != self.arithmetic else { return self }
    var changed = self
    changed.arithmetic = arithmetic
    for network in spec.networks where networks[network.name] != nil && !replaced.contains(network.name) {
      let path = ModelLibrary.path(of: network.artifact)
      guard let file = modelFiles.first(where: { $0.path == path }) else { continue }
      let read: ONNXReader.Network
      do {
        read = try ONNXReader.network(
          from: file.bytes, file: file.path, weights: arithmetic == .float16Weights ? .binary16 : .stored,
          folding: arithmetic == .float32AnyOrder ? .moves : .exact)
      } catch {
        throw .file("\(error)", network.artifact.span)
      }
      changed.networks[network.name] = read.graph
      if arithmetic == .float32AnyOrder, let obstacle = read.obstacleToSinglePrecision {
        changed.unsupported[network.name] = "`\(network.name)` in \(arithmetic.rawValue), whose \(obstacle),"
      }
    }
    return changed
  }

  /// Whether a sampler, or a network that it needs, has no back end.
  package func isUnsupported(_ sampler: SamplerDeclaration) -> Bool { reasonAgainst(sampler) != nil }

  /// Why a sampler, or a network that it needs, has no back end.
  func reasonAgainst(sampler name: String, of spec: TypedSpec) -> String? {
    spec.sampler(named: name).map { reasonAgainst($0) } ?? unsupported[name]
  }

  private func reasonAgainst(_ sampler: SamplerDeclaration) -> String? {
    ([sampler.name, sampler.denoiser] + (sampler.decoder.map { [$0] } ?? [])).lazy.compactMap {
      unsupported[$0]
    }.first
  }

  /// The path of the file of a network, among those of `modelFiles`.
  package func path(of network: NetworkDeclaration) -> String { ModelLibrary.path(of: network.artifact) }

  /// The paths of all networks and datasets of a specification, each once, whether or not they are there.
  package static func paths(of spec: TypedSpec) -> [String] {
    var paths: [String] = []
    for artifact in spec.networks.map(\.artifact) + spec.datasets.map(\.artifact) {
      let path = path(of: artifact)
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  private static func path(of artifact: Artifact) -> String {
    let folder = artifact.declaringFile.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return (folder.map(String.init) + [artifact.path]).joined(separator: "/")
  }

  /// Adds a file, or to one that is there what is stated of it; a name is one of bytes.
  private static func add(_ file: LoadedFile, to files: inout [LoadedFile]) {
    if let place = files.firstIndex(where: { $0.path.utf8.elementsEqual(file.path.utf8) }) {
      files[place].declared += file.declared
    } else {
      files.append(file)
    }
  }

  private static func read(
    _ artifact: Artifact, from source: any ArtifactSource, as role: ArtifactRole
  ) throws(LoweringError) -> LoadedFile {
    let path = path(of: artifact)
    do {
      return LoadedFile(
        path: path, bytes: try source.bytes(at: path, as: role),
        declared: artifact.sha256.map { [DeclaredDigest(sha256: $0, span: artifact.span)] } ?? [])
    } catch {
      throw .file("\(error)", artifact.span)
    }
  }

  /// Checks inputs by order, which their names must not contradict, and the output.
  ///
  /// A real input has as many elements as its type, an enumeration or a step is an index or a one-hot vector. The
  /// output fills its type.
  private static func check(_ graph: Graph, against network: NetworkDeclaration) throws(LoweringError) {
    let signature = graph.inputSignature
    guard signature.count == network.inputs.count, graph.outputs.count == 1 else {
      throw .mismatch(
        "`\(network.artifact.path)` has \(signature.count) inputs and \(graph.outputs.count) outputs, "
          + "`\(network.name)` declares \(network.inputs.count) and 1", network.span)
    }
    // Inputs are bound by position; names that say otherwise would turn two of them round unseen.
    let names = signature.map(\.input.name)
    let folded = names.map { $0.lowercased() }
    for (position, port) in network.inputs.enumerated() where folded[position] != port.name.lowercased() {
      guard folded.contains(port.name.lowercased()) else { continue }
      throw .mismatch(
        "input `\(port.name)` of `\(network.name)` stands in another place in `\(network.artifact.path)`, whose inputs "
          + "are \(names.map { "`\($0)`" }.joined(separator: ", ")) in this order: declare them in the same",
        network.span)
    }
    for (place, (port, given)) in zip(graph.inputs, zip(network.inputs, signature)) {
      let fits: Bool
      // An index beyond a table would be no row of it.
      let rows = DenoiserSignature.rowCount(of: place, in: graph) ?? .max
      switch (port.type, given.input.kind) {
      case (.tensor(let type), .real): fits = type.fits(given.shape.extents)
      case (.enumeration(let type), .index): fits = given.shape.count == 1 && type.cases.count <= rows
      case (.step(let count), .index): fits = given.shape.count == 1 && count <= rows
      case (.enumeration(let type), .real): fits = given.shape.count == type.cases.count
      case (.step(let count), .real): fits = given.shape.count == count
      case (.real, .real): fits = given.shape.count == 1
      default: fits = false
      }
      guard fits else {
        throw .mismatch(
          "input `\(port.name)` of `\(network.name)` does not fit input `\(given.input.name)` of shape "
            + "\(given.shape) in `\(network.artifact.path)`", network.span)
      }
    }
    let count = graph.outputShapes[0].count
    let fits: Bool
    switch network.output {
    case .tensor(let type): fits = type.fits(graph.outputShapes[0].extents)
    case .real: fits = count == 1
    case .enumeration(let type): fits = count == type.cases.count || (count == 1 && type.cases.count == 2)
    default: fits = false
    }
    guard fits else {
      throw .mismatch(
        "the output of `\(network.artifact.path)` has shape \(graph.outputShapes[0]), which does not fit what "
          + "`\(network.name)` declares", network.span)
    }
  }

  private static func records(
    _ dataset: DatasetDeclaration, _ file: LoadedFile
  ) throws(LoweringError) -> [RecordValues] {
    let records: [RecordValues]
    let extents: [Int]
    do {
      let array = try IDXArray(from: file.bytes, axes: IDXArray.recordAxes, file: file.path)
      extents = Array(array.extents.dropFirst())
      records = try IDXRecords(of: array, range: dataset.rows, file: file.path).scaled(by: dataset.scale)
    } catch {
      throw .file("\(error)", dataset.artifact.span)
    }
    guard dataset.elementType.fits(extents),
      records.allSatisfy({ $0.numerators.count == dataset.elementType.elementCount })
    else {
      throw .mismatch(
        "the records of `\(dataset.artifact.path)` do not have the shape that `\(dataset.name)` declares",
        dataset.span)
    }
    if let range = dataset.elementType.range {
      // Records of bytes have few different numbers.
      var isWithin: [Double: Bool] = [:]
      for (row, record) in records.enumerated() {
        for (index, numerator) in record.numerators.enumerated() where isWithin[numerator] != true {
          let number = record.exact(at: index)
          guard range.contains(number) else {
            throw .mismatch(
              "record \(row) of `\(dataset.name)` holds \(number.sourceText), outside the declared range \(range): "
                + "state the right range or `scale`", dataset.span)
          }
          isWithin[numerator] = true
        }
      }
    }
    return records
  }

  /// Checks that a sampler can run a denoiser.
  ///
  /// - Throws: `.noBackEnd` where its inputs are none that are unrolled, `.mismatch` where it knows other times.
  private static func check(
    _ denoiser: Graph, _ network: NetworkDeclaration?, in table: SamplerTable
  ) throws(LoweringError) {
    // The loop hands over latent, step and conditions in this order, whatever the declaration calls them.
    let sampler = table.declaration
    guard let network, network.inputs.map(\.name).starts(with: [sampler.latentInput, sampler.stepInput])
    else {
      throw .noBackEnd(
        "`\(table.name)`: the denoiser does not take the latent first and the step second; export it in this order",
        sampler.span)
    }
    let signature: DenoiserSignature
    do {
      signature = try DenoiserSignature(of: denoiser)
    } catch {
      throw .noBackEnd("`\(table.name)`: \(error)", table.declaration.span)
    }
    do {
      _ = try signature.timeIndex(for: table.coefficients.sampler)
    } catch {
      throw .mismatch("`\(table.name)`: \(error)", table.declaration.span)
    }
  }

  private static func table(_ sampler: SamplerDeclaration) throws(LoweringError) -> SamplerTable {
    guard case .ddim(let steps, let eta, let spacing) = sampler.method, eta == Rational(0) else {
      throw .noBackEnd("`\(sampler.name)` adds noise of its own (eta is not 0)", sampler.span)
    }
    let schedule = sampler.schedule
    do {
      let timesteps: SamplerTimesteps
      switch spacing {
      case .trailing: timesteps = try .trailing(steps: steps, of: schedule.trainSteps)
      case .leading: timesteps = try .leading(steps: steps, of: schedule.trainSteps)
      case .linspace:
        throw LoweringError.noBackEnd("`\(sampler.name)` has `linspace` timesteps", sampler.span)
      }
      let prediction: Prediction
      switch sampler.prediction {
      case .x0: prediction = .cleanSample
      case .eps: prediction = .noise
      case .v: prediction = .velocity
      }
      let method = try DDIMSampler(
        schedule: DiffusionModels.NoiseSchedule(
          kind: schedule.kind == .linear ? .linear : .scaledLinear, start: schedule.betaStart,
          end: schedule.betaEnd, stepCount: schedule.trainSteps),
        timesteps: timesteps, prediction: prediction)
      return SamplerTable(name: sampler.name, declaration: sampler, coefficients: DDIMCoefficients(method))
    } catch let error as LoweringError {
      throw error
    } catch {
      throw .mismatch("`\(sampler.name)`: \(error)", sampler.span)
    }
  }

  /// A sampler unrolled with its decoder, for given conditions at every executed step.
  package func unrolled(
    _ sampler: SamplerDeclaration, table: SamplerTable, conditions: [[Int]], at span: SourceSpan
  ) throws(LoweringError) -> Graph {
    guard let denoiser = networks[sampler.denoiser] else { throw .noBackEnd("`\(sampler.denoiser)`", span) }
    var decoder: Graph?
    if let name = sampler.decoder {
      guard let graph = networks[name] else { throw .noBackEnd("`\(name)`", span) }
      decoder = graph
    }
    do {
      return try SamplerUnrolling.unroll(
        denoiser: denoiser, decoder: decoder, coefficients: table.coefficients,
        conditions: StepConditions(values: conditions),
        folding: arithmetic == .float32AnyOrder ? .moves : .exact)
    } catch {
      throw .mismatch("`\(sampler.name)`: \(error)", span)
    }
  }
}

extension TensorType {
  /// Whether a file's extents are these but for ones, or one of the two is flat: elements follow one another in row-major
  /// order, and an order of axes that is another one would mix them up.
  fileprivate func fits(_ extents: [Int]) -> Bool {
    let (own, given) = (shape.filter { $0 != 1 }, extents.filter { $0 != 1 })
    guard own.reduce(1, *) == given.reduce(1, *) else { return false }
    return own == given || own.count <= 1 || given.count <= 1
  }
}
