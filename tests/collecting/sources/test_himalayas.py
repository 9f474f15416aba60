from .conftest import told

PATH = "/jobs/api/search"


def test_cursors_lead_from_page_to_page(server, fetched):
    server.pages = {
        PATH: [
            told({"jobs": [{"guid": "a"}], "nextCursor": "x="}),
            told({"jobs": [{"guid": "b"}], "nextCursor": None}),
            told({"error": "too odd"}),
        ]
    }
    run = fetched("himalayas", {"searches": ["scrum master", "it pm"]})
    assert run.asked(PATH) == [
        {"q": "scrum master", "limit": "20"},
        {"q": "scrum master", "limit": "20", "cursor": "x="},
        {"q": "it pm", "limit": "20"},
    ]
    assert run.complete == {"scrum master": True, "it pm": False} and len(run.fetched) == 2


def test_a_cursor_that_repeats_ends_the_walk(server, fetched):
    server.pages = {PATH: told({"jobs": [{"guid": "a"}], "nextCursor": "x"})}
    run = fetched("himalayas", {"searches": ["it pm"]})
    assert len(run.asked(PATH)) == 2 and len(run.fetched) == 1
