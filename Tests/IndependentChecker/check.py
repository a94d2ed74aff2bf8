#!/usr/bin/env python3
"""A second checker of dspec certificates, written from specs/certificate.md; it shares no code with the first.

    check.py BUNDLE OBLIGATIONS [--trust KEY.pub.pem] [--leaves N|all] [--samples N|all] [--seed TEXT] [--json]

OBLIGATIONS is a folder that `dspec-replay BUNDLE --obligations OBLIGATIONS` wrote: of each property the canonical bytes
of its question, its formula, and for probabilities what the first checker claims of each leaf. Everything else is
derived here: all structure of the bundle, the records, the shape of every tree, verdicts, and of a seeded selection
of leaves and samples what holds there, in integer and rational arithmetic.

A selected leaf agrees (own bounds show its claim), is loose (they are too wide), or contradicts (a point, or own bounds
of a mass, show the opposite).

exit: 0 valid, 1 invalid, 2 too much is loose or an obligation is absent, 3 unreadable or wrong usage
"""

import argparse
import json
import pathlib
import random
import re
import sys
import time
from fractions import Fraction
from math import comb

from bundle import Bundle, Unreadable, digest, parse_float
from dyadic import ONE, enclose, exact
from formats import OPEN, PHASES, RULES, Invalid, Obligation, atoms, need, parse_evidence, parse_masses, parse_rational
from leaves import CaseOnCells, box_mass, decided
from samples import Sampler, binomial_tail, derive_seed

PARTS = 64  # cells that a leaf may be cut into
POINTS = 3  # points of a leaf that are evaluated
CHANCE = Fraction(1, 2**40)
ATTAINED = 0x83
RANKS = {"proof": 2, "bound": 2, "accounting": 2, "derived": 2, "sampled": 1, "attacked": 0}
ASSUMPTIONS = {  # the digests of the texts of section 3, which a certificate may not leave out
    "A1": "886cbfc4ca4259c6a9261e88ab507663152cb5dcfcf362fe363804285f24af03",
    "A2": "1884dcf6014f397937bbdba2b7acf2c95177cdee591cd6ff2cddeca642c8e011",
    "A3": "99b6a010f25e452cc9c91fc65c963e4bb9294289af1563ca9c8ce4c3f5a9c09c"}


class Answer:
    """What was found of one property."""

    def __init__(self):
        self.leaves = self.agrees = self.loose = 0
        self.rules, self.remarks = {}, []
        self.range = None

    def count(self, agrees, rule):
        self.agrees += agrees
        self.loose += not agrees
        self.rules[rule] = self.rules.get(rule, 0) + 1


def scaled(value):
    """2^1074 times a double, an integer."""
    top, bottom = value.as_integer_ratio()
    return top << 1075 - bottom.bit_length()


class Checker:
    def __init__(self, bundle, obligations, options):
        self.bundle, self.folder, self.options = bundle, pathlib.Path(obligations), options
        self.random = random.Random(digest(bundle.payload) + options.seed)
        self.cache = {}

    def derived(self, name, kind):
        try:
            return (self.folder / f"{name}.{kind}").read_bytes()
        except OSError:
            return None

    def property(self, record):
        """Checks one property; raises `Invalid`."""
        answer, name = Answer(), record["id"]
        need(re.fullmatch(r"\w+", name), "PROPERTY_SET", f"`{name}` is no name of a property")
        formula, data = self.derived(name, "formula"), self.derived(name, "obligation")
        verdict, grade = record["verdict"], record["grade"]
        need(len(record["evidence"]) <= 1, "EVIDENCE_MISSING", "more than one piece of evidence")
        if data is None:
            answer.remarks.append("no obligation was derived")
            need(verdict in ("unknown", "vacuous", "undefined") and not record["evidence"], "OBLIGATION_ABSENT",
                 f"{name}: a decided property without a derived obligation")
            return answer
        need(formula is not None and digest(formula) == record["formula"], "FORMULA_DIGEST", f"{name}: another claim")
        need(digest(data) == record["obligation"], "FORMULA_DIGEST", f"{name}: another question")
        known = {file["sha256"] for files in ("models", "datasets") for file in self.bundle.predicate[files]}
        for declared in re.findall(rb'\(artifact \S+ "[^"]*" ([0-9a-f]{64})\)', formula):
            need(declared.decode() in known, "MODEL_DIGEST", f"{name}: a file with a declared digest is not recorded")
        tail = re.findall(r"[a-z]+", formula.decode().rpartition("(evidence")[2])
        accepted = [word for word in tail if word in RANKS]
        need(record["requestedGrade"] == min(accepted, key=RANKS.get), "RECORD_MISMATCH", f"{name}: the requested grade")
        obligation = Obligation(data)
        stated = re.findall(r"\((<|<=|>|>=) (-?\d+(?:/\d+)?)\)", (re.findall(
            rb"\(bounds (.*?)\)\) \(evidence", formula) or [b""])[-1].decode() + ")")
        if obligation.law is not None:
            need(record["threshold"] == [f"{c} {b}" for c, b in stated], "FORMULA_DIGEST", f"{name}: thresholds")
        if not record["evidence"]:
            need(verdict not in ("proved", "refuted", "supported", "contradicted") and "bounds" not in record,
                 "EVIDENCE_MISSING", f"{name}: {verdict} without evidence")
            return answer
        evidence = parse_evidence(self.bundle.read(f"evidence/sha256/{record['evidence'][0]['sha256']}"))
        kinds = {"trees": self.trees, "witness": self.witness, "samples": self.samples}
        found = kinds[evidence[0]](answer, obligation, evidence, record, formula)
        need(found == (verdict, grade), "VERDICT_MISMATCH", f"{name}: {verdict} ({grade}), the evidence gives {found}")
        need(record["leaves"] == answer.leaves, "RECORD_MISMATCH", f"{name}: {answer.leaves} leaves")
        recorded = record.get("bounds", {})
        need(not recorded or answer.range is not None, "BOUND_NOT_MET", f"{name}: bounds without a range")
        for side, text in recorded.items():
            value, end = Fraction(parse_float(text, name)), answer.range[0 if side == "lower" else 1]
            need(end is not None and (value <= end if side == "lower" else value >= end), "BOUND_NOT_MET",
                 f"{name}: the recorded {side} bound does not enclose the derived one")
        return answer

    def standing(self):
        """What the certificate has to say about itself: assumptions, arithmetic, properties left out."""
        predicate = self.bundle.predicate
        records = predicate["properties"]
        single = []
        for record in records:
            data = self.derived(record["id"], "obligation")
            single += [all(case.single for case in Obligation(data).cases)] if data else []
        if len(single) == len(records):
            claim = "f32-any-order" if single and all(single) else "real"
            need(predicate["arithmetic"]["claim"] == claim, "RECORD_MISMATCH", f"the claims are about {claim}")
        stated = {(item["id"], digest(item["text"].encode())) for item in predicate["assumptions"]
                  if not item["discharged"]}
        wanted = ["A1"] + ["A2"] * any(r["grade"] == "sampled" and r["evidence"] for r in records) + ["A3"] * any(single)
        need(all((name, ASSUMPTIONS[name]) in stated for name in wanted), "RECORD_MISMATCH", "a standing assumption")
        missing = {path.stem for path in self.folder.glob("*.formula")} - {record["id"] for record in records}
        prefix = "not answered here: "
        listed = [set(line[len(prefix):].split(", ")) for line in predicate["scope"] if line.startswith(prefix)]
        need(not missing or any(missing <= names for names in listed), "RECORD_MISMATCH",
             f"the scope does not say that {sorted(missing)} are not answered")
        return sorted(missing)

    def witness(self, answer, obligation, evidence, record, _):
        _, index, point = evidence
        need(obligation.region is not None, "EVIDENCE_MISSING", "a witness refutes a claim about every point only")
        need(index < len(obligation.cases) and len(point) == obligation.dimension, "WITNESS_INVALID", "another question")
        box = []
        for value, (low, high) in zip(map(Fraction, point), obligation.region):
            if not low <= value <= high:
                # A range of one number that is no double is named by the double below it.
                need(low == high and value < low and self.neighbour(value) > low, "WITNESS_INVALID",
                     f"{float(value)} lies outside of the region")
                value = low
            box.append((value, value))
        item = CaseOnCells(obligation.cases[index], self.cache)
        answer_at = item.exactly_on(box)
        if answer_at is None:
            answer_at = item.at([(enclose(a)[0], enclose(a)[1]) for a, _ in box])
        need(answer_at is False, "WITNESS_INVALID", "the claim is not violated at the witness")
        answer.count(True, "witness")
        return "refuted", "proof"

    @staticmethod
    def neighbour(value):
        low = float(value)
        step = 2.0**-1074
        while Fraction(low + step) == value or low + step == low:
            step *= 2
        return Fraction(low + step)

    def selected(self, total):
        if self.options.leaves == "all":
            return set(range(total))
        return set(self.random.sample(range(total), min(total, int(self.options.leaves))))

    def trees(self, answer, obligation, evidence, record, _):
        trees = evidence[1]
        need(len(trees) == len(obligation.cases), "TREE_SHAPE", f"{len(trees)} trees for {len(obligation.cases)} cases")
        need(all(len(tree.lower) == obligation.dimension for tree in trees), "TREE_SHAPE", "a tree of another dimension")
        chosen = self.selected(record["leaves"])
        masses = ends = None
        if obligation.law is None:
            # The bounds of all quantities that are recorded are shown on the selected leaves besides the claim.
            bounds = record.get("bounds", {})
            answer.range = tuple(Fraction(parse_float(bounds[side], side)) if side in bounds else None
                                 for side in ("lower", "upper"))
            need(not bounds or len({comparison[0] for case in obligation.cases for _, _, comparison, _ in
                                    atoms(case.predicate)}) == 1, "BOUND_NOT_MET", "bounds of quantities both ways")
            ends = tuple(None if end is None else enclose(end)[0 if side else 1]
                         for side, end in enumerate(answer.range))
            for tree in trees:
                for low, high, (first, last) in zip(tree.lower, tree.upper, obligation.region):
                    need(Fraction(low) <= first and last <= Fraction(high), "COVERAGE", "a root does not cover the region")
        else:
            data = self.derived(record["id"], "masses")
            need(data is not None, "MASSES", "no masses of leaves were derived")
            masses = parse_masses(data)
            need(len(masses) == len(trees), "MASSES", "masses of other trees")
        number, has_open = 0, False
        for index, (tree, case) in enumerate(zip(trees, obligation.cases)):
            item, before = None, number
            for lower, upper, rule in tree.walk():
                has_open |= rule == OPEN
                if number in chosen:
                    item = item or CaseOnCells(case, self.cache)
                    if masses is None:
                        self.forall_leaf(answer, item, obligation, lower, upper, rule, ends)
                    else:
                        need(number - before < len(masses[index]), "MASSES", "masses and leaves differ in number")
                        self.measure_leaf(answer, item, obligation, lower, upper, rule, masses[index][number - before])
                number += 1
            need(masses is None or number - before == len(masses[index]), "MASSES", "masses and leaves differ in number")
        answer.leaves = number
        if masses is None:
            return ("unknown" if has_open else "proved"), "proof"
        low, high = self.measure(obligation, masses)
        answer.range = low, high
        return self.verdict(low, high, obligation.bounds), "bound"

    @staticmethod
    def measure(obligation, masses):
        """The weighted sum that leaves' claims give, exactly; every claim was at least checked against its cell."""
        low = high = Fraction(0)
        for case, tree in zip(obligation.cases, masses):
            inside, outside = (Fraction(sum(scaled(leaf[side]) for leaf in tree if leaf[side] > 0), 1 << 1074)
                               for side in (0, 1))
            need(inside + outside <= 1, "MASSES", "the leaves of a tree have more mass than there is")
            low, high = low + case.weight * inside, high + case.weight * (1 - outside)
        return low, high

    @staticmethod
    def verdict(low, high, bounds):
        answers = [decided(comparison, (low, high), (limit, limit)) for comparison, limit in bounds]
        return "refuted" if False in answers else "unknown" if None in answers else "proved"

    def points(self, lower, upper):
        """Points of doubles of a cell: its centre, a corner, and others."""
        yield tuple(a / 2 + b / 2 for a, b in zip(lower, upper))
        yield tuple(self.random.choice(pair) for pair in zip(lower, upper))
        for _ in range(POINTS - 2):
            yield tuple(min(max(a + self.random.random() * (b - a), a), b) for a, b in zip(lower, upper))

    def forall_leaf(self, answer, item, obligation, lower, upper, rule, ends):
        where = f"of the leaf {lower} .. {upper}, closed by {RULES[rule]}"
        for point in self.points(lower, upper):
            coordinates = [exact(x) for x in point]
            inside = True
            for axis, (x, (low, high)) in enumerate(zip(point, obligation.region)):
                if low == high:
                    coordinates[axis] = enclose(low)
                inside &= low == high or low <= Fraction(x) <= high
            if not inside:
                continue
            need(rule == OPEN or item.at(coordinates) is not False, "BOUND_NOT_MET", f"the claim fails at {point} {where}")
            if ends != (None, None):
                for low, high in item.values(item.propagate(coordinates).output):
                    need((ends[0] is None or high >= ends[0]) and (ends[1] is None or low <= ends[1]), "BOUND_NOT_MET",
                         f"a quantity at {point} is beyond the recorded bounds {where}")
        if rule == ATTAINED:
            region = [(max(Fraction(a), low), min(Fraction(b), high))
                      for a, b, (low, high) in zip(lower, upper, obligation.region)]
            return answer.count(item.exactly_on(region) is True or item.holds(lower, upper, PARTS), RULES[rule])
        return answer.count(item.holds(lower, upper, PARTS, ends, rule != OPEN), RULES[rule])

    def measure_leaf(self, answer, item, obligation, lower, upper, rule, claim):
        inside, outside, total = (exact(x)[0] for x in claim)
        low, high = box_mass(obligation.law, lower, upper)
        where = f"of the leaf {lower} .. {upper} ({RULES[rule]})"
        need(total >= low and max(0, inside) + max(0, outside) <= high, "BOUND_NOT_MET", f"the mass {where}")
        need(rule not in (OPEN, PHASES) or inside <= 0 and outside <= 0, "BOUND_NOT_MET", f"a claim {where}")
        own = item.masses(lower, upper, obligation.law, (inside, outside), PARTS // 2)
        need(inside <= high - own[1] and outside <= high - own[0], "BOUND_NOT_MET",
             f"claimed {claim[:2]} {where}; at least {own[0] / ONE}, {own[1] / ONE} hold and fail")
        # A small box inside the cell on which the event is the other way is not part of what is claimed.
        for point in self.points(lower, upper):
            box = [(max(a, min(x, b - (b - a) / 32)), min(b, max(x, a + (b - a) / 32) + (b - a) / 64))
                   for x, a, b in zip(point, lower, upper)]
            found = item.at([(exact(a)[0], exact(b)[1]) for a, b in box])
            part = box_mass(obligation.law, *zip(*box))[0] if found is not None and all(a < b for a, b in box) else 0
            need((outside if found else inside) <= high - part, "BOUND_NOT_MET", f"the event around {point} {where}")
        return answer.count(own[0] >= inside and own[1] >= outside, RULES[rule])

    def samples(self, answer, obligation, evidence, record, formula):
        _, seed, count, hits, undecided = evidence
        need(obligation.law is not None, "EVIDENCE_MISSING", "samples do not answer a claim about every point")
        plan = re.findall(rb"\(evidence [^\n]*?\(sampled (\d+) (\d+/\d+)\)", formula)
        need(plan, "EVIDENCE_MISSING", "the property accepts no samples")
        need(count == int(plan[-1][0]), "SAMPLE_MISMATCH", f"{count} samples")
        need(seed == derive_seed(record["obligation"], count), "SEED_RULE", "the seed does not derive")
        need(hits + undecided <= count, "SAMPLE_MISMATCH", "more hits than samples")
        sampler = Sampler(obligation, seed)
        if sampler.supported:
            self.draw(answer, obligation, sampler, count, hits, undecided)
        else:
            answer.count(False, "sample of a truncated normal law")
        error = (1 - parse_rational(plan[-1][1].decode(), "FORMULA_DIGEST")) / max(1, len(obligation.bounds))

        def below(p):  # P <= p is shown at the confidence
            return binomial_tail(count - hits - undecided, count, 1 - p) <= error

        def above(p):
            return binomial_tail(hits, count, p) <= error

        answers = []
        for comparison, limit in obligation.bounds:
            holds, fails = (below, above) if comparison[0] == "<" else (above, below)
            answers.append(True if holds(limit) else False if fails(limit) else None)
        bounds = record.get("bounds", {})
        ends = [Fraction(parse_float(bounds[side], side)) if side in bounds else None for side in ("lower", "upper")]
        need(ends[0] is None or ends[0] <= 0 or above(ends[0]), "BOUND_NOT_MET", "the lower limit")
        need(ends[1] is None or ends[1] >= 1 or below(ends[1]), "BOUND_NOT_MET", "the upper limit")
        answer.range = tuple(ends)
        verdict = "contradicted" if False in answers else "supported" if answers and None not in answers else "unknown"
        return verdict, "sampled"

    def draw(self, answer, obligation, sampler, count, hits, undecided):
        number = count if self.options.samples == "all" else min(count, int(self.options.samples))
        items, tally = {}, {True: 0, False: 0, None: 0}
        for index in range(number):
            case, point = sampler.point(index)
            items[case] = items.get(case) or CaseOnCells(obligation.cases[case], self.cache)
            tally[items[case].at([exact(x) for x in point])] += 1
        misses = count - hits - undecided
        need(tally[True] <= hits + undecided and tally[False] <= misses + undecided, "SAMPLE_MISMATCH",
             f"{tally[True]} hits and {tally[False]} misses in {number} samples")
        if number == count:
            need(tally[True] + tally[None] >= hits and tally[False] + tally[None] >= misses, "SAMPLE_MISMATCH",
                 f"{tally[True]} hits, {hits} recorded")
        else:
            # The first samples are no selection of anybody's: their misses follow the hypergeometric law.
            all_ways, fewer, more = comb(count, number), 0, 0
            for found in range(max(0, number - count + misses), min(number, misses + undecided) + 1):
                ways = comb(misses, found) * comb(count - misses, number - found)
                fewer += ways if found <= tally[False] + tally[None] else 0
                more += ways if found >= tally[False] else 0
            need(undecided or min(Fraction(fewer, all_ways), Fraction(more, all_ways)) > CHANCE, "SAMPLE_MISMATCH",
                 f"{tally[False]} misses in {number} samples, {misses} recorded in {count}: beyond chance")
        answer.agrees += tally[True] + tally[False]
        answer.loose += tally[None]
        answer.rules["sample"] = number


def run(options):
    if not pathlib.Path(options.obligations).is_dir():
        raise Unreadable(f"{options.obligations} is no folder")
    bundle = Bundle(options.bundle)
    for key in options.trust:
        need(bundle.signed_by(key), "SIGNATURE", f"no signature is of {key}")
    checker = Checker(bundle, options.obligations, options)
    missing = checker.standing()
    answers = {}
    for record in bundle.predicate["properties"]:
        start = time.monotonic()
        answer = checker.property(record)
        answers[record["id"]] = {
            "verdict": record["verdict"], "leaves": answer.leaves, "agrees": answer.agrees, "loose": answer.loose,
            "rules": answer.rules, "remarks": answer.remarks, "seconds": round(time.monotonic() - start, 1)}
        if not options.json:
            rules = ", ".join(f"{count} {rule}" for rule, count in sorted(answer.rules.items()))
            print(f"{record['id']:24} {record['verdict']:12} {answer.agrees} agree, {answer.loose} loose of "
                  f"{answer.leaves} leaves ({rules}), {answers[record['id']]['seconds']} s", flush=True)
    return answers, missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("obligations")
    parser.add_argument("--trust", action="append", default=[], metavar="KEY")
    parser.add_argument("--leaves", default="60", metavar="N|all", help="leaves of each property (60)")
    parser.add_argument("--samples", default="400", metavar="N|all", help="samples of each property (400)")
    parser.add_argument("--seed", default="", help="chooses other leaves")
    parser.add_argument("--json", action="store_true")
    try:
        options = parser.parse_args()
    except SystemExit as stop:
        return 3 if stop.code else 0
    try:
        answers, missing = run(options)
    except Invalid as error:
        print(json.dumps({"check": "invalid", "code": error.args[0], "reason": error.args[1]}) if options.json
              else f"invalid({error.args[0]}: {error.args[1]})")
        return 1
    except (Unreadable, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    loose, agrees = (sum(answer[key] for answer in answers.values()) for key in ("loose", "agrees"))
    word = "partial" if missing else "valid" if loose * 20 <= agrees + loose else "incomplete"
    if options.json:
        print(json.dumps({"check": word, "agrees": agrees, "loose": loose, "properties": answers}))
    else:
        print(f"{word}: {agrees} leaves and samples agree, {loose} are too loose to tell")
    return 0 if word == "valid" else 2


if __name__ == "__main__":
    sys.exit(main())
