#!/usr/bin/env python3
"""Sign the models of a certificate with OpenSSF model signing and compare its digest with the certificate's manifest.

The bundle's model folder is signed by `model_signing` with an ECDSA P-256 key made for it, and verified by it. The
Sigstore bundle is then read without that library: the DSSE signature through `cryptography`, the statement with the
standard library. Its subject is the root of the model: SHA-256 of the concatenated raw SHA-256 digests of all files in
the order of their paths, component by component. The root is recomputed from the certificate's `model.manifest.json`, so
that either document leads to the other. A certificate that has a subject `model.oms-root` must state the same root.

Altered models, signatures and manifests must not lead to it.

usage: verify_oms.py BUNDLE

exit: 0 all agrees, 1 something does not, 2 usage or unreadable file
"""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://model_signing/signature/v1.0"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
ROOT_SUBJECT = "model.oms-root"


class Rejected(Exception):
    """A document does not say what it should."""


def require(condition, message):
    if not condition:
        raise Rejected(message)


def root(digests):
    """The root of files by path: of a mapping to hexadecimal digests."""
    ordered = sorted(digests, key=lambda name: pathlib.PurePosixPath(name).parts)
    return hashlib.sha256(b"".join(bytes.fromhex(digests[name]) for name in ordered)).hexdigest()


def model_signing(*arguments):
    process = subprocess.run([sys.executable, "-m", "model_signing", *map(str, arguments)], capture_output=True, text=True)
    return process.returncode == 0, (process.stdout + process.stderr).strip()


class Signer:
    """A key made on the spot, and what `model_signing` does with it."""

    def __init__(self, folder, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.private, self.public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
        self.private.write_bytes(self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.public.write_bytes(self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

    def sign(self, model, signature):
        done, answer = model_signing("sign", "key", "--private_key", self.private, "--signature", signature, model)
        require(done, f"model_signing does not sign: {answer}")

    def accepts(self, model, signature):
        return model_signing("verify", "key", "--public_key", self.public, "--signature", signature, model)[0]


def read_bundle(path, public_key):
    """Read a Sigstore bundle with a signature by a key, and return the root and the digests of the files."""
    bundle = json.loads(path.read_bytes())
    require(bundle["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json", "a bundle of another version")
    envelope = bundle["dsseEnvelope"]
    payload = base64.b64decode(envelope["payload"], validate=True)
    require(envelope["payloadType"] == PAYLOAD_TYPE and len(envelope["signatures"]) == 1, "an envelope of another form")
    message = b" ".join([b"DSSEv1", str(len(PAYLOAD_TYPE)).encode(), PAYLOAD_TYPE.encode(), str(len(payload)).encode(),
                         payload])
    try:
        public_key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Rejected("the signature does not verify") from None
    statement = json.loads(payload)
    require((statement["_type"], statement["predicateType"]) == (STATEMENT_TYPE, PREDICATE_TYPE), "another statement")
    require(len(statement["subject"]) == 1, "a statement about several models")
    resources = statement["predicate"]["resources"]
    require(all(resource["algorithm"] == "sha256" for resource in resources), "digests of another kind")
    files = {resource["name"]: resource["digest"] for resource in resources}
    require(len(files) == len(resources), "a file is named twice")
    return statement["subject"][0]["digest"]["sha256"], files


def read_certificate(folder):
    """The digests of a certificate's model files by path, from the manifest that it signs, and its root if it has one."""
    statement = json.loads(base64.b64decode(json.loads((folder / "certificate.json").read_bytes())["payload"]))
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    manifest = (folder / "model.manifest.json").read_bytes()
    require(hashlib.sha256(manifest).hexdigest() == subjects["model.manifest.json"], "another manifest than was signed")
    return {file["path"]: file["sha256"] for file in json.loads(manifest)["files"]}, subjects.get(ROOT_SUBJECT)


def check_recipe(work, signer):
    """On names whose order differs between whole paths and their components, and on contents in another order than names."""
    model = work / "names"
    for number, name in enumerate(("a/z", "a.b", "a-b", "B", "a/b/c", "é")):
        (model / name).parent.mkdir(parents=True, exist_ok=True)
        (model / name).write_bytes(bytes([number * 7 % 5, number]))
    signer.sign(model, work / "names.sig")
    stated, files = read_bundle(work / "names.sig", signer.key.public_key())
    present = {path.relative_to(model).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
               for path in model.rglob("*") if path.is_file()}
    require(files == present, "the statement names other files")
    require(stated == root(present), "the root is made in another way")
    by_path = hashlib.sha256(b"".join(bytes.fromhex(present[name]) for name in sorted(present))).hexdigest()
    require(stated != by_path, "names in which the order of components does not matter")


def check_refusals(work, signer, model, signature, digests, stated):
    """Altered models, signatures and digests, each of which must be refused; returns their number."""
    stranger = Signer(work, "stranger")
    refused = [not stranger.accepts(model, signature)]
    try:
        read_bundle(signature, stranger.key.public_key())
        refused.append(False)
    except Rejected:
        refused.append(True)
    first = sorted(digests)[0]

    def changed(name, change):
        copy = work / name
        shutil.copytree(model, copy)
        change(copy)
        refused.append(not signer.accepts(copy, signature))

    def flip(copy):
        data = bytearray((copy / first).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / first).write_bytes(data)

    changed("flipped", flip)
    changed("absent", lambda copy: (copy / first).unlink())
    changed("surplus", lambda copy: (copy / "more.onnx").write_bytes(b"more"))

    bundle = json.loads(signature.read_bytes())
    payload = base64.b64decode(bundle["dsseEnvelope"]["payload"])
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(payload.replace(stated.encode(), b"0" * 64)).decode()
    altered = work / "altered.sig"
    altered.write_text(json.dumps(bundle))
    refused.append(not signer.accepts(model, altered))
    try:
        read_bundle(altered, signer.key.public_key())
        refused.append(False)
    except Rejected:
        refused.append(True)

    digest = digests[first]
    refused.append(root(digests | {first: f"{int(digest[0], 16) ^ 1:x}{digest[1:]}"}) != stated)
    refused.append(root({name: value for name, value in digests.items() if name != first}) != stated)
    require(all(refused), f"something altered was accepted: {refused}")
    return len(refused)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    bundle = pathlib.Path(sys.argv[1])
    try:
        with tempfile.TemporaryDirectory() as name:
            work = pathlib.Path(name)
            signer = Signer(work, "signer")
            check_recipe(work, signer)
            print("recipe: SHA-256 of the files' digests in the order of their paths' components")
            digests, recorded = read_certificate(bundle)
            model, signature = work / "model", work / "model.sig"
            shutil.copytree(bundle / "models", model)
            signer.sign(model, signature)
            require(signer.accepts(model, signature), "model_signing does not verify what it signed")
            stated, files = read_bundle(signature, signer.key.public_key())
            require(files == digests, "the statement and the certificate's manifest name other files or digests")
            require(root(digests) == stated, "the root of the certificate's manifest is another")
            print(f"root: {stated}, of {len(files)} files, is that of the certificate's manifest")
            require(recorded in (None, stated), f"the certificate states the root {recorded}")
            print(f"subject {ROOT_SUBJECT}: {'the same root' if recorded else 'none in this certificate'}")
            print(f"altered: {check_refusals(work, signer, model, signature, digests, stated)} refused")
    except Rejected as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    except (KeyError, TypeError, AttributeError) as error:
        print(f"rejected: a field has another shape ({error!r})", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return 2
    print("VERIFIED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
