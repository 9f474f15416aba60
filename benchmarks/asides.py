"""Train and judge the model that tells sentences about the job from those about the employer.

``python -m benchmarks.asides POSTINGS.parquet [--gold GOLD.jsonl] [--write]``

POSTINGS has the columns source, title, description (any jobs). Sentences below a heading that names a section are
the examples: duties, required and preferred on one side, employer and benefits on the other. With ``--gold`` (labelled
postings) each collection is held out in turn, and the skills' F1 with and without the model is printed. ``--write``
trains on all and replaces ``src/itpm_trends/vocabulary/asides.tsv``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from itpm_trends.reading import asides
from itpm_trends.reading import document as reading
from itpm_trends.reading.document import Document
from itpm_trends.reading.language import language_of
from itpm_trends.reading.sections import units
from itpm_trends.reading.skills import skill_mentions
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import entries

SEED = 1
MOST_OF_A_COLLECTION = 500  # postings, so that no employer or board decides alone
MOST_OF_THE_JOB = 18_000  # sentences, against some 9,000 about employers
FEWEST_SENTENCES, FEWEST_COLLECTIONS = 15, 4  # words that only some employers use say nothing elsewhere
STRENGTH = 0.3  # of the L1 penalty's inverse: about 1,300 weights remain
JOB, EMPLOYER = ("duties", "required", "preferred"), ("employer", "benefits")
WEIGHTS = Path("src/itpm_trends/vocabulary/asides.tsv")
SAME_COLLECTION = {
    "armenia_2004": "armenia_careercenter_2004",
    "google_job_skills": "google_careers_2018",
    "gentis_grav_2024": "gentis_2024",
}


def read_gold(path: str | None) -> list[dict]:
    """The labelled postings of a file, none without one."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()] if path else []


def fingerprint(description: str) -> str:
    """What two copies of a posting share, whatever their mark-up."""
    return re.sub(r"\W+", "", re.sub(r"<[^>]+>", "", description).lower())[200:500]


def examples(postings: pd.DataFrame, held_out: set[str]) -> pd.DataFrame:
    """Sentences below telling headings: source, text, is_job. Postings with a fingerprint in ``held_out`` are left."""
    postings = postings[postings["description"].str.len().between(600, 12_000)]
    postings = postings[~postings["description"].map(fingerprint).isin(held_out)]
    chosen = pd.concat(
        group.sample(min(len(group), MOST_OF_A_COLLECTION), random_state=SEED)
        for _, group in postings.groupby("source")
    )
    rows = []
    for source, description in zip(chosen["source"], chosen["description"], strict=True):
        text = text_of(description)
        if language_of(text) != "en":
            continue
        for unit in units(normalised(text).text):
            if unit.heading and not unit.is_heading and len(unit.text) >= 25 and unit.section in JOB + EMPLOYER:
                rows.append({"source": source, "text": unit.text, "is_job": unit.section in JOB})
    return pd.DataFrame(rows).drop_duplicates("text")


def trained(sentences: pd.DataFrame) -> dict[str, float]:
    """Weights of words and word pairs, the intercept among them."""
    job = sentences[sentences["is_job"]]
    chosen = pd.concat([job.sample(min(len(job), MOST_OF_THE_JOB), random_state=SEED), sentences[~sentences["is_job"]]])
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(dict.fromkeys(asides.words_and_pairs(text), 1.0) for text in chosen["text"])
    sources = chosen["source"].to_numpy()
    n_sentences = np.asarray(matrix.sum(axis=0)).ravel()
    n_collections = sum((np.asarray(matrix[sources == s].sum(axis=0)).ravel() > 0).astype(int) for s in set(sources))
    kept = np.flatnonzero((n_sentences >= FEWEST_SENTENCES) & (n_collections >= FEWEST_COLLECTIONS))
    model = LogisticRegression(
        C=STRENGTH, l1_ratio=1, solver="liblinear", class_weight="balanced", max_iter=500, random_state=SEED
    ).fit(matrix[:, kept], chosen["is_job"])
    names = vectorizer.get_feature_names_out()[kept]
    weights = {name: round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True) if abs(w) >= 0.0005}
    return {asides.INTERCEPT: round(float(model.intercept_[0]), 3), **weights}


def candidates(gold: list[dict]) -> list[tuple[str, bool, list[str]]]:
    """Each skill found in each gold posting without the model: collection, is it right, the sentences that state it."""
    # Neither model speaks: every sentence that no heading puts aside is taken for one about the job.
    reading.speaks_of_the_employer = reading.stands_among_asides = lambda _: False
    core = {entry.id for entry in entries("skill") if entry.book == "core"}
    found = []
    for posting in gold:
        right = {skill["id"] for skill in posting["labels"]["skills"]}
        document = Document(text_of(posting["description"]))
        starts = {document.folded.original_span(u.start, u.start + 1)[0]: u.text for u in document.units}
        sentences = defaultdict(list)
        for mention in skill_mentions(document):
            if mention.id in core:
                sentences[mention.id].append(starts[max(start for start in starts if start <= mention.start)])
        found += [(posting["source"], name in right, texts) for name, texts in sentences.items()]
    return found


def f1(kept: list[bool], found: list, n_right: int) -> tuple[float, int, int]:
    """F1 of the skills that are kept, how many were cut and how many of those were right."""
    hits = sum(is_right for is_kept, (_, is_right, _) in zip(kept, found, strict=True) if is_kept)
    cut = [is_right for is_kept, (_, is_right, _) in zip(kept, found, strict=True) if not is_kept]
    return 2 * hits / (sum(kept) + n_right), len(cut), sum(cut)


def likelihood(weights: dict[str, float], sentence: str) -> float:
    score = weights[asides.INTERCEPT] + sum(weights.get(f, 0.0) for f in asides.words_and_pairs(sentence))
    return 1 / (1 + np.exp(-score))


def judge(sentences: pd.DataFrame, gold: list[dict]) -> None:
    """Print the skills' F1 without and with the model, each collection of the gold held out of the training in turn."""
    found = candidates(gold)
    n_right = sum(len({skill["id"] for skill in posting["labels"]["skills"]}) for posting in gold)
    print(f"skills without the model: F1 {f1([True] * len(found), found, n_right)[0]:.4f} ({len(gold)} postings)")
    kept = [True] * len(found)
    for source in sorted({source for source, _, _ in found}):
        weights = trained(sentences[sentences["source"] != SAME_COLLECTION.get(source, source)])
        for number, (collection, _, texts) in enumerate(found):
            if collection == source:
                kept[number] = max(likelihood(weights, text) for text in texts) >= asides.LEAST_LIKELY
        of_source = [number for number, row in enumerate(found) if row[0] == source]
        cut = [found[number][1] for number in of_source if not kept[number]]
        print(f"  held out {source:22} {len(weights):5} weights, cut {len(cut):3}, of which right {sum(cut)}")
    score, n_cut, n_lost = f1(kept, found, n_right)
    print(f"skills with it, each collection held out: F1 {score:.4f}; cut {n_cut}, of which right {n_lost}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postings")
    parser.add_argument("--gold", help="labelled postings to judge on; never trained on")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS}")
    options = parser.parse_args()
    gold = read_gold(options.gold)
    postings = pd.read_parquet(options.postings, columns=["source", "description"]).dropna()
    sentences = examples(postings, {fingerprint(posting["description"]) for posting in gold})
    print(f"{len(sentences):,} sentences, {int(sentences['is_job'].sum()):,} of them about the job")
    if options.write:
        weights = trained(sentences)
        table = [f"{words}\t{weights[words]:g}" for words in sorted(weights)]
        WEIGHTS.write_text("words\tweight\n" + "\n".join(table) + "\n", encoding="utf-8")
        print(f"{len(weights):,} weights -> {WEIGHTS}")
    if gold:
        judge(sentences, gold)


if __name__ == "__main__":
    main()
