"""Look for input that breaks a parser: ``python -m benchmarks.fuzz [TARGET ...] [--minutes 10] [--seed 1]``.

Targets: ``sources`` (every source's parser over mutated payloads of the tests), ``imports`` (files of postings),
``text`` (description to text, and folding), ``reading`` (a whole posting), ``settings`` (settings and vocabulary),
``resumes``. Mutations are guided by coverage where atheris is installed (``pip install atheris``), random otherwise.
The program's own errors and rejected records are answers; anything else is a finding: an exception of another kind, an
offset that points at nothing, an input that takes longer than a second a megabyte. A finding is written to
``findings/`` with its input and ends that target with exit code 1; mend it and keep the input in ``tests/fuzzed/``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

from itpm_trends.errors import ItpmTrendsError

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 1, 5, tzinfo=UTC)
LARGEST = 200_000  # bytes of an input
SLOWEST = 1.0  # seconds: a megabyte may take one, and so may the first use of a pattern
WORDS = r"""<script> </li> <![CDATA[ ]]> <!-- --> &amp;amp;lt; &#x110000; &#0; " ' \ \u0000 { } [ ] null true 1e999 -0
NaN 9999-99-99 0000-00-00 {"a": [[ ]]} $ % = +1 @ ; : | . .. & &"""
CHARACTERS = "\x00 \ufeff \u200b \u202e \u2028 \U0001f600 İ ſ ß \t"
NASTY = (*WORDS.split(), *CHARACTERS.split(" "), "\r\n")
LONG = ("a", " ", "<", "(", "-", "\n", "&", "5 ", "or ", "PMP, ", "degree ", "<b>", "years of ", "[", "\\")


def sources(data: bytes) -> None:
    """A payload: its first byte chooses the source."""
    from itpm_trends.collecting.raw_postings import RawPosting, Rejected
    from itpm_trends.collecting.sources import SOURCES

    name = sorted(SOURCES)[data[0] % len(SOURCES)] if data else "lever"
    with contextlib.suppress(ItpmTrendsError):
        for found in SOURCES[name].parse(data[1:], "https://jobs.example/page", NOW):
            assert isinstance(found, RawPosting | Rejected), found


def imports(data: bytes) -> None:
    """A file of postings: its first byte chooses the kind."""
    from itpm_trends.collecting.importing import SUFFIXES, parse_import

    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else "csv"
    with contextlib.suppress(ItpmTrendsError):
        for _ in parse_import(data[1:], f"file.{suffix}", NOW):
            pass


def text(data: bytes) -> None:
    """A description: what it becomes is stable, and folding leads back to where each character stood."""
    from itpm_trends.reading.text import normalised, text_of

    description = text_of(data.decode("utf-8", errors="replace"))
    folded = normalised(description)
    for place in range(0, len(folded.text), max(1, len(folded.text) // 200)):
        start, end = folded.original_span(place, place + 1)
        assert 0 <= start < end <= len(description), (place, start, end)


def reading(data: bytes) -> None:
    """A whole posting: every mention points at characters."""
    from itpm_trends.reading.posting import read_posting

    words = data.decode("utf-8", errors="replace")
    title, _, description = words.partition("\n")
    read = read_posting({"title": title, "description": description, "location": title[-40:], "company": title[:20]})
    for mention in read.mentions:
        assert 0 <= mention.start < mention.end <= len(read.text), mention


def settings(data: bytes) -> None:
    """Settings or the user's own vocabulary."""
    from itpm_trends.reading.vocabulary import own_rows
    from itpm_trends.settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "itpm-trends.toml").write_bytes(data)
        Path(folder, "skills.toml").write_bytes(data)
        for load in (lambda: load_settings(Path(folder)), lambda: own_rows("skill", folder)):
            with contextlib.suppress(ItpmTrendsError):
                load()


def resumes(data: bytes) -> None:
    """A résumé: its first byte chooses the kind of file."""
    from itpm_trends.reading.resume import read_resume, resume_text

    suffix = ("txt", "md", "docx", "pdf")[data[0] % 4] if data else "txt"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"cv.{suffix}")
        path.write_bytes(data[1:])
        with contextlib.suppress(ItpmTrendsError):
            read_resume(resume_text(path), date(2026, 1, 5))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (sources, imports, text, reading, settings, resumes)
}


def seeds(target: str) -> Iterator[bytes]:
    """Inputs to begin with: the fixtures and sentences of the tests."""
    if target == "sources":
        from itpm_trends.collecting.sources import SOURCES

        for number, name in enumerate(sorted(SOURCES)):
            for file in sorted((ROOT / "tests" / "collecting" / "payloads" / name).rglob("*")):
                if file.is_file():
                    yield bytes([number]) + file.read_bytes()[:LARGEST]
        return
    from itpm_trends.reading.vocabulary import entries

    sentences = [s for kind in ("certification", "skill", "role") for entry in entries(kind) for s in entry.yes]
    advert = "IT Project Manager\n<h3>Requirements</h3><ul><li>" + "</li><li>".join(sentences[:12]) + "</li></ul>"
    if target == "imports":
        row = {
            "id": "1",
            "title": "IT Project Manager",
            "description": advert,
            "company": "A",
            "posted_at": "2026-01-01",
        }
        yield b"\x02" + json.dumps(row).encode()
        yield b"\x00" + ("title,description,company\n" + 'IT PM,"PMP, required",A\n' * 3).encode()
        yield b'\x06_:a <https://schema.org/title> "IT PM" <https://jobs.example/> .\n'
    elif target == "settings":
        yield (ROOT / "src" / "itpm_trends" / "settings_template.toml").read_bytes()
        yield b'[[skill]]\nid = "orbit"\nlabel = "Orbit"\nmatch = ["orbit board"]\nyes = ["Orbit board"]\n'
    elif target == "resumes":
        yield b"\x00Project manager 2019 - 2023, PMP, Bachelor of Science\nSkills: Jira, agile\n"
    else:
        yield advert.encode()
        for at in range(0, len(sentences), 40):
            yield ("Scrum Master\n" + "\n- ".join(sentences[at : at + 40])).encode()
    for file in sorted((ROOT / "tests" / "fuzzed" / target).glob("*")):
        yield file.read_bytes()


def mutated(rng: random.Random, corpus: list[bytes]) -> bytes:
    """One of ``corpus`` with a few pieces cut, doubled, swapped for another's, or nasty ones put in."""
    data = bytearray(rng.choice(corpus))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((1, 4, 20, 200)))
        match rng.randrange(7):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = rng.choice(NASTY).encode("utf-8", errors="surrogatepass")
            case 2:
                data[at:at] = data[at:end] * rng.choice((2, 10, 100))
            case 3:
                other = rng.choice(corpus)
                start = rng.randrange(len(other) + 1)
                data[at:end] = other[start : start + rng.choice((5, 50, 500))]
            case 4:
                data[at:at] = rng.choice(LONG).encode() * rng.choice((10, 1_000, 10_000))
            case 5:
                for place in range(at, end):
                    data[place] = rng.randrange(256)
            case _:
                data[:1] = bytes([rng.randrange(256)])
    return bytes(data[:LARGEST])


def tried(target: Callable[[bytes], None], data: bytes) -> str | None:
    """What is wrong with how ``target`` takes ``data``; None where nothing is."""
    seconds = 0.0
    for _ in range(2):  # what is slow once may have been the first to need a pattern or a list of cities
        began = time.process_time()
        try:
            target(data)
        except Exception:
            return traceback.format_exc()
        seconds = time.process_time() - began
        if seconds <= SLOWEST:
            return None
    return f"{seconds:.1f} s for {len(data):,} bytes"


def randomly(name: str, seconds: float, seed: int) -> tuple[int, bytes | None, str | None]:
    """(number of inputs tried, the one that broke it, how)."""
    rng, corpus, n_tried = random.Random(seed), list(seeds(name)), 0
    for data in corpus:
        tried(TARGETS[name], data)  # patterns are compiled here
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutated(rng, corpus)
        n_tried += 1
        if problem := tried(TARGETS[name], data):
            return n_tried, data, problem
    return n_tried, None, None


def guided(name: str, seconds: float, seed: int) -> None:
    """Hand the target to atheris, which ends this process."""
    import atheris

    atheris.instrument_all()
    corpus = Path(tempfile.mkdtemp())
    for number, data in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(data)
    options = [
        f"-max_total_time={int(seconds)}",
        f"-max_len={LARGEST}",
        f"-seed={seed}",
        "-timeout=30",
        "-rss_limit_mb=4096",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", default=list(TARGETS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--guided", action="store_true", help="by coverage, with atheris; one TARGET")
    options = parser.parse_args()
    logging.disable()
    if options.guided:
        if not find_spec("atheris"):
            raise SystemExit("--guided needs atheris: pip install atheris")
        guided(options.targets[0], 60 * options.minutes, options.seed)
    found = False
    for name in options.targets:
        n_tried, data, problem = randomly(name, 60 * options.minutes, options.seed)
        print(f"{name}: {n_tried:,} inputs, {'1 finding' if problem else 'no finding'}", flush=True)
        if problem:
            found = True
            os.makedirs("findings", exist_ok=True)
            path = Path("findings", f"{name}-{options.seed}")
            path.write_bytes(data or b"")
            print(f"{problem}\nThe input is in {path}.")
    raise SystemExit(int(found))


if __name__ == "__main__":
    main()
