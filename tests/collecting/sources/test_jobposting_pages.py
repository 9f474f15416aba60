"""More of this source, and of sitemaps, in test_collect.py."""

from ..conftest import reply


def test_pages_of_the_sitemap_are_asked_as_far_as_they_are_wanted(server, fetched):
    pages = "".join(f"<url><loc>{server.base_url}/{path}</loc></url>" for path in ("jobs/1", "news/2", "jobs/gone"))
    server.pages = {"/map.xml": reply(f"<urlset>{pages}</urlset>".encode()), "/jobs/1": reply(b"<html></html>")}
    run = fetched("jobposting_pages", {"sitemaps": [server.base_url + "/map.xml"], "only": "/jobs/"})
    assert server.asked == ["/robots.txt", "/map.xml", "/jobs/1", "/jobs/gone"]
    assert run.paths == ["/map.xml", "/jobs/1"] and list(run.complete.values()) == [True]
