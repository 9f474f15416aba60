"""Required or preferred, against collections that keep them apart: ``python -m benchmarks.modality POSTINGS.parquet``.

POSTINGS has the columns source, description and extra (JSON with the collection's own fields). Google (2018) and New
York City state minimum and preferred qualifications in two fields; a mention that stands in the text of only one of
them has that field's modality as its truth. EMSCAD names the education that is required: a mention of that level has
to be required. Weak truth: employers write "preferred" under minimum qualifications too, and such lines count as
wrong here. Lines that say "must" or "required" themselves under preferred qualifications are counted apart: the
project rules them required, because they say so (they stay in the share as wrong).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from itpm_trends.reading.document import Mention
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.text import normalised, text_of

FIELDS = {  # collection: (field of what is required, field of what is preferred)
    "google_careers_2018": ("Minimum Qualifications", "Preferred Qualifications"),
    "nyc_jobs": ("Minimum Qual Requirements", "Preferred Skills"),
}
EDUCATION = {
    "High School or equivalent": "secondary",
    "Associate Degree": "associate",
    "Bachelor's Degree": "bachelor",
    "Master's Degree": "master",
    "Doctorate": "doctorate",
}
KINDS = ("degree", "certification", "experience", "skill", "language")
SAYS_MUST = re.compile(r"must|required|essential|mandatory", re.IGNORECASE)
CONTEXT = 40  # characters on each side that must stand in the field too


def bare(text: str | None) -> str:
    """Letters and digits only: the collections differ in spaces, bullets and quotes."""
    return "".join(filter(str.isalnum, normalised(text_of(text or "")).text.lower()))


def judged(source: str, description: str, extra: dict) -> Iterator[tuple[Mention, str]]:
    """Each mention with its weak truth, ``required`` or ``preferred``."""
    text = text_of(description)
    if source == "emscad_part":
        level = EDUCATION.get(extra.get("required_education"))
        yield from ((m, "required") for m in mentions_of(text, "en") if m.kind == "degree" and m.id == level)
        return
    required, preferred = (bare(extra.get(name)) for name in FIELDS[source])
    for mention in mentions_of(text, "en"):
        if mention.kind not in KINDS:
            continue
        first, last = line_of(text, mention)
        around = bare(text[max(first, mention.start - CONTEXT) : min(last, mention.end + CONTEXT)])
        is_required, is_preferred = around in required, around in preferred
        if is_required != is_preferred:
            yield mention, "required" if is_required else "preferred"


def line_of(text: str, mention: Mention) -> tuple[int, int]:
    end = text.find("\n", mention.end)
    return text.rfind("\n", 0, mention.start) + 1, end if end >= 0 else len(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postings")
    parser.add_argument("--wrong", type=int, default=0, help="print so many wrong ones of each collection")
    options = parser.parse_args()
    postings = pd.read_parquet(options.postings, columns=["source", "description", "extra"]).dropna()
    print(f"{'collection':22} {'truth':10} {'mentions':>9} {'right':>9} {'share':>7} {'says must':>10}")
    total: Counter = Counter()
    for source in (*FIELDS, "emscad_part"):
        counts: Counter = Counter()
        wrong = []
        rows = postings[postings["source"] == source].drop_duplicates("description")
        for description, extra in zip(rows["description"], rows["extra"], strict=True):
            for mention, truth in judged(source, description, json.loads(extra)):
                counts[truth, mention.modality == truth] += 1
                counts[truth, "says must"] += mention.modality != truth and bool(SAYS_MUST.search(mention.cue))
                if mention.modality != truth:
                    wrong.append((truth, mention.requirement_id, mention.cue))
        for truth in ("required", "preferred"):
            right, n = counts[truth, True], counts[truth, True] + counts[truth, False]
            total.update({"right": right, "n": n})
            if n:
                print(f"{source:22} {truth:10} {n:9,} {right:9,} {right / n:7.1%} {counts[truth, 'says must']:10,}")
        for line in wrong[:: max(1, len(wrong) // options.wrong)] if options.wrong else ():
            print("   wrong:", *line)
    print(f"{'all':22} {'':10} {total['n']:9,} {total['right']:9,} {total['right'] / total['n']:7.1%}")


if __name__ == "__main__":
    main()
