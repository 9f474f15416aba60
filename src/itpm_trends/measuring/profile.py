"""Who the advice is for: what a person has, in the vocabulary's words, and which requirements they meet."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from itpm_trends.errors import SettingsError
from itpm_trends.reading.degrees import DEGREE_LADDER, fields_named, levels_named
from itpm_trends.reading.resume import ReadResume
from itpm_trends.reading.vocabulary import Entry, entries, matcher, own_folder, read_toml
from itpm_trends.reading.vocabulary_checks import search

LEARNABLE = ("certification", "skill")  # what a person can name with --have, and set out to learn
LEVEL_NOT_NAMED = "bachelor"  # "a university degree" asks for this much
OPEN_FIELD = "related"  # a posting that takes a related field is held against nobody
NO_DEGREE = "secondary"
MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Profile:
    """A person: what they have, as requirement ids, and what they told of degree, years and limits.

    ``have`` is completed with what it implies: a certification's family and the certifications that it builds on.
    ``degree`` is a step of DEGREE_LADDER; None, like unknown years, says that nothing was told. ``years`` are years
    of work, ``pm_years`` those spent leading projects.
    """

    id: str
    label: str
    have: frozenset[str]
    degree: str | None = None
    fields: frozenset[str] = frozenset()
    years: float | None = None
    pm_years: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "have", with_implied(self.have))

    @property
    def named(self) -> list[str]:
        """The ids of ``have`` that no other of them implies, sorted: what the person would name."""
        implied = frozenset().union(*(with_implied([one]) - {one} for one in self.have))
        return sorted(self.have - implied)

    @property
    def record(self) -> dict:
        """The profile as a plan keeps it: JSON; :func:`written_profile` reads it again."""
        return {**asdict(self), "have": self.named, "fields": sorted(self.fields)}


def written_profile(record: dict) -> Profile:
    """The profile that was written as :attr:`Profile.record`, or as a table of ``profiles.toml``."""
    sets = {name: frozenset(record.get(name, ())) for name in ("have", "fields")}
    return Profile(**{**record, **sets})


def packaged_profiles() -> list[Profile]:
    """The example profiles of ``profiles.toml``."""
    written = tomllib.loads(files("itpm_trends.measuring").joinpath("profiles.toml").read_text(encoding="utf-8"))
    return [written_profile(row) for row in written["profile"]]


def packaged_profile(name: str) -> Profile:
    """The example profile of that name; SettingsError naming the known ones where there is none."""
    profiles = {profile.id: profile for profile in packaged_profiles()}
    if name not in profiles:
        raise SettingsError(f"no profile is called {name!r}; known are {', '.join(profiles)}")
    return profiles[name]


def profile_told(told: str | dict | None) -> Profile:
    """Whom advice is for: an example by its name, a file, a record of a profile, or None for the first example.

    A file is a plan kept by ``itpm-trends recommend --save`` (.json) or one [[profile]] written as in
    ``profiles.toml`` (.toml). SettingsError where it is neither.
    """
    if told is None:
        return packaged_profiles()[0]
    if isinstance(told, dict):
        return written_profile(told)
    path = Path(told)
    if path.suffix not in (".json", ".toml"):
        return packaged_profile(told)
    if not path.is_file():
        raise SettingsError(f"{told} does not exist; name a kept plan (.json), a profile (.toml) or an example")
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return written_profile(json.loads(text)["profile"])
        return _profile_by_hand(tomllib.loads(text)["profile"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{told} holds no profile that can be read ({type(error).__name__}: {error}). A profile is one [[profile]] "
            f"with {', '.join(f.name for f in fields(Profile))}; a plan is kept by `itpm-trends recommend --save`."
        ) from error


def _profile_by_hand(rows: list[dict] | dict) -> Profile:
    """A profile that somebody wrote: each of its words is looked up, as those of ``recommend`` are."""
    row = rows[0] if isinstance(rows, list) else rows
    if unknown := sorted(set(row) - {f.name for f in fields(Profile)}):
        raise KeyError(*unknown)
    degree = ":".join(filter(None, [row.get("degree"), ",".join(row.get("fields", ()))]))
    person = profile_of(",".join(row.get("have", ())), degree, row.get("years"), row.get("pm_years"))
    return replace(person, id=row.get("id", person.id), label=row.get("label", person.label))


def profile_of(
    have: str = "", degree: str | None = None, years: float | None = None, pm_years: float | None = None
) -> Profile:
    """The profile of a person who says what they have.

    ``have`` are ids, labels or other names of certifications and skills, with commas between; ``degree`` is a level
    and, after a colon, its fields. SettingsError names every word that is unknown or may mean several things.

    >>> profile_of("PRINCE2 Practitioner, jira").named
    ['certification:prince2-practitioner', 'skill:jira']
    >>> profile_of(degree="BSc: Business, informatics").degree
    'bachelor'
    """
    for name, number in (("years", years), ("years of leading projects", pm_years)):
        if number is not None and not 0 <= number <= 60:
            raise SettingsError(f"{number:g} {name} cannot be; give a number from 0 to 60")
    if pm_years is not None and pm_years > (pm_years if years is None else years):
        raise SettingsError(f"{pm_years:g} years of leading projects are more than the {years:g} years of work")
    level, fields = degree_named(degree) if degree else (None, frozenset())
    all_years = pm_years if years is None else years
    return Profile("you", "You", requirements_named(have), level, fields, all_years, pm_years)


def profile_of_resume(read: ReadResume) -> Profile:
    """The profile of the person whose résumé was read; nothing personal is taken over."""
    return Profile("you", "You", frozenset(read.have), read.degree, read.fields, read.years, read.pm_years)


def combined(first: Profile, then: Profile) -> Profile:
    """One profile of what both tell: ``then`` adds to what the person has, and corrects degree and years."""
    years = first.years if then.years is None else then.years
    pm_years = first.pm_years if then.pm_years is None else then.pm_years
    return replace(
        first,
        have=first.have | then.have,
        degree=then.degree or first.degree,
        fields=then.fields if then.degree else first.fields,
        years=years,
        pm_years=pm_years if None in (years, pm_years) else min(years, pm_years),
    )


def with_implied(requirement_ids: Iterable[str]) -> frozenset[str]:
    """The ids with all that they imply in the vocabulary: families, kinds without a name, certifications built on.

    >>> sorted(with_implied(["certification:capm"]))
    ['certification:capm', 'certification:pm-other', 'certification:pmi-other']
    """
    implied = _implied(own_folder())
    held, waiting = set(), list(requirement_ids)
    while waiting:
        one = waiting.pop()
        if one not in held:
            held.add(one)
            waiting += implied.get(one, ())
    return frozenset(held)


@cache
def _implied(own: str) -> dict[str, frozenset[str]]:
    certifications = {entry.id: entry for entry in entries("certification")}
    families = {name for name, entry in certifications.items() if not entry.traits.get("catch_all")}
    implied: dict[str, set[str]] = {}
    for name, entry in certifications.items():
        basis = {*entry.traits.get("prerequisites", {}).get("requires", ()), entry.traits.get("family")}
        implied.setdefault(name, set()).update(basis & families)
        for member in entry.traits.get("gives_way_to", ()):
            implied.setdefault(member, set()).add(name)
    return {
        f"certification:{name}": frozenset(f"certification:{other}" for other in others)
        for name, others in implied.items()
    }


def requirements_named(have: str) -> frozenset[str]:
    """The certifications and skills that words with commas between them name; SettingsError for words that do not."""
    words = [word.strip() for word in have.split(",") if word.strip()]
    found = {word: _named_by(word) for word in words}
    faults = [_fault(word, ids) for word, ids in found.items() if len(ids) != 1]
    if faults:
        raise SettingsError("; ".join(faults))
    return frozenset().union(*found.values())


def _named_by(word: str) -> frozenset[str]:
    """The ids that ``word`` may stand for: by id, else by label, else by a phrase that covers all of it."""
    wanted = word.casefold()
    slug = wanted.replace(" ", "-")
    vocabulary = _learnable()
    for names in (
        lambda entry: entry.requirement_id == wanted,
        lambda entry: entry.id == slug,
        lambda entry: entry.label.casefold() == wanted,
    ):
        if ids := frozenset(entry.requirement_id for entry in vocabulary if names(entry)):
            return ids
    whole = {hit.entry.requirement_id for hit in matcher(*LEARNABLE).find(word) if hit.end - hit.start == len(word)}
    return frozenset(whole) - frozenset().union(*(with_implied([one]) - {one} for one in whole))


def _learnable() -> list[Entry]:
    return [entry for kind in LEARNABLE for entry in entries(kind)]


def _fault(word: str, ids: frozenset[str]) -> str:
    if ids:
        return f"{word!r} may mean {' or '.join(sorted(ids))}: write the one you mean"
    near = _near(word)
    guess = f"did you mean {', '.join(near)}? " if near else ""
    return f"no certification or skill is called {word!r}; {guess}`itpm-trends vocabulary search WORD` finds names"


def _near(word: str) -> list[str]:
    """The ids whose id or label is spelled most like ``word``, else those whose phrases hold it."""
    spelled = {name.casefold(): entry.requirement_id for entry in _learnable() for name in (entry.id, entry.label)}
    near = [spelled[name] for name in get_close_matches(word.casefold(), spelled, MOST_SUGGESTIONS, cutoff=0.7)]
    near = near or [entry.requirement_id for entry, _ in search(word) if entry.kind in LEARNABLE]
    return list(dict.fromkeys(near))[:MOST_SUGGESTIONS]


def degree_named(words: str) -> tuple[str, frozenset[str]]:
    """Level and fields of a degree written ``level`` or ``level:field,field``; SettingsError where unknown.

    >>> degree_named("master:computer-science")
    ('master', frozenset({'computer-science'}))
    """
    level, _, fields = words.partition(":")
    named = (_field_named(field.strip()) for field in fields.split(",") if field.strip())
    return _level_named(level.strip()), frozenset().union(*named)


def _level_named(words: str) -> str:
    slug = words.casefold().replace(" ", "-")
    if slug in ("none", *DEGREE_LADDER):
        return NO_DEGREE if slug == "none" else slug
    for spelled in (words, words.upper(), words[:2].upper() + words[2:], f"{words} degree"):
        if named := levels_named(spelled):
            return named[0][0]
    raise SettingsError(f"no degree level is called {words!r}; known are {', '.join(DEGREE_LADDER)} and none")


def _field_named(words: str) -> frozenset[str]:
    known = [entry.id for entry in entries("field") if entry.id != OPEN_FIELD]
    slug = words.casefold().replace(" ", "-")
    found = frozenset([slug]) if slug in known else (fields_named(words) or fields_named(words.upper())) - {OPEN_FIELD}
    if not found:
        raise SettingsError(f"no field of study is called {words!r}; known are {', '.join(known)}")
    return found


def meets(profile: Profile, mentions: pd.DataFrame) -> pd.Series:
    """Which stated requirement the person meets: nullable boolean, indexed as ``mentions``.

    A certification or skill is met where the profile has it. A degree is met by its level or a higher one, in a field
    that the posting names or in any where it takes a related one; where the posting accepts experience instead, by as
    many years of work as the studies that lack. Years of experience are met by years of work, those in project
    management by the years spent leading projects where these are known. Null where the person has not told, and for
    what nobody can hold (duties, previous jobs).
    """
    ids, kinds = mentions["requirement_id"], mentions["kind"]
    held = ids.isin(profile.have)
    met = pd.Series(pd.NA, index=mentions.index, dtype="boolean")
    met[held | kinds.isin(LEARNABLE)] = held
    for kind, judged in (("degree", _degrees_met), ("experience", _years_met)):
        of_kind = kinds == kind
        met[of_kind] = judged(profile, mentions[of_kind])
    return met


def degree_terms(mentions: pd.DataFrame) -> pd.DataFrame:
    """What each degree mention asks: its rung of the ladder, years of study, whether experience may stand in, fields.

    Columns posting_id, rung, years, or_experience, fields (ids joined by ``;``, "" where any will do).
    """
    degrees = mentions[(mentions["kind"] == "degree") & (mentions["modality"] == "required")]
    levels = degrees["requirement_id"].str.removeprefix("degree:").replace("unspecified", LEVEL_NOT_NAMED)
    return pd.DataFrame(
        {
            "posting_id": degrees["posting_id"],
            "rung": levels.map(DEGREE_LADDER.index).astype("int64"),
            "years": levels.map(years_of_study()).astype("float64"),
            "or_experience": degrees["or_experience"].eq(True).fillna(False).astype(bool),
            "fields": degrees["fields"].fillna("").mask(_is_open(degrees["fields"]), ""),
        }
    )


def _is_open(fields: pd.Series) -> pd.Series:
    return fields.fillna("").str.split(";").map(lambda named: OPEN_FIELD in named).astype(bool)


def _degrees_met(profile: Profile, asked: pd.DataFrame) -> pd.Series:
    levels = asked["requirement_id"].str.removeprefix("degree:").replace("unspecified", LEVEL_NOT_NAMED)
    rungs = levels.map(DEGREE_LADDER.index).astype("float64")
    years_of = levels.map(years_of_study()).astype("float64")
    fits = _field_fits(profile, asked["fields"])
    if profile.degree is None:
        studied, by_degree = 0.0, pd.Series(pd.NA, index=asked.index, dtype="boolean")
    else:
        studied = years_of_study()[profile.degree]
        by_degree = (fits & (rungs <= DEGREE_LADDER.index(profile.degree))).astype("boolean")
    lacking = years_of - fits * studied
    worked = 0.0 if profile.years is None else profile.years
    return by_degree.mask(asked["or_experience"].eq(True).fillna(False) & (worked >= lacking), True)


def _field_fits(profile: Profile, fields: pd.Series) -> pd.Series:
    """Whether the person studied one of the ``fields`` (ids joined by ``;``), so far as both are told."""
    if not profile.fields:
        return pd.Series(True, index=fields.index)
    fitting = {
        named: OPEN_FIELD in named.split(";") or not profile.fields.isdisjoint(named.split(";"))
        for named in fields.dropna().unique()
    }
    return fields.map(fitting).fillna(True).astype("bool")


@cache
def years_of_study() -> dict[str, float]:
    """For each degree level the years of study after school that it stands for: planning figures of ours."""
    return {row["id"]: float(row["years"]) for row in read_toml("degrees.toml")["level"]}


def _years_met(profile: Profile, asked: pd.DataFrame) -> pd.Series:
    of_projects = asked["requirement_id"] == "experience:project-management"
    leading = profile.years if profile.pm_years is None else profile.pm_years
    own = pd.Series(profile.years, index=asked.index, dtype="Float64").mask(of_projects, leading)
    return (own >= asked["min_years"].astype("Float64")).astype("boolean")
