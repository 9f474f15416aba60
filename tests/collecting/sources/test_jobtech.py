from ..conftest import reply
from .conftest import told


def hits(*ids: int, total: int | None = None) -> object:
    return told({"total": {"value": len(ids) if total is None else total}, "hits": [{"id": str(each)} for each in ids]})


def test_searches_ask_for_the_last_two_weeks(server, fetched):
    server.pages = {"/search": [hits(*range(100), total=101), hits(100, total=101), reply(b"", 429), hits()]}
    run = fetched("jobtech", {"searches": ["scrum master", "förvaltningsledare", "c"]})
    assert run.asked("/search")[1] == {
        "q": "scrum master",
        "published-after": "2026-02-16T00:00:00",
        "limit": "100",
        "offset": "100",
    }
    assert run.asked("/search")[2]["q"] == "förvaltningsledare"
    assert run.complete == {"scrum master": True, "förvaltningsledare": False, "c": True}


def test_fewer_adverts_than_there_are_make_a_search_incomplete(server, fetched):
    server.pages = {"/search": hits(1, total=2)}
    run = fetched("jobtech", {"searches": ["a"]})
    assert run.complete == {"a": False} and len(run.fetched) == 1


def test_a_month_of_history_is_asked_search_by_search(server, fetched):
    server.pages = {"/old/search": hits(1)}
    run = fetched("jobtech", {"history_url": server.base_url + "/old", "searches": ["a", "b"]}, month="2024-02")
    assert [
        (asked["q"], asked["published-after"], asked["published-before"]) for asked in run.asked("/old/search")
    ] == [(words, "2024-02-01T00:00:00", "2024-02-29T23:59:59") for words in ("a", "b")]
    assert {each.unit for each in run.fetched} == {"2024-02"} and run.complete == {"2024-02": True}
