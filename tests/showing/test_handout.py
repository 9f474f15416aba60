"""The handout: one page on either paper, the numbers of the plan, nothing of any employer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pandas as pd
import pypdf
import pytest

from itpm_trends.collecting.sources import SOURCES
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.handing_out import handout_of, told_person, write_handout
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.planning import Limits, Plan, plan_of, save_plan
from itpm_trends.showing.handout import handout_page
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import save
from itpm_trends.showing.printing import print_pdf
from itpm_trends.showing.wording import label, percent
from tests.showing.browser import Sight, chromium, chromium_path

AS_OF = date(2026, 11, 23)
PROFILES = [profile.id for profile in packaged_profiles()]
SIZES = {"a4": (595, 842), "letter": (612, 792)}
needs_chromium = pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this computer")


@pytest.fixture(scope="module")
def plans(workspace) -> dict[str, Plan]:
    return {profile.id: plan_of(workspace, profile, Limits(top=5)) for profile in packaged_profiles()}


@pytest.fixture(scope="module")
def longest(plans) -> Plan:
    """A plan as long as one can be: every step a certification with a long name, much asked first, and unknowns."""
    plan = plans["help-desk-analyst"]
    names = ["certification:comptia-other", "certification:prince2-practitioner", "certification:safe-agilist"]
    names += ["certification:six-sigma-green-belt", "certification:itil-foundation"]
    steps = plan.steps.head(5).assign(
        requirement_id=names,
        begins_with="certification:prince2-foundation",
        prerequisites_text="Words of a prerequisite that goes on and on. " * 5,
        is_eligible=False,
        why_not="Words of what is lacking that go on and on. " * 5,
        fee_amount=1234.0,
        fee_currency=["USD", "EUR", "GBP", "INR", "AUD"],
        fee_as_of="2025-01",
        hours=1234.0,
    )
    return replace(plan, steps=steps)


def crowded(market: Market) -> Market:
    """The same market with every source that is on by default, each with its credit."""
    labels = [source.declaration.label for source in SOURCES.values() if source.declaration.tier == "open"]
    named = pd.Series(labels, dtype="str").iloc[[at % len(labels) for at in range(len(market.vacancies))]]
    return replace(market, vacancies=market.vacancies.assign(source=named.to_numpy()))


def pages(text: str, folder: Path) -> list:
    return pypdf.PdfReader(print_pdf(save(text, folder / "handout.html"), folder / "handout.pdf")).pages


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("profile", PROFILES)
def test_it_is_one_page(market, plans, tmp_path, profile, paper):
    (only,) = pages(handout_page(market, plans[profile], as_of=AS_OF, paper=paper), tmp_path)
    assert (round(only.mediabox.width), round(only.mediabox.height)) == pytest.approx(SIZES[paper], abs=1)
    words = " ".join(only.extract_text().split())
    assert "Simulated market" in words and "23 November 2026" in words
    assert "What this page cannot say" in words and "northboard" in words


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("paper", SIZES)
def test_the_longest_plan_of_every_open_source_is_one_page_too(market, longest, tmp_path, paper):
    assert len(pages(handout_page(crowded(market), longest, as_of=AS_OF, paper=paper), tmp_path)) == 1


@pytest.mark.browser
def test_it_fits_a_telephone_and_fetches_nothing(market, plans, longest, tmp_path):
    with chromium() as browser:
        for plan in (plans["software-developer"], longest):
            path = save(handout_page(market, plan, as_of=AS_OF), tmp_path / "handout.html")
            for width in (360, 1280):
                with Sight(browser, path, width) as sight:
                    sight.open()
                    assert not sight.scrolls_sideways()
                    assert (sight.outside, sight.errors) == ([], [])


def test_it_says_what_plan_and_market_say(market, plans):
    plan = plans["help-desk-analyst"]
    text = unescape(handout_page(market, plan, as_of=AS_OF))
    for step in plan.steps.to_dict("records"):
        assert f"<strong>{label(step['requirement_id'])}</strong>" in text
        assert f"Asked for in {percent(step['share'])}" in text
        assert f"brings {100 * step['gain']:.1f} % (" in text
    first = market.shares("certification").iloc[0]
    assert percent(first["share"]) in text and f"n = {len(market.vacancies):,}" in text
    assert f"In all: about {plan.steps['hours'].sum():,g} h" in text
    assert "▲ " in text and "▼ " in text  # planted in the market
    assert "<script" not in text and "Made-up Works" not in text and "planted" not in text


def test_what_is_unknown_or_lacking_is_said(market, plans):
    plan = plans["help-desk-analyst"]
    one = {"requirement_id": "certification:pmp", "hours": None, "fee_amount": None, "is_eligible": False}
    told = {"prerequisites_text": "36 months <of> leading", "why_not": "asks for 36 months", "begins_with": None}
    steps = plan.steps.head(1).astype(object).assign(**one, **told).astype({"hours": float, "fee_amount": float})
    text = handout_page(market, replace(plan, steps=steps), as_of=AS_OF)
    assert "Hours unknown; fee unknown; asked first: 36 months &lt;of&gt; leading (asks for 36 months)." in text
    assert "Your first one step" in text and "1 fee unknown" in text


def test_one_country_is_counted_alone(workspace, market):
    profile = packaged_profiles()[0]
    text = handout_of(workspace, market, profile, Limits(country="DE", top=5), as_of=AS_OF)
    n_german = int((market.vacancies["country_code"] == "DE").sum())
    assert (
        f"n = {n_german}" in text and f"<strong>{n_german} vacancies</strong> of IT project managers (Germany)" in text
    )
    assert "points a year in all countries" in text


def test_without_trends_the_reason_stands(undated_workspace):
    text = handout_of(
        undated_workspace, Market.of(undated_workspace), packaged_profiles()[1], Limits(top=5), as_of=AS_OF
    )
    assert "No trend can be stated" in text and "dates unknown" in text


def test_a_kept_plan_names_the_person_and_the_limits(workspace, plans, tmp_path):
    profile = replace(plans["software-developer"].profile, id="you", label="You")
    plan = replace(plans["software-developer"], profile=profile, limits=Limits(country="US", budget=200))
    kept = save_plan(plan, tmp_path, "mine", datetime(2026, 1, 1, tzinfo=UTC))
    assert told_person(str(kept), Limits(top=5)) == (profile, Limits(country="US", budget=200, top=5))
    path = write_handout(workspace, str(kept), None, "html", "a4", tmp_path / "h.html", as_of=AS_OF)
    assert "For: you" in path.read_text(encoding="utf-8")
    assert json.loads(kept.read_text())["name"] == "mine"


@pytest.mark.parametrize(
    ("named", "to", "paper", "said"),
    [
        ("astronaut", "html", "a4", "help-desk-analyst"),
        ("no-such.json", "html", "a4", "recommend --save"),
        (None, "docx", "a4", "html, pdf"),
        (None, "html", "a3", "a4, letter"),
    ],
)
def test_unknown_words_are_named(workspace, tmp_path, named, to, paper, said):
    with pytest.raises(SettingsError, match=said):
        write_handout(workspace, named, None, to, paper, tmp_path / "x", as_of=AS_OF)


def test_without_postings_there_is_none(empty_workspace, tmp_path):
    with pytest.raises(NothingToDo):
        write_handout(empty_workspace, None, None, "html", "a4", tmp_path / "x", as_of=AS_OF)
