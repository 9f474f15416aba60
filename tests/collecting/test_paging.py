"""Pages are told apart by what they bring; months are the steps in which histories are walked."""

from datetime import date

import pytest

from itpm_trends.collecting.errors import Incomplete
from itpm_trends.collecting.sources._paging import pages
from itpm_trends.collecting.windows import Window, months
from itpm_trends.errors import SettingsError

from .conftest import reply

NO_RULES = reply(b"", 404)


def test_pages_end_at_the_cap_as_incomplete_unless_they_may_be_cut(server, session_with):
    session = session_with()
    server.pages = {"/robots.txt": NO_RULES, "/p": reply(b"{}")}
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
