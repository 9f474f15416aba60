"""How fast postings are read on one core: ``python -m benchmarks.extract FILE.parquet [--rows N]``.

FILE needs the columns title and description (or description_text), perhaps source. Printed, per second of a process's
CPU and each in a process of its own with its peak memory: the complete reading (HTML to text, sections, every kind of
mention with modality, pay, workplace, occupation), first on plain texts, then on those with markup; its parts; and the
matching step beside the usual ways to look for the same phrases in the same texts. The peers know no gaps, endings,
cases nor exceptions: they get the phrases without gaps and patterns, written out. Every figure is for texts that the
process has not met before, after WARM_UP others.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice, product

import pandas as pd

from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.posting import read_posting
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import REQUIREMENTS, entries, matcher

WARM_UP = 300  # postings read before the clock starts, so that no pattern is compiled while it runs
MOST_OF_A_PHRASE = 40  # written-out forms of one phrase
SECONDS = 20.0  # at most for each: the slow ones get fewer texts
MARKUP = re.compile(r"<(?:p|br|div|ul|li|span|b|strong)\b|&lt;", re.IGNORECASE)
COMPLETE = ("complete reading, plain text", "complete reading, with markup")
MATCHING = "matching step"


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


def by_re() -> Callable[[str], object]:
    alternation = re.compile(r"\b(?:" + "|".join(map(re.escape, literal_phrases())) + r")\b", re.IGNORECASE)
    return lambda text: list(alternation.finditer(text))


def by_flashtext() -> Callable[[str], object]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(literal_phrases())
    return processor.extract_keywords


def by_phrase_matcher() -> Callable[[str], object]:
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("en")
    language.max_length = 10_000_000
    phrase_matcher = PhraseMatcher(language.vocab, attr="LOWER")
    phrase_matcher.add("phrases", list(language.tokenizer.pipe(literal_phrases())))
    return lambda text: phrase_matcher(language.make_doc(text))


def by_count_vectorizer() -> Callable[[str], object]:
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = sorted({phrase.lower() for phrase in literal_phrases()})
    longest = max(phrase.count(" ") + 1 for phrase in vocabulary)
    vectorizer = CountVectorizer(vocabulary=vocabulary, ngram_range=(1, longest), token_pattern=r"(?u)\b\w+\b")
    return lambda text: vectorizer.transform([text])


def by_skillner() -> Callable[[str], object]:
    import spacy
    from skillNer.general_params import SKILL_DB
    from skillNer.skill_extractor_class import SkillExtractor
    from spacy.matcher import PhraseMatcher

    language = spacy.load("en_core_web_lg")
    return SkillExtractor(language, SKILL_DB, PhraseMatcher).annotate


PEERS = {  # name: what must be installed, and what makes the reader
    "plain re alternation": ("re", by_re),
    "flashtext": ("flashtext", by_flashtext),
    "spaCy PhraseMatcher, with its tokenizer": ("spacy", by_phrase_matcher),
    "scikit-learn CountVectorizer": ("sklearn", by_count_vectorizer),
    "SkillNER, with its own vocabulary": ("skillNer", by_skillner),
}


def texts_for(name: str, postings: pd.DataFrame, n_rows: int) -> tuple[list, Callable]:
    """What to read (dictionaries or texts) and what reads one of them."""
    has_markup = postings["description"].str.contains(MARKUP)
    if name in COMPLETE:
        chosen = postings[has_markup if name == COMPLETE[1] else ~has_markup]
        chosen = chosen.sample(min(n_rows + WARM_UP, len(chosen)), random_state=7)
        return chosen[["title", "description", "company", "location"]].to_dict("records"), read_posting
    raw = postings[~has_markup].sample(min(n_rows + WARM_UP, int((~has_markup).sum())), random_state=7)["description"]
    if name == "HTML, Markdown or text to text":
        return raw.tolist(), text_of
    texts = [text_of(text) for text in raw]
    if name == "requirements alone":
        return texts, lambda text: list(mentions_of(text, "en"))
    folded = [normalised(text).text for text in texts]
    if name == MATCHING:
        found = matcher(*REQUIREMENTS)
        return folded, lambda text: list(found.find(text))
    return folded, PEERS[name][1]()


def measured(name: str, postings: pd.DataFrame, n_rows: int) -> None:
    """Print one line: name, postings and MB a second of CPU, peak MiB above that of the texts alone."""
    texts, read = texts_for(name, postings, n_rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for text in texts[:WARM_UP]:
        read(text)
    began, n_read, n_bytes = time.process_time(), 0, 0
    for text in texts[WARM_UP:]:
        read(text)
        n_read, n_bytes = n_read + 1, n_bytes + len((text if isinstance(text, str) else text["description"]).encode())
        if n_read % 10 == 0 and time.process_time() - began > SECONDS:
            break
    seconds = max(time.process_time() - began, 1e-9)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(f"{name}\t{n_read / seconds:.1f}\t{n_bytes / 1e6 / seconds:.3f}\t{more:.0f}\t{n_read}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        postings = pd.read_parquet(options.file)
        postings = postings.rename(columns={"description_text": "description"}).dropna(subset=["description"])
        measured(options.one, postings.assign(**dict.fromkeys({"company", "location"} - {*postings})), options.rows)
        return
    n_entries = sum(len(entries(kind)) for kind in REQUIREMENTS)
    print(f"{n_entries:,} entries, {len(literal_phrases()):,} literal phrases for the peers")
    names = [*COMPLETE, "HTML, Markdown or text to text", "requirements alone", MATCHING, *PEERS]
    ours = 0.0
    for name in names:
        if name in PEERS and find_spec(PEERS[name][0]) is None:
            print(f"{name:42} not installed")
            continue
        command = [sys.executable, "-m", "benchmarks.extract", options.file, "--rows", str(options.rows), "--one", name]
        child = subprocess.run(command, capture_output=True, text=True)
        if child.returncode:
            print(f"{name:42} does not run: {child.stderr.strip().splitlines()[-1]}")
            continue
        _, rate, megabytes, more, n_read = child.stdout.strip().split("\t")
        ours = float(rate) if name == MATCHING else ours
        ratio = f"  matching step is {ours / float(rate):6.1f} times as fast" if name in PEERS else ""
        print(
            f"{name:42} {float(rate):9,.0f} postings/s {float(megabytes):8.2f} MB/s  +{more} MiB"
            f"  ({int(n_read):,} texts){ratio}",
            flush=True,
        )


if __name__ == "__main__":
    main()
