"""A job board on this machine: a simulated market in the wire formats of the three sources, day by day."""

from __future__ import annotations

import hashlib
import html
import json
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

import pandas as pd
from selectolax.lexbor import LexborHTMLParser

from itpm_trends.collecting.raw_postings import posting_id
from itpm_trends.settings import Politeness

BOARD_SOURCES = ("greenhouse", "lever", "jobposting_pages")
LEVER_WORKPLACES = {"onsite": "on-site", "hybrid": "hybrid", "remote": "remote"}
LEVER_INTERVALS = {
    "hour": "per-hour-wage",
    "day": "per-day-wage",
    "week": "per-week-salary",
    "month": "per-month-salary",
    "year": "per-year-salary",
}
ROBOTS = "User-agent: *\nDisallow: /private/\nSitemap: {base_url}/sitemap.xml\n"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<script type="application/ld+json">{block}</script>
</head><body><h1>{title}</h1>{description}</body></html>
"""


class DemoBoard:
    """Serves ``adverts`` on 127.0.0.1 as they stand on ``today``; use it as a context manager.

    Columns of ``adverts``: advert_id, source (greenhouse, lever or jobposting_pages), board, company_name,
    title, location_raw, country_code, workplace, description_html, opened, closed (no longer served from that
    day on), salary_min, salary_max, salary_currency, salary_period; all from country_code on may be null
    except description_html and opened.
    """

    def __init__(self, adverts: pd.DataFrame, *, today: date | None = None) -> None:
        self.adverts = [_advert(row) for row in adverts.to_dict("records")]
        if unknown := sorted({advert["source"] for advert in self.adverts} - set(BOARD_SOURCES)):
            raise ValueError(f"adverts name sources {unknown}; the board serves {BOARD_SOURCES}")
        self.today = today or max((advert["opened"] for advert in self.adverts), default=date(2000, 1, 1))
        self._wire: dict[str, dict | str] = {}
        self._pages = {_page_path(a): a for a in self.adverts if a["source"] == "jobposting_pages"}
        self._boards: dict[tuple[str, str], list[dict]] = {}
        for advert in self.adverts:
            self._boards.setdefault((advert["source"], advert["board"]), []).append(advert)

    def __enter__(self) -> DemoBoard:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def settings(self) -> dict:
        """The ``[sources.*]`` tables that point at this board."""

        def boards(source: str) -> list[str]:
            return sorted(board for name, board in self._boards if name == source)

        tables = {
            "greenhouse": {"base_url": self.base_url, "boards": boards("greenhouse")},
            "lever": {"base_url": self.base_url, "sites": boards("lever")},
            "jobposting_pages": {"sitemaps": [f"{self.base_url}/sitemap.xml"]},
        }
        return {source: table for source, table in tables.items() if boards(source)}

    def politeness(self) -> Politeness:
        """Settings that let a session ask this machine, at once and as often as the market is large."""
        return Politeness(allow_loopback=True, gap_seconds=0, most_requests_a_source=len(self.adverts) + 1000)

    def posting_ids(self) -> pd.Series:
        """posting_id by advert_id: where each advert is found again in the collected market."""
        ids = {a["advert_id"]: posting_id(a["source"], _source_posting_id(a)) for a in self.adverts}
        return pd.Series(ids, dtype="str", name="posting_id").rename_axis("advert_id")

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[str, bytes] | None:
        """Content type and body of ``path`` as of today; ``None`` where nothing is there."""
        parts = path.strip("/").split("/")
        if path == "/robots.txt":
            return "text/plain", ROBOTS.format(base_url=self.base_url).encode()
        if path == "/sitemap.xml":
            return "application/xml", self._sitemap().encode()
        if len(parts) == 4 and parts[:2] == ["v1", "boards"] and parts[3] == "jobs":
            return self._greenhouse(parts[2])
        if len(parts) == 3 and parts[:2] == ["v0", "postings"]:
            return self._lever(parts[2], query)
        advert = self._pages.get(path)
        if advert and self._is_open(advert):
            return "text/html; charset=utf-8", self._made(advert, _page).encode()
        return None

    def _is_open(self, advert: dict) -> bool:
        return advert["opened"] <= self.today and not (advert["closed"] and advert["closed"] <= self.today)

    def _made(self, advert: dict, make: Callable[[dict, str], dict | str]) -> dict | str:
        if advert["advert_id"] not in self._wire:
            self._wire[advert["advert_id"]] = make(advert, self.base_url)
        return self._wire[advert["advert_id"]]

    def _open_at(self, source: str, board: str) -> list[dict] | None:
        adverts = self._boards.get((source, board))
        return adverts if adverts is None else [advert for advert in adverts if self._is_open(advert)]

    def _greenhouse(self, board: str) -> tuple[str, bytes] | None:
        adverts = self._open_at("greenhouse", board)
        if adverts is None:
            return None
        jobs = [self._made(advert, _greenhouse_job) for advert in adverts]
        return "application/json", json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}).encode()

    def _lever(self, site: str, query: dict[str, list[str]]) -> tuple[str, bytes] | None:
        adverts = self._open_at("lever", site)
        if adverts is None:
            return None
        skip, limit = int(query.get("skip", ["0"])[0]), int(query.get("limit", ["100"])[0])
        page = [self._made(advert, _lever_posting) for advert in adverts[skip : skip + limit]]
        return "application/json", json.dumps(page).encode()

    def _sitemap(self) -> str:
        entries = "".join(
            f"<url><loc>{escape(self.base_url + path)}</loc><lastmod>{advert['opened']}T00:00:00Z</lastmod></url>\n"
            for path, advert in self._pages.items()
            if self._is_open(advert)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _handler(board: DemoBoard) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept alive
        wbufsize = -1
        disable_nagle_algorithm = True  # otherwise a body waits 40 ms for its head's acknowledgement

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            try:
                answer = board.answer(asked.path, parse_qs(asked.query))
            except ValueError:
                answer = None
            content_type, body = answer or ("text/plain", b"not found\n")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent: a demo needs no server log."""

    return Handler


def _advert(row: dict) -> dict:
    advert = {name: None if pd.isna(value) else value for name, value in row.items()}
    for name in ("opened", "closed"):
        advert[name] = pd.Timestamp(advert[name]).date() if advert[name] is not None else None
    advert["advert_id"] = str(advert["advert_id"])
    return advert


def _source_posting_id(advert: dict) -> str:
    if advert["source"] == "greenhouse":
        return str(int(hashlib.sha256(advert["advert_id"].encode()).hexdigest()[:12], 16))
    if advert["source"] == "lever":
        return str(uuid.uuid5(uuid.NAMESPACE_URL, advert["advert_id"]))
    return f"127.0.0.1{_page_path(advert)}"


def _page_path(advert: dict) -> str:
    return f"/careers/{quote(advert['board'])}/{quote(advert['advert_id'], safe='')}"


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def _greenhouse_job(advert: dict, base_url: str) -> dict:
    job_id = _source_posting_id(advert)
    job = {
        "absolute_url": f"{base_url}/{advert['board']}/jobs/{job_id}",
        "internal_job_id": int(job_id),
        "location": {"name": advert["location_raw"]},
        "metadata": [],
        "id": int(job_id),
        "updated_at": _moment(advert["opened"]).isoformat(),
        "requisition_id": None,
        "title": advert["title"],
        "company_name": f"{advert['company_name']} ",
        "first_published": _moment(advert["opened"]).isoformat(),
        "language": "en",
        "application_deadline": None,
        "content": html.escape(advert["description_html"]),
        "departments": [],
        "offices": [],
    }
    if advert["salary_min"] or advert["salary_max"]:
        pay = {
            "min_cents": _cents(advert["salary_min"]),
            "max_cents": _cents(advert["salary_max"]),
            "currency_type": advert["salary_currency"],
            "title": f"Pay per {advert['salary_period']}",
            "blurb": None,
        }
        job["pay_input_ranges"] = [pay]
    return job


def _cents(amount: float | None) -> int | None:
    return round(amount * 100) if amount else None


def _lever_posting(advert: dict, base_url: str) -> dict:
    opening, lists = _sections(advert["description_html"])
    posted = _moment(advert["opened"])
    identifier = _source_posting_id(advert)
    posting = {
        "id": identifier,
        "text": advert["title"],
        "categories": {"location": advert["location_raw"], "allLocations": [advert["location_raw"]]},
        "country": advert["country_code"],
        "workplaceType": LEVER_WORKPLACES.get(advert["workplace"], "unspecified"),
        "createdAt": round(posted.timestamp() * 1000),
        "description": opening,
        "lists": lists,
        "additional": "",
        "hostedUrl": f"{base_url}/{advert['board']}/{identifier}",
        "applyUrl": f"{base_url}/{advert['board']}/{identifier}/apply",
    }
    if advert["salary_min"] or advert["salary_max"]:
        posting["salaryRange"] = {
            "min": advert["salary_min"],
            "max": advert["salary_max"],
            "currency": advert["salary_currency"],
            "interval": LEVER_INTERVALS.get(advert["salary_period"]),
        }
    return posting


def _sections(description: str) -> tuple[str, list[dict]]:
    """What stands before the first heading, and each heading with what follows it: Lever keeps them apart."""
    body = LexborHTMLParser(description).body
    opening, lists = [], []
    for node in body.iter() if body else ():
        if node.tag in ("h1", "h2", "h3", "h4"):
            lists.append({"text": node.text(strip=True), "content": ""})
        elif not lists:
            opening.append(node.html or "")
        elif node.tag == "ul":
            lists[-1]["content"] += "".join(item.html or "" for item in node.iter())
        else:
            lists[-1]["content"] += node.html or ""
    return "".join(opening), lists


def _page(advert: dict, base_url: str) -> str:
    place, _, rest = (advert["location_raw"] or "").partition(", ")
    address = {"@type": "PostalAddress", "addressLocality": place or None, "addressRegion": rest or None}
    block = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": advert["title"],
        "description": advert["description_html"],
        "datePosted": advert["opened"].isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": advert["company_name"]},
        "identifier": {
            "@type": "PropertyValue",
            "name": advert["company_name"],
            "value": advert["advert_id"],
        },
        "jobLocation": {"@type": "Place", "address": address | {"addressCountry": advert["country_code"]}},
    }
    if advert["workplace"] == "remote":
        block["jobLocationType"] = "TELECOMMUTE"
    if advert["salary_min"] or advert["salary_max"]:
        amount = {
            "@type": "QuantitativeValue",
            "minValue": advert["salary_min"],
            "maxValue": advert["salary_max"],
        }
        block["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": advert["salary_currency"],
            "value": amount | {"unitText": (advert["salary_period"] or "").upper()},
        }
    shown = json.dumps(block, ensure_ascii=False).replace("</", "<\\/")
    return PAGE.format(title=html.escape(advert["title"]), block=shown, description=advert["description_html"])
