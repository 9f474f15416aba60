"""Inputs that nobody would write, until something breaks: ``python -m benchmarks.fuzz [TARGET ...] [--minutes 10]``.

Targets of one kind (``source`` and ``source-lever``, ``source-nav`` ...) share the minutes of their kind.

A target reads one kind of input from outside: what a source sends, a file to import, settings, a vocabulary, a résumé,
a posting. The program's own errors are allowed; anything else is a finding, as are offsets that are not true and an
input that takes too long. Atheris guides the search where it is installed (``pip install atheris``); otherwise inputs
are only mutated. Printed: how many inputs were tried, and each finding with its smallest input, kept in ``--keep``;
the exit code is 1 where there are any.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

IS_GUIDED = __name__ == "__main__" and find_spec("atheris") is not None
if IS_GUIDED:
    import atheris
with atheris.instrument_imports(include=["itpm_trends"]) if IS_GUIDED else nullcontext():
    from itpm_trends.collecting.chosen import chosen_tables
    from itpm_trends.collecting.importing import parse_import
    from itpm_trends.collecting.raw_postings import RawPosting, refusal
    from itpm_trends.collecting.sources import SOURCES
    from itpm_trends.errors import ItpmTrendsError
    from itpm_trends.reading import vocabulary
    from itpm_trends.reading.labels import extract_lines, labels_of
    from itpm_trends.reading.posting import ReadPosting, read_posting
    from itpm_trends.reading.resume import read_resume, resume_text
    from itpm_trends.reading.text import normalised, text_of
    from itpm_trends.reading.vocabulary_checks import faults
    from itpm_trends.settings import load_settings
    from itpm_trends.showing.explained import explained_page, terminal_text

    for name in SOURCES:
        SOURCES[name]  # imported, so that Atheris sees its branches

TESTS = Path(__file__).parent.parent / "tests"
PAYLOADS = TESTS / "collecting" / "payloads"
CORPUS = TESTS / "fuzzed"  # inputs that once broke something, a folder a target
FETCHED_AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
LONGEST = 30_000  # bytes of one input
SECONDS = 3.0  # of one input at most, on this many bytes and a processor that others use too
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OPTIONAL = ("url", "company_name", "location_raw", "country_code", "workplace", "employment_type", "salary_text")
# A value of JSON, XML or TOML, a tag, a word: what is exchanged whole.
PIECE = re.compile(rb'"(?:[^"\\]|\\.){0,200}"|<[^<>]{0,200}>|-?\d[\d.:TZ+-]*|\w+|[{}\[\],]')
NASTY = [
    b"null", b"true", b"-1", b"0", b"1e999", b"NaN", b"-Infinity", b"9" * 30, b"9" * 5_000, b"0.0000001",
    b'""', b"[]", b"{}", b"[[]]", b"[null]", b'{"a": 1}', b'"\\ud800"', b'"\\u0000"', b'"\\u202e"', b'"nan"',
    b'"2026-02-30"', b'"9999-12-31T23:59:59-14:00"', b'"0001-01-01T00:00:00+14:00"', b'"253402300800000"', b"1772409",
    b'"Mon, 99 Foo 2026 99:99:99 +9999"', b'"12.13.2026"', b"\xff", b"\xc3", b"\x00", b"\x1b[2J", b"\r", b"\n", b"\t",
    b"\xef\xbb\xbf", b"\xff\xfe", "\u2028".encode(), "\u202e".encode(), "e\u0301\u200b".encode(), "ﷺ".encode(),
    "İı".encode(), "𝐏𝐌𝐏".encode(), b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<p>", b"<li>",
    b"&#x110000;", b"&#0;", b"&lt;", b"&amp;lt;", b"&nbsp;", b"<a href='", b"[" * 3_000, b'{"a":' * 3_000,
    b"<b>" * 3_000,
    b"http://[::1", b"https://a:99999/", b"http://\xe2\x84\x80/", b"javascript:alert(1)", b"=1+1", b",", b'"', b"'",
    b";", b"PMP or ", b"5-10 years", b"bachelor's degree ", b"$100,000 - ", b"10+ ans", b"certified in ",
    b"99999999999 years",
]  # fmt: skip


class Untrue(Exception):
    """Something was read without an error, and is wrong."""


def hold(is_so: bool, said: str) -> None:
    if not is_so:
        raise Untrue(said)


def parse_source(name: str, body: bytes) -> None:
    beside = sorted(PAYLOADS.glob(f"{name}/*/url.txt"))
    for url in [path.read_text(encoding="utf-8").strip() for path in beside] or [f"https://{name}.example/a/b"]:
        _check_postings(partial(SOURCES[name].parse, body, url, FETCHED_AT))


def parse_file(name: str, body: bytes) -> None:
    _check_postings(partial(parse_import, body, name, FETCHED_AT))


def _check_postings(parse: Callable) -> None:
    for found in parse():
        for value in vars(found).values():
            str(value).encode()  # no half characters: no file could hold them
        if isinstance(found, RawPosting):
            refusal(found)
            hold(isinstance(found.title, str) and isinstance(found.description_raw, str), "title or text is no text")
            for column in OPTIONAL:
                value = getattr(found, column)
                hold(value is None or (isinstance(value, str) and value != ""), f"{column} is {value!r}")
            for day in (found.posted_date, found.valid_through):
                hold(day is None or 2000 <= day.year < 2100, f"a day is {day}")
            for pay in (found.salary_min, found.salary_max):
                hold(pay is None or 0 < pay <= 1e10, f"pay is {pay}")


def read_settings(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "itpm-trends.toml").write_bytes(body)
        chosen_tables(load_settings(Path(folder)))


def read_vocabulary(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "skills.toml").write_bytes(body)
        rows = vocabulary.own_rows("skill", folder)
        vocabulary._entries.cache_clear()
        own = [entry for entry in vocabulary._entries("skill", folder) if entry.book == vocabulary.OWN] if rows else []
        list(faults(own))


def read_resume_file(suffix: str, body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"mine{suffix}")
        path.write_bytes(body)
        read_resume(resume_text(path), date(2026, 3, 2))


def read_text(body: bytes) -> None:
    told = body.decode("utf-8", "replace")
    for text in (told, text_of(told)):
        folded = normalised(text)
        last = 0
        for place in range(len(folded.text)):
            start, end = folded.original_span(place, place + 1)
            hold(last <= start < end <= len(text), f"character {place} came from {start} to {end}")
            last = start


def read_whole(body: bytes) -> None:
    title, _, rest = body.decode("utf-8", "replace").partition("\n")
    location, _, description = rest.partition("\n")
    posting = {"title": title, "location": location, "company": title[:20], "description": description}
    read = read_posting(posting)
    _check_offsets(read)
    labels_of(read)
    explained_page([read], title)
    hold(not STEERING.search(terminal_text(read).plain), "the terminal is steered")


def _check_offsets(read: ReadPosting) -> None:
    for mention in read.mentions:
        quoted = read.text[mention.start : mention.end]
        hold(0 <= mention.start < mention.end <= len(read.text), f"{mention.id}: {mention.start} to {mention.end}")
        hold(bool(quoted.strip()), f"{mention.id} quotes {quoted!r}")
        vocabulary.label_of(mention.requirement_id)


def read_lines(body: bytes) -> None:
    for line in extract_lines(body.decode("utf-8", "replace").splitlines()):
        line.encode()


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{f"source-{name}": partial(parse_source, name) for name in SOURCES},
    **{f"import-{suffix}": partial(parse_file, f"postings.{suffix}") for suffix in ("csv", "jsonl", "json", "nq")},
    "settings": read_settings,
    "vocabulary": read_vocabulary,
    **{f"resume-{suffix}": partial(read_resume_file, f".{suffix}") for suffix in ("docx", "pdf", "txt")},
    "text": read_text,
    "posting": read_whole,
    "extract": read_lines,
}

ADVERT = b"""IT Project Manager (m/w/d)
Leeds, UK (hybrid), GBP 50k
<h2>Requirements</h2><ul><li>Bachelor&#39;s degree in computer science or equivalent experience</li><li>PMP or PRINCE2
required, CSM preferred; 5+ years of project management</li><li>Jira, Agile, Scrum, fluent German (B2)</li></ul>
<p>Salary: $90,000 - $120,000 a year. 3 days at home.</p><h3>Dein Profil</h3><p>Abgeschlossenes Studium, 3 Jahre
Erfahrung im Projektmanagement, Erfahrung mit MS Project von Vorteil</p>"""
ROWS = b'''id,site,title,company,location,description,date_posted,min_amount,max_amount,interval,currency,job_url
1,indeed,IT Project Manager,Heron,"Leeds, UK","PMP, ""Jira""",2026-01-05,50000,60000,yearly,GBP,https://a.example/1
'''
QUADS = b"""_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/JobPosting> <https://a.example/> .
_:a <https://schema.org/title> "IT Project Manager"@en <https://a.example/> .
_:a <https://schema.org/description> "PMP \\u00e9 required.\\n5 years" <https://a.example/> .
_:a <https://schema.org/hiringOrganization> _:b <https://a.example/> .
_:b <https://schema.org/name> "Heron" <https://a.example/> .
_:a <https://schema.org/baseSalary> _:c <https://a.example/> .
_:c <https://schema.org/value> "50000"^^<http://www.w3.org/2001/XMLSchema#integer> <https://a.example/> .
"""
RESUME = b"""Jane Doe\n\nExperience\nProject Manager, Heron Ltd\nJan 2018 - present\n- Jira, budgets\n\nCertifications
PMP, 2019\nPRINCE2 (in progress)\n\nEducation\nBSc in Business, University of Leeds, 2010 - 2014\n"""
SKILL = b"""[[skill]]\nid = "miro"\nlabel = "Miro"\ngroup = "tool"\nmatch = ["Miro", "=MIRO board(s)"]
except = ["Miro Street"]\nyes = ["Miro or Jira"]\nno = ["Joan of Miro Street"]\n"""


def seeds(target: str) -> list[bytes]:
    """Good inputs of a target, and those that once broke it."""
    kind, _, name = target.partition("-")
    good = {
        "source": lambda: [path.read_bytes() for path in sorted(PAYLOADS.glob(f"{name}/*/payload.*"))],
        "import": lambda: [{"csv": ROWS, "nq": QUADS}.get(name) or _json_rows(name)],
        "settings": lambda: [_settings()],
        "vocabulary": lambda: [SKILL],
        "resume": lambda: [_resume(name)],
    }.get(kind, lambda: [_json_rows("jsonl") if kind == "extract" else ADVERT])
    return good() + [path.read_bytes() for path in sorted((CORPUS / target).glob("*"))]


def _json_rows(suffix: str) -> bytes:
    row = b'{"id": "1", "title": "IT Project Manager", "company": "Heron", "location": "Leeds", "salary_min": 50000, '
    row += b'"description": "PMP required. <b>5 years</b>", "posted_at": "2026-01-05", "is_remote": true}'
    return b"[" + row + b"," + row + b"]" if suffix == "json" else row + b"\n" + row


def _settings() -> bytes:
    return b"""simulated = false\ndefault_sources = false\n[politeness]\ngap_seconds = 1.5\ntries = 3
contact = "a@example.org"\n[run]\non_failure = "true"\n[effort]\ncourse = 20\n[sources.lever]\nenabled = true
companies = ["heron"]\n[sources.jobposting_pages]\nsites = ["https://heron.example"]\n[sources.jobtech]\nqueries = ["a"]
"""


def _resume(suffix: str) -> bytes:
    if suffix == "txt":
        return RESUME
    with tempfile.NamedTemporaryFile(suffix=f".{suffix}") as file:
        if suffix == "docx":
            from docx import Document

            document = Document()
            for line in RESUME.decode().splitlines():
                document.add_paragraph(line)
            document.save(file.name)
        else:
            from fpdf import FPDF

            pdf = FPDF()
            pdf.add_page()
            pdf.set_font("Helvetica", size=11)
            pdf.set_compression(False)
            pdf.multi_cell(0, 5, RESUME.decode())
            pdf.output(file.name)
        return Path(file.name).read_bytes()


def mutated(body: bytes, chance: random.Random) -> bytes:
    """``body`` with a few places changed: pieces exchanged, doubled, dropped or made nasty, bytes flipped."""
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        pieces = [found.span() for found in PIECE.finditer(body)] or [(0, len(body))]
        start, end = chance.choice(pieces)
        other = body[slice(*chance.choice(pieces))]
        flipped = bytes([chance.randrange(256)])
        new = chance.choice((chance.choice(NASTY), chance.choice(NASTY), other, flipped, b"", body[start:end] * 2))
        start += chance.choice((0, 0, 0, end - start))  # in its place, or after it
        body = body[:start] + new + body[end:]
    return body[:LONGEST]


class Findings:
    """What went wrong with a target, a row a place in the code: its smallest input."""

    def __init__(self, target: str) -> None:
        self.read = TARGETS[target]
        self.n_tried = 0
        self.smallest: dict[str, bytes] = {}

    def fault(self, body: bytes, is_again: bool = False) -> str | None:
        """What is wrong with how ``body`` is read, and where; None where nothing is."""
        began = time.process_time()
        try:
            self.read(body)
        except ItpmTrendsError:
            pass
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "itpm_trends" in f.filename]
            place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "benchmarks"
            said = str(error)[:120] if isinstance(error, Untrue) else ""
            return f"{type(error).__name__} at {place} {re.sub(r'[0-9]+', 'N', said)}".strip()
        if time.process_time() - began < SECONDS:
            return None
        return "takes too long" if is_again else self.fault(body, is_again=True)  # the first time it may have loaded

    def try_out(self, body: bytes) -> None:
        self.n_tried += 1
        fault = self.fault(body)
        if fault and len(body) < len(self.smallest.get(fault, body + b".")):
            self.smallest[fault] = body

    def shrunk(self, fault: str) -> bytes:
        """The smallest input of a fault after leaving out what may be left out."""
        body = self.smallest[fault]
        size, until = len(body) // 2, time.monotonic() + 60
        while size and time.monotonic() < until:
            place = 0
            while place < len(body) and time.monotonic() < until:
                without = body[:place] + body[place + size :]
                if self.fault(without) == fault:
                    body = without
                else:
                    place += size
            size //= 2
        return body


def search(target: str, minutes: float, seed: int, report: Callable[[Findings], None]) -> None:
    """Try inputs of a target for so long, then ``report``."""
    findings, until = Findings(target), time.monotonic() + 60 * minutes
    first = seeds(target)
    for body in first:  # loads what is loaded once
        findings.fault(body)
    if not IS_GUIDED:
        chance = random.Random(seed)
        for body in first:
            findings.try_out(body)
        while time.monotonic() < until:
            findings.try_out(mutated(chance.choice(first), chance))
        report(findings)
        return

    def one(body: bytes) -> None:
        if time.monotonic() > until:  # Atheris does not come back from its search
            report(findings)
            sys.stdout.flush()
            os._exit(0)
        findings.try_out(body)

    def change(body: bytes, longest: int, number: int) -> bytes:
        chance = random.Random(number)
        return mutated(body, chance)[:longest] if chance.random() < 0.7 else atheris.Mutate(body, longest)

    with tempfile.TemporaryDirectory() as corpus:
        for number, body in enumerate(first):
            Path(corpus, str(number)).write_bytes(body)
        options = [f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=120", "-rss_limit_mb=4000", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, corpus], one, custom_mutator=change)
        atheris.Fuzz()


def members(kind: str) -> list[str]:
    """The targets of a kind, or the one target of that name."""
    return [target for target in TARGETS if kind in (target, target.partition("-")[0])]


def main() -> None:
    kinds = list(dict.fromkeys(target.partition("-")[0] for target in TARGETS))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of these kinds: {', '.join(kinds)}")
    parser.add_argument("--minutes", type=float, default=10, help="for each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"), help="folder for the smallest inputs")
    options = parser.parse_args()
    logging.disable()  # parsers tell of fields that they do not know
    if unknown := [name for name in options.targets if not members(name)]:
        parser.error(f"no target is named {unknown[0]!r}; known are {', '.join(TARGETS)}")
    asked = options.targets or kinds
    if asked == members(asked[0]):
        search(asked[0], options.minutes, options.seed, partial(told, asked[0], options.keep))
        return
    has_findings = False
    for kind in asked:
        for target in members(kind):
            minutes = str(options.minutes / len(members(kind)))
            rest = ["--minutes", minutes, "--seed", str(options.seed), "--keep", str(options.keep)]
            done = subprocess.run([sys.executable, "-m", "benchmarks.fuzz", target, *rest], stderr=subprocess.DEVNULL)
            has_findings |= done.returncode != 0
            if done.returncode not in (0, 1):
                print(f"{target:24} ended with code {done.returncode}: run it alone to see why", flush=True)
    raise SystemExit(has_findings)


def told(target: str, keep: Path, findings: Findings) -> None:
    """Print what was found, keep the smallest inputs, and end with the exit code."""
    print(f"{target:24} {findings.n_tried:10,} inputs  {len(findings.smallest):4} findings", flush=True)
    for number, fault in enumerate(findings.smallest):
        path = keep / target / f"{number}-{re.sub(r'[^a-zA-Z0-9]+', '-', fault)[:60].strip('-')}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(findings.shrunk(fault))
        print(f"  {fault}: {path.read_bytes()[:100]!r}", flush=True)
    if findings.smallest:
        sys.stdout.flush()
        os._exit(1)  # Atheris does not come back from its search


if __name__ == "__main__":
    main()
