from base64 import b64decode

from .conftest import known_page, told


def test_whole_texts_are_asked_for_once(server, fetched):
    hits = {"results": [{"jobId": 1}, {"jobId": 2}], "totalResults": 2}
    server.pages = {"/api/1.0/search": told(hits), "/api/1.0/jobs/2": told({"jobId": 2})}
    run = fetched("reed", {"searches": ["a b", "c"]}, known={"/api/1.0/jobs/1": known_page()})
    assert run.asked("/api/1.0/search") == [
        {"keywords": words, "resultsToTake": "100", "resultsToSkip": "0"} for words in ("a b", "c")
    ]
    assert run.unchanged == ["/api/1.0/jobs/1"] and server.n_asked("/api/1.0/jobs/2") == 1
    assert run.complete == {"a b": True, "c": True}


def test_the_key_is_the_name_and_there_is_no_password(server, fetched):
    server.pages = {"/api/1.0/search": told({"results": []})}
    run = fetched("reed", {"searches": ["a"]})
    (headers,) = run.sent("/api/1.0/search")
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"c4nary-key:"
    assert "Authorization" not in run.sent("/robots.txt")[0]
