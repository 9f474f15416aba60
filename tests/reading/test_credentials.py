"""Every named certification is told apart from the others, and every fact about it says where it was read."""

import re
import runpy
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from itpm_trends.reading.credentials import FACTS, LEVELS, certification_facts, named_certifications
from itpm_trends.reading.vocabulary import entries, matcher

NAMED = named_certifications()
FAMILIES = {entry.id for entry in entries("certification") if entry.book == "families"}
ROOT = Path(__file__).parents[2]
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?|undated")


def test_there_are_at_least_130_named_certifications():
    assert len(certification_facts()) >= 130


def test_level_and_family_are_known():
    facts = certification_facts()
    assert set(facts["level"]) == set(LEVELS)
    assert set(facts["family"]) <= FAMILIES
    assert not facts["id"].duplicated().any() and not facts["label"].duplicated().any()


@pytest.mark.parametrize("entry", NAMED, ids=lambda entry: entry.id)
def test_every_fact_has_its_source_and_date(entry):
    for name, parts in FACTS.items():
        fact = entry.traits.get(name)
        if fact is None:
            continue
        assert set(fact) <= set(parts), f"{entry.id}: unread parts of {name}"
        assert fact["source"].startswith(("http://", "https://"))
        assert DATE.fullmatch(fact["as_of"])
    if fee := entry.traits.get("fee"):
        assert fee["amount"] >= 0 and re.fullmatch(r"[A-Z]{3}", fee["currency"])
    assert all(entry.traits.get(name, {"text": "."})["text"] for name in ("prerequisites", "renewal"))


def test_prerequisites_that_can_be_checked_hang_together():
    facts = certification_facts()
    asked = facts[facts["prerequisites_experience_months"] > 0]
    assert asked["prerequisites_experience_of"].notna().all()
    shorter = facts.dropna(subset="prerequisites_experience_months_without_degree")
    assert shorter["prerequisites_degree"].notna().all()
    assert (
        shorter["prerequisites_experience_months"] < shorter["prerequisites_experience_months_without_degree"]
    ).all()
    for part in ("prerequisites_requires", "prerequisites_instead"):
        assert set(facts[part].dropna().str.split(";").explode()) <= set(facts["id"])
    assert facts.set_index("id").loc["a-csm", "prerequisites_requires"] == "csm"


def test_unknown_facts_are_null():
    facts = certification_facts()
    lacking = [entry.id for entry in NAMED if "fee" not in entry.traits]
    assert lacking
    assert facts.set_index("id").loc[lacking, ["fee_amount", "fee_source", "fee_as_of"]].isna().all(axis=None)
    assert facts["fee_source"].notna().equals(facts["fee_amount"].notna())
    assert pd.api.types.is_float_dtype(facts["renewal_every_years"])


@pytest.mark.parametrize("entry", NAMED, ids=lambda entry: entry.id)
def test_a_label_names_its_own_certification_and_no_other(entry):
    found = {found.entry.id for found in matcher("certification").find(entry.label)}
    assert found & {named.id for named in NAMED} == {entry.id}


def test_phrases_are_shared_by_family_only():
    family = {entry.id: entry.traits.get("family", entry.id) for entry in entries("certification")}
    holders: dict[str, list[str]] = {}
    for entry in entries("certification"):
        assert not [phrase for phrase, times in Counter(entry.match).items() if times > 1], entry.id
        for phrase in entry.match:
            holders.setdefault(phrase, []).append(entry.id)
    clashes = {
        phrase: ids
        for phrase, ids in holders.items()
        if len(ids) > 1 and not (len(ids) == 2 and (family[ids[0]] == ids[1] or family[ids[1]] == ids[0]))
    }
    assert clashes == {}


def test_the_page_of_certifications_is_not_stale():
    page = runpy.run_path(str(ROOT / "docs" / "certifications.py"))
    assert page["PATH"].read_text(encoding="utf-8") == page["certifications_page"](), "run `make certifications`"


def test_the_page_shows_a_fee_with_its_date_and_leaves_the_unknown_blank():
    page = runpy.run_path(str(ROOT / "docs" / "certifications.py"))["certifications_page"]()
    facts = certification_facts().set_index("id")
    capm = next(line for line in page.splitlines() if line.startswith("| CAPM "))
    assert f"300 USD (PMI member price 225) ([2024-07](<{facts.loc['capm', 'fee_source']}>))" in capm
    bare = next(line for line in page.splitlines() if line.startswith("| PMO Certified Professional"))
    assert bare.endswith("|  |  |  |")
