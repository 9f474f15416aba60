"""One vacancy, one vote."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.duplicates import (
    NEAR,
    REPOST_DAYS,
    canonical_address,
    earliest_copies,
    jaccard,
    normal_company,
    normal_title,
    signatures,
    spread_of,
    vacancy_ids,
    word_triples,
)

TEXT = "\n".join(f"Line {n} of an advert about projects, plans and people number {n * 7}" for n in range(12))
OTHER = "\n".join(f"Quite different sentence {n} on budgets and vendors, item {n * 3}" for n in range(12))


def linked(postings_of, *rows):
    postings = postings_of([{"company_name": "Acme Ltd", "description_text": TEXT, **row} for row in rows])
    return vacancy_ids(postings).nunique() < len(postings)


def test_the_same_advert_at_two_sources_is_one_vacancy(postings_of):
    assert linked(postings_of, {"source": "lever"}, {"source": "greenhouse", "company_name": "ACME Limited"})


def test_lines_in_another_order_are_the_same_advert(postings_of):
    shuffled = "\n".join(reversed(TEXT.splitlines()))
    assert linked(postings_of, {}, {"description_text": shuffled, "title": "Project Manager, IT"})


def test_a_small_edit_is_the_same_advert(postings_of):
    assert linked(postings_of, {}, {"description_text": TEXT.replace("Line 3 of", "Row 3 of")})


def test_another_text_under_the_same_title_is_another_vacancy(postings_of):
    assert not linked(postings_of, {}, {"description_text": OTHER})


def test_another_employer_is_another_vacancy(postings_of):
    assert not linked(postings_of, {}, {"company_name": "Zenith"})


def test_a_repost_soon_after_is_the_same_vacancy_and_a_year_later_a_new_one(postings_of):
    assert linked(postings_of, {}, {"first_seen": "2026-03-01"})
    assert not linked(postings_of, {}, {"first_seen": "2027-01-05"})


def test_the_earliest_posting_names_the_vacancy(postings_of):
    postings = postings_of(
        [
            {"posting_id": "late", "company_name": "A", "description_text": TEXT, "first_seen": "2026-02-01"},
            {"posting_id": "early", "company_name": "A", "description_text": TEXT, "first_seen": "2026-01-01"},
        ]
    )
    assert set(vacancy_ids(postings)) == {"early"}


def test_copies_without_an_employer_are_linked_by_text_alone(postings_of):
    rows = [{"company_name": None, "description_text": TEXT}, {"company_name": None, "description_text": TEXT}]
    assert len(set(vacancy_ids(postings_of(rows)))) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Müller GmbH", "muller"), ("ACME, Inc.", "acme"), ("The Group", "the"), ("株式会社", "株式会社")],
)
def test_company_names_lose_legal_form_and_accents(name, expected):
    assert normal_company(name) == expected


def test_titles_lose_remarks():
    assert normal_title("IT Project Manager (m/w/d) - Remote") == "it project manager"


def test_one_title_at_one_address_is_one_vacancy_at_whatever_sources(postings_of):
    page = "https://jobs.kestrel.example/it-pm/"
    other = {"source": "arbeitnow", "company_name": "Kestrel (via us)", "description_text": OTHER}
    assert linked(postings_of, {"url": page}, {**other, "url": page + "?utm_source=x"})
    assert not linked(postings_of, {"url": page}, {**other, "url": page, "title": "Accountant"})
    front = "https://jobs.kestrel.example/"
    assert not linked(postings_of, {"url": front}, {**other, "url": front})


def test_a_board_named_in_one_word_is_its_employer(postings_of):
    near = TEXT.replace("Line 3 of", "Row 3 of")
    one, other = {"company_name": "Kestrel Works Ltd"}, {"company_name": "kestrelworks", "description_text": near}
    assert linked(postings_of, one, other)


def test_postings_without_a_text_stand_alone(postings_of):
    same = {"company_name": "Teal", "description_text": None, "text_extent": "none"}
    postings = postings_of([same, same, {"company_name": "Teal", "description_text": TEXT}])
    assert vacancy_ids(postings).tolist() == ["p0", "p1", "p2"]


def edited(rng: random.Random, text: str) -> str:
    """``text`` with a few words replaced, a line moved, or nothing changed."""
    lines = text.split("\n")
    for _ in range(rng.choice((0, 0, 1, 3, 8))):
        at = rng.randrange(len(lines))
        lines[at] = lines[at].replace("projects", rng.choice(("budgets", "projects", "Größen")))
    if rng.random() < 0.3:
        rng.shuffle(lines)
    return "\n".join(lines)


def random_market(postings_of, seed: int, n: int = 60):
    rng = random.Random(seed)
    days = [str(date(2026, 1, 1) + timedelta(days=day)) for day in range(0, 300, 7)]
    rows = []
    for number in range(n):
        first = rng.randrange(len(days) - 6)
        rows.append(
            {
                "posting_id": f"{rng.getrandbits(64):016x}",
                "company_name": rng.choice(("Acme Ltd", "ACME", "Zenith", None)),
                "title": rng.choice(("IT Project Manager", "IT project manager (remote)", "Scrum Master")),
                "description_text": rng.choice((None, *(edited(rng, text) for text in (TEXT, TEXT, OTHER)))),
                "url": rng.choice((None, f"https://jobs.example/{number % 9}?x={number}")),
                "first_seen": days[first],
                "last_seen": days[first + rng.randrange(5)],
                "posted_date": rng.choice((None, days[first])),
            }
        )
    return postings_of(rows)


def compared_one_by_one(postings) -> dict[str, str]:
    """What ``vacancy_ids`` promises, pair by pair; MOST_COMPARED is larger than these markets' groups."""
    rows = [row for row in postings.to_dict("records") if isinstance(row["description_text"], str)]
    for row in rows:
        row["opened"] = row["first_seen"] if row["posted_date"] is pd.NaT else row["posted_date"]
        row["ended"] = max(row["last_seen"], row["opened"])
        row["employer"] = normal_company(row["company_name"]) if isinstance(row["company_name"], str) else None
        row["place"] = canonical_address(row["url"]) if isinstance(row["url"], str) else None
        words = row["description_text"].casefold().splitlines()
        row["lines"] = sorted(filter(None, (" ".join(re.findall(r"\w+", line)) for line in words)))
    rows.sort(key=lambda row: (row["opened"], row["posting_id"]))
    first = {row["posting_id"]: row["posting_id"] for row in rows}
    keys = (lambda r: (r["employer"], *r["lines"]), lambda r: r["place"] and (r["place"], normal_title(r["title"])))
    pairs = [pair for key in keys for pair in neighbours([row for row in rows if key(row)], key)]
    named = [row for row in rows if row["employer"]]
    pairs += [(one, other) for at, other in enumerate(named) for one in named[:at] if are_near(one, other)]
    for one, other in pairs:
        if (other["opened"] - one["ended"]).days <= REPOST_DAYS:
            old, new = first[other["posting_id"]], first[one["posting_id"]]
            first = {posting: new if of == old else of for posting, of in first.items()}
    rank = {row["posting_id"]: at for at, row in enumerate(rows)}
    return {posting: min((p for p in first if first[p] == of), key=rank.get) for posting, of in first.items()}


def neighbours(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [pair for group in groups.values() for pair in pairwise(group)]


def are_near(one, other) -> bool:
    if (one["employer"], normal_title(one["title"])) != (other["employer"], normal_title(other["title"])):
        return False
    return jaccard(*(word_triples(row["description_text"]) for row in (one, other))) >= NEAR


@pytest.mark.parametrize("seed", range(6))
def test_random_markets_are_linked_as_if_compared_one_by_one(postings_of, seed):
    postings = random_market(postings_of, seed)
    linked = dict(zip(postings["posting_id"], vacancy_ids(postings), strict=True))
    expected = compared_one_by_one(postings)
    assert {posting: linked[posting] for posting in expected} == expected
    assert 5 < len(set(expected.values())) < len(expected)
    assert all(linked[posting] == posting for posting in linked.keys() - expected.keys())


@pytest.mark.parametrize("seed", range(6))
def test_what_was_compared_before_changes_nothing(postings_of, seed):
    postings = random_market(postings_of, seed).dropna(subset="description_text").reset_index(drop=True)
    texts, signed = postings["description_text"].to_numpy(), signatures(postings)
    days = postings[["posting_id", "last_seen"]].rename(columns={"last_seen": "ended"})
    signed = signed.join(days.assign(opened=postings["posted_date"].fillna(postings["first_seen"])))
    spread, asked = spread_of(signed["spread"]), []

    def linked(rows, known=None):
        def texts_of(at):
            asked.append(len(at))
            return texts[rows][at]

        return earliest_copies(signed.iloc[rows], spread[rows], texts_of, known)

    every, some = np.arange(len(postings)), np.arange(0, len(postings), 2)
    _, known = linked(some)
    at_once, _ = linked(every)
    later, known = linked(every, known)
    assert (later == at_once).all()
    asked.clear()
    again, _ = linked(every, known)
    assert (again == at_once).all() and not asked
