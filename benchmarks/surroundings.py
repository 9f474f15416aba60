"""Train and judge what the sentences around say of whether a sentence is an aside.

``python -m benchmarks.surroundings POSTINGS.parquet [--write]``

``benchmarks/skill_verdicts.csv`` holds what careful readers said of mentions of skills in POSTINGS (source, source_id,
requirement_id, start, end in the posting's text; ``right``, ``contestable``, ``wrong``, or ``aside`` where the words
describe the employer, its product or its offers), without text; rare phrases stand in it oftener than frequent ones.
The sentence of each is described by its own log-odds and those around it (``reading/asides.py``). Each collection is
held out in turn, and what would be cut is printed for several bounds. ``--write`` trains on all and replaces
``src/itpm_trends/vocabulary/surroundings.tsv``.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from itpm_trends.reading.asides import INTERCEPT, LEAST_CERTAIN, Surroundings, log_odds_of_aside
from itpm_trends.reading.document import Document
from itpm_trends.reading.text import text_of

VERDICTS = Path("benchmarks/skill_verdicts.csv")
WEIGHTS = Path("src/itpm_trends/vocabulary/surroundings.tsv")
BOUNDS = (0.0, -0.6, LEAST_CERTAIN, -1.5, -2.0)


def examples(path: str) -> pd.DataFrame:
    """One row a verdict: source, verdict and the fields of Surroundings."""
    verdicts = pd.read_csv(VERDICTS, dtype={"source_id": "str"})
    postings = pd.read_parquet(path, columns=["source", "source_id", "description"]).dropna()
    postings = postings.drop_duplicates(["source", "source_id"]).set_index(["source", "source_id"])["description"]
    rows = []
    for key, same in verdicts.groupby(["source", "source_id"]):
        document = Document(text_of(postings[key]))
        starts = [document.folded.original_span(unit.start, unit.start + 1)[0] for unit in document.units]
        for row in same.itertuples():
            number = bisect_right(starts, row.start) - 1
            rows.append({"source": row.source, "verdict": row.verdict, **document.surroundings(number)._asdict()})
    return pd.DataFrame(rows)


def trained(rows: pd.DataFrame) -> dict[str, float]:
    model = LogisticRegression(max_iter=500).fit(
        rows[list(Surroundings._fields)].astype("float64").to_numpy(), rows["verdict"] == "aside"
    )
    weights = dict(zip(Surroundings._fields, model.coef_[0], strict=True))
    return {
        INTERCEPT: round(float(model.intercept_[0]), 3),
        **{name: round(float(w), 3) for name, w in weights.items()},
    }


def scores(weights: dict[str, float], rows: pd.DataFrame) -> list[float]:
    values = rows[list(Surroundings._fields)].itertuples(index=False)
    return [log_odds_of_aside(Surroundings(*row), weights) for row in values]


def judge(rows: pd.DataFrame) -> None:
    held_out = np.empty(len(rows))
    for source in rows["source"].unique():
        of_it = (rows["source"] == source).to_numpy()
        held_out[of_it] = scores(trained(rows[~of_it]), rows[of_it])
    print(f"{len(rows):,} verdicts: {dict(Counter(rows['verdict']))}; each collection held out:")
    for bound in BOUNDS:
        print(f"  above {bound:4}: {dict(Counter(rows.loc[held_out > bound, 'verdict']))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postings")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS}")
    options = parser.parse_args()
    rows = examples(options.postings)
    judge(rows)
    if options.write:
        lines = [f"{name}\t{weight:g}" for name, weight in trained(rows).items()]
        WEIGHTS.write_text("what\tweight\n" + "\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines)} weights -> {WEIGHTS}")


if __name__ == "__main__":
    main()
