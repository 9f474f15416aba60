"""The closed vocabulary: what may be asked for and in which words, and one matcher that finds all of it.

An entry's ``match`` holds phrases in the language of :mod:`itpm_trends.reading.matching`; ``except`` holds phrases of
the same language inside which the entry is not meant.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath

from itpm_trends.errors import SettingsError
from itpm_trends.reading.matching import Matcher
from itpm_trends.workspace import VARIABLE

KINDS = ("certification", "skill", "field", "duty", "role")
REQUIREMENTS = ("certification", "skill", "duty")  # kinds whose entries are requirements of their own
OWN = "own"  # the book of the user's entries


@dataclass(frozen=True)
class Entry:
    """One thing that postings ask for. ``yes`` and ``no`` sentences are its tests."""

    kind: str
    id: str
    label: str
    match: tuple[str, ...]
    excepted: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    traits: dict = field(default_factory=dict, hash=False)  # issuer, family, group, language ...
    book: str = ""  # the file that holds it, without its ending

    @property
    def requirement_id(self) -> str:
        return f"{self.kind}:{self.id}"


def read_toml(name: str) -> dict:
    """One packaged vocabulary file."""
    return tomllib.loads(files("itpm_trends").joinpath("vocabulary", name).read_text(encoding="utf-8"))


def read_table(name: str) -> list[list[str]]:
    """The rows of one packaged table of tab-separated values, without its header."""
    lines = files("itpm_trends").joinpath("vocabulary", name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def plural(kind: str) -> str:
    """A kind's name in file names: ``skills``, ``duties``."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def own_folder() -> str:
    """Where the user's own entries lie: ``vocabulary/`` in the current workspace."""
    return os.path.join(os.environ.get(VARIABLE) or os.getcwd(), "vocabulary")


def _rows(kind: str, own: str) -> list[dict]:
    """The rows of a kind's file (``fields.toml``), or of every file in its folder (``skills/``), and the user's own.

    Each row names its ``book``: the file that holds it.
    """
    shelf = files("itpm_trends").joinpath("vocabulary", plural(kind))
    books = sorted(f"{plural(kind)}/{file.name}" for file in shelf.iterdir()) if shelf.is_dir() else []
    names = books or [f"{plural(kind)}.toml"]
    rows = [{**row, "book": PurePosixPath(name).stem} for name in names for row in read_toml(name)[kind]]
    return rows + [{**row, "book": OWN} for row in own_rows(kind, own)]


def own_rows(kind: str, own: str) -> list[dict]:
    """The user's own entries of a kind in the folder ``own``; SettingsError where their file cannot be read."""
    path = Path(own, f"{plural(kind)}.toml")
    if not path.is_file():
        return []
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Mend the line, or move the file away.") from error
    for number, row in enumerate(rows, start=1):
        if missing := [name for name in ("id", "label", "match") if not row.get(name)]:
            raise SettingsError(f"{path}: entry {number} lacks {', '.join(missing)}. Add it, or take the entry out.")
    return rows


def entries(kind: str) -> tuple[Entry, ...]:
    """All entries of a kind (one of KINDS), in the order of their files, the user's own last.

    >>> next(entry.label for entry in entries("certification") if entry.id == "pmp")
    'PMP'
    """
    return _entries(kind, own_folder())


@cache
def _entries(kind: str, own: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            kind=kind,
            id=row.pop("id"),
            label=row.pop("label"),
            match=tuple(row.pop("match")),
            excepted=tuple(row.pop("except", ())),
            yes=tuple(row.pop("yes", ())),
            no=tuple(row.pop("no", ())),
            book=row.pop("book"),
            traits=row,
        )
        for row in _rows(kind, own)
    )


def extended(entry: Entry, more: Entry | None, only: bool = False) -> Entry:
    """``entry`` with the phrases of ``more`` beside its own, or (``only``) in place of them."""
    if more is None:
        return replace(entry, match=(), excepted=()) if only else entry
    own = ((), ()) if only else (entry.match, entry.excepted)
    return replace(entry, match=own[0] + more.match, excepted=own[1] + more.excepted)


@cache
def _labels(own: str) -> dict[str, str]:
    return {
        **{f"degree:{row['id']}": row["label"] for row in read_toml("degrees.toml")["level"]},
        **{entry.requirement_id: entry.label for kind in REQUIREMENTS for entry in _entries(kind, own)},
        **{f"role:{entry.id}": entry.label for entry in _entries("role", own)},
        **{
            f"experience:{name}": label for name, label in read_toml("experience.toml")["subject_of_experience"].items()
        },
        **{
            f"language:{name}": f"{name.capitalize()} (language)"
            for name in read_toml("languages/english.toml")["spoken"]["names"]
        },
    }


def requirement_ids() -> list[str]:
    """Every requirement_id that mentions can hold, sorted.

    >>> "certification:pmp" in requirement_ids()
    True
    """
    return sorted(_labels(own_folder()))


def label_of(requirement_id: str) -> str:
    """What to call a requirement; KeyError for one that the vocabulary does not hold.

    >>> label_of("degree:bachelor")
    "Bachelor's degree"
    """
    return _labels(own_folder())[requirement_id]


@cache
def matcher_beside() -> Matcher:
    """The matcher of words that mean a certification only where the sentence speaks of certificates."""
    return Matcher(
        tuple(replace(e, match=tuple(e.traits["beside"])) for e in entries("certification") if "beside" in e.traits)
    )


def matcher(*kinds: str) -> Matcher:
    """The matcher of all entries of ``kinds``, built once a process."""
    return _matcher(kinds, own_folder())


@cache
def _matcher(kinds: tuple[str, ...], own: str) -> Matcher:
    return Matcher(tuple(entry for kind in kinds for entry in _entries(kind, own)))


def forget_entries() -> None:
    """Read the vocabulary anew when it is next asked for: a file of the user's has changed."""
    for remembered in (_entries, _labels, _matcher):
        remembered.cache_clear()
