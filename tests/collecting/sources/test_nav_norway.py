from ..conftest import reply
from .conftest import known_page, told

FEED = "/api/v1/feed"


def entry(name: str) -> str:
    return f"/api/v1/feedentry/{name}"


def page(*items: tuple[str, str, str], following: str | None = None) -> object:
    rows = [{"id": name, "title": title, "_feed_entry": {"status": status}} for name, title, status in items]
    return told({"items": rows, "next_url": following})


def test_the_feed_is_walked_from_two_weeks_ago_and_wanted_adverts_asked(server, fetched):
    server.pages = {
        FEED: page(("a", "IT-prosjektleder", "ACTIVE"), ("b", "Kokk", "ACTIVE"), following="/api/v1/feed/2"),
        "/api/v1/feed/2": page(("c", "Scrum Master", "ACTIVE"), ("d", "?", "INACTIVE"), ("e", "?", "INACTIVE")),
        entry("a"): told({"status": "ACTIVE"}),
        entry("d"): told({"status": "INACTIVE"}),
    }
    run = fetched("nav_norway", known={entry("c"): known_page(), entry("d"): known_page()})
    assert server.asked[1:] == [FEED, entry("a"), "/api/v1/feed/2", entry("d")]
    assert run.sent(FEED)[0]["If-Modified-Since"] == "Mon, 16 Feb 2026 00:00:00 GMT"
    assert "If-Modified-Since" not in run.sent("/api/v1/feed/2")[0]
    assert all(headers["Authorization"] == "Bearer c4nary-token" for headers in server.headers[1:])
    assert run.unchanged == [entry("c")] and run.complete == {"feed": True}


def test_nothing_new_is_complete_and_a_feed_that_breaks_off_is_not(server, fetched):
    server.pages = {FEED: reply(b"", 304)}
    assert fetched("nav_norway").complete == {"feed": True}
    server.pages = {FEED: page(("a", "Kokk", "ACTIVE"), following="/api/v1/feed/2")}
    run = fetched("nav_norway")
    assert run.complete == {"feed": False} and run.paths == [FEED]
