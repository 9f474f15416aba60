"""What the report and the dashboard share: one self-contained HTML file that fetches nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

SIMULATED = "Simulated market: no real postings. Every employer and every number on this page is made up."


def asset(name: str) -> str:
    """Text of a file in ``showing/``."""
    return files("itpm_trends.showing").joinpath(name).read_text(encoding="utf-8")


def embedded_json(value: Any) -> str:
    """JSON that may stand inside ``<script>``: no ``<``, and none of the line ends that only JSON allows."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def page(
    *,
    title: str,
    css: str,
    body: str,
    scripts: list[str],
    values: dict[str, Any],
    unpacked_scripts: Sequence[str] = (),
) -> str:
    """One HTML file: ``values`` stand as JSON in ``<script type="application/json" id=NAME>`` before ``scripts``.

    The content security policy names each script by its hash, so a script that slipped in from a posting does not
    run, and nothing at all is fetched from outside. ``unpacked_scripts`` do not stand in the page as they are: its own
    scripts unpack and insert them.
    """
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in (*scripts, *unpacked_scripts))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    blocks = "\n".join(
        f'<script type="application/json" id="{name}">{embedded_json(value)}</script>' for name, value in values.items()
    )
    run = "\n".join(f"<script>{script}</script>" for script in scripts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{html.escape(title)}</title>\n<style>\n{css}\n</style>\n</head>\n'
        f"<body>\n{body}\n{blocks}\n{run}\n</body>\n</html>\n"
    )


def save(text: str, path: Path) -> Path:
    """Write ``text`` so that a reader never finds half a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    return part.replace(path)


def plotly_bundle() -> str:
    """The vendored plotly.js with bar, pie and scatter."""
    return asset("assets/plotly-basic.min.js").replace("</script", "<\\/script")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
