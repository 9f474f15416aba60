from itpm_trends.collecting.errors import Deferred

from ..conftest import reply
from .conftest import told

PATH = "/api/public/jobs"


def test_pages_begin_with_0_and_end_with_a_short_one(server, fetched):
    full = {"results": [{"id": number} for number in range(20)]}
    server.pages = {PATH: [told(full), told({"results": [{"id": 20}]}), reply(b"", 500)]}
    run = fetched("themuse", {"categories": ["Project Management", "Computer and IT"]})
    assert [(asked["category"], asked["page"]) for asked in run.asked(PATH)] == [
        ("Project Management", "0"),
        ("Project Management", "1"),
        ("Computer and IT", "0"),
    ]
    assert run.asked(PATH)[0]["api_key"] == "c4nary-api_key"
    assert run.complete == {"Project Management": True, "Computer and IT": False}


def test_403_ends_the_source_until_the_next_run(server, fetched):
    server.pages = {PATH: reply(b"", 403)}
    run = fetched("themuse", {"categories": ["a", "b"]})
    assert isinstance(run.error, Deferred) and len(run.asked(PATH)) == 1
