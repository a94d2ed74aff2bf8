import Certificates
import DSpecSemantics
import Diagnostics
import Lowering
import Replay
import RigorousArithmetic
import SpecDocuments
import TensorGraph
import VerificationProblem

/// One property: in words and in the language, its numbers, its evidence, its pictures.
struct PropertyPart {
  let property: PropertyReport
  let index: Int

  var markup: Markup {
    let id = "p\(index)"
    let record = property.record
    var children: [Markup] = [
      .tag(
        "div", ["class": "name"],
        [
          .tag("h3", ["id": id], [Pieces.user(record.id)]),
          Pieces.chip(property.verdictText, property.standing),
        ])
    ]
    if !record.title.isEmpty { children.append(.tag("p", ["class": "title user"], record.title)) }
    children.append(.tag("p", ["class": "lead user"], property.words))
    children.append(.tag("pre", [:], [.tag("code", [:], record.text)]))
    var plots: [Markup] = []
    if let plot = BoundPlot.markup(
      property.numbers, points: witnessValues, standing: property.standing, id: "\(id)-bound")
    {
      plots.append(.tag("figure", [:], [plot, .tag("figcaption", [:], boundCaption)]))
    }
    children.append(.tag("div", ["class": "pair"], plots + [facts]))
    // On paper this much stays on one page.
    children = [.tag("div", ["class": "opening"], children)]
    if property.nonVacuityNotShown {
      children.append(
        .tag(
          "p", ["class": "note"],
          "Non-vacuity not shown: the claim is an implication, and none of a few hundred seeded points met its antecedent."
        ))
    }
    children.append(EvidencePart(property: property, id: id).markup)
    children += pictures
    children += remarks
    return .tag("article", ["class": "card", "aria-labelledby": id], children)
  }

  private var witnessValues: [Double] {
    guard case .witness(let study) = property.findings, let first = study.failures.first else { return [] }
    let value = first.value.midpoint
    return value.isFinite ? [value] : []
  }

  private var boundCaption: String {
    if case .witness = property.findings {
      return "Shaded: what is asked. Diamond: the value at the witness."
    }
    if case .samples = property.findings {
      return "Shaded: what is asked. Bar: the confidence limits of the samples."
    }
    return "Shaded: what is asked. Bar: where the quantity lies by the certified bounds."
  }

  private var facts: Markup {
    let record = property.record
    var bounds: [Markup] = []
    if let recorded = record.bounds {
      bounds = [
        .tag(
          "span", ["class": "mono"],
          "[\(recorded.lower.map { "\($0)" } ?? "-∞"), \(recorded.upper.map { "\($0)" } ?? "∞")]")
      ]
      if property.terms.boundsLogits { bounds.append(" as log-odds") }
      if property.terms.unit != 1 {
        bounds.append(
          .text(" of \(NumberText.decimal(Rational(dyadic: property.terms.unit))) times the distance"))
      }
      if property.terms.boundedQuantity == nil {
        bounds.append(" of what the question compares, which is not what the claim writes")
      }
    }
    var asked = property.terms.grades
    if property.standing == .belowGrade { asked += "; the answer is weaker" }
    return Pieces.facts([
      ("Reached", [.text(AnswerNumbers.printed(property.numbers.reached))]),
      ("Asked", [.text(AnswerNumbers.printed(property.numbers.asked))]),
      ("Bounds as recorded", bounds),
      ("Evidence", [.text(evidenceWords)]),
      ("Evidence asked for", [Pieces.user(asked)]),
      ("Arithmetic", [.text(arithmetic)]),
      ("Hazards", record.hazards.isEmpty ? [] : [Pieces.user(record.hazards.joined(separator: ", "))]),
      (
        "Relies on",
        property.terms.reliesOn.isEmpty
          ? [] : [Pieces.user(property.terms.reliesOn.joined(separator: ", "))]
      ),
      ("Declared in", place),
    ])
  }

  private var evidenceWords: String {
    let record = property.record
    let size = record.evidence.reduce(0) { $0 + $1.size }
    guard size > 0 else { return "none" }
    return "grade \(record.grade.rawValue), \(NumberText.bytes(size))"
  }

  private var arithmetic: String {
    switch property.terms.arithmetic {
    case .real: "real numbers"
    case .float32AnyOrder: "float32, sums in any order"
    case .float16Weights: "real numbers, weights rounded to float16"
    }
  }

  private var place: [Markup] {
    guard let place = property.place else { return [] }
    return [Pieces.code("\(place.file):\(place.start.line):\(place.start.column)")]
  }

  private var pictures: [Markup] {
    var children: [Markup] = []
    if case .witness(let study) = property.findings, let images = study.images {
      var figures: [Markup] = [
        .tag(
          "figure", [:],
          [
            Pieces.picture(images.image, alternative: "The image at the witness of \(property.record.id)"),
            .tag("figcaption", [:], "The image at the witness."),
          ])
      ]
      if let record = images.record {
        figures.append(
          .tag(
            "figure", [:],
            [
              Pieces.picture(record.image, alternative: "The record \(record.label)"),
              .tag("figcaption", [:], [Pieces.user(record.label)]),
            ]))
      }
      children.append(.tag("div", ["class": "images"], figures))
    }
    if let images = property.images {
      children.append(.tag("h4", [:], "Images of the law"))
      children.append(
        .tag(
          "ol", ["class": "samples"],
          images.items.enumerated().map { index, item in
            let word = item.holds.map { $0 ? "event holds" : "event fails" } ?? "open within rounding"
            return .tag(
              "li", [:],
              [
                Pieces.picture(
                  item.image,
                  alternative:
                    "Sample \(index)\(item.caseLabel.isEmpty ? "" : ", \(item.caseLabel)"): \(word)"),
                .tag("span", ["aria-hidden": "true"], item.holds.map { $0 ? "yes" : "no" } ?? "?"),
              ])
          }))
      children.append(
        .tag(
          "p", ["class": "muted"],
          "The first \(images.items.count) seeded samples, drawn when this report was made; below each, whether the claim's "
            + "event holds of it. They illustrate and prove nothing."))
    }
    return children
  }

  /// What the issuer says beside the evidence.
  private var remarks: [Markup] {
    let details = property.remarks.sorted { $0.key < $1.key }
    guard property.record.note != nil || !details.isEmpty else { return [] }
    var children: [Markup] = [.tag("h4", [:], "Remarks of the issuer, which no replay checks")]
    if let note = property.record.note { children.append(.tag("p", ["class": "note user"], note)) }
    if !details.isEmpty {
      children.append(Pieces.facts(details.map { ($0.key, [Pieces.user($0.value)]) }))
    }
    return children
  }
}
