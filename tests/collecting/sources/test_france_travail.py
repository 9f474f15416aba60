from urllib.parse import parse_qsl

import pytest

from ..conftest import reply
from .conftest import told

PATH = "/partenaire/offresdemploi/v2/offres/search"


def part(ids: range, total: int) -> object:
    body = b'{"resultats": [%s]}' % b", ".join(b'{"id": "%d"}' % number for number in ids)
    return reply(body, 206, {"Content-Range": f"offres {ids[0]}-{ids[-1]}/{total}"})


@pytest.fixture
def table(server) -> dict:
    server.pages = {"/token": told({"access_token": "c4nary-token", "expires_in": 1499})}
    return {"token_url": f"{server.base_url}/token?realm=/partenaire", "searches": ["scrum master", "b", "c"]}


def test_parts_are_asked_with_a_token_until_all_came(server, fetched, table):
    server.pages[PATH] = [part(range(150), 300), part(range(150, 300), 300), reply(b"", 204), reply(b"", 500)]
    run = fetched("france_travail", table)
    assert dict(parse_qsl(server.bodies[1].decode())) == {
        "grant_type": "client_credentials",
        "scope": "o2dsoffre api_offresdemploiv2",
        "client_id": "c4nary-client_id",
        "client_secret": "c4nary-client_secret",
    }
    assert all(headers["Authorization"] == "Bearer c4nary-token" for headers in run.sent(PATH))
    assert run.asked(PATH)[0] == {
        "motsCles": "scrum master",
        "minCreationDate": "2026-02-23T00:00:00Z",
        "maxCreationDate": "2026-03-02T23:59:59Z",
        "range": "0-149",
    }
    assert [asked["range"] for asked in run.asked(PATH)] == ["0-149", "150-299", "0-149", "0-149"]
    assert run.complete == {"scrum master": True, "b": True, "c": False}
    assert [each.status for each in run.fetched] == [206, 206]


@pytest.mark.parametrize("answer", [told([]), told({"error": "invalid_client"}), reply(b"", 400)])
def test_without_a_token_nothing_is_asked(server, fetched, table, answer):
    server.pages["/token"] = answer
    run = fetched("france_travail", table)
    assert run.error and run.asked(PATH) == [] and run.ends == []
