from ..conftest import reply
from .conftest import told


def test_countries_and_pages_stand_in_the_path(server, fetched):
    full = {"results": [{"id": str(number)} for number in range(50)]}
    server.pages = {
        "/v1/api/jobs/gb/search/1": told(full),
        "/v1/api/jobs/gb/search/2": told({"results": []}),
        "/v1/api/jobs/de/search/1": reply(b"", 400),
    }
    run = fetched("adzuna", {"countries": ["de", "gb"], "searches": ["scrum master"]})
    (asked,) = run.asked("/v1/api/jobs/gb/search/1")
    assert (asked["app_id"], asked["app_key"], asked["what_phrase"]) == (
        "c4nary-app_id",
        "c4nary-app_key",
        "scrum master",
    )
    assert run.complete == {"de: scrum master": False, "gb: scrum master": True}
    assert [path.partition("?")[0] for path in run.paths] == ["/v1/api/jobs/gb/search/1"]


def test_a_key_that_the_answer_repeats_is_not_kept(server, fetched):
    server.pages = {"/v1/api/jobs/gb/search/1": reply(b'{"results": [{"redirect_url": "/x?who=c4nary-app_id"}]}')}
    run = fetched("adzuna", {"countries": ["gb"], "searches": ["a"]})
    assert b"(redacted)" in run.fetched[0].body
