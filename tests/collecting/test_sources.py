"""What each source asks, on loopback: addresses, pages, keys, what is known already; a failing part costs itself."""

import json
from base64 import b64encode
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from itpm_trends.collecting.errors import Deferred, FetchError, Incomplete, UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.sources import SOURCES, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._paging import pages
from itpm_trends.collecting.windows import Window, months
from itpm_trends.errors import SettingsError

from .conftest import NOW, reply

TODAY = NOW.date()
MARCH = Window.named("2024-03")
NO_RULES = reply(b"", 404)


def told(value: object):
    return reply(json.dumps(value).encode())


@pytest.fixture
def asked(server, session_with):
    """Run ``fetch`` (or ``backfill`` of a month) of a source and give back its events."""

    def run(name: str, table: dict, *, keys=None, known=None, window=None) -> list:
        source = SOURCES[name]
        source.check_settings(table)
        session = session_with(tries=1).for_source(source.declaration, keys or {})
        server.pages.setdefault("/robots.txt", NO_RULES)
        if window:
            return list(source.backfill(session, table, window))
        return list(source.fetch(session, table, known or {}, TODAY))

    return run


def of(kind: type, events: list) -> list:
    return [event for event in events if isinstance(event, kind)]


def ends(events: list) -> dict[str, bool]:
    return {end.unit: end.is_complete for end in of(UnitEnd, events)}


def queries(server, path: str) -> list[dict]:
    parts = [urlsplit(each) for each in server.asked]
    return [{k: v[0] for k, v in parse_qs(part.query).items()} for part in parts if part.path == path]


def known_page(url: str) -> dict:
    return {url: KnownPage(NOW, "0" * 64)}


BOARDS = {
    "greenhouse": ("boards", "", "/v1/boards/{}/jobs", {"jobs": []}),
    "ashby": ("boards", "", "/posting-api/job-board/{}", {"jobs": []}),
    "lever": ("sites", "", "/v0/postings/{}", []),
    "recruitee": ("boards", "/{board}/api/offers/", "/{}/api/offers/", {"offers": []}),
    "personio": ("boards", "/{board}/xml", "/{}/xml", "<workzag-jobs/>"),
    "teamtailor": ("boards", "/{board}/jobs.json", "/{}/jobs.json", {"items": []}),
    "workable": ("boards", "/{board}/widget", "/{}/widget", {"jobs": []}),
    "bamboohr": ("boards", "/{board}", "/{}/careers/list", {"result": []}),
}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_that_fails_costs_only_itself(server, asked, name):
    key, address, path, body = BOARDS[name]
    whole = reply(body.encode()) if isinstance(body, str) else told(body)
    server.pages = {path.format("heron"): whole, path.format("egret"): reply(b"", 404), path.format("crane"): whole}
    events = asked(name, {key: ["heron", "egret", "crane", "heron"], "base_url": server.base_url + address})
    assert ends(events) == {"heron": True, "egret": False, "crane": True}
    assert [event.unit for event in of(Fetched, events)] == ["heron", "crane"]
    assert all(event.body for event in of(Fetched, events))


@pytest.mark.parametrize("name", ["greenhouse", "ashby", "recruitee", "personio", "workable"])
def test_an_unchanged_board_is_not_sent_again(server, asked, name):
    key, address, path, _ = BOARDS[name]
    server.pages = {path.format("heron"): reply(b"", 304)}
    table = {key: ["heron"], "base_url": server.base_url + address}
    (first,) = [line for line in asked(name, table) if isinstance(line, Unchanged)]
    page = {first.url: KnownPage(NOW, "0" * 64, etag='"7"')}
    (event, end) = asked(name, table, known=page)
    assert isinstance(event, Unchanged) and end.is_complete
    assert server.headers[-1]["If-None-Match"] == '"7"'


@pytest.mark.parametrize("wrong", [["../x"], ["a?b"], ["a/b"], [""], "a", [7]])
@pytest.mark.parametrize("name", BOARDS)
def test_a_name_cannot_change_the_address_it_is_put_into(name, wrong):
    with pytest.raises(SettingsError):
        SOURCES[name].check_settings({BOARDS[name][0]: wrong})


FEEDS = {
    "remotive": ("/api/remote-jobs", {"jobs": []}),
    "remoteok": ("/api", [{"legal": "x"}]),
    "jobicy": ("/api/v2/remote-jobs", {"jobs": []}),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_asked_once(server, asked, name):
    path, body = FEEDS[name]
    server.pages = {path: told(body)}
    events = asked(name, {"base_url": server.base_url})
    assert [type(event) for event in events] == [Fetched, UnitEnd] and server.n_asked(path) == 1
    server.pages[path] = reply(b"", 500)
    assert list(ends(asked(name, {"base_url": server.base_url})).values()) == [False]


def test_we_work_remotely_is_asked_by_category_and_its_pages_never(server, asked):
    server.pages = {"/categories/a.rss": reply(b"<rss><channel/></rss>")}
    events = asked("weworkremotely", {"base_url": server.base_url, "categories": ["a", "b"]})
    assert ends(events) == {"a": True, "b": False}
    assert all(path.startswith("/categories/") for path in server.asked[1:])


def test_himalayas_walks_by_cursor_and_stops_where_it_repeats(server, asked):
    def page(guid, cursor):
        return told({"jobs": [{"guid": guid}], "nextCursor": cursor})

    server.pages = {"/jobs/api/search": [page("1", "a"), page("2", "b"), page("2", "b")]}
    events = asked("himalayas", {"base_url": server.base_url, "searches": ["it pm"]})
    assert [query.get("cursor") for query in queries(server, "/jobs/api/search")] == [None, "a", "b"]
    assert len(of(Fetched, events)) == 2 and ends(events) == {"it pm": True}


def test_arbeitnow_follows_the_link_to_the_next_page_on_its_own_host_only(server, asked):
    def page(slug, following):
        return told({"data": [{"slug": slug}], "links": {"next": following}})

    path = "/api/job-board-api"
    server.pages = {path: [page("1", f"{server.base_url}{path}?page=2"), page("2", None)]}
    assert len(of(Fetched, asked("arbeitnow", {"base_url": server.base_url}))) == 2
    server.pages[path] = page("1", "https://elsewhere.example/api?page=2")
    assert ends(asked("arbeitnow", {"base_url": server.base_url})) == {"newest": False}


def test_hacker_news_asks_for_the_threads_of_postings_only(server, asked):
    stories = [
        {"objectID": str(n), "title": f"Ask HN: Who {what}? ({month} 2026)", "created_at": f"2026-0{n}-01T15:00:00Z"}
        for n, (what, month) in enumerate([("is hiring", "January"), ("wants to be hired", "February"),
                                           ("is hiring", "February"), ("is hiring", "March")], 1)
    ]  # fmt: skip
    thread = told({"title": "Ask HN: Who is hiring? (March 2026)", "children": []})
    server.pages = {"/api/v1/search_by_date": told({"hits": stories})} | {
        f"/api/v1/items/{n}": thread for n in range(9)
    }
    events = asked("hackernews", {"base_url": server.base_url})
    assert server.asked[2:] == ["/api/v1/items/4", "/api/v1/items/3"]
    assert ends(events) == {"2026-04": True, "2026-03": True}


def test_reed_asks_for_each_whole_text_once_with_the_key_in_a_header(server, asked):
    search = told({"results": [{"jobId": 1}, {"jobId": 2}], "totalResults": 2})
    server.pages = {"/api/1.0/search": search} | {f"/api/1.0/jobs/{n}": told({"jobId": n}) for n in (1, 2)}
    table = {"base_url": server.base_url, "searches": ["it pm", "scrum master"]}
    known = known_page(f"{server.base_url}/api/1.0/jobs/2")
    events = asked("reed", table, keys={"key": "c4nary"}, known=known)
    assert server.n_asked("/api/1.0/jobs/1") == 1 and server.n_asked("/api/1.0/jobs/2") == 0
    assert len(of(Unchanged, events)) == 1
    assert server.headers[-1]["Authorization"] == "Basic " + b64encode(b"c4nary:").decode()
    assert not any("c4nary" in event.url for event in of(Fetched, events))


def test_the_muse_counts_pages_from_zero_and_takes_403_for_too_much(server, asked):
    full = [{"id": n} for n in range(20)]
    server.pages = {"/api/public/jobs": [told({"results": full}), told({"results": [{"id": 99}]})]}
    table = {"base_url": server.base_url, "categories": ["IT"]}
    asked("themuse", table, keys={"api_key": "c4nary"})
    assert [query["page"] for query in queries(server, "/api/public/jobs")] == ["0", "1"]
    server.pages["/api/public/jobs"] = reply(b"", 403)
    with pytest.raises(Deferred) as caught:
        asked("themuse", table, keys={"api_key": "c4nary"})
    assert "c4nary" not in str(caught.value)


def test_adzuna_asks_country_by_country_with_both_keys(server, asked):
    server.pages = {f"/v1/api/jobs/{country}/search/1": told({"results": []}) for country in ("gb", "us")}
    keys = {"app_id": "c4nary-id", "app_key": "c4nary-key"}
    events = asked("adzuna", {"base_url": server.base_url, "searches": ["it pm"]}, keys=keys)
    assert ends(events) == {"gb: it pm": True, "us: it pm": True}
    (query,) = queries(server, "/v1/api/jobs/gb/search/1")
    assert query["app_id"] == "c4nary-id" and query["max_days_old"] == "7" and query["results_per_page"] == "50"


def test_usajobs_sends_the_users_own_address_and_key(server, asked):
    server.pages = {"/api/Search": told({"SearchResult": {"SearchResultCountAll": 0, "SearchResultItems": []}})}
    keys = {"email": "me@kestrel.example", "key": "c4nary"}
    asked("usajobs", {"base_url": server.base_url}, keys=keys)
    assert server.headers[-1]["User-Agent"] == "me@kestrel.example"
    assert server.headers[-1]["Authorization-Key"] == "c4nary"


def test_usajobs_history_asks_for_announcements_and_texts_week_by_week(server, asked):
    page = told({"paging": {"next": None}, "data": []})
    server.pages = {"/api/historicjoa": page, "/api/historicjoa/announcementtext": page}
    events = asked("usajobs_history", {"base_url": server.base_url}, window=MARCH)
    spans = [(q["StartPositionOpenDate"], q["EndPositionOpenDate"]) for q in queries(server, "/api/historicjoa")]
    assert spans[0] == ("2024-03-01", "2024-03-07") and spans[-1] == ("2024-03-29", "2024-03-31") and len(spans) == 5
    assert server.n_asked("/api/historicjoa/announcementtext") == 5
    assert ends(events) == {"2024-03": True} and {event.unit for event in of(Fetched, events)} == {"2024-03"}


def test_usajobs_history_follows_the_token_and_misses_nothing_unsaid(server, asked):
    first = {"paging": {"next": "/api/historicjoa?continuationtoken=t"}, "data": [{"usajobsControlNumber": 1}]}
    last = {"paging": {"metadata": {"totalCount": 3}, "next": None}, "data": [{"usajobsControlNumber": 2}]}
    server.pages = {"/api/historicjoa": [told(first), told(last)]}
    with pytest.raises(Incomplete, match="3 postings, but showed 2"):
        asked("usajobs_history", {"base_url": server.base_url}, window=MARCH)
    assert server.asked[-1] == "/api/historicjoa?continuationtoken=t"


def test_jobtech_asks_the_last_fortnight_and_its_history_by_month(server, asked):
    server.pages = {"/search": told({"total": {"value": 0}, "hits": []})}
    table = {"base_url": server.base_url, "history_url": server.base_url, "searches": ["projektledare"]}
    asked("jobtech", table)
    assert queries(server, "/search")[-1]["published-after"] == "2026-02-16T00:00:00"
    events = asked("jobtech", table, window=MARCH)
    query = queries(server, "/search")[-1]
    assert (query["published-after"], query["published-before"]) == ("2024-03-01T00:00:00", "2024-03-31T23:59:59")
    assert ends(events) == {"2024-03": True}


def test_jobtech_says_so_where_it_shows_fewer_than_it_counts(server, asked):
    server.pages = {"/search": told({"total": {"value": 5}, "hits": [{"id": "1"}]})}
    table = {"base_url": server.base_url, "searches": ["projektledare"]}
    assert ends(asked("jobtech", table)) == {"projektledare": False}


def test_job_bank_finds_the_file_of_a_month_in_the_catalogue(server, asked):
    def file(month: str, tongue: str = "en") -> dict:
        return {"url": f"{server.base_url}/files/all-job-postings-{tongue}-{month}.csv"}

    catalogue = {"result": {"resources": [file("march2024"), file("march2024", "fr"), file("april2024")]}}
    server.pages = {
        "/data/api/action/package_show": told(catalogue),
        "/files/all-job-postings-en-march2024.csv": reply(b"Job Title,NOC21 Code\n"),
        "/files/all-job-postings-en-april2024.csv": reply(b"Job Title,NOC21 Code\n"),
    }
    table = {"base_url": server.base_url}
    events = asked("jobbank_canada", table, window=MARCH)
    assert [event.unit for event in of(Fetched, events)] == ["2024-03"] and server.asked[-1].endswith("march2024.csv")
    with pytest.raises(FetchError, match="2024-03 to 2024-04"):
        asked("jobbank_canada", table, window=Window.named("2022-01"))
    newest = f"{server.base_url}/files/all-job-postings-en-april2024.csv"
    assert [event.url for event in of(Unchanged, asked("jobbank_canada", table, known=known_page(newest)))] == [newest]


def test_workday_posts_its_searches_and_stops_where_the_pages_begin_anew(server, asked):
    def page(start: int):
        jobs = [{"externalPath": f"/job/x/{n}"} for n in range(start, start + 20)]
        return told({"total": 2000, "jobPostings": jobs})

    path = "/wday/cxs/heron/Careers"
    server.pages = {f"{path}/jobs": [page(0), page(20), page(0)]}
    server.pages |= {f"{path}/job/x/{n}": told({"jobPostingInfo": {"title": "PM"}}) for n in range(40)}
    known = known_page(f"{server.base_url}{path}/job/x/7")
    table = {"base_url": server.base_url, "sites": ["heron.wd5/Careers"], "searches": ["it pm"]}
    events = asked("workday", table, known=known)
    bodies = [json.loads(body) for body in server.bodies if body]
    assert [body["offset"] for body in bodies] == [0, 20, 40] and {body["limit"] for body in bodies} == {20}
    assert server.n_asked(f"{path}/job/x/3") == 1 and server.n_asked(f"{path}/job/x/7") == 0
    assert len(of(Unchanged, events)) == 1 and ends(events) == {"heron.wd5/Careers": True}


def test_bamboohr_asks_for_each_page_it_does_not_know(server, asked):
    server.pages = {"/heron/careers/list": told({"result": [{"id": "1"}, {"id": "2"}]})}
    server.pages["/heron/careers/2/detail"] = told({"result": {"jobOpening": {}}})
    table = {"base_url": server.base_url + "/{board}", "boards": ["heron"]}
    events = asked("bamboohr", table, known=known_page(f"{server.base_url}/heron/careers/1/detail"))
    assert server.n_asked("/heron/careers/1/detail") == 0 and server.n_asked("/heron/careers/2/detail") == 1
    assert len(of(Unchanged, events)) == 1


def test_the_bundesagentur_is_asked_for_a_week_and_each_page_once(server, asked):
    service = "/jobboerse/jobsuche-service/pc"
    page = f"{service}/v4/jobdetails/{b64encode(b'10-1-S').decode()}"
    server.pages = {f"{service}/v6/jobs": told({"ergebnisliste": [{"referenznummer": "10-1-S"}]})}
    server.pages[page] = told({"referenznummer": "10-1-S"})
    asked("bundesagentur", {"base_url": server.base_url, "searches": ["a", "b"]})
    assert queries(server, f"{service}/v6/jobs")[0]["veroeffentlichtseit"] == "7"
    assert sum("jobdetails" in path for path in server.asked) == 1


def test_france_travail_asks_for_a_token_and_takes_206_and_204_for_what_they_are(server, asked):
    offers = [{"id": str(n)} for n in range(150)]
    server.pages = {
        "/token": told({"access_token": "t0ken"}),
        "/partenaire/offresdemploi/v2/offres/search": [
            reply(json.dumps({"resultats": offers}).encode(), 206), reply(b"", 204),
        ],
    }  # fmt: skip
    keys = {"client_id": "c4nary-id", "client_secret": "c4nary-secret"}
    table = {"base_url": server.base_url, "token_url": f"{server.base_url}/token", "searches": ["scrum master"]}
    events = asked("france_travail", table, keys=keys)
    assert [q["range"] for q in queries(server, "/partenaire/offresdemploi/v2/offres/search")] == ["0-149", "150-299"]
    assert b"client_secret=c4nary-secret" in server.bodies[1] and server.headers[-1]["Authorization"] == "Bearer t0ken"
    assert ends(events) == {"scrum master": True} and not any("c4nary" in event.url for event in of(Fetched, events))
    server.pages["/token"] = told({"error": "invalid_client"})
    with pytest.raises(UnexpectedContent, match="keys valid"):
        asked("france_travail", table, keys=keys)


def test_nav_is_walked_and_only_wanted_adverts_are_asked_for(server, asked):
    def item(name: str, title: str, status: str = "ACTIVE") -> dict:
        return {"id": name, "title": title, "_feed_entry": {"status": status}}

    feed = {"items": [item("a", "Prosjektleder IT"), item("b", "Kokk"), item("c", "Prosjektleder", "INACTIVE")]}
    server.pages = {
        "/api/v1/feed": told(feed | {"next_url": "/api/v1/feed/2"}),
        "/api/v1/feed/2": told({"items": [item("d", "Scrum Master")], "next_url": None}),
        "/api/v1/feedentry/a": told({"ad_content": {}}),
        "/api/v1/feedentry/d": told({"ad_content": {}}),
    }
    asked("nav_norway", {"base_url": server.base_url}, keys={"token": "c4nary"})
    assert [path for path in server.asked if "feedentry" in path] == ["/api/v1/feedentry/a", "/api/v1/feedentry/d"]
    assert server.headers[-1]["Authorization"] == "Bearer c4nary"


def test_pages_end_at_the_cap_as_incomplete_unless_they_may_be_cut(server, session_with):
    session = session_with()
    server.pages = {"/robots.txt": NO_RULES, "/p": told({})}
    ids = iter(range(1000))

    def ask(number, _before):
        return server.base_url + "/p", session.get(server.base_url + "/p")

    with pytest.raises(Incomplete, match="after 3 pages"):
        list(pages(ask, lambda body, url: [str(next(ids))], most_pages=3))
    assert len(list(pages(ask, lambda body, url: [str(next(ids))], most_pages=3, may_be_cut=True))) == 3


def test_months_end_before_the_one_that_is_not_over():
    assert [window.name for window in months(Window.named("2025-11"), date(2026, 2, 28))] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert [window.name for window in months(Window.named("2026-02"), date(2026, 3, 1))] == ["2026-02"]


@pytest.mark.parametrize("wrong", ["2024", "2024-13", "March 2024", "1999-01", "2024-3"])
def test_a_month_that_is_none_is_named(wrong):
    with pytest.raises(SettingsError, match="2024-03"):
        Window.named(wrong)
