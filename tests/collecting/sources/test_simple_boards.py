"""Sources that send a whole board in one answer: Greenhouse, Ashby, Recruitee, Personio, Workable."""

import pytest

from itpm_trends.collecting.sources import SOURCES
from itpm_trends.errors import SettingsError

from ..conftest import reply
from .conftest import known_page

BOARDS = {
    "greenhouse": ("", "/v1/boards/{board}/jobs?content=true"),
    "ashby": ("", "/posting-api/job-board/{board}?includeCompensation=true"),
    "recruitee": ("/{board}/api/offers/", "/{board}/api/offers/"),
    "personio": ("/{board}/xml?language=en", "/{board}/xml?language=en"),
    "workable": ("/accounts/{board}?details=true", "/accounts/{board}?details=true"),
}


@pytest.mark.parametrize("name", list(BOARDS))
def test_each_board_is_asked_once_whatever_the_others_answer(server, fetched, name):
    base, path = BOARDS[name]
    whole = b"<workzag-jobs/>" if name == "personio" else b'{"jobs": []}'
    gone, moved, open_, same = (path.format(board=board) for board in ("gone", "moved", "open", "same"))
    server.pages = {
        moved: reply(b"<!doctype html><title>Sign in</title>"),
        open_: reply(whole, headers={"ETag": '"2"'}),
        same: reply(b"", 304),
    }
    table = {"base_url": server.base_url + base, "boards": ["gone", "moved", "open", "same", "open"]}
    run = fetched(name, table, known={same: known_page('"1"')})
    assert server.asked == ["/robots.txt", gone, moved, open_, same]
    assert server.headers[-1]["If-None-Match"] == '"1"'
    assert run.complete == {"gone": False, "moved": False, "open": True, "same": True}
    assert (run.paths, run.unchanged) == ([open_], [same])
    assert run.fetched[0].etag == '"2"' and run.fetched[0].unit == "open"
    assert run.fetched[0].suffix == ("xml" if name == "personio" else "json")


@pytest.mark.parametrize("wrong", [["../x"], ["a?b"], ["a/b"], [""], "a", [7]])
@pytest.mark.parametrize("name", ["ashby", "bamboohr", "greenhouse", "personio", "recruitee", "teamtailor", "workable"])
def test_a_name_cannot_change_the_address_it_is_put_into(name, wrong):
    with pytest.raises(SettingsError):
        SOURCES[name].check_settings({"boards": wrong})
