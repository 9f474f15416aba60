"""How fast postings are read on one core: ``python -m benchmarks.extract FILE.parquet [--rows N]``.

FILE needs the columns title and description (or description_text). Printed, per second of this process's CPU: HTML to
text, the whole reading (every kind, with modality), the matching step alone, and beside it the usual ways to look for
the same literal phrases in the same texts: one ``re`` alternation, spaCy's PhraseMatcher, flashtext (those that are
installed). The peers know neither gaps, endings, cases nor exceptions; they get the phrases written out.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice, product

import pandas as pd

from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import REQUIREMENTS, entries, matcher

WARM_UP = 100  # postings read before the clock starts, so that no pattern is compiled while it runs
MOST_OF_A_PHRASE = 40  # written-out forms of one phrase
SECONDS = 20.0  # at most for each peer: the slow ones get fewer texts


def rate(name: str, read: Callable[[str], object], texts: list[str]) -> float:
    """Print and return postings a second of CPU for ``read`` over ``texts``, and megabytes a second."""
    for text in texts[:WARM_UP]:
        read(text)
    began, n_read, n_bytes = time.process_time(), 0, 0
    for text in texts:
        read(text)
        n_read, n_bytes = n_read + 1, n_bytes + len(text.encode())
        if time.process_time() - began > SECONDS:
            break
    seconds = time.process_time() - began
    print(f"{name:42} {n_read / seconds:9.0f} postings/s {n_bytes / 1e6 / seconds:8.2f} MB/s   ({n_read:,} texts)")
    return n_read / seconds


def literal_phrases() -> list[str]:
    """The vocabulary's phrases without gaps and patterns, written out: word alternatives multiplied, endings cut."""
    found: set[str] = set()
    for kind in REQUIREMENTS:
        for entry in entries(kind):
            for phrase in entry.match:
                if " :: " not in phrase and "~" not in phrase:
                    found.update(islice(_written_out(phrase), MOST_OF_A_PHRASE))
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def _written_out(phrase: str) -> Iterator[str]:
    words = [[part.strip("=*?,") for part in word.split("|") if part.strip("=*?,")] for word in phrase.split()]
    return (" ".join(chosen) for chosen in product(*words) if all(chosen))


def peers(phrases: list[str]) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The usual ways to look for literal phrases, those that are installed."""
    alternation = re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b", re.IGNORECASE)
    yield "plain re alternation", lambda text: list(alternation.finditer(text))
    if find_spec("flashtext"):
        from flashtext import KeywordProcessor

        processor = KeywordProcessor()
        processor.add_keywords_from_list(phrases)
        yield "flashtext", processor.extract_keywords
    if find_spec("spacy"):
        import spacy
        from spacy.matcher import PhraseMatcher

        language = spacy.blank("en")
        language.max_length = 10_000_000
        phrase_matcher = PhraseMatcher(language.vocab, attr="LOWER")
        phrase_matcher.add("phrases", list(language.tokenizer.pipe(phrases)))
        yield "spaCy PhraseMatcher, with its tokenizer", lambda text: phrase_matcher(language.make_doc(text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=1000)
    options = parser.parse_args()
    postings = pd.read_parquet(options.file)
    column = "description_text" if "description_text" in postings else "description"
    raw = postings[column].dropna().sample(min(options.rows, len(postings)), random_state=7).tolist()
    texts = [text_of(text) for text in raw]
    folded = [normalised(text).text for text in texts]
    phrases = literal_phrases()
    n_entries = sum(len(entries(kind)) for kind in REQUIREMENTS)
    print(f"{len(raw):,} postings; {n_entries:,} entries, {len(phrases):,} literal phrases for the peers")
    rate("HTML, Markdown or text to text", text_of, raw)
    rate("whole reading of requirements", lambda text: list(mentions_of(text, "en")), texts)
    ours = rate("matching step", lambda text: list(matcher(*REQUIREMENTS).find(text)), folded)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name, read in peers(phrases):
        print(f"{'':42} matching step is {ours / rate(name, read, folded):.1f} times as fast")
    print(f"peak memory before the peers: {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
