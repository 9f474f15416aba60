from .conftest import told


def test_the_next_page_is_the_one_that_the_feed_names(server, fetched):
    server.pages = {
        "/a/jobs.json": told({"items": [{"id": 1}], "next_url": "/a/jobs.json?page=2"}),
        "/a/jobs.json?page=2": told({"items": [{"id": 2}]}),
    }
    run = fetched("teamtailor", {"base_url": server.base_url + "/{board}/jobs.json", "boards": ["gone", "a"]})
    assert run.paths == ["/a/jobs.json", "/a/jobs.json?page=2"]
    assert run.complete == {"gone": False, "a": True}


def test_a_next_page_elsewhere_is_not_asked(server, other_server, fetched):
    server.pages = {"/a/jobs.json": told({"items": [{"id": 1}], "next_url": other_server.base_url + "/x"})}
    run = fetched("teamtailor", {"base_url": server.base_url + "/{board}/jobs.json", "boards": ["a"]})
    assert len(run.fetched) == 1 and other_server.asked == []
    assert run.complete == {"a": False} and "another host" in run.ends[0].reason
