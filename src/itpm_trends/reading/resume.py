"""What a person's résumé says they have: read on this machine, nothing of it kept.

The extractor is that of postings, with the rules set aside that tell what is asked from what is not: everything in a
résumé is about the person. Names, addresses and telephone numbers are not looked for and never returned.
"""

from __future__ import annotations

import logging
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from itpm_trends.errors import SettingsError
from itpm_trends.reading import by_phrasebook
from itpm_trends.reading.certifications import certification_mentions
from itpm_trends.reading.degrees import DEGREE_LADDER, fields_named, levels_named
from itpm_trends.reading.document import LONGEST_READ, Document, Mention
from itpm_trends.reading.experience import experience_mentions
from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES, language_of
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.skills import skill_mentions
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import Entry, Matcher, matcher, read_toml

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 100 * 2**20
MOST_PAGES = 30
FEWEST_LETTERS = 40  # with fewer, a page is a picture
CERTIFICATE = " certification"  # completes a bare "CSM" under the heading Certifications
LEADING = "project-management"
LEADING_ROLES = frozenset(("role:project-manager", "role:scrum-master"))
MOST_DEGREES = 12  # in one line
REACH = 150  # characters around a name that are looked at
NEAR = 45  # characters around a name in which "in progress" belongs to it
LONGEST_TITLE = 14  # words
TITLE_PLACES = (0, -1, 1, -2, 2)  # lines from that of the dates on which a title may stand
MONTHS = 12
MIDDLE = 6  # a year without a month stands for its middle


def resume_text(path: Path) -> str:
    """The text of a résumé in PDF, DOCX, TXT or MD; SettingsError says what is wrong with the file."""
    readers = {".pdf": _pdf_text, ".docx": _docx_text, ".txt": _plain_text, ".md": _plain_text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise SettingsError(f"{path}: a résumé is read from {', '.join(readers)}. Save it as one of these.")
    if not path.is_file():
        raise SettingsError(f"{path} is not a file")
    if path.stat().st_size > MOST_BYTES:
        raise SettingsError(f"{path} is larger than {MOST_BYTES // 2**20} MiB. Save it without pictures.")
    text = reader(path)
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        raise SettingsError(
            f"{path} holds no text; a scanned page is a picture. Save it with its text (OCR) or as .txt."
        )
    return text


def _pdf_text(path: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every flaw that it can mend
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        return "\n\n".join(page.extract_text() for page in reader.pages[:MOST_PAGES])
    except (FileNotDecryptedError, DependencyError) as error:
        raise SettingsError(f"{path} is locked with a password. Save a copy without one.") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise SettingsError(
            f"{path} cannot be read as PDF: it is broken. Save it anew, or as .docx or .txt."
        ) from error


def _docx_text(path: Path) -> str:
    from docx import Document as open_docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise SettingsError(
                    f"{path} unpacks to more than {MOST_UNPACKED // 2**20} MiB. Save it without pictures."
                )
        return "\n".join(_docx_lines(open_docx(str(path))))
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, SyntaxError) as error:
        raise SettingsError(
            f"{path} cannot be read as DOCX: it is broken. Save it anew, or as .pdf or .txt."
        ) from error


def _docx_lines(holder) -> Iterator[str]:
    """Paragraphs and tables of a document or cell in their order; a merged cell once."""
    for block in holder.iter_inner_content():
        if hasattr(block, "rows"):
            seen = set()
            for cell in (cell for row in block.rows for cell in row.cells):
                if cell._tc not in seen:
                    seen.add(cell._tc)
                    yield from _docx_lines(cell)
                    yield ""
        else:
            style = block.style.name if block.style is not None else ""
            mark = "## " if style.startswith("Heading") else "- " if style.startswith("List") else ""
            yield mark + block.text if block.text.strip() else ""


def _plain_text(path: Path) -> str:
    written = path.read_bytes()
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


@dataclass(frozen=True)
class Job:
    """A dated job: months from ``first`` to before ``last`` (year * 12 + month), the words that date it, its title.

    ``is_leading`` says whether the title is one of leading projects; None where no title was found.
    """

    first: int
    last: int
    dates: str
    title: str | None
    is_leading: bool | None


@dataclass(frozen=True)
class ReadResume:
    """What a résumé says, with the words that say it.

    ``have`` maps requirement ids to the words found; ``unfinished`` names what is not (or no more) held. ``degree`` is
    the highest completed step of DEGREE_LADDER, null where none is named. ``years`` of work and ``pm_years`` of leading
    projects come from the dated ``jobs`` or from stated numbers (``stated``), whichever are more; null where neither
    tells.
    """

    have: dict[str, str]
    degree: str | None
    fields: frozenset[str]
    degree_words: str | None
    years: float | None
    pm_years: float | None
    jobs: tuple[Job, ...]
    stated: tuple[str, ...]
    unfinished: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of a résumé and the section it stands in (a table of ``headings`` in resume.toml; "top" before any)."""

    text: str
    section: str
    is_heading: bool = False


def read_resume(text: str, as_of: date) -> ReadResume:
    """What the person of a résumé has, as of the day ``as_of``.

    >>> text = "Jane Doe\\n\\nCertifications\\nPMP\\n\\nEducation\\nBSc in Business, 2014"
    >>> read = read_resume(text, date(2026, 1, 5))
    >>> sorted(read.have.items()), read.degree, sorted(read.fields)
    ([('certification:pmp', 'PMP')], 'bachelor', ['business'])
    """
    lines = lines_of(text)
    language = language_of(text)
    read = "\n".join(_to_read(line) for line in lines)
    document = _OwnDocument(read, language if language in READ_LANGUAGES else ENGLISH)
    have, unfinished = _held(document, lines)
    level, fields, degree_words, not_completed = _degree(document, lines, as_of)
    jobs = tuple(_jobs(lines, as_of))
    stated = {mention: document.text[mention.start : mention.end] for mention in _stated_years(document, lines)}
    titled = [job for job in jobs if job.is_leading is not None]
    return ReadResume(
        have=have,
        degree=level,
        fields=fields,
        degree_words=degree_words,
        years=_most([_years_in(jobs)] if jobs else [], (m.min_years for m in stated)),
        pm_years=_most(
            [_years_in(job for job in titled if job.is_leading)] if titled else [],
            (m.min_years for m in stated if m.id == LEADING),
        ),
        jobs=jobs,
        stated=tuple(stated.values()),
        unfinished=tuple(dict.fromkeys(unfinished + not_completed)),
    )


def _most(dated: list[float], stated: Iterable[float]) -> float | None:
    return max([*dated, *stated], default=None)


class _OwnDocument(Document):
    """A text in which everything speaks of its author: no part of it is an aside."""

    @cached_property
    def units(self) -> list[Unit]:
        return [unit._replace(section="required", is_heading=False) for unit in super().units]

    def is_aside(self, unit: Unit) -> bool:
        return False


def lines_of(text: str) -> list[Line]:
    """The lines of a résumé's text with their sections; addresses, numbers and the person's name taken out."""
    lines: list[Line] = []
    section = "top"
    written = normalised(text_of(text)[:LONGEST_READ]).text
    for words in _without_name(ADDRESS.sub(" ", written)).split("\n"):
        opened, colon, rest = words.removeprefix("## ").strip().partition(":")
        if _fits("page", "persons", opened):
            continue
        if name := _section_of(opened):
            section = name
            lines.append(Line(opened, section, is_heading=True))
            words = rest.strip() if colon else ""
        lines.append(Line(words, section))
    return lines


ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,500}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,4}/\S{0,500}")
NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[^\W\d_][\w'-]*\.?(?: [^\W\d_][\w'-]*\.?){1,3}(?= *(?:$|[,|(]|- ))")


def _without_name(text: str) -> str:
    """``text`` without the name that its first line begins with, below a title such as "Curriculum Vitae"."""
    bare = (line.removeprefix("## ").strip() for line in text.split("\n"))
    first_line = next((line for line in bare if line and not _fits("page", "titles", line)), "")
    name = NAME.match(first_line)
    if name is None or _section_of(first_line) or levels_named(name[0]) or not _is_title_case(name[0]):
        return text
    return re.sub(rf"\b{re.escape(name[0])}", " ", text, flags=re.IGNORECASE)  # pages repeat it


def _is_title_case(words: str) -> bool:
    return all(word[0].isupper() for word in words.split())


@cache
def _book() -> dict:
    return read_toml("resume.toml")


@cache
def _pattern(table: str, key: str, shape: str = "{}") -> re.Pattern:
    """The expressions of a list in resume.toml as one, in a ``shape``."""
    written = _book()[table][key]
    return re.compile(shape.format("(?:" + "|".join([written] if isinstance(written, str) else written) + ")"), re.I)


def _fits(table: str, key: str, words: str) -> bool:
    return bool(_pattern(table, key).fullmatch(words))


def _section_of(heading: str) -> str | None:
    words = re.sub(r"[^\w&/, +-]", "", heading.removeprefix("- ")).strip(" -")
    if re.fullmatch(r"(?:\w )+\w", words):  # S K I L L S
        words = words.replace(" ", "")
    return next((name for name in _book()["headings"] if _fits("headings", name, words)), None)


UNREAD = ("others", "objective")
STUDIES = ("education", "studies_and_certificates")
CERTIFICATES = ("certification", "studies_and_certificates")


def _to_read(line: Line) -> str:
    """The line as the extractor is to read it: nothing of other people and wishes; a bare "CSM" as a certificate."""
    if line.section in UNREAD:
        return ""
    is_certificate = line.section in CERTIFICATES and not line.is_heading and line.text.strip(" -")
    if is_certificate and not (line.section in STUDIES and _levels(line.text)):
        return line.text.rstrip(" .") + CERTIFICATE
    return line.text


def _numbers_of_lines(document: Document) -> list[int]:
    """The line number of each character."""
    return [number for number, line in enumerate(document.text.split("\n")) for _ in range(len(line) + 1)]


def _held(document: Document, lines: list[Line]) -> tuple[dict[str, str], list[str]]:
    """Certifications and skills with the words that name them, and the words for what is not held."""
    number_of = _numbers_of_lines(document)
    have: dict[str, str] = {}
    unfinished: dict[str, str] = {}
    for mention in (*certification_mentions(document), *skill_mentions(document)):
        line = lines[number_of[mention.start]]
        words = document.text[mention.start : mention.end].removesuffix(CERTIFICATE)
        if mention.kind == "skill" and line.section in STUDIES and _levels(line.text):
            continue
        is_certification = mention.kind == "certification"
        held = unfinished if is_certification and _is_unfinished(document.text, mention.start, mention.end) else have
        held.setdefault(mention.requirement_id, words)
    return have, [words for name, words in unfinished.items() if name not in have]


def _is_unfinished(text: str, start: int, end: int) -> bool:
    """Whether the words right before or after a name say that the person does not have it yet, or no more."""
    before = text[max(0, start - REACH) : start].rpartition("\n")[2]
    after = text[end : end + REACH].partition("\n")[0].replace(CERTIFICATE, "")
    return bool(
        _pattern("unfinished", "before", rf"\b{{}}\b[^.;,]{{{{0,{NEAR // 2}}}}}$").search(before)
        or _pattern("unfinished", "after", rf"^[^.;,]{{{{0,{NEAR}}}}}?[\s,(:-]*\b{{}}\b").search(after)
    )


STATE = re.compile(r"(?:MA|MS)\b(?= *(?:$|[,|(\d-]))")  # Boston, MA


def _levels(text: str) -> list[tuple[str, int, int]]:
    """(level, start, end) for each degree named in a line about studies."""
    spans = [(start, -end, level) for level, start, end in levels_named(text) if not _is_state(text, start, end)]
    for level in _book()["study"]["levels"]:
        spans += [(m.start(), -m.end(), level) for m in _level_pattern(level).finditer(text)]
    named: list[tuple[str, int, int]] = []
    for start, minus_end, level in sorted(spans):
        if not named or start >= named[-1][2]:
            named.append((level, start, -minus_end))
    return named


@cache
def _level_pattern(level: str) -> re.Pattern:
    return re.compile("|".join(_book()["study"]["levels"][level]), re.IGNORECASE)


def _is_state(text: str, start: int, end: int) -> bool:
    return bool(text[:start].endswith(", ") and STATE.match(text, start) and not fields_named(text[end : end + NEAR]))


def _degree(
    document: Document, lines: list[Line], as_of: date
) -> tuple[str | None, frozenset[str], str | None, list[str]]:
    """The highest completed level, the fields of all completed ones, its words, and the words of uncompleted ones."""
    completed: list[tuple[int, str, frozenset[str]]] = []
    unfinished: list[str] = []
    for number, line in enumerate(lines):
        named = _levels_stated(line)[:MOST_DEGREES]
        for at, (level, start, end) in enumerate(named):
            stop = named[at + 1][1] if at + 1 < len(named) else len(line.text)
            below = _lines_below(lines, number) if stop == len(line.text) else []
            if _is_not_completed(
                line.text[max(0, start - REACH) : start], " ".join([line.text[start:stop], *below]), as_of
            ):
                unfinished.append(line.text[start:end])
            else:
                fields = (
                    frozenset()
                    if level == "secondary"
                    else _fields(document, [line.text[start:stop], *below, line.text])
                )
                completed.append((DEGREE_LADDER.index(level), line.text[start:end], fields))
    if not completed:
        return None, frozenset(), None, unfinished
    rung, words, _ = max(completed, key=lambda each: each[0])
    return DEGREE_LADDER[rung], frozenset().union(*(fields for _, _, fields in completed)), words, unfinished


SPELLED_OUT = re.compile(r".{6}|MBA|Ph\.?D", re.DOTALL)


def _levels_stated(line: Line) -> list[tuple[str, int, int]]:
    """The degrees that a line states; outside of the studies only those spelled out: BA may be an analyst."""
    if line.is_heading or line.section in ("experience", "unpaid", *UNREAD):
        return []
    named = _levels(line.text)
    return (
        named if line.section in STUDIES else [each for each in named if SPELLED_OUT.match(line.text[slice(*each[1:])])]
    )


def _lines_below(lines: list[Line], number: int) -> list[str]:
    """The one or two short lines that go on about the degree above."""
    below = []
    for line in lines[number + 1 : number + 3]:
        if not line.text or line.is_heading or _levels(line.text) or line.section not in STUDIES:
            break
        below.append(line.text)
    return below


def _is_not_completed(before: str, said: str, as_of: date) -> bool:
    in_words = _pattern("unfinished", "after", r"\b{}\b").search(said) or _pattern(
        "unfinished", "before", rf"\b{{}}\b[^.;,]{{{{0,{NEAR // 2}}}}}$"
    ).search(before)
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", said)]
    lasts = any(span.last is None for span in _spans(said, as_of))
    return bool(in_words or lasts or any(year > as_of.year for year in years))


def _fields(document: Document, parts: list[str]) -> frozenset[str]:
    """The fields of study in the first of ``parts`` that names any, in English or the language of the résumé."""
    for part in parts:
        words = _pattern("study", "silent").sub(" ", part)
        own = {found.entry.id for found in document.book.fields.find(words)} if document.book.code != ENGLISH else ()
        if fields := fields_named(words).union(own) - {"related"}:
            return fields
    return frozenset()


def _month_of(day: date) -> int:
    return day.year * MONTHS + day.month - 1


@dataclass(frozen=True)
class Span:
    """A span of dates: its first month, the month after its last (None while it lasts), and its words."""

    first: int
    last: int | None
    words: str


@cache
def _span_pattern() -> re.Pattern:
    dates = _book()["dates"]
    month = "|".join(rf"(?:{name})[a-zä]*" for name in dates["months"])
    number = r"(?<![\d.])(?:\d\d?[./])?(?P<number{0}>0?[1-9]|1[0-2])[./](?:\d\d?[./])?"
    year = r"(?P<year{0}>(?:19|20)\d\d|(?<=')\d\d)(?:-(?P<iso{0}>0[1-9]|1[0-2])(?!\d))?"
    point = rf"(?:(?P<name{{0}}>{month})\.?,? ?'?|{number}|){year}"
    until, today, since = ("|".join(dates[key]) for key in ("until", "today", "since"))
    closed = rf"(?<![\w/]){{1}}\s*(?:{until})\s*(?:(?P<today>{today})\b|{{2}}(?!\d))"
    points = ["", *(point.replace("{0}", which) for which in "123")]
    return re.compile(closed.format(*points) + rf"|\b(?:{since}) {points[3]}(?!\d)", re.IGNORECASE)


def _spans(text: str, as_of: date) -> Iterator[Span]:
    """The spans of dates in ``text``, those that end before they begin left out."""
    for m in _span_pattern().finditer(text):
        first, _ = _point(m, "3" if m["year3"] else "1", as_of)
        last = None if m["today"] or m["year3"] else _point(m, "2", as_of)[1]
        if last is None or first < last:
            yield Span(first, last, m[0].strip())


def _point(m: re.Match, which: str, as_of: date) -> tuple[int, int]:
    """The month of a date and the one after it; the middle of the year for both where no month is named."""
    year = int(m["year" + which])
    if year < 100:
        year += 2000 if year <= as_of.year % 100 else 1900
    number = m["number" + which] or m["iso" + which]
    if name := m["name" + which]:
        months = _book()["dates"]["months"]
        number = 1 + next(at for at, names in enumerate(months) if re.match(names, name, re.IGNORECASE))
    if number is None:
        return year * MONTHS + MIDDLE, year * MONTHS + MIDDLE
    return year * MONTHS + int(number) - 1, year * MONTHS + int(number)


def _jobs(lines: list[Line], as_of: date) -> Iterator[Job]:
    """The dated jobs: those under a heading of experience, or, without one, all dates that are not of studies."""
    sections = ("experience",) if any(line.section == "experience" for line in lines) else ("top", "summary", "rest")
    places = TITLE_PLACES
    for number, line in enumerate(lines):
        if line.section not in sections or (sections != ("experience",) and _is_study(line)):
            continue
        for span in _spans(line.text, as_of):
            last = min(_month_of(as_of) + 1, span.last or sys.maxsize)
            if span.first < last:
                place, title = _title(lines, number, span.words, places)
                # A résumé keeps to one layout: the next title is looked for at the same place first.
                places = tuple(dict.fromkeys([0, place or 0, *places]))
                leading = _leading_title(title or "")
                is_leading = leading is not None if title else None
                yield Job(span.first, last, span.words, leading or _title_word(title or ""), is_leading)


def _is_study(line: Line) -> bool:
    return bool(_levels(line.text) or _pattern("study", "silent").search(line.text))


def _title(lines: list[Line], number: int, dates: str, places: tuple[int, ...]) -> tuple[int | None, str | None]:
    """The line that holds a job's title, with its place from the line of the dates."""
    for place in places:
        way = range(place, 0, -1 if place > 0 else 1)
        if any(_ends_a_job(lines, number + step) for step in way):
            continue
        text = lines[number + place].text.replace(dates, " ")
        if len(text.split()) <= LONGEST_TITLE and _title_word(text):
            return place, text
    return None, None


def _ends_a_job(lines: list[Line], number: int) -> bool:
    """Whether a line cannot stand between a job's dates and its title."""
    if not 0 <= number < len(lines):
        return True
    line = lines[number]
    return line.is_heading or line.text.startswith("- ") or bool(_span_pattern().search(line.text))


def _title_word(text: str) -> str | None:
    word = _pattern("title", "words", r"\b{}\b").search(text)
    return word[0] if word else None


def _leading_title(text: str) -> str | None:
    roles = [hit for hit in matcher("role").find(text) if hit.entry.requirement_id in LEADING_ROLES]
    hit = next(iter([*roles, *_leading_matcher().find(text)]), None)
    return text[hit.start : hit.end] if hit else None


@cache
def _leading_matcher() -> Matcher:
    return Matcher((Entry("title", "leading", "Leading projects", tuple(_book()["title"]["leading"])),))


def _years_in(jobs: Iterable[Job]) -> float:
    """Years that the jobs cover, to a tenth; months of overlapping jobs count once."""
    months = {month for job in jobs for month in range(job.first, job.last)}
    return round(len(months) / MONTHS, 1)


def _stated_years(document: Document, lines: list[Line]) -> Iterator[Mention]:
    """Years of work that the résumé states: "8 years of experience in project management"."""
    number_of = _numbers_of_lines(document)
    finder = experience_mentions if document.language == ENGLISH else by_phrasebook.experience_mentions
    for mention in finder(document):
        if lines[number_of[mention.start]].section not in STUDIES:
            yield mention
