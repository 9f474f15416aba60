"""What the session does with servers that fail, lie or lead astray."""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from itpm_trends.collecting.addresses import check_address, usable_address
from itpm_trends.collecting.errors import (
    BudgetSpent,
    Deferred,
    Disallowed,
    FetchError,
    ForbiddenAddress,
    HostRefused,
    HttpStatus,
    RefusedRedirect,
    TooLarge,
    UnexpectedContent,
    Unreachable,
)
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.sources import Quota

from .conftest import DECLARED, NOW, cut_chunks, drip, reply

OK = reply(b'{"jobs": []}')
NO_RULES = reply(b"", 404)


def bomb(size: int = 30_000_000) -> bytes:
    return gzip.compress(b"[" + b" " * size)


def test_an_answer_comes_back_whole(server, session_with):
    server.pages = {"/a": reply(b'{"jobs": []}', headers={"ETag": '"1"'})}
    answer = session_with().get(server.base_url + "/a", expect="json")
    assert (answer.status, answer.body, answer.etag) == (200, b'{"jobs": []}', '"1"')
    assert server.asked == ["/robots.txt", "/a"]
    assert server.headers[1]["User-Agent"].startswith("itpm-trends/") and "(+http" in server.headers[1]["User-Agent"]


def test_a_compressed_answer_is_unpacked(server, session_with):
    server.pages = {"/a": reply(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})}
    assert session_with().get(server.base_url + "/a", expect="json").body == b'{"a": 1}'


def test_an_unchanged_page_is_not_sent_again(server, session_with):
    server.pages = {"/a": reply(b"", 304)}
    known = KnownPage(NOW, "0" * 64, etag='"1"', last_modified="Mon, 02 Mar 2026 06:00:00 GMT")
    assert session_with().get(server.base_url + "/a", expect="json", known=known).not_modified
    assert server.headers[-1]["If-None-Match"] == '"1"' and "If-Modified-Since" in server.headers[-1]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 429])
def test_passing_failures_are_tried_again(server, session_with, sleeper, status):
    server.pages = {"/a": [reply(b"", status), reply(b"", status), OK]}
    session_with().get(server.base_url + "/a", expect="json")
    assert server.n_asked("/a") == 3 and sleeper.slept == [1, 2]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_lasting_failures_are_asked_once(server, session_with, status):
    server.pages = {"/a": reply(b"<html>no</html>", status)}
    with pytest.raises(HttpStatus) as caught:
        session_with().get(server.base_url + "/a", expect="json")
    assert caught.value.code == status and server.n_asked("/a") == 1
    assert caught.value.status == ("blocked" if status in (401, 403) else "error")


@pytest.mark.parametrize(
    "failing",
    [
        reply(b"", 503),
        reply(b'{"jo', headers={"Content-Length": "500", "Connection": "close"}),
        cut_chunks,
        reply(gzip.compress(b'{"a": 1}')[:-9], headers={"Content-Encoding": "gzip"}),
        drip(1.0, step=0.6),
    ],
    ids=["503", "short", "cut chunks", "cut gzip", "silent"],
)
def test_four_failures_are_the_end(server, session_with, failing):
    server.pages = {"/robots.txt": NO_RULES, "/a": failing}
    with pytest.raises(Unreachable):
        session_with(tries=2).get(server.base_url + "/a", expect="json")
    assert server.n_asked("/a") == 2


def test_a_refused_connection_is_unreachable(session_with):
    with pytest.raises(FetchError):
        session_with(tries=2).get("http://127.0.0.1:9/a", expect="json")


def test_a_slow_drip_ends_at_the_total_timeout(server, session_with):
    server.pages = {"/a": drip(5, step=0.02)}
    started = time.monotonic()
    with pytest.raises(Unreachable):
        session_with(tries=1, total_timeout=0.3).get(server.base_url + "/a", expect="json")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        (format_datetime(NOW + timedelta(seconds=30)), 30),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_waited_for(server, session_with, sleeper, told, seconds):
    server.pages = {"/a": [reply(b"", 429, {"Retry-After": told} if told else {}), OK]}
    session_with().get(server.base_url + "/a", expect="json")
    assert sleeper.slept == ([seconds, 1] if seconds else [1])


@pytest.mark.parametrize("told", ["86400", format_datetime(NOW + timedelta(days=1))])
def test_a_long_retry_after_defers_the_source(server, session_with, sleeper, told):
    server.pages = {"/a": reply(b"", 429, {"Retry-After": told})}
    with pytest.raises(Deferred):
        session_with().get(server.base_url + "/a", expect="json")
    assert server.n_asked("/a") == 1 and not sleeper.slept


def test_a_gzip_bomb_is_left_early(server, session_with):
    server.pages = {"/a": reply(bomb(), headers={"Content-Encoding": "gzip"})}
    with pytest.raises(TooLarge):
        session_with().get(server.base_url + "/a", expect="json")


def test_a_body_over_the_limit_is_left(server, session_with):
    server.pages = {"/a": reply(b"[" + b"1," * 700_000)}
    with pytest.raises(TooLarge):
        session_with(most_body_mib=1).get(server.base_url + "/a", expect="json")


@pytest.mark.parametrize(
    ("body", "headers", "expect"),
    [
        (b"<!DOCTYPE html><html>Sign in</html>", {}, "json"),
        (b"\xef\xbb\xbf<html>", {}, "json"),
        (b"", {}, "json"),
        (b"   \n", {}, "html"),
        (b'{"error": "no"}', {}, "html"),
        (b"<html>maintenance</html>", {}, "sitemap"),
        (b"not gzip", {"Content-Encoding": "gzip"}, "json"),
        (b"x", {"Content-Encoding": "br"}, "json"),
        (gzip.compress(gzip.compress(b"{}")), {"Content-Encoding": "gzip"}, "json"),
    ],
    ids=[
        "html",
        "html with mark",
        "empty",
        "blank",
        "json as page",
        "html as sitemap",
        "bad gzip",
        "br",
        "twice",
    ],
)
def test_what_was_not_asked_for_is_never_an_empty_success(server, session_with, body, headers, expect):
    server.pages = {"/a": reply(body, headers=headers)}
    with pytest.raises(UnexpectedContent):
        session_with().get(server.base_url + "/a", expect=expect)


# Robots


def test_robots_txt_is_asked_once_and_obeyed(server, session_with):
    server.pages = {"/robots.txt": reply(b"User-agent: *\nDisallow: /private/\n"), "/a": OK, "/private/b": OK}
    session = session_with()
    session.get(server.base_url + "/a", expect="json")
    with pytest.raises(Disallowed):
        session.get(server.base_url + "/private/b", expect="json")
    assert server.asked == ["/robots.txt", "/a"]


@pytest.mark.parametrize(
    "rules",
    [
        b"User-agent: itpm-trends\nDisallow: /\n\nUser-agent: *\nAllow: /\n",
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n",
        b"User-agent: *\nDisallow: /*?content=\n",
    ],
    ids=["by name", "mark and CRLF", "wildcard"],
)
def test_rules_are_read_as_they_are_written(server, session_with, rules):
    server.pages = {"/robots.txt": reply(rules), "/a": OK}
    with pytest.raises(Disallowed):
        session_with().get(server.base_url + "/a?content=true", expect="json")
    assert server.n_asked("/a") == 0


def test_rules_past_500_kib_are_not_read(server, session_with):
    rules = b"User-agent: *\n" + b"# padding\n" * 60_000 + b"Disallow: /a\n"
    server.pages = {"/robots.txt": reply(rules), "/a": OK}
    assert session_with().get(server.base_url + "/a", expect="json").status == 200


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_rules_everything_may_be_asked(server, session_with, status):
    server.pages = {"/robots.txt": reply(b"", status), "/a": OK}
    assert session_with().get(server.base_url + "/a", expect="json").status == 200


@pytest.mark.parametrize("failing", [reply(b"", 500), reply(b"", 503), reply(b"", 429), drip(1, step=0.6)])
def test_a_host_whose_rules_cannot_be_read_is_left_alone(server, session_with, failing):
    server.pages = {"/robots.txt": failing, "/a": OK}
    session = session_with(tries=1)
    for _ in range(2):
        with pytest.raises(HostRefused):
            session.get(server.base_url + "/a", expect="json")
    assert server.n_asked("/a") == 0 and server.n_asked("/robots.txt") == 1


def test_a_crawl_delay_is_kept(server, session_with, sleeper):
    server.pages = {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 7\n"), "/a": OK}
    session = session_with()
    session.get(server.base_url + "/a", expect="json")
    session.get(server.base_url + "/a", expect="json")
    assert len(sleeper.slept) == 2 and all(6.5 < seconds <= 7 for seconds in sleeper.slept)


def test_a_crawl_delay_of_an_hour_leaves_the_host_alone(server, session_with):
    server.pages = {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 3600\n"), "/a": OK}
    with pytest.raises(HostRefused):
        session_with().get(server.base_url + "/a", expect="json")


def test_the_gap_between_requests_is_kept(server, session_with, sleeper):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with(gap_seconds=1.0)
    for _ in range(3):
        session.get(server.base_url + "/a", expect="json")
    assert len(sleeper.slept) == 3 and all(0.9 < seconds <= 1 for seconds in sleeper.slept)


# Redirects and addresses


def moved(target: str, status: int = 302):
    return reply(b"", status, {"Location": target})


def test_a_redirect_is_followed_and_its_target_checked(server, session_with):
    server.pages = {
        "/robots.txt": reply(b"User-agent: *\nDisallow: /secret\n"),
        "/a": moved("/b", 301),
        "/b": OK,
        "/c": moved("/secret"),
    }
    session = session_with()
    assert session.get(server.base_url + "/a", expect="json").url.endswith("/b")
    with pytest.raises(Disallowed):
        session.get(server.base_url + "/c", expect="json")
    assert server.n_asked("/secret") == 0


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("/loop", RefusedRedirect),
        ("/login?next=/a", RefusedRedirect),
        ("/sso/start", RefusedRedirect),
        ("", RefusedRedirect),
        ("http://169.254.169.254/latest", ForbiddenAddress),
        ("http://[::ffff:10.0.0.1]/", ForbiddenAddress),
        ("http://10.0.0.1/", ForbiddenAddress),
        ("http://2130706433/", HostRefused),
        ("ftp://files.example/x", ForbiddenAddress),
        ("file:///etc/passwd", ForbiddenAddress),
        ("http://127.0.0.1:99999/", ForbiddenAddress),
        ("https://news.example:8443/", ForbiddenAddress),
    ],
)
def test_redirects_that_lead_astray_are_refused(server, session_with, target, error):
    server.pages = {"/loop": moved(target or "")}
    with pytest.raises(error):
        session_with(tries=1).get(server.base_url + "/loop", expect="json")


def test_a_loop_ends_after_five_hops(server, session_with):
    server.pages = {"/loop": moved("/loop")}
    with pytest.raises(RefusedRedirect):
        session_with().get(server.base_url + "/loop", expect="json")
    assert server.n_asked("/loop") == 6


def test_keys_do_not_reach_another_host(server, other_server, session_with):
    server.pages = {"/a": moved(other_server.base_url + "/b"), "/c": moved("/d"), "/d": OK}
    other_server.pages = {"/b": OK}
    session = session_with()
    keys = {"Authorization": "Bearer s3cret", "X-API-Key": "s3cret"}
    session.get(server.base_url + "/a", expect="json", headers=keys)
    session.get(server.base_url + "/c", expect="json", headers=keys)
    assert not any("s3cret" in str(sent) for sent in other_server.headers)
    assert server.headers[-1]["X-API-Key"] == "s3cret"


def test_loopback_needs_permission(server, session_with):
    server.pages = {"/a": OK}
    with pytest.raises(ForbiddenAddress):
        session_with(allow_loopback=False).get(server.base_url + "/a", expect="json")
    assert server.asked == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
     "fc00::1", "fe80::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2130706433", "0177.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_not_visited(host):
    with pytest.raises(ForbiddenAddress):
        usable_address(host, 80, allow_loopback=False)


def test_public_addresses_are_visited():
    assert usable_address("93.184.216.34", 443, allow_loopback=False) == "93.184.216.34"


def test_a_name_with_one_private_address_is_not_visited(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)
    with pytest.raises(ForbiddenAddress):
        usable_address("two-faced.example", 80, allow_loopback=True)


@pytest.mark.parametrize(
    "url", ["gopher://x.example/", "http://x.example:8080/", "http:///a", "http://x.example:99999/"]
)
def test_only_usual_web_addresses_are_asked(url):
    with pytest.raises(ForbiddenAddress):
        check_address(url, allow_loopback=True)


def test_the_budget_of_requests_holds(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with(most_requests_a_source=3)
    session.get(server.base_url + "/a", expect="json")
    session.get(server.base_url + "/a", expect="json")
    with pytest.raises(BudgetSpent):
        session.get(server.base_url + "/a", expect="json")
    other = session.for_source(DECLARED, {})
    assert other.get(server.base_url + "/a", expect="json").status == 200


def test_the_budget_of_a_run_counts_all_its_sources(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with(most_requests_a_run=3)
    first, second = session.for_source(DECLARED, {}), session.for_source(DECLARED, {})
    first.get(server.base_url + "/a")
    second.get(server.base_url + "/a")
    with pytest.raises(BudgetSpent, match="a run"):
        first.get(server.base_url + "/a")


def test_a_source_has_only_its_minutes(server, session_with, sleeper):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with(source_minutes=1).for_source(DECLARED, {})
    session.get(server.base_url + "/a")
    sleeper.sleep(61)
    with pytest.raises(BudgetSpent, match="time"):
        session.get(server.base_url + "/a")


def test_after_a_stop_nothing_is_sent(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with()
    own = session.for_source(DECLARED, {})
    session.stop()
    with pytest.raises(BudgetSpent, match="stopped"):
        own.get(server.base_url + "/a")
    assert server.asked == []


def test_a_quota_counts_earlier_runs(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    declared = replace(DECLARED, quotas=(Quota(2, 1 / 60), Quota(4, 24)))
    sent = {1 / 60: 0, 24: 3}
    session = session_with().for_source(declared, {}, n_sent=sent.__getitem__)
    session.get(server.base_url + "/a")
    sent[24] = 4
    with pytest.raises(Deferred, match="4 requests a day"):
        session.get(server.base_url + "/a")
    assert server.n_asked("/a") == 1


def test_a_source_may_ask_for_a_longer_gap(server, session_with, sleeper):
    server.pages = {"/robots.txt": NO_RULES, "/a": OK}
    session = session_with(gap_seconds=1).for_source(replace(DECLARED, gap_seconds=7), {})
    session.get(server.base_url + "/a")
    assert 6.5 < sleeper.slept[-1] <= 7


def test_a_status_that_means_too_much_ends_the_source(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": reply(b"no", 403)}
    session = session_with().for_source(replace(DECLARED, throttled_by=(403,)), {})
    with pytest.raises(Deferred, match="asked too much"):
        session.get(server.base_url + "/a")
    assert server.n_asked("/a") == 1


def test_a_search_is_posted_once_more_where_the_server_failed(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/search": [reply(b"", 503), OK]}
    answer = session_with().post(server.base_url + "/search", json={"offset": 0}, expect="json")
    assert answer.body == b'{"jobs": []}'
    assert server.bodies[-2:] == [b'{"offset": 0}'] * 2


def test_a_posted_search_is_not_sent_elsewhere(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/search": reply(b"", 307, {"Location": "/other"})}
    with pytest.raises(RefusedRedirect):
        session_with().post(server.base_url + "/search", json={})
    assert server.n_asked("/other") == 0


def test_statuses_that_a_source_means_as_success(server, session_with):
    server.pages = {
        "/robots.txt": NO_RULES,
        "/part": reply(b"{}", 206, {"Content-Range": "offres 0-149/312"}),
        "/none": reply(b"", 204),
    }
    session = session_with()
    part = session.get(server.base_url + "/part", expect="json", accept=(200, 204, 206))
    assert part.body == b"{}" and part.content_range == "offres 0-149/312"
    assert session.get(server.base_url + "/none", expect="json", accept=(200, 204, 206)).body == b""


def test_a_key_that_the_service_repeats_is_blotted_out(server, session_with):
    server.pages = {"/robots.txt": NO_RULES, "/a": reply(b'{"link": "https://x.example/?who=c4nary-key"}')}
    session = session_with().for_source(DECLARED, {"app_key": "c4nary-key"})
    assert b"c4nary-key" not in session.get(server.base_url + "/a").body


def test_two_sources_never_ask_one_host_at_once(server, session_with):
    at_once, most = [0], [0]

    def slow(handler) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        time.sleep(0.05)
        at_once[0] -= 1
        OK(handler)

    server.pages = {"/robots.txt": NO_RULES, "/a": slow}
    session = session_with()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: session.for_source(DECLARED, {}).get(server.base_url + "/a"), range(8)))
    assert most == [1] and server.n_asked("/a") == 8 and server.n_asked("/robots.txt") == 1


def test_every_request_is_told_without_keys(server, session_with):
    told = []
    server.pages = {"/a": OK}
    session = session_with()
    session.on_request = lambda **request: told.append(request)
    session.get(server.base_url + "/a?api_key=s3cret&q=pm", expect="json")
    with pytest.raises(FetchError) as caught:
        session.get(server.base_url + "/missing?api_key=s3cret", expect="json")
    assert [request["status"] for request in told] == [404, 200, 404]
    assert told[1]["url"].endswith("/a?q=pm")
    assert "s3cret" not in str(told) + str(caught.value)
