from .conftest import told


def postings(first: int, n: int = 100) -> list[dict]:
    return [{"id": str(first + number)} for number in range(n)]


def test_pages_are_asked_until_a_short_one(server, fetched):
    server.pages = {"/v0/postings/a": [told(postings(0)), told(postings(100, 7))]}
    run = fetched("lever", {"sites": ["gone", "a"]})
    assert run.asked("/v0/postings/a") == [
        {"mode": "json", "skip": "0", "limit": "100"},
        {"mode": "json", "skip": "100", "limit": "100"},
    ]
    assert run.complete == {"gone": False, "a": True} and len(run.fetched) == 2


def test_offsets_that_begin_anew_end_the_walk(server, fetched):
    server.pages = {"/v0/postings/a": [told(postings(0)), told(postings(100)), told(postings(0))]}
    run = fetched("lever", {"sites": ["a"]})
    assert len(run.asked("/v0/postings/a")) == 3 and len(run.fetched) == 2
    assert run.complete == {"a": True}
