"""A polite session: asks robots.txt first, waits between requests, gives up in time, checks every answer."""

from __future__ import annotations

import http.client
import os
import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from protego import Protego

from itpm_trends import __version__
from itpm_trends.collecting.addresses import PublicHostsAdapter, check_address
from itpm_trends.collecting.errors import (
    BudgetSpent,
    Deferred,
    Disallowed,
    FetchError,
    ForbiddenAddress,
    HostRefused,
    HttpStatus,
    RefusedRedirect,
    TooLarge,
    UnexpectedContent,
    Unreachable,
)
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.values import excerpt
from itpm_trends.settings import Politeness

MEBIBYTE = 2**20
MOST_HOPS = 5
LONGEST_ROBOTS = 500 * 1024
LONGEST_CRAWL_DELAY = 60.0
HIGHEST_RATIO = 100
SMALL_BODY = MEBIBYTE  # below this, a high compression ratio hurts nobody
REDIRECTS = (301, 302, 303, 307, 308)
WORTH_RETRYING = (408, 425, 429, 500, 502, 503, 504)
LOGIN_WORDS = {"login", "signin", "sign-in", "sso", "consent"}
TRANSIENT = (
    requests.ConnectionError,
    requests.Timeout,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)
MALFORMED = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
)
HTML_START = (b"<!doctype", b"<html", b"<head", b"<body")
MARKUP_START = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A successful answer, its body decompressed."""

    url: str
    status: int
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = field(default=None, repr=False)
    retry_after: str | None = None

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    def as_fetched(self, *, url: str, suffix: str, unit: str) -> dict:
        """The arguments of :class:`Fetched`; ``url`` is the address that was asked for."""
        return {
            "url": url,
            "body": self.body,
            "status": self.status,
            "content_type": self.content_type,
            "suffix": suffix,
            "unit": unit,
            "etag": self.etag,
            "last_modified": self.last_modified,
        }


@dataclass
class _Host:
    """What one run knows of a host: its rules, how long to wait, and when it was last asked."""

    rules: Protego | None = None
    refused: str | None = None
    is_known: bool = False
    gap: float = 0.0
    asked_at: float | None = None


class PoliteSession:
    """One run's way to the network; ``sleep``, ``clock``, ``now`` and ``jitter`` are arguments for tests.

    ``on_request`` is told of every request: address, status (``None`` if none came), bytes and outcome.
    """

    def __init__(
        self,
        politeness: Politeness,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
        on_request: Callable[..., None] | None = None,
    ) -> None:
        self.politeness = politeness
        self.n_requests = 0
        self.n_bytes = 0
        self.on_request = on_request
        self._sleep, self._clock, self._now, self._jitter = sleep, clock, now, jitter
        self._hosts: dict[str, _Host] = {}
        self._requests = requests.Session()
        self._requests.trust_env = False  # no proxies and no .netrc; company certificates still count:
        self._requests.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        adapter = PublicHostsAdapter(allow_loopback=politeness.allow_loopback)
        self._requests.mount("http://", adapter)
        self._requests.mount("https://", adapter)
        self._requests.headers.update(
            {
                "User-Agent": f"itpm-trends/{__version__} (+{politeness.contact})",
                "Accept-Encoding": "gzip",
            }
        )

    def __enter__(self) -> PoliteSession:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()

    def start_source(self) -> None:
        """Begin a source's own count of requests and bytes."""
        self.n_requests = self.n_bytes = 0

    def get(
        self,
        url: str,
        *,
        expect: str | None = None,
        known: KnownPage | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to ``url`` after redirects: checked content, or status 304 where ``known`` still holds.

        ``expect`` is json, html or sitemap. Raises a :class:`FetchError` that says what stood in the way.
        """
        own = dict(headers or {})
        marks = {"If-None-Match": known and known.etag, "If-Modified-Since": known and known.last_modified}
        asked = own | {name: mark for name, mark in marks.items() if mark}
        answer = self._followed(url, asked, own, checks_robots=True)
        if not answer.not_modified:
            check_content(answer, expect, redacted(url))
        return answer

    def sitemaps_named_by(self, url: str) -> list[str]:
        """The sitemaps that robots.txt of the host of ``url`` names."""
        rules = self._host(url).rules
        return list(rules.sitemaps) if rules else []

    def _followed(self, url: str, headers: dict, own: dict, *, checks_robots: bool) -> Answer:
        start = url
        for _hop in range(MOST_HOPS + 1):
            check_address(url, allow_loopback=self.politeness.allow_loopback)
            host = self._host(url) if checks_robots else self._hosts.setdefault(_host_key(url), _Host())
            if host.rules and not host.rules.can_fetch(url, self._requests.headers["User-Agent"]):
                raise Disallowed(f"robots.txt does not allow {redacted(url)}")
            answer = self._tried(url, headers, host, most=LONGEST_ROBOTS if not checks_robots else None)
            if answer.status not in REDIRECTS:
                return _checked_status(answer, redacted(url)) if checks_robots else answer
            target = _redirect_target(url, answer.location)
            # What was meant for one host must not reach another.
            headers = (
                headers if _host_key(target) == _host_key(url) else {k: v for k, v in headers.items() if k not in own}
            )
            url = target
        raise RefusedRedirect(f"{redacted(start)} redirects more than {MOST_HOPS} times")

    def _host(self, url: str) -> _Host:
        """The host of ``url`` with its rules read; :class:`HostRefused` where they could not be."""
        host = self._hosts.setdefault(_host_key(url), _Host())
        if not host.is_known:
            try:
                self._read_rules(url, host)
            except HostRefused as error:
                host.refused = str(error)
            host.is_known = True
        if host.refused:
            raise HostRefused(host.refused)
        return host

    def _read_rules(self, url: str, host: _Host) -> None:
        robots_url = urljoin(url, "/robots.txt")
        try:
            answer = self._followed(robots_url, {}, {}, checks_robots=False)
        except (BudgetSpent, ForbiddenAddress):
            raise
        except FetchError as error:
            raise HostRefused(f"robots.txt could not be read, so the host is left alone: {error}") from error
        if answer.status == 429 or answer.status >= 500:
            raise HostRefused(f"{redacted(robots_url)} answers {answer.status}, so the host is left alone")
        if answer.status >= 400:
            return  # RFC 9309: no rules, everything may be asked
        agent = self._requests.headers["User-Agent"]
        host.rules = Protego.parse(answer.body[:LONGEST_ROBOTS].decode("utf-8-sig", "replace"))
        host.gap = float(host.rules.crawl_delay(agent) or 0.0)
        if host.gap > LONGEST_CRAWL_DELAY:
            raise HostRefused(
                f"{redacted(robots_url)} asks for {host.gap:.0f} s between requests, longer than "
                f"{LONGEST_CRAWL_DELAY:.0f} s; the host is left alone"
            )

    def _tried(self, url: str, headers: dict, host: _Host, *, most: int | None) -> Answer:
        """One answer after up to ``tries`` tries; only failures that may pass are tried again."""
        failure = ""
        for attempt in range(self.politeness.tries):
            if attempt:
                self._sleep(2 ** (attempt - 1) * self._jitter())
            try:
                answer = self._asked(url, headers, host, most)
            except MALFORMED as error:
                raise ForbiddenAddress(f"{redacted(url)[:200]} is no address that can be asked") from error
            except TRANSIENT as error:
                failure = type(error).__name__
                continue
            if answer.status not in WORTH_RETRYING:
                return answer
            failure = f"status {answer.status}"
            wait = self._wait_told_by(answer, redacted(url))
            if attempt + 1 < self.politeness.tries and wait:
                self._sleep(wait)
        if failure.startswith("status ") and most is not None:
            return answer
        raise Unreachable(f"{redacted(url)} gave no answer in {self.politeness.tries} tries; last: {failure}")

    def _wait_told_by(self, answer: Answer, shown: str) -> float:
        seconds = _retry_after(answer.retry_after, self._now())
        if seconds > self.politeness.longest_retry_after:
            raise Deferred(f"{shown} asks to come back in {seconds:.0f} s; the source is left until the next run")
        return seconds

    def _asked(self, url: str, headers: dict, host: _Host, most: int | None) -> Answer:
        if self.n_requests >= self.politeness.most_requests_a_source:
            raise BudgetSpent(f"the budget of {self.politeness.most_requests_a_source} requests a source is spent")
        self._keep_gap(host)
        self.n_requests += 1
        status, n_bytes, outcome = None, 0, "failed"
        started = self._clock()
        try:
            with self._requests.get(
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(self.politeness.connect_timeout, self.politeness.read_timeout),
            ) as response:
                status = response.status_code
                body = self._body(response, started, most) if status == 200 else b""
            n_bytes, outcome = len(body), "answered"
            self.n_bytes += n_bytes
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            host.asked_at = self._clock()
            if self.on_request:
                self.on_request(url=redacted(url), status=status, n_bytes=n_bytes, outcome=outcome)
        marks = response.headers
        return Answer(
            url=url,
            status=status,
            body=body,
            content_type=marks.get("Content-Type"),
            etag=marks.get("ETag"),
            last_modified=marks.get("Last-Modified"),
            location=marks.get("Location"),
            retry_after=marks.get("Retry-After"),
        )

    def _keep_gap(self, host: _Host) -> None:
        if host.asked_at is not None:
            gap = max(host.gap, self.politeness.gap_seconds)
            if (wait := host.asked_at + gap - self._clock()) > 0:
                self._sleep(wait)

    def _body(self, response: requests.Response, started: float, most: int | None) -> bytes:
        """The decompressed body, read piece by piece so that size, ratio and time are watched all along."""
        shown = redacted(response.url)
        limit = self.politeness.most_body_mib * MEBIBYTE
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
            raise UnexpectedContent(f"{shown} is encoded as {encoding!r}, which was not asked for")
        unpacking = zlib.decompressobj(47) if encoding in ("gzip", "x-gzip", "deflate") else None
        n_received, body = 0, bytearray()
        while piece := response.raw.read1(65_536, decode_content=False):
            n_received += len(piece)
            try:
                body += unpacking.decompress(piece, limit + 1 - len(body)) if unpacking else piece
            except zlib.error as error:
                raise UnexpectedContent(f"{shown} is not the {encoding} it says it is") from error
            if most is not None and len(body) > most:
                return bytes(body[:most])
            if len(body) > limit:
                raise TooLarge(f"{shown} is larger than {self.politeness.most_body_mib} MiB")
            if len(body) > max(SMALL_BODY, HIGHEST_RATIO * n_received):
                raise TooLarge(f"{shown} unpacks to more than {HIGHEST_RATIO} times its size")
            if self._clock() - started > self.politeness.total_timeout:
                raise requests.Timeout(f"more than {self.politeness.total_timeout:.0f} s in all")
        if unpacking and not unpacking.eof and n_received:
            raise http.client.IncompleteRead(b"")
        return bytes(body)


def check_content(answer: Answer, expect: str | None, shown: str) -> None:
    """Raise :class:`UnexpectedContent` where the body cannot be what was asked for, e.g. a login page."""
    start = answer.body[:512].lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnexpectedContent(f"{shown} answered with nothing in it")
    is_wrong = {
        "json": not start.startswith((b"{", b"[", b"\xff\xfe", b"\xfe\xff")),
        "html": start.startswith((b"{", b"[", b"%PDF", b"\x1f\x8b", b"PK")),
        "sitemap": start.lower().startswith(HTML_START) or not start.startswith((*MARKUP_START, b"\x1f\x8b")),
    }
    if is_wrong.get(expect or "", False):
        kind = "an HTML page" if start.startswith(b"<") else "something else"
        raise UnexpectedContent(f"{shown} should send {expect} but sent {kind}; it begins {excerpt(answer.body)}")


def _checked_status(answer: Answer, shown: str) -> Answer:
    if answer.status in (200, 304):
        return answer
    raise HttpStatus(f"{shown} answers {answer.status}", answer.status)


def _redirect_target(url: str, location: str | None) -> str:
    if not location:
        raise RefusedRedirect(f"{redacted(url)} redirects to nowhere")
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
    except ValueError as error:
        raise RefusedRedirect(f"{redacted(url)} redirects to an address that cannot be read") from error
    if urlsplit(url).scheme == "https" and parts.scheme != "https":
        raise RefusedRedirect(f"{redacted(url)} redirects out of https")
    if LOGIN_WORDS & set(parts.path.lower().strip("/").split("/")):
        raise RefusedRedirect(f"{redacted(url)} redirects to a login or consent page")
    return target


def _retry_after(told: str | None, now: datetime) -> float:
    """Seconds to wait, from seconds or a date; 0 where the header says nothing usable."""
    if not told:
        return 0.0
    if told.strip().isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _host_key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
