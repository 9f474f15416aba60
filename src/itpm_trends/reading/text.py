# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""A posting's description as text, and the folded copy of it in which phrases are looked for.

``text_of`` turns HTML (also escaped, also twice), Markdown or plain text into text with one block a line: bullets
start with ``- ``, headings with ``## ``. ``normalised`` folds dashes, quotes, spaces and compatibility characters
for matching and leads every position back, so that ``text[start:end]`` always is what was matched.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 200_000  # longer descriptions are cut here: no real posting comes near it
DEEPEST_UNESCAPING = 3

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "dt"])
BOLD = frozenset(("b", "strong"))
UNREAD = frozenset(["script", "style", "head", "noscript", "template", "svg", "iframe", "object", "select", "button"])
BOLD_ON, BOLD_OFF, HEADING_MARK = "\x02", "\x03", "\x04"

ESCAPED_TAG = re.compile(r"&(?:amp;)*lt;/?[a-zA-Z][a-zA-Z0-9]{0,9}\b")
TAG = re.compile(
    r"</?(?:p|br|div|ul|ol|li|h[1-6]|span|strong|b|em|i|u|a|table|tr|td|section|article|body|html|font|script"
    r"|style)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
BLOCK_TAG = re.compile(r"<(?:p|div|ul|ol|li|h[1-6]|table|section|article)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
MOJIBAKE = re.compile("[âÃÂðï][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|€[™œ¢“”˜]")
LOST_MOJIBAKE = (
    ("â€™", "’"), ("â€˜", "‘"), ("â€œ", "“"), ("â€\x9d", "”"), ("â€“", "–"), ("â€”", "—"), ("â€¢", "•"), ("â€¦", "…"),
    ("€™", "’"), ("€¢", "•"), ("€œ", "“"), ("€“", "–"), ("Â\u00a0", " "),
)  # fmt: skip


def text_of(description_raw: str | None) -> str:
    """The description as readable text; "" where nothing is left.

    >>> text_of("<p><b>Skills</b></p><ul><li>P<b>M</b>P</li></ul>")
    '## Skills\\n- PMP'
    """
    raw = CONTROL.sub("", (description_raw or "")[:MOST_CHARACTERS]).replace("\r\n", "\n").replace("\r", "\n")
    raw = _unescaped(_mended(raw))
    lines = _html_lines(raw) if TAG.search(raw) else _plain_lines(html.unescape(raw))
    text = "\n".join(lines)
    text = _without_personal_data(_unglued(text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _mended(raw: str) -> str:
    if not MOJIBAKE.search(raw):
        return raw
    import ftfy

    mended = ftfy.fix_encoding(raw) if len(raw) < 200_000 else raw
    for wrong, right in LOST_MOJIBAKE:
        mended = mended.replace(wrong, right)
    return mended


def _unescaped(raw: str) -> str:
    """Escaped HTML as HTML; text that merely holds entities stays as it is."""
    for _ in range(DEEPEST_UNESCAPING):
        if not ESCAPED_TAG.search(raw) or len(ESCAPED_TAG.findall(raw)) < len(TAG.findall(raw)):
            break
        raw = html.unescape(raw)
    return raw


def _html_lines(raw: str) -> list[str]:
    keeps_line_breaks = not BLOCK_TAG.search(raw) or _is_text_with_few_tags(raw)
    lines = "".join(_html_pieces(raw, keeps_line_breaks)).split("\n")
    return (
        _joined_wraps([_html_line(line) for line in lines])
        if keeps_line_breaks
        else [line for raw_line in lines if (line := _html_line(raw_line))]
    )


def _is_text_with_few_tags(raw: str) -> bool:
    return raw.count("\n\n") > 2 * len(BLOCK_TAG.findall(raw)) + 2


def _html_pieces(raw: str, keeps_line_breaks: bool) -> list[str]:
    """Text of the document in order, with line breaks at block edges and marks for bold and headings."""
    from selectolax.lexbor import LexborHTMLParser

    node = LexborHTMLParser(raw).body
    pieces: list[str] = []
    open_tags: list[str] = []  # nodes are never compared: selectolax compares their HTML
    while node is not None:
        tag = node.tag
        child = None
        if tag == "-text":
            words = node.text_content or ""
            pieces.append(words if keeps_line_breaks else words.replace("\n", " "))
        elif tag == "br":
            pieces.append("\n")
        elif tag not in UNREAD and tag[0] not in "-!":
            pieces.append(_opening(tag))
            child = node.child
            if child is None:
                pieces.append(_closing(tag))
        if child is not None:
            open_tags.append(tag)
            node = child
            continue
        while open_tags and node.next is None:
            node = node.parent
            pieces.append(_closing(open_tags.pop()))
        node = node.next if open_tags else None
    return pieces


def _opening(tag: str) -> str:
    if tag == "li":
        return "\n- "
    if tag in HEADINGS:
        return "\n" + HEADING_MARK
    if tag in BLOCKS:
        return "\n"
    return BOLD_ON if tag in BOLD else ""


def _closing(tag: str) -> str:
    if tag in BLOCKS:
        return " \n" if tag in ("td", "th") else "\n"
    return BOLD_OFF if tag in BOLD else ""


ONLY_BOLD = re.compile(r"\s*\x02[^\x02\x03]*\x03[\s:]*(?:\x02[^\x02\x03]*\x03[\s:]*){0,8}$")
MARKS = re.compile(r"[\x02\x03\x04]")


def _html_line(raw_line: str) -> str:
    is_heading = HEADING_MARK in raw_line or bool(ONLY_BOLD.match(raw_line))
    return _line(MARKS.sub("", raw_line), is_heading)


SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
BULLET = re.compile(r"(?:[-*+•●▪◦‣·○■□➢➤►✓✔✅❖~–—]|o(?= [A-Z]))[ \t]+(?=\S)|[•●▪◦‣·■➢➤►✓✔✅❖](?=\S)")
MARKDOWN_HEADING = re.compile(r"#{1,6}\s*(?=\S)")
EMPHASIS_ONLY = re.compile(r"[*_]{2,3}([^*_]{2,90}?)[*_]{2,3}\s*:?$")


def _line(raw_line: str, is_heading: bool = False) -> str:
    """One line with its bullet or heading mark in our own spelling."""
    line = SPACES.sub(" ", raw_line).strip()
    place = 0
    while bullet := BULLET.match(line, place):
        place = bullet.end()
    is_bullet, line = place > 0, line[place:]
    if not line or line == "-":
        return ""
    if heading := MARKDOWN_HEADING.match(line):
        is_heading, line = True, line[heading.end() :]
    if is_bullet:
        return "- " + line
    return "## " + line if is_heading and len(line) <= 120 else line


LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)")
EMPHASIS = re.compile(r"(?<![\w*])[*]{1,3}(?=[^\s*])|(?<=[^\s*])[*]{1,3}(?![\w*])|\*{2,3}")
UNDERLINE = re.compile(r"(?<!\w)_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?!\w)")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")


def _plain_lines(raw: str) -> list[str]:
    raw = LINK.sub(r"\1", raw) if "](" in raw else raw
    return _joined_wraps([_plain_line(line) for line in raw.split("\n")])


def _plain_line(raw_line: str) -> str:
    stripped = raw_line.strip()
    if not stripped:
        return ""
    if bold := EMPHASIS_ONLY.match(stripped):
        return _line(bold.group(1), is_heading=True)
    line = _line(stripped)
    if "*" in line:
        line = EMPHASIS.sub("", line)
    if "_" in line:
        line = UNDERLINE.sub("", line)
    return ESCAPE.sub(r"\1", line) if "\\" in line else line


def _joined_wraps(lines: list[str]) -> list[str]:
    """Lines that a mailer broke near a fixed column, joined again; other lines as they are."""
    long_lines = [len(line) for line in lines if len(line) > 50]
    if len(long_lines) < 4 or max(long_lines) > 100:
        return lines
    joined: list[str] = []
    width_of_last = 0
    for line in lines:
        if (joined and width_of_last > 45 and line and (line[0].islower() or line[0].isdigit() or line[0] in "(&")) or (
            joined and width_of_last > 58 and line[:1].isupper() and joined[-1][-1:] not in ".;:!?"
        ):
            joined[-1] += " " + line
        else:
            joined.append(line)
        width_of_last = len(line)
    return joined


STARTERS = (
    "The|This|These|Bachelor|Master|Strong|Experience|Experienced|Excellent|Ability|Able|Must|Proven|Knowledge|Work"
    "|Working|Manage|Manages|Lead|Leads|Develop|Provide|Ensure|Required|Preferred|Skills|Responsibilities|Responsible"
    "|Requirements|Qualifications|Education|You|We|Our|Job|About|Benefits|Good|Minimum|Coordinate|Support|Prepare"
    "|Review|Assist|Identify|Create|Have|Join|Participate|Understanding|Familiar|Familiarity|Demonstrated|Solid"
    "|Self|Fluent|At|Perform|Maintain|Track|Monitor|Plan|Communicate|Collaborate|Report|Drive|Act|Desired|Great"
    "|Monthly|Annual|Salary|Competitive|Opportunity|Opportunities|Attractive|Degree|High|Previous|Willing|Willingness"
    "|Conduct|Define|Establish|Build|Deliver|Facilitate|Oversee|Partner|Serve|Key|Main|Candidates|Candidate|Duties|Having|Certified|Can|Be|Has|Hands|Effective|Outstanding|Detail|Bonus|Nice|Travel|Location"
)
# ScrumMaster, TeamWork and OnePlan are names and no sentences that ran together.
GLUED_WORDS = re.compile(
    rf"(?<=[a-z]{{3}})(?<!Scrum)(?<!Team)(?<!One)(?=(?:{STARTERS})\b[ '’:,])|(?<= [A-Z]{{2}})(?=(?:{STARTERS}) [a-z])|(?<=[a-z]{{4}})(?=\d{{1,2}}\+?[ -](?:to \d|\d|years?\b|yrs?\b))"
    r"|(?<=[a-z]{4})(?=(?:PMP|PRINCE2|CAPM|CSM|ITIL|MBA)\b)"
)
GLUED_SENTENCES = re.compile(
    r"(?<=[a-z]{3}[.;!?])(?=\d{1,2}\+? years\b)|(?<=[a-z)%\d][.;:!?])(?=[A-Z][a-z]+[ ,'’])|(?<=[a-z]\))(?=[A-Z][a-z]+ )"
)


def _unglued(text: str) -> str:
    """Sentences that lost the break between them, each on its own line again."""
    return GLUED_WORDS.sub("\n", GLUED_SENTENCES.sub("\n", text))


EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,12}\b|(?<![\w.+-])[\w.+-]{1,64}@\.{3}")
IP_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]*\d)")
WATERMARK = re.compile(
    r"(?:Please mention the word\b[^\n]{0,300}?)?\(?#?\btag R[A-Za-z0-9+/]{10,40}={0,2}[^\n]{0,400}"
    r"|\(?#R(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{12,40}={0,2}\)?"
)
PHONE = re.compile(
    r"(?<![\w$€£.,+/-])(?:"
    r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}"
    r"|(?:1[ .-])?\(\d{3}\)[ .-]{0,2}\d{3}[ .-]\d{4}"
    r"|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}"
    r"|\d{3} \d{3} \d{4}"
    r"|0\d{2,4} \d{3,4} ?\d{3,4}|0\d{4} ?\d{6}|07\d{9}"
    r")(?![\w,%-]|\.\d)"
)

# A person is named where a word of contact stands before two to four capitalised words, or an address after them.
CONTACT = re.compile(
    r"contact|recruit|talent|posted by|published by|attention of|attn|hiring manager|\bask\b|reach|\bcall\b|kontakt|ansprech|\[(?:e-mail|phone)\]",
    re.IGNORECASE,
)
NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Frau|Herrn?|Mme|M)\.? )?[A-ZÀ-Þ][a-zà-ÿ'’]+(?:[ -][A-ZÀ-Þ](?:\.|[\w'’]+)){1,3}"
NAMED_AFTER = re.compile(
    r"((?i:\b(?:contact(?: person| name)?|recruiter(?: name)?|recruiting contact|talent (?:partner|acquisition partner)|posted by|published by|for the attention of|attn|hiring manager|"
    r"reach out to|get in touch with|speak (?:to|with)|call|ask(?: for)?|e-?mail|write to|send [\w ]{1,30} to|"
    r"questions\? contact|ansprechpartner(?:in)?|kontaktperson|kontakt|contactez|contacter)"
    rf"(?: is| ist)?)(?:\s*[:,-]\s*|\s+)(?:(?i:our|your|the) (?:\w+ ){{1,3}})?)({NAME})"
)
NAMED_BEFORE = re.compile(rf"({NAME})((?:,? (?:on|at|by|via|under|unter)|,|:| -)? ?[(<]?\[(?:e-mail|phone)\])")
NO_PERSON = re.compile(
    r"\b(?:Human|Resources|Customer|Service|Services|Support|Team|Department|Office|Talent|Acquisition|Recruitment|"
    r"Recruiting|Manager|Desk|Help|Center|Centre|Bureau|Division|Committee|Group|Company|Inc|Ltd|GmbH|Board|Agency|"
    r"Management|Development|University|Hospital|Trust|City|County|State|Project|Program|Programme|Data|Business|"
    r"Phone|Email|Tel|Fax|Mobile|Job|Information|Personnel|Operations|Director|Sales|Marketing|Solutions|Systems)\b"
)


def _without_names(text: str) -> str:
    """``text`` without the names of persons to turn to."""

    def after(found: re.Match) -> str:
        return found[0] if NO_PERSON.search(found[2]) else found[1] + "[name]"

    def before(found: re.Match) -> str:
        return found[0] if NO_PERSON.search(found[1]) else "[name]" + found[2]

    return NAMED_BEFORE.sub(before, NAMED_AFTER.sub(after, text))


def _without_personal_data(text: str) -> str:
    if "@" in text:
        text = EMAIL.sub("[e-mail]", text)
    text = IP_ADDRESS.sub("[ip address]", text)
    if "tag R" in text or "#R" in text:
        text = WATERMARK.sub("[watermark]", text)
    text = PHONE.sub("[phone]", text)
    return _without_names(text) if CONTACT.search(text) else text


ONE_TO_ONE = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"),
    **dict.fromkeys(map(ord, "‘’‚‛′`´ʼ＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"), " "),
    **dict.fromkeys(map(ord, "•●▪◦‣·○■□➢➤►✓✔❖"), "•"),
}  # fmt: skip
UNSEEN = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\u202a\u202b\u202c\u202d\u202e®™©"
)
UNSEEN_PATTERN = re.compile("[" + "".join(sorted(UNSEEN)) + "]")


@dataclass(frozen=True)
class Normalised:
    """Folded text and the way back: ``starts[i]``, ``ends[i]`` are where its character i came from."""

    text: str
    starts: list[int] | None = None  # None where every character stands where it stood
    ends: list[int] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text that was folded; ``start < end`` stays so."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalised(text: str) -> Normalised:
    """``text`` with dashes, quotes, spaces and compatibility characters folded and unseen characters left out.

    >>> normalised("PMI\u2011ACP\u200b, 5\u00a0years").text
    'PMI-ACP, 5 years'
    """
    if text.isascii():
        return Normalised(text.replace("\t", " "))
    folded = text.translate(ONE_TO_ONE)
    if unicodedata.is_normalized("NFKC", folded) and not UNSEEN_PATTERN.search(folded):
        return Normalised(folded)
    return _folded_one_by_one(folded)


# A run of other than ASCII, with the character before it: a combining accent changes that one.
FOREIGN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


def _folded_one_by_one(text: str) -> Normalised:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for run in FOREIGN.finditer(text):
        pieces.append(text[place : run.start()])
        starts.extend(range(place, run.start()))
        ends.extend(range(place + 1, run.start() + 1))
        for first, last, piece in _clusters(text, run.start(), run.end()):
            pieces.append(piece)
            if len(piece) == 1:
                starts.append(first)
                ends.append(last)
            else:
                starts.extend([first] * len(piece))
                ends.extend([last] * len(piece))
        place = run.end()
    pieces.append(text[place:])
    starts.extend(range(place, len(text)))
    ends.extend(range(place + 1, len(text) + 1))
    return Normalised("".join(pieces), starts, ends)


def _clusters(text: str, place: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """A character with its accents at a time: where it stands and what it folds to."""
    combining = unicodedata.combining
    while place < stop:
        after = place + 1
        while after < stop and combining(text[after]):
            after += 1
        yield place, after, _folded_cluster(text[place:after])
        place = after


LONGEST_FOLDING = 4  # one character may stand for a whole sentence; no job is written so


@lru_cache(maxsize=20_000)
def _folded_cluster(cluster: str) -> str:
    if cluster in UNSEEN:
        return ""
    if cluster.isascii():
        return cluster
    folded = unicodedata.normalize("NFKC", cluster).translate(ONE_TO_ONE)
    return folded if len(folded) <= LONGEST_FOLDING else cluster
