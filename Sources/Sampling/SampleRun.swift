package import SampleLaw
import Statistics
package import TensorGraph
package import VerificationProblem

/// Takes the first samples of a source in chunks on several workers.
///
/// Chunks are fixed stretches of sample numbers, and counts are sums over chunks, so that the result depends on
/// the source, the number of samples and the evaluation only, and on neither workers nor timing.
package struct SampleRun: Sendable {
  /// Answers for points of one case; called at the same time from several workers.
  ///
  /// True when the event certainly holds, false when it certainly does not, nil when rounding leaves it open.
  package typealias Evaluation =
    @Sendable (_ caseIndex: Int, _ points: [[Double]]) throws(GraphError) -> [Bool?]

  /// Where samples come from.
  package let source: SampleSource
  /// Number of samples; fixed before the first is taken.
  package let count: Int
  /// Samples evaluated together.
  package let chunk: Int

  /// Prepares a run.
  ///
  /// - Throws: `SamplingError.count` unless there are 0 to `ClopperPearson.maximumTrials` samples in chunks of at
  ///   least one and at most 2^20.
  package init(_ source: SampleSource, count: Int, chunk: Int = 256) throws(SamplingError) {
    guard (0...ClopperPearson.maximumTrials).contains(count) else { throw .count(count) }
    guard (1...1 << 20).contains(chunk) else { throw .count(chunk) }
    self.source = source
    self.count = count
    self.chunk = chunk
  }

  /// Counts the event over all samples.
  ///
  /// - Parameters:
  ///   - workers: chunks evaluated at the same time, at least one.
  ///   - progress: told the number of samples done, in increasing order.
  /// - Throws: the error of the first chunk that fails, or `SamplingError.cancelled`.
  package func tally(
    workers: Int, progress: (@Sendable (Int) -> Void)? = nil, evaluation: @escaping Evaluation
  ) async throws(SamplingError) -> SampleTally {
    let chunks = (count + chunk - 1) / chunk
    var sum = SampleTally()
    var failure: (chunk: Int, error: SamplingError)?
    await withTaskGroup(of: (Int, Result<SampleTally, SamplingError>).self) { group in
      var next = 0
      while next < min(max(1, workers), chunks) {
        let number = next
        group.addTask { (number, self.result(of: number, evaluation)) }
        next += 1
      }
      // Chunks start in order, so that every chunk before a failing one has been started and reports as well.
      while let (number, result) = await group.next() {
        switch result {
        case .success(let part):
          sum.add(part)
          progress?(sum.total)
        case .failure(let error):
          if failure.map({ number < $0.chunk }) ?? true { failure = (number, error) }
        }
        if failure == nil, next < chunks {
          let number = next
          group.addTask { (number, self.result(of: number, evaluation)) }
          next += 1
        }
      }
    }
    if let failure { throw failure.error }
    return sum
  }

  private func result(of number: Int, _ evaluation: Evaluation) -> Result<SampleTally, SamplingError> {
    do throws(SamplingError) {
      return .success(try tally(of: number * chunk..<min(count, (number + 1) * chunk), evaluation))
    } catch {
      return .failure(error)
    }
  }

  private func tally(of range: Range<Int>, _ evaluation: Evaluation) throws(SamplingError) -> SampleTally {
    if Task.isCancelled { throw .cancelled }
    var points = [[[Double]]](repeating: [], count: source.caseCount)
    for index in range {
      let sample = source.sample(index)
      points[sample.caseIndex].append(sample.point)
    }
    var tally = SampleTally()
    for (caseIndex, points) in points.enumerated() where !points.isEmpty {
      let answers: [Bool?]
      do {
        answers = try evaluation(caseIndex, points)
      } catch {
        throw .graph(error)
      }
      guard answers.count == points.count else {
        throw .answers(given: answers.count, wanted: points.count)
      }
      for answer in answers { tally.count(answer) }
    }
    return tally
  }
}

extension Obligation {
  /// Whether the event of a case holds at points: a `SampleRun.Evaluation` in outward-rounded intervals, one point
  /// after the other.
  package func events(caseIndex: Int, points: [[Double]]) throws(GraphError) -> [Bool?] {
    guard cases.indices.contains(caseIndex) else {
      throw GraphError.reference("case \(caseIndex) is none of \(cases.count)")
    }
    var answers: [Bool?] = []
    answers.reserveCapacity(points.count)
    for point in points { answers.append(try cases[caseIndex].truth(at: point).truth) }
    return answers
  }
}
