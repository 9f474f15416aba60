from .conftest import told


def page(slug: str, following: str | None) -> dict:
    return {"data": [{"slug": slug}], "links": {"next": following}}


def test_pages_are_walked_by_their_links_until_one_repeats(server, fetched):
    path = "/api/job-board-api"
    server.pages = {
        f"{path}?page=1": told(page("a", f"{path}?page=2")),
        f"{path}?page=2": told(page("b", f"{path}?page=1")),
    }
    run = fetched("arbeitnow")
    assert run.asked(path) == [{"page": "1"}, {"page": "2"}, {"page": "1"}]
    assert len(run.fetched) == 2 and run.complete == {"newest": True}


def test_links_without_end_are_cut(server, fetched):
    numbers = iter(range(1, 1000))

    def endless(handler) -> None:
        number = next(numbers)
        told(page(str(number), f"/api/job-board-api?page={number + 1}"))(handler)

    server.pages = {"/api/job-board-api": endless}
    run = fetched("arbeitnow")
    assert len(run.fetched) == 10 and run.complete == {"newest": True}
