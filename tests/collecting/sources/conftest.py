"""A source's fetch, run against the server on this machine; whatever it tells must hold none of its keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest

from itpm_trends.collecting.errors import FetchError
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.sources import SOURCES, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.windows import Window

from ..conftest import NOW, FaultServer, Reply, reply

KEY = "c4nary"  # every key in these tests begins with it
NO_RULES = reply(b"", 404)


def told(record: object) -> Reply:
    """An answer in JSON."""
    return reply(json.dumps(record).encode())


def known_page(etag: str | None = None) -> KnownPage:
    return KnownPage(NOW, "0" * 64, etag=etag)


@dataclass
class Run:
    """What one fetch yielded; ``error`` is the one that ended it."""

    server: FaultServer
    fetched: list[Fetched] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ends: list[UnitEnd] = field(default_factory=list)
    requests: list[dict] = field(default_factory=list)
    error: FetchError | None = None

    @property
    def paths(self) -> list[str]:
        """Path and query of each body that was kept."""
        return [each.url.removeprefix(self.server.base_url) for each in self.fetched]

    @property
    def complete(self) -> dict[str, bool]:
        return {end.unit: end.is_complete for end in self.ends}

    def asked(self, path: str = "") -> list[dict[str, str]]:
        """The parameters of each request to ``path``."""
        parts = map(urlsplit, self.server.asked)
        return [dict(parse_qsl(part.query)) for part in parts if part.path == path]

    def sent(self, path: str) -> list[dict[str, str]]:
        """The headers of each request to ``path``."""
        pairs = zip(self.server.asked, self.server.headers, strict=True)
        return [headers for asked, headers in pairs if urlsplit(asked).path == path]

    def take(self, event: Fetched | Unchanged | UnitEnd) -> None:
        if isinstance(event, Fetched):
            self.fetched.append(event)
        elif isinstance(event, Unchanged):
            self.unchanged.append(event.url.removeprefix(self.server.base_url))
        else:
            self.ends.append(event)

    def without_keys(self) -> Run:
        """Itself, after a look whether a key reached an address, a message or a body."""
        words = [each.url for each in self.fetched] + [str(each.body) for each in self.fetched]
        words += [str(end) for end in self.ends] + [str(self.error), str(self.requests)]
        assert KEY not in " ".join(words)
        return self


@pytest.fixture
def fetched(server, session_with) -> Callable[..., Run]:
    """Fetch from ``name``, or fill back ``month``; the table's base_url is the server unless it says otherwise."""

    def run(name: str, table: dict | None = None, *, known: dict | None = None, month: str | None = None) -> Run:
        source = SOURCES[name]
        server.pages.setdefault("/robots.txt", NO_RULES)
        table = {"base_url": server.base_url} | (table or {})
        source.check_settings(table)
        result = Run(server)
        keys = {key: f"{KEY}-{key}" for key in source.declaration.keys}
        session = session_with(tries=1).for_source(
            source.declaration, keys, on_request=lambda **request: result.requests.append(request)
        )
        pages = {server.base_url + path: page for path, page in (known or {}).items()}
        if month:
            events = source.backfill(session, table, Window.named(month))
        else:
            events = source.fetch(session, table, pages, NOW.date())
        try:
            for event in events:
                result.take(event)
        except FetchError as error:
            result.error = error
        return result.without_keys()

    return run
