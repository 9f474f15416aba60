from .conftest import told

STORIES = "/api/v1/search_by_date"


def story(number: int, title: str, day: str | None) -> dict:
    return {"objectID": str(number), "title": f"Ask HN: {title} (Month)", "created_at": day}


def test_the_two_newest_threads_of_postings_are_asked(server, fetched):
    hits = [
        story(4, "Who is hiring?", "2026-03-02T16:00:00Z"),
        story(3, "Who wants to be hired?", "2026-03-02T16:00:00Z"),
        story(2, "Who is hiring?", "2026-02-02T16:00:00Z"),
        story(1, "Who is hiring?", "2026-01-02T16:00:00Z"),
        {"title": "Ask HN: Who is hiring?", "created_at": "2025-12-02T16:00:00Z"},
        "odd",
    ]
    server.pages = {STORIES: told({"hits": hits}), "/api/v1/items/2": told({"children": []})}
    run = fetched("hackernews")
    assert run.asked(STORIES) == [{"tags": "story,author_whoishiring", "hitsPerPage": "10"}]
    assert server.asked[2:] == ["/api/v1/items/4", "/api/v1/items/2"]
    assert run.complete == {"2026-03": False, "2026-02": True} and run.paths == ["/api/v1/items/2"]


def test_a_list_without_such_a_thread_is_no_empty_success(server, fetched):
    server.pages = {STORIES: told({"hits": [story(1, "Freelancer?", "2026-03-02")]})}
    assert "names no thread" in str(fetched("hackernews").error)
