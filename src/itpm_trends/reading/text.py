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
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import AnyStr

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
MOJIBAKE_STARTS = frozenset("âÃÂðï€")
LOST_MOJIBAKE = (
    ("â€™", "’"), ("â€˜", "‘"), ("â€œ", "“"), ("â€\x9d", "”"), ("â€“", "–"), ("â€”", "—"), ("â€¢", "•"), ("â€¦", "…"),
    ("€™", "’"), ("€¢", "•"), ("€œ", "“"), ("€“", "–"), ("Â\u00a0", " "),
)  # fmt: skip


def text_of(description_raw: str | None) -> str:
    """The description as readable text; "" where nothing is left.

    >>> text_of("<p><b>Skills</b></p><ul><li>P<b>M</b>P</li></ul>")
    '## Skills\\n- PMP'
    """
    raw = _unescaped(_mended(_without_controls((description_raw or "")[:MOST_CHARACTERS])))
    lines = _html_lines(raw) if TAG.search(raw) else _plain_lines(html.unescape(raw))
    text = _without_personal_data(_unglued("\n".join(lines)))
    return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip()


@lru_cache(maxsize=8)  # asked at many steps, most of which change nothing
def rare_characters(text: str) -> frozenset[str]:
    """The characters of ``text`` that are neither printable ASCII nor line feeds.

    Most texts hold a handful or none, and each is replaced faster than all characters are looked up.
    """
    return frozenset(text.encode("utf-8", "surrogatepass").translate(None, COMMON).decode("utf-8", "surrogatepass"))


COMMON = bytes([*range(32, 127), ord("\n")])


def _without_controls(raw: str) -> str:
    if CONTROL.search("".join(rare_characters(raw))):
        raw = CONTROL.sub("", raw)
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _mended(raw: str) -> str:
    if raw.isascii() or MOJIBAKE_STARTS.isdisjoint(rare_characters(raw)) or not MOJIBAKE.search(raw):
        return raw
    mended = _encoded_anew(raw) if len(raw) < 200_000 else raw
    for wrong, right in LOST_MOJIBAKE:
        mended = mended.replace(wrong, right)
    return mended


# What ftfy judges by: other than ASCII, and some characters around it. It takes a tenth of the time for these alone.
FOREIGN_PARTS = re.compile(r"[^\x00-\x7f](?:[\x00-\x7f]{0,8}[^\x00-\x7f])*")


def _encoded_anew(raw: str) -> str:
    import ftfy

    spans = [(max(found.start() - 3, 0), found.end() + 2) for found in FOREIGN_PARTS.finditer(raw)]
    mended = ftfy.fix_encoding("\0".join(raw[start:end] for start, end in spans)).split("\0")
    if len(mended) != len(spans):  # it made a null character of two others
        return ftfy.fix_encoding(raw)
    pieces, place = [], 0
    for (start, end), part in zip(spans, mended, strict=True):
        pieces += raw[place:start], part
        place = end
    return "".join((*pieces, raw[place:]))


def _unescaped(raw: str) -> str:
    """Escaped HTML as HTML; text that merely holds entities stays as it is."""
    for _ in range(DEEPEST_UNESCAPING):
        if not ESCAPED_TAG.search(raw) or len(ESCAPED_TAG.findall(raw)) < len(TAG.findall(raw)):
            break
        # Done by replace, the commonest take a fifth of the time.
        raw = html.unescape(raw.replace("&lt;", "<").replace("&gt;", ">"))
    return raw


def _html_lines(raw: str) -> list[str]:
    keeps_line_breaks = not BLOCK_TAG.search(raw) or _is_text_with_few_tags(raw)
    lines = _plain_spaces("".join(_html_pieces(raw, keeps_line_breaks))).split("\n")
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
        elif tag and tag not in UNREAD and tag[0] not in "-!":  # a processing instruction has no tag
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
    if BOLD_ON not in raw_line and BOLD_OFF not in raw_line and HEADING_MARK not in raw_line:
        return _line(raw_line.strip())
    is_heading = HEADING_MARK in raw_line or bool(ONLY_BOLD.match(raw_line))
    return _line(MARKS.sub("", raw_line).strip(), is_heading)


SPACES = frozenset("\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
BULLET = re.compile(r"(?:[-*+•●▪◦‣·○■□➢➤►✓✔✅❖~–—]|o(?= [A-Z]))[ \t]+(?=\S)|[•●▪◦‣·■➢➤►✓✔✅❖](?=\S)")
MARKDOWN_HEADING = re.compile(r"#{1,6}\s*(?=\S)")
EMPHASIS_ONLY = re.compile(r"[*_]{2,3}([^*_]{2,90}?)[*_]{2,3}\s*:?$")


def _plain_spaces(raw: str) -> str:
    for space in SPACES & rare_characters(raw):
        raw = raw.replace(space, " ")
    return raw


def _line(line: str, is_heading: bool = False) -> str:
    """One stripped line, single-spaced, with its bullet or heading mark in our own spelling."""
    while "  " in line:
        line = line.replace("  ", " ")
    if not line or (line[0].isalpha() and line[0] != "o" and not is_heading):
        return line
    place = 0
    while bullet := BULLET.match(line, place):
        place = bullet.end()
    is_bullet, line = place > 0, line[place:]
    if not line or line == "-":
        return ""
    if line[0] == "#" and (heading := MARKDOWN_HEADING.match(line)):
        is_heading, line = True, line[heading.end() :]
    if is_bullet:
        return "- " + line
    return "## " + line if is_heading and len(line) <= 120 else line


# Each begins with the character that it is looked for by.
LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)")
IMAGE = re.compile("!" + LINK.pattern)
EMPHASIS = re.compile(r"[*](?:(?<![\w*].)[*]{0,2}(?=[^\s*])|(?<=[^\s*].)[*]{0,2}(?![\w*])|[*]{1,2})")
UNDERLINE = re.compile(r"_(?:(?<!\w.)_{0,2}(?=[^\s_])|(?<=[^\s_].)_{0,2}(?!\w))")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")


def _plain_lines(raw: str) -> list[str]:
    if "](" in raw:
        raw = LINK.sub(r"\1", IMAGE.sub(r"\1", raw))
    raw = _plain_spaces(raw)
    line_of = _markdown_line if "*" in raw or "_" in raw or "\\" in raw else _line
    return _joined_fragments(_joined_wraps([line_of(line.strip()) for line in raw.split("\n")]))


def _markdown_line(line: str) -> str:
    while "  " in line:
        line = line.replace("  ", " ")
    if line[:2] in ("**", "__", "*_", "_*") and (bold := EMPHASIS_ONLY.match(line)):
        return _line(bold.group(1).strip(), is_heading=True)
    line = _line(line)
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


CONTINUES = re.compile(r"(?:of|in|to|and|or|with|for|on|at|by|as|is|are|who|that|which|from|within|across) |\.$")
GOES_ON = re.compile(r"(?:^| )(?:an?|the|of|in|to|and|or|with|for|our|your|at|by|as|is|are)$")


def _joined_fragments(lines: list[str]) -> list[str]:
    """Sentences broken where bold words once stood ("seeking a", "Project Manager", "to join us"), joined again."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        if not line or not before or before[:3] == "## " or before[-1] in ".;:!?" or line[:2] in ("- ", "##"):
            joined.append(line)
        elif CONTINUES.match(line) or GOES_ON.search(before, max(0, len(before) - 5)):
            joined[-1] = before + ("" if line == "." else " ") + line
        else:
            joined.append(line)
    return joined


STARTERS = (
    "Should|Two|Three|Four|Five|Six|Seven|Eight|Ten|The|This|These|Bachelor|Master|Strong|Experience|Experienced|Excellent|Ability|Able|Must|Proven|Knowledge|Work"
    "|Working|Manage|Manages|Lead|Leads|Develop|Provide|Ensure|Required|Preferred|Skills|Responsibilities|Responsible"
    "|Requirements|Qualifications|Education|You|We|Our|Job|About|Benefits|Good|Minimum|Coordinate|Support|Prepare"
    "|Review|Assist|Identify|Create|Have|Join|Participate|Understanding|Familiar|Familiarity|Demonstrated|Solid"
    "|Self|Fluent|At|Perform|Maintain|Track|Monitor|Plan|Communicate|Collaborate|Report|Drive|Act|Desired|Great"
    "|Monthly|Annual|Salary|Competitive|Opportunity|Opportunities|Attractive|Degree|High|Previous|Willing|Willingness"
    "|Conduct|Define|Establish|Build|Deliver|Facilitate|Oversee|Partner|Serve|Key|Main|Candidates|Candidate|Duties|Having|Certified|Can|Be|Has|Hands|Effective|Outstanding|Detail|Bonus|Nice|Travel|Location"
    "|Problem|Communication|Interpersonal|Analytical|Proficient|Proficiency|Fundamental|Goal|Prior|Professional|Training"
    "|Motivate|Embrace|Daily|Demonstrate|Possess|Possessing|Flexible|Fluency|English"
)
# ScrumMaster, TeamWork and OnePlan are names and no sentences that ran together.
GLUED = re.compile(
    rf"(?<=[a-z]{{3}})(?<!Scrum)(?<!Team)(?<!One)(?=(?:{STARTERS})\b[ '’:,])|(?<= [A-Z]{{2}})(?=(?:{STARTERS}) [a-z])|(?<=[a-z]{{4}})(?=[0-9]{{1,2}}\+?[ -](?:to \d|\d|years?\b|yrs?\b))"
    r"|(?<=[a-z]{4})(?=(?:PMP|PRINCE2|CAPM|CSM|ITIL|MBA)\b|(?:BS|BA|MS) degree|(?:PLEASE|NOTE|EOE|EEO)\b)"
    r"|(?<=[a-z]{3}[.;!?])(?=[0-9]{1,2}\+? years\b)|(?<=[a-z)%\d][.;:!?])(?=[A-Z][a-z]+[ ,'’])|(?<=[a-z]\))(?=[A-Z][a-z]+ )"
)
LONGEST_WORD = 30
WHOLE_WORD = re.compile(r"(?:^|[\s(,;:/&-])[a-z]{4,}$")
BEGINS_WORD = re.compile(r"[A-Z][a-z]{2,}(?![\w])")
# They end names that some write with a small first letter.
ENDS_OF_NAMES = frozenset(
    ("Script", "Point", "Methods", "Sphere", "Flow", "Master", "Base", "Works", "Shift", "Stack", "Force")
)
# Small letters and stops as "a", capitals and digits as "A": only where these stand side by side may GLUED match. To
# ask it there alone takes a fiftieth of the time.
GLUE = {
    **dict.fromkeys(b"abcdefghijklmnopqrstuvwxyz.;:!?)", b"a"),
    **dict.fromkeys(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A"),
}
GLUE_TABLE = b"".join(GLUE.get(byte, b" ") for byte in range(256))


def _unglued(text: str) -> str:
    """Sentences that lost the break between them, each on its own line again."""
    shapes = text.encode("ascii", "replace").translate(GLUE_TABLE)
    joints = {place + 1 for place in places(b"aA", shapes)} | {place + 3 for place in places(b" AAAa", shapes)}
    breaks = [joint for joint in sorted(joints) if GLUED.match(text, joint) or _are_two_words(text, joint)]
    return "\n".join(text[start:end] for start, end in zip([0, *breaks], [*breaks, len(text)], strict=True))


def _are_two_words(text: str, joint: int) -> bool:
    """Whether a word in small letters ends at ``joint`` and another begins: "skillsTeamwork", not "JavaScript"."""
    after = BEGINS_WORD.match(text, joint)
    if not after or after[0] in ENDS_OF_NAMES:
        return False
    before = text[max(0, joint - LONGEST_WORD) : joint]
    return bool(WHOLE_WORD.search(before))


def places(part: AnyStr, text: AnyStr) -> Iterator[int]:
    """Every place at which ``part`` stands in ``text``."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


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
CONTACTS = (b"contact", b"recruit", b"talent", b"posted by", b"published by", b"attention of", b"attn")
CONTACTS += (b"hiring manager", b"reach", b"kontakt", b"ansprech", b"[e-mail]", b"[phone]")
ASKED = re.compile(rb"\b(?:ask|call)\b")
REQUESTS = (b"for the attention of", b"get in touch with", b"speak ", b"email", b"e-mail", b"write to", b"send ")
NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Frau|Herrn?|Mme|M)\.? )?[A-ZÀ-Þ][a-zà-ÿ'’]+(?:[ -][A-ZÀ-Þ](?:\.|[\w'’]+)){1,3}"
NAMED_AFTER = re.compile(
    r"((?i:\b(?:contact(?: person| name)?|recruiter(?: name)?|recruiting contact|talent (?:partner|acquisition partner)|posted by|published by|for the attention of|attn|hiring manager|"
    r"reach out to|get in touch with|speak (?:to|with)|call|ask(?: for)?|e-?mail|write to|send [\w ]{1,30} to|"
    r"ansprechpartner(?:in)?|kontaktperson|kontakt|contactez|contacter)"
    rf"(?: is| ist)?)(?:\s*[:,-]\s*|\s+)(?:(?i:our|your|the) (?:\w+ ){{1,3}})?)({NAME})"
)
NAMED_BEFORE = re.compile(rf"({NAME})((?:,? (?:on|at|by|via|under|unter)|,|:| -)? ?[(<]?\[(?:e-mail|phone)\])")
NO_PERSON = re.compile(
    r"\b(?:Human|Resources|Customer|Service|Services|Support|Team|Department|Office|Talent|Acquisition|Recruitment|"
    r"Recruiting|Manager|Desk|Help|Center|Centre|Bureau|Division|Committee|Group|Company|Inc|Ltd|GmbH|Board|Agency|"
    r"Management|Development|University|Hospital|Trust|City|County|State|Project|Program|Programme|Data|Business|"
    r"Phone|Email|Tel|Fax|Mobile|Job|Information|Personnel|Operations|Director|Sales|Marketing|Solutions|Systems)\b"
)


# Five digits with the marks that may stand between them: no telephone number has fewer.
NUMBER = re.compile(r"\d(?:[ ().-]{0,3}\d){4}")
DIGITS = bytes(ord("0") if chr(n) in "0123456789" else n for n in range(256))


def _without_personal_data(text: str) -> str:
    if "@" in text:
        text = _in_lines_at(places("@", text), text, lambda line: EMAIL.sub("[e-mail]", line))
    if "tag R" in text or "#R" in text:
        text = WATERMARK.sub("[watermark]", text)
    return _without_names(_without_numbers(text))


def _without_numbers(text: str) -> str:
    """``text`` without IP addresses, which hold a stop between digits, and telephone numbers, with two side by side."""
    if any(map(str.isdecimal, rare_characters(text))):
        return PHONE.sub("[phone]", IP_ADDRESS.sub("[ip address]", text))
    text = _in_lines_at(places(b"0.0", _zeros(text)), text, lambda line: IP_ADDRESS.sub("[ip address]", line))
    return _in_lines_at(places(b"00", _zeros(text)), text, _without_telephones)


def _zeros(text: str) -> bytes:
    return text.encode("ascii", "replace").translate(DIGITS)


def _without_telephones(line: str) -> str:
    return PHONE.sub("[phone]", line) if NUMBER.search(line) else line


def _in_lines_at(starts: Iterable[int], text: str, changed: Callable[[str], str]) -> str:
    """``text`` with the lines around ``starts`` (in order) changed; the patterns that do it never leave their line."""
    pieces, place = [], 0
    for start in starts:
        if start >= place:
            first, last = text.rfind("\n", 0, start) + 1, text.find("\n", start)
            last = len(text) if last < 0 else last
            pieces += text[place:first], changed(text[first:last])
            place = last
    return "".join((*pieces, text[place:]))


def _without_names(text: str) -> str:
    """``text`` without the names of persons to turn to."""
    lower = _ascii_lowered(text)
    starts = [start for word in CONTACTS for start in places(word, lower)]
    starts += (start for word in (b"ask", b"call") for start in places(word, lower) if ASKED.match(lower, start))
    if not starts:
        return text
    starts += (start for word in REQUESTS for start in places(word, lower))
    pieces, place = [], 0
    for start in sorted(starts):
        if start >= place and (found := NAMED_AFTER.match(text, start)):
            name = found[2] if NO_PERSON.search(found[2]) else "[name]"
            pieces += text[place : found.start(2)], name
            place = found.end()
    text = "".join((*pieces, text[place:]))
    if "[" not in text:
        return text
    addresses = sorted((*places("[e-mail]", text), *places("[phone]", text)))
    return _in_lines_at(addresses, text, lambda line: NAMED_BEFORE.sub(_before_address, line))


def _before_address(found: re.Match) -> str:
    return found[0] if NO_PERSON.search(found[1]) else "[name]" + found[2]


def lowered(text: str) -> str:
    """``text`` in lower case with every character where it stood, and as IGNORECASE would compare it."""
    return (text if text.isascii() else _without_odd_cases(text)).lower()


def _ascii_lowered(text: str) -> bytes:
    """The same with every character beside ASCII as "?": enough to look for words of ASCII, in a third of the time."""
    return (text if text.isascii() else _without_odd_cases(text)).encode("ascii", "replace").lower()


def _without_odd_cases(text: str) -> str:
    return text.replace("İ", "i").replace("ı", "i").replace("ſ", "s").replace("\u212a", "k")


FOLDED = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
    **dict.fromkeys("•●▪◦‣·○■□➢➤►✓✔❖", "•"),
}  # fmt: skip
ONE_TO_ONE = str.maketrans(FOLDED)
UNSEEN = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\u202a\u202b\u202c\u202d\u202e®™©"
)


@dataclass(frozen=True)
class Normalised:
    """Folded text and the way back, by the stretches in which every character moved by as much.

    Stretch n begins at ``begins[n]`` of the folded text and came from ``origins[n]`` on, character by character; where
    characters were folded into fewer or more, all of it came from ``origins[n]`` to ``ends[n]``.
    """

    text: str
    begins: Sequence[int] = (0,)
    origins: Sequence[int] = (0,)
    ends: Sequence[int | None] = (None,)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text that was folded; ``start < end`` stays so."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, place: int) -> tuple[int, int]:
        stretch = bisect_right(self.begins, place) - 1
        first, end = self.origins[stretch], self.ends[stretch]
        if end is not None:
            return first, end
        first += place - self.begins[stretch]
        return first, first + 1


@lru_cache(maxsize=4)  # one finder after the other asks for the same text
def normalised(text: str) -> Normalised:
    """``text`` with dashes, quotes, spaces and compatibility characters folded and unseen characters left out.

    >>> normalised("PMI\u2011ACP\u200b, 5\u00a0years").text
    'PMI-ACP, 5 years'
    """
    if text.isascii():
        return Normalised(text.replace("\t", " "))
    rare = rare_characters(text)
    for character in {"`", *rare} & FOLDED.keys():
        text = text.replace(character, FOLDED[character])
    if text.isascii() or (UNSEEN.isdisjoint(rare) and unicodedata.is_normalized("NFKC", text)):
        return Normalised(text)
    return _folded_one_by_one(text, rare)


def _folded_one_by_one(text: str, rare: frozenset[str]) -> Normalised:
    combining = unicodedata.combining
    changing = [character for character in rare if combining(character) or _folded_cluster(character) != character]
    pieces: list[str] = []
    begins, origins, ends = [0], [0], [None]
    place = length = 0  # in the text, of the folded text
    for at in sorted(at for character in changing for at in places(character, text)):
        if at < place:
            continue
        first, last = at - (at > place and combining(text[at]) > 0), at + 1
        while last < len(text) and combining(text[last]):  # a character with its accents at a time
            last += 1
        piece = _folded_cluster(text[first:last])
        pieces += text[place:first], piece
        length += first - place
        if len(piece) != 1 or last - first != 1:
            if piece:
                begins.append(length)
                origins.append(first)
                ends.append(last)
            begins.append(length + len(piece))
            origins.append(last)
            ends.append(None)
        place, length = last, length + len(piece)
    pieces.append(text[place:])
    return Normalised("".join(pieces), begins, origins, ends)


LONGEST_FOLDING = 4  # one character may stand for a whole sentence; no job is written so


@lru_cache(maxsize=20_000)
def _folded_cluster(cluster: str) -> str:
    if cluster in UNSEEN:
        return ""
    if cluster.isascii():
        return cluster
    folded = unicodedata.normalize("NFKC", cluster).translate(ONE_TO_ONE)
    return folded if len(folded) <= LONGEST_FOLDING else cluster
