import json

from itpm_trends.collecting.errors import Deferred

from ..conftest import reply
from .conftest import known_page, told

JOBS = "/wday/cxs/avocet/Careers/jobs"
SITE = "avocet.wd3/Careers"


def found(*numbers: int) -> object:
    return told({"total": 0, "jobPostings": [{"externalPath": f"/job/Leeds/PM_{number}"} for number in numbers]})


def test_searches_are_posted_page_by_page_and_pages_of_postings_asked_once(server, fetched):
    server.pages = {JOBS: [found(*range(20)), found(20), found(3, 20)]}
    server.pages |= {JOBS.replace("jobs", f"job/Leeds/PM_{number}"): told({}) for number in range(21)}
    server.pages[JOBS.replace("jobs", "job/Leeds/PM_7")] = reply(b"", 410)
    known = JOBS.replace("jobs", "job/Leeds/PM_20")
    run = fetched("workday", {"sites": [SITE], "searches": ["pm", "scrum"]}, known={known: known_page()})
    assert [json.loads(body) for body in server.bodies if body] == [
        {"appliedFacets": {}, "limit": 20, "offset": offset, "searchText": words}
        for words, offset in (("pm", 0), ("pm", 20), ("scrum", 0))
    ]
    assert len(set(run.paths)) == len(run.paths) == 3 + 19 and run.unchanged == [known]
    assert run.complete == {SITE: True}


def test_offsets_that_begin_anew_end_a_search(server, fetched):
    server.pages = {JOBS: [found(*range(20)), found(*range(20))]}
    run = fetched("workday", {"sites": [SITE], "searches": ["pm"]})
    assert len([body for body in server.bodies if body]) == 2 and run.complete == {SITE: True}


def test_403_ends_the_source_until_the_next_run(server, fetched):
    server.pages = {JOBS: reply(b"", 403)}
    run = fetched("workday", {"sites": [SITE, "other.wd1/Jobs"]})
    assert isinstance(run.error, Deferred) and server.asked == ["/robots.txt", JOBS]
