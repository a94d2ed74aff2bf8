"""The structure of a certificate bundle: envelope, statement, records and files (specs/certificate.md, 1 to 4)."""

import base64
import hashlib
import json
import os
import pathlib
import re
import stat

from formats import Invalid, need

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://dspec.dev/compliance-certificate/v1"
LARGEST = 2**53 - 1
DEEPEST = 64
RIGOROUS = {"proof", "bound", "accounting", "derived"}
ALLOWED = {
    "proved": RIGOROUS, "refuted": RIGOROUS | {"attacked"}, "supported": {"sampled"}, "contradicted": {"sampled"},
    **{verdict: RIGOROUS | {"sampled", "attacked"} for verdict in ("unknown", "vacuous", "undefined")}}
DECIDED = {"proved", "refuted", "supported", "contradicted"}
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
        need(len(text) < 18 and abs(int(text)) <= LARGEST and text != "-0", "JSON_INTEGER_RANGE", f"{place}: {text[:30]}")
        return int(text)

    try:
        need(not data.startswith(b"\xef\xbb\xbf"), "JSON_BOM", f"{place} starts with a byte-order mark")
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse,
                           parse_int=integer)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise Invalid("JSON_NOT_UTF8", f"{place}: {error}") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Invalid("JSON_SYNTAX", f"{place}: {error}") from error
    need(depth(value) <= DEEPEST, "JSON_DEPTH", f"{place} is nested more than {DEEPEST} deep")
    return value


def depth(value):
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if parts is None else 1 + max(map(depth, parts), default=0)


def canonical(value):
    """RFC 8785 for values without fractional numbers."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    if not isinstance(value, str):
        return json.dumps(value).encode()
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def decode_base64(text, place):
    need(isinstance(text, str) and not re.search(r"[^A-Za-z0-9+/=]", text) or not re.search(r"[^A-Za-z0-9_=-]", text),
         "BASE64", f"{place} is not base64")
    try:
        data = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError as error:
        raise Invalid("BASE64", f"{place}: {error}") from error
    need(base64.b64encode(data).decode() == text.replace("-", "+").replace("_", "/"), "BASE64", f"{place} has a second spelling")
    return data


# The kinds of values; a dict is an object with exactly these members, those marked `?` may be absent.
TEXT, PATH, HASH, COUNT, FLAG, FLOAT, TIME, VERSION, MAP, OBJECT = range(10)
FILE = {"name": PATH, "sha256": HASH, "size": COUNT}
PROPERTY = {
    "bounds?": {"lower?": FLOAT, "upper?": FLOAT}, "details": MAP, "evidence": [FILE], "formula": HASH, "grade": TEXT,
    "hazards": [TEXT], "id": TEXT, "leaves": COUNT, "nodes": COUNT, "note?": TEXT, "obligation": HASH,
    "requestedGrade": TEXT, "text": TEXT, "threshold": [TEXT], "title": TEXT, "verdict": TEXT}
PREDICATE = {
    "arithmetic": {"checker": TEXT, "claim": TEXT}, "assumptions": [{"discharged": FLAG, "id": TEXT, "text": TEXT}],
    "certificateId": TEXT, "critical": [TEXT], "datasets": [FILE], "expiresAt": TIME, "extensions": OBJECT,
    "issuedAt": TIME, "issuer": {"keyid": HASH}, "minimumChecker": VERSION, "models": [FILE], "properties": [PROPERTY],
    "samplers": [{"coefficients": [[FLOAT]], "kind": TEXT, "name": TEXT, "prediction": TEXT, "schedule": MAP,
                  "steps": COUNT, "timesteps": [COUNT]}],
    "schemaVersion": TEXT, "scope": [TEXT], "spec": {"name": PATH, "parameters": MAP, "sources": [FILE]},
    "tool": {"name": TEXT, "version": TEXT}}
STATEMENT = {"_type": TEXT, "predicate": PREDICATE, "predicateType": TEXT,
             "subject": [{"digest": {"sha256": HASH}, "name": PATH}]}
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SPELLING = {HASH: r"[0-9a-f]{64}", TIME: r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
            VERSION: r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}"}


def check(value, kind, place):
    """Compares a value with the kind that it must have."""
    if isinstance(kind, dict):
        need(isinstance(value, dict), "FIELD_TYPE", f"{place} is no object")
        known = {name.rstrip("?"): name for name in kind}
        for name in value:
            need(name in known, "UNKNOWN_FIELD", f"{place}.{name}")
        for name, spelled in known.items():
            need(name in value or spelled != name, "FIELD_MISSING", f"{place}.{name}")
            if name in value:
                check(value[name], kind[spelled], f"{place}.{name}")
    elif isinstance(kind, list):
        need(isinstance(value, list), "FIELD_TYPE", f"{place} is no array")
        for position, element in enumerate(value):
            check(element, kind[0], f"{place}[{position}]")
    elif kind == COUNT:
        need(type(value) is int, "FIELD_TYPE", f"{place} is no integer")
        need(value >= 0, "FIELD_VALUE", f"{place} is negative")
    elif kind == FLAG:
        need(type(value) is bool, "FIELD_TYPE", f"{place} is no truth value")
    elif kind in (MAP, OBJECT):
        need(isinstance(value, dict), "FIELD_TYPE", f"{place} is no object")
        for name, element in value.items() if kind == MAP else ():
            need(re.fullmatch("[ -~]+", name), "FIELD_VALUE", f"{place} has a name outside printable ASCII")
            check(element, TEXT, f"{place}.{name}")
    else:
        need(isinstance(value, str), "FIELD_TYPE", f"{place} is no string")
        need(not HIDDEN.search(value), "PATH" if kind == PATH else "FIELD_VALUE", f"{place} has control characters")
        if kind == FLOAT:
            parse_float(value, place)
        elif kind == PATH:
            parts = value.split("/")
            need(len(value.encode()) <= 1024 and len(parts) <= 32 and not re.search(r"[\\:\t\n]", value)
                 and all(part not in ("", ".", "..") and len(part.encode()) <= 255 for part in parts), "PATH", place)
        elif kind in SPELLING:
            need(re.fullmatch(SPELLING[kind], value), "FIELD_VALUE", f"{place} is misspelt")


def parse_float(text, place):
    """The double of its one hexadecimal spelling."""
    need(text.lstrip("-").lower() not in ("nan", "inf", "infinity"), "NONFINITE", place)
    match = re.fullmatch(r"-?0x([01])(\.[0-9a-f]{0,12}[1-9a-f])?p([+-])(0|[1-9]\d*)", text)
    value = float.fromhex(text) if match else None
    spelled = match and (match[1] == "1" or text == "0x0p+0" or match[2] and match[3] + match[4] == "-1022")
    need(spelled and (value or text == "0x0p+0") and abs(value) < float("inf")
         and (match[1] == "0" or abs(value) >= 2.0**-1022), "NUMBER", f"{place}: `{text[:40]}` is no double's spelling")
    return value


def check_predicate(predicate):
    issued, expires = predicate["issuedAt"], predicate["expiresAt"]
    need(issued < expires, "FIELD_VALUE", "the certificate expires before it is issued")
    need(predicate["arithmetic"]["checker"] == "f64-a-priori", "FIELD_VALUE", "the checker's arithmetic")
    need(predicate["arithmetic"]["claim"] in ("real", "f32-any-order"), "FIELD_VALUE", "the claims' arithmetic")
    for sampler in predicate["samplers"]:
        need(all(len(pair) == 2 for pair in sampler["coefficients"]), "FIELD_TYPE", "coefficients are pairs")
    for field, name in (("samplers", "name"), ("assumptions", "id"), ("properties", "id")):
        names = [entry[name] for entry in predicate[field]]
        need(len(names) == len(set(names)), "FIELD_VALUE", f"two entries of {field} share a name")
    sources = predicate["spec"]["sources"]
    need(predicate["spec"]["name"] in [file["name"] for file in sources], "FIELD_VALUE", "the root is no source")
    sizes = {}
    for record in predicate["properties"]:
        verdict, grade = record["verdict"], record["grade"]
        need(verdict in ALLOWED and {grade, record["requestedGrade"]} <= ALLOWED["unknown"], "FIELD_VALUE",
             f"{record['id']} has an unknown verdict or grade")
        need(grade in ALLOWED[verdict], "GRADE", f"{record['id']}: grade {grade} cannot carry {verdict}")
        need(record["evidence"] or verdict not in DECIDED or grade == "derived", "EVIDENCE_MISSING", record["id"])
        bounds = record.get("bounds")
        if bounds is not None:
            ends = {side: parse_float(text, record["id"]) for side, text in bounds.items()}
            need(ends, "FIELD_MISSING", f"the bounds of {record['id']} have no side")
            need(ends.get("lower", float("-inf")) <= ends.get("upper", float("inf")), "NONFINITE", "crossed bounds")
        for file in record["evidence"]:
            need(sizes.setdefault(file["sha256"], file["size"]) == file["size"], "SIZE", "evidence has two sizes")
    for files in (predicate["models"], predicate["datasets"], sources, *(r["evidence"] for r in predicate["properties"])):
        names = [file["name"].casefold() for file in files]
        need(len(names) == len(set(names)), "PATH", "a file is listed twice")
        need(not any(other.startswith(name + "/") for name in names for other in names), "PATH", "a file lies in a file")


def identifier(predicate):
    """A UUID of version 8 from the digest of everything else that is stated."""
    body = {name: value for name, value in predicate.items() if name != "certificateId"}
    raw = bytearray(hashlib.sha256(canonical(body)).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "urn:uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def manifest(files):
    ordered = sorted(files, key=lambda file: file["name"].encode())
    return canonical({"files": [{"path": f["name"], "sha256": f["sha256"], "size": f["size"]} for f in ordered],
                      "manifestVersion": 1})


def manifests(predicate):
    found = {"model.manifest.json": manifest(predicate["models"])} if predicate["models"] else {}
    return {**found, "spec.manifest.json": manifest(predicate["spec"]["sources"])}


class Bundle:
    """A bundle folder whose structure holds."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        envelope = parse_json(self.read("certificate.json"), "certificate.json")
        need(isinstance(envelope, dict) and isinstance(envelope.get("signatures"), list), "ENVELOPE", "no DSSE envelope")
        need(envelope.get("payloadType") == PAYLOAD_TYPE, "PAYLOAD_TYPE", "the payload is of another type")
        need(1 <= len(envelope["signatures"]) <= 16, "SIGNATURE", "a certificate bears 1 to 16 signatures")
        self.payload = decode_base64(envelope.get("payload"), "payload")
        self.signatures = [decode_base64(item["sig"], "a signature") for item in envelope["signatures"]]
        statement = parse_json(self.payload, "the payload")
        need(canonical(statement) == self.payload, "NONCANONICAL", "the payload is not canonical JSON")
        need(isinstance(statement, dict) and statement.get("_type") == STATEMENT_TYPE, "STATEMENT_TYPE", "another type")
        need(statement.get("predicateType") == PREDICATE_TYPE, "PREDICATE_TYPE", "another predicate")
        self.predicate = statement.get("predicate")
        need(isinstance(self.predicate, dict) and self.predicate.get("schemaVersion") == "1.0.0", "VERSION", "schemaVersion")
        need(self.predicate.get("critical") == [], "CRITICAL", "an extension is demanded that is not known here")
        check(statement, STATEMENT, "statement")
        need(tuple(map(int, self.predicate["minimumChecker"].split("."))) <= (1, 0, 0), "VERSION", "minimumChecker")
        check_predicate(self.predicate)
        need(self.predicate["certificateId"] == identifier(self.predicate), "CERTIFICATE_ID", "does not follow")
        subjects = [{"digest": {"sha256": digest(data)}, "name": name} for name, data in manifests(self.predicate).items()]
        need(statement["subject"] == subjects, "SUBJECT", "the subjects are not the manifests")
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
            code = name.split(".")[0].upper() + "_MANIFEST"
            need((self.folder / name).is_file() and self.read(name) == data, code, name)
        evidence = {f"sha256/{file['sha256']}": file for record in self.predicate["properties"]
                    for file in record["evidence"]}
        groups = {"spec": self.predicate["spec"]["sources"], "models": self.predicate["models"],
                  "data": self.predicate["datasets"]}
        listed = {group: {file["name"]: file for file in files} for group, files in groups.items()}
        listed["evidence"] = evidence
        for group, files in listed.items():
            present = set()
            for root, folders, names in os.walk(self.folder / group):
                for name in folders + names:
                    path = pathlib.Path(root) / name
                    mode = path.lstat().st_mode
                    need(stat.S_ISDIR(mode) or stat.S_ISREG(mode), "PATH", f"{path} is a link or no regular file")
                    if stat.S_ISREG(mode):
                        present.add(path.relative_to(self.folder / group).as_posix())
            missing = CODES[group] + ("_MISSING" if group == "evidence" else "_MANIFEST")
            surplus = CODES[group] + ("_SURPLUS" if group == "evidence" else "_MANIFEST")
            need(files.keys() <= present, missing, f"{group}: {sorted(files.keys() - present)[:3]}")
            need(present <= files.keys(), surplus, f"{group}: {sorted(present - files.keys())[:3]}")
            for name, file in files.items():
                size = (self.folder / group / name).stat().st_size
                need(size >= file["size"], "TRUNCATED", f"{group}/{name}")
                need(size == file["size"], "SIZE", f"{group}/{name}")
                need(digest(self.read(f"{group}/{name}")) == file["sha256"], CODES[group] + "_DIGEST", f"{group}/{name}")

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
