"""Words for ids and numbers: labels, shares with their interval, dates, and text safe inside a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date

import pandas as pd
import pycountry

from itpm_trends.collecting.sources import SOURCES
from itpm_trends.printable import printable
from itpm_trends.reading.vocabulary import label_of, read_toml

ADDRESS = re.compile(r"https://[^\s)]+")
KIND_WORDS = {
    "degree": "degree",
    "certification": "certification",
    "skill": "skill",
    "experience": "experience",
    "language": "language",
    "clearance": "clearance",
    "duty": "duty",
    "role": "previous job",
}
SENIORITY_WORDS = {
    "coordinator": "Coordinator or junior",
    "manager": "Project manager",
    "senior": "Senior project manager",
    "programme": "Programme manager",
    "director": "Director or head of",
}
SPECIALISM_WORDS = {name: row["label"] for name, row in read_toml("specialisms.toml").items()}
WORKPLACE_WORDS = {"onsite": "On site", "hybrid": "Hybrid", "remote": "Remote"}


class Sentence(str):
    """Text in Markdown that a notebook shows as such."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def label(requirement_id: str) -> str:
    """The vocabulary's name of a requirement, escaped; a tidy form of the id where the vocabulary has none.

    >>> label("skill:made-up-skill")
    'Made up skill'
    """
    try:
        return safe(label_of(requirement_id))
    except KeyError:
        words = requirement_id.rpartition(":")[2].replace("-", " ").replace("_", " ").strip()
        return safe(words[:1].upper() + words[1:])


def country_label(code: str) -> str:
    """
    >>> country_label("GB"), country_label("?")
    ('United Kingdom', '?')
    """
    country = pycountry.countries.get(alpha_2=code)
    return code if country is None else country.name


def source_label(name: str) -> str:
    """What to call a source: as it declares itself, an imported collection by its own name."""
    return SOURCES[name].declaration.label if name in SOURCES else name


def credit(label: str) -> str:
    """What must be said, with its link, wherever postings of the source of that label are counted; "" if imported."""
    declared = next((source.declaration for source in SOURCES.values() if source.declaration.label == label), None)
    if declared is None:
        return ""
    sentence = html.escape(declared.attribution)
    return ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', sentence)


def safe(text: str) -> str:
    """Text that no page, chart or Markdown reads as markup, a link or a picture, and that steers no screen.

    >>> safe("<b> [a](http://b) *c*")
    '&lt;b&gt; &#91;a](http:&#47;/b) ∗c∗'
    """
    bare = html.escape(printable(str(text)), quote=False)
    return bare.replace("`", "'").replace("|", "/").replace("*", "∗").replace("[", "&#91;").replace("://", ":&#47;/")


def percent(share: float) -> str:
    """A share in whole percent, with a digit more where it would read 0 or 100 and is neither.

    >>> percent(0.412), percent(0.004), percent(0.0002), percent(0.0)
    ('41 %', '0.4 %', 'under 0.1 %', '0 %')
    """
    if pd.isna(share):
        return "unknown"
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= share < 1:
        return "over 99.9 %"
    digits = 1 if 0 < share < 0.01 or 0.99 < share < 1 else 0
    return f"{100 * share:.{digits}f} %"


def interval(low: float, high: float) -> str:
    """
    >>> interval(0.364, 0.457)
    '36–46 %'
    """
    ends = [percent(end).removesuffix(" %") for end in (low, high)]
    return f"{ends[0]}–{ends[1]} %"


def share_text(share: float, low: float, high: float, n_postings: int) -> str:
    """
    >>> share_text(0.412, 0.364, 0.457, 512)
    '41 % (36–46 %, n = 512)'
    """
    return f"{percent(share)} ({interval(low, high)}, n = {count(n_postings)})"


def points(change_pp: float) -> str:
    """A change in percentage points with its sign.

    >>> points(-3.21), points(2.0)
    ('−3.2', '+2.0')
    """
    return f"{change_pp:+.1f}".replace("-", "−")


def count(number: int) -> str:
    """
    >>> count(1234567)
    '1,234,567'
    """
    return f"{int(number):,}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """
    >>> counted(1, "employer"), counted(1200, "posting")
    ('1 employer', '1,200 postings')
    """
    return f"{count(number)} {singular if number == 1 else plural or singular + 's'}"


def day(when: date | pd.Timestamp) -> str:
    """
    >>> day(date(2026, 3, 2))
    '2 March 2026'
    """
    return f"{when.day} {when:%B} {when.year}"


def days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Two dates as a period."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def listed(words: Iterable[str], most: int = 6) -> str:
    """
    >>> listed(["a", "b", "c"]), listed("abcdefgh", most=2)
    ('a, b and c', 'a, b and 6 more')
    """
    words = list(words)
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
