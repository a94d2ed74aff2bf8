"""The structure of a certificate bundle: envelope, statement, records and files (specs/certificate.md, 1 to 3).

The shape of the statement is read from specs/certificate.schema.json.
"""

import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import stat
import unicodedata

from formats import Invalid, need

SCHEMA = json.loads((pathlib.Path(__file__).parents[2] / "specs/certificate.schema.json").read_text(encoding="utf-8"))
COMMITMENT = SCHEMA["$defs"]["commitment"]
PAYLOAD_TYPE = "application/vnd.in-toto+json"
OLDEST, VERSION = (1, 3, 0), (1, 3, 0)  # of the checkers that may be asked for
LARGEST, DEEPEST = 2**53 - 1, 64
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
SIZES = ("minimum", "maximum", "minItems", "minProperties", "maxItems", "maxLength")  # words of a schema
UNREAD = ("then", "$defs", "$schema", "$id", "title", "description")
CODES = {"spec": "SPEC", "models": "MODEL", "data": "DATA", "evidence": "EVIDENCE"}


class Unreadable(Exception):
    """A file cannot be read."""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def parse_json(data, place):
    def unique(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "JSON_DUPLICATE_KEY", f"{place} names a member twice")
        return dict(pairs)

    def refuse(word):
        raise Invalid("JSON_NUMBER", f"{place} holds {word}, which is no integer")

    def integer(text):
        is_fit = len(text) < 18 and abs(int(text)) <= LARGEST and text != "-0"
        need(is_fit, "JSON_INTEGER_RANGE", f"{place}: {text[:30]}")
        return int(text)

    def depth(value):
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if parts is None else 1 + max(map(depth, parts), default=0)

    try:
        need(not data.startswith(b"\xef\xbb\xbf"), "JSON_BOM", f"{place} starts with a byte-order mark")
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse,
                           parse_int=integer)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        need(depth(value) <= DEEPEST, "JSON_DEPTH", f"{place} is nested more than {DEEPEST} deep")
    except UnicodeError as error:
        raise Invalid("JSON_NOT_UTF8", f"{place}: {error}") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Invalid("JSON_SYNTAX", f"{place}: {error}") from error
    return value


def canonical(value):
    """RFC 8785 for values without fractional numbers."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def decode_base64(text, place):
    letters = r"[A-Za-z0-9+/]*=*|[A-Za-z0-9_-]*=*"
    need(isinstance(text, str) and re.fullmatch(letters, text), "BASE64", f"{place} is no base64")
    text = text.replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Invalid("BASE64", f"{place}: {error}") from error
    need(base64.b64encode(data).decode() == text, "BASE64", f"{place} has a second spelling")
    return data


def check_shape(value, schema, place):
    """Compares a value with a JSON Schema of the words that certificate.schema.json uses."""
    def fits(value, schema):
        try:
            check_shape(value, schema, place)
            return True
        except Invalid:
            return False

    for word, wanted in sorted(schema.items(), key=lambda item: item[0] != "type"):
        if word == "$ref":
            check_shape(value, SCHEMA["$defs"][wanted.removeprefix("#/$defs/")], place)
        elif word == "type":
            need(type(value) is TYPES[wanted], "FIELD_TYPE", f"{place} is no {wanted}")
        elif word in ("const", "enum"):
            allowed = [wanted] if word == "const" else wanted
            need(canonical(value) in map(canonical, allowed), "FIELD_VALUE", f"{place}: {value!r:.60}")
        elif word == "pattern":
            need(re.search(wanted.replace("$", r"\Z"), value), "FIELD_VALUE", f"{place} is misspelt: {value!r:.60}")
        elif word in SIZES:
            size = value if word.endswith("imum") else len(value)
            need(size >= wanted if word[:3] == "min" else size <= wanted, "FIELD_VALUE", f"{place} is out of range")
        elif word == "items":
            for position, element in enumerate(value):
                check_shape(element, wanted, f"{place}[{position}]")
        elif word == "contains":
            need(any(fits(element, wanted) for element in value), "FIELD_VALUE", f"{place} lacks an element")
        elif word == "required":
            need(not set(wanted) - value.keys(), "FIELD_MISSING", f"{place}: {sorted(set(wanted) - value.keys())}")
        elif word in ("properties", "additionalProperties"):
            known = schema.get("properties", {})
            for name in value.keys() & known.keys() if word == "properties" else value.keys() - known.keys():
                need(word == "properties" or wanted is not False, "UNKNOWN_FIELD", f"{place}.{name}")
                check_shape(value[name], known.get(name, wanted or {}), f"{place}.{name}")
        elif word == "propertyNames":
            for name in value:
                check_shape(name, wanted, f"a name in {place}")
        elif word == "allOf":
            for part in wanted:
                check_shape(value, part, place)
        elif word == "not":
            need(not fits(value, wanted), "FIELD_VALUE", place)
        elif word == "if":
            if fits(value, wanted):
                check_shape(value, schema["then"], place)
        else:
            need(word in UNREAD, "SCHEMA", f"`{word}` is not known here")


def check_time(text):
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise Invalid("FIELD_VALUE", f"{text} is no time") from error


def check_predicate(predicate):
    """What a schema cannot say."""
    check_time(predicate["issuedAt"])
    check_time(predicate["expiresAt"])
    need(predicate["issuedAt"] < predicate["expiresAt"], "FIELD_VALUE", "the certificate expires before it is issued")
    sources = predicate["spec"]["sources"]
    lists = [(field, [entry[name] for entry in predicate.get(field, [])]) for field, name in (
        ("samplers", "name"), ("assumptions", "id"), ("properties", "id"), ("oracles", "name"))]
    lists += [("supersedes", predicate.get("supersedes", []))]
    lists += [("mappings", mapping["properties"]) for mapping in predicate.get("mappings", [])]
    for field, names in lists:
        need(len(names) == len(set(names)), "FIELD_VALUE", f"{field} names something twice")
    need(predicate["spec"]["name"] in [file["name"] for file in sources], "FIELD_VALUE", "the root is no source")
    model, checkpoint = predicate.get("model"), predicate.get("seedCheckpoint", {})
    if model is not None:
        types = model.get("dtypes", [])
        need(predicate["models"] and model["omsRoot"] == oms_root(predicate["models"]), "MODEL_MANIFEST", "the root")
        need(types == sorted(set(types)) and (not types or "parameters" in model), "FIELD_VALUE", "the element types")
    if "text" in checkpoint:
        text = checkpoint["text"].encode()
        need(0 < len(text) <= 4096 and digest(text) == checkpoint["sha256"], "FIELD_VALUE", "a checkpoint's text")
    sizes = {}
    for record in predicate["properties"]:
        counts = record.get("sampling", {"n": 0, "failures": 0, "undecided": 0})
        need(counts["failures"] + counts["undecided"] <= counts["n"], "FIELD_VALUE", "more failures than samples")
        ends = {side: float.fromhex(text) for side, text in record.get("bounds", {}).items()}
        need(ends.get("lower", -2e308) <= ends.get("upper", 2e308), "NONFINITE", "crossed bounds")
        for file in record["evidence"]:
            need(sizes.setdefault(file["sha256"], file["size"]) == file["size"], "SIZE", "evidence has two sizes")
    evidence = [record["evidence"] for record in predicate["properties"]]
    for files in (predicate["models"], predicate["datasets"], sources, *evidence):
        names = [unicodedata.normalize("NFC", file["name"]).casefold() for file in files]
        need(len(names) == len(set(names)), "PATH", "a file is listed twice")
        is_flat = not any(other.startswith(name + "/") for name in names for other in names)
        need(is_flat, "PATH", "a file lies in a file")
        parts = [part for name in names for part in name.split("/")]
        need(all(len(name.encode()) <= 1024 and name.count("/") < 32 for name in names)
             and all(len(part.encode()) <= 255 for part in parts), "PATH", "a name is too long")


def identifier(predicate):
    """A UUID of version 8 from the digest of everything else that is stated."""
    body = {name: value for name, value in predicate.items() if name != "certificateId"}
    raw = bytearray(hashlib.sha256(canonical(body)).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "urn:uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def oms_root(files):
    """The root of an OpenSSF model signature: file names enter by their order only."""
    ordered = sorted(files, key=lambda file: [part.encode() for part in file["name"].split("/")])
    return digest(b"".join(bytes.fromhex(file["sha256"]) for file in ordered))


def subjects(predicate):
    found = [{"digest": {"sha256": digest(data)}, "name": name} for name, data in manifests(predicate).items()]
    if "model" in predicate:
        found.insert(1, {"digest": {"sha256": predicate["model"]["omsRoot"]}, "name": "model.oms-root"})
    return found


def manifests(predicate):
    found = {}
    for name, files in (("model", predicate["models"]), ("spec", predicate["spec"]["sources"])):
        ordered = sorted(files, key=lambda file: file["name"].encode())
        lines = [{"path": file["name"], "sha256": file["sha256"], "size": file["size"]} for file in ordered]
        if files:
            found[f"{name}.manifest.json"] = canonical({"files": lines, "manifestVersion": 1})
    return found


def open_envelope(data, place):
    """Payload and signatures of a DSSE envelope, and its JSON value."""
    envelope = parse_json(data, place)
    is_envelope = isinstance(envelope, dict) and isinstance(envelope.get("signatures"), list)
    need(is_envelope, "ENVELOPE", f"{place} is no DSSE envelope")
    need(envelope.get("payloadType") == PAYLOAD_TYPE, "PAYLOAD_TYPE", f"the payload of {place} is of another type")
    need(1 <= len(envelope["signatures"]) <= 16, "SIGNATURE", f"{place} bears 1 to 16 signatures")
    is_list = all(isinstance(item, dict) for item in envelope["signatures"])
    need(is_list, "ENVELOPE", f"a signature of {place} is no object")
    payload = decode_base64(envelope.get("payload"), "payload")
    return payload, [decode_base64(item.get("sig"), "a signature") for item in envelope["signatures"]], envelope


def check_commitment(predicate):
    """The commitment to the specification, if one is named, is to this one and not later; nobody's word is examined."""
    record, spec = predicate["spec"].get("committedBefore"), predicate["spec"]
    if record is None:
        return
    parts = {name: decode_base64(text, name) for name, text in record.items()}
    for name, part in parts.items():
        need(len(part) <= (2 if name == "logProof" else 1) << 20, "SIZE", f"the {name} is too long")
    data = parts["commitment"]
    payload, signatures, envelope = open_envelope(data, "the commitment")
    statement = parse_json(payload, "the commitment")
    keyids = [item.get("keyid") for item in envelope["signatures"]]
    need(all(isinstance(keyid, str) for keyid in keyids), "NONCANONICAL", "the commitment's keys")
    pairs = [{"keyid": keyid, "sig": base64.b64encode(sig).decode()} for keyid, sig in zip(keyids, signatures)]
    plain = {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE, "signatures": pairs}
    need(canonical(plain) + b"\n" == data, "NONCANONICAL", "the commitment is not canonical JSON")
    need(canonical(statement) == payload, "NONCANONICAL", "the commitment's payload is not canonical JSON")
    check_shape(statement, COMMITMENT, "the commitment")
    check_time(statement["predicate"]["committedAt"])
    stated, manifest = statement["predicate"], digest(manifests(predicate)["spec.manifest.json"])
    need(statement["subject"][0]["digest"]["sha256"] == manifest and stated["name"] == spec["name"]
         and stated["parameters"] == spec["parameters"], "COMMITMENT", "the commitment is to another specification")
    names = [file["name"].encode() for file in stated["files"]]
    need(names == sorted(set(names)), "FIELD_VALUE", "the files committed to are not in order")
    committed = {file["name"]: file for file in stated["files"]}
    for file in predicate["models"] + predicate["datasets"]:
        need(committed.get(file["name"], file) == file, "COMMITMENT", f"{file['name']} is not as committed to")
    need(stated["committedAt"] <= predicate["issuedAt"], "COMMITMENT", "the commitment came after the certificate")


class Bundle:
    """A bundle folder whose structure holds."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.payload, self.signatures, _ = open_envelope(self.read("certificate.json"), "certificate.json")
        statement = parse_json(self.payload, "the payload")
        need(canonical(statement) == self.payload, "NONCANONICAL", "the payload is not canonical JSON")
        check_shape(statement, SCHEMA, "statement")
        self.predicate = statement["predicate"]
        oldest = tuple(map(int, self.predicate["minimumChecker"].split(".")))
        need(OLDEST <= oldest <= VERSION, "VERSION", "minimumChecker")
        check_predicate(self.predicate)
        check_commitment(self.predicate)
        need(self.predicate["certificateId"] == identifier(self.predicate), "CERTIFICATE_ID", "does not follow")
        need(statement["subject"] == subjects(self.predicate), "SUBJECT", "the subjects are not those of the files")
        self.check_files()

    def read(self, name):
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise Unreadable(f"{name}: {error}") from error

    def check_files(self):
        wanted = manifests(self.predicate)
        for entry in os.listdir(self.folder):
            need(entry in wanted or entry in CODES or entry == "certificate.json", "BUNDLE", f"`{entry}` is surplus")
        for name, data in wanted.items():
            is_right = (self.folder / name).is_file() and self.read(name) == data
            need(is_right, name.split(".")[0].upper() + "_MANIFEST", name)
        evidence = [file | {"name": f"sha256/{file['sha256']}"}
                    for record in self.predicate["properties"] for file in record["evidence"]]
        for group, files in (("spec", self.predicate["spec"]["sources"]), ("models", self.predicate["models"]),
                             ("data", self.predicate["datasets"]), ("evidence", evidence)):
            files, present = {file["name"]: file for file in files}, set()
            for path in (self.folder / group).rglob("*"):
                mode = path.lstat().st_mode
                need(stat.S_ISDIR(mode) or stat.S_ISREG(mode), "PATH", f"{path} is a link or no regular file")
                present.update([path.relative_to(self.folder / group).as_posix()] if stat.S_ISREG(mode) else [])
            for one, other, word in ((files.keys(), present, "_MISSING"), (present, files.keys(), "_SURPLUS")):
                code = CODES[group] + (word if group == "evidence" else "_MANIFEST")
                need(one <= other, code, f"{group}: {sorted(one - other)[:3]}")
            for name, file in files.items():
                place, size = f"{group}/{name}", (self.folder / group / name).stat().st_size
                need(size == file["size"], "TRUNCATED" if size < file["size"] else "SIZE", place)
                need(digest(self.read(place)) == file["sha256"], CODES[group] + "_DIGEST", place)

    def signed_by(self, path):
        """Whether some signature is of the key in a PEM file; needs the package `cryptography`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        key = load_pem_public_key(pathlib.Path(path).read_bytes())
        message = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(self.payload), self.payload)
        for signature in self.signatures:
            try:
                key.verify(signature, message)
                return True
            except InvalidSignature:
                pass
        return False
