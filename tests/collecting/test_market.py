"""The raw market: when postings open and close, what is covered, and that the files alone decide."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pandas.testing as pdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.collecting.archive import Archive, RunRecord
from itpm_trends.collecting.market import COVERAGE_COLUMNS, POSTING_COLUMNS, QUARANTINE_COLUMNS, raw_market
from itpm_trends.collecting.raw_postings import posting_id

from .conftest import NOW, weeks_later

SITE = "https://api.lever.co/v0/postings/{}?mode=json&skip=0&limit=100"


def posting(name: str, text: str = "PMP required") -> dict:
    return {"id": name, "text": "IT Project Manager", "description": f"<p>{text}</p>"}


def run(
    archive, week, shown: dict[str, list], *, complete=True, unchanged=(), hours=0, units=None, record=True,
    source="lever", kind="live",
):  # fmt: skip
    """One run of a source: ``shown`` maps a site to the postings (or the raw body) that it shows."""
    at, run_id = weeks_later(week) + timedelta(hours=hours), f"w{week:02}-{hours}"
    for site, postings in shown.items():
        body = postings if isinstance(postings, bytes) else json.dumps(postings).encode()
        archive.store(source, SITE.format(site), body, run_id=run_id, fetched_at=at, suffix="json", unit=site)
    if record:
        told = units if units is not None else dict.fromkeys(shown, complete)
        archive.store_run(
            RunRecord(
                run_id=run_id,
                source=source,
                kind=kind,
                started_at=at,
                finished_at=at,
                status="ok" if complete else "incomplete",
                is_complete=all(told.values()) and complete,
                units=told,
                unchanged=tuple(unchanged),
            )
        )


def row(archive, name="a", **options) -> pd.Series:
    postings = raw_market(archive, **options).postings
    return postings.set_index("source_posting_id").loc[name]


def week_of(moment) -> int | None:
    return None if pd.isna(moment) else (moment.date() - NOW.date()).days // 7


def seen(archive, name="a", **options) -> tuple:
    found = row(archive, name, **options)
    return tuple(week_of(found[column]) for column in ("first_seen", "last_seen", "closed_date"))


A, B = posting("a"), posting("b")


def test_a_posting_is_open_while_it_is_shown(archive):
    for week in range(3):
        run(archive, week, {"moorhen": [A]})
    assert seen(archive) == (0, 2, None)
    assert row(archive)["posting_id"] == posting_id("lever", "a")


def test_two_complete_runs_without_it_close_a_posting(archive):
    run(archive, 0, {"moorhen": [A, B]})
    run(archive, 1, {"moorhen": [B]})
    assert seen(archive) == (0, 0, None)
    run(archive, 2, {"moorhen": [B]})
    assert seen(archive) == (0, 0, 1)


def test_an_incomplete_run_never_closes(archive):
    run(archive, 0, {"moorhen": [A, B]})
    for week in (1, 2, 3):
        run(archive, week, {"moorhen": [B]}, complete=False)
    assert seen(archive) == (0, 0, None)


def test_an_incomplete_run_between_neither_counts_nor_starts_again(archive):
    run(archive, 0, {"moorhen": [A, B]})
    run(archive, 1, {"moorhen": [B]})
    run(archive, 2, {"moorhen": [B]}, complete=False)
    assert seen(archive) == (0, 0, None)
    run(archive, 3, {"moorhen": [B]})
    assert seen(archive) == (0, 0, 1)


def test_a_posting_that_returns_is_open_again(archive):
    for week, shown in enumerate([[A, B], [B], [B], [A, B]]):
        run(archive, week, {"moorhen": shown})
    assert seen(archive) == (0, 3, None)


def test_a_sighting_in_an_incomplete_run_starts_the_count_again(archive):
    run(archive, 0, {"moorhen": [A, B]})
    run(archive, 1, {"moorhen": [B]})
    run(archive, 2, {"moorhen": [A]}, complete=False)
    run(archive, 3, {"moorhen": [B]})
    assert seen(archive) == (0, 2, None)


def test_two_runs_on_one_day_are_one_absence(archive):
    run(archive, 0, {"moorhen": [A, B]})
    run(archive, 1, {"moorhen": [B]})
    run(archive, 1, {"moorhen": [B]}, hours=2)
    assert seen(archive) == (0, 0, None)


def test_a_site_that_fails_keeps_its_postings_while_others_close_theirs(archive):
    run(archive, 0, {"moorhen": [A], "coot": [B, posting("c")]})
    for week in (1, 2):
        run(archive, week, {"coot": [B]}, units={"moorhen": False, "coot": True}, complete=False)
    assert seen(archive, "a") == (0, 0, None)
    assert seen(archive, "c") == (0, 0, 1)
    coverage = raw_market(archive).coverage
    assert coverage["is_complete"].tolist() == [True, False, False]


def test_a_site_no_longer_asked_closes_nothing(archive):
    run(archive, 0, {"moorhen": [A], "coot": [B]})
    for week in (1, 2):
        run(archive, week, {"coot": [B]})
    assert seen(archive, "a") == (0, 0, None)


def test_a_source_that_shows_less_than_half_closes_nothing_until_the_fall_lasts(archive):
    many = [posting(f"p{n}") for n in range(20)]
    for week in range(4):
        run(archive, week, {"moorhen": many})
    for week in range(4, 9):
        run(archive, week, {"moorhen": many[:8]})
    coverage = raw_market(archive).coverage
    assert list(coverage["is_complete"]) == [True] * 4 + [False] * 2 + [True] * 3
    assert seen(archive, "p9") == (0, 3, 6)
    assert seen(archive, "p1") == (0, 8, None)


def test_a_feed_of_the_newest_postings_closes_nothing(archive, monkeypatch):
    monkeypatch.setattr("itpm_trends.collecting.market._shows_all_open", lambda source: source != "lever")
    run(archive, 0, {"moorhen": [A, B]})
    for week in (1, 2):
        run(archive, week, {"moorhen": [B]})
    assert seen(archive) == (0, 0, None)


def test_months_of_an_open_history_count_by_the_day_a_posting_claims(archive):
    jobs = [{"id": 1, "title": "IT PM", "description": "<p>PMP</p>", "publication_date": "2024-03-05T08:00:00"}]
    body = json.dumps({"jobs": jobs}).encode()
    run(archive, 0, {"2024-03": body}, source="remotive", kind="backfill")
    market = raw_market(archive)
    assert list(market.postings["first_seen"]) == [pd.Timestamp("2024-03-05")]
    (covered,) = market.coverage.to_dict("records")
    assert (covered["kind"], covered["collected_on"], covered["is_complete"]) == (
        "history",
        pd.Timestamp("2024-03-01"),
        True,
    )


def test_a_posting_that_moves_to_another_site_is_not_closed_by_the_first(archive):
    run(archive, 0, {"moorhen": [A, B], "coot": [posting("c")]})
    for week in (1, 2, 3):
        run(archive, week, {"moorhen": [B], "coot": [A, posting("c")]})
    run(archive, 4, {"moorhen": [B]}, units={"moorhen": True, "coot": False}, complete=False)
    run(archive, 5, {"moorhen": [B]}, units={"moorhen": True, "coot": False}, complete=False)
    assert seen(archive, "a") == (0, 3, None)


def test_a_large_site_that_is_suddenly_empty_is_doubted(archive):
    many = [posting(f"p{n}") for n in range(10)]
    others = [posting(f"d{n}") for n in range(30)]
    run(archive, 0, {"moorhen": many, "coot": [A], "dipper": others})
    for week in (1, 2):
        run(archive, week, {"moorhen": [], "coot": [], "dipper": others})
    assert seen(archive, "p1") == (0, 0, None)
    assert seen(archive, "a") == (0, 0, 1)


def test_a_run_without_record_shows_but_never_closes(archive):
    run(archive, 0, {"moorhen": [A, B]})
    for week in (1, 2):
        run(archive, week, {"moorhen": [B]}, record=False)
    assert seen(archive, "a") == (0, 0, None) and seen(archive, "b") == (0, 2, None)
    assert raw_market(archive).coverage["is_complete"].tolist() == [True, False, False]


def test_an_unchanged_page_counts_as_seen(archive):
    run(archive, 0, {"moorhen": [A]})
    for week in (1, 2, 3):
        run(archive, week, {}, unchanged=[SITE.format("moorhen")], units={"moorhen": True})
    assert seen(archive) == (0, 3, None)
    assert raw_market(archive).coverage["n_parsed"].tolist() == [1, 1, 1, 1]


def test_the_same_body_again_counts_as_seen(archive):
    for week in range(3):
        run(archive, week, {"moorhen": [A]})
    assert len(list(archive.root.glob("**/*.gz"))) == 1
    assert seen(archive) == (0, 2, None)


def test_the_latest_version_wins_even_if_it_is_an_old_one(archive):
    for week, text in enumerate(["first", "second", "first"]):
        run(archive, week, {"moorhen": [posting("a", text)]})
    assert row(archive)["description_raw"] == "<p>first</p>"
    assert row(archive, as_of=weeks_later(1).date())["description_raw"] == "<p>second</p>"


def test_as_of_a_day_the_future_is_unknown(archive):
    for week, shown in enumerate([[A, B], [B], [B, posting("c")]]):
        run(archive, week, {"moorhen": shown})
    then = raw_market(archive, as_of=weeks_later(1).date()).postings
    assert set(then["source_posting_id"]) == {"a", "b"} and then["closed_date"].isna().all()


def test_a_damaged_payload_costs_only_itself_and_closes_nothing(archive):
    run(archive, 0, {"moorhen": [A], "coot": [B]})
    for week in (1, 2):
        run(archive, week, {"moorhen": [posting(f"x{week}")], "coot": [B]})
    for payload in list(archive.payloads()):
        if payload.unit == "moorhen" and payload.run_id != "w00-0":
            file = archive.root / payload.path
            os.chmod(file, 0o644)
            file.write_bytes(file.read_bytes()[:30])
    market = raw_market(archive)
    assert set(market.postings["source_posting_id"]) == {"a", "b"}
    assert seen(archive, "a") == (0, 0, None)
    assert len(market.quarantine) == 2 and market.quarantine["reason"].str.contains("damaged").all()
    assert not market.quarantine["reason"].str.contains(str(archive.root), regex=False).any()
    assert market.coverage["is_complete"].tolist() == [True, False, False]


def test_a_record_that_can_no_longer_be_read_is_not_closed(archive):
    run(archive, 0, {"moorhen": [A, B]})
    for week in (1, 2):
        run(archive, week, {"moorhen": [{"id": "a", "description": "no title"}, B]})
    assert seen(archive, "a") == (0, 2, None)
    quarantine = raw_market(archive).quarantine
    assert quarantine[["record", "reason"]].to_dict("records") == [{"record": "a", "reason": "has no text"}]


@pytest.mark.parametrize("body", [b"null", b"<html>", b'[{"id": '])
def test_a_payload_that_is_no_list_closes_nothing(archive, body):
    run(archive, 0, {"moorhen": [A]})
    for week in (1, 2):
        run(archive, week, {"moorhen": body})
    assert seen(archive) == (0, 0, None)


def test_a_source_this_version_does_not_know_is_quarantined(archive):
    archive.store("harbour", "https://x.example/", b"{}", run_id="r", fetched_at=NOW, suffix="json")
    (reason,) = raw_market(archive).quarantine["reason"]
    assert "harbour" in reason


def test_a_fault_of_the_parser_costs_only_its_payload(archive, monkeypatch):
    from itpm_trends.collecting.sources import lever

    def faulty(body, url, fetched_at):
        if "coot" in url:
            raise ZeroDivisionError("bug")
        yield from whole(body, url, fetched_at)

    whole = lever.parse
    monkeypatch.setattr(lever, "parse", faulty)
    run(archive, 0, {"moorhen": [A], "coot": [B]})
    market = raw_market(archive)
    assert market.postings["source_posting_id"].tolist() == ["a"]
    assert "ZeroDivisionError" in market.quarantine["reason"].item()


def test_half_characters_reach_the_frame_as_marks(archive):
    run(
        archive,
        0,
        {"moorhen": b'[{"id": "a\\ud800", "text": "PM", "description": "PMP"}, {"id": "\\udfff"}]'},
    )
    market = raw_market(archive)
    assert market.postings["source_posting_id"].tolist() == ["a\ufffd"] and len(market.quarantine) == 1


def test_a_run_id_used_twice_overwrites_no_record(archive):
    run(archive, 0, {"moorhen": [A]})
    run(archive, 0, {"moorhen": [A, B]}, complete=False)
    assert len(list(archive.runs())) == 2 and len(raw_market(archive).postings) == 2


def test_an_empty_archive_gives_empty_frames_of_the_right_kind(archive):
    empty = raw_market(archive)
    run(archive, 0, {"moorhen": [A, {"id": "x"}]})
    full = raw_market(archive)
    for name, columns in (
        ("postings", POSTING_COLUMNS),
        ("quarantine", QUARANTINE_COLUMNS),
        ("coverage", COVERAGE_COLUMNS),
    ):
        assert getattr(empty, name).empty and not getattr(full, name).empty
        assert tuple(getattr(full, name).columns) == columns
        pdt.assert_series_equal(getattr(empty, name).dtypes, getattr(full, name).dtypes)


def test_the_files_alone_decide(archive, tmp_path):
    for week, shown in enumerate([[A, B], [B], [B, posting("ü")]]):
        run(archive, week, {"moorhen": shown})
    (archive.root / "history.sqlite").write_bytes(b"x")
    copy = Path(shutil.copytree(archive.root, tmp_path / "copy"))
    (copy / "history.sqlite").unlink()
    first, second = raw_market(archive), raw_market(Archive(copy))
    for name in ("postings", "quarantine", "coverage"):
        pdt.assert_frame_equal(getattr(first, name), getattr(second, name))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.booleans()), min_size=1, max_size=8))
def test_sightings_hold_for_any_course_of_events(tmp_path_factory, weeks):
    archive = Archive(tmp_path_factory.mktemp("raw"))
    for week, (names, complete) in enumerate(weeks):
        run(archive, week, {"moorhen": [posting(name) for name in sorted(names)]}, complete=complete)
    postings = raw_market(archive).postings
    for _, found in postings.iterrows():
        name = found["source_posting_id"]
        shown = [week for week, (names, _) in enumerate(weeks) if name in names]
        missed = [week for week, (_, complete) in enumerate(weeks) if complete and week > shown[-1]]
        assert week_of(found["first_seen"]) == shown[0] and week_of(found["last_seen"]) == shown[-1]
        assert week_of(found["closed_date"]) == (missed[0] if len(missed) >= 2 else None)


def reed_job(**fields) -> bytes:
    return json.dumps({"jobId": 7, "jobTitle": "IT PM", "jobUrl": "https://www.reed.co.uk/jobs/7", **fields}).encode()


def test_a_list_entry_and_a_page_make_one_posting(archive):
    listed = json.dumps({"results": [{"jobId": 7, "jobTitle": "IT PM", "locationName": "Leeds"}]}).encode()
    run(archive, 0, {"search": listed, "page": reed_job(jobDescription="<p>PMP</p>")}, source="reed")
    market = raw_market(archive)
    (posting_told,) = market.postings.to_dict("records")
    assert (posting_told["location_raw"], posting_told["description_raw"]) == ("Leeds", "<p>PMP</p>")
    assert market.quarantine.empty


def test_a_list_entry_whose_page_never_came_is_put_aside(archive):
    listed = json.dumps({"results": [{"jobId": 7, "jobTitle": "IT PM"}, {"jobId": 8, "jobTitle": "PM"}]}).encode()
    run(archive, 0, {"search": listed, "page": reed_job(jobDescription="<p>PMP</p>")}, source="reed")
    market = raw_market(archive)
    assert list(market.postings["source_posting_id"]) == ["7"]
    assert market.quarantine[["record", "reason"]].to_numpy().tolist() == [["8", "no text came yet"]]


def test_a_list_seen_again_does_not_blur_what_the_page_said(archive):
    """A week later the search says "Posted 3 Days Ago" anew; the page, which is not asked again, gave the day."""

    def search() -> bytes:
        entry = {
            "title": "TPM",
            "externalPath": "/job/x/TPM_1",
            "locationsText": "2 Locations",
            "postedOn": "Posted 3 Days Ago",
        }
        return json.dumps({"jobPostings": [entry]}).encode()

    info = {"title": "TPM", "jobDescription": "<p>PMP</p>", "location": "Columbus, OH", "startDate": "2026-02-20"}
    page = json.dumps({"jobPostingInfo": info}).encode()
    base = "https://heron.wd5.myworkdayjobs.com/wday/cxs/heron/Careers"
    for week in range(2):
        at, run_id = weeks_later(week), f"w{week}"
        for n, (path, body) in enumerate([("/jobs", search()), ("/job/x/TPM_1", page)][: 2 - week]):
            archive.store(
                "workday",
                base + path,
                body,
                run_id=run_id,
                fetched_at=at + timedelta(seconds=n),
                suffix="json",
                unit="s",
            )
    (row,) = raw_market(archive).postings.to_dict("records")
    assert (row["posted_date"].date().isoformat(), row["posted_date_source"]) == ("2026-02-20", "api")
    assert (row["location_raw"], row["description_raw"]) == ("Columbus, OH", "<p>PMP</p>")
