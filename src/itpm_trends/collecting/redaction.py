"""Addresses and messages without keys, passwords or tracking: nothing secret reaches a file or a log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SECRET = re.compile(
    r"(^|[_\-.])(api_?key|app_?key|app_?id|key|token|secret|password|passwd|pwd|signature|sig|auth|"
    r"authorization|session|sid|jwt|email|e-?mail)$",
    re.IGNORECASE,
)
TRACKING = re.compile(
    r"^(utm_.*|gh_src|lever-(source|origin)(\[\])?|fbclid|gclid|msclkid|mc_[ce]id|igshid|_ga|trk|ref_?src)$",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[^\s\"'<>)\]]+", re.IGNORECASE)


def redacted(url: str) -> str:
    """``url`` without user name, password, secret and tracking parameters, and fragment.

    >>> redacted("https://me:pw@boards.example/v1/jobs?content=true&api_key=s3cret&utm_source=x#top")
    'https://boards.example/v1/jobs?content=true'
    """
    if not set(url) & set("?#@"):
        return url
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "(address that cannot be read)"
    kept = [(name, text) for name, text in pairs if not SECRET.search(name) and not TRACKING.match(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def redacted_message(text: str) -> str:
    """``text`` with every address in it redacted.

    >>> redacted_message("GET https://x.example/a?app_key=1 failed")
    'GET https://x.example/a failed'
    """
    return ADDRESS.sub(lambda found: redacted(found[0]), text)


SHORTEST_SECRET = 6  # shorter words stand in texts by chance
REDACTED = b"(redacted)"


def without_secrets(body: bytes, secrets: Iterable[str]) -> bytes:
    """``body`` with every secret in it blotted out: some services repeat the key of whoever asks in their links.

    >>> without_secrets(b"/land?utm_source=k3y-k3y", ["k3y-k3y"])
    b'/land?utm_source=(redacted)'
    """
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET and (told := secret.encode()) in body:
            body = body.replace(told, REDACTED)
    return body
