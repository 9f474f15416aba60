"""Every payload in ``payloads/<source>/<case>`` gives the postings that were reviewed beside it."""

import contextlib
import json
import logging
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.raw_postings import RawPosting, Rejected, refusal
from itpm_trends.collecting.sources import SOURCES

CASES = sorted(Path(__file__).with_name("payloads").glob("*/*/payload.*"))
FETCHED_AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
URLS = {
    "greenhouse": "https://boards-api.greenhouse.io/v1/boards/kestrelworks/jobs?content=true",
    "lever": "https://api.lever.co/v0/postings/moorhen?mode=json&skip=0&limit=100",
    "jobposting_pages": "https://careers.bittern.example/it/1?utm_source=feed",
}


def url_of(payload: Path) -> str:
    """The address that a payload came from: written beside it where the parser reads it."""
    beside = payload.with_name("url.txt")
    return beside.read_text(encoding="utf-8").strip() if beside.exists() else URLS[payload.parts[-3]]


def parsed(source: str, body: bytes, url: str | None = None) -> list[RawPosting | Rejected]:
    return list(SOURCES[source].parse(body, url or URLS.get(source, f"https://{source}.example/"), FETCHED_AT))


def as_json(found: list[RawPosting | Rejected]) -> list[dict]:
    told = ({"kind": type(each).__name__, **asdict(each)} for each in found)
    usual = {"text_extent": "whole", "is_part": False}
    known = [
        {name: value for name, value in row.items() if value is not None and usual.get(name) != value} for row in told
    ]
    return json.loads(json.dumps(known, default=str))


def test_there_is_a_payload_for_every_source():
    assert {case.parts[-3] for case in CASES} == set(SOURCES)


@pytest.mark.parametrize("payload", CASES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_parsed_postings_match_the_reviewed_copy(payload):
    found = as_json(parsed(payload.parts[-3], payload.read_bytes(), url_of(payload)))
    reviewed = payload.with_name("expected.json")
    if not reviewed.exists():
        reviewed.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"wrote {reviewed}; read it, then commit it")
    assert found == json.loads(reviewed.read_text(encoding="utf-8"))


@pytest.mark.parametrize("payload", CASES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_every_field_of_the_payload_is_known(payload, caplog):
    with caplog.at_level(logging.WARNING):
        parsed(payload.parts[-3], payload.read_bytes(), url_of(payload))
    assert not caplog.records


def test_a_new_field_is_told(caplog):
    with caplog.at_level(logging.WARNING):
        parsed("lever", b'[{"id": "1", "text": "t", "description": "d", "degreeWanted": "MSc"}]')
    assert "degreeWanted" in caplog.text


@pytest.mark.parametrize("source", ["greenhouse", "lever"])
@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b'{"jobs": null}',
        b"<html>log in</html>",
        b'{"jobs": [',
        b"",
        b"\xff\xfe{",
        b"[" * 50_000,
        b'"x"',
    ],
    ids=["null", "null jobs", "html", "cut", "empty", "odd utf-16", "deep", "text"],
)
def test_a_body_that_is_no_board_is_never_an_empty_success(source, body):
    with pytest.raises(UnexpectedContent):
        parsed(source, body)


@pytest.mark.parametrize(
    "body", [b'\xef\xbb\xbf{"jobs": []}', '{"jobs": []}'.encode("utf-16")], ids=["utf-8 mark", "utf-16"]
)
def test_byte_order_marks_are_read(body):
    assert parsed("greenhouse", body) == []


def test_not_a_number_is_null():
    body = b'[{"id": "1", "text": "t", "description": "d", "salaryRange": {"min": NaN, "max": Infinity}}]'
    (posting,) = parsed("lever", body)
    assert posting.salary_min is None and posting.salary_max is None


def test_a_block_beyond_repair_is_rejected_by_name():
    page = b'<script type="application/ld+json">JobPosting !</script>'
    (rejected,) = parsed("jobposting_pages", page)
    assert isinstance(rejected, Rejected) and "cannot be read" in rejected.reason


def test_a_posting_of_only_markup_has_no_text():
    empty = RawPosting(source="s", source_posting_id="1", title="t", description_raw="<p> </p><br>")
    assert refusal(empty) == "no text"
    assert refusal(RawPosting(source="s", source_posting_id="1", title="t", description_raw="<p>a</p>")) is None


@pytest.mark.parametrize("name", list(SOURCES))
def test_a_source_declares_its_terms(name):
    declaration = SOURCES[name].declaration
    assert declaration.name == name
    assert declaration.attribution.endswith(".") and declaration.terms_url.startswith("https://")
    assert declaration.tier in ("open", "own-key", "opt-in")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "greenhouse": "id title content location first_published company_name pay_input_ranges language",
    "lever": "id text description lists additional categories createdAt salaryRange country workplaceType",
    "jobposting_pages": "@type @id title description datePosted hiringOrganization jobLocation baseSalary "
    "employmentType validThrough inLanguage jobLocationType qualifications",
}


@pytest.mark.parametrize("source", list(FIELDS))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_any_value_in_any_field_costs_at_most_its_record(source, data):
    whole = {"id": 1, "title": "t", "text": "t", "content": "c", "description": "d", "@type": "JobPosting"}
    odd = whole | data.draw(st.dictionaries(st.sampled_from(FIELDS[source].split()), ANYTHING, max_size=4))
    records = [odd, whole | {"id": 2}]
    told = json.dumps({"jobs": records} if source == "greenhouse" else records)
    body = told if source != "jobposting_pages" else f'<script type="application/ld+json">{told}</script>'
    found = parsed(source, body.replace("</", "<\\/", told.count("</")).encode("utf-8", "replace"))
    assert isinstance(found[-1], RawPosting) and len(found) <= 2
    for each in found:
        if isinstance(each, RawPosting):
            refusal(each)
            assert "" not in [value for name, value in vars(each).items() if name not in ("title", "description_raw")]


def test_half_characters_become_writable():
    (posting,) = parsed("lever", b'[{"id": "1", "text": "t \\ud800", "description": "d \\ud83d\\ude00"}]')
    assert posting.title == "t \ufffd" and posting.description_raw == "d \U0001f600"


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 900_000,
        b"<!-- -->" * 100_000 + b"x",
        b'<script type="application/ld+json">' + b"JobPosting[{" * 8_000 + b"</script>",
        b"<div>" * 30_000 + b"JobPosting",
        b'<p itemscope itemtype="http://schema.org/JobPosting">' + b'<i itemprop="a">' * 400,
    ],
    ids=["open tags", "comments", "broken block", "deep", "nested properties"],
)
def test_hostile_pages_take_little_time(body):
    started = time.monotonic()
    with contextlib.suppress(RecursionError):
        for found in parsed("jobposting_pages", body):
            assert isinstance(found, Rejected) or refusal(found)
    assert time.monotonic() - started < 10


def test_a_text_of_open_tags_takes_little_time():
    started = time.monotonic()
    refusal(RawPosting(source="s", source_posting_id="1", title="t", description_raw="<" * 900_000))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ('{"a": "x\ny"}', {"a": "x\ny"}),
        (r'{"a": "\_ \n"}', {"a": "\\_ \n"}),
        ('<!-- {"a": 1} -->', {"a": 1}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ('{"a": 1};', {"a": 1}),
    ],
    ids=["raw newline", "invalid escape", "comment", "cdata", "semicolon"],
)
def test_slightly_broken_blocks_are_read_without_repair(block, read):
    from itpm_trends.collecting.sources.jobposting_pages import read_block

    assert read_block(block) == read
