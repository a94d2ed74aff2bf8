#!/usr/bin/env python3
"""Validate the statements of certificates against specs/certificate.schema.json with `jsonschema`.

    validate_schema.py SCHEMA BUNDLE...

The schema itself must be valid, every statement must fit it, and altered copies of it must not.

exit: 0 as it should be, 1 not, 2 usage or unreadable file
"""

import base64
import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator


def without(*path):
    def change(statement):
        place = statement
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
    return change


def put(value, *path):
    def change(statement):
        place = statement
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return change


PREDICATE = ("predicate",)
PROPERTY = ("predicate", "properties", 0)
ALTERED = {
    "another statement": put("https://in-toto.io/Statement/v0.1", "_type"),
    "another predicate": put("https://example.org/v1", "predicateType"),
    "a fifth member": put(1, "extra"),
    "no subject": put([], "subject"),
    "a subject of another name": put("weights.bin", "subject", 0, "name"),
    "another version": put("2.0.0", *PREDICATE, "schemaVersion"),
    "an unknown field": put("high", *PREDICATE, "confidence"),
    "no scope": without(*PREDICATE, "scope"),
    "a demanded extension": put(["x"], *PREDICATE, "critical"),
    "an identifier that is no UUID of version 8": put("urn:uuid:" + "0" * 36, *PREDICATE, "certificateId"),
    "a time with an offset": put("2026-01-01T00:00:00+01:00", *PREDICATE, "issuedAt"),
    "no assumption": put([], *PREDICATE, "assumptions"),
    "the assumption discharged": put(True, *PREDICATE, "assumptions", 0, "discharged"),
    "another arithmetic": put("float16", *PREDICATE, "arithmetic", "claim"),
    "flushing to zero": put(True, *PREDICATE, "arithmetic", "flushToZero"),
    "TF32": put(True, *PREDICATE, "arithmetic", "tf32"),
    "a mapping that claims compliance": put("compliant with the act", *PREDICATE, "mappings", 0, "text"),
    "a mapping of no property": put([], *PREDICATE, "mappings", 0, "properties"),
    "no mapping at all": put([], *PREDICATE, "mappings"),
    "a model without a root": without(*PREDICATE, "model", "omsRoot"),
    "a negative number of weights": put(-1, *PREDICATE, "model", "parameters"),
    "an empty list of earlier certificates": put([], *PREDICATE, "supersedes"),
    "an earlier certificate without a digest": put(["abc"], *PREDICATE, "supersedes"),
    "a commitment to nothing": put({}, *PREDICATE, "spec", "committedBefore"),
    "a commitment that is no base64": put({"commitment": "e30"}, *PREDICATE, "spec", "committedBefore"),
    "a seed from nothing": put({}, *PREDICATE, "seedCheckpoint"),
    "an oracle without a file": put([{"name": "x"}], *PREDICATE, "oracles"),
    "no chunk": put({"count": 0, "root": "0" * 64}, *PROPERTY, "chunks"),
    "a chunk without a root": put({"count": 1}, *PROPERTY, "chunks"),
    "real numbers spelled out": put("real", *PROPERTY, "arithmetic"),
    "samples of another generator": put({"delta": "1/100", "failures": 0, "method": "clopper-pearson", "n": 1, "prng": "mt",
                                         "seedDerivation": "dspec sample seed 1", "undecided": 0}, *PROPERTY, "sampling"),
    "an upper-case digest": put("A" * 64, *PREDICATE, "issuer", "keyid"),
    "a short digest": put("0" * 63, *PROPERTY, "formula"),
    "a path upwards": put("../x", *PREDICATE, "spec", "name"),
    "an absolute path": put("/x", *PREDICATE, "spec", "sources", 0, "name"),
    "a negative size": put(-1, *PREDICATE, "spec", "sources", 0, "size"),
    "a fractional count": put(1.5, *PROPERTY, "leaves"),
    "an unknown verdict": put("safe", *PROPERTY, "verdict"),
    "proved by samples": lambda s: (put("proved", *PROPERTY, "verdict")(s), put("sampled", *PROPERTY, "grade")(s)),
    "proved without evidence": lambda s: (put("proved", *PROPERTY, "verdict")(s), put([], *PROPERTY, "evidence")(s)),
    "empty bounds": put({}, *PROPERTY, "bounds"),
    "a decimal bound": put({"upper": "0.5"}, *PROPERTY, "bounds"),
    "a bound that is a number": put({"upper": 1}, *PROPERTY, "bounds"),
    "an infinite bound": put({"upper": "inf"}, *PROPERTY, "bounds"),
    "minus zero": put({"upper": "-0x0p+0"}, *PROPERTY, "bounds"),
    "a second spelling": put({"upper": "0x1.80p+1"}, *PROPERTY, "bounds"),
    "text that moves the cursor": put("a\u001b[2K", *PROPERTY, "title"),
    "text that turns": put("a\u202eb", *PROPERTY, "text"),
    "a parameter that is no value": put({"tau": "1e3"}, *PREDICATE, "spec", "parameters"),
}


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        schema = json.loads(pathlib.Path(sys.argv[1]).read_bytes())
        statements = {path: json.loads(base64.b64decode(json.loads(
            (pathlib.Path(path) / "certificate.json").read_bytes())["payload"])) for path in sys.argv[2:]}
    except (OSError, ValueError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    failures = 0
    for path, statement in statements.items():
        errors = list(validator.iter_errors(statement))
        failures += bool(errors)
        print(f"{path}: {'fits' if not errors else errors[0].message}")
        for name, change in ALTERED.items():
            altered = copy.deepcopy(statement)
            change(altered)
            if altered == statement or validator.is_valid(altered):
                print(f"ACCEPTED  {path}: {name}")
                failures += 1
    print(f"{len(ALTERED)} alterations of {len(statements)} statements, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
