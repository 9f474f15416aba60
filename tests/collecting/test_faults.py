"""Every way in which a server may fail, lie or lead astray, by name, through a whole run: what the report says of it.

The cases are those that any collector of job boards meets; each is one parameter. ``ok`` means that its posting came.
"""

import gzip
import json
import zlib
from datetime import timedelta
from email.utils import format_datetime

import pytest
import urllib3

from itpm_trends.collecting import addresses
from itpm_trends.collecting.collect import collect
from itpm_trends.collecting.market import raw_market
from itpm_trends.settings import Settings

from .conftest import NOW, cut_chunks, drip, reply, weeks_later

NO_RULES = reply(b"", 404)
JOB = {"id": 1, "title": "IT PM", "content": "&lt;p&gt;PMP&lt;/p&gt;"}
GOOD = json.dumps({"jobs": [JOB]}).encode()
BOARD = "/v1/boards/a/jobs"
PRIVATE = [
    "http://127.0.0.1:9/x",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:10.0.0.1]/x",
    "http://[::1]/x",
    "http://[fe80::1]/x",
    "http://10.1.2.3/x",
    "http://192.168.1.1/x",
    "http://172.16.0.1/x",
    "http://100.64.0.1/x",
    "http://0.0.0.0/x",
    "http://2130706433/x",
    "http://0177.0.0.1/x",
    "file:///etc/passwd",
    "ftp://boards.example/x",
]

LOOPBACK = ["http://127.0.0.1:9/x", "http://[::1]/x", "http://2130706433/x", "http://0177.0.0.1/x"]  # tests live there


def to(location: str, status: int = 302):
    return reply(b"", status, {"Location": location})


def wait(told: str):
    return [reply(b"", 429, {"Retry-After": told}), reply(GOOD)]


def packed(body: bytes, encoding: str = "gzip"):
    return reply(body, headers={"Content-Encoding": encoding})


def short(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(GOOD) + 50))
    handler.end_headers()
    handler.wfile.write(GOOD)
    handler.close_connection = True


def hang_up(handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def rejected_part(n_bad: int, n_good: int) -> bytes:
    good = [{**JOB, "id": n} for n in range(n_good)]
    return json.dumps({"jobs": good + [{"id": 1000 + n} for n in range(n_bad)]}).encode()


ONE_BOARD = {
    "200 ok": (reply(GOOD), "ok"),
    "301 once": (None, "ok"),
    "six redirects": (None, "blocked"),
    "redirect loop": (to(BOARD), "blocked"),
    "redirect without a target": (reply(b"", 302), "blocked"),
    "redirect to a login page": (to("/login"), "blocked"),
    "redirect to sign-in in a path": (to("/users/sign-in"), "blocked"),
    "redirect to a consent page": (to("/consent/"), "blocked"),
    **{f"redirect to {target}": (to(target), "blocked") for target in PRIVATE if target not in LOOPBACK},
    "400": (reply(b"", 400), "error"),
    "401": (reply(b"", 401), "blocked"),
    "403 with a page": (reply(b"<html>Access denied</html>", 403), "blocked"),
    "404": (reply(b"", 404), "error"),
    "410": (reply(b"", 410), "error"),
    "422": (reply(b"", 422), "error"),
    "429, then ok": ([reply(b"", 429), reply(GOOD)], "ok"),
    "429 with Retry-After 1": (wait("1"), "ok"),
    "429 with Retry-After as a date": (wait(format_datetime(NOW + timedelta(seconds=20))), "ok"),
    "429 with Retry-After soon": (wait("soon"), "ok"),
    "429 with Retry-After -5": (wait("-5"), "ok"),
    "429 with Retry-After 86400": (wait("86400"), "deferred"),
    "429 for ever": (reply(b"", 429), "unreached"),
    "500 twice, then ok": ([reply(b"", 500), reply(b"", 500), reply(GOOD)], "ok"),
    "503 for ever": (reply(b"", 503), "unreached"),
    "hangs up": (hang_up, "unreached"),
    "hangs up once": ([hang_up, reply(GOOD)], "ok"),
    "drips a byte at a time": (drip(3, step=0.1), "unreached"),
    "shorter than it says": (short, "unreached"),
    "cut in a chunk": (cut_chunks, "unreached"),
    "gzip": (packed(gzip.compress(GOOD)), "ok"),
    "deflate": (packed(zlib.compress(GOOD), "deflate"), "ok"),
    "gzip bomb": (packed(gzip.compress(b"[" + b" " * 30_000_000)), "error"),
    "bad gzip": (packed(b"no gzip at all"), "error"),
    "half a gzip": (packed(gzip.compress(GOOD)[:-9]), "unreached"),
    "gzip of gzip": (packed(gzip.compress(gzip.compress(GOOD))), "error"),
    "an encoding not asked for": (packed(GOOD, "br"), "error"),
    "wrong charset header": (reply(GOOD, headers={"Content-Type": "application/json; charset=latin-1"}), "ok"),
    "byte order mark": (reply(b"\xef\xbb\xbf" + GOOD), "ok"),
    "UTF-16": (reply(GOOD.decode().encode("utf-16")), "ok"),
    "not UTF-8": (reply(b'{"jobs": "\xff\xfe\xfd"}'), "error"),
    "a page where JSON should be": (reply(b"<!doctype html><title>Jobs</title>"), "error"),
    "an empty body": (reply(b""), "error"),
    "cut JSON": (reply(GOOD[:-8]), "error"),
    "JSON null": (reply(b"null"), "error"),
    "jobs null": (reply(b'{"jobs": null}'), "error"),
    "an error as JSON": (reply(b'{"error": "rate limited"}'), "error"),
    "JSON lines": (reply(GOOD + b"\n" + GOOD), "error"),
    "a key twice": (reply(b'{"jobs": null, "jobs": ' + json.dumps([JOB]).encode() + b"}"), "ok"),
    "NaN": (reply(b'{"jobs": [{"id": 1, "title": "IT PM", "content": "&lt;p&gt;PMP", "pay": NaN}]}'), "ok"),
    "50,000 levels deep": (reply(b'{"jobs": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"), "error"),
    "empty for an unknown name": (reply(b'{"jobs": []}'), "empty"),
    "one record in six rejected": (reply(rejected_part(1, 5)), "ok"),
    "one record in two rejected": (reply(rejected_part(3, 3)), "degraded"),
    "larger than allowed": (reply(b'{"jobs": [' + b" " * (2 * 2**20) + b"]}"), "error"),
}
ROBOTS = {
    "robots 404": (reply(b"", 404), "ok"),
    "robots 500": (reply(b"", 500), "blocked"),
    "robots time out": (drip(3, step=0.1), "unreached"),
    "robots of 600 KiB that forbid at their end": (
        reply(b"#" * 614_400 + b"\nUser-agent: *\nDisallow: /\n"),
        "ok",
    ),
    "robots forbid everything": (reply(b"User-agent: *\nDisallow: /\n"), "blocked"),
    "robots forbid us": (reply(b"User-agent: itpm-trends\nDisallow: /v1/\n"), "blocked"),
    "robots allow the longer path": (reply(b"User-agent: *\nDisallow: /v1/\nAllow: /v1/boards/\n"), "ok"),
    "robots with a byte order mark": (reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), "blocked"),
    "robots with CRLF": (reply(b"User-agent: *\r\nDisallow: /\r\n"), "blocked"),
    "robots redirect elsewhere": (to("http://169.254.169.254/robots.txt"), "blocked"),
}


@pytest.fixture
def outcome(server, archive, session_with):
    """The status of a run over board ``a``; also that nothing was asked beyond it."""

    def of(pages: dict) -> str:
        server.pages = {"/robots.txt": NO_RULES} | pages
        settings = Settings(sources={"greenhouse": {"base_url": server.base_url, "boards": ["a"]}})
        session = session_with(total_timeout=1.0, most_body_mib=1)
        report = collect(archive, settings=settings, now=lambda: weeks_later(0), session=session)
        (source,) = report.sources
        assert (source.status == "ok") == (len(raw_market(archive).postings) > 0 and source.status != "degraded")
        assert source.status in ("ok", "empty", "degraded") or source.reason
        assert report.exit_code == (0 if source.status == "ok" else 1 if source.n_parsed else 2)
        return source.status

    return of


@pytest.mark.parametrize("name", ONE_BOARD)
def test_a_board_that(outcome, server, name):
    answer, status = ONE_BOARD[name]
    pages = {BOARD: answer}
    if name == "301 once":
        pages = {BOARD: to("/moved", 301), "/moved": reply(GOOD)}
    elif name == "six redirects":
        hops = {f"/hop{n}": to(f"/hop{n + 1}", 301) for n in range(7)}
        pages = {BOARD: to("/hop0"), **hops, "/hop7": reply(GOOD)}
    assert outcome(pages) == status


@pytest.mark.parametrize("name", ROBOTS)
def test_a_host_whose(outcome, server, name):
    answer, status = ROBOTS[name]
    assert outcome({"/robots.txt": answer, BOARD: reply(GOOD)}) == status
    if status in ("blocked", "unreached"):
        assert server.n_asked(BOARD) == 0


def page_of(*ids: int) -> bytes:
    return json.dumps([{"id": str(n), "text": "IT PM", "description": "<p>PMP</p>"} for n in ids]).encode()


def full(start: int) -> bytes:
    return page_of(*range(start, start + 100))


PAGES = {
    "one short page": ([page_of(1, 2)], "ok", 2),
    "two pages": ([full(0), page_of(500)], "ok", 101),
    "an empty last page": ([full(0), page_of()], "ok", 100),
    "the same page for ever": ([full(0)], "ok", 100),
    "offsets that begin anew": ([full(0), full(100), full(0)], "ok", 200),
    "a page that moved by one": ([full(0), full(99), page_of(700)], "ok", 200),
    "ids that stand twice": ([page_of(1, 1, 2)], "ok", 2),
    "a second page that fails": ([full(0), reply(b"", 500)], "incomplete", 100),
    "a second page of another kind": ([full(0), reply(b"<html>")], "incomplete", 100),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_site_in_pages_with(server, archive, session_with, name):
    answers, status, n_postings = PAGES[name]
    replies = [answer if callable(answer) else reply(answer) for answer in answers]
    server.pages = {"/robots.txt": NO_RULES, "/v0/postings/a": replies}
    settings = Settings(sources={"lever": {"base_url": server.base_url, "sites": ["a"]}})
    report = collect(archive, settings=settings, now=lambda: weeks_later(0), session=session_with())
    assert (report.sources[0].status, len(raw_market(archive).postings)) == (status, n_postings)


SITEMAPS = {
    "a cycle of sitemaps": "<sitemapindex><sitemap><loc>{base}/sitemap.xml</loc></sitemap></sitemapindex>",
    "a file address": "<urlset><url><loc>file:///etc/passwd</loc></url></urlset>",
    "private addresses": "<urlset>" + "".join(f"<url><loc>{a}</loc></url>" for a in PRIVATE) + "</urlset>",
    "a private sitemap": "<sitemapindex><sitemap><loc>http://169.254.169.254/s.xml</loc></sitemap></sitemapindex>",
    "entities that blow up": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset>&b;</urlset>',
    "an outside entity": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>',
    "no XML": "Not Found",
}


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_sitemap_with(server, other_server, archive, session_with, name):
    body = SITEMAPS[name].replace("{base}", server.base_url).encode()
    server.pages = {"/robots.txt": NO_RULES, "/sitemap.xml": reply(body, headers={"Content-Type": "text/xml"})}
    settings = Settings(sources={"jobposting_pages": {"sitemaps": [f"{server.base_url}/sitemap.xml"]}})
    report = collect(archive, settings=settings, now=lambda: weeks_later(0), session=session_with())
    assert report.exit_code == 2
    assert set(server.asked) <= {"/robots.txt", "/sitemap.xml"} and server.n_asked("/sitemap.xml") <= 2


@pytest.mark.parametrize("target", PRIVATE)
@pytest.mark.parametrize("door", ["redirect", "sitemap", "next page"])
def test_no_door_leads_inside(server, archive, session_with, monkeypatch, target, door):
    """Whichever way a private address is planted, no connection to it is ever begun."""
    begun = []
    own = int(server.base_url.rpartition(":")[2])
    check, connect = addresses.usable_address, urllib3.util.connection.create_connection

    def only_the_server(host, port, **_):
        return "127.0.0.1" if (host, port) == ("127.0.0.1", own) else check(host, port, allow_loopback=False)

    def watched(address, *arguments, **more):
        begun.append(address)
        return connect(address, *arguments, **more)

    monkeypatch.setattr(addresses, "usable_address", only_the_server)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", watched)
    listed = json.dumps({"items": [{"id": "1", "title": "IT PM", "content_html": "<p>PMP</p>"}], "next_url": target})
    doors = {
        "redirect": ("greenhouse", {"base_url": server.base_url, "boards": ["a"]}, {BOARD: to(target)}),
        "sitemap": (
            "jobposting_pages",
            {"sitemaps": [f"{server.base_url}/s.xml"]},
            {"/s.xml": reply(f"<urlset><url><loc>{target}</loc></url></urlset>".encode())},
        ),
        "next page": (
            "teamtailor",
            {"base_url": server.base_url + "/{board}.json", "boards": ["a"]},
            {"/a.json": reply(listed.encode())},
        ),
    }
    source, table, pages = doors[door]
    server.pages = {"/robots.txt": NO_RULES} | pages
    report = collect(
        archive, settings=Settings(sources={source: table}), now=lambda: weeks_later(0), session=session_with(tries=1)
    )
    assert set(begun) == {("127.0.0.1", own)} and report.exit_code in (1, 2)
