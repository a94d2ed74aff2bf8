#!/usr/bin/env python3
"""Write signed statements into a folder, as many as asked for, for a log to hold.

usage: write_statements.py FOLDER COUNT
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for number in range(1, int(sys.argv[2]) + 1):
        payload = json.dumps({
            "_type": "https://in-toto.io/Statement/v1",
            "predicate": {"number": number},
            "predicateType": "https://example.org/statement/v1",
            "subject": [],
        }).encode()
        message = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode() + payload
        envelope = {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{
                "keyid": hashlib.sha256(public).hexdigest(),
                "sig": base64.b64encode(key.sign(message)).decode(),
            }],
        }
        (folder / f"{number}.json").write_text(json.dumps(envelope))


if __name__ == "__main__":
    main()
