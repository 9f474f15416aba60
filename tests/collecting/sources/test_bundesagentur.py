from ..conftest import reply
from .conftest import known_page, told

SERVICE = "/jobboerse/jobsuche-service/pc"
SEARCH = f"{SERVICE}/v6/jobs"


def page_of(code: str) -> str:
    return f"{SERVICE}/v4/jobdetails/{code}"


def test_texts_are_asked_for_by_encoded_number_once(server, fetched):
    hits = [{"referenznummer": number} for number in ("10001-1-S", "10001-2-S", None)]
    server.pages = {SEARCH: told({"maxErgebnisse": 2, "ergebnisliste": hits}), page_of("MTAwMDEtMi1T"): told({})}
    known = {page_of("MTAwMDEtMS1T"): known_page()}
    run = fetched("bundesagentur", {"searches": ["IT-Projektleiter", "Scrum Master"]}, known=known)
    assert run.asked(SEARCH)[0] == {
        "was": "IT-Projektleiter",
        "angebotsart": "1",
        "veroeffentlichtseit": "7",
        "size": "100",
        "page": "1",
    }
    assert all(headers["X-API-Key"] == "jobboerse-jobsuche" for headers in server.headers[1:])
    assert run.unchanged == list(known) and server.n_asked(page_of("MTAwMDEtMi1T")) == 1
    assert run.complete == {"IT-Projektleiter": True, "Scrum Master": True}


def test_a_search_that_finds_nothing_is_complete_and_one_that_fails_is_not(server, fetched):
    server.pages = {SEARCH: [told({"maxErgebnisse": 0}), reply(b"", 400), told({"ergebnisliste": []})]}
    run = fetched("bundesagentur", {"searches": ["a", "b", "c"]})
    assert run.complete == {"a": True, "b": False, "c": True}
