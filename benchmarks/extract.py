"""How many postings a second one core reads: ``python -m benchmarks.extract FILE.parquet [--rows N]``.

FILE needs the columns title and description (or description_text). Printed: HTML to text, the whole reading, the
matching step alone, and beside it the same number of plain phrases as one ``re`` alternation, the usual way.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable

import pandas as pd

from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import entries, matcher

WARM_UP = 100  # postings read before the clock starts, so that no pattern is compiled while it runs


def rate(name: str, read: Callable[[str], object], texts: list[str]) -> None:
    """Print postings and megabytes a second of CPU for ``read`` over ``texts``."""
    for text in texts[:WARM_UP]:
        read(text)
    began = time.process_time()
    for text in texts:
        read(text)
    seconds = time.process_time() - began
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{name:42} {len(texts) / seconds:9.0f} postings/s {megabytes / seconds:8.2f} MB/s")


def alternation() -> re.Pattern:
    """As many plain phrases as the vocabulary holds, in one case-insensitive alternation."""
    phrases = {
        re.sub(r"[*=~?\d]", "", word).split("|")[0]
        for kind in ("certification", "skill")
        for entry in entries(kind)
        for phrase in entry.match
        for word in [phrase]
        if " :: " not in phrase
    }
    return re.compile(
        r"\b(?:" + "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) + r")\b", re.IGNORECASE
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=500)
    options = parser.parse_args()
    postings = pd.read_parquet(options.file)
    column = "description_text" if "description_text" in postings else "description"
    raw = postings[column].dropna().sample(min(options.rows, len(postings)), random_state=7).tolist()
    texts = [normalised(text_of(text)).text for text in raw]
    rate("HTML, Markdown or text to text", text_of, raw)
    rate("whole reading of requirements", lambda text: list(mentions_of(text, "en")), texts)
    rate("matching step", lambda text: list(matcher("certification", "skill").find(text)), texts)
    plain = alternation()
    rate("plain re alternation", lambda text: list(plain.finditer(text)), texts[: max(1, len(texts) // 10)])


if __name__ == "__main__":
    main()
