"""A polite session: asks robots.txt first, waits between requests, gives up in time, checks every answer."""

from __future__ import annotations

import copy
import http.client
import os
import random
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
    HostUnreached,
    HttpStatus,
    RefusedRedirect,
    TooLarge,
    UnexpectedContent,
    Unreachable,
)
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.redaction import redacted, without_secrets
from itpm_trends.collecting.sources import Declaration
from itpm_trends.collecting.values import excerpt
from itpm_trends.settings import Politeness

MEBIBYTE = 2**20
MOST_HOPS = 5
HOSTS_TO_SEEM_OFFLINE = 3
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
CUT_OFF = (requests.ConnectTimeout, requests.ConnectionError)  # nobody at the other end, or no way there
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
    content_range: str | None = None

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


@dataclass(frozen=True)
class _Question:
    """One request; ``own`` are the headers that must not reach another host."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "GET"
    json: object = None
    form: Mapping[str, str] | None = field(default=None, repr=False)

    def sent_on(self, target: str) -> _Question:
        """The same question to the address that a redirect names."""
        is_same = _host_key(target) == _host_key(self.url)
        headers = self.headers if is_same else {k: v for k, v in self.headers.items() if k not in self.own}
        return replace(self, url=target, headers=headers)


@dataclass
class _Shared:
    """What all sources of a run count together."""

    n_requests: int = 0
    is_stopped: bool = False
    is_reached: bool = False  # did any host ever answer?
    unreached: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def fail(self, host_key: str) -> None:
        """Note a host that gave no answer at all."""
        with self.lock:
            self.unreached.add(host_key)

    @property
    def seems_offline(self) -> bool:
        """No host ever answered, and several were tried: it is we who are cut off, not they."""
        return not self.is_reached and len(self.unreached) >= HOSTS_TO_SEEM_OFFLINE

    def counted(self, most: int) -> bool:
        """Count one request more, unless ``most`` were sent already."""
        with self.lock:
            if self.n_requests >= most:
                return False
            self.n_requests += 1
            return True


@dataclass
class _Host:
    """What one run knows of a host: its rules, how long to wait, and when it was last asked.

    Whoever asks it holds ``lock``: never two requests at once, whichever sources they are for.
    """

    rules: Protego | None = None
    refused: HostRefused | None = None
    is_known: bool = False
    gap: float = 0.0
    asked_at: float | None = None
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)


class _Hosts(dict):
    """The hosts of a run by their key, each made when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __missing__(self, key: str) -> _Host:
        with self._lock:
            return self.setdefault(key, _Host())


class PoliteSession:
    """One run's way to the network; ``sleep``, ``clock``, ``now`` and ``jitter`` are arguments for tests.

    ``on_request`` is told of every request: address, status (``None`` if none came), bytes and outcome. Each source
    asks through a session of its own (:meth:`for_source`); all of them know the hosts in common.
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
        self.keys: dict[str, str] = {}
        self._declared: Declaration | None = None
        self._n_sent: Callable[[float], int] | None = None
        self._deadline = self._run_ends = clock() + politeness.run_minutes * 60
        self._shared = _Shared()
        self._sleep, self._clock, self._now, self._jitter = sleep, clock, now, jitter
        self._hosts = _Hosts()
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

    def for_source(
        self,
        declaration: Declaration,
        keys: Mapping[str, str],
        *,
        on_request: Callable[..., None] | None = None,
        n_sent: Callable[[float], int] | None = None,
    ) -> PoliteSession:
        """A session for one source, with counts, keys, quotas and time of its own; hosts are known in common.

        ``n_sent`` says how many requests the source has sent within so many hours, earlier runs included.
        """
        own = copy.copy(self)
        own.n_requests = own.n_bytes = 0
        own.keys, own.on_request, own._n_sent, own._declared = dict(keys), on_request, n_sent, declaration
        own._deadline = min(self._run_ends, self._clock() + self.politeness.source_minutes * 60)
        return own

    def stop(self) -> None:
        """Let no further request out, whichever source asks."""
        self._shared.is_stopped = True

    def get(
        self,
        url: str,
        *,
        expect: str | None = None,
        known: KnownPage | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        accept: tuple[int, ...] = (200,),
    ) -> Answer:
        """The answer to ``url`` after redirects: checked content, or status 304 where ``known`` still holds.

        ``expect`` is json, xml, csv, html or sitemap; ``accept`` lists the statuses that are a success. An answer
        without a body (204) is not checked. Raises a :class:`FetchError` that says what stood in the way.
        """
        own = dict(headers or {}) | ({"Authorization": basic_auth_header(*auth)} if auth else {})
        marks = {"If-None-Match": known and known.etag, "If-Modified-Since": known and known.last_modified}
        asked = own | {name: mark for name, mark in marks.items() if mark}
        return self._checked(_Question(url, asked, own), expect, accept)

    def post(
        self,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        expect: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Like :meth:`get`, for searches that are asked by POST; never sent on to where a redirect leads."""
        own = dict(headers or {})
        return self._checked(_Question(url, own, own, method="POST", json=json, form=form), expect, (200,))

    def _checked(self, question: _Question, expect: str | None, accept: tuple[int, ...]) -> Answer:
        answer = self._followed(question, checks_robots=True, accept=accept)
        if not answer.not_modified and answer.status != 204:
            check_content(answer, expect, redacted(question.url))
        return answer

    def sitemaps_named_by(self, url: str) -> list[str]:
        """The sitemaps that robots.txt of the host of ``url`` names."""
        rules = self._host(url).rules
        return list(rules.sitemaps) if rules else []

    def _followed(self, question: _Question, *, checks_robots: bool, accept: tuple[int, ...] = (200,)) -> Answer:
        start = question.url
        for _hop in range(MOST_HOPS + 1):
            url = question.url
            check_address(url, allow_loopback=self.politeness.allow_loopback)
            host = self._host(url) if checks_robots else self._hosts[_host_key(url)]
            if host.rules and not host.rules.can_fetch(url, self._requests.headers["User-Agent"]):
                raise Disallowed(f"robots.txt does not allow {redacted(url)}")
            answer = self._tried(question, host, accept, most=LONGEST_ROBOTS if not checks_robots else None)
            if answer.status not in REDIRECTS:
                return self._checked_status(answer, accept) if checks_robots else answer
            question = question.sent_on(_redirect_target(question, answer.location))
        raise RefusedRedirect(f"{redacted(start)} redirects more than {MOST_HOPS} times")

    def _checked_status(self, answer: Answer, accept: tuple[int, ...]) -> Answer:
        if answer.status in accept or answer.status == 304:
            return answer
        shown = redacted(answer.url)
        if self._declared and answer.status in self._declared.throttled_by:
            raise Deferred(
                f"{shown} answers {answer.status}: {self._declared.label} says so when it is asked too much; "
                "the source is left until the next run"
            )
        raise HttpStatus(f"{shown} answers {answer.status}", answer.status)

    def _host(self, url: str) -> _Host:
        """The host of ``url`` with its rules read; :class:`HostRefused` where they could not be."""
        host = self._hosts[_host_key(url)]
        with host.lock:
            if not host.is_known:
                try:
                    self._read_rules(url, host)
                except HostRefused as error:
                    host.refused = error
                host.is_known = True
        if host.refused:
            raise type(host.refused)(str(host.refused))
        return host

    def _read_rules(self, url: str, host: _Host) -> None:
        robots_url = urljoin(url, "/robots.txt")
        try:
            answer = self._followed(_Question(robots_url), checks_robots=False)
        except (BudgetSpent, ForbiddenAddress):
            raise
        except Unreachable as error:
            raise HostUnreached(f"the host is left alone, its robots.txt could not be read: {error}") from error
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

    def _tried(self, question: _Question, host: _Host, accept: tuple[int, ...], *, most: int | None) -> Answer:
        """One answer after up to ``tries`` tries; only failures that may pass are tried again."""
        failure, shown = "", redacted(question.url)
        for attempt in range(self.politeness.tries):
            if self._shared.seems_offline:
                raise Unreachable(f"{shown}: no host answers, so this machine seems to be offline")
            if attempt:
                self._sleep(2 ** (attempt - 1) * self._jitter())
            try:
                answer = self._asked(question, host, accept, most)
            except MALFORMED as error:
                # Without its cause: the texts of these errors hold the address with its keys.
                raise ForbiddenAddress(
                    f"{shown[:200]} is no address that can be asked ({type(error).__name__})"
                ) from None
            except TRANSIENT as error:
                failure = type(error).__name__
                if isinstance(error, CUT_OFF):
                    self._shared.fail(_host_key(question.url))
                continue
            if answer.status not in WORTH_RETRYING:
                return answer
            failure = f"status {answer.status}"
            wait = self._wait_told_by(answer, shown)
            if attempt + 1 < self.politeness.tries and wait:
                self._sleep(wait)
        if failure.startswith("status ") and most is not None:
            return answer
        raise Unreachable(f"{shown} gave no answer in {self.politeness.tries} tries; last: {failure}")

    def _wait_told_by(self, answer: Answer, shown: str) -> float:
        seconds = _retry_after(answer.retry_after, self._now())
        if seconds > self.politeness.longest_retry_after:
            raise Deferred(f"{shown} asks to come back in {seconds:.0f} s; the source is left until the next run")
        return seconds

    def _asked(self, question: _Question, host: _Host, accept: tuple[int, ...], most: int | None) -> Answer:
        with host.lock:
            self._keep_gap(host)
            self._check_budget(is_robots=most is not None)
            return self._sent(question, host, accept, most)

    def _check_budget(self, *, is_robots: bool) -> None:
        """Raise :class:`BudgetSpent` or :class:`Deferred` where the source may send nothing more for now."""
        politeness = self.politeness
        if self._shared.is_stopped:
            raise BudgetSpent("the run was stopped")
        if self.n_requests >= politeness.most_requests_a_source:
            raise BudgetSpent(f"the budget of {politeness.most_requests_a_source} requests a source is spent")
        if self._clock() > self._deadline:
            raise BudgetSpent(
                f"the time is spent: {politeness.source_minutes:g} minutes a source, {politeness.run_minutes:g} a run"
            )
        for quota in () if is_robots or not (self._declared and self._n_sent) else self._declared.quotas:
            if self._n_sent(quota.hours) >= quota.most:
                raise Deferred(f"{self._declared.label} allows {quota}, and they are spent; it is left until later")
        if not self._shared.counted(politeness.most_requests_a_run):
            raise BudgetSpent(f"the budget of {politeness.most_requests_a_run} requests a run is spent")

    def _sent(self, question: _Question, host: _Host, accept: tuple[int, ...], most: int | None) -> Answer:
        self.n_requests += 1
        status, n_bytes, outcome = None, 0, "failed"
        started = self._clock()
        try:
            with self._requests.request(
                question.method,
                question.url,
                headers=question.headers,
                json=question.json,
                data=question.form,
                stream=True,
                allow_redirects=False,
                timeout=(self.politeness.connect_timeout, self.politeness.read_timeout),
            ) as response:
                status = response.status_code
                self._shared.is_reached = True
                body = self._body(response, started, most) if status in accept else b""
            n_bytes, outcome = len(body), "answered"
            self.n_bytes += n_bytes
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            host.asked_at = self._clock()
            if self.on_request:
                self.on_request(url=redacted(question.url), status=status, n_bytes=n_bytes, outcome=outcome)
        marks = response.headers
        return Answer(
            url=question.url,
            status=status,
            body=without_secrets(body, self.keys.values()),
            content_type=marks.get("Content-Type"),
            etag=marks.get("ETag"),
            last_modified=marks.get("Last-Modified"),
            location=marks.get("Location"),
            retry_after=marks.get("Retry-After"),
            content_range=marks.get("Content-Range"),
        )

    def _keep_gap(self, host: _Host) -> None:
        if host.asked_at is not None:
            own = self._declared.gap_seconds if self._declared else 0.0
            gap = max(host.gap, own, self.politeness.gap_seconds)
            if (wait := host.asked_at + gap - self._clock()) > 0:
                self._sleep(wait)

    def _body(self, response: requests.Response, started: float, most: int | None) -> bytes:
        """The decompressed body, read piece by piece so that size, ratio and time are watched all along."""
        shown = redacted(response.url)
        most_mib = (self._declared and self._declared.most_body_mib) or self.politeness.most_body_mib
        limit = most_mib * MEBIBYTE
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
                raise TooLarge(f"{shown} is larger than {most_mib} MiB")
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
        "xml": start.lower().startswith(HTML_START) or not start.startswith(MARKUP_START),
        "csv": start.startswith((b"<", b"{", b"%PDF", b"\x1f\x8b", b"PK")),
        "sitemap": start.lower().startswith(HTML_START) or not start.startswith((*MARKUP_START, b"\x1f\x8b")),
    }
    if is_wrong.get(expect or "", False):
        kind = "an HTML page" if start.startswith(b"<") else "something else"
        raise UnexpectedContent(f"{shown} should send {expect} but sent {kind}; it begins {excerpt(answer.body)}")


def basic_auth_header(name: str, password: str) -> str:
    """The Authorization header of HTTP Basic (RFC 7617)."""
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode("ascii")


def _redirect_target(question: _Question, location: str | None) -> str:
    url = question.url
    if question.method != "GET":
        raise RefusedRedirect(f"{redacted(url)} answers a search by sending it elsewhere")
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
