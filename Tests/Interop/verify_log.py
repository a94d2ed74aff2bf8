#!/usr/bin/env python3
"""Check a transparency log of dspec and a proof beside a certificate, sharing no code with dspec.

Written from RFC 6962 and the C2SP pages tlog-tiles, tlog-checkpoint, signed-note and tlog-proof: signatures through
`cryptography`, everything else with the standard library. All tiles and entries of the log's folder are read and
compared with the signed root; then the proof is checked as somebody would who has no log; then altered copies of the
proof, which must all be rejected.

usage: verify_log.py LOG CERTIFICATE PROOF LOG_KEY ORIGIN

exit: 0 all holds, 1 something does not, 2 usage or unreadable file
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization


class Rejected(Exception):
    """The log or the proof is not acceptable."""


def require(condition, message):
    if not condition:
        raise Rejected(message)


def sha256(content):
    return hashlib.sha256(content).digest()


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def root_hash(hashes):
    """MTH of RFC 6962 section 2.1, over leaf hashes, as it is defined."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"")
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_hash(hashes[:middle]), root_hash(hashes[middle:]))


def root_of_proof(leaf, index, size, path):
    """The root to which an audit path leads, by the recursion that defines the path (RFC 6962 section 2.1.1)."""
    require(0 <= index < size, "the index lies outside the log")
    if size == 1:
        require(not path, "the proof is too long")
        return leaf
    require(path, "the proof is too short")
    middle = 1 << (size - 1).bit_length() - 1
    if index < middle:
        return node_hash(root_of_proof(leaf, index, middle, path[:-1]), path[-1])
    return node_hash(path[-1], root_of_proof(leaf, index - middle, size - middle, path[:-1]))


def decode(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Rejected("a line is not base64") from error
    require(base64.b64encode(raw) == text, "a line is base64 in another spelling")
    return raw


def number(text):
    require(text.isdigit() and (text == b"0" or not text.startswith(b"0")), "a number is malformed")
    return int(text)


def open_checkpoint(note, key, origin):
    """Verify a signed checkpoint and return size and root."""
    text, gap, signatures = note.rpartition(b"\n\n")
    require(gap and signatures.endswith(b"\n"), "the checkpoint has no signatures")
    text += b"\n"
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    tag = sha256(origin.encode() + b"\n\x01" + raw)[:4]
    found = False
    for line in signatures[:-1].split(b"\n"):
        fields = line.split(b" ")
        require(len(fields) == 3 and fields[0] == "\u2014".encode(), "a line of signature is malformed")
        value = decode(fields[2])
        if fields[1] == origin.encode() and value[:4] == tag:
            try:
                key.verify(value[4:], text)
            except InvalidSignature as error:
                raise Rejected("the log's signature does not verify") from error
            found = True
    require(found, "the log has not signed")
    lines = text.split(b"\n")
    require(len(lines) == 4 and lines[0] == origin.encode(), "the checkpoint is of another log")
    root = decode(lines[2])
    require(len(root) == 32, "the root has another length")
    return number(lines[1]), root


def tile_path(level, index, width):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + ("" if width == 256 else f".p/{width}")


def items(folder, kind, level, size):
    """The files of a level with their widths, as a log of this size must have them."""
    count = size >> 8 * level
    for index in range((count + 255) // 256):
        width = min(256, count - 256 * index)
        yield (folder / tile_path(kind, index, width)).read_bytes(), width


def split_entries(bundle, width):
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        require(len(bundle) >= 2 + length, "a file of entries ends early")
        entries.append(bundle[2:2 + length])
        bundle = bundle[2 + length:]
    require(len(entries) == width, "a file of entries holds another number")
    return entries


def check_log(folder, key, origin):
    """Check every tile and entry of a log, and return its entries."""
    size, root = open_checkpoint((folder / "checkpoint").read_bytes(), key, origin)
    entries = [entry for bundle, width in items(folder, "entries", 0, size) for entry in split_entries(bundle, width)]
    hashes = [leaf_hash(entry) for entry in entries]
    require(root_hash(hashes) == root, "the entries do not have the signed root")
    level = 0
    while hashes:
        stored = b"".join(tile for tile, _ in items(folder, level, level, size))
        require(stored == b"".join(hashes), f"the tiles of level {level} do not fit the entries")
        hashes = [root_hash(hashes[start:start + 256]) for start in range(0, len(hashes) - 255, 256)]
        level += 1
    return entries


def certificate_entries(path):
    """What a log says of a certificate, by each key that its signatures name."""
    text = (path / "certificate.json" if path.is_dir() else path).read_bytes()
    envelope = json.loads(text)
    payload = base64.b64decode(envelope["payload"])
    for signature in envelope["signatures"]:
        yield json.dumps(
            {
                "keyid": signature["keyid"],
                "payloadSha256": hashlib.sha256(payload).hexdigest(),
                "predicateType": json.loads(payload)["predicateType"],
            }, sort_keys=True, separators=(",", ":")).encode()


def check_proof(proof, entries, key, origin):
    """Check a proof without the log, and return the index."""
    head, gap, note = proof.partition(b"\n\n")
    require(gap, "the proof has no checkpoint")
    lines = head.split(b"\n")
    require(lines[0] == b"c2sp.org/tlog-proof@v1", "the file is no proof")
    if len(lines) > 1 and lines[1].startswith(b"extra "):
        del lines[1]
    require(len(lines) > 1 and lines[1].startswith(b"index "), "the proof has no index")
    index = number(lines[1][6:])
    path = [decode(line) for line in lines[2:]]
    require(all(len(value) == 32 for value in path), "a hash has another length")
    size, root = open_checkpoint(note, key, origin)
    require(
        any(root_of_proof(leaf_hash(entry), index, size, path) == root for entry in entries),
        "the proof does not lead to the signed root")
    return index


def mutations(proof):
    for position in range(len(proof)):
        yield proof[:position] + bytes([proof[position] ^ 1 << position % 8]) + proof[position + 1:]
    for length in range(0, len(proof), 7):
        yield proof[:length]


def main():
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        return 2
    folder, certificate, proof_path, key_path, origin = sys.argv[1:]
    try:
        key = serialization.load_pem_public_key(pathlib.Path(key_path).read_bytes())
        logged = check_log(pathlib.Path(folder), key, origin)
        print(f"log: {len(logged)} entries and their tiles have the signed root")
        entries = list(certificate_entries(pathlib.Path(certificate)))
        proof = pathlib.Path(proof_path).read_bytes()
        index = check_proof(proof, entries, key, origin)
        require(logged[index] in entries, "the log holds something else at the index")
        print(f"proof: the certificate is entry {index}")
        rejected = 0
        for altered in mutations(proof):
            try:
                check_proof(altered, entries, key, origin)
            except Rejected:
                rejected += 1
            else:
                raise Rejected("an altered proof was accepted")
        print(f"mutations: {rejected} altered proofs rejected")
    except Rejected as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return 2
    print("VERIFIED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
