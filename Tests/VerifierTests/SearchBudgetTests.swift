import BranchAndBound
import Testing

/// What one part of an answer leaves of the seconds to the next.
@Suite struct SearchBudgetTests {
  @Test func whatIsUsedUpIsMissing() throws {
    let earlier = ContinuousClock.now - .seconds(4)
    let left = SearchBudget(seconds: 10, nodes: 7, memory: 9, workers: 3).remaining(since: earlier)
    let seconds = try #require(left.seconds)
    #expect(seconds <= 6 && seconds > 0)
    #expect(left.nodes == 7 && left.memory == 9 && left.workers == 3)
    #expect(SearchBudget(seconds: 3).remaining(since: earlier).seconds == 0)
    #expect(SearchBudget().remaining(since: earlier).seconds == nil)
  }
}
