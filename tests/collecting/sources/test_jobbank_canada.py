import pytest

from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.sources.jobbank_canada import parse

from ..conftest import NOW, reply
from .conftest import known_page, told

CATALOGUE = "/data/api/action/package_show"
JANUARY, FEBRUARY = "/files/job-bank-open-data-all-job-postings-en-jan2026.csv", "/files/postings-en-2026-02.csv"


@pytest.fixture
def catalogue(server):
    names = [JANUARY, FEBRUARY, FEBRUARY.replace("-en-", "-fr-"), "/files/notes-en-2026.pdf"]
    resources = [*({"url": server.base_url + name} for name in names), {"url": None}, "odd"]
    server.pages = {CATALOGUE: told({"result": {"resources": resources}})}
    server.pages |= {name: reply("Job Title\r\n".encode("utf-16")) for name in (JANUARY, FEBRUARY)}


@pytest.mark.usefixtures("catalogue")
def test_the_newest_file_is_asked_for_once(server, fetched):
    run = fetched("jobbank_canada")
    assert run.asked(CATALOGUE) == [{"id": "ea639e28-c0fc-48bf-b5dd-b8899bd43072"}]
    assert run.paths == [FEBRUARY] and run.complete == {"2026-02": True} and run.fetched[0].suffix == "csv"
    run = fetched("jobbank_canada", known={FEBRUARY: known_page()})
    assert run.unchanged == [FEBRUARY] and run.complete == {"2026-02": True} and server.n_asked(FEBRUARY) == 1


@pytest.mark.usefixtures("catalogue")
def test_a_month_of_history_is_its_file(fetched):
    run = fetched("jobbank_canada", month="2026-01")
    assert run.paths == [JANUARY] and run.complete == {"2026-01": True}
    assert "no file for 2025-12; it has 2026-01 to 2026-02" in str(fetched("jobbank_canada", month="2025-12").error)


def test_a_catalogue_without_files_and_a_page_instead_of_a_file_are_told(server, fetched):
    server.pages = {CATALOGUE: told({"result": {"resources": []}})}
    assert isinstance(fetched("jobbank_canada", month="2026-01").error, UnexpectedContent)
    server.pages = {
        CATALOGUE: told({"result": {"resources": [{"url": server.base_url + JANUARY}]}}),
        JANUARY: reply(b"<html>"),
    }
    assert fetched("jobbank_canada").complete == {"2026-01": False}


def test_a_file_that_cannot_be_read_to_its_end_says_where():
    head = "Job Title\tNOC21 Code\tFirst Posting Date\tProvince/Territory\r\nPM\t20012\t2026-01-02\tOntario\r\n"
    rows = parse((head + 'PM\t"' + "x" * 200_000).encode(), "https://x.example/a.csv", NOW)
    assert next(rows).title == "PM"
    with pytest.raises(UnexpectedContent, match="beyond line 2"):
        next(rows)
