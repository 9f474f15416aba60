from ..conftest import reply
from .conftest import told

PATH = "/api/Search"


def found(ids: range, total: int) -> object:
    items = [{"MatchedObjectId": str(number)} for number in ids]
    return told({"SearchResult": {"SearchResultCountAll": total, "SearchResultItems": items}})


def test_pages_are_asked_with_the_key_until_all_were_shown(server, fetched):
    server.pages = {PATH: [found(range(500), 501), found(range(500, 501), 501)]}
    run = fetched("usajobs")
    assert [asked["Page"] for asked in run.asked(PATH)] == ["1", "2"]
    assert run.asked(PATH)[0]["JobCategoryCode"] == "2210" and run.complete == {"2210": True}
    for headers in run.sent(PATH):
        assert (headers["User-Agent"], headers["Authorization-Key"]) == ("c4nary-email", "c4nary-key")
    assert "c4nary" not in str(run.sent("/robots.txt"))


def test_a_wrong_key_is_told(server, fetched):
    server.pages = {PATH: reply(b"", 401)}
    (end,) = fetched("usajobs").ends
    assert (end.is_complete, end.status) == (False, "blocked")


def test_fewer_than_there_are_is_incomplete(server, fetched):
    server.pages = {PATH: found(range(3), 4)}
    assert fetched("usajobs").complete == {"2210": False}
