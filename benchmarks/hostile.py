"""Seconds that ``extract`` takes on a megabyte of hostile text: ``python -m benchmarks.hostile [NAME ...]``.

Each text is read whole (labels, as ``itpm-trends extract`` does) and its mentions' offsets are checked. The slowest
stand last; the bound to keep is one second.
"""

from __future__ import annotations

import argparse
import random
import time

from itpm_trends.reading.labels import labels
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.text import normalised, text_of

MEGABYTE = 1_000_000
REPEATED = {
    "null characters": "\x00PMP ",
    "right to left": "\u202eמנהל פרויקט PMP ",
    "emoji": "💰 PMP 👩\u200d💻 ",
    "dashes and spaces": "- ",
    "many dashes": "—–-",
    "one letter": "a",
    "spaces": " ",
    "empty lines": "\n",
    "digits": "1234567890",
    "digits and commas": "1,",
    "amounts": "$1,000 ",
    "years": "5 years ",
    "open ranges": "5-",
    "degrees": "bachelor's degree or ",
    "or equivalent": "or equivalent ",
    "certified in": "certified in ",
    "certificates": "PMP certified scrum master ",
    "project management": "project management ",
    "manage the": "manage the ",
    "open angles": "<",
    "open tags": "<a ",
    "ampersands": "&amp;",
    "escaped tags": "&lt;p&gt;",
    "apostrophes": "'s ",
    "headings in a line": "Requirements: ",
    "shouted headings": "REQUIREMENTS DUTIES ",
    "list items": "<li>PMP certified scrum master</li>",
    "table cells": "<table><tr><td>5 years</td><td>PMP</td></tr></table>",
    "comments": "<!--",
    "zero width": "\u200b",
    "zero width inside": "P\u200bM\u200bP ",
    "accents": "e\u0301",
    "full width": "ＰＭＰ ",
    "ligatures that are sentences": "ﷺ",
    "workplaces": "remote hybrid onsite ",
    "days at home": "work from home 3 days a week ",
    "addresses": "a@b.co ",
    "telephones": "+1 555 123 4567 ",
    "links": "http://a.b/ ",
    "full stops": "a.",
    "semicolons": ";",
    "bullets": "• ",
    "mojibake": "â€™",
    "brackets": "([",
    "plus": "plus ",
    "preferred": "preferred, ",
    "Markdown": "**a** ",
    "stars": "*",
    "another language": "Quản lý dự án phần mềm ",
}
SENTENCE = (
    "project manager bachelor degree or and the years 5 + preferred scrum agile $ k remote office team with of in"
    " certified PMP , . : ; - ( )"
)


def hostile_texts(seed: int = 1) -> dict[str, str]:
    """Every text by name, each of about a megabyte (ten thousand nested tags are shorter)."""
    chance = random.Random(seed)
    words = SENTENCE.split()
    planes = ((32, 127), (0x20, 0xD7FF), (0xE000, 0x1FFFF))
    texts = {name: (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE] for name, unit in REPEATED.items()}
    texts["nested tags"] = "<div>" * 10_000 + "PMP" + "</div>" * 10_000
    texts["nested bold"] = "<b>" * 10_000 + "PMP"
    texts["random characters"] = "".join(chr(chance.randrange(*chance.choice(planes))) for _ in range(MEGABYTE))
    texts["random words"] = " ".join(chance.choice(words) for _ in range(MEGABYTE // 5))
    return texts


def seconds(text: str) -> float:
    """How long the labels of ``text`` take; AssertionError where an offset is not true."""
    began = time.perf_counter()
    labels({"title": "IT Project Manager", "description": text})
    took = time.perf_counter() - began
    described = text_of(text)
    for mention in mentions_of(described, "en"):
        assert 0 <= mention.start < mention.end <= len(described)
        assert normalised(described[mention.start : mention.end]).text.strip()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these texts")
    options = parser.parse_args()
    for text in ("PMP required, bachelor's degree, 5 years, $50k a year.", "Quản lý dự án phần mềm cho khách hàng."):
        labels({"title": "IT Project Manager", "description": text})  # patterns and the language model are loaded
    texts = hostile_texts()
    took = {name: seconds(texts[name]) for name in options.names or texts}
    for name in sorted(took, key=took.get):
        print(f"{took[name]:6.2f} s  {name}")
    print(f"slowest of {len(took)}: {max(took.values()):.2f} s")


if __name__ == "__main__":
    main()
