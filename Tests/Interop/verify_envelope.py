#!/usr/bin/env python3
"""Check a dspec certificate with other people's libraries.

A client that shares no code with dspec: DSSE v1.0.2 signatures through `cryptography`, PyNaCl and securesystemslib,
then the in-toto Statement v1, by `in-toto-attestation` and by hand, and the fields of our predicate, then (for a bundle
folder) every file's digest.

With --mutations the certificate must verify, and a few dozen altered copies of it must not.

exit: 0 verified, 1 rejected, 2 usage or unreadable file
"""

import argparse
import base64
import copy
import hashlib
import json
import pathlib
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://dspec.dev/compliance-certificate/v1"
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
PREDICATE_FIELDS = {
    "arithmetic", "assumptions", "certificateId", "critical", "datasets", "expiresAt", "extensions", "issuedAt",
    "issuer", "minimumChecker", "models", "properties", "samplers", "schemaVersion", "scope", "spec", "tool",
}
OPTIONAL_FIELDS = {"mappings", "model", "oracles", "seedCheckpoint", "supersedes"}
VERDICTS = {"proved", "refuted", "supported", "contradicted", "unknown", "vacuous", "undefined"}
GRADES = {"proof", "bound", "accounting", "derived", "sampled", "attacked"}


class Rejected(Exception):
    """The certificate is not acceptable."""


def require(condition, message):
    if not condition:
        raise Rejected(message)


def parse(text):
    """Parse JSON in which names are unique and every number is an exact integer."""

    def unique(pairs):
        names = [name for name, _ in pairs]
        require(len(names) == len(set(names)), "a JSON object names a member twice")
        return dict(pairs)

    def refuse(word):
        raise Rejected(f"the number {word} is not an exact integer")

    def integer(digits):
        require(len(digits) <= 17 and abs(int(digits)) < 2**53, f"the integer {digits[:20]} is out of range")
        return int(digits)

    try:
        return json.loads(
            text.decode("utf-8"), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse,
            parse_int=integer)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Rejected(f"not JSON: {error}") from error


def canonical(value):
    """RFC 8785 text of a value without fractional numbers."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(element) for element in value) + b"]"
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def unbase64(text):
    require(isinstance(text, str), "a base64 field is no string")
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise Rejected(f"not base64: {error}") from error


def pre_authentication(payload_type, payload):
    kind = payload_type.encode("utf-8")
    return b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload])


def load_key(path):
    key = serialization.load_pem_public_key(pathlib.Path(path).read_bytes())
    require(isinstance(key, ed25519.Ed25519PublicKey), f"{path} is no Ed25519 key")
    return key


def raw_bytes(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(key):
    return sha256(
        key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def signers_by_cryptography(signatures, message, keys):
    found = set()
    for key in keys:
        for signature in signatures:
            try:
                key.verify(signature, message)
                found.add(raw_bytes(key))
            except InvalidSignature:
                pass
    return found


def signers_by_sodium(signatures, message, keys):
    found = set()
    for key in keys:
        for signature in signatures:
            try:
                VerifyKey(raw_bytes(key)).verify(message, signature)
                found.add(raw_bytes(key))
            except (BadSignatureError, ValueError):
                pass
    return found


def signers_by_securesystemslib(envelope, keys):
    """That library pairs signatures with keys by identifier, so it is given keys under ours."""
    found = set()
    for key in keys:
        named = SSlibKey.from_crypto(key, keyid=key_id(key))
        try:
            Envelope.from_dict(copy.deepcopy(envelope)).verify([named], 1)
            found.add(raw_bytes(key))
        except (VerificationError, KeyError, ValueError):
            pass
    return found


def check_envelope(text, keys, threshold):
    """Verify the signatures three ways and return the payload."""
    envelope = parse(text)
    require(isinstance(envelope, dict), "the envelope is no object")
    require(envelope.get("payloadType") == PAYLOAD_TYPE, "the payload type is another")
    require(isinstance(envelope.get("signatures"), list) and envelope["signatures"], "there is no signature")
    payload = unbase64(envelope.get("payload"))
    signatures = [unbase64(entry.get("sig")) for entry in envelope["signatures"]]
    for signature in signatures:
        require(len(signature) == 64, "a signature has not 64 bytes")
        require(int.from_bytes(signature[32:], "little") < GROUP_ORDER, "a signature's scalar is not reduced")
    message = pre_authentication(PAYLOAD_TYPE, payload)
    answers = {
        "cryptography": signers_by_cryptography(signatures, message, keys),
        "PyNaCl": signers_by_sodium(signatures, message, keys),
        "securesystemslib": signers_by_securesystemslib(envelope, keys),
    }
    require(len({frozenset(answer) for answer in answers.values()}) == 1, "the libraries disagree on the signers")
    count = len(answers["PyNaCl"])
    require(count >= threshold, f"{count} of the given keys signed, {threshold} are needed")
    identifiers = {key_id(key) for key in keys if raw_bytes(key) in answers["PyNaCl"]}
    named = {entry.get("keyid") for entry in envelope["signatures"]}
    require(identifiers <= named, "a signer's key identifier is not SHA-256 of its SubjectPublicKeyInfo")
    return payload


def check_digest(text):
    require(isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text), f"{text!r} is no SHA-256 digest")


def check_records(records):
    require(isinstance(records, list), "a list of files is no array")
    for record in records:
        require(set(record) == {"name", "sha256", "size"}, "a file is not given by name, sha256 and size")
        check_digest(record["sha256"])
        parts = record["name"].split("/")
        require(all(part not in ("", ".", "..") for part in parts) and "\\" not in record["name"],
                f"{record['name']!r} is no relative path")


def manifest(records):
    files = [{"path": r["name"], "sha256": r["sha256"], "size": r["size"]} for r in records]
    files.sort(key=lambda file: file["path"].encode("utf-8"))
    return canonical({"files": files, "manifestVersion": 1})


def identifier(predicate):
    digest = bytearray(hashlib.sha256(
        canonical({name: value for name, value in predicate.items() if name != "certificateId"})).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    digits = digest.hex()
    return "urn:uuid:" + "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def check_attestation(payload, statement):
    """Read the statement with `in-toto-attestation`, which must validate it and find the same subjects in it."""
    try:
        message = json_format.Parse(payload, statement_pb2.Statement())
        Statement.copy_from_pb(message).validate()
    except (json_format.ParseError, ValueError) as error:
        raise Rejected(f"in-toto-attestation refuses the statement: {error}") from error
    require(message.predicate_type == statement["predicateType"], "in-toto-attestation reads another predicate type")
    subjects = [{"digest": dict(subject.digest), "name": subject.name} for subject in message.subject]
    require(subjects == statement["subject"], "in-toto-attestation reads other subjects")


def check_statement(payload):
    """Check the in-toto statement and the shape of the predicate, and return the statement."""
    statement = parse(payload)
    require(isinstance(statement, dict), "the statement is no object")
    require(canonical(statement) == payload, "the payload is not canonical JSON")
    require(set(statement) == {"_type", "predicate", "predicateType", "subject"}, "the statement has other fields")
    require(statement["_type"] == STATEMENT_TYPE, "the statement is not of in-toto Statement v1")
    require(statement["predicateType"] == PREDICATE_TYPE, "the predicate is of another type")
    check_attestation(payload, statement)
    predicate = statement["predicate"]
    require(PREDICATE_FIELDS <= set(predicate) <= PREDICATE_FIELDS | OPTIONAL_FIELDS, "the predicate has other fields")
    require(predicate["schemaVersion"] == "1.0.0" and predicate["critical"] == [], "the predicate is newer")
    require(predicate["issuedAt"] < predicate["expiresAt"], "the certificate expires before it is issued")
    require(predicate["certificateId"] == identifier(predicate), "the identifier does not follow from the content")
    for records in (predicate["models"], predicate["datasets"], predicate["spec"]["sources"]):
        check_records(records)
    for item in predicate["properties"]:
        require(item["verdict"] in VERDICTS and item["grade"] in GRADES, "a verdict or grade is no known word")
        check_digest(item["formula"])
        check_digest(item["obligation"])
        check_records(item["evidence"])
        for side in ("lower", "upper"):
            spelling = item.get("bounds", {}).get(side, "0x0p+0")
            require(float.fromhex(spelling) == float.fromhex(spelling), "a bound is no number")
    for sampler in predicate["samplers"]:
        for pair in sampler["coefficients"]:
            require(len(pair) == 2 and all(abs(float.fromhex(number)) < float("inf") for number in pair),
                    "a sampler's coefficients are no pair of finite numbers")
    expected = [{"digest": {"sha256": sha256(manifest(predicate["spec"]["sources"]))}, "name": "spec.manifest.json"}]
    if predicate["models"]:
        expected.insert(
            0, {"digest": {"sha256": sha256(manifest(predicate["models"]))}, "name": "model.manifest.json"})
    if "model" in predicate:
        ordered = sorted(predicate["models"], key=lambda record: record["name"].split("/"))
        root = sha256(b"".join(bytes.fromhex(record["sha256"]) for record in ordered))
        require(predicate["model"]["omsRoot"] == root, "the root is not that of the model files")
        expected.insert(1, {"digest": {"sha256": root}, "name": "model.oms-root"})
    require(statement["subject"] == expected, "the subjects are not the manifests of the files")
    return statement


def check_files(folder, statement):
    """Compare every file of a bundle with the digest that the statement declares, and return their number."""
    predicate = statement["predicate"]
    declared = {}
    for group, records in (
            ("spec", predicate["spec"]["sources"]), ("models", predicate["models"]), ("data", predicate["datasets"])):
        if group == "spec" or (folder / group).is_dir():
            declared.update({f"{group}/{record['name']}": record["sha256"] for record in records})
    for item in predicate["properties"]:
        declared.update({f"evidence/sha256/{record['sha256']}": record["sha256"] for record in item["evidence"]})
    # The root of the model files names no file.
    declared.update({subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]
                     if subject["name"] != "model.oms-root"})
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    require(present == set(declared) | {"certificate.json"}, "the bundle has missing or surplus files")
    for name, digest in declared.items():
        require(sha256((folder / name).read_bytes()) == digest, f"{name} is not the declared file")
    return len(declared)


def mutations(text):
    """Yield altered copies of an envelope, each with what was done to it."""
    envelope = json.loads(text)
    payload = bytearray(base64.b64decode(envelope["payload"]))
    signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))

    def altered(edit):
        other = copy.deepcopy(envelope)
        other["signatures"] = other["signatures"][:1]
        edit(other)
        return json.dumps(other).encode("utf-8")

    for bit in range(0, len(payload) * 8, max(1, len(payload) * 8 // 24)):
        flipped = bytearray(payload)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"payload bit {bit}", altered(lambda e, b=flipped: e.update(payload=base64.b64encode(b).decode()))
    for bit in range(0, 512, 31):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"signature bit {bit}", altered(
            lambda e, b=flipped: e["signatures"][0].update(sig=base64.b64encode(b).decode()))
    scalar = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    raised = bytes(signature[:32]) + scalar.to_bytes(32, "little")
    yield "scalar plus group order", altered(
        lambda e: e["signatures"][0].update(sig=base64.b64encode(raised).decode()))
    yield "other payload type", altered(lambda e: e.update(payloadType="application/json"))
    yield "no signature", altered(lambda e: e.update(signatures=[]))
    verdict = bytes(payload).replace(b'"verdict":"unknown"', b'"verdict":"proved"')
    if verdict != payload:
        yield "verdict upgraded", altered(lambda e: e.update(payload=base64.b64encode(verdict).decode()))
    yield "duplicate name", text.replace(b"{", b'{"payloadType":"application/vnd.in-toto+json",', 1)
    yield "half of the file", text[:len(text) // 2]


def check_attestation_refuses(payload):
    """What breaks the form of a statement is refused by `in-toto-attestation` itself, and not by this client alone."""
    changes = {
        "another statement": lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"),
        "a fifth member": lambda s: s.update(extra=1),
        "no subject": lambda s: s.update(subject=[]),
        "a subject without a digest": lambda s: s["subject"][0].pop("digest"),
        "a subject of another shape": lambda s: s["subject"][0].update(size=1),
        "no predicate type": lambda s: s.pop("predicateType"),
        "no predicate": lambda s: s.pop("predicate"),
    }
    for name, change in changes.items():
        statement = json.loads(payload)
        change(statement)
        try:
            check_attestation(json.dumps(statement).encode(), statement | {"predicateType": statement.get("predicateType", "")})
        except Rejected as error:
            require("refuses" in str(error), f"in-toto-attestation accepts {name}")
        else:
            raise Rejected(f"in-toto-attestation accepts {name}")
    return len(changes)


def check_mutations(text, keys):
    count = check_attestation_refuses(base64.b64decode(json.loads(text)["payload"]))
    for name, altered in mutations(text):
        require(altered != text, f"the mutation '{name}' changes nothing")
        try:
            check_statement(check_envelope(altered, keys, 1))
        except Rejected:
            count += 1
        else:
            raise Rejected(f"an altered certificate was accepted: {name}")
    stranger = ed25519.Ed25519PrivateKey.generate().public_key()
    try:
        check_envelope(text, [stranger], 1)
    except Rejected:
        return count + 1
    raise Rejected("a stranger's key was accepted")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("certificate", type=pathlib.Path, help="a bundle folder or an envelope")
    parser.add_argument("keys", nargs="+", help="public keys in PEM")
    parser.add_argument("--threshold", type=int, default=1, help="how many of the keys must have signed")
    parser.add_argument("--mutations", action="store_true", help="also check that altered copies are rejected")
    arguments = parser.parse_args()
    try:
        is_bundle = arguments.certificate.is_dir()
        envelope = arguments.certificate / "certificate.json" if is_bundle else arguments.certificate
        text = envelope.read_bytes()
        keys = [load_key(path) for path in arguments.keys]
        require(len({raw_bytes(key) for key in keys}) == len(keys), "one key was given twice")
        statement = check_statement(check_envelope(text, keys, arguments.threshold))
        print("signatures: verified by cryptography, PyNaCl and securesystemslib; statement: by in-toto-attestation")
        if is_bundle:
            print(f"files: {check_files(arguments.certificate, statement)} digests equal")
        if arguments.mutations:
            print(f"mutations: {check_mutations(text, keys)} altered certificates rejected")
        for item in statement["predicate"]["properties"]:
            print(f"  {item['id']}: {item['verdict']} ({item['grade']})")
    except Rejected as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return 2
    except (KeyError, TypeError, AttributeError) as error:
        print(f"rejected: a field has another shape ({error!r})", file=sys.stderr)
        return 1
    print("VERIFIED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
