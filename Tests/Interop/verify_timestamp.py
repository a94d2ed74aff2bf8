#!/usr/bin/env python3
"""Check timestamps of dspec with openssl and rfc3161-client, and theirs with dspec.

Throw-away authorities, made with openssl in a temporary folder, answer the request of `dspec timestamp request`. The
request must be what openssl reads and ask for the digest of the certificate's signature; the answer must be accepted by
`dspec timestamp verify`, `dspec-replay --tsa`, `openssl ts -verify` and rfc3161-client, which must read the same time.
Altered answers must be refused by all, and so must answers of another authority or to another request.

usage: verify_timestamp.py BINARIES CERTIFICATE ISSUER_KEY

BINARIES holds dspec and dspec-replay, ISSUER_KEY is the public key that signed the certificate.

exit: 0 all agree, 1 they do not, 2 usage or unreadable file, 3 openssl is missing
"""

import base64
import datetime
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import rfc3161_client
from cryptography import x509

CONFIGURATION = """[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = answers
[answers]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
KEYS = {"rsa": ("RSA", "rsa_keygen_bits:2048"), "p256": ("EC", "ec_paramgen_curve:P-256")}


class Rejected(Exception):
    """Something was accepted or refused that should not have been."""


def require(condition, message):
    if not condition:
        raise Rejected(message)


def run(*command, stdin=None):
    process = subprocess.run([str(word) for word in command], capture_output=True, input=stdin)
    return process.returncode, process.stdout + process.stderr


def openssl(*arguments):
    code, answer = run("openssl", *arguments)
    require(code == 0, f"openssl {arguments[0]} fails: {answer.decode(errors='replace').strip()}")
    return answer


class Authority:
    """A root and a certificate below it that answers requests."""

    def __init__(self, folder, kind):
        folder.mkdir()
        self.key, self.configuration = folder / "tsa.key", folder / "openssl.cnf"
        self.root, self.certificate, self.out = folder / "root.pem", folder / "tsa.pem", folder / "answer.tsr"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        algorithm, option = KEYS[kind]
        for name in ("root", "tsa"):
            openssl("genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", folder / f"{name}.key")
        named = ("req", "-new", "-config", self.configuration, "-subj")
        openssl(*named, f"/CN={folder.name} root", "-x509", "-key", folder / "root.key", "-days", "2", "-extensions", "ca",
                "-out", self.root)
        openssl(*named, f"/CN={folder.name} authority", "-key", self.key, "-out", folder / "tsa.csr")
        openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", self.root, "-CAkey", folder / "root.key", "-set_serial", "7",
                "-days", "1", "-extfile", self.configuration, "-extensions", "stamper", "-out", self.certificate)

    def answer(self, request):
        openssl("ts", "-reply", "-queryfile", request, "-config", self.configuration, "-signer", self.certificate,
                "-inkey", self.key, "-out", self.out)
        return self.out.read_bytes()


class Parties:
    """Everybody who may accept an answer about a certificate."""

    def __init__(self, binaries, certificate, issuer, work):
        self.dspec, self.replayer = binaries / "dspec", binaries / "dspec-replay"
        self.certificate, self.issuer, self.work = certificate, issuer, work
        signatures = json.loads((certificate / "certificate.json").read_bytes())["signatures"]
        self.signature = base64.b64decode(signatures[0]["sig"])
        self.imprint = hashlib.sha256(self.signature).digest()
        (work / "signature").write_bytes(self.signature)
        self.request = work / "request.tsq"

    def by_dspec(self, answer, trusted):
        (self.work / "answer").write_bytes(answer)
        code, text = run(self.dspec, "timestamp", "verify", self.certificate, "--token", self.work / "answer", "--tsa", trusted)
        require(code in (0, 1), f"dspec timestamp verify ends with {code}: {text.decode(errors='replace')}")
        return code == 0

    def by_openssl(self, answer, root):
        (self.work / "answer").write_bytes(answer)
        return run("openssl", "ts", "-verify", "-data", self.work / "signature", "-in", self.work / "answer",
                   "-CAfile", root)[0] == 0

    def by_client(self, answer, root):
        try:
            decoded = rfc3161_client.decode_timestamp_response(answer)
            verifier = rfc3161_client.VerifierBuilder().add_root_certificate(
                x509.load_pem_x509_certificate(root.read_bytes())).build()
            return verifier.verify_message(decoded, self.signature)
        except (rfc3161_client.VerificationError, ValueError):
            return False

    def replays(self, answer, trusted):
        beside = self.certificate.parent / (self.certificate.name + ".tsr")
        beside.write_bytes(answer)
        code, text = run(self.replayer, self.certificate, "--trust", self.issuer, "--tsa", trusted)
        beside.unlink()
        require(code in (0, 1), f"dspec-replay ends with {code}: {text.decode(errors='replace')}")
        return code == 0

    def opinions(self, answer, root):
        return {"dspec": self.by_dspec(answer, root), "openssl": self.by_openssl(answer, root),
                "rfc3161-client": self.by_client(answer, root)}


def weighty_parts(answer, imprint):
    """Ranges of an answer in which every bit counts: of the stamped content, the signed attributes and the signature."""
    at = answer.index(imprint)
    yield "imprint", at, at + 32
    at = answer.index(b"\x18\x0f", at) + 2  # GeneralizedTime
    yield "time", at, at + 15
    content_type, message_digest = (bytes.fromhex("06092a864886f70d0109" + last) for last in ("03", "04"))
    at = answer.index(content_type)
    yield "attribute of the content's type", at, at + 26
    at = answer.index(message_digest) + len(message_digest) + 4  # a set of an octet string
    yield "attribute of the content's digest", at, at + 32
    yield "signature", len(answer) - 60, len(answer)


def altered_copies(answer, imprint):
    for name, start, end in weighty_parts(answer, imprint):
        for at in range(start, end, 4):
            copy = bytearray(answer)
            copy[at] ^= 1 << at % 8
            yield f"{name}, byte {at}", bytes(copy)
    for length in range(0, len(answer), len(answer) // 12):
        yield f"the first {length} bytes", answer[:length]


def check_request(parties):
    """The request asks for the digest of the first signature, and openssl reads it so."""
    code, text = run(parties.dspec, "timestamp", "request", parties.certificate, "--out", parties.request)
    require(code == 0, f"dspec timestamp request: {text.decode(errors='replace')}")
    shown = openssl("ts", "-query", "-in", parties.request, "-text").decode()
    digits = "".join(re.findall(r"(?m)^ +[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -])+)", shown))
    require("Hash Algorithm: sha256" in shown and bytes.fromhex(re.sub("[ -]", "", digits)) == parties.imprint,
            f"openssl reads another request:\n{shown}")


def check_time(parties, answer, trusted):
    """All read one time: dspec's is later by the accuracy of a second."""
    stated = rfc3161_client.decode_timestamp_response(answer).tst_info.gen_time.astimezone(datetime.timezone.utc)
    (parties.work / "answer").write_bytes(answer)
    _, text = run(parties.dspec, "timestamp", "verify", parties.certificate, "--token", parties.work / "answer", "--tsa", trusted)
    later = (stated + datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    require(later in text.decode(), f"rfc3161-client reads {stated}, dspec says: {text.decode().strip()}")


def check_authority(parties, authority, other):
    """One authority's answer is accepted by all, and what is altered or foreign by none; returns the number of refusals."""
    answer = authority.answer(parties.request)
    opinions = parties.opinions(answer, authority.root)
    require(all(opinions.values()), f"a genuine answer: {opinions}")
    for trusted in (authority.root, authority.certificate):
        require(parties.by_dspec(answer, trusted), f"dspec refuses a genuine answer under {trusted.name}")
        require(parties.replays(answer, trusted), f"dspec-replay refuses a genuine answer under {trusted.name}")
        require(not parties.replays(answer[:-1] + bytes([answer[-1] ^ 1]), trusted), "dspec-replay takes an altered answer")
    check_time(parties, answer, authority.root)
    refused = list(altered_copies(answer, parties.imprint))
    refused.append(("an answer of another authority", other.answer(parties.request)))
    strange = parties.work / "strange.tsq"
    openssl("ts", "-query", "-data", __file__, "-sha256", "-cert", "-out", strange)
    refused.append(("an answer to another request", authority.answer(strange)))
    for name, copy in refused:
        require(copy != answer, f"{name}: nothing was altered")
        opinions = parties.opinions(copy, authority.root)
        require(not any(opinions.values()), f"{name}: {opinions}")
    return len(refused)


def check(binaries, certificate, issuer):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        shutil.copytree(certificate, work / "stamped.dcert")
        parties = Parties(binaries, work / "stamped.dcert", issuer, work)
        check_request(parties)
        print("request: openssl reads the digest of the certificate's signature")
        authorities = {kind: Authority(work / kind, kind) for kind in KEYS}
        for kind, authority in authorities.items():
            count = check_authority(parties, authority, next(a for k, a in authorities.items() if k != kind))
            print(f"{kind}: accepted by dspec, dspec-replay, openssl and rfc3161-client; {count} others refused by all")


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    if shutil.which("openssl") is None:
        print("`openssl` is not on PATH; install OpenSSL 3", file=sys.stderr)
        return 3
    try:
        check(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:]))
    except Rejected as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError) as error:
        print(f"unreadable: {error!r}", file=sys.stderr)
        return 2
    print("VERIFIED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
