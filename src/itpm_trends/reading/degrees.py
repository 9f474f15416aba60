# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Degrees that a posting asks for: level, fields of study, and whether experience may stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.patterns import GatedPattern, gated
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import matcher, read_toml

DEGREE_LADDER = ("secondary", "associate", "bachelor", "graduate-certificate", "master", "doctorate")  # lowest first
MOST_LEVELS = 12  # in one sentence; a longer list is no sentence
GATE = gated(
    r"degree|bachelor|baccalaureate|graduation from|\bmca\b|\bbca\b|master'?s|diploma|doctor|ph\.? ?d|\bmba\b|\bged\b|high[ -]school|graduate|education"
    r"|associate'?s|\bb\.?s|\bb\.?a|\bm\.?s|\bb\.?tech|\bb\.?e\b|\bm\.?tech|\bm\.?b\.?a|\bbba\b|third level|qualification|gcse|a-level|juris",
    re.IGNORECASE,
)
UNSPECIFIED = gated(
    r"(?:\b(?:advanced|university|college|tertiary|higher|(?:post-?)?graduate|relevant|related|technical|engineering|law|academic"
    r"|professional|business|science|equivalent|similar|appropriate|IT|CS) |\b(?:an?|hold|holding|have|with|your) |\b)"
    r"(?:degrees?\b|degree-qualified|degree[ -](?:level|educated))(?! of (?!bachelor|master))"
    r"|\b(?:educated to|university|third|degree)[ -](?:degree )?level(?: education| qualification)?"
    r"|\b(?:third level|university|tertiary|higher) (?:qualifications?|education|diploma)|post[ -]?secondary (?:education|degree|diploma)"
    r"|\bcollege (?:graduate|diploma)|\btechnical education|\buniversity graduate|\bgraduated? (?:from|of) (?:an? )?(?:university|college)"
    r"|\bpost-?graduate (?:qualification|level)|\b(?:at|to) graduate level|\bgood educational background|\beducational background (?:or work experience )?(?:in|related to)|\beducated to degree\b|\bdegreed (?:professional|engineer|candidate|individual)",
    re.IGNORECASE,
)
NOT_A_DEGREE = gated(
    r"\b(?:\d{2,3}[ -]degrees?|degrees? of (?!bachelor|master)\w+|(?:high|great|some|any|certain|large|strong|substantial|significant|reasonable|considerable|varying|greater|higher|fair) degrees?\b"
    r"|degree ?of ?(?:complexity|autonomy|independence)|\bold masters\b|ph\.? ?d\.?(?:/md)? (?:projects?|thes[ie]s)|in lieu of (?:an? |the )?degree|without (?:an?|the) (?:bachelor\W?s? |master\W?s? |college )?degree|(?:cop(?:y|ies)|proof|evidence) of (?:\w+ ){0,2}degrees?|(?:must|do|should) not have a degree|high schools\b|secondary schools\b|high school or college[- ]level courses|international baccalaureate|vocational high school|credits required for the (?:\w+ )?degree|degrees? (?:celsius|fahrenheit|view|feedback)|to (?:a|some|the) (?:\w+ )?degree\b(?! level)|(?:experience|background|work|working|interest|careers?) (?:in|within|with) (?:\w+ )?higher education|higher education (?:sector|industry|institution|market|client|customer|setting|environment|space)s?\b|third[- ]degree burn|higher education (?:and|or|&) (?:business|industry|research|government|health)|(?:with|from|across|between) higher education\b|(?:elementary|primary) (?:or|and) secondary education|system of higher education|further (?:and|&) higher education|institutions? of (?:\w+ )?higher education|higher education (?:establishment|organi[sz]ation|partner|system)s?|education (?:above|beyond) the (?:high school|baccalaureate|bachelor'?s?|master'?s?)|(?:engage|engaging|involved|involvement|links?) (?:with|in) undergraduate education|stated degree|(?:over|not|beyond) (?:your )?degrees\b|recent college graduates? who|university education\w*als?\b|post[- ]high school|degree (?:verification|attestation)|degrees?(?: and)?/(?:or )?fields? of study|matriculation in an? (?:\w+ ){0,2}degree|(?:earn|get) your mba\b|(?:semester|quarter) (?:units|hours|credits)\b[^.;]{0,80}\byear college|\b(?:BA|BSA) ?/ ?QA\b|\bQA ?/ ?BA\b|(?:working|studying) at (?:master'?s|bachelor'?s|degree|doctoral) level)",
    re.IGNORECASE,
)
NOT_ASKED = gated(
    r"programs? range from|education (?:providers?|institutions?|sector|establishments)|tuition|reimburs|degree in any other|scholarship|student loan|no (?:academic |formal |college |university |specific |particular )?(?:degree|diploma)|educational opportunit\w+ that|degree (?:is |are )?not (?:required|necessary|needed|preferred)|degrees?\b[^.;]{0,120}\b(?:is|are) not (?:required|necessary|needed)(?!,? but)"
    r"|not require a (?:college )?degree|without a degree|degree[^.;]{0,40}(?:is )?not acceptable|our (?:founders|team|employees) (?:hold|have)"
    r"|(?:not|yet to) (?:have )?completed? (?:their|your|the|a) degree|proof of (?:\w+ )?degree|degree earned|whether or not you (?:have|hold)|\bdegree or not\b"
    r"|\d+ ?% (?:of (?:them|whom|us) )?(?:hold|have)|fees? for the|require[sd]? possession of a degree|council (?:for|of|on) higher education|founded (?:in \d{4} )?by [^.;]{0,60}ph\.?d|degree pathway"
    r"|(?:industries|sectors|customers|clients|verticals)[^.;]{0,40}\bhigher education|\bour master's level|(?:able|pleased|delighted) to offer [^.;]{0,30}(?:degree|masters)|don't need (?:to have )?an? (?:\w+ ){0,2}degree|degrees? (?:is|are) not acceptable|degrees? NOT acceptable|\bteach\w* on (?:our|the)\b[^.;]{0,120}doctorate|university education\w*al|opportunit\w+ to (?:study|complete|undertake|work) (?:(?:for|towards?)\b|an? [^.;]{0,50}\b(?:degree|masters|level)\b)|(?:encouraged|supported)\b[^.;]{0,30} to (?:complete|undertake) an?\b|fund(?:ing|ed)\b[^.;]{0,60}\b(?:ph\.? ?d|higher degree)\b|\bplace on the\b|links with (?:the )?[\w ]{2,30} university\b|supports the (?:msc|bsc|ma)\b|(?:we are|we're) a team of\b|your (?:future )?colleagues have|\d+ ?% (?:ph\.? ?d|m\.?sc|b\.?sc)|through an executive mba|\bph\.? ?d\.?[ -]level|on completion of the (?:masters|degree|msc)|\bwe (?:provide|run|deliver) an? [^.;]{0,40}\b(?:diploma|degree|masters)\b|teaching (?:\w+ ){0,6}on the [^.;]{0,60}doctorate|supervision on the [^.;]{0,60}doctorate|lessons?\b[^.;]{0,40}\beducation\w*al|accredited%20institutions",
    re.IGNORECASE,
)
EXPERIENCE_INSTEAD = re.compile(
    r"\bor (?:an? |the |its |their |any )?(?:acceptable |demonstrated )?(?:equivalent|equivalence|comparable|commensurate|(?:relevant|related|similar)(?=[\w\s,/-]{1,40}\bexperience)|practical|years of|substantial|significant|professional|proven|(?:minimum|min\.?|at least)? ?(?:of )?\d+(?: ?(?:-|to) ?\d+)?\+? years|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b[^.;]{0,12} years|experience|work experience|industry)"
    r"(?! (?:field|discipline|subject|area|degree|major|stud|technical field|course|technical discipline|engineering field|quantitative|qualification|certificat|program|education(?! ?[/,]| and| or)|stem|business))"
    r"|\bequivalent (?:\w+[ /,]+){0,4}(?:experience|combination)|\bin lieu of|\bexperience\b[^.;]{0,40}\bsubstitut\w+ for (?:the |a )?(?:education|degree|college)|\bequivalenc|\bcombination of\b[^.;]{0,60}\bexperience"
    r"|\bexperience (?:may|can|will) be (?:considered|accepted|substituted)|\bequivalent (?:by|through|in) experience|\(or equivalent\)|\bor equivalent\b(?=[.,;)]|$| required| preferred)"
    r"|\bin (?:the )?absence of (?:an? |this |such )?degree|\band/or (?:(?:equivalent|relevant) (?:\w+ )?experience|(?:an? )?(?:minimum of |at least )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b[^.;]{0,14} years)|\bequivalent to \"?1\"?|\bqualified by experience|/equivalent\b|\bequivalent \w+ ?/ ?experience",
    re.IGNORECASE,
)
RELATED_ONLY = re.compile(
    r"\bor (?:an? )?(?:\w+ )?(?:equivalent|related|relevant|similar|comparable)(?: \w+){0,2} (?:field|discipline|subject|area|degree|major|study|studies|course)s?\b",
    re.IGNORECASE,
)
YEARS_FOLLOW = re.compile(
    r"(?:\b(?:and|with|plus|,|\+) (?:(?:at least|a minimum of|minimum|over|more than) )?)?(?:\d{1,2}\+?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten))\b[^.;,]{0,12}? years?\b",
    re.IGNORECASE,
)
CASE_CONTEXT = re.compile(
    r"degree|bachelor|master|\b[BM][SA] in\b|\bin (?:[A-Z]|an? |the |related|relevant|computer|engineering|information|business)|/|equivalent|required|preferred|\bor\b|honou?rs|university|college",
)
STOP = re.compile(
    r"[;]|\band (?:possess|hold|have) |(?<!e\.g)(?<!i\.e)\.\s+(?=[A-Z])|\bor \(?\d\)|(?<!degree)(?<!Degree): |\bwith (?:\w+ ){0,2}experience\b"
)
SAME_DISCIPLINES = re.compile(
    r"[^.;]{0,60}\b(?:one of the|the same|any of the) (?:disciplines|fields|areas)", re.IGNORECASE
)
OR_FOLLOWS = re.compile(r"\s{0,3}or\b[^\n;.]{0,160}")
DIRECTLY_INSTEAD = re.compile(
    r"[^.;,]{0,25}\bor (?:an? )?(?:equivalent|related|relevant|comparable)(?: \w+){0,2} (?:experience|combination)|[^.;,]{0,12}\bor equivalent\b(?! (?:diploma|educ))",
    re.IGNORECASE,
)
COORDINATED = re.compile(
    r"^[\s,/()'.-]*+(?:degree)?[\s,/()'.-]*+(?:or|and|and/or|&|preferred|required)?[\s,/(]*+(?:an? |higher|preferably )*[\s,/(]*+$",
    re.IGNORECASE,
)


@cache
def _levels() -> list[tuple[str, tuple[str, ...], GatedPattern, GatedPattern | None]]:
    return [
        (
            row["id"],
            tuple(row["signs"]),
            gated("|".join(row["match"]), re.IGNORECASE),
            gated("|".join(row["case"])) if row["case"] else None,
        )
        for row in read_toml("degrees.toml")["level"]
        if row["match"]
    ]


def levels_named(text: str) -> list[tuple[str, int, int]]:
    """(level, start, end) for each degree that ``text`` names, in order; letters such as BA count as they stand.

    For words known to speak of degrees; :func:`degree_mentions` looks around first.

    >>> levels_named("MSc, then a PhD")
    [('master', 0, 3), ('doctorate', 12, 15)]
    """
    spans = sorted(
        (m.start(), -m.end(), level)
        for level, _, pattern, case in _levels()
        for each in (pattern, case)
        if each
        for m in each.finditer(text)
    )
    named: list[tuple[str, int, int]] = []
    for start, minus_end, level in spans:
        if not named or start >= named[-1][2]:
            named.append((level, start, -minus_end))
    return named


def fields_named(text: str) -> frozenset[str]:
    """Ids of the fields of study in words known to speak of a degree.

    >>> sorted(fields_named("Computer Science and Business"))
    ['business', 'computer-science']
    """
    return frozenset(hit.entry.id for hit in matcher("field").find(text))


def degree_mentions(document: Document) -> Iterator[Mention]:
    """Yield each degree level that a unit names, with its fields and whether experience may stand in."""
    for unit in document.units_with(GATE):
        if unit.section in ("benefits", "equal-opportunity"):
            continue
        if NOT_ASKED.search(unit.text):
            continue
        yield from _mentions_of_unit(document, unit)


BY_EXPERIENCE = re.compile(
    r"experience (?:may|can|will) (?:be (?:used to |considered as (?:a )?)?)?substitut\w+(?: for)? (?:the |an? |this |that )?(?:education|degree|college)"
    r"|experience[^.;]{0,40}equivalent to|equivalent combination"
    r"|(?:diploma|high school|\bGED)[^.;]{0,60}\b(?:and|plus)\b[^.;]{0,60}\byears?\b",
    re.IGNORECASE,
)
SIGNS_OF_ROUTES = ("substitut", "equivalent", "diploma", "high school", "ged ")


@lru_cache(maxsize=16)  # asked once for each degree that a posting names
def _any_level_by_experience(text: str) -> bool:
    """Whether the text opens another route to the job, by years in a degree's place."""
    lower = text.lower()
    return any(sign in lower for sign in SIGNS_OF_ROUTES) and bool(BY_EXPERIENCE.search(text))


def _mentions_of_unit(document: Document, unit: Unit) -> Iterator[Mention]:
    text = unit.text
    named = _named_levels(text)[:MOST_LEVELS]
    if not named:
        return
    whole = text + _continuation(document, unit)
    fields_after = [_fields(text, end, _stop(text, end, named, number)) for number, (_, _, end) in enumerate(named)]
    for number in range(len(named) - 2, -1, -1):
        # "Bachelor's or Master's degree in X": the first level shares the fields of the second.
        if not fields_after[number] and COORDINATED.match(text[named[number][2] : named[number + 1][1]]):
            fields_after[number] = fields_after[number + 1]
    for (level, start, end), after in zip(named, fields_after, strict=True):
        fields = _fields_before(text, start) | after if level == "unspecified" or not after else after
        if re.search(r"\bM\.?B\.?A", text[start:end]):
            fields = {"business"}
        if level == "secondary":
            fields = set()
        elif level == "doctorate" and "juris" in text[start:end].lower():
            fields = {"other"}
        elif not fields and SAME_DISCIPLINES.match(text, end):
            fields = document.fields_named_before
        if fields - {"related"}:
            document.fields_named_before = fields
        if level == "secondary":
            instead = bool(DIRECTLY_INSTEAD.match(text, end))
        else:
            instead = _any_level_by_experience(document.folded.text) or _experience_instead(whole, start)
        yield document.mention(
            "degree",
            level,
            unit.start + start,
            unit.start + end,
            unit,
            level=level,
            fields=tuple(sorted(fields)),
            or_experience=instead,
        )


def _named_levels(text: str) -> list[tuple[str, int, int]]:
    """(level, start, end) in order, overlaps taken out, ``unspecified`` only where it says more."""
    false_spans = [m.span() for m in NOT_A_DEGREE.finditer(text)]
    spans: list[tuple[int, int, str]] = []
    lower = text.lower()
    for level, signs, pattern, case in _levels():
        if any(sign in lower for sign in signs):
            spans += [(m.start(), m.end(), level) for m in pattern.finditer(text)]
        if case and case.may_be_in(text) and CASE_CONTEXT.search(text):
            spans += [(m.start(), m.end(), level) for m in case.finditer(text) if _is_degree(text, m)]
    spans = [s for s in spans if not any(a <= s[0] < b for a, b in false_spans)]
    spans.sort(key=lambda s: (s[0], -s[1]))
    named: list[tuple[str, int, int]] = []
    for start, end, level in spans:
        if named and start < named[-1][2]:
            continue
        named.append((level, start, end))
    for m in UNSPECIFIED.finditer(text):
        if any(a <= m.start() < b or a < m.end() <= b for a, b in false_spans):
            continue
        if any(start < m.end() and m.start() < end + 12 for _, start, end in named):
            continue
        if named and not re.match(
            r"advanced|law|(?:post-?)?grad|engineering|technical|business|science", m.group(), re.IGNORECASE
        ):
            continue
        named.append(("unspecified", m.start(), m.end()))
    named.sort(key=lambda n: n[1])
    return named


SHORT_AFTER = re.compile(
    r"^[.'s]{0,3}(?: ?\([^)]{0,10}\))?(?: [Dd]egrees?\b| or\b| in\b| ?/| (?:IT|CS|CSE)\b|, (?:MS|MA|MBA|BA|BS|or)|\)| and\b| with\b| from\b| level| prefer| required| is\b| \d:\d|$|,|\.)",
)
SHORT_BEFORE = re.compile(r"(?:^|[:\s/(,.-])$")


def _is_degree(text: str, m: re.Match) -> bool:
    """Whether letters such as BS or MA stand where a degree would."""
    if not SHORT_BEFORE.search(text[max(0, m.start() - 1) : m.start()]):
        return False
    after = text[m.end() : m.end() + 30]
    if not SHORT_AFTER.match(after):
        return False
    letters = m.group().replace(".", "")
    around = text[max(0, m.start() - 60) : m.end() + 90]
    if letters in ("MS", "MA", "BE", "ME", "BA", "BS", "MSc", "BSc", "MPA", "MCA", "BCA"):
        return bool(
            re.search(
                r"degree|bachelor|master|equivalent|\bPhD|\bPh\.D|\bMBA\b|\bB\.?Tech\b|\bB\.E\b|\bM\.?Sc\b|honou?rs|\bB\.?[SA]c?\.?/|/\s?M",
                around,
                re.I,
            )
            or re.match(r"\.? in (?:[A-Z]|an? |related|relevant|computer|engineering|information|business)", after)
            or (after.startswith(" in ") and any(matcher("field").find(text[m.end() + 4 : m.end() + 30])))
            or letters in ("BSc", "MSc")
        )
    return True


def _stop(text: str, start: int, named: list, number: int) -> int:
    """Where the fields of a level end at the latest."""
    stops = [len(text)]
    if number + 1 < len(named):
        stops.append(named[number + 1][1])
    for pattern in (STOP, YEARS_FOLLOW):
        if m := pattern.search(text, start):
            stops.append(m.start())
    return min(stops)


def _fields(text: str, start: int, stop: int) -> set[str]:
    window = text[start:stop]
    if len(window) < 3:
        return set()
    found = list(matcher("field").find(window))
    fields = {hit.entry.id for hit in found}
    return fields | {"other"} if _names_another(window, found) else fields


# "in Computer Science, Security, or IT": a list of fields, one of which no entry knows.
LIST_OF_FIELDS = re.compile(
    r"(?:,? ?\(?(?:B\.?A\.?|B\.?S\.?c?|M\.?S\.?c?|MBA)\)?)?(?: degree)?(?: level)? in (?:the fields? of |one of |any of )?(?P<list>[^.;:()\n]{3,160})",
    re.IGNORECASE,
)
LIST_ENDS = re.compile(
    r",? (?:or|and)?,? ?(?:an? |other |any |another |some |equivalent|similar|related|relevant|comparable|closely|required|preferred|with|from|plus|at|is|are|who|that|for|to|as|will|may|would|have|having|including|such)\b.*"
    r"|\b(?:experience|years?|required|preferred|equivalent|field|discipline|certif\w+|degree)\b.*",
    re.IGNORECASE | re.DOTALL,
)
ITEMS = re.compile(r",? (?:and/or|or|and|&) |, ?")
# "Electrical or Mechanical Engineering" names kinds of one field.
NAME_OF_FIELD = re.compile(
    r"(?!(?:Electrical|Electronics?|Mechanical|Industrial|Civil|Chemical|Software|Environmental|Urban|Technology|Automation)$)"
    r"[A-Z][a-z]{3,}(?: (?:and |of )?[A-Z]?[a-z]{2,}){0,2}"
)


def _names_another(window: str, found: list) -> bool:
    """Whether a list of at least two fields holds one with a capital that no entry knows."""
    named = LIST_OF_FIELDS.match(window)
    if not named or not found:
        return False
    words = LIST_ENDS.sub("", named["list"])
    place, items = named.start("list"), []
    for item in ITEMS.split(words):
        start = window.find(item, place)
        items.append((start, start + len(item), item.strip()))
        place = start + len(item)
    return len(items) > 1 and any(
        NAME_OF_FIELD.fullmatch(item) and not any(start < hit.end and hit.start < end for hit in found)
        for start, end, item in items
    )


def _fields_before(text: str, start: int) -> set[str]:
    """Fields that stand right before "degree": an engineering degree."""
    around = text[max(0, start - 40) : start + 30].lower()
    before, degree, _ = around.rpartition("degree")
    if not degree:
        return set()
    words = re.split(r"[.;:]|, (?=pmp|certif)", before)[-1].split()[-5:]
    return {hit.entry.id for hit in matcher("field").find(" ".join(words) + " degree")} - {"related"}


def _continuation(document: Document, unit: Unit) -> str:
    """What follows a sentence that a semicolon ends, where it goes on with "or": "a degree; or six years"."""
    further = OR_FOLLOWS.match(document.folded.text, unit.start + len(unit.text))
    return further.group() if further else ""


def _experience_instead(text: str, start: int) -> bool:
    return bool(EXPERIENCE_INSTEAD.search(RELATED_ONLY.sub("", text[start:]))) or "in lieu" in text
