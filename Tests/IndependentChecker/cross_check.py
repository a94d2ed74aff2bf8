#!/usr/bin/env python3
"""Runs both checkers on certificates and on tampered copies of one, and demands that they agree.

    cross_check.py BINARIES WORK [CERTIFICATE...]

BINARIES holds dspec and dspec-replay, WORK is a folder to write in. Tampered copies are made of a small project with
a proof, a refutation, a bound and samples. A copy that changes nothing, or that both checkers accept, fails.

exit: 0 they agree, 1 they do not
"""

import base64
import json
import pathlib
import shutil
import struct
import subprocess
import sys

from bundle import canonical, digest, identifier, manifests

HERE = pathlib.Path(__file__).parent
MORE = """
/// Refuted by a witness.
property NeverBright { claim: forall z in Z: unsafe(G(z, Topic.bright)) <= 1/100  evidence: proof }
/// Refuted by an interval.
property Never { claim: P[z ~ PZ: unsafe(G(z, Topic.bright)) > 30%] >= 1/2  evidence: bound }
/// Supported by samples.
property Seldom { claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 5%  evidence: sampled(n: 2000, confidence: 99%) }
"""


class Copy:
    """A copy of a bundle whose statement and files can be changed and sealed again."""

    def __init__(self, source, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.folder, self.envelope = folder, json.loads((folder / "certificate.json").read_bytes())
        self.statement = json.loads(base64.b64decode(self.envelope["payload"]))
        self.predicate = self.statement["predicate"]
        self.fresh = False  # whether the questions must be derived from this copy

    def record(self, name):
        return next(record for record in self.predicate["properties"] if record["id"] == name)

    def evidence(self, name):
        return self.folder / "evidence" / "sha256" / self.record(name)["evidence"][0]["sha256"]

    def change_evidence(self, name, change):
        path = self.evidence(name)
        data = bytes(change(bytearray(path.read_bytes())))
        path.unlink()
        (path.parent / digest(data)).write_bytes(data)
        self.record(name)["evidence"] = [{"name": f"sha256/{digest(data)}", "sha256": digest(data), "size": len(data)}]

    def change_file(self, group, files, name, change):
        path = self.folder / group / name
        data = bytes(change(bytearray(path.read_bytes())))
        path.write_bytes(data)
        next(file for file in files if file["name"] == name).update(sha256=digest(data), size=len(data))

    def seal(self):
        self.predicate["certificateId"] = identifier(self.predicate)
        for name, data in manifests(self.predicate).items():
            (self.folder / name).write_bytes(data)
        self.statement["subject"] = [{"digest": {"sha256": digest(data)}, "name": name}
                                     for name, data in manifests(self.predicate).items()]
        self.write(canonical(self.statement))

    def write(self, payload):
        self.envelope["payload"] = base64.b64encode(payload).decode()
        (self.folder / "certificate.json").write_bytes(canonical(self.envelope))


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


# Each has a name and what it does to a copy; it seals the copy where digests are computed again.
def tampered():
    def sealed(name, change):
        def run(copy):
            change(copy)
            copy.seal()
        return name, run

    def evidence(name, record, change):
        return sealed(name, lambda copy: copy.change_evidence(record, change))

    def stated(name, record, **fields):
        return sealed(name, lambda copy: copy.record(record).update(fields))

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
        good = copy.evidence("NeverUnsafe").read_bytes()
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
    yield evidence("tree: a leaf dropped", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1]))
    yield evidence("tree: a leaf added", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes + b"\x81"))
    yield evidence("tree: an axis too many", "NeverUnsafe", lambda data: resized(data, lambda nodes: b"\x05" + nodes[1:]))
    yield evidence("tree: an unknown rule", "NeverUnsafe", lambda data: resized(data, lambda nodes: nodes[:-1] + b"\x8e"))
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
    yield evidence("samples: more of them", "Seldom", lambda data: data[:58] + struct.pack("<q", 2001) + data[66:])
    yield evidence("samples: hits", "Seldom", lambda data: data[:66] + struct.pack("<q", 1) + data[74:])
    yield evidence("evidence: a byte behind", "Seldom", lambda data: data + b"\0")
    yield evidence("evidence: another version", "Seldom", flipped(15))
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
    yield sealed("another arithmetic", lambda copy: copy.predicate["arithmetic"].update(claim="f32-any-order"))
    yield sealed("expired before issued", lambda copy: copy.predicate.update(expiresAt="2000-01-01T00:00:00Z"))
    yield sealed("a newer checker demanded", lambda copy: copy.predicate.update(minimumChecker="9.0.0"))
    yield sealed("an extension demanded", lambda copy: copy.predicate.update(critical=["x"]))


def replay(binaries, folder, derived=None):
    more = [] if derived is None else ["--obligations", derived]
    process = subprocess.run([binaries / "dspec-replay", folder, "--any-signer", *more], capture_output=True, text=True)
    lines = (process.stdout + process.stderr).strip().splitlines()
    return process.returncode, lines[-1] if lines else ""


def check(folder, derived, *more):
    process = subprocess.run([sys.executable, HERE / "check.py", folder, derived, *more], capture_output=True, text=True)
    lines = (process.stdout + process.stderr).strip().splitlines()
    return process.returncode, lines[-1] if lines else ""


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 3
    binaries, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    failures = 0

    def report(name, first, second, wanted):
        nonlocal failures
        good = first[0] == second[0] and (wanted is None or first[0] == wanted)
        failures += not good
        print(f"{'agree' if good else 'DIFFER'}  {name}: {first[0]} {first[1][:90]} | {second[0]} {second[1][:90]}",
              flush=True)

    for certificate in map(pathlib.Path, sys.argv[3:]):
        derived = work / (certificate.name + ".derived")
        shutil.rmtree(derived, ignore_errors=True)
        report(certificate.name, replay(binaries, certificate, derived), check(certificate, derived, "--leaves", "20", "--samples", "200"), 0)

    project, genuine, derived = work / "small", work / "small.dcert", work / "small.derived"
    shutil.rmtree(project, ignore_errors=True)
    shutil.rmtree(derived, ignore_errors=True)
    run = lambda *command: subprocess.run([binaries / "dspec", *command], capture_output=True, text=True, cwd=work)
    run("init", "small")
    with (project / "safety.dspec").open("a") as file:
        file.write(MORE)
    for path in work.glob("key.*"):
        path.unlink()
    run("keygen", "--out", "key")
    made = run("verify", "small/safety.dspec", "--key", "key.key.pem", "--out", "small.dcert")
    if not genuine.is_dir():
        print(made.stdout + made.stderr, file=sys.stderr)
        return 1
    report("small project", replay(binaries, genuine, derived), check(genuine, derived, "--leaves", "all", "--samples", "all"), 0)
    for number, (name, change) in enumerate(tampered()):
        copy = Copy(genuine, work / "tampered.dcert")
        change(copy)
        before, after = ({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
                         for folder in (genuine, copy.folder))
        if before == after:
            print(f"SAME  {name}: nothing was changed")
            failures += 1
            continue
        own = work / "tampered.derived"
        shutil.rmtree(own, ignore_errors=True)
        first = replay(binaries, copy.folder, own)
        if not copy.fresh:
            # The questions are the genuine ones; what the first checker claims of changed leaves is its own.
            masses = {path.name: path.read_bytes() for path in own.glob("*.masses")}
            shutil.rmtree(own, ignore_errors=True)
            shutil.copytree(derived, own)
            for path, data in masses.items():
                (own / path).write_bytes(data)
        own.mkdir(exist_ok=True)
        report(name, first, check(copy.folder, own, "--leaves", "all", "--samples", "all"), 1)
    print(f"{failures} of {number + 2 + len(sys.argv) - 3} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
