"""Precision on postings of every trade, most of them no project manager's.

``python -m benchmarks.noise draw POSTINGS.parquet -o to_read.tsv`` reads all postings and draws 200 mentions of each
kind (``--seed 1``) with their context, for a careful reader; the file stays on the reader's computer.
``python -m benchmarks.noise table`` prints the precision of the verdicts in ``benchmarks/noise_verdicts.csv``: a row
a mention (sample, source, source_id, requirement_id, start, end in the posting's text, ``right``, ``wrong`` or
``contestable``), without text. Samples are named by their seed: 3, 31 and 171 were read by second readers, who judged
experience by its subject, too, the others by the developer. Causes found in a sample were mended after it was read.
Sample 1 was drawn again as the reading improved, and what was new in it read; of 111 all skills were read and of the
other kinds some 150 each, of 131 and 151 the skills. Sample 7 was drawn with ``--ours`` from IT project managers'
postings, which are all that the tables count.
``--postings POSTINGS.parquet`` says beside it how many of them the program of today still finds.

Right means: the posting asks the person for this very thing, or says that the job does it. For experience the years
count too, for degrees the level. Mentions are drawn by the hash of seed, posting and place, so that a better
vocabulary changes the sample only where it changes the mentions.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd

from itpm_trends.reading.language import language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OURS, occupation_of
from itpm_trends.reading.text import text_of

KINDS = ("degree", "certification", "experience", "skill")
N_EACH = 200
VERDICTS = Path("benchmarks/noise_verdicts.csv")
CONTEXT = 160
KEPT = 40  # candidates of each kind that a chunk keeps: its smallest hashes


def order(seed: int, source_id: str, requirement_id: str, start: int) -> str:
    """Where a mention stands in the draw."""
    return hashlib.sha256(f"{seed}|{source_id}|{requirement_id}|{start}".encode()).hexdigest()


def candidates(seed: int, only_ours: bool, rows: list[tuple]) -> list[dict]:
    """The mentions of some postings that may be drawn, each posting's text read once."""
    found = defaultdict(list)
    for source, source_id, company, title, description in rows:
        text = text_of(description)
        if language_of(text) != "en" or (only_ours and occupation_of(title, text, "en") != OURS):
            continue
        for mention in mentions_of(text, "en", company if isinstance(company, str) else None):
            if mention.kind in KINDS:
                key = order(seed, f"{source}:{source_id}", mention.requirement_id, mention.start)
                found[mention.kind].append((key, source, source_id, mention, text))
    return [
        {
            "order": key,
            "kind": kind,
            "source": source,
            "source_id": source_id,
            "requirement_id": m.requirement_id,
            "start": m.start,
            "end": m.end,
            "read": f"{m.modality} {m.min_years or ''}-{m.max_years or ''} {m.subject or ''}",
            "context": re.sub(r"\s+", " ", text[max(0, m.start - CONTEXT) : m.start])
            + "⟦" + re.sub(r"\s+", " ", text[m.start : m.end]) + "⟧"
            + re.sub(r"\s+", " ", text[m.end : m.end + CONTEXT]),
        }
        for kind, mentions in found.items()
        for key, source, source_id, m, text in sorted(mentions, key=lambda row: row[0])[:KEPT]
    ]  # fmt: skip


def draw(path: str, output: Path, seed: int, only_ours: bool) -> None:
    postings = pd.read_parquet(path, columns=["source", "source_id", "company", "title", "description"])
    postings = postings[postings["description"].notna()].drop_duplicates("description").fillna({"title": ""})
    rows = list(postings.itertuples(index=False, name=None))
    chunks = [rows[i : i + 400] for i in range(0, len(rows), 400)]
    found: list[dict] = []
    with ProcessPoolExecutor(2) as pool:
        for number, some in enumerate(pool.map(partial(candidates, seed, only_ours), chunks), start=1):
            found += some
            print(f"\r{number} of {len(chunks)} chunks", end="", flush=True)
    frame = pd.DataFrame(found).sort_values("order").groupby("kind").head(N_EACH).sort_values(["kind", "order"])
    frame.drop(columns="order").to_csv(output, sep="\t", index=False, quoting=csv.QUOTE_NONE, escapechar="\\")
    print(f"\n{len(frame)} mentions -> {output}")


def table(postings: str | None) -> None:
    verdicts = pd.read_csv(VERDICTS, dtype={"source_id": "str"})
    verdicts = verdicts.assign(kind=verdicts["requirement_id"].str.split(":").str[0])
    still = _still_found(verdicts, postings) if postings else None
    head = f"{'sample':6} {'kind':15} {'read':>5} {'right':>6} {'contestable':>11} {'precision':>10}"
    print(head + ("   still found, right" if postings else ""))
    for (sample, kind), rows in verdicts.groupby(["sample", "kind"]):
        right, contestable = rows["verdict"] == "right", rows["verdict"] == "contestable"
        line = f"{sample:<6} {kind:15} {len(rows):5} {right.sum():6} {contestable.sum():11} {right.mean():10.1%}"
        if still is not None:
            now = still.loc[rows.index]
            line += f"   {now.sum()}, {right[now].mean():.1%}"
        print(line)


def _still_found(verdicts: pd.DataFrame, path: str) -> pd.Series:
    wanted = verdicts[["source", "source_id"]].drop_duplicates()
    postings = pd.read_parquet(path, columns=["source", "source_id", "company", "description"])
    rows = wanted.merge(postings, on=["source", "source_id"], validate="one_to_many").dropna(subset="description")
    found = {
        (source, source_id, mention.requirement_id, mention.start)
        for source, source_id, company, description in rows.itertuples(index=False, name=None)
        for mention in mentions_of(text_of(description), "en", company if isinstance(company, str) else None)
    }
    keys = verdicts[["source", "source_id", "requirement_id", "start"]].itertuples(index=False, name=None)
    return pd.Series([key in found for key in keys], index=verdicts.index)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("postings")
    drawing.add_argument("--seed", type=int, default=1)
    drawing.add_argument("--ours", action="store_true", help="only from IT project managers' postings")
    drawing.add_argument("-o", "--output", type=Path, default=Path("to_read.tsv"))
    printing = commands.add_parser("table")
    printing.add_argument("--postings")
    options = parser.parse_args()
    if options.command == "draw":
        draw(options.postings, options.output, options.seed, options.ours)
    else:
        table(options.postings)


if __name__ == "__main__":
    main()
