"""Train and judge the model that tells what stated years of experience are of.

``python -m benchmarks.subjects POSTINGS.parquet [--gold GOLD.jsonl] [--write]``

``benchmarks/experience_subjects.csv`` holds what careful readers said of statements in POSTINGS (source, source_id,
start, end in the posting's text, subject; ``none`` where the years are no experience), without text. The gold (labelled
postings) joins them. Each collection is held out in turn, and how often the rules alone and the model name the same
subject as the readers is printed. ``--write`` trains on all and replaces ``src/itpm_trends/vocabulary/subjects.tsv``.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.asides import SAME_COLLECTION, read_gold
from itpm_trends.reading.document import Document
from itpm_trends.reading.experience import _years, stated_years
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.subjects import INTERCEPT, SUBJECTS, by_rule, clues, decided, likeliest, points_back
from itpm_trends.reading.text import text_of

LABELS = Path("benchmarks/experience_subjects.csv")
WEIGHTS = Path("src/itpm_trends/vocabulary/subjects.tsv")
FEWEST = 2  # statements that a clue must stand in
STRENGTH = 1.0  # inverse of the L2 penalty
WEIGHT_OF_GOLD = 2.0  # project managers' postings, read by two: what the tables count
SMALLEST = 0.02  # weights below it, for all subjects, are left out


class Example(NamedTuple):
    """A statement of years that a reader judged."""

    collection: str
    is_gold: bool
    by_rule: str
    decided: str | None
    clues: set[str]
    subject: str


def example_of(
    collection: str, is_gold: bool, document: Document, unit: Unit, years: re.Match, stop: int, subject: str
) -> Example:
    rule = by_rule(unit.text, years.start(), years.end(), stop)
    sure = decided(unit.text, years.end(), stop, rule)
    found = clues(document, unit, years.start(), years.end(), stop, rule)
    return Example(collection, is_gold, rule, sure, found, subject)


def judged(path: str) -> Iterator[Example]:
    """The statements of LABELS that are found in the postings today."""
    labels = pd.read_csv(LABELS, dtype={"source_id": "str"})
    subjects = {(r.source, r.source_id, r.start): r.subject for r in labels.itertuples()}
    postings = pd.read_parquet(path, columns=["source", "source_id", "description"]).dropna()
    wanted = labels[["source", "source_id"]].drop_duplicates()
    for row in wanted.merge(postings.drop_duplicates(["source", "source_id"]), validate="one_to_one").itertuples():
        document = Document(text_of(row.description))
        for unit, m, stop in stated_years(document):
            start = document.folded.original_span(unit.start + m.start(), unit.start + m.end())[0]
            subject = subjects.get((row.source, row.source_id, start))
            if subject in SUBJECTS and not points_back(unit, m.end(), stop):
                yield example_of(row.source, False, document, unit, m, stop, subject)


def labelled(gold: list[dict]) -> Iterator[Example]:
    """The statements of gold postings whose years one subject alone has."""
    for posting in gold:
        document = Document(text_of(posting["description"]))
        for unit, m, stop in stated_years(document):
            years = _years(m)
            same = {
                entry["subject"]
                for entry in posting["labels"]["experience"]
                if (entry["min_years"], entry.get("max_years")) == years
            }
            if len(same) == 1 and not points_back(unit, m.end(), stop):
                source = SAME_COLLECTION.get(posting["source"], posting["source"])
                yield example_of(source, True, document, unit, m, stop, same.pop())


def trained(examples: list[Example]) -> dict[str, np.ndarray]:
    """A weight for each of SUBJECTS for each clue, the intercept among them."""
    counts = Counter(clue for example in examples for clue in example.clues)
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(
        {clue: 1.0 for clue in sorted(example.clues) if counts[clue] >= FEWEST} for example in examples
    )
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(
        matrix,
        [example.subject for example in examples],
        sample_weight=[WEIGHT_OF_GOLD if example.is_gold else 1.0 for example in examples],
    )
    order = [list(model.classes_).index(subject) for subject in SUBJECTS]
    weights = dict(zip(vectorizer.get_feature_names_out(), model.coef_[order].T.round(2), strict=True))
    kept = {clue: row for clue, row in weights.items() if np.abs(row).max() >= SMALLEST}
    return {INTERCEPT: model.intercept_[order].round(2), **kept}


def told(weights: dict[str, np.ndarray], example: Example) -> str:
    """The subject that rules and model together name."""
    return example.decided or likeliest(example.clues, weights)


def judge(examples: list[Example]) -> None:
    """Print how often rules and model agree with the readers, each collection held out of the training in turn."""
    right: dict[bool, list[tuple[bool, bool]]] = {True: [], False: []}
    for collection in sorted({example.collection for example in examples}):
        weights = trained([example for example in examples if example.collection != collection])
        for is_gold in (True, False):
            of_it = [e for e in examples if e.collection == collection and e.is_gold == is_gold]
            verdicts = [(e.by_rule == e.subject, told(weights, e) == e.subject) for e in of_it]
            right[is_gold] += verdicts
            if verdicts:
                rule, model = np.mean(verdicts, axis=0)
                name = "gold" if is_gold else "judged"
                print(f"  held out {collection:26} {name:7} {len(verdicts):4}: rules {rule:.3f}, model {model:.3f}")
    for is_gold, name in ((False, "judged statements"), (True, "gold")):
        if right[is_gold]:
            rule, model = np.mean(right[is_gold], axis=0)
            print(f"{name}: {len(right[is_gold])}, rules {rule:.3f}, model {model:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postings")
    parser.add_argument("--gold", help="labelled postings that join the training, and are judged apart")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS}")
    options = parser.parse_args()
    examples = [*judged(options.postings), *labelled(read_gold(options.gold))]
    print(f"{len(examples)} statements")
    judge(examples)
    if options.write:
        weights = trained(examples)
        rows = ["\t".join([clue, *(f"{w:g}" for w in weights[clue])]) for clue in sorted(weights)]
        WEIGHTS.write_text("\t".join(["clue", *SUBJECTS]) + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
        print(f"{len(weights):,} clues -> {WEIGHTS}")


if __name__ == "__main__":
    main()
