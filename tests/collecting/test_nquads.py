"""N-Quads of the web: pages become postings; what is broken is named and costs itself alone."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.collecting import nquads
from itpm_trends.collecting.errors import UnreadableImport
from itpm_trends.collecting.importing import parse_import
from itpm_trends.collecting.raw_postings import RawPosting, Rejected

NOW = datetime(2026, 2, 1, tzinfo=UTC)
PAGE = "https://jobs.example/it-pm"
SCHEMA = "https://schema.org/"


def quad(subject: str, name: str, value: str, page: str = PAGE) -> str:
    name = nquads.TYPE if name == "type" else SCHEMA + name
    return f"{subject} <{name}> {value} <{page}> ."


def posting(subject: str = "_:a", page: str = PAGE, **more: str) -> list[str]:
    stated = {"title": '"IT Project Manager"', "description": '"<p>PMP required.</p>"', **more}
    return [quad(subject, "type", f"<{SCHEMA}JobPosting>", page)] + [
        quad(subject, name, value, page) for name, value in stated.items()
    ]


NESTED = [
    *posting(
        hiringOrganization="_:o",
        jobLocation="_:l",
        baseSalary="_:s",
        identifier="_:i",
        datePosted='"2026-01-05 10:00:00"^^<https://schema.org/Date>',
        validThrough='"2026-02-05"',
        employmentType='"FULL_TIME"@en',
    ),
    quad("_:o", "type", f"<{SCHEMA}Organization>"),
    quad("_:o", "name", '"Alder & S\\u00F6hne"'),
    quad("_:l", "address", "_:p"),
    quad("_:p", "addressLocality", '"Leeds"'),
    quad("_:p", "addressCountry", '"GB"'),
    quad("_:s", "currency", '"GBP"'),
    quad("_:s", "value", "_:v"),
    quad("_:v", "minValue", '"50000"'),
    quad("_:v", "maxValue", '"60000"'),
    quad("_:v", "unitText", '"YEAR"'),
    quad("_:i", "value", '"r-17"'),
]


def read(lines: list[str], name: str = "crawl.nq") -> list[RawPosting | Rejected]:
    body = "\n".join(lines).encode()
    return list(parse_import(gzip.compress(body) if name.endswith(".gz") else body, name, NOW))


@pytest.mark.parametrize("name", ["crawl.nq", "crawl.nq.gz", "CRAWL.NQ.GZ"])
def test_things_inside_things_become_one_posting(name):
    (found,) = read(NESTED, name)
    assert isinstance(found, RawPosting)
    assert (found.source.lower(), found.source_posting_id, found.url) == ("crawl", "jobs.example r-17", PAGE)
    assert (found.title, found.company_name, found.description_raw) == (
        "IT Project Manager",
        "Alder & Söhne",
        "<p>PMP required.</p>",
    )
    assert (found.country_code, found.posted_date, found.valid_through) == ("GB", date(2026, 1, 5), date(2026, 2, 5))
    assert (found.salary_min, found.salary_max, found.salary_currency, found.salary_period) == (
        50000,
        60000,
        "GBP",
        "year",
    )
    assert found.employment_type == "full-time"


def test_two_postings_on_a_page_and_two_pages_are_told_apart():
    lines = posting("_:a") + posting("_:b") + posting("_:a", "https://jobs.example/other")
    found = read(lines)
    assert len({one.source_posting_id for one in found}) == 3


def test_older_extracts_name_the_type_in_the_property():
    lines = [line.replace("schema.org/title", "schema.org/JobPosting/title") for line in posting()]
    assert [one.title for one in read(lines)] == ["IT Project Manager"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\nb", "a\nb"),
        (r"say \"PMP\"", 'say "PMP"'),
        (r"back\\slash", "back\\slash"),
        (r"\U0001F600", "\U0001f600"),
        (r"\uD800 alone", "\ufffd alone"),
        (r"\UFFFFFFFF", "\ufffd"),
    ],
)
def test_escapes(written, meant):
    (found,) = read(posting(description=f'"PMP {written}"'))
    assert found.description_raw == f"PMP {meant}"


@pytest.mark.parametrize(
    "line", ["no quad at all", '_:a <https://schema.org/title> "open', "_:a <https://schema.org/title> .", "\x00"]
)
def test_a_broken_line_is_named_and_costs_itself_alone(line):
    found = read([*posting("_:a"), line, *posting("_:b", "https://jobs.example/b")])
    assert [one.reason for one in found if isinstance(one, Rejected)] == ["is no statement in N-Quads"]
    assert [one.record for one in found if isinstance(one, Rejected)] == ["line 4"]
    assert sum(isinstance(one, RawPosting) for one in found) == 2


def test_a_posting_without_a_title_is_refused():
    found = read([line for line in posting() if "title" not in line])
    assert [one.reason for one in found] == ["has no title"]


def test_things_in_a_circle_come_to_an_end():
    lines = [*posting(hiringOrganization="_:o"), quad("_:o", "parent", "_:o"), quad("_:o", "name", '"Alder"')]
    assert read(lines)[0].company_name == "Alder"


def test_things_that_all_hold_each_other_do_not_multiply():
    names = [f"_:t{n}" for n in range(40)]
    lines = [quad(one, "member", other) for one in names for other in names]
    (found,) = read([*posting(hiringOrganization="_:t0"), *lines])
    assert found.title == "IT Project Manager"


def test_a_page_of_too_many_statements_is_cut(monkeypatch):
    monkeypatch.setattr(nquads, "MOST_STATEMENTS", 5)
    found = read([*posting(), *(quad("_:x", "name", f'"{n}"') for n in range(20))])
    assert [one.reason for one in found if isinstance(one, Rejected)] == ["more than 5 statements"]


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"nothing", "holds no N-Quads"), (gzip.compress(b"_:a <b> <c> <d> .\n" * 99, mtime=0)[:30], "cut short")],
)
def test_a_file_of_another_kind_is_named(body, told):
    with pytest.raises(UnreadableImport, match=told):
        list(parse_import(body, "crawl.nq.gz", NOW))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*NESTED, *posting("_:b")]), max_size=25), st.binary(max_size=60))
def test_any_mixture_of_lines_is_read_or_refused(lines, noise):
    body = "\n".join(lines).encode() + b"\n" + noise
    try:
        found = list(parse_import(body, "crawl.nq", NOW))
    except UnreadableImport:
        return
    assert all(isinstance(one, RawPosting | Rejected) for one in found)
