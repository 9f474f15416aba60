"""Whole runs against a server that fails in places: what came is kept, what did not is said."""

import gzip
import json
import shutil

import pandas.testing as pdt
import pytest

from itpm_trends.collecting.collect import collect, first_answers, planned_requests
from itpm_trends.collecting.errors import RunHeld
from itpm_trends.collecting.history import held
from itpm_trends.collecting.market import raw_market
from itpm_trends.collecting.windows import Window
from itpm_trends.errors import NothingToDo
from itpm_trends.settings import Politeness, Settings

from .conftest import reply, weeks_later

ROBOTS = reply(b"", 404)


def jobs(*ids: int) -> bytes:
    told = [{"id": n, "title": "IT PM", "content": "&lt;p&gt;PMP&lt;/p&gt;"} for n in ids]
    return json.dumps({"jobs": told}).encode()


def page(title: str = "IT PM") -> bytes:
    block = json.dumps({"@type": "JobPosting", "title": title, "description": "PMP", "datePosted": "2026-02-01"})
    return f'<html><script type="application/ld+json">{block}</script></html>'.encode()


def sitemap(base_url: str, pages: dict[str, str | None], kind: str = "url") -> bytes:
    entries = "".join(
        f"<{kind}><loc>{path if ':' in path else base_url + path}</loc>"
        + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")
        + f"</{kind}>"
        for path, lastmod in pages.items()
    )
    root = "urlset" if kind == "url" else "sitemapindex"
    return (
        f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()
    )


@pytest.fixture
def collected(server, archive, session_with):
    def run(week: int = 0, politeness: dict | None = None, **sources):
        settings = Settings(sources=sources)
        return collect(
            archive,
            settings=settings,
            now=lambda: weeks_later(week),
            session=session_with(**(politeness or {})),
        )

    return run


def greenhouse(server, *boards: str) -> dict:
    return {"base_url": server.base_url, "boards": list(boards)}


def board_path(board: str) -> str:
    return f"/v1/boards/{board}/jobs"


def test_everything_came(server, archive, collected):
    server.pages = {
        "/robots.txt": ROBOTS,
        board_path("a"): reply(jobs(1, 2)),
        board_path("b"): reply(jobs(3)),
    }
    report = collected(greenhouse=greenhouse(server, "a", "b"))
    (source,) = report.sources
    assert (source.status, source.n_parsed, source.n_requests) == ("ok", 3, 3)
    assert report.exit_code == 0
    assert raw_market(archive).coverage["is_complete"].tolist() == [True]


def test_one_bad_board_costs_only_itself(server, archive, collected):
    server.pages = {
        "/robots.txt": ROBOTS,
        board_path("a"): reply(b"<html>moved"),
        board_path("b"): reply(jobs(3)),
    }
    report = collected(greenhouse=greenhouse(server, "a", "gone", "b"))
    (source,) = report.sources
    assert (source.status, source.n_parsed, report.exit_code) == ("incomplete", 1, 1)
    assert "and 1 more" in source.reason
    (record,) = archive.runs()
    assert record.units == {"a": False, "gone": False, "b": True}


def test_one_bad_source_costs_only_itself(server, collected):
    server.pages = {"/robots.txt": ROBOTS, board_path("b"): reply(jobs(3)), "/v0/postings/x": reply(b"", 403)}
    report = collected(
        lever={"base_url": server.base_url, "sites": ["x"]},
        greenhouse=greenhouse(server, "b"),
        monster={},
    )
    assert {source.source: source.status for source in report.sources} == {
        "lever": "blocked",
        "greenhouse": "ok",
        "monster": "settings",
    }
    assert report.exit_code == 3


def test_a_fault_of_ours_costs_only_its_source(server, archive, session_with):
    from itpm_trends.collecting.sources import SOURCES, Source

    def broken(*_):
        raise ZeroDivisionError("bug")
        yield

    good = SOURCES["greenhouse"]
    sources = {"lever": Source(good.declaration, lambda _: None, broken, good.parse), "greenhouse": good}
    server.pages = {"/robots.txt": ROBOTS, board_path("b"): reply(jobs(3))}
    settings = Settings(sources={"lever": {}, "greenhouse": greenhouse(server, "b")})
    report = collect(archive, sources, settings, now=lambda: weeks_later(0), session=session_with())
    assert [source.status for source in report.sources] == ["error", "ok"]
    assert "ZeroDivisionError" in report.sources[0].reason and report.exit_code == 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (reply(b'{"jobs": []}'), "empty"),
        (reply(b'{"jobs": null}'), "error"),
        (reply(b"null"), "error"),
        (reply(b"<html>login</html>"), "error"),
        (reply(b"", 403), "blocked"),
        (reply(b"", 404), "error"),
        (reply(b"", 429, {"Retry-After": "86400"}), "deferred"),
        (reply(b"", 302, {"Location": "/login"}), "blocked"),
        (reply(json.dumps({"jobs": [{"id": 1}]}).encode()), "degraded"),
    ],
    ids=["empty", "jobs null", "null", "html", "403", "404", "429", "login", "all rejected"],
)
def test_nothing_came_and_the_report_says_how(server, archive, collected, answer, status):
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): answer}
    report = collected(politeness={"tries": 1}, greenhouse=greenhouse(server, "a"))
    (source,) = report.sources
    assert source.status == status and report.exit_code == 2
    assert source.is_complete == (status in ("empty", "degraded"))
    assert source.is_complete or source.reason


def test_robots_that_forbid_everything_block_the_source(server, collected):
    server.pages = {"/robots.txt": reply(b"User-agent: *\nDisallow: /"), board_path("a"): reply(jobs(1))}
    report = collected(greenhouse=greenhouse(server, "a"))
    assert report.sources[0].status == "blocked" and server.asked == ["/robots.txt"]


def test_a_spent_budget_is_an_incomplete_source(server, collected):
    server.pages = {"/robots.txt": ROBOTS} | {board_path(b): reply(jobs(n)) for n, b in enumerate("abc", start=1)}
    report = collected(politeness={"most_requests_a_source": 3}, greenhouse=greenhouse(server, "a", "b", "c"))
    assert (report.sources[0].status, report.sources[0].n_parsed) == ("incomplete", 2)


def test_an_unchanged_board_is_not_sent_again_and_stays_open(server, archive, collected):
    tagged = reply(jobs(1), headers={"ETag": '"1"'})
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): [tagged, reply(b"", 304)]}
    for week in range(3):
        report = collected(week, greenhouse=greenhouse(server, "a"))
    assert report.exit_code == 0 and report.sources[0].n_unchanged == 1
    assert server.headers[-1]["If-None-Match"] == '"1"'
    (posting,) = raw_market(archive).postings.to_dict("records")
    assert posting["last_seen"].date() == weeks_later(2).date()


def test_a_forgotten_history_costs_requests_but_no_row(server, archive, collected):
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): reply(jobs(1), headers={"ETag": '"1"'})}
    collected(0, greenhouse=greenhouse(server, "a"))
    before = raw_market(archive).postings
    for path in archive.root.glob("history.sqlite*"):
        path.unlink()
    pdt.assert_frame_equal(raw_market(archive).postings, before)
    assert collected(1, greenhouse=greenhouse(server, "a")).exit_code == 0
    assert "If-None-Match" not in server.headers[-1]


def test_a_page_whose_body_was_lost_is_asked_for_again(server, archive, collected):
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): reply(jobs(1), headers={"ETag": '"1"'})}
    collected(0, greenhouse=greenhouse(server, "a"))
    shutil.rmtree(archive.root / "greenhouse")
    collected(1, greenhouse=greenhouse(server, "a"))
    assert "If-None-Match" not in server.headers[-1]
    assert len(raw_market(archive).postings) == 1


@pytest.mark.parametrize(
    "table",
    [
        {"boards": []},
        {"boards": "a"},
        {"boards": [1]},
        {"boards": ["../x"]},
        {"boards": ["a?b=c"]},
        {"boards": ["a"], "token": "x"},
        "a",
    ],
)
def test_wrong_settings_are_told_before_anything_is_asked(server, collected, table):
    report = collected(greenhouse=table)
    assert report.exit_code == 3 and report.sources[0].status == "settings" and server.asked == []
    assert "[sources.greenhouse]" in report.sources[0].reason


@pytest.mark.parametrize(
    "table", [{"sitemaps": ["file:///etc/passwd"]}, {"sitemaps": ["https://x.example"], "only": "("}]
)
def test_wrong_sitemaps_are_told(collected, table):
    assert collected(jobposting_pages=table).exit_code == 3


def test_without_sources_there_is_nothing_to_do(archive):
    with pytest.raises(NothingToDo):
        collect(archive, settings=Settings(), now=lambda: weeks_later(0))


def test_a_second_run_is_turned_away(archive, collected, server):
    with held(archive.root, since=weeks_later(0)), pytest.raises(RunHeld):
        collected(greenhouse=greenhouse(server, "a"))


def test_keys_stay_out_of_every_file(server, archive, collected):
    server.pages = {"/robots.txt": ROBOTS}
    sources = {"jobposting_pages": {"sitemaps": [f"{server.base_url}/sitemap.xml?api_key=c4nary"]}}
    report = collected(**sources)
    assert report.exit_code == 2 and "c4nary" not in str(report)
    kept = [path for path in archive.root.rglob("*") if path.is_file()]
    assert len(kept) >= 2
    assert not [path for path in kept if b"c4nary" in path.read_bytes()]


@pytest.mark.parametrize("killed_at", range(1, 6))
def test_a_killed_run_is_made_good_by_the_next(server, archive, collected, monkeypatch, tmp_path, killed_at):
    from itpm_trends.collecting.archive import Archive

    boards = {board_path(name): reply(jobs(n, n + 10)) for n, name in enumerate("abc", start=1)}
    server.pages = {"/robots.txt": ROBOTS} | boards
    n_kept = 0
    store = Archive.store

    def killed(self, *args, **kwargs):
        nonlocal n_kept
        n_kept += 1
        if n_kept == killed_at:
            raise KeyboardInterrupt
        return store(self, *args, **kwargs)

    monkeypatch.setattr(Archive, "store", killed)
    table = greenhouse(server, "a", "b", "c")
    for _attempt in range(2):
        try:
            report = collected(0, greenhouse=table)
        except KeyboardInterrupt:
            continue
    assert report.exit_code == 0
    postings = raw_market(archive).postings
    assert sorted(postings["source_posting_id"], key=int) == ["1", "2", "3", "11", "12", "13"]
    assert postings["posting_id"].is_unique


def test_two_runs_at_one_moment_keep_both_records(server, archive, collected):
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): [reply(jobs(1)), reply(jobs(1, 2))]}
    ids = {collected(0, greenhouse=greenhouse(server, "a")).run_id for _ in range(2)}
    assert len(ids) == 2 and len(list(archive.runs())) == 2
    assert len(raw_market(archive).postings) == 2


# Lever's pages


def lever_page(ids) -> bytes:
    return json.dumps([{"id": str(n), "text": "PM", "description": "PMP"} for n in ids]).encode()


def lever_pages(server, pages: dict[int, bytes], otherwise: bytes | None = None):
    def send(handler):
        skip = int(handler.path.partition("skip=")[2].partition("&")[0])
        reply(pages.get(skip, otherwise if otherwise is not None else b"[]"))(handler)

    server.pages = {"/robots.txt": ROBOTS, "/v0/postings/x": send}
    return {"base_url": server.base_url, "sites": ["x"]}


@pytest.mark.parametrize(
    ("pages", "otherwise", "n_asked"),
    [
        ({0: lever_page(range(40))}, None, 1),
        ({0: lever_page(range(100))}, None, 2),
        ({0: lever_page(range(100)), 100: lever_page(range(100, 130))}, None, 2),
        ({0: lever_page(range(100)), 100: lever_page(range(99, 199))}, None, 3),
        ({}, lever_page(range(100)), 2),
    ],
    ids=["one", "exactly one", "two", "shifted by one", "the same for ever"],
)
def test_pages_are_read_until_nothing_new_comes(server, archive, collected, pages, otherwise, n_asked):
    report = collected(lever=lever_pages(server, pages, otherwise))
    assert report.exit_code == 0 and server.n_asked("/v0/postings/x") == n_asked
    ids = {int(record["id"]) for body in [*pages.values(), otherwise or b"[]"] for record in json.loads(body)}
    assert set(raw_market(archive).postings["source_posting_id"]) == {str(n) for n in ids}


def test_endless_pages_end_as_incomplete(server, collected, monkeypatch):
    monkeypatch.setattr("itpm_trends.collecting.sources._paging.MOST_PAGES", 3)
    pages = {skip: lever_page(range(skip, skip + 100)) for skip in range(0, 1000, 100)}
    report = collected(lever=lever_pages(server, pages))
    assert (report.sources[0].status, report.sources[0].n_parsed) == ("incomplete", 300)
    assert server.n_asked("/v0/postings/x") == 3


# Sitemaps


def test_pages_of_a_sitemap_are_fetched_once_until_they_change(server, archive, collected):
    sources = {"jobposting_pages": {"sitemaps": [f"{server.base_url}/sitemap.xml"], "only": "/jobs/"}}
    dated = {"/jobs/1": "2026-02-01", "/jobs/2": weeks_later(1).isoformat(), "/jobs/3": None, "/about": None}
    server.pages = {"/robots.txt": ROBOTS, "/sitemap.xml": reply(sitemap(server.base_url, dated))}
    server.pages |= {f"/jobs/{n}": reply(page(f"PM {n}")) for n in (1, 2, 3)}
    assert collected(0, **sources).sources[0].n_parsed == 3
    report = collected(2, **sources)
    assert (report.sources[0].n_unchanged, report.exit_code) == (1, 0)
    assert collected(3, **sources).sources[0].n_unchanged == 2
    assert [server.n_asked(f"/jobs/{n}") for n in (1, 2, 3)] == [1, 2, 3] and server.n_asked("/about") == 0
    postings = raw_market(archive).postings
    assert (postings["last_seen"].dt.date == weeks_later(3).date()).all()
    assert set(postings["source_posting_id"]) == {f"127.0.0.1/jobs/{n}" for n in (1, 2, 3)}


def test_a_page_changed_on_the_day_it_was_fetched_is_asked_again(server, collected):
    sources = {"jobposting_pages": {"sitemaps": [f"{server.base_url}/sitemap.xml"]}}
    today = weeks_later(0).date().isoformat()
    server.pages = {
        "/robots.txt": ROBOTS,
        "/sitemap.xml": reply(sitemap(server.base_url, {"/jobs/1": today})),
        "/jobs/1": reply(page()),
    }
    for week in range(3):
        collected(week, **sources)
    assert server.n_asked("/jobs/1") == 2


def test_indexes_gzip_and_robots_lead_to_the_pages(server, collected):
    robots = f"User-agent: *\nSitemap: {server.base_url}/index.xml\n".encode()
    index = sitemap(server.base_url, {"/a.xml.gz": None, "/index.xml": None, "/b.xml": None}, "sitemap")
    server.pages = {
        "/robots.txt": reply(robots),
        "/index.xml": reply(index),
        "/a.xml.gz": reply(gzip.compress(sitemap(server.base_url, {"/jobs/1": None}))),
        "/b.xml": reply(sitemap(server.base_url, {"/jobs/2": None})),
        "/jobs/1": reply(page("one")),
        "/jobs/2": reply(page("two")),
    }
    report = collected(jobposting_pages={"sitemaps": [server.base_url]})
    assert (report.exit_code, report.sources[0].n_parsed) == (0, 2)
    assert server.n_asked("/index.xml") == 1


def test_a_page_that_is_gone_closes_and_one_that_fails_does_not(server, archive, collected):
    sources = {"jobposting_pages": {"sitemaps": [f"{server.base_url}/{name}.xml" for name in ("a", "b")]}}
    server.pages = {
        "/robots.txt": ROBOTS,
        "/a.xml": reply(sitemap(server.base_url, {"/jobs/1": None})),
        "/b.xml": reply(sitemap(server.base_url, {"/jobs/2": None})),
        "/jobs/1": [reply(page("one")), reply(b"", 410)],
        "/jobs/2": [reply(page("two")), reply(b"", 503)],
    }
    for week in range(3):
        report = collected(week, politeness={"tries": 1}, **sources)
    assert report.exit_code == 2 and "1 of 1 pages failed" in report.sources[0].reason
    closed = raw_market(archive).postings.set_index("title")["closed_date"]
    assert closed["one"].date() == weeks_later(1).date() and closed.isna()["two"]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:22/",
        "ftp://x.example/1",
    ],
)
def test_addresses_in_sitemaps_are_checked(server, collected, address):
    listed = sitemap(server.base_url, {address: None, "/jobs/1": None})
    server.pages = {"/robots.txt": ROBOTS, "/sitemap.xml": reply(listed), "/jobs/1": reply(page())}
    report = collected(jobposting_pages={"sitemaps": [f"{server.base_url}/sitemap.xml"]}, politeness={"tries": 1})
    assert (report.sources[0].status, report.sources[0].n_parsed) == ("incomplete", 1)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        b"<urlset><url><loc>",
        b"<html>none</html>",
        gzip.compress(b"<urlset/>")[:-3],
        gzip.compress(b" " * 60_000_000),
    ],
    ids=["entities", "cut", "html", "cut gzip", "bomb"],
)
def test_a_sitemap_that_cannot_be_read_is_incomplete(server, collected, body):
    server.pages = {"/robots.txt": ROBOTS, "/sitemap.xml": reply(body)}
    report = collected(jobposting_pages={"sitemaps": [f"{server.base_url}/sitemap.xml"]})
    assert report.exit_code == 2 and not report.sources[0].is_complete


def jobtech(server, **more) -> dict:
    return {"base_url": server.base_url, "history_url": server.base_url, "searches": ["it pm"], **more}


def adverts(*ids: int) -> bytes:
    hits = [{"id": str(n), "headline": "IT PM", "description": {"text": "PMP"}} for n in ids]
    return json.dumps({"total": {"value": len(hits)}, "hits": hits}).encode()


def backfilled(server, archive, session_with, since: str, week: int = 0):
    settings = Settings(sources={"jobtech": jobtech(server)})
    return collect(
        archive, settings=settings, now=lambda: weeks_later(week), session=session_with(), since=Window.named(since)
    )


def test_a_history_is_walked_month_by_month_and_taken_up_where_it_stopped(server, archive, session_with):
    server.pages = {"/robots.txt": ROBOTS, "/search": [reply(adverts(1)), reply(b"", 404), reply(adverts(3))]}
    report = backfilled(server, archive, session_with, "2025-12")
    assert (report.sources[0].status, report.exit_code) == ("incomplete", 1)
    (record,) = archive.runs()
    assert record.kind == "backfill" and record.units == {"2025-12": True, "2026-01": False, "2026-02": True}
    server.pages["/search"] = reply(adverts(2))
    n_before = server.n_asked("/search")
    assert backfilled(server, archive, session_with, "2025-12", week=1).exit_code == 0
    assert server.n_asked("/search") == n_before + 1
    assert set(raw_market(archive).postings["source_posting_id"]) == {"1", "2", "3"}
    done = backfilled(server, archive, session_with, "2025-12", week=1)
    assert done.exit_code == 0 and "came completely before" in done.sources[0].reason
    covered = raw_market(archive).coverage
    assert covered["kind"].tolist() == ["history"] * 3 and covered["is_complete"].all()


def test_a_source_without_history_says_so(server, archive, session_with):
    settings = Settings(sources={"remotive": {"base_url": server.base_url}})
    report = collect(
        archive, settings=settings, now=lambda: weeks_later(0), session=session_with(), since=Window.named("2026-01")
    )
    assert report.exit_code == 3 and "keeps no open history" in report.sources[0].reason


def test_a_fall_by_half_is_suspicious_and_told(server, collected):
    many, few = reply(jobs(*range(20))), reply(jobs(*range(8)))
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): [many, many, few]}
    for week in range(2):
        assert collected(week, greenhouse=greenhouse(server, "a")).exit_code == 0
    (source,) = collected(2, greenhouse=greenhouse(server, "a")).sources
    assert source.status == "suspicious" and "(20, 20)" in source.reason


def test_a_quota_holds_over_runs(server, collected):
    server.pages = {"/robots.txt": ROBOTS, "/api/v2/remote-jobs": reply(b'{"jobs": []}')}
    table = {"base_url": server.base_url}
    assert collected(jobicy=table).sources[0].status == "empty"
    (source,) = collected(jobicy=table).sources
    assert source.status == "deferred" and "1 request an hour" in source.reason
    assert server.n_asked("/api/v2/remote-jobs") == 1


def test_a_dry_run_names_the_first_requests_and_sends_none(server):
    sources = {
        "greenhouse": greenhouse(server, "a", "b"),
        "adzuna": {"base_url": server.base_url, "searches": ["it pm"], "countries": ["gb"]},
        "workday": {"base_url": server.base_url, "sites": ["x.wd1/Jobs"], "searches": ["pm"]},
    }
    planned = list(planned_requests(Settings(sources=sources), as_of=weeks_later(0).date()))
    assert [name for name, _ in planned] == ["greenhouse", "greenhouse", "adzuna", "workday"]
    assert planned[0][1] == f"GET {server.base_url}{board_path('a')}?content=true"
    assert "app_key" not in planned[2][1] and planned[3][1].startswith("POST ") and server.asked == []
    months = planned_requests(
        Settings(sources={"jobtech": jobtech(server)}), as_of=weeks_later(0).date(), since=Window.named("2026-01")
    )
    assert len(list(months)) == 2


def test_first_answers_are_looked_at_and_not_kept(server):
    server.pages = {"/robots.txt": ROBOTS, board_path("a"): reply(jobs(1, 2)), "/api/remote-jobs": reply(b"<html>")}
    politeness = Politeness(allow_loopback=True, gap_seconds=0, tries=1)
    tables = {"greenhouse": greenhouse(server, "a"), "remotive": {"base_url": server.base_url}}
    told = list(first_answers(Settings(politeness=politeness, sources=tables), now=lambda: weeks_later(0)))
    assert told[0] == ("greenhouse", 2, None)
    assert told[1][:2] == ("remotive", 0) and "sent an HTML page" in told[1][2]
