"""All postings as one HTML file with filters, for people who have no Python."""

from __future__ import annotations

import html
import json
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from itpm_trends.errors import ItpmTrendsError
from itpm_trends.showing.columns import columns_of, packed_text
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED, asset, page, plotly_bundle, save
from itpm_trends.showing.wording import credit
from itpm_trends.workspace import Workspace

# One script: each part uses what the parts before it define.
PARTS = ("unpacking", "words", "counting", "steps", "trends", "figures", "tabs", "page")


def write_dashboard(workspace: Workspace, path: Path, *, as_of: date) -> Path:
    """Write the dashboard of ``workspace`` to ``path``: one file, nothing fetched, filters computed in the page.

    It holds numbers of each posting only: no title, text or address, and employers' names from three vacancies on.
    """
    market = Market.of(workspace)
    texts = json.loads(asset("dashboard_page/texts.json"))
    banner = f'<p class="simulated" role="note"><strong>{SIMULATED}</strong></p>' if market.simulated else ""
    body = asset("dashboard_page/template.html").replace("{banner}", banner)
    credits = " ".join(filter(None, map(credit, sorted(market.vacancies["source"].unique()))))
    body = body.replace("{credits}", f'<p class="credits">{credits}</p>' if credits else "")
    for name, text in texts["page"].items():
        body = body.replace(f"{{{name}}}", html.escape(text))
    return save(
        page(
            title=texts["page"]["title"],
            css=asset("dashboard_page/dashboard.css"),
            body=body,
            scripts=[script()],
            unpacked_scripts=[plotly_bundle()],
            values={
                "market": columns_of(market, as_of, texts["definitions"]),
                "texts": texts,
                "plotly": packed_text(plotly_bundle()),
            },
        ),
        path,
    )


def script() -> str:
    """The page's own script, its parts in one."""
    parts = "\n".join(asset(f"dashboard_page/{name}.js") for name in PARTS)
    return f'"use strict";\n(async function () {{\n{parts}\n}})();\n'


def server(path: Path, port: int) -> ThreadingHTTPServer:
    """A server of the one file ``path`` on this machine; ``port`` 0 takes a free one."""
    content = path.read_bytes()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.split("?")[0] in ("/", f"/{path.name}")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8" if found else "text/plain")
            self.end_headers()
            self.wfile.write(content if found else b"Not found: the dashboard is at /\n")

        def log_message(self, *_) -> None:
            """Say nothing of each request."""

    try:
        return ThreadingHTTPServer(("127.0.0.1", port), Page)
    except OSError as error:
        raise ItpmTrendsError(f"port {port} cannot be used: {error.strerror}. Choose another with --port.") from error
