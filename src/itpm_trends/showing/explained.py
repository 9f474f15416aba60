"""What was read from a posting, marked in place: for a terminal, a pipe, or a page that needs no network.

Each mention shows its kind, its modality and the cue that decided it, so that a reader can judge every one.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from textwrap import shorten as shortened
from typing import TYPE_CHECKING

from itpm_trends.printable import printable
from itpm_trends.reading.document import Mention
from itpm_trends.reading.posting import ReadPosting
from itpm_trends.reading.vocabulary import label_of
from itpm_trends.showing.page import asset, page
from itpm_trends.showing.wording import KIND_WORDS, SENIORITY_WORDS, SPECIALISM_WORDS, WORKPLACE_WORDS

if TYPE_CHECKING:
    from rich.text import Text

TERMINAL_STYLES = {
    "degree": "bold magenta",
    "certification": "bold yellow",
    "experience": "bold blue",
    "skill": "bold green",
    "language": "bold cyan",
    "duty": "cyan",
    "role": "blue",
}

LONGEST_QUOTE = 60


def said_of(mention: Mention) -> str:
    """One mention in words: what it is, required or preferred, and what decided that."""
    more = []
    if mention.min_years is not None or mention.max_years is not None:
        more.append(_years(mention))
    if mention.fields:
        more.append("in " + ", ".join(name.replace("-", " ") for name in mention.fields))
    if mention.or_experience:
        more.append("or experience instead")
    cue = "plain statement" if mention.cue == "default" else f"because of \N{LEFT DOUBLE QUOTATION MARK}{mention.cue}"
    cue += "" if mention.cue == "default" else "\N{RIGHT DOUBLE QUOTATION MARK}"
    kind = KIND_WORDS[mention.kind]
    what = ", ".join([label_of(mention.requirement_id), *more])
    return f"{kind}: {what}" if mention.kind == "duty" else f"{kind}: {what}; {mention.modality} ({cue})"


def _years(mention: Mention) -> str:
    low, high = (None if years is None else f"{years:g}" for years in (mention.min_years, mention.max_years))
    if high is None:
        return f"{low} {'year' if low == '1' else 'years'} or more"
    return f"up to {high} years" if low is None else f"{low} to {high} years"


def summary_of(read: ReadPosting) -> str:
    """The posting as a whole in one line."""
    is_ours = read.occupation != "other"
    pay = read.salary
    parts = [
        "IT project manager" if is_ours else "not an IT project manager's job",
        SENIORITY_WORDS.get(read.seniority),
        SPECIALISM_WORDS.get(read.specialism),
        WORKPLACE_WORDS.get(read.workplace, "workplace not stated"),
        f"pay: {pay['text']}" if pay else "no pay stated",
        f"language: {read.language or 'unknown'}",
    ]
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


def marked(read: ReadPosting) -> Iterator[tuple[str, list[Mention]]]:
    """``read.text`` cut at its mentions: each piece with the mentions that it holds, [] for plain text.

    Mentions that overlap share a piece, so that nothing is marked inside a mark.
    """
    place, piece_end, held = 0, 0, []
    for mention in sorted(read.mentions, key=lambda m: (m.start, -m.end)):
        if held and mention.start < piece_end:
            held.append(mention)
            piece_end = max(piece_end, mention.end)
            continue
        if held:
            yield read.text[place:piece_end], held
            place = piece_end
        if mention.start > place:
            yield read.text[place : mention.start], []
        place, piece_end, held = mention.start, mention.end, [mention]
    if held:
        yield read.text[place:piece_end], held
        place = piece_end
    if place < len(read.text):
        yield read.text[place:], []


def terminal_text(read: ReadPosting) -> Text:
    """The posting for a terminal or a pipe: under each line, what its marked words were read as."""
    from rich.text import Text

    text = Text()
    text.append(f"{_printable(str(read.title)) or '(no title)'}\n", style="bold underline")
    text.append(_printable(summary_of(read)) + "\n\n", style="dim")
    said: list[tuple[str, str]] = []
    for piece, mentions in marked(read):
        lines = piece.split("\n")
        for number, line in enumerate(lines):
            if number:
                text.append("\n")
                _append_said(text, said)
            text.append(_printable(line) if not mentions else f"[{_printable(line)}]", style=_style(mentions))
        said += [(_printable(f"{_quoted(read, m)} {said_of(m)}"), TERMINAL_STYLES.get(m.kind, "")) for m in mentions]
    text.append("\n")
    _append_said(text, said)
    return text


def _quoted(read: ReadPosting, mention: Mention) -> str:
    return f"[{shortened(read.text[mention.start : mention.end], LONGEST_QUOTE)}]"


def _append_said(text: Text, said: list[tuple[str, str]]) -> None:
    for words, style in dict.fromkeys(said):
        text.append(f"    \N{BOX DRAWINGS LIGHT UP AND RIGHT} {words}\n", style=style.replace("bold ", ""))
    said.clear()


def _style(mentions: list[Mention]) -> str:
    return TERMINAL_STYLES.get(mentions[0].kind, "bold") if mentions else ""


def _printable(text: str) -> str:
    """Without control characters: a posting must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def explained_page(postings: Iterable[ReadPosting], name: str) -> str:
    """One HTML page with every posting, mentions marked, kinds to switch on and off, sentences on hover and focus."""
    articles = "\n".join(_article(read) for read in postings)
    kinds = "\n".join(
        f'<label class="{kind}"><input type="checkbox" checked data-kind="{kind}"> {html.escape(words)}</label>'
        for kind, words in KIND_WORDS.items()
        if kind in TERMINAL_STYLES
    )
    body = (
        f"<header><h1>What was read from {html.escape(name)}</h1><p>Marked words were read as requirements. A dashed "
        f"frame means preferred. Point at a mark, or reach it with the tab key, to see what it was read as and why.</p>"
        f"<fieldset><legend>Show</legend>{kinds}</fieldset></header>\n<main>{articles}</main>"
    )
    return page(
        title=f"What was read from {name}",
        css=asset("explained_page/explained.css"),
        body=body,
        scripts=[asset("explained_page/explained.js")],
        values={},
    )


def _article(read: ReadPosting) -> str:
    body = "".join(
        _mark(printable(piece), mentions) if mentions else html.escape(printable(piece), quote=True)
        for piece, mentions in marked(read)
    )
    title = html.escape(printable(read.title)) or "(no title)"
    return (
        f"<article><h2>{title}</h2><p class=summary>{html.escape(summary_of(read))}</p>"
        f"<div class=text>{body}</div></article>"
    )


def _mark(piece: str, mentions: list[Mention]) -> str:
    kinds = " ".join(dict.fromkeys(mention.kind for mention in mentions))
    is_preferred = all(mention.modality == "preferred" for mention in mentions)
    said = "\n".join(dict.fromkeys(said_of(mention) for mention in mentions))
    return (
        f'<mark class="{kinds}{" preferred" if is_preferred else ""}" tabindex="0" '
        f'data-said="{html.escape(said, quote=True)}" aria-label="{html.escape(piece + ". " + said, quote=True)}">'
        f"{html.escape(piece)}</mark>"
    )
