#!/usr/bin/env python3
"""Checks the TextMate grammar of dspec with the regular expression engine that editors use.

    python3 test_grammar.py FOLDER...      checks every *.dspec file below the folders
    python3 test_grammar.py --self-test    checks the check: broken grammars must be noticed

Needs the package `onigurumacffi` from PyPI. An independent lexer finds comments, strings, numbers and
keywords; every character of them must have the scope that the grammar promises. The run fails if a token
has another scope, if a file cannot be read, or if no file was seen.
"""

import json
import re
import sys
from pathlib import Path

import onigurumacffi

GRAMMAR = Path(__file__).resolve().parent / "textmate" / "dspec.tmLanguage.json"

RESERVED = set(
    "forall exists in where if then else implies or and not true false predicts given".split()
)
DECLARING = set(
    "enum param domain dist network sampler mitigation dataset hazard property goal test training let".split()
)


class GrammarError(Exception):
    pass


class Rule:
    """A rule of a grammar: a match, a begin and end, or a list of rules."""

    KNOWN = {
        "name", "contentName", "match", "captures", "begin", "end", "beginCaptures", "endCaptures",
        "patterns", "include", "comment",
    }

    def __init__(self, source):
        unknown = set(source) - self.KNOWN
        if unknown:
            raise GrammarError(f"rule with unsupported keys {sorted(unknown)}")
        if ("begin" in source) != ("end" in source):
            raise GrammarError("rule with only one of `begin` and `end`")
        self.name = source.get("name")
        self.content_name = source.get("contentName")
        self.match = self.compile(source, "match")
        self.begin = self.compile(source, "begin")
        self.end = self.compile(source, "end")
        shared = self.captures(source, "captures")
        self.match_captures = shared
        self.begin_captures = self.captures(source, "beginCaptures") or shared
        self.end_captures = self.captures(source, "endCaptures") or shared
        self.patterns = [Rule(item) for item in source.get("patterns", [])]
        self.include = source.get("include")

    @staticmethod
    def compile(source, key):
        return onigurumacffi.compile(source[key]) if key in source else None

    @staticmethod
    def captures(source, key):
        result = {}
        for number, capture in source.get(key, {}).items():
            if set(capture) != {"name"}:
                raise GrammarError("capture with more than a name")
            result[int(number)] = capture["name"]
        return result


class Grammar:
    """A tokeniser for the match, begin, end, captures and include parts of TextMate grammars."""

    def __init__(self, source):
        self.scope = source["scopeName"]
        self.root = Rule({"patterns": source["patterns"]})
        self.repository = {name: Rule(rule) for name, rule in source.get("repository", {}).items()}
        self.flat = {}

    def expand(self, rule):
        """The matching rules that the patterns of a rule lead to, in order."""
        known = self.flat.get(id(rule))
        if known is None:
            known = []
            self.collect(rule.patterns, known, set())
            self.flat[id(rule)] = known
        return known

    def collect(self, patterns, result, seen):
        for pattern in patterns:
            if pattern.include is not None:
                if pattern.include == "$self":
                    target = self.root
                elif pattern.include.startswith("#") and pattern.include[1:] in self.repository:
                    target = self.repository[pattern.include[1:]]
                else:
                    raise GrammarError(f"include of unknown `{pattern.include}`")
                if id(target) in seen:
                    continue
                if target.match is not None or target.begin is not None:
                    result.append(target)
                else:
                    self.collect(target.patterns, result, seen | {id(target)})
            elif pattern.match is not None or pattern.begin is not None:
                result.append(pattern)
            else:
                self.collect(pattern.patterns, result, seen)

    def scopes(self, text):
        """For each character of the text its scopes, from the outermost to the innermost."""
        result = []
        stack = [self.root]
        for line in text.splitlines(keepends=True):
            result += self.line_scopes(line, stack)
        return result

    def line_scopes(self, line, stack):
        result = [None] * len(line)

        def base():
            names = [self.scope]
            for frame in stack[1:]:
                names += [name for name in (frame.name, frame.content_name) if name]
            return names

        def paint(lower, upper, names):
            for index in range(lower, upper):
                result[index] = names

        def paint_captures(match, captures, names):
            paint(match.start(), match.end(), names)
            for number, name in sorted(captures.items()):
                lower, upper = match.span(number)
                for index in range(max(lower, 0), upper):
                    result[index] = result[index] + name.split()

        position = 0
        stalls = 0
        while position <= len(line):
            frame = stack[-1]
            best = None
            if frame.end is not None:
                found = frame.end.search(line, position)
                if found:
                    best = (found.start(), found, None)
            for rule in self.expand(frame):
                found = (rule.match or rule.begin).search(line, position)
                if found and (best is None or found.start() < best[0]):
                    best = (found.start(), found, rule)
            if best is None:
                paint(position, len(line), base())
                break
            start, found, rule = best
            paint(position, start, base())
            if rule is None:
                names = [self.scope]
                for outer in stack[1:-1]:
                    names += [name for name in (outer.name, outer.content_name) if name]
                paint_captures(found, frame.end_captures, names + ([frame.name] if frame.name else []))
                stack.pop()
            elif rule.match is not None:
                paint_captures(found, rule.match_captures, base() + ([rule.name] if rule.name else []))
            else:
                paint_captures(found, rule.begin_captures, base() + ([rule.name] if rule.name else []))
                stack.append(rule)
            stalls = stalls + 1 if found.end() == position else 0
            if stalls > 50 or (found.end() == found.start() and rule is not None and rule.match is not None):
                # A rule that matches nothing would match here for ever.
                if found.end() < len(line):
                    paint(found.end(), found.end() + 1, base())
                position = found.end() + 1
                stalls = 0
            else:
                position = found.end()
        return result


TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n\ufeff]+)
      | (?P<line>//[^\n]*)
      | (?P<block>/\*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<number>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?%?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<mark>->|<=|>=|==|!=|[()\[\]{},:.<>=+\-*/~])""",
    re.VERBOSE,
)


def lex(text):
    """The tokens of a text as (kind, lower, upper)."""
    position = 0
    tokens = []
    while position < len(text):
        found = TOKEN.match(text, position)
        if not found:
            raise ValueError(f"offset {position}: no token")
        kind, end = found.lastgroup, found.end()
        if kind == "block":
            depth = 0
            end = position
            while True:
                if text.startswith("/*", end):
                    depth, end = depth + 1, end + 2
                elif text.startswith("*/", end):
                    depth, end = depth - 1, end + 2
                elif end >= len(text):
                    raise ValueError(f"offset {position}: comment without an end")
                else:
                    end += 1
                if depth == 0:
                    break
        if kind != "blank":
            tokens.append((kind, position, end))
        position = end
    return tokens


def expectations(text):
    """What the grammar must say of a text, as (lower, upper, scope prefixes of which one is needed)."""
    code = []
    for kind, lower, upper in lex(text):
        if kind == "line":
            is_documentation = text.startswith("///", lower)
            yield lower, upper, ["comment.line.documentation" if is_documentation else "comment.line.double-slash"]
        elif kind == "block":
            yield lower, upper, ["comment.block"]
        else:
            code.append((kind, lower, upper))
    depth = 0
    for index, (kind, lower, upper) in enumerate(code):
        token = text[lower:upper]
        following = code[index + 1] if index + 1 < len(code) else ("end", 0, 0)
        if kind == "string":
            yield lower, upper, ["string.quoted.double"]
        elif kind == "number":
            yield lower, upper, ["constant.numeric"]
        elif kind == "mark":
            depth += token in "([{"
            depth -= token in ")]}"
        elif token in RESERVED:
            yield lower, upper, ["constant.language" if token in ("true", "false") else "keyword."]
        elif depth == 0 and token in DECLARING and following[0] in ("word", "string"):
            yield lower, upper, ["keyword.declaration"]
        elif depth == 0 and index == 0 and token == "dspec" and following[0] == "number":
            yield lower, upper, ["keyword.other.version"]
        elif token in ("P", "E", "BER") and text[following[1]:following[2]] == "[":
            yield lower, upper, ["support.function.measure"]


def problems(grammar, text):
    """The tokens that the grammar gives another scope."""
    scopes = grammar.scopes(text)
    count = 0
    found = []
    for lower, upper, wanted in expectations(text):
        count += 1
        for index in range(lower, upper):
            if text[index] in "\r\n":
                continue
            if not any(scope.startswith(prefix) for scope in scopes[index] or [] for prefix in wanted):
                line = text.count("\n", 0, index) + 1
                shown = text[lower:upper].split("\n")[0]
                found.append(f"line {line}: `{shown}` needs {wanted[0]}, has {' '.join(scopes[index] or [])}")
                break
    # Words that are no keywords must not look like ones.
    keywords = {lower for lower, _, wanted in expectations(text) if wanted[0].startswith(("keyword", "constant"))}
    for kind, lower, upper in lex(text):
        word = text[lower:upper]
        if kind != "word" or lower in keywords or word in ("dspec", "module", "import", "as", "of"):
            continue
        count += 1
        if any(scope.startswith(("keyword.", "comment.", "string.", "constant.")) for scope in scopes[lower] or []):
            line = text.count("\n", 0, lower) + 1
            found.append(f"line {line}: the name `{word}` has {' '.join(scopes[lower])}")
    return count, found


SAMPLE = '''dspec 1.0
/// Documentation with "quotes" and forall.
enum Ink { light, heavy } enum Other { inn, format, notice }
/* a /* nested "comment" */ forall // still
   inside */ param tau: Prob in [0, 50%] = 1_000.5e-3% // end "
param e5: Real = 2e-4 param x1: Int = 10
hazard H "a // string with \\" and /* in \\\\" { severity: "major" }
sampler G: (z: Latent[2]) -> Latent[2] { denoiser: network decoder: property method: ddim(steps: 10, eta: 0) }
property In_where "t" {
  claim: forall z in Z where not (a <= 1/3 or b < .5): implies_not(P[z ~ PZ: true given x1 > 0]) implies P
}
test "words" { }
'''.replace("< .5", "< 0.5")


def self_test(source):
    """Checks that the grammar passes on the sample and that grammars with a part missing do not."""
    count, found = problems(Grammar(source), SAMPLE)
    failures = list(found)
    if count < 50:
        failures.append(f"only {count} tokens were checked")
    parts = ["comments", "declarations", "clauses", "strings", "numbers", "expressionKeywords", "measures"]
    for part in parts:
        broken = json.loads(json.dumps(source))
        broken["repository"][part] = {"patterns": []}
        if not problems(Grammar(broken), SAMPLE)[1]:
            failures.append(f"a grammar without `{part}` was not noticed")
    flat = json.loads(json.dumps(source))
    flat["repository"]["blockComment"]["patterns"] = []
    if not problems(Grammar(flat), SAMPLE)[1]:
        failures.append("a grammar without nested comments was not noticed")
    for failure in failures:
        print(f"self-test: {failure}")
    print(f"self-test: {count} tokens, {len(parts) + 1} broken grammars, {len(failures)} problems")
    return 1 if failures else 0


def main(arguments):
    source = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    if arguments == ["--self-test"]:
        return self_test(source)
    grammar = Grammar(source)
    files = sorted({path for folder in arguments for path in Path(folder).rglob("*.dspec")})
    if not files:
        print("no *.dspec file below the given folders", file=sys.stderr)
        return 1
    tokens = failures = 0
    for path in files:
        try:
            count, found = problems(grammar, path.read_bytes().decode("utf-8"))
        except (UnicodeDecodeError, ValueError) as error:
            count, found = 0, [str(error)]
        tokens += count
        failures += len(found)
        for problem in found:
            print(f"{path}: {problem}")
    print(f"{len(files)} files, {tokens} tokens, {failures} problems")
    return 1 if failures or tokens == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
