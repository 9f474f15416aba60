"""Text from postings as it may be shown: nothing in it steers a terminal or turns the direction of reading."""

from __future__ import annotations

import re

# Control characters but for line ends and tabs, and those that turn the direction of reading.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """``text`` without the characters that would be obeyed and not shown.

    >>> printable("Heron\\x1b[2J \\u202eLtd")
    'Heron[2J Ltd'
    """
    return text if text.isascii() and text.isprintable() else STEERING.sub("", text)


def printable_json(line: str) -> str:
    """The same JSON with those characters spelled as escapes: whoever reads it gets them whole.

    >>> printable_json('{"id": "\x9b2J"}')
    '{"id": "\\\\u009b2J"}'
    """
    return line if line.isascii() else STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
