from datetime import date, timedelta

from itpm_trends.collecting.redaction import redacted

from ..conftest import reply
from .conftest import told

LIST, TEXTS = "/api/historicjoa", "/api/historicjoa/announcementtext"


def page(*numbers: int, total: int, following: str | None = None) -> object:
    rows = [{"usajobsControlNumber": number} for number in numbers]
    return told({"paging": {"metadata": {"totalCount": total}, "next": following}, "data": rows})


def test_list_and_texts_of_the_last_two_weeks_are_walked_by_their_links(server, fetched):
    server.pages = {
        LIST: page(1, total=2, following=f"{LIST}?continuationtoken=abc"),
        f"{LIST}?continuationtoken=abc": page(2, total=2),
        TEXTS: page(1, total=1),
    }
    run = fetched("usajobs_history")
    span = {"PositionSeries": "2210", "StartPositionOpenDate": "2026-02-16", "EndPositionOpenDate": "2026-03-02"}
    assert run.asked(LIST) == [span, {"continuationtoken": "abc"}] and run.asked(TEXTS) == [span]
    assert run.complete == {"newest": True}
    assert len({redacted(each.url) for each in run.fetched}) == 3  # the token tells pages apart in the archive


def test_a_list_that_stops_short_is_incomplete(server, fetched):
    server.pages = {LIST: page(1, total=2), TEXTS: page(1, total=1)}
    assert fetched("usajobs_history").complete == {"newest": False}


def test_a_month_is_asked_in_weeks_that_leave_out_no_day(server, fetched):
    server.pages = {LIST: reply(b"", 204), TEXTS: reply(b"", 204)}
    run = fetched("usajobs_history", month="2024-02")
    asked = [
        (date.fromisoformat(each["StartPositionOpenDate"]), date.fromisoformat(each["EndPositionOpenDate"]))
        for each in run.asked(LIST)
    ]
    days = [first + timedelta(n) for first, last in asked for n in range((last - first).days + 1)]
    assert len(asked) == 5 and days == [date(2024, 2, 1) + timedelta(n) for n in range(29)]
    assert run.asked(TEXTS) == run.asked(LIST) and run.complete == {"2024-02": True}
