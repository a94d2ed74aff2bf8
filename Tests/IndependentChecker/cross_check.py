#!/usr/bin/env python3
"""Runs both checkers on certificates and on tampered copies of some, and demands that they agree.

    cross_check.py BINARIES WORK [CERTIFICATE...]

BINARIES holds dspec and dspec-replay, WORK is a folder to write in. Tampered copies are made of a small project with a
proof, a refutation, a bound and samples, of claims about balls and about rounded and other operators, of proofs by
weighed clauses and by phases, some of them made by hand, and of answers to VNN-LIB files. A copy that changes nothing,
or on which the checkers differ, fails.

exit: 0 they agree, 1 they do not
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
from copy import deepcopy

from bundle import canonical, digest, identifier, manifests, oms_root, subjects
from check import DECIDED
from formats import parse_evidence

HERE = pathlib.Path(__file__).parent
MORE = """
/// Refuted by a witness.
property NeverBright { claim: forall z in Z: unsafe(G(z, Topic.bright)) <= 1/100  evidence: proof }
/// Refuted by an interval.
property Never { claim: P[z ~ PZ: unsafe(G(z, Topic.bright)) > 30%] >= 1/2  evidence: bound }
/// Supported by samples.
property Seldom { claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 5%  evidence: sampled(n: 800, confidence: 99%) }
"""


class Copy:
    """A copy of a bundle whose statement and files can be changed and sealed again."""

    def __init__(self, source, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.folder, self.envelope = folder, json.loads((folder / "certificate.json").read_bytes())
        self.statement = self.statement_of(folder)
        self.predicate = self.statement["predicate"]
        self.root = oms_root(self.predicate["models"])
        self.decided, self.mappings = self.decisions(), deepcopy(self.predicate.get("mappings", []))
        self.fresh = False  # whether the questions must be derived from this copy

    @staticmethod
    def statement_of(folder):
        return json.loads(base64.b64decode(json.loads((folder / "certificate.json").read_bytes())["payload"]))

    def record(self, name):
        return next(record for record in self.predicate["properties"] if record["id"] == name)

    def evidence(self, name):
        return self.folder / "evidence" / "sha256" / self.record(name)["evidence"][0]["sha256"]

    def change_evidence(self, name, change):
        self.set_evidence(name, bytes(change(bytearray(plain(self.evidence(name).read_bytes())))))

    def set_evidence(self, name, data):
        path = self.evidence(name)
        self.record(name).pop("chunks", None)
        self.record(name)["evidence"] = [{"name": f"sha256/{digest(data)}", "sha256": digest(data), "size": len(data)}]
        if not any(file["sha256"] == path.name for record in self.predicate["properties"] for file in record["evidence"]):
            path.unlink()  # equal evidence of two properties is one file
        (path.parent / digest(data)).write_bytes(data)

    def change_file(self, group, files, name, change):
        path = self.folder / group / name
        data = bytes(change(bytearray(path.read_bytes())))
        path.write_bytes(data)
        next(file for file in files if file["name"] == name).update(sha256=digest(data), size=len(data))

    def decisions(self):
        return [record["id"] for record in self.predicate["properties"] if record["verdict"] in DECIDED]

    def align(self):
        """States the mappings of the verdicts as they are now, where nobody else changed them."""
        decided, mappings = self.decisions(), self.predicate.get("mappings", [])
        if mappings != self.mappings or decided == self.decided:
            return
        for item in mappings:
            names = item["properties"]
            item["properties"] = decided if names == self.decided else [name for name in names if name in decided]
        self.predicate["mappings"] = [item for item in mappings if item["properties"]]
        if not self.predicate["mappings"]:
            del self.predicate["mappings"]

    def seal(self):
        self.align()
        if self.predicate.get("model", {}).get("omsRoot") == self.root:
            self.predicate["model"]["omsRoot"] = oms_root(self.predicate["models"])
        self.predicate["certificateId"] = identifier(self.predicate)
        for name, data in manifests(self.predicate).items():
            (self.folder / name).write_bytes(data)
        self.statement["subject"] = subjects(self.predicate)
        self.write(canonical(self.statement))

    def write(self, payload):
        self.envelope["payload"] = base64.b64encode(payload).decode()
        (self.folder / "certificate.json").write_bytes(canonical(self.envelope))


def plain(data, version=b"2", before=b""):
    """The same evidence in the older format, whose trees have their nodes as they are."""
    if data.startswith(b"dspec evidence 2\n"):
        return data
    kind, *content = parse_evidence(data)
    start = b"dspec evidence " + version + b"\n"
    if kind != "trees":
        return start + data[17:]
    trees = b"".join(struct.pack(f"<q{2 * len(t.lower)}d", len(t.lower), *t.lower, *t.upper) + before + struct.pack("<q", len(t.nodes))
                     + t.nodes + struct.pack("<q", len(t.annexes)) + t.annexes for t in content[0])
    return start + b"\1" + struct.pack("<q", len(content[0])) + trees


TREES = 17 + 1 + 8  # magic, kind, count of trees; then a count of axes, corners, and the count of nodes


def nodes_of_first_tree(data):
    axes = struct.unpack_from("<q", data, TREES)[0]
    at = TREES + 8 + 16 * axes
    return at, struct.unpack_from("<q", data, at)[0]


def resized(data, change):
    at, count = nodes_of_first_tree(data)
    nodes = change(data[at + 8:at + 8 + count])
    return data[:at] + struct.pack("<q", len(nodes)) + nodes + data[at + 8 + count:]


def one_leaf(data, rule=0x81):
    """Both trees become their roots alone."""
    trees = struct.unpack_from("<q", data, TREES - 8)[0]
    axes = struct.unpack_from("<q", data, TREES)[0]
    tree = data[TREES:TREES + 8 + 16 * axes] + struct.pack("<q", 1) + bytes([rule]) + struct.pack("<q", 0)
    return data[:TREES] + tree * trees


def with_double(at, change):
    def changed(data):
        struct.pack_into("<d", data, at, change(struct.unpack_from("<d", data, at)[0]))
        return data
    return changed


def flipped(at):
    def changed(data):
        data[at] ^= 1
        return data
    return changed


def sealed(name, change):
    def run(copy):
        change(copy)
        copy.seal()
    return name, run


def evidence(name, record, change):
    return sealed(name, lambda copy: copy.change_evidence(record, change))


def stated(name, record, **fields):
    return sealed(name, lambda copy: copy.record(record).update(fields))


def forged(name, record, source, wanted=((1, 1),), change=lambda data: data):
    """Another claim's proof under a claim that is false, or that the rules cannot show."""
    def run(copy):
        copy.change_evidence(record, lambda _: change(bytearray(plain(copy.evidence(source).read_bytes()))))
        copy.record(record).update(verdict="proved", grade="proof", leaves=copy.record(source)["leaves"])
        copy.record(record).pop("bounds", None)
    return *sealed(name, run), wanted


def sides(claim):
    """The side on which a claim's evidence bounds its quantity."""
    return "lower" if ">" in claim else "upper"


def spelt(number):
    """A double as certificates write it."""
    digits, exponent = number.hex().split("p")
    return digits.rstrip("0").rstrip(".") + "p" + exponent


# Each has a name and what it does to a copy; it seals the copy where digests are computed again.
def tampered():
    def raw(name, change):
        return name, change

    def flip(copy, path, at):
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)

    def respell(copy, change):
        copy.write(change(base64.b64decode(copy.envelope["payload"])))

    def spec(copy):
        copy.fresh = True
        copy.change_file("spec", copy.predicate["spec"]["sources"], "safety.dspec",
                         lambda data: data.replace(b"= 50%\n", b"= 45%\n"))

    def model(copy):
        copy.fresh = True
        copy.change_file("models", copy.predicate["models"], copy.predicate["models"][0]["name"], flipped(200))

    def swap_questions(copy):
        first, second = copy.record("NeverUnsafe"), copy.record("NeverBright")
        first["obligation"], second["obligation"] = second["obligation"], first["obligation"]

    def swap_evidence(copy):
        first, second = copy.record("RarelySuspicious"), copy.record("Never")
        first["evidence"], second["evidence"] = second["evidence"], first["evidence"]

    def forget(copy):
        copy.evidence("Never").unlink()
        copy.predicate["properties"].remove(copy.record("Never"))

    def prove_false(copy):
        good = plain(copy.evidence("NeverUnsafe").read_bytes())
        axes = struct.unpack_from("<q", good, TREES)[0]
        copy.change_evidence("NeverBright", lambda _: good[:TREES - 8] + struct.pack("<q", 1) + one_leaf(bytearray(good))[
            TREES:TREES + 8 + 16 * axes + 17])
        copy.record("NeverBright").update(verdict="proved", leaves=1)

    yield raw("evidence: a bit", lambda copy: flip(copy, copy.evidence("NeverUnsafe"), -12))
    yield raw("model: a bit", lambda copy: flip(copy, next((copy.folder / "models").rglob("*.onnx")), 200))
    yield raw("specification: a bit", lambda copy: flip(copy, copy.folder / "spec/safety.dspec", 30))
    yield raw("payload: a bit", lambda copy: respell(copy, lambda text: text.replace(b'"leaves":8', b'"leaves":9', 1)
                                                     if b'"leaves":8' in text else text.replace(b"proved", b"prowed", 1)))
    yield raw("payload: a space", lambda copy: respell(copy, lambda text: text.replace(b'{"_type"', b'{ "_type"')))
    yield raw("payload: a member twice", lambda copy: respell(copy, lambda text: text[:-1] + b',"_type":""}'))
    yield raw("a surplus file", lambda copy: (copy.folder / "evidence/sha256" / ("0" * 64)).write_bytes(b""))
    yield raw("an absent file", lambda copy: copy.evidence("Never").unlink())
    yield sealed("specification: a threshold", spec)
    yield sealed("model: a weight", model)
    def packed(copy, at, byte):
        data = bytearray(copy.evidence("RarelySuspicious").read_bytes())
        data[TREES + 8 + 16 * struct.unpack_from("<q", data, TREES)[0] + at] = byte
        copy.set_evidence("RarelySuspicious", bytes(data))

    yield sealed("tree: nodes not packed", lambda copy: copy.set_evidence(
        "RarelySuspicious", plain(copy.evidence("RarelySuspicious").read_bytes(), b"3", b"\0")))
    yield sealed("tree: packed with another rule", lambda copy: packed(copy, 1, 0x80))
    yield sealed("tree: packed with no rule", lambda copy: packed(copy, 1, 0x01))
    yield sealed("tree: packed in a form that is not known", lambda copy: packed(copy, 0, 2))
    yield evidence("tree: a leaf dropped", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1]))
    yield evidence("tree: a leaf added", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes + b"\x81"))
    yield evidence("tree: an axis too many", "NeverUnsafe", lambda data: resized(data, lambda nodes: b"\x05" + nodes[1:]))
    yield evidence("tree: an unknown rule", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1] + b"\x8d"))
    yield evidence("tree: a leaf outside of no ball", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1] + b"\x8e"))
    yield evidence("tree: an open leaf", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1] + b"\x8f"))
    yield evidence("tree: the root shrunk", "NeverUnsafe", with_double(TREES + 8, lambda x: x / 2))
    yield evidence("tree: the root no number", "NeverUnsafe", with_double(TREES + 8, lambda x: float("nan")))
    yield evidence("tree: one tree only", "NeverUnsafe", lambda data: data[:TREES - 8] + struct.pack("<q", 1) + data[TREES:])
    yield evidence("measure: a tree less deep", "RarelySuspicious", one_leaf)
    yield evidence("measure: root moved", "RarelySuspicious", with_double(TREES + 8, lambda x: -1.0))
    yield sealed("a false claim proved", prove_false)
    yield evidence("witness: moved outside", "NeverBright", with_double(17 + 1 + 16, lambda x: 4.0))
    yield evidence("witness: a coordinate less", "NeverBright",
                   lambda data: data[:26] + struct.pack("<q", 1) + data[34:42])
    yield evidence("samples: the seed", "Seldom", flipped(17 + 1 + 8))
    yield evidence("samples: more of them", "Seldom", lambda data: data[:58] + struct.pack("<q", 801) + data[66:])
    yield evidence("samples: hits", "Seldom", lambda data: data[:66] + struct.pack("<q", 1) + data[74:])
    yield evidence("evidence: a byte behind", "Seldom", lambda data: data + b"\0")
    yield evidence("evidence: another version", "Seldom", lambda data: data[:15] + b"4" + data[16:])
    yield stated("verdict: refuted", "NeverUnsafe", verdict="refuted")
    yield stated("verdict: unknown", "RarelySuspicious", verdict="unknown")
    yield stated("verdict: proved", "Never", verdict="proved")
    yield stated("verdict: contradicted", "Seldom", verdict="contradicted")
    yield stated("verdict: proved by samples", "Seldom", verdict="proved", grade="bound")
    yield stated("verdict: without evidence", "NeverUnsafe", evidence=[])
    yield stated("grade: bound", "NeverUnsafe", grade="bound")
    yield stated("requested grade", "NeverUnsafe", requestedGrade="sampled")
    yield stated("leaves", "NeverUnsafe", leaves=3)
    yield stated("threshold", "Never", threshold=[">= 1/100"])
    yield stated("formula", "Never", formula="0" * 64)
    yield stated("bounds: too good", "RarelySuspicious", bounds={"lower": "0x0p+0", "upper": "0x1p-40"})
    yield stated("bounds: far too good", "NeverUnsafe", bounds={"upper": "-0x1p+6"})
    yield stated("bounds: crossed", "Never", bounds={"lower": "0x1p-1", "upper": "0x1p-2"})
    yield stated("bounds: of a witness", "NeverBright", bounds={"upper": "0x1p+0"})
    yield stated("a field too many", "Never", confidence="high")
    yield sealed("the questions exchanged", swap_questions)
    yield sealed("the evidence exchanged", swap_evidence)
    yield sealed("a property twice", lambda copy: copy.predicate["properties"].append(copy.record("Never")))
    yield sealed("a property left out", lambda copy: copy.predicate["properties"].remove(copy.record("Never")))
    yield sealed("a property left out with its evidence", forget)
    yield sealed("an assumption left out", lambda copy: copy.predicate["assumptions"].pop(0))
    yield sealed("an assumption discharged", lambda copy: copy.predicate["assumptions"][0].update(discharged=True))
    def assume(copy, **words):
        copy.predicate["assumptions"].append({"discharged": False, "id": "A6", "text": "prompts are English"} | words)

    yield *sealed("an assumption more", assume), ((0, 0),)
    yield sealed("an assumption more, discharged", lambda copy: assume(copy, discharged=True))
    yield sealed("an assumption more, by a known name", lambda copy: assume(copy, id="A3"))
    yield sealed("another arithmetic", lambda copy: copy.predicate["arithmetic"].update(claim="f32-any-order"))
    yield stated("chunks: another root", "RarelySuspicious", chunks={"count": 1, "root": "0" * 64})
    yield stated("chunks: of samples", "Seldom", chunks={"count": 1, "root": "0" * 64})
    yield stated("chunks: of a witness", "NeverBright", chunks={"count": 1, "root": "0" * 64})
    for name, change in STATED.items():
        yield sealed(f"records: {name}", lambda copy, change=change: change(copy.predicate, copy.record("Seldom")))
    yield *sealed("records: an earlier certificate", lambda copy: copy.predicate.update(supersedes=["0" * 64])), ((0, 0),)
    for name, change in COMMITTED.items():
        row = sealed(f"commitment: {name}", lambda copy, change=change: commit(copy, *change))
        yield (*row, ((0, 0),)) if name in TRUE_COMMITMENTS else row
    yield sealed("expired before issued", lambda copy: copy.predicate.update(expiresAt="2000-01-01T00:00:00Z"))
    yield sealed("a newer checker demanded", lambda copy: copy.predicate.update(minimumChecker="9.0.0"))
    yield sealed("an older checker demanded", lambda copy: copy.predicate.update(minimumChecker="1.2.0"))
    yield sealed("an extension demanded", lambda copy: copy.predicate.update(critical=["x"]))


def commit(copy, change=lambda statement: None, respell=lambda data: data, others={}):
    """Puts a commitment to the specification into a certificate, by a signature that nobody examines."""
    predicate, spec = copy.predicate, copy.predicate["spec"]
    manifest = digest(manifests(predicate)["spec.manifest.json"])
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "predicate": {"committedAt": predicate["issuedAt"], "files": predicate["models"][1:], "name": spec["name"],
                      "parameters": spec["parameters"]},
        "predicateType": "https://dspec.dev/spec-commitment/v1",
        "subject": [{"digest": {"sha256": manifest}, "name": "spec.manifest.json"}]}
    change(statement)
    envelope = {"payload": base64.b64encode(canonical(statement)).decode(),
                "payloadType": "application/vnd.in-toto+json",
                "signatures": [{"keyid": "", "sig": base64.b64encode(bytes(64)).decode()}]}
    data = respell(canonical(envelope) + b"\n")
    spec["committedBefore"] = {"commitment": base64.b64encode(data).decode()} | others


def put(*path):
    """A change of a member of a commitment."""
    def change(statement):
        *path_to, name, value = path
        for step in path_to:
            statement = statement[step]
        statement[name] = value
    return change


TRUE_COMMITMENTS = ("a true one", "at another time", "to no model", "to a file that is not there")
COMMITTED = {
    "a true one": (),
    "to no model": (put("predicate", "files", []),),
    "to a file that is not there": (lambda statement: statement["predicate"]["files"].append(
        {"name": "z.onnx", "sha256": "0" * 64, "size": 1}),),
    "to another model": (lambda statement: statement["predicate"]["files"][0].update(sha256="0" * 64),),
    "to a model twice": (lambda statement: statement["predicate"]["files"].append(statement["predicate"]["files"][-1]),),
    "on a day that is none": (put("predicate", "committedAt", "2026-02-30T00:00:00Z"),),
    "to a parameter in other characters": (put("predicate", "parameters", {"tau": "\u212a"}),),
    "at another time": (put("predicate", "committedAt", "2000-01-01T00:00:00Z"),),
    "later": (put("predicate", "committedAt", "9000-01-01T00:00:00Z"),),
    "at no time": (put("predicate", "committedAt", "yesterday"),),
    "to other files": (put("subject", 0, "digest", "sha256", "0" * 64),),
    "to another root": (put("predicate", "name", "other.dspec"),),
    "to a parameter more": (put("predicate", "parameters", {"tau": "1/2"}),),
    "to a certificate": (put("subject", 0, "name", "certificate.payload"),),
    "of another type": (put("predicateType", "https://dspec.dev/revocation/v1"),),
    "a member more": (put("predicate", "note", "early"),),
    "two subjects": (lambda statement: statement["subject"].append(statement["subject"][0]),),
    "a space": (lambda statement: None, lambda data: data.replace(b"{", b"{ ", 1)),
    "no end of the line": (lambda statement: None, lambda data: data[:-1]),
    "nothing": (lambda statement: None, lambda data: b""),
    "a signature that is none": (lambda statement: None, lambda data: data.replace(b'[{"keyid"', b'["x",{"keyid"', 1)),
    "a timestamp of one byte too many": (lambda statement: None, lambda data: data,
                                         {"timestamp": base64.b64encode(bytes((1 << 20) + 1)).decode()}),
    "bits under the padding": (lambda statement: None, lambda data: data, {"timestamp": "AB=="}),
}


def without(*names):
    def change(predicate, seldom):
        place = seldom if names[0] == "Seldom" else predicate
        for name in names[names[0] == "Seldom":-1]:
            place = place[name]
        del place[names[-1]]
    return change


# What a certificate says besides its answers and follows from its files.
STATED = {
    "the model left out": without("model"),
    "another root": lambda predicate, _: predicate["model"].update(omsRoot="0" * 64),
    "no language version": without("spec", "languageVersion"),
    "another language version": lambda predicate, _: predicate["spec"].update(languageVersion="2.0"),
    "no canonical form": without("spec", "canonicalAst"),
    "the mappings left out": without("mappings"),
    "one mapping left out": lambda predicate, _: predicate["mappings"].pop(0),
    "a mapping that claims": lambda predicate, _: predicate["mappings"][0].update(text="compliant with the act"),
    "a mapping of nothing": lambda predicate, _: predicate["mappings"][0].update(properties=["Other"]),
    "an oracle in no file": lambda predicate, _: predicate["oracles"][0].update(file="models/other.onnx"),
    "flushing to zero": lambda predicate, _: predicate["arithmetic"].update(flushToZero=True),
    "TF32 in real numbers": lambda predicate, _: predicate["arithmetic"].update(tf32=False),
    "half precision": lambda predicate, seldom: seldom.update(arithmetic="f16-weights"),
    "noise of a sampler": lambda predicate, _: predicate["samplers"][0].update(noise="normal"),
    "another schedule": lambda predicate, _: predicate["samplers"][0].update(scheduleDigest="0" * 64),
    "no schedule": without("samplers", 0, "scheduleDigest"),
    "samples not described": without("Seldom", "sampling"),
    "fewer failures": lambda _, seldom: seldom["sampling"].update(failures=0, undecided=1),
    "more samples": lambda _, seldom: seldom["sampling"].update(n=801),
    "a smaller error": lambda _, seldom: seldom["sampling"].update(delta="1/1000"),
    "another method": lambda _, seldom: seldom["sampling"].update(method="clopper-pearson-bonferroni"),
    "another rule of seeds": lambda _, seldom: seldom["sampling"].update(seedDerivation="dspec sample seed 2"),
    "a checkpoint of seeds": lambda predicate, _: predicate.update(seedCheckpoint={"sha256": "0" * 64}),
}


def tree(lower, upper, nodes, annexes=b""):
    """Evidence of one tree."""
    corners = struct.pack(f"<q{2 * len(lower)}d", len(lower), *lower, *upper)
    blocks = b"".join(struct.pack("<q", len(block)) + block for block in (nodes, annexes))
    return b"dspec evidence 2\n" + b"\1" + struct.pack("<q", 1) + corners + blocks


def tampered_balls():
    """Of claims about the disc of radius 1: a tree over a larger box is another proof, and valid."""
    def proof(name, record, evidence, leaves, wanted=((1, 1),)):
        def change(copy):
            copy.change_evidence(record, lambda _: evidence)
            copy.record(record).update(leaves=leaves)
        return *sealed(name, change), wanted

    yield proof("a cell outside of the ball", "AtMost", tree((-5, -1), (1, 1), b"\0\x8e\x81"), 2, ((0, 0),))
    yield proof("both cells called outside", "AtMost", tree((-5, -1), (1, 1), b"\0\x8e\x8e"), 2)
    yield proof("a cell that touches the ball called outside", "AtMost", tree((-3, -1), (1, 1), b"\0\x8e\x81"), 2)
    yield proof("the whole region called outside", "AtMost", tree((-1, -1), (1, 1), b"\x8e"), 1)
    yield proof("the root does not cover the disc", "AtMost", tree((-1, -1), (1, 0.5), b"\x81"), 1)
    yield evidence("a witness outside of the disc", "Closed", lambda data: data[:34] + struct.pack("<2d", 0.75, -0.75))
    yield evidence("a witness in the disc that shows nothing", "Closed", with_double(17 + 1 + 16, lambda x: 0.0))


def tampered_phases():
    def annex(name, change):
        def changed(data):
            at, count = nodes_of_first_tree(data)
            at += 8 + count
            whole = change(bytearray(data[at + 12:]))
            return data[:at] + struct.pack("<qI", len(whole) + 4, len(whole)) + bytes(whole)
        return evidence(name, "Steady", changed)

    yield annex("phases: a byte less", lambda data: data[:-1])
    yield annex("phases: a byte more", lambda data: data + b"\2")
    yield annex("phases: an open part", lambda data: data[:-1] + b"\7")
    yield annex("phases: parts that nothing shows empty", lambda data: b"\5")
    yield annex("phases: an unknown code", lambda data: b"\x0b" + data[1:])
    yield annex("phases: a change of no neuron's slope", lambda data: b"\x09\1\xff\xff\0" + data)
    yield annex("phases: changes that end early", lambda data: data[:-1] + b"\x09\2\0\0\0")
    yield annex("phases: a multiplier of no split", lambda data: b"\1\0\0\x0a\2\0\0\x0a\2\0\0")
    yield annex("phases: a neuron that is not there", lambda data: b"\1\xff\xff\2\2")
    yield stated("phases: bounds", "Steady", bounds={"upper": "-0x1p+20"})


def renamed(new, *old):
    """Gives leaves of some rules, or all, another code; splits stay. Axes are below 7f here, so that a node is one byte."""
    return lambda data: resized(data, lambda nodes: bytes(new if code in (old or range(0x80, 0x100)) else code for code in nodes))


def tampered_weights():
    """Of claims whose clauses are shown by weighted sums (rules 86 and 87), which are written down nowhere."""
    # The third member of a copy are the codes that the checkers may answer with.
    refused, unshown, valid = ((1, 1),), ((1, 1), (1, 2)), ((0, 0),)
    # The second checker examines what a leaf claims, which may be true although the rule does not show it.
    unshown_or_true = unshown + ((1, 0),)

    def codes(name, record, change, wanted=refused):
        return *evidence(name, record, change), wanted

    def rooted(name, record, code):
        def run(copy):
            copy.change_evidence(record, lambda data: resized(data, lambda _: bytes([code])))
            copy.record(record).update(leaves=1)
            copy.record(record).pop("bounds", None)
        return *sealed(name, run), unshown_or_true

    def threshold(copy):
        copy.fresh = True
        copy.change_file("spec", copy.predicate["spec"]["sources"], "turns.dspec",
                         lambda data: data.replace(b"turns(x)[2] >= 0.85", b"turns(x)[2] >= 0.86"))

    def weight(copy):
        copy.fresh = True
        copy.change_file("models", copy.predicate["models"], "turns.onnx",
                         lambda data: data.replace(struct.pack("<f", 0.25), struct.pack("<f", 0.75), 1))

    yield codes("weights: 86 called 87", "Least", renamed(0x87, 0x86), valid)
    yield codes("weights: 86 called 87 in a ball", "InABall", renamed(0x87, 0x86), valid)
    for old in (0x86, 0x87):
        yield codes(f"weights: {old:x} called 81", "Turns", renamed(0x81, old), unshown_or_true)
        for new in (0x88, 0x8e, 0x8f):
            yield codes(f"weights: {old:x} called {new:x}", "Turns", renamed(new, old))
    yield codes("weights: a leaf called outside of its ball", "InABall", renamed(0x8e, 0x86))
    yield evidence("weights: an annex of a weighed leaf", "Turns", lambda data: data[:-8] + struct.pack("<qI", 4, 0))
    yield evidence("weights: weights in an annex", "Turns", lambda data: data[:-8] + struct.pack("<qI3d", 28, 24, 1, 1.6, 4.4))
    yield evidence("weights: a leaf dropped", "Turns", lambda data: resized(data, lambda nodes: nodes[:-1]))
    yield evidence("weights: a leaf added", "Turns", lambda data: resized(data, lambda nodes: nodes + b"\x86"))
    yield evidence("weights: an axis too many", "Turns", lambda data: resized(data, lambda nodes: b"\2" + nodes[1:]))
    yield evidence("weights: the root shrunk", "Turns", with_double(TREES + 8, lambda x: x / 2))
    yield evidence("weights: the root does not cover the disc", "InABall", with_double(TREES + 24, lambda x: 0.5))
    for code in (0x86, 0x87):
        # One cell is too large for any weights, but the claim holds on it.
        yield rooted(f"weights: one leaf {code:x}", "Near", code)
        yield rooted(f"weights: one leaf {code:x} of no conjunction of clauses", "Nested", code)
        yield forged(f"weights: a false claim by {code:x}", "Never", "Turns", refused,
                     renamed(code))
        yield forged(f"weights: a claim that is false at a few points by {code:x}", "Beyond", "Near", unshown,
                     renamed(code))
        yield forged(f"weights: single precision by a proof of real numbers and {code:x}", "NearComputed", "Near", unshown,
                     renamed(code))
    yield forged("weights: a false claim by the proof of a true one", "Never", "Turns", refused)
    yield forged("weights: the proof of a claim of the other side", "Turns", "Least", unshown_or_true)
    yield sealed("weights: another threshold", threshold)
    yield sealed("weights: another weight of the network", weight)
    # Under a measure they count as the rules without weights.
    yield codes("weights: a measure by 86", "Likely", renamed(0x86, 0x81), valid)
    yield codes("weights: a measure by 87", "Likely", renamed(0x87, 0x81), valid)
    yield stated("weights: refuted", "Turns", verdict="refuted")
    yield stated("weights: leaves", "Turns", leaves=8)
    yield stated("weights: bounds of the sum", "Turns", bounds={"lower": "0x1.b333333333333p-1"})
    yield stated("weights: bounds a little too good", "Turns", bounds={"lower": "0x1p-2"})
    yield stated("weights: bounds of the other side", "Turns", bounds={"upper": "0x1p+10"})
    yield stated("weights: bounds of claims that differ", "Both", bounds={"lower": "-0x1p+20"})


SCALES = (1, 2, 4)  # of the neurons u + v, u and v


def gap():
    """A network of two numbers with rows p + g, -p + g and g, where p = 0.5 x_0 + 0.375 x_1 and
    g = |u| + |v| - |u + v| = 2 max(u, 0) + 2 max(v, 0) - 2 max(u + v, 0). Its neurons are multiples of u + v, u and v.

    At each point one of the first two rows is at least 0, on no part the same one: that takes their sum.
    """
    u, v = (0.75, -0.3125), (0.4375, 1.125)
    neurons = [[scale * x for x in row] for scale, row in zip(SCALES, ([a + b for a, b in zip(u, v)], u, v))]
    tensors = {"w": ((2, 3), [row[i] for i in range(2) for row in neurons]),
               "p": ((2, 3), (0.5, -0.5, 0.0, 0.375, -0.375, 0.0)),
               "m": ((3, 3), [sign * 2 / scale for sign, scale in zip((-1, 1, 1), SCALES) for _ in range(3)])}
    nodes = ("Gemm", "xw", "h"), ("Relu", "h", "r"), ("Gemm", "rm", "s"), ("Gemm", "xp", "t"), ("Add", "st", "y")
    return onnx([(*node, {}) for node in nodes], tensors, 2, 3)


# Claims with enough room for affine forms and one that is false in the middle; then claims with next to none.
PARTS = """dspec 1.0
domain X: Latent[2] = box(-1, 1)
network gap: (x: Latent[2]) -> Latent[3] { artifact: onnx("gap.onnx") }
"""
WIDE = PARTS + """
property Wide { claim: forall x in X: gap(x)[0] >= -0.05 or gap(x)[1] >= -0.05  evidence: proof  engine: smt }
property WideComputed {
  claim: forall x in X: gap(x)[0] >= -0.05 or gap(x)[1] >= -0.05
  evidence: proof
  arithmetic: float32(any_order)
}
property Beyond { claim: forall x in X: gap(x)[0] >= 0.000001 or gap(x)[1] >= 0.000001  evidence: proof  engine: smt }
"""
NEAR = PARTS + """
property Near { claim: forall x in X: gap(x)[0] >= -0.000001 or gap(x)[1] >= -0.000001  evidence: proof  engine: smt }
property NearComputed {
  claim: forall x in X: gap(x)[0] >= -0.00000001 or gap(x)[1] >= -0.00000001
  evidence: proof
  arithmetic: float32(any_order)
}
property One { claim: forall x in X: gap(x)[2] >= -0.000001  evidence: proof  engine: smt }
"""


def weighted_leaves(weights=(0.5, 0.5)):
    """Weights, multipliers and slopes of leaves 08 that show g >= 0, in the order of `phases`.

    With s, t and r the signs of u + v, u and v, g = (t - s) u + (r - s) v. Where t = s, a line of max(v, 0) shows it,
    with the slope 1 for s = 1, else 0. Elsewhere it takes 2 / SCALES[1] times u's neuron and, where r differs from s,
    2 / SCALES[2] times v's.
    """
    of_u, of_v = 2 / SCALES[1], 2 / SCALES[2]
    parts = (0, 0, 1), (0, of_u, 0), (0, of_u, of_v), (0, of_u, of_v), (0, of_u, 0), (0, 0, 0)
    return [[*weights, *numbers] for numbers in parts]


def phases(leaves):
    """The annex of a leaf 85 whose parts are shown by numbers, or by the bytes of another kind of leaf."""
    def split(neuron, first, second):
        return struct.pack("<BH", 1, neuron) + first + second

    a, b, c, d, e, f = (x if isinstance(x, bytes) else struct.pack(f"<B{len(x)}d", 8, *x) for x in leaves)
    annex = split(0, split(1, a, split(2, b, c)), split(1, split(2, d, e), f))
    return struct.pack("<I", len(annex)) + annex


def by_parts(name, record, leaves, wanted=((1, 1),)):
    """A claim on the whole box by a tree of phases."""
    def run(copy):
        copy.set_evidence(record, tree((-1, -1), (1, 1), b"\x85", phases(leaves)))
        copy.record(record).update(verdict="proved", grade="proof", leaves=1)
        copy.record(record).pop("bounds", None)
    return *sealed(name, run), wanted


def leaves_with(place, number, value):
    """The leaves with one number changed."""
    leaves = weighted_leaves()
    leaves[place][number] = value
    return leaves


def tampered_parts(record):
    """Of a claim with room: what its leaves claim is true, which is what the second checker examines."""
    valid, true, good = ((0, 0),), ((1, 0),), weighted_leaves()
    # The last number is a slope where only two neurons are split.
    smaller = [[x / 1024 for x in leaf[:4]] + [leaf[4] / (1024 if 0 < place < 5 else 1)]
               for place, leaf in enumerate(good)]
    yield by_parts(f"parts: a proof by hand of {record}", record, good, valid)
    yield by_parts(f"parts: smaller weights and multipliers of {record}", record, smaller, valid)
    yield by_parts(f"parts: a weight of {record} changed", record, leaves_with(0, 0, 1.0), true)
    yield by_parts(f"parts: a multiplier of {record} changed", record, leaves_with(1, 3, 0.75), true)
    yield by_parts(f"parts: a weight of {record} negated", record, leaves_with(0, 0, -0.5))
    yield by_parts(f"parts: a number of {record} less", record, [good[0][:4], *good[1:]])


def tampered_wide():
    """No numbers show a claim that is false."""
    yield from tampered_parts("Wide")
    yield from tampered_parts("WideComputed")
    for word, change in {
            "a proof of a true one": list, "no weights": lambda leaf: [0.0] * 5,
            "one weight": lambda leaf: [1.0, 0.0, *leaf[2:]], "huge weights": lambda leaf: [1e308, 1e308, *leaf[2:]],
            "the smallest weights": lambda leaf: [5e-324, 5e-324, 0.0, 0.0, leaf[4]],
            "negative weights": lambda leaf: [-0.5, -0.5, *leaf[2:]],
            "huge multipliers": lambda leaf: [*leaf[:2], *(1e300 * x for x in leaf[2:4]), leaf[4]],
            "no number": lambda leaf: [float("nan")] * 5, "parts called empty": lambda leaf: b"\5",
            "atoms that hold": lambda leaf: b"\2\0"}.items():
        yield by_parts(f"parts: a false claim by {word}", "Beyond", [change(leaf) for leaf in weighted_leaves()])


def tampered_near():
    """Of claims too near for affine forms: who does not look at the numbers can neither show nor refute them."""
    shown, unshown, good = ((0, 2),), ((1, 2),), weighted_leaves()
    yield by_parts("parts: a near claim by hand", "Near", good, shown)
    yield by_parts("parts: a near claim of one atom by hand", "One", weighted_leaves([1.0]), shown)
    yield by_parts("parts: a zero of the other sign", "Near", leaves_with(0, 2, -0.0), shown)
    yield by_parts("parts: single precision by a proof of real numbers", "NearComputed", good, unshown)
    for name, place, number, value, wanted in (
            ("a weight doubled", 0, 0, 1.0, unshown), ("a weight a little less", 0, 0, 0.4999, unshown),
            ("a weight of zero", 0, 0, 0.0, unshown), ("a huge weight", 0, 0, 1e308, unshown),
            ("a multiplier a little less", 1, 3, 0.9999, unshown), ("a multiplier of nothing", 1, 2, 1.0, unshown),
            ("a huge multiplier", 1, 3, 1e300, unshown), ("a slope changed", 0, 4, 0.75, unshown),
            ("a weight negated", 0, 0, -0.5, ((1, 1),)), ("an infinite weight", 0, 0, float("inf"), ((1, 1),)),
            ("a multiplier negated", 1, 3, -1.0, ((1, 1),)), ("a slope above one", 0, 4, 1.5, ((1, 1),)),
            ("a multiplier that is no number", 1, 3, float("nan"), ((1, 1),))):
        yield by_parts(f"parts: {name}", "Near", leaves_with(place, number, value), wanted)
    for name, leaves in {
            "no weights": [[0.0] * 5] * 6, "the numbers of the other side": [good[5], *good[1:5], good[0]],
            "the numbers of the next part": [good[0], good[2], good[1], *good[3:]],
            "a leaf called 02": [b"\2\0", *good[1:]], "a leaf called 00": [b"\0\0" + bytes(4), *good[1:]]}.items():
        yield by_parts(f"parts: {name}", "Near", leaves, unshown)
    for name, leaves in {
            "a number less": [good[0][:4], *good[1:]], "a number more": [[*good[0], 0.0], *good[1:]],
            "the numbers of a claim of one atom": weighted_leaves([1.0]),
            "a leaf called 05": [b"\5", *good[1:]], "a leaf called 07": [b"\7", *good[1:]],
            "a leaf called 09": [struct.pack("<B5d", 9, *good[0]), *good[1:]]}.items():
        yield by_parts(f"parts: {name}", "Near", leaves)


def tampered_network(name):
    """Of the answer to a VNN-LIB file."""
    def change(copy, **details):
        copy.record(name)["details"].update(details)

    def other(copy):
        copy.change_file("spec", copy.predicate["spec"]["sources"], name, lambda data: data + b"\n")

    yield stated("vnnlib: refuted", name, verdict="refuted")
    yield stated("vnnlib: unknown", name, verdict="unknown")
    yield stated("vnnlib: leaves", name, leaves=1000)
    yield stated("vnnlib: bounds", name, bounds={"upper": "0x1p+0"})
    yield stated("vnnlib: another text", name, text="every input meets the formula")
    yield stated("vnnlib: another formula", name, formula="0" * 64)
    yield stated("vnnlib: another question", name, obligation="0" * 64)
    yield stated("vnnlib: another name", name, id="other")
    yield stated("vnnlib: another grade", name, requestedGrade="sampled")
    yield sealed("vnnlib: another answer", lambda copy: change(copy, answer="sat"))
    yield sealed("vnnlib: another number of boxes", lambda copy: change(copy, boxes="7"))
    yield sealed("vnnlib: a scope line left out", lambda copy: copy.predicate["scope"].pop(1))
    yield sealed("vnnlib: a scope line more", lambda copy: copy.predicate["scope"].append("and everywhere else"))
    yield sealed("vnnlib: the language left out", lambda copy: copy.predicate["spec"].pop("language"))
    yield sealed("vnnlib: another language", lambda copy: copy.predicate["spec"].update(language="vnnlib-2.0"))
    yield sealed("vnnlib: a parameter", lambda copy: copy.predicate["spec"].update(parameters={"x": "1"}))
    yield sealed("vnnlib: another file", other)
    yield evidence("vnnlib: a leaf dropped", name, lambda data: resized(data, lambda nodes: nodes[:-1]))
    yield evidence("vnnlib: a leaf outside of no ball", name, lambda data: resized(data, lambda nodes: nodes[:-1] + b"\x8e"))
    yield evidence("vnnlib: the root shrunk", name, with_double(TREES + 8, lambda x: x / 2))
    yield evidence("vnnlib: one leaf", name, one_leaf)


def protobuf(*fields):
    """A message of (number, value) pairs: integers, texts, messages, and floats."""
    def varint(n):
        return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)

    parts = []
    for field, value in fields:
        if isinstance(value, int):
            parts += [varint(field << 3), varint(value)]
        elif isinstance(value, float):
            parts += [varint(field << 3 | 5), struct.pack("<f", value)]
        else:
            data = value.encode() if isinstance(value, str) else value
            parts += [varint(field << 3 | 2), varint(len(data)), data]
    return b"".join(parts)


def onnx(nodes, tensors, inputs, outputs):
    """An ONNX network that makes the row `y` of the row `x`, of nodes (operator, operands, result, attributes) and
    tensors {name: (shape, numbers)}.
    """
    def value(name, extent):
        shape = protobuf((1, protobuf((1, 1))), (1, protobuf((1, extent))))
        return protobuf((1, name), (2, protobuf((1, protobuf((1, 1), (2, shape))))))

    def tensor(name, shape, numbers):
        kind, form = (7, "q") if all(type(number) is int for number in numbers) else (1, "f")
        data = struct.pack(f"<{len(numbers)}{form}", *numbers)
        return protobuf(*((1, extent) for extent in shape), (2, kind), (8, name), (9, data))

    def node(name, operands, result, attributes):
        codes = {int: (3, 2), str: (4, 3), float: (2, 1)}
        listed = [(5, protobuf((1, word), (codes[type(v)][0], v), (20, codes[type(v)][1])))
                  for word, v in attributes.items()]
        return protobuf(*((1, operand) for operand in operands), (2, result), (4, name), *listed)

    graph = protobuf(*((1, node(*item)) for item in nodes), (2, "g"),
                     *((5, tensor(name, *item)) for name, item in tensors.items()),
                     (11, value("x", inputs)), (12, value("y", outputs)))
    return protobuf((1, 9), (7, graph), (8, protobuf((1, ""), (2, 20))))


def network(name, outputs, **attributes):
    """An affine map of two numbers to three, and one operator."""
    more = {"LayerNormalization": ("one", "zero"), "ReduceMax": ("axes",), "ReduceL2": ("axes",), "Pow": ("three",),
            "BatchNormalization": ("third", "b", "zero", "one")}.get(name, ())
    tensors = {"w": ((2, 3), (0.5, -1, 0.25, 1, 0.75, -0.5)), "b": ((3,), (0.125, 0, -0.25)),
               "one": ((3,), (1.0, 1, 1)), "zero": ((3,), (0.0, 0, 0)), "third": ((3,), (1 / 3, -2, 5)),
               "axes": ((1,), (1,)), "three": ((), (3.0,))}
    used = {word: item for word, item in tensors.items() if word in ("w", "b", *more)}
    return onnx([("Gemm", "xwb", "h", {}), (name, ("h", *more), "y", attributes)], used, 2, outputs)


# Of each a claim, a bound for which it is true, and one for which it fails on a fifth of the region or more.
OPERATORS = {
    "soft": (network("Softmax", 3, axis=1), "x in X: soft(x)[0] <=", 0.86, 0.5),
    "logs": (network("LogSoftmax", 3, axis=1), "x in R: logs(x)[1] >=", -2.6, -1.5),
    "norm": (network("LayerNormalization", 3, axis=1, epsilon=0.5), "x in X: norm(x)[2] <=", 1.35, 0.375),
    "tanh": (network("Gelu", 3, approximate="tanh"), "x in X: tanh(x)[1] <=", 1.75, 0.375),
    "batch": (network("BatchNormalization", 3, epsilon=0.5), "x in X: batch(x)[0] <=", 0.7, 0.25),
    "cube": (network("Pow", 3), "x in X: cube(x)[1] >=", -6, -0.25),
    "length": (network("ReduceL2", 1, keepdims=1), "x in X: length(x)[0] <=", 2.6, 1.25),
    "most": (network("ReduceMax", 1, keepdims=1), "x in R: most(x)[0] >=", -0.2, 0.125)}


def operators(folder):
    """A project with a network for each operator, and claims about it in real numbers and in single precision."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["dspec 1.0", "domain X: Latent[2] = box(-1, 1)", "domain R: Latent[2] = ball(center: [0, 0], radius: 1, norm: l2)"]
    for name, (data, claim, bound, beyond) in OPERATORS.items():
        (folder / f"{name}.onnx").write_bytes(data)
        count = 1 if name in ("length", "most") else 3
        lines.append(f'network {name}: (x: Latent[2]) -> Latent[{count}] {{ artifact: onnx("{name}.onnx") }}')
        single = "  arithmetic: float32(any_order)"
        for suffix, limit, more in (("", bound, ""), ("32", bound, single), ("Fails", beyond, "")):
            lines.append(f"property {name.title()}{suffix} {{ claim: forall {claim} {limit}  evidence: proof{more} }}")
    (folder / "operators.dspec").write_text("\n".join(lines) + "\n")


def tampered_operators():
    for name, (_, claim, _, beyond) in OPERATORS.items():
        true, single = name.title(), name.title() + "32"
        yield forged(f"operators: a false claim by the proof of a true one, {name}", true + "Fails", true)
        yield stated(f"operators: a bound that is exceeded, {name}", true, bounds={sides(claim): spelt(beyond)})
        yield stated(f"operators: a bound that is exceeded, {name} in single precision", single,
                     bounds={sides(claim): spelt(beyond)})


TURNS = """dspec 1.0
domain X: Latent[2] = box(-1, 1)
domain R: Latent[2] = ball(center: [0, 0], radius: 1, norm: l2)
dist PX: Latent[2] = uniform(X)
network turns: (x: Latent[2]) -> Latent[3] { artifact: onnx("turns.onnx") }
property Turns { claim: forall x in X: turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85 or turns(x)[2] >= 0.85  evidence: proof }
property InABall { claim: forall x in R: turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85 or turns(x)[2] >= 0.85  evidence: proof }
property Computed {
  claim: forall x in X: turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85 or turns(x)[2] >= 0.85
  evidence: proof
  arithmetic: float32(any_order)
}
property Both {
  claim: forall x in X: (turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85 or turns(x)[2] >= 0.85)
    and (turns(x)[1] <= 3 or turns(x)[2] <= 1)
  evidence: proof
}
property Least { claim: forall x in X: turns(x)[0] <= 0.9 or turns(x)[1] <= 0.9 or turns(x)[2] <= 0.9  evidence: proof }
/// True in real numbers by 2e-7, which is less than what single precision may lose.
property Near {
  claim: forall x in X: turns(x)[0] >= 0.8699792 or turns(x)[1] >= 0.8699792 or turns(x)[2] >= 0.8699792
  evidence: proof
}
property NearComputed {
  claim: forall x in X: turns(x)[0] >= 0.8699792 or turns(x)[1] >= 0.8699792 or turns(x)[2] >= 0.8699792
  evidence: proof
  arithmetic: float32(any_order)
}
/// False by 6e-7 near the point where all three are equal.
property Beyond {
  claim: forall x in X: turns(x)[0] >= 0.86998 or turns(x)[1] >= 0.86998 or turns(x)[2] >= 0.86998
  evidence: proof
}
/// False on a triangle.
property Never {
  claim: forall x in X: turns(x)[0] >= 0.95 or turns(x)[1] >= 0.95 or turns(x)[2] >= 0.95
  evidence: proof
}
/// True, and no conjunction of clauses.
property Nested {
  claim: forall x in X: turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85 or (turns(x)[2] >= 0.85 and turns(x)[2] >= 0.8)
  evidence: proof
}
property Likely { claim: P[x ~ PX: turns(x)[0] >= 0.85 or turns(x)[1] >= 0.85] >= 1/2  evidence: bound }
"""
NETWORK = "models/d2-decoder.onnx"
PHASES = """dspec 1.0
network head: (x: Image[8, 8] in [0, 1]) -> Prob { artifact: onnx("models/unsafe-head.onnx") }
dataset Records: Image[8, 8] in [0, 1] { artifact: idx("data/digits-images.idx3-ubyte")  scale: 1/16  rows: range(0, 50) }
domain Near: Image[8, 8] = ball(center: Records[0], radius: 0.12, norm: linf)
domain Nearer: Image[8, 8] = ball(center: Records[0], radius: 0.1, norm: linf)
domain Round: Image[8, 8] = ball(center: Records[0], radius: 0.4, norm: l2)
property Steady { claim: forall x in Near: head(x) <= 50%  evidence: proof }
property Computed { claim: forall x in Nearer: head(x) <= 50%  evidence: proof  arithmetic: float32(any_order) }
property InABall { claim: forall x in Round: head(x) <= 50%  evidence: proof }
"""


def vnnlib(reach, outputs, *formulas):
    """A VNN-LIB file about two inputs in a box."""
    inputs = [f"(declare-const X_{i} Real)(assert (>= X_{i} -{reach}))(assert (<= X_{i} {reach}))" for i in range(2)]
    declared = [f"(declare-const Y_{i} Real)" for i in range(outputs)]
    return "\n".join([*inputs, *declared, *(f"(assert {formula})" for formula in formulas)]) + "\n"


class Comparison:
    def __init__(self, binaries, work):
        self.binaries, self.work, self.pending, self.count, self.failures = binaries, work, [], 0, 0
        self.pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1)

    def run(self, *command):
        process = subprocess.run(command, capture_output=True, text=True, cwd=self.work)
        lines = (process.stdout + process.stderr).strip().splitlines()
        return process.returncode, lines[-1] if lines else ""

    def dspec(self, *arguments, out):
        """Makes a certificate; exit code 1 says that something is refuted, and 2 that something is open."""
        shutil.rmtree(self.work / out, ignore_errors=True)
        code, line = self.run(self.binaries / "dspec", *arguments, "--key", "key.key.pem", "--out", out)
        if code not in (0, 1, 2) or not (self.work / out).is_dir():
            raise SystemExit(f"cross_check: {out} was not made: {line}")
        return self.work / out

    def replay(self, folder, derived):
        shutil.rmtree(derived, ignore_errors=True)
        found = self.run(self.binaries / "dspec-replay", folder, "--any-signer", "--obligations", derived, "--workers", "1")
        derived.mkdir(exist_ok=True)
        return found

    def check(self, folder, derived, leaves, samples):
        return self.run(sys.executable, HERE / "check.py", folder, derived, "--leaves", leaves, "--samples", samples)

    def certificate(self, folder, leaves=None, samples="100", wanted=((0, 0),)):
        """Compares the answers on a certificate; by default on at least 60 leaves in all, if it has as many."""
        derived = self.work / (folder.name + ".derived")
        if leaves is None:
            leaves = [record["leaves"] for record in Copy.statement_of(folder)["predicate"]["properties"] if record["leaves"]]
            # Each property gets the same number, so that small ones do not leave the certificate short.
            leaves = str(next((n for n in range(10, 60) if sum(min(n, count) for count in leaves) >= 60), 60))
        self.pending.append((folder.name, wanted, self.pool.submit(
            lambda: (self.replay(folder, derived), self.check(folder, derived, leaves, samples)))))

    def tampered(self, genuine, changes, wanted=((1, 1),)):
        """Compares the answers on changed copies of a certificate."""
        derived = self.work / (genuine.name + ".genuine")
        self.replay(genuine, derived)
        for number, (name, change, *other) in enumerate(changes):
            # Where a copy's codes are not those of the others, it comes with its own.
            codes = other[0] if other else wanted
            self.pending.append((name, codes, self.pool.submit(self.copy, genuine, derived, number, change)))

    def copy(self, genuine, derived, number, change):
        copy = Copy(genuine, self.work / f"{genuine.name}.tampered" / str(number))
        own = self.work / f"{genuine.name}.tampered" / f"{number}.derived"
        change(copy)
        before, after = ({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
                         for folder in (genuine, copy.folder))
        if before == after:
            return (-1, "nothing was changed"), (-1, "")
        first = self.replay(copy.folder, own)
        if not copy.fresh:
            # The questions are the genuine ones; what the first checker claims of changed leaves is its own.
            masses = {path.name: path.read_bytes() for path in own.glob("*.masses")}
            shutil.rmtree(own)
            shutil.copytree(derived, own)
            for path, data in masses.items():
                (own / path).write_bytes(data)
        # Where neither evidence nor bounds were touched, what is wrong does not hide in one leaf.
        bounds, others = ([record.get("bounds") for record in predicate["properties"]]
                          for predicate in (Copy.statement_of(genuine)["predicate"], copy.predicate))
        touched = bounds != others or any(path.parts[0] == "evidence" for path, _ in before.items() ^ after.items())
        return first, self.check(copy.folder, own, *(("all", "all") if touched else ("8", "40")))

    def report(self):
        for name, wanted, future in self.pending:
            first, second = future.result()
            good = (first[0], second[0]) in wanted
            self.failures += not good
            print(f"{'agree' if good else 'DIFFER'}  {name}: {first[0]} {first[1][:90]} | {second[0]} {second[1][:90]}", flush=True)
        print(f"{self.failures} of {len(self.pending)} differ")
        return 1 if self.failures else 0


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 3
    binaries, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(work / "small", ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    for path in work.glob("key.*"):
        path.unlink()
    both = Comparison(binaries, work)
    for certificate in sys.argv[3:]:
        both.certificate(pathlib.Path(certificate).resolve())

    both.run(binaries / "dspec", "keygen", "--out", "key")
    both.run(binaries / "dspec", "init", "small")
    with (work / "small/safety.dspec").open("a") as file:
        file.write(MORE)
    genuine = both.dspec("verify", "small/safety.dspec", out="small.dcert")
    both.certificate(genuine, "all", "all")
    both.tampered(genuine, tampered())

    repository = HERE.parents[1]
    conformance = repository / "specs/conformance"
    for name in ("ball_l1", "ball_l2", "ball_cut", "ball_and_box", "greater_of_two", "computed_ties"):
        specification = conformance / "verdict" / f"{name}.dspec"
        made = both.dspec("verify", specification, "--project", conformance, "--nodes", "20000", out=f"{name}.dcert")
        both.certificate(made)
    both.tampered(work / "ball_l2.dcert", tampered_balls())

    operators(work / "operators")
    made = both.dspec("verify", "operators/operators.dspec", out="operators.dcert")
    both.certificate(made)
    both.tampered(made, tampered_operators())

    (work / "parts").mkdir(exist_ok=True)
    (work / "parts/gap.onnx").write_bytes(gap())
    for name, text, wanted, changes in (("wide", WIDE, 0, tampered_wide()), ("near", NEAR, 2, tampered_near())):
        (work / f"parts/{name}.dspec").write_text(text)
        made = both.dspec("verify", f"parts/{name}.dspec", "--nodes", "200", out=f"{name}.dcert")
        both.certificate(made, wanted=((0, wanted),))
        both.tampered(made, changes)
    (work / "parts.vnnlib").write_text(vnnlib(1, 3, "(<= Y_0 -0.05)", "(<= Y_1 -0.05)"))
    made = both.dspec("vnnlib", work / "parts/gap.onnx", "parts.vnnlib", out="parts.dcert")
    both.certificate(made)
    both.tampered(made, tampered_parts("parts.vnnlib"))
    for part in ("models", "data"):
        shutil.copytree(repository / "examples/digits" / part, work / "phases" / part, dirs_exist_ok=True)
    (work / "phases/steady.dspec").write_text(PHASES)
    made = both.dspec("verify", "phases/steady.dspec", out="phases.dcert")
    # The leaf of phases is too hard for affine forms.
    both.certificate(made, wanted=((0, 2),))
    both.tampered(made, tampered_phases(), ((1, 1), (1, 2)))

    (work / "turns").mkdir(exist_ok=True)
    (work / "turns/turns.onnx").write_bytes(network("Exp", 3))
    (work / "turns/turns.dspec").write_text(TURNS)
    made = both.dspec("verify", "turns/turns.dspec", "--nodes", "150", out="turns.dcert")
    both.certificate(made, "all", "all")
    both.tampered(made, tampered_weights())

    for name, other in (("never", 17), ("some", 9)):
        (work / f"{name}.vnnlib").write_text(vnnlib(2, 64, f"(>= Y_{other} 0.7)", "(>= Y_8 0.7)"))
        made = both.dspec("vnnlib", work / "phases" / NETWORK, f"{name}.vnnlib", out=f"{name}.dcert")
        both.certificate(made)
    both.tampered(work / "never.dcert", tampered_network("never.vnnlib"))
    return both.report()


if __name__ == "__main__":
    sys.exit(main())
