"""Is the vocabulary in order, what does it hold, and adding to it: behind ``itpm-trends vocabulary``."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from itpm_trends.errors import ItpmTrendsError
from itpm_trends.reading.vocabulary import (
    REQUIREMENTS,
    Entry,
    Matcher,
    entries,
    forget_entries,
    own_folder,
    own_rows,
    plural,
)

KEBAB_CASE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DATED_FACTS = ("prerequisites", "fee", "renewal")
NEEDED = {"certification": ("issuer",), "skill": ("group",), "duty": ()}


class VocabularyError(ItpmTrendsError):
    """An entry that cannot be taken in; the message names every fault."""


def all_entries() -> list[Entry]:
    """Every entry that is a requirement of its own, the user's among them."""
    return [entry for kind in REQUIREMENTS for entry in entries(kind)]


def faults(vocabulary: Iterable[Entry]) -> Iterator[str]:
    """A sentence for each fault of ``vocabulary``; nothing where all is in order."""
    vocabulary = list(vocabulary)
    for entry in vocabulary:
        yield from _faults_of(entry)
    yield from _clashes(vocabulary)


def _faults_of(entry: Entry) -> Iterator[str]:
    name = f"{entry.requirement_id} ({entry.book})"
    if not KEBAB_CASE.fullmatch(entry.id):
        yield f"{name}: an id is lower-case words joined by hyphens"
    if not (entry.yes and entry.no):
        yield f"{name}: needs at least one sentence under yes and one under no; they are its tests"
    for trait in NEEDED[entry.kind]:
        if not entry.traits.get(trait):
            yield f"{name}: {trait} is missing"
    for fact in DATED_FACTS:
        value = entry.traits.get(fact)
        if value is not None and not (value.get("source") and value.get("as_of")):
            yield f"{name}: {fact} needs its source and as_of (the date of the source)"
    try:
        matcher = Matcher((entry,))
    except (ValueError, AttributeError, IndexError, re.error) as error:
        yield f"{name}: a phrase cannot be read: {error}"
        return
    yield from (f"{name}: does not find its yes sentence {text!r}" for text in entry.yes if not _finds(matcher, text))
    yield from (f"{name}: finds its no sentence {text!r}" for text in entry.no if _finds(matcher, text))


def _finds(matcher: Matcher, sentence: str) -> bool:
    return any(True for _ in matcher.find(sentence))


def _clashes(vocabulary: list[Entry]) -> Iterator[str]:
    """Ids and labels that stand twice, and phrases that two entries share though neither names it (``shares_with``)."""
    by_id: dict[str, list[Entry]] = defaultdict(list)
    by_label: dict[str, list[Entry]] = defaultdict(list)
    by_phrase: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in vocabulary:
        by_id[entry.requirement_id].append(entry)
        by_label[entry.label.casefold()].append(entry)
        for phrase in {_plain(phrase) for phrase in entry.match}:
            by_phrase[entry.kind, phrase].append(entry)
    for name, same in by_id.items():
        if len(same) > 1:
            yield f"{name} stands twice: in {' and in '.join(entry.book for entry in same)}"
    for same in by_label.values():
        if len({entry.requirement_id for entry in same}) > 1:
            names = " and ".join(f"{entry.requirement_id} ({entry.book})" for entry in same)
            yield f"{names} have the same label {same[0].label!r}: no chart could tell them apart"
    for (_, phrase), same in by_phrase.items():
        for first, second in combinations(same, 2):
            if first.id != second.id and not _may_share(first, second):
                yield (
                    f"{first.requirement_id} ({first.book}) and {second.id} ({second.book}) share the phrase {phrase!r}"
                )


def _plain(phrase: str) -> str:
    return phrase.replace("=", "").lower()


def _may_share(first: Entry, second: Entry) -> bool:
    kin = {entry.traits.get(trait) for entry in (first, second) for trait in ("family", "broader")}
    named = {*first.traits.get("shares_with", ()), *second.traits.get("shares_with", ())}
    return bool({first.id, second.id} & (kin | named))


def search(term: str) -> list[tuple[Entry, str]]:
    """Entries that ``term`` names (id, label, phrase) or that would be found in it, each with the reason."""
    wanted = term.casefold().strip()
    vocabulary = all_entries()
    found = {hit.entry.requirement_id: term[hit.start : hit.end] for hit in Matcher(tuple(vocabulary)).find(term)}
    hits = []
    for entry in vocabulary:
        phrases = [phrase for phrase in entry.match if wanted in _plain(phrase)]
        if entry.requirement_id in found:
            hits.append((entry, f"would be found: {found[entry.requirement_id]!r}"))
        elif wanted in entry.id or wanted in entry.label.casefold():
            hits.append((entry, "by its name"))
        elif phrases:
            hits.append((entry, f"by its phrase {phrases[0]!r}"))
    return hits


def add(kind: str, row: dict) -> Path:
    """Write the entry ``row`` (id, label, match, yes, no ...) to the user's own vocabulary; the file's path.

    VocabularyError names every fault, and nothing is written then.
    """
    if kind not in REQUIREMENTS:
        raise VocabularyError(f"there is no kind {kind!r}; name one of {', '.join(REQUIREMENTS)}")
    lists = {name: tuple(row.get(name, ())) for name in ("match", "yes", "no")}
    traits = {name: value for name, value in row.items() if name not in ("id", "label", "match", "except", "yes", "no")}
    entry = Entry(
        kind,
        row["id"],
        row["label"],
        lists["match"],
        tuple(row.get("except", ())),
        lists["yes"],
        lists["no"],
        traits,
        "own",
    )
    others = [other for other in all_entries() if other.kind == kind]
    wrong = [*_faults_of(entry), *(fault for fault in _clashes([*others, entry]) if _names(fault, entry))]
    if not entry.match:
        wrong.insert(0, f"{entry.requirement_id}: no phrase to look for")
    if wrong:
        raise VocabularyError(f"{entry.requirement_id} was not added:\n  " + "\n  ".join(wrong))
    path = Path(own_folder(), f"{plural(kind)}.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_text(encoding="utf-8").rstrip() + "\n\n" if own_rows(kind, own_folder()) else ""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in row.items() if value]
    path.write_text(known + f"[[{kind}]]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    forget_entries()
    return path


def _names(fault: str, entry: Entry) -> bool:
    return entry.requirement_id in fault or f" and {entry.id} (own)" in fault
