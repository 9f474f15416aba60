"""One vacancy, one vote."""

from __future__ import annotations

import pytest

from itpm_trends.measuring.duplicates import normal_company, normal_title, vacancy_ids

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
    assert vacancy_ids(postings_of(rows)).nunique() == 1


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
