"""What a step takes: hours to plan for, exam fee, renewal, and whether its prerequisites are met."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from itpm_trends.measuring.profile import Profile
from itpm_trends.reading.credentials import certification_facts
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.reading.vocabulary import entries, label_of
from itpm_trends.tables import EFFORT

LEADING = "leading projects"  # experience of this kind is told apart in a profile
MONTHS = 12
ENTRY = "entry"
FACTS = ("issuer", "fee_amount", "fee_currency", "fee_note", "fee_as_of", "fee_source", "prerequisites_text",
         "prerequisites_as_of", "prerequisites_source", "renewal_text", "renewal_as_of", "renewal_source")  # fmt: skip
SKILL_BASIS = "planning figure of ours, not measured: a skill of the group {group}"


def steps_effort(requirement_ids: Iterable[str], profile: Profile, hours: dict[str, float]) -> pd.DataFrame:
    """What each step takes ``profile``: the table EFFORT, one row an id.

    ``hours`` are planning figures (``settings.planning_hours``); facts about certifications come with source and date,
    and are null where no page states them. A family of certifications takes what its only entry-level member takes.
    ``is_eligible`` compares what can be checked (experience, degree, certificates held first) and is null where the
    facts or the profile do not tell; ``why_not`` says what lacks, or what is unknown.
    """
    by_id = {row["id"]: row for row in certification_facts().to_dict("records")}
    certifications = {*by_id, *(row["family"] for row in by_id.values())}
    groups = {entry.requirement_id: entry.traits.get("group") for entry in entries("skill")}
    rows = []
    for requirement_id in dict.fromkeys(requirement_ids):
        kind, _, name = requirement_id.partition(":")
        if kind == "certification" and name in certifications:
            rows.append(_certification(name, by_id, profile, hours))
        elif groups.get(requirement_id) in hours:
            rows.append(_skill(requirement_id, groups[requirement_id], hours))
        else:
            rows.append(_unplanned(requirement_id))
    return EFFORT.frame(rows)


def _skill(requirement_id: str, group: str, hours: dict[str, float]) -> dict:
    return {
        "requirement_id": requirement_id,
        "hours": hours[group],
        "hours_basis": SKILL_BASIS.format(group=group),
        "is_eligible": True,
    }


def _unplanned(requirement_id: str) -> dict:
    return {
        "requirement_id": requirement_id,
        "hours_basis": "no planning figure for this kind of requirement",
        "why_not": "whether you may take this step is not known",
    }


def _certification(name: str, by_id: dict[str, dict], profile: Profile, hours: dict[str, float]) -> dict:
    """The row of a certification, or of a family by its only entry-level member."""
    entry_level = [one for one, row in by_id.items() if row["family"] == name and row["level"] == ENTRY]
    begins_with = entry_level[0] if name not in by_id and len(entry_level) == 1 else None
    known = by_id.get(begins_with or name)
    row = {"requirement_id": f"certification:{name}"}
    if known is None:
        basis = "planning figure of ours, not measured: an entry-level certification (this is a family of several)"
        why_not = "a family of several certifications: what it asks first depends on which one you choose"
        return {**row, "hours": hours["certification_entry"], "hours_basis": basis, "why_not": why_not}
    is_eligible, why_not = eligibility(known, profile)
    return {
        **row,
        **{fact: known[fact] for fact in FACTS},
        **_hours(known, hours),
        "begins_with": f"certification:{begins_with}" if begins_with else None,
        "is_eligible": is_eligible,
        "why_not": why_not,
    }


def _hours(known: dict, hours: dict[str, float]) -> dict:
    study, training = hours[f"certification_{known['level']}"], known["prerequisites_training_hours"]
    basis = f"planning figure of ours, not measured: {study:g} h of study for a certification of {known['level']} level"
    if pd.isna(training):
        return {"hours": study, "hours_basis": basis}
    return {"hours": study + training, "hours_basis": f"{basis}, and {training:g} h of training that it asks for"}


def eligibility(known: dict, profile: Profile) -> tuple[bool | None, str | None]:
    """Whether ``profile`` meets what a certification asks first, and what is lacking or unknown.

    ``known`` is a row of :func:`certification_facts`.
    """
    if pd.isna(known["prerequisites_text"]):
        return None, f"what it asks first is not known to us: ask {known['issuer']}"
    checks = [check(known, profile) for check in (_certificates_first, _experience)]
    verdicts = [is_met for is_met, _ in checks]
    reasons = "; ".join(reason for _, reason in checks if reason) or None
    return False if False in verdicts else None if None in verdicts else True, reasons


def _certificates_first(known: dict, profile: Profile) -> tuple[bool | None, str | None]:
    first, instead = (_ids(known[f"prerequisites_{part}"]) for part in ("requires", "instead"))
    lacking = [one for one in first if one not in profile.have]
    if not lacking or profile.have.intersection(instead):
        return True, None
    named = " and ".join(label_of(one) for one in lacking)
    if known["family"] != known["id"] and f"certification:{known['family']}" in profile.have:
        return None, f"asks for {named}; you have {label_of('certification:' + known['family'])}, its level is not told"
    others = f" (or {' or '.join(map(label_of, instead))})" if instead else ""
    return False, f"asks for {named}{others} first"


def _ids(joined: object) -> list[str]:
    return [f"certification:{one}" for one in joined.split(";")] if isinstance(joined, str) else []


def _experience(known: dict, profile: Profile) -> tuple[bool | None, str | None]:
    shorter, longer = (known[f"prerequisites_experience_months{way}"] for way in ("", "_without_degree"))
    degree = known["prerequisites_degree"]
    if pd.isna(shorter):
        is_named = pd.isna(degree) and any(
            pd.notna(known[f"prerequisites_{p}"]) for p in ("requires", "training_hours")
        )
        return (True, None) if is_named else (None, f"not checked: {known['prerequisites_text']}")
    kind = known["prerequisites_experience_of"]
    with_degree, without = _months_met(shorter, kind, profile), _months_met(longer, kind, profile)
    if with_degree is False or pd.isna(degree):  # who has too little even with a degree has too little without
        is_met = with_degree
    elif profile.degree is None:
        is_met = True if without else None
    else:
        is_met = with_degree if _reaches(profile.degree, degree) else without
    return is_met, None if is_met else f"asks for {_asked(known)}; {_told(kind, profile, is_met)}"


def _reaches(own: str, asked: str) -> bool:
    return DEGREE_LADDER.index(own) >= DEGREE_LADDER.index(asked)


def _months_met(needed: float, kind: object, profile: Profile) -> bool | None:
    """Whether the person has that many months of such experience; years of any work are the most that they can be."""
    if pd.isna(needed):
        return None
    if needed == 0:
        return True
    if kind == LEADING and profile.pm_years is not None:
        return profile.pm_years * MONTHS >= needed
    return False if profile.years is not None and profile.years * MONTHS < needed else None


def _asked(known: dict) -> str:
    months, longer = (known[f"prerequisites_experience_months{way}"] for way in ("", "_without_degree"))
    asked = f"{months:g} months of {known['prerequisites_experience_of']}"
    if pd.isna(known["prerequisites_degree"]):
        return asked
    without = "" if pd.isna(longer) else f" ({longer:g} months without)"
    return f"{asked} with a {label_of('degree:' + known['prerequisites_degree']).lower()}{without}"


def _told(kind: str, profile: Profile, is_met: bool | None) -> str:
    """What the person has told of such experience."""
    if kind == LEADING and profile.pm_years is not None:
        own = f"you have {profile.pm_years * MONTHS:g}"
    elif profile.years is None:
        own = "you have not told your years"
    elif is_met is False:
        own = f"you have {profile.years * MONTHS:g} months of work in all"
    else:
        own = f"how many of your {profile.years * MONTHS:g} months of work were of that kind is not known"
    return own
