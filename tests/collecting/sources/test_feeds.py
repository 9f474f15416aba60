"""Sources that are one feed, or a few: Remotive, Remote OK, Jobicy, We Work Remotely."""

import pytest

from ..conftest import reply
from .conftest import known_page

FEEDS = {
    "remotive": "/api/remote-jobs",
    "remoteok": "/api",
    "jobicy": "/api/v2/remote-jobs?count=100",
}


@pytest.mark.parametrize("name", list(FEEDS))
@pytest.mark.parametrize(
    ("answer", "n_fetched", "n_unchanged", "is_complete"),
    [(reply(b"[]"), 1, 0, True), (reply(b"", 304), 0, 1, True), (reply(b"", 503), 0, 0, False)],
    ids=["new", "unchanged", "fails"],
)
def test_a_feed_is_asked_once(server, fetched, name, answer, n_fetched, n_unchanged, is_complete):
    server.pages = {FEEDS[name]: answer}
    run = fetched(name, known={FEEDS[name]: known_page('"1"')})
    assert server.asked == ["/robots.txt", FEEDS[name]] and server.headers[-1]["If-None-Match"] == '"1"'
    assert (len(run.fetched), len(run.unchanged)) == (n_fetched, n_unchanged)
    assert list(run.complete.values()) == [is_complete]


def test_a_category_that_fails_is_told_and_the_next_asked(server, fetched):
    server.pages = {"/categories/b.rss": reply(b"<rss/>")}
    run = fetched("weworkremotely", {"categories": ["a", "b"]})
    assert run.complete == {"a": False, "b": True} and run.paths == ["/categories/b.rss"]
    assert run.fetched[0].suffix == "xml"
