from ..conftest import reply
from .conftest import known_page, told


def listed(*ids: str) -> object:
    return told({"result": [*({"id": each} for each in ids), {"id": None}, "odd"]})


def test_each_new_posting_has_its_page_asked(server, fetched):
    server.pages = {"/a/careers/list": listed("1", "2", "3"), "/a/careers/2/detail": told({"result": {}})}
    table = {"base_url": server.base_url + "/{board}", "boards": ["a"]}
    run = fetched("bamboohr", table, known={"/a/careers/1/detail": known_page()})
    assert run.paths == ["/a/careers/list", "/a/careers/2/detail"] and run.unchanged == ["/a/careers/1/detail"]
    assert server.asked[-1] == "/a/careers/3/detail" and len(server.asked) == 4
    assert run.complete == {"a": True}  # the third was taken off since it was listed


def test_a_page_that_fails_costs_neither_the_others_nor_the_next_board(server, fetched):
    server.pages = {
        "/a/careers/list": listed("1", "2"),
        "/a/careers/1/detail": reply(b"<html>"),
        "/a/careers/2/detail": told({"result": {}}),
        "/b/careers/list": listed(),
    }
    run = fetched("bamboohr", {"base_url": server.base_url + "/{board}", "boards": ["a", "gone", "b"]})
    assert run.paths == ["/a/careers/list", "/a/careers/2/detail", "/b/careers/list"]
    assert run.complete == {"a": False, "gone": False, "b": True}
    assert "1 page" in run.ends[0].reason


def test_a_board_whose_pages_all_fail_is_left_alone(server, fetched):
    server.pages = {"/a/careers/list": listed(*map(str, range(9)))}
    server.pages |= {f"/a/careers/{number}/detail": reply(b"", 500) for number in range(9)}
    run = fetched("bamboohr", {"base_url": server.base_url + "/{board}", "boards": ["a"]})
    assert len(server.asked) == 5 and run.complete == {"a": False}
