import Certificates
import DSpecSemantics
import Evidence
import LeafRules
import Lowering
import Replay
import RigorousArithmetic
import SampleLaw
import Statistics
import VerificationProblem

/// The evidence of one answer: trees with their rules and maps, a witness in numbers, or samples.
struct EvidencePart {
  let property: PropertyReport
  let id: String

  var markup: Markup {
    switch property.findings {
    case .none:
      return .tag(
        "p", ["class": "note"],
        property.record.nodes > 0
          ? "No evidence. The search evaluated \(NumberText.counted(property.record.nodes, "cell", "cells")) and decided nothing."
          : "No evidence.")
    case .trees(let tally, let studies): return trees(tally, studies)
    case .witness(let study): return witness(study)
    case .samples(let study): return samples(study)
    }
  }

  // MARK: Trees

  private func trees(_ tally: TreeTally, _ studies: CellStudies?) -> Markup {
    let rules = tally.rulesByUse.filter { $0.rule != .open }.map {
      "\($0.rule.title) (\(NumberText.count($0.leaves)))"
    }
    let open = tally.rules[.open] ?? 0
    var text =
      "\(NumberText.counted(tally.trees, "split tree", "split trees")) with "
      + "\(NumberText.counted(tally.leaves, "leaf", "leaves")). "
    if !rules.isEmpty {
      text += "Rules that decide them, all of which the checker has too: \(rules.joined(separator: ", ")). "
    }
    if open > 0 { text += "\(NumberText.counted(open, "leaf claims", "leaves claim")) nothing. " }
    text += "The search evaluated \(NumberText.counted(property.record.nodes, "cell", "cells"))."
    if property.terms.isErrorRate { text += " The event is that the prediction is wrong." }
    var children: [Markup] = [
      .tag("h4", [:], "Evidence"),
      .tag("p", [:], text),
    ]
    var plots: [Markup] = []
    if let plot = DepthPlot.leaves(tally, id: "\(id)-depth") {
      plots.append(.tag("figure", [:], [plot, .tag("figcaption", [:], "Leaves by depth.")]))
    }
    if let studies, let obligation = property.obligation,
      let plot = DepthPlot.mass(studies, obligation, id: "\(id)-mass")
    {
      plots.append(
        .tag(
          "figure", [:],
          [
            plot,
            .tag(
              "figcaption", [:],
              "Share of the law's mass on which the event certainly holds (from below) and certainly fails (from "
                + "above); between them, undecided."),
          ]))
    }
    if !plots.isEmpty { children.append(.tag("div", ["class": "pair"], plots)) }
    guard let studies, let obligation = property.obligation else {
      children.append(
        .tag(
          "p", ["class": "muted"],
          property.obligation == nil
            ? "Cells are not drawn, since there are several boxes of inputs or none."
            : "Cells are not drawn: to evaluate them again would take too long here."))
      return .group(children)
    }
    if let plot = CasePlot.markup(studies, obligation, id: "\(id)-cases") {
      children.append(
        .tag(
          "figure", [:],
          [plot, .tag("figcaption", [:], "Certified interval of the event's probability in each case.")]))
    }
    let showsBounds = property.terms.boundedQuantity != nil
    if let plot = PartitionPlot(
      studies, obligation, property.numbers, showsBounds: showsBounds, id: "\(id)-map")
    {
      children += maps(plot, obligation)
    }
    return .group(children)
  }

  private func maps(_ plot: PartitionPlot, _ obligation: Obligation) -> [Markup] {
    let legend = plot.legend.map { style, text in
      Markup.tag(
        "li", [:],
        [
          .tag(
            "svg", ["viewBox": "0 0 14 14", "aria-hidden": "true"],
            [.tag("rect", ["class": style, "width": "14", "height": "14"])]), .text(text),
        ])
    }
    let space = property.terms.space
    var text = "Two coordinates of the \(space), the first to the right and the second upwards. "
    if case .measure = obligation.question {
      text += "Tones say what the leaves decide of the claim's event."
    } else if let quantity = property.terms.boundedQuantity {
      text += "Tones say what bound the leaves give for \(quantity)."
    } else {
      text += "Tones say which cells are closed."
    }
    if let simplification = plot.simplification { text += " Simplified: \(simplification)." }
    return [
      .tag(
        "div", ["class": "key"],
        [
          .tag("h4", [:], "Partition of the \(space)"), .tag("p", ["class": "muted"], text),
          .tag("ul", ["class": "legend"], legend),
        ]), .tag("div", ["class": "maps"], plot.maps),
    ]
  }

  // MARK: Witness

  private func witness(_ study: WitnessStudy) -> Markup {
    let point = study.coordinates.prefix(12).joined(separator: ", ")
    let rest = study.coordinates.count > 12 ? ", and \(study.coordinates.count - 12) more" : ""
    var pairs: [(String, [Markup])] = []
    if !study.caseLabel.isEmpty { pairs.append(("Case", [Pieces.user(study.caseLabel)])) }
    pairs.append(("Point", [Pieces.code("(\(point)\(rest))")]))
    for failure in study.failures {
      pairs.append(
        (
          property.terms.boundedQuantity == nil ? "Compared there" : "Value there",
          [
            .tag("span", ["class": "mono"], "\(failure.value)"),
            .text(", asked \(AnswerNumbers.printed(failure.asked))"),
            failure.label.isEmpty ? .nothing : .group([" for ", Pieces.user(failure.label)]),
          ]
        ))
    }
    let more = study.failureCount - study.failures.count
    return .group([
      .tag("h4", [:], "Witness"),
      .tag(
        "p", [:],
        "A point of the declared region at which the claim fails, evaluated again in rigorous arithmetic when this report was made."
      ), Pieces.facts(pairs),
      more > 0
        ? .tag(
          "p", ["class": "muted"],
          "\(NumberText.counted(more, "comparison fails", "comparisons fail")) besides.") : .nothing,
    ])
  }

  // MARK: Samples

  private func samples(_ study: SampleStudy) -> Markup {
    let record = study.record
    let limits = study.verdict.limits
    return .group([
      .tag("h4", [:], "Samples"),
      Pieces.facts([
        ("Samples", [.text(NumberText.count(record.count))]),
        ("Event holds", [.text(NumberText.count(record.hits))]),
        ("Open within rounding", [.text(NumberText.count(record.undecided))]),
        ("Confidence", [.text(NumberText.percentage(study.confidence))]),
        (
          "Exact limits",
          [
            .text(
              "[\(NumberText.down(limits.lower)), \(NumberText.up(limits.upper))] (Clopper and Pearson), each end at the confidence of its bound"
            )
          ]
        ),
        (
          "Seed",
          [
            Pieces.code(
              record.seed.map { byte in
                let text = String(byte, radix: 16)
                return byte < 16 ? "0" + text : text
              }.joined())
          ]
        ),
      ]),
      .tag(
        "p", ["class": "muted"],
        "The seed derives from the question, the number of samples and a checkpoint, where one is named above; see the assumptions for "
          + "what an author could still choose. Samples support a claim at a confidence; they prove nothing."),
    ])
  }
}
