#!/usr/bin/env python3
"""A second checker of dspec certificates, written from specs/certificate.md; it shares no code with the first.

    check.py BUNDLE OBLIGATIONS [--trust KEY.pub.pem] [--leaves N|all] [--samples N|all] [--seed TEXT]

OBLIGATIONS is a folder that `dspec-replay BUNDLE --obligations OBLIGATIONS` wrote: of each property the canonical bytes
of its question, its formula, and for probabilities what the first checker claims of each leaf. Everything else is
derived here: all structure of the bundle, the records, the shape of every tree, verdicts, and of a seeded selection of
leaves and samples what holds there, in integer and rational arithmetic.

A selected leaf agrees (own bounds show its claim), is loose (they are too wide), or contradicts (a point, or own bounds
of a mass, show the opposite). The word `valid` needs every selected leaf of a proof to agree in its claim, and of all
else that was selected at most one in twenty to be loose.

exit: 0 valid, 1 invalid, 2 too much is loose or an obligation is absent, 3 unreadable or wrong usage
"""

import argparse
import itertools
import pathlib
import random
import re
import sys
import time
from fractions import Fraction
from math import comb

from bundle import Bundle, Unreadable, canonical, digest
from dyadic import ONE, Undefined, enclose, hull
from formats import (ATTAINED, INTERVAL, OPEN, OUTSIDE, PHASES, RULES, Invalid, Obligation, atoms, check_phases,
                     chunk_hashes, clauses, merkle_root, need, parse_evidence, parse_masses, parse_rational)
from leaves import CaseOnCells, box_mass, decided, within
from samples import Sampler, around, binomial_tail, derive_seed

PARTS = 64  # cells that a leaf may be cut into
POINTS = 3  # points of a leaf that are evaluated
MORE_POINTS = 100  # of one whose claim is not shown
CHANCE = Fraction(1, 2**40)
RANKS = {"proof": 2, "bound": 2, "accounting": 2, "derived": 2, "sampled": 1, "attacked": 0}
DECIDED = {"proved", "refuted", "supported", "contradicted"}
ASSUMPTIONS = {  # the digests of the texts of section 3, which a certificate may not leave out
    "A1": "886cbfc4ca4259c6a9261e88ab507663152cb5dcfcf362fe363804285f24af03",
    "A2": "1884dcf6014f397937bbdba2b7acf2c95177cdee591cd6ff2cddeca642c8e011",
    "A3": "d83cd0cf07c15986999c96ffd7b97d73c9f46f2ad62cb1485850b8b7c943c56e",
    "A4": "716bfee8b2ecd48836d5cab3d25d39ced286d78f625c20b58f57ba2ac0f689d2",
    "A4 later": "eec8008a01fc0640af5576afc7f1def1fa4956b689b5c155c52158f308e9426e",  # with a checkpoint
    "A5": "b2b39cfc2b154053c6f4916b485b21276ee75ab98a7303613129a11a3a9f772d"}
WORDS = {"real": "real", "float32(any_order)": "f32-any-order", "float16(weights)": "f16-weights"}
GENERAL = [("EU AI Act", "Annex IV(2)(g)"), ("EU AI Act", "Annex XI, section 2"), ("ISO/IEC 42001", "A.6.2.4")]


class Answer:
    """What was found of one property."""

    def __init__(self, record):
        ends = [record.get("bounds", {}).get(side) for side in ("lower", "upper")]
        self.recorded = tuple(end and Fraction(float.fromhex(end)) for end in ends)
        self.leaves = self.agrees = self.loose = self.unshown = 0
        self.rules, self.remark, self.range = {}, "", None

    def count(self, agrees, rule):
        self.agrees += agrees
        self.loose += not agrees
        self.rules[rule] = self.rules.get(rule, 0) + 1


class Checker:
    def __init__(self, bundle, obligations, options):
        self.bundle, self.folder, self.options = bundle, pathlib.Path(obligations), options
        self.random = random.Random(digest(bundle.payload) + options.seed)

    def derived(self, name, kind):
        path = self.folder / f"{name}.{kind}"
        return path.read_bytes() if path.is_file() else None

    def evidence(self, record):
        """The one piece of evidence, or None where nothing is decided."""
        need(len(record["evidence"]) <= 1, "EVIDENCE_MISSING", "more than one piece of evidence")
        found, name = None, record["id"]
        if record["evidence"]:
            found = parse_evidence(self.bundle.read(f"evidence/sha256/{record['evidence'][0]['sha256']}"))
        else:
            need(record["verdict"] not in DECIDED and "bounds" not in record and record["leaves"] == 0,
                 "EVIDENCE_MISSING", f"{name}: {record['verdict']}, bounds or leaves without evidence")
        kind = found and found[0]
        if "chunks" in record:
            hashes = chunk_hashes(found[1]) if kind == "trees" else []
            need(hashes and record["chunks"] == {"count": len(hashes), "root": merkle_root(hashes).hex()},
                 "RECORD_MISMATCH", f"{name}: the chunks of trees")
        need(("sampling" in record) == (kind == "samples"), "STATISTIC_MISMATCH",
             f"{name}: samples that are not described, or none that are")
        return found

    def property(self, record):
        """Checks one property; raises `Invalid`."""
        answer, name = Answer(record), record["id"]
        need(re.fullmatch(r"\w+", name), "PROPERTY_SET", f"`{name}` is no name of a property")
        formula, data, evidence = self.derived(name, "formula"), self.derived(name, "obligation"), self.evidence(record)
        if data is None:
            answer.remark = "no obligation was derived"
            need(evidence is None, "OBLIGATION_ABSENT", f"{name}: evidence without a derived obligation")
            return answer
        need(formula and digest(formula) == record["formula"], "FORMULA_DIGEST", f"{name}: another claim")
        need(digest(data) == record["obligation"], "FORMULA_DIGEST", f"{name}: another question")
        known = {file["sha256"] for files in ("models", "datasets") for file in self.bundle.predicate[files]}
        declared = {found.decode() for found in re.findall(rb'\(artifact \S+ "[^"]*" ([0-9a-f]{64})\)', formula)}
        need(declared <= known, "MODEL_DIGEST", f"{name}: a file with a declared digest is not recorded")
        tail = re.findall(r"[a-z]+", formula.decode().rpartition("(evidence")[2])
        weakest = min((word for word in tail if word in RANKS), key=RANKS.get)
        need(record["requestedGrade"] == weakest, "RECORD_MISMATCH", f"{name}: the requested grade")
        obligation = Obligation(data)
        stated = (re.findall(rb"\(bounds (.*?)\)\) \(evidence", formula) or [b""])[-1].decode() + ")"
        stated = re.findall(r"\((<|<=|>|>=) (-?\d+(?:/\d+)?)\)", stated) if obligation.law is not None else []
        need(record["threshold"] == [f"{c} {b}" for c, b in stated], "FORMULA_DIGEST", f"{name}: thresholds")
        if evidence is None:
            return answer
        kind, *content = evidence
        if kind == "witness":
            found = self.witness(answer, obligation, *content)
        elif kind == "trees":
            found = self.trees(answer, obligation, record, *content)
        else:
            found = self.samples(answer, obligation, record, formula, *content)
        if record["verdict"] == "vacuous":  # the question is whether nothing meets what the claim presupposes
            found = ("vacuous" if found == ("proved", "proof") else "unknown", found[1])
        self.conclude(record, answer, found)
        for recorded, derived, sign in zip(answer.recorded, answer.range or (None, None), (1, -1)):
            need(recorded is None or derived is not None and sign * recorded <= sign * derived, "BOUND_NOT_MET",
                 f"{name}: a recorded bound does not enclose the derived one, or there is none")
        return answer

    @staticmethod
    def conclude(record, answer, found):
        stated = record["verdict"], record["grade"]
        need(found == stated, "VERDICT_MISMATCH", f"{record['id']}: recorded {stated}, the evidence gives {found}")
        need(record["leaves"] == answer.leaves, "RECORD_MISMATCH", f"{record['id']}: {answer.leaves} leaves")

    def vnnlib(self, record):
        """Checks the property of a VNN-LIB file, whose boxes are questions of their own (section 4)."""
        predicate, answer = self.bundle.predicate, Answer(record)
        kind, *content = self.evidence(record) or (None,)
        name, network = predicate["spec"]["name"], predicate["models"][0]["name"]
        need(record["id"] == name, "PROPERTY_SET", f"the property is not named `{name}`")
        text = f"no input within the boxes of `{name}` meets its formula with the output of `{network}`"
        wanted = {"formula": predicate["spec"]["sources"][0]["sha256"], "text": text,
                  "title": "", "hazards": [], "threshold": []}
        need(all(record[name] == value for name, value in wanted.items()), "FORMULA_DIGEST", "another claim")
        need(record["requestedGrade"] == "proof" and "bounds" not in record, "RECORD_MISMATCH", "grade or bounds")
        found = (self.derived(f"{name}.{box}", "obligation") for box in itertools.count())
        data = list(itertools.takewhile(bool, found))
        digests = b"".join(bytes.fromhex(digest(item)) for item in data)
        need(digest(b"dspec vnnlib 1\n" + digests) == record["obligation"], "FORMULA_DIGEST", "another question")
        boxes = [Obligation(item) for item in data]
        lines = (rf"real-number semantics of the network `{re.escape(network)}`; inputs: \d+, outputs: \d+",
                 rf"`{re.escape(name)}` as VNN-LIB 1\.0: numbers are the decimals written, strict comparisons are "
                 rf"strict; boxes of inputs that are not empty: {len(boxes)}",
                 "proved means unsat: no input of these boxes meets the formula; refuted means sat: some input does")
        for line in lines:
            is_stated = any(re.fullmatch(line, stated) for stated in predicate["scope"])
            need(is_stated, "RECORD_MISMATCH", f"`{line}` is not stated")
        for stated in predicate["scope"]:
            is_known = any(re.fullmatch(line, stated) for line in lines)
            need(is_known, "RECORD_MISMATCH", f"`{stated}` is stated, and nothing shows it")
        need(kind != "samples", "EVIDENCE_MISSING", "samples do not answer the question")
        found = "unknown", "attacked"
        if kind == "witness":
            box, point = content
            need(box < len(boxes), "WITNESS_INVALID", "the witness names no box")
            found = self.witness(answer, boxes[box], 0, point)
        elif kind == "trees":
            trees, = content
            need(len(trees) == len(boxes), "TREE_SHAPE", "the number of trees is not that of the boxes")
            parts = [self.trees(answer, box, record, [tree]) for box, tree in zip(boxes, trees)]
            found = ("unknown" if ("unknown", "proof") in parts else "proved"), "proof"
        self.conclude(record, answer, found)
        word = {"proved": "unsat", "refuted": "sat"}.get(record["verdict"], "unknown")
        details = record["details"]
        need((details.get("answer"), details.get("boxes")) == (word, str(len(boxes)))
             and details.keys() <= {"answer", "boxes", "inputs"}, "RECORD_MISMATCH", "the details of the answer")
        return answer

    def standing(self):
        """What the certificate has to say about itself: assumptions, arithmetic, properties left out."""
        predicate = self.bundle.predicate
        records = predicate["properties"]
        data, formulas = ([self.derived(r["id"], kind) for r in records] for kind in ("obligation", "formula"))
        single = [all(case.single for case in Obligation(item).cases) for item in data if item]
        if None not in data and None not in formulas or "language" in predicate["spec"]:
            self.arithmetic(records, [text for text in formulas if text], single)
        has_samples = any(record["grade"] == "sampled" and record["evidence"] for record in records)
        checkpoint = "seedCheckpoint" in predicate
        needed = {"A1": True, "A2": has_samples, "A3": any(single), "A4": has_samples and not checkpoint,
                  "A4 later": has_samples and checkpoint, "A5": "oracles" in predicate}
        need(not any(item["discharged"] for item in predicate["assumptions"]), "RECORD_MISMATCH",
             "an assumption is called discharged, and nothing shows it")
        own = {name[:2] for name in ASSUMPTIONS}
        stated = {(a["id"], digest(a["text"].encode())) for a in predicate["assumptions"] if a["id"] in own}
        wanted = {(name[:2], ASSUMPTIONS[name]) for name, is_needed in needed.items() if is_needed}
        need(stated == wanted, "RECORD_MISMATCH", "a standing assumption")
        need(has_samples or not checkpoint, "RECORD_MISMATCH", "a checkpoint of seeds without samples")
        self.identity(predicate)
        missing = {path.stem for path in self.folder.glob("*.formula")} - {record["id"] for record in records}
        prefix = "not answered here: "
        listed = [set(line[len(prefix):].split(", ")) for line in predicate["scope"] if line.startswith(prefix)]
        need(not missing or any(missing <= names for names in listed), "RECORD_MISMATCH",
             f"the scope does not say that {sorted(missing)} are not answered")
        return sorted(missing)

    def arithmetic(self, records, formulas, single):
        """Each claim's arithmetic from its formula, and that of all together."""
        words = [re.findall(r"\(arithmetic (\S+)\)\)\s*$", text.decode()) for text in formulas]
        claims = [WORDS.get(found[0] if found else "real") for found in words] if formulas else ["real"] * len(records)
        need(None not in claims, "FORMULA_DIGEST", "an unknown arithmetic")
        rounded = [claim == "f32-any-order" for claim in claims]
        need(single in ([], rounded), "FORMULA_DIGEST", "the rounding of a question")
        claim = claims[0] if len(set(claims)) == 1 else "mixed" if claims else "real"
        stated, flags = self.bundle.predicate["arithmetic"], {"flushToZero": False, "tf32": False}
        wanted = {"checker": "f64-a-priori", "claim": claim} | ({} if claim == "real" else flags)
        need(stated == wanted, "RECORD_MISMATCH", f"the claims are about {claim}")
        for record, claim in zip(records, claims):
            own, derived = record.get("arithmetic"), None if claim == "real" else claim
            need(own == derived, "RECORD_MISMATCH", f"{record['id']} is about {claim}")

    @staticmethod
    def identity(predicate):
        """Records that follow from the files, as far as can be told without reading specification and models."""
        for sampler in predicate["samplers"]:
            body = canonical({name: sampler[name] for name in ("coefficients", "schedule", "timesteps")})
            wanted = {"noise": "none", "scheduleDigest": digest(body)}
            stated = {name: sampler[name] for name in wanted if name in sampler}
            need(stated == wanted, "SAMPLER_DIGEST", "noise or digest of a schedule")
        need("model" in predicate or not predicate["models"], "RECORD_MISMATCH", "the model's identity")
        is_dspec = "language" not in predicate["spec"]
        for name in ("languageVersion", "canonicalAst"):
            own = predicate["spec"].get(name)
            need((own is not None) == is_dspec, "RECORD_MISMATCH", f"spec.{name}")
        need(predicate["spec"].get("languageVersion") in ("1.0", None), "RECORD_MISMATCH", "spec.languageVersion")
        files = {oracle["file"] for oracle in predicate.get("oracles", [])}
        need(files <= {file["name"] for file in predicate["models"]}, "RECORD_MISMATCH", "an oracle's file")
        names = [record["id"] for record in predicate["properties"] if record["verdict"] in DECIDED]
        mappings = predicate.get("mappings", [])
        general = [(m["framework"], m["reference"]) for m in mappings if m["properties"] == names][:len(GENERAL)]
        need(general == (GENERAL if names else []) and (names or not mappings), "RECORD_MISMATCH", "the mappings")
        need(all(set(m["properties"]) <= set(names) for m in mappings), "RECORD_MISMATCH", "a mapping's properties")

    @staticmethod
    def witness(answer, obligation, index, point):
        need(obligation.region is not None, "EVIDENCE_MISSING", "a witness refutes a claim about every point only")
        is_fit = index < len(obligation.cases) and len(point) == obligation.dimension
        need(is_fit, "WITNESS_INVALID", "another question")
        box = []
        for value, (low, high) in zip(point, obligation.region):
            # A range of one number that is no double is named by the double below it.
            exact = low if low == high and value == around(low)[0] else Fraction(value)
            need(low <= exact <= high, "WITNESS_INVALID", f"{value} lies outside of the region")
            box.append((exact, exact))
        need(all(ball.meets(box) for ball in obligation.balls), "WITNESS_INVALID", "the witness lies outside of a ball")
        item = CaseOnCells(obligation.cases[index])
        found = item.exactly_on(box)
        found = item.at([enclose(a) for a, _ in box]) if found is None else found
        need(found is False, "WITNESS_INVALID", "the claim is not violated at the witness")
        answer.count(True, "witness")
        return "refuted", "proof"

    def trees(self, answer, obligation, record, trees):
        total, masses = record["leaves"], None
        need(len(trees) == len(obligation.cases), "TREE_SHAPE", f"{len(trees)} trees for {len(obligation.cases)} cases")
        need(all(len(tree.lower) == obligation.dimension for tree in trees), "TREE_SHAPE", "another dimension")
        chosen = range(total)
        if self.options.leaves != "all":
            chosen = set(self.random.sample(chosen, min(total, int(self.options.leaves))))
        if obligation.law is None:
            # The recorded bounds of quantities are shown on the selected leaves besides the claim.
            answer.range = answer.recorded
            directions = {comparison[0] for case in obligation.cases for _, _, comparison, _ in atoms(case.predicate)}
            given = {side for side, end in zip("><", answer.recorded) if end is not None}
            need(not given or directions == given and len(given) == 1, "BOUND_NOT_MET",
                 "bounds of quantities that the leaves do not give")
            need(all(Fraction(a) <= low and high <= Fraction(b) for tree in trees
                     for a, b, (low, high) in zip(tree.lower, tree.upper, obligation.region)), "COVERAGE",
                 "a root does not cover the region")
        else:
            data = self.derived(record["id"], "masses")
            need(data is not None, "MASSES", "no masses of leaves were derived")
            masses = parse_masses(data)
            need(len(masses) == len(trees), "MASSES", "masses of other trees")
        has_open = False
        for index, (tree, case) in enumerate(zip(trees, obligation.cases)):
            item, first = None, answer.leaves
            for lower, upper, rule, annex in tree.walk():
                has_open |= rule == OPEN
                need(rule != OUTSIDE or obligation.balls, "BOUND_NOT_MET", "there is no ball to lie outside of")
                need(rule != PHASES or masses or check_phases(annex, clauses(case.predicate), case.graph.rectifiers),
                     "BOUND_NOT_MET", "the annex of a leaf is malformed")
                need(rule != PHASES or answer.recorded == (None, None) or len(atoms(case.predicate)) == 1,
                     "BOUND_NOT_MET", "phases give no bound of a quantity of a claim of several atoms")
                if answer.leaves in chosen:
                    item = item or CaseOnCells(case, obligation.balls)
                    claim = masses[index][answer.leaves - first:] if masses else None
                    need(claim != [], "MASSES", "masses and leaves differ in number")
                    check = self.measure_leaf if masses else self.forall_leaf
                    check(answer, item, obligation, lower, upper, rule, claim and claim[0])
                answer.leaves += 1
            need(not masses or answer.leaves - first == len(masses[index]), "MASSES", "masses of other leaves")
        if masses is None:
            return ("unknown" if has_open else "proved"), "proof"
        low = high = Fraction(0)
        for case, tree in zip(obligation.cases, masses):
            inside, outside = (sum(Fraction(max(leaf[side], 0)) for leaf in tree) for side in (0, 1))
            need(inside + outside <= 1, "MASSES", "the leaves of a tree have more mass than there is")
            low, high = low + case.weight * inside, high + case.weight * (1 - outside)
        answer.range = low, high
        answers = [decided(comparison, (low, high), (limit, limit)) for comparison, limit in obligation.bounds]
        return ("refuted" if False in answers else "unknown" if None in answers else "proved"), "bound"

    def points(self, lower, upper, count=POINTS):
        """Points of doubles of a cell: its centre, a corner, and others."""
        yield tuple(a / 2 + b / 2 for a, b in zip(lower, upper))
        yield tuple(self.random.choice(pair) for pair in zip(lower, upper))
        for _ in range(count - 2):
            yield tuple(min(max(a + self.random.random() * (b - a), a), b) for a, b in zip(lower, upper))

    @staticmethod
    def in_region(point, lower, upper, obligation):
        """A point of cell and region near another one, as rational numbers; None where none is found.

        Towards the point of the cell that is nearest to a ball's centre, by halves.
        """
        box = [(max(Fraction(a), low), min(Fraction(b), high))
               for a, b, (low, high) in zip(lower, upper, obligation.region)]
        if any(low > high for low, high in box):
            return None
        point = [min(max(Fraction(x), low), high) for x, (low, high) in zip(point, box)]
        for ball in obligation.balls:
            axes = range(ball.start, ball.end)
            near = [min(max(centre, box[axis][0]), box[axis][1]) for axis, centre in zip(axes, ball.centre)]
            for step in range(8):
                if ball.meets([(x, x) for x in point]):
                    break
                for axis, x in zip(axes, near):
                    point[axis] = (point[axis] + x) / 2 if step < 7 else x
            if not ball.meets([(x, x) for x in point]):
                return None
        return point

    def forall_leaf(self, answer, item, obligation, lower, upper, rule, _):
        where = f"of the leaf {lower} .. {upper}, closed by {RULES[rule]}"
        box = [(Fraction(a), Fraction(b)) for a, b in zip(lower, upper)]
        if rule == OUTSIDE:
            need(not all(ball.meets(box) for ball in obligation.balls), "BOUND_NOT_MET", f"points in all balls {where}")
            return answer.count(True, RULES[rule])
        ends = tuple(None if end is None else enclose(end)[1 - side] for side, end in enumerate(answer.recorded))

        def contradict(count):
            """Refuses the leaf at a point of which the claim fails, or a quantity is beyond the recorded bounds."""
            for point in self.points(lower, upper, count):
                point = self.in_region(point, lower, upper, obligation)
                if point is None:
                    continue
                point = [enclose(x) for x in point]
                fails = rule != OPEN and item.at(point) is False
                need(not fails, "BOUND_NOT_MET", f"the claim fails at a point {where}")
                try:
                    values = item.values(item.propagate(point)) if ends != (None, None) else []
                except Undefined:
                    continue
                # A quantity is beyond an end where its enclosure is.
                need(within([(high, low) for low, high in values], ends), "BOUND_NOT_MET",
                     f"a quantity is beyond the recorded bounds {where}")

        contradict(POINTS)
        box = [(max(a, low), min(b, high)) for (a, b), (low, high) in zip(box, obligation.region)]
        exactly = (rule in (ATTAINED, INTERVAL) and all(a <= b for a, b in box)
                   and item.exactly_on(item.contracted(box) or box, answer.recorded) is True)
        shown = exactly or item.holds(lower, upper, PARTS, ends, rule != OPEN)
        # Where the recorded bounds are too narrow to be shown, the claim may be shown all the same.
        answer.unshown += not (shown or rule == OPEN or ends != (None, None) and item.holds(lower, upper, PARTS))
        if not shown:
            contradict(MORE_POINTS)
        return answer.count(shown, RULES[rule])

    def measure_leaf(self, answer, item, obligation, lower, upper, rule, claim):
        inside, outside, total = (enclose(x)[0] for x in claim)
        low, high = box_mass(obligation.law, lower, upper)
        where = f"of the leaf {lower} .. {upper} ({RULES[rule]})"
        need(total >= low and max(0, inside) + max(0, outside) <= high, "BOUND_NOT_MET", f"the mass {where}")
        need(rule not in (OPEN, PHASES, OUTSIDE) or inside <= 0 and outside <= 0, "BOUND_NOT_MET", f"a claim {where}")
        own = item.masses(lower, upper, obligation.law, (inside, outside), PARTS)
        need(inside <= high - own[1] and outside <= high - own[0], "BOUND_NOT_MET",
             f"claimed {claim[:2]} {where}; at least {own[0] / ONE}, {own[1] / ONE} hold and fail")
        # A small box inside the cell on which the event is the other way is not part of what is claimed.
        for point in self.points(lower, upper):
            box = [(max(a, min(x, b - (b - a) / 32)), min(b, max(x, a + (b - a) / 32) + (b - a) / 64))
                   for x, a, b in zip(point, lower, upper)]
            found = item.at([hull(a, b) for a, b in box])
            part = box_mass(obligation.law, *zip(*box))[0] if found is not None and all(a < b for a, b in box) else 0
            need((outside if found else inside) <= high - part, "BOUND_NOT_MET", f"the event around {point} {where}")
        return answer.count(own[0] >= inside and own[1] >= outside, RULES[rule])

    def samples(self, answer, obligation, record, formula, seed, count, hits, undecided):
        need(obligation.law is not None, "EVIDENCE_MISSING", "samples do not answer a claim about every point")
        plan = re.findall(rb"\(evidence [^\n]*?\(sampled (\d+) (\d+/\d+)\)", formula)
        need(plan, "EVIDENCE_MISSING", "the property accepts no samples")
        need(count == int(plan[-1][0]), "SAMPLE_MISMATCH", f"{count} samples")
        checkpoint = self.bundle.predicate.get("seedCheckpoint", {}).get("sha256")
        need(seed == derive_seed(record["obligation"], count, checkpoint), "SEED_RULE", "the seed does not derive")
        need(hits + undecided <= count, "SAMPLE_MISMATCH", "more hits than samples")
        error = 1 - parse_rational(plan[-1][1].decode(), "FORMULA_DIGEST")
        if "sampling" in record:
            from_below = bool(obligation.bounds) and obligation.bounds[0][0][0] == ">"
            wanted = {"n": count, "failures": count - hits - undecided if from_below else hits, "undecided": undecided,
                      "delta": str(error), "prng": "chacha20",
                      "method": "clopper-pearson" + "-bonferroni" * (len(obligation.bounds) > 1),
                      "seedDerivation": f"dspec sample seed {2 if checkpoint else 1}"}
            need(record["sampling"] == wanted, "STATISTIC_MISMATCH", "what is said of the samples")
        sampler = Sampler(obligation, seed)
        if sampler.supported:
            self.draw(answer, obligation, sampler, count, hits, undecided)
        else:
            answer.count(False, "sample of a truncated normal law")
        error /= max(1, len(obligation.bounds))

        def below(p):  # P <= p is shown at the confidence
            return binomial_tail(count - hits - undecided, count, 1 - p) <= error

        def above(p):
            return binomial_tail(hits, count, p) <= error

        answers = []
        for comparison, limit in obligation.bounds:
            holds, fails = (below, above) if comparison[0] == "<" else (above, below)
            answers.append(True if holds(limit) else False if fails(limit) else None)
        low, high = answer.range = answer.recorded
        need(low is None or low <= 0 or above(low), "BOUND_NOT_MET", "the lower limit")
        need(high is None or high >= 1 or below(high), "BOUND_NOT_MET", "the upper limit")
        verdict = "contradicted" if False in answers else "supported" if answers and None not in answers else "unknown"
        return verdict, "sampled"

    def draw(self, answer, obligation, sampler, count, hits, undecided):
        number = count if self.options.samples == "all" else min(count, int(self.options.samples))
        items, tally, misses = {}, {True: 0, False: 0, None: 0}, count - hits - undecided
        for index in range(number):
            case, point = sampler.point(index)
            items[case] = items.get(case) or CaseOnCells(obligation.cases[case])
            tally[items[case].at([enclose(x) for x in point])] += 1
        most, least = tally[False] + tally[None], tally[False]  # of the misses among these samples
        need(tally[True] <= hits + undecided and least <= misses + undecided, "SAMPLE_MISMATCH",
             f"{tally[True]} hits and {least} misses in {number} samples")
        if number == count:
            need(tally[True] + tally[None] >= hits and most >= misses, "SAMPLE_MISMATCH",
                 f"{tally[True]} hits, {hits} recorded")
        elif not undecided:
            # The first samples are no selection of anybody's: their misses follow the hypergeometric law.
            ways = [comb(misses, k) * comb(hits, number - k) for k in range(number + 1)]
            tails = sum(ways[:most + 1]), sum(ways[least:])
            need(min(tails) > CHANCE * comb(count, number), "SAMPLE_MISMATCH",
                 f"{least} misses in {number} samples, {misses} recorded in {count}: beyond chance")
        answer.agrees += tally[True] + tally[False]
        answer.loose += tally[None]
        answer.rules["sample"] = number


def run(options):
    if not pathlib.Path(options.obligations).is_dir():
        raise Unreadable(f"{options.obligations} is no folder")
    bundle = Bundle(options.bundle)
    for key in options.trust:
        need(bundle.signed_by(key), "SIGNATURE", f"no signature is of {key}")
    checker, answers = Checker(bundle, options.obligations, options), []
    missing, check = checker.standing(), checker.vnnlib if "language" in bundle.predicate["spec"] else checker.property
    for record in bundle.predicate["properties"]:
        start = time.monotonic()
        answer = check(record)
        rules = ", ".join(f"{count} {rule}" for rule, count in sorted(answer.rules.items())) or answer.remark
        print(f"{record['id']:24} {record['verdict']:12} {answer.agrees} agree, {answer.loose} loose of "
              f"{answer.leaves} leaves ({rules}), {time.monotonic() - start:.1f} s", flush=True)
        answers.append(answer)
    loose, agrees, unshown = (sum(getattr(a, name) for a in answers) for name in ("loose", "agrees", "unshown"))
    # One leaf on which a claim fails would do for a false proof, so none may be among those that tell nothing.
    word = "partial" if missing else "valid" if loose * 20 <= agrees + loose and not unshown else "incomplete"
    print(f"{word}: {agrees} leaves and samples agree, {loose} are too loose to tell")
    return 0 if word == "valid" else 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("obligations")
    parser.add_argument("--trust", action="append", default=[], metavar="KEY")
    parser.add_argument("--leaves", default="60", metavar="N|all", help="leaves of each property (60)")
    parser.add_argument("--samples", default="400", metavar="N|all", help="samples of each property (400)")
    parser.add_argument("--seed", default="", help="chooses other leaves")
    try:
        options = parser.parse_args()
    except SystemExit as stop:
        return 3 if stop.code else 0
    try:
        return run(options)
    except Invalid as error:
        print("invalid({}: {})".format(*error.args))
        return 1
    except (Unreadable, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
