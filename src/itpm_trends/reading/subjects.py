# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""What stated years of experience are of: project management, IT, leading people, an industry, a tool, or nothing named.

Rules look for words of each kind. Where they see project management or the leading of people they decide; otherwise
a small model does (a multinomial logistic regression over the rules' answer and the words around the number). It was
trained by ``benchmarks/subjects.py`` on statements that careful readers judged; its weights are a table that can be
read, in ``vocabulary/subjects.tsv``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache

from itpm_trends.reading.document import Document
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import read_table

SUBJECTS = ("project-management", "it", "leadership", "industry", "tool", "general")
SURE = ("project-management", "leadership")  # where the rules say so, the model was right no oftener (held out)
LONGEST_AFTER, LONGEST_BEFORE = 140, 70  # characters that are looked at
POINTS_BACK = re.compile(r"experience as described in|such experience|of this experience")
WORD = re.compile(r"[a-z][\w'+#./-]*[\w+#]|[a-z]")
ENDS = re.compile(r";|\. (?=[A-Z])")
MOST_AFTER, MOST_SOON, MOST_BEFORE = 16, 6, 7  # words
INTERCEPT = "(intercept)"
EXPERIENCE = re.compile(r"\W*(?:of )?((?:[\w-]+ ){0,5}?)experience\b ?(\w+)?")


def subject_of(document: Document, unit: Unit, start: int, end: int, stop: int) -> str:
    """One of SUBJECTS for the years at ``start`` to ``end`` of the unit's text; what stands from ``stop`` on is not theirs.

    "Experience as described above" is of what was named before it in the document.
    """
    if points_back(unit, end, stop):
        return document.subject_before or "general"
    rule = by_rule(unit.text, start, end, stop)
    return decided(unit.text, end, stop, rule) or likeliest(clues(document, unit, start, end, stop, rule))


def decided(text: str, end: int, stop: int, rule: str) -> str | None:
    """The subject where no model need be asked: ``rule``, what the rules say, is sure, or the words are plain."""
    after = text[end : min(stop, end + LONGEST_AFTER)]
    if RELATED.match(after):
        return "general"
    if MIXED.match(after):
        return "it"
    if AS_MANAGER.match(after):
        return "project-management"
    return rule if rule in SURE else None


def points_back(unit: Unit, end: int, stop: int) -> bool:
    """Whether the words behind years that end at ``end`` only point to a statement before."""
    return bool(POINTS_BACK.search(unit.text, end, min(stop, end + LONGEST_AFTER)))


def clues(document: Document, unit: Unit, start: int, end: int, stop: int, rule: str) -> set[str]:
    """The features of stated years: what the rules said, words near them, and the kinds of skill that are named."""
    after = ENDS.split(unit.text[end : min(stop, end + LONGEST_AFTER)], maxsplit=1)[0]
    before = ENDS.split(unit.text[max(0, start - LONGEST_BEFORE) : start])[-1]
    words, words_before = WORD.findall(after.lower())[:MOST_AFTER], WORD.findall(before.lower())[-MOST_BEFORE:]
    found = {f"rule {rule}", f"last before {(words_before or [''])[-1]}"}
    found |= {f"after {word}" for word in words} | {f"soon {word}" for word in words[:MOST_SOON]}
    found |= {f"before {word}" for word in words_before}
    found |= _kinds(after, before) | _shape(after) | _skills(document, unit.start + end, unit.start + end + len(after))
    return found


def likeliest(found: set[str], weights: Mapping[str, Sequence[float]] | None = None) -> str:
    """The subject to which the clues point most, by the packaged weights or by others."""
    weights = weights or _weights()
    rows = [weights[INTERCEPT], *(weights[clue] for clue in found if clue in weights)]
    scores = [math.fsum(column) for column in zip(*rows, strict=True)]
    return SUBJECTS[scores.index(max(scores))]


@cache
def _weights() -> dict[str, tuple[float, ...]]:
    return {clue: tuple(map(float, weights)) for clue, *weights in read_table("subjects.tsv")}


def _kinds(after: str, before: str) -> set[str]:
    """Which rules find their words, and which finds them first."""
    places = {kind: m.start() for kind, pattern in KINDS.items() if (m := pattern.search(after))}
    found = {f"kind {kind}" for kind in places} | {f"kind before {k}" for k, p in KINDS.items() if p.search(before)}
    found |= {f"shape {name}" for name, pattern in SHAPES.items() if pattern.search(after)}
    first = min(places, key=places.get, default="none")
    return found | {f"first kind {first}"}


def _shape(after: str) -> set[str]:
    """How "experience" stands to the words around it."""
    m = EXPERIENCE.match(after.lower())
    if not m:
        return {"experience not near"}
    words = m[1].split()
    return {f"experience after {len(words)}", f"experience then {m[2] or ''}", *(f"kind of {word}" for word in words)}


def _skills(document: Document, start: int, end: int) -> set[str]:
    """Groups and ids of the skills of the vocabulary between two places of the folded text."""
    entries = [hit.entry for hit in document.found if start <= hit.start < end and hit.entry.kind == "skill"]
    found = {f"skill {entry.id}" for entry in entries} | {f"group {entry.traits['group']}" for entry in entries}
    return found | ({f"first group {entries[0].traits['group']}"} if entries else set())


LEADERSHIP = re.compile(
    r"\b(?:supervis\w+|people management|team (?:lead|leader|leadership|management)|manag(?:ing|ement of) (?:people|teams?|staff|employees|engineers|a team|direct reports)"
    r"|(?:lead|leading|managing) (?:\w+ ){0,3}(?:teams?|people|engineers|staff)|leadership (?:role|experience|position|capacity)|team handling|managerial|(?<!project )(?<!program )(?<!programme )(?<!product )(?<!delivery )(?<!account )(?<!release )(?<!risk )(?<!portfolio )(?<!change )(?<!vulnerability )(?<!surface )(?<!vendor )(?<!identity )(?<!access )(?<!asset )(?<!contract )(?<!document )(?<!database )(?<!network )(?<!incident )(?<!service )(?<!chain )(?<!case )(?<!records )(?<!property )(?<!investment )(?<!facilities )(?<!construction )management (?:experience|role|capacity|position)|line management|direct reports|administrative, managerial|manag(?:ing|ement of) (?:an? |the )?(?:\w+ ){0,3}(?:organi[sz]ation|department|division|function))\b",
    re.IGNORECASE,
)
PM = re.compile(
    r"\bproject/team manag\w+|\b(?:project|projects|program|programme|programs|delivery|portfolio)[ /,-]*+(?:and|or|&)?[ /]*+(?:project|program|programme|product|engineering)?[ /]*+(?:manag\w+|lead\w*|coordinat\w+|deliver\w*|execution|planning|office|work)|\bscrum ?masters?\b|\bPMO?\b|\bSM\b|\bTPM\b|\bRTE\b|release train engineer"
    r"|(?:manag|lead|deliver|coordinat|run|execut|overs|driv|direct)\w* (?:[\w,/&-]+ ){0,5}?(?:projects?|programs?|programmes?|initiatives|deployments|implementations|roll-?outs)\b|\bproject experience\b|\bprojects\b|delivery manager",
    re.IGNORECASE,
)
IT = re.compile(
    r"\b(?i:software|information technology|information systems?|technolog(?:y|ies)|technical (?!writ)\w+|engineering|engineers?|systems? (?:admin|engineer|analy|integrat|develop|design)\w*|developers?|programmers?|programming|cloud|saas|web|data engineering|network\w*|cyber\w*|product development|online services|infrastructure|computer|digital|erp|crm)\b|\bIT\b",
)
TOOL = re.compile(
    r"\b(?:agile|scrum|kanban|waterfall|jira|azure|aws|java|python|salesforce|sap|oracle|excel|sql|react|javascript|node|tableau|power bi|servicenow|release management|change management|coaching|risk management|requirements|testing|embedded systems|"
    r"vendor management|stakeholder management|business intelligence|etl|devops|kubernetes|primavera|ms project|smartsheet|methodolog\w+|tools?|product management|training|writing|reporting|presentations?|analytics|procurement|budget\w*|estimating|scheduling)\b",
    re.IGNORECASE,
)
INDUSTRY = re.compile(
    r"\b(?:industry(?! experience\b)|industries|sector|healthcare|health|banking|bank|insurance|finance|financial|construction|manufacturing|retail|energy|oil|gas|government|public sector|pharma\w*|clinical|telecom\w*|e-?commerce|marketing|sales|consulting|education|logistics|supply|real estate|community|media|gaming|games|hospitality|environmental|architectural|architecture|transportation|aerospace|automotive|customer|customers|operations|advertising|accounting|legal|recruit\w*|hr|human resources|nonprofit|ngo|organi[sz]ations|design|equipment|defen[cs]e|medical|biotech|utilities)\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"[\s')+]*+(?:of )?(?:[\w-]+ ){0,3}experience (?:in|with|using|developing|designing|building|of) \w|[\s')+]*+(?:using|of|with|developing|designing|building) (?![\w-]+(?: [\w-]+){0,4} ?(?:experience|exp)\b)\w",
    re.IGNORECASE,
)
# Engineering of buildings and machines is a trade of its own.
BUILDING = re.compile(
    r"\b(?:construction|architectur\w+|civil|mechanical|structural|electrical|landscape)\b", re.IGNORECASE
)
OF_COMPUTERS = re.compile(r"\b(?:software|computer|information|technology|IT|developer|cloud|network|hardware)\b")
# Years in a job or at a work that no other subject names.
TRADE = re.compile(
    r"[\s')+]*+(?:of )?(?:[\w&-]+ ){0,5}experience (?:in an? |as an? |at the level of |engaged in |in the field of |managing |working (?:in|as) )\w"
    r"|[\s')+]*+(?:of )?(?!(?:relevant|related|professional|work|working|practical|full-time|progressive)\b)[a-z]+ and [a-z]+ experience\b",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"^[\s')+]*+(?:of )?(?:(?:total|overall|directly|closely|full-time|satisfactory|additional|progressively|responsible|solid|strong|proven) ){0,3}(?:related|relevant|similar|professional|work|working|practical|prior|progressive|overall|total)?,? ?(?:work |working |professional |job |practical )?(?:experience|exp)\b(?=[.,;)]|$| (?:required|preferred|or\b|is|may|can|and a|plus))",
    re.IGNORECASE,
)

# Of 119 such statements readers called 118 general, and 13 of 14 as a project manager project management.
RELATED = re.compile(
    r"[\s')+]*+(?:of )?(?:(?:full[- ]time|directly|closely|progressive(?:ly)?|responsible|satisfactory|solid|professional|prior"
    r"|previous|practical|total|overall|additional|proven|recent),? ){0,3}(?:relevant|related|similar|comparable),?"
    r" (?:(?:work|professional|working|job|industry|practical) )?experience\b(?: ?(?:[.;)]|$)|,? (?:required|preferred|is)\b| including\b"
    r"| in (?:an?|the|this) (?:field related|related field|similar (?:role|position|field|capacity|environment)|relevant field"
    r"|industry\b(?= ?[.;)]|$))\b(?! (?:such|like|held|of|with|,)))",
    re.IGNORECASE,
)
# "Software engineering or program management" is IT, as the guideline rules.
MIXED = re.compile(
    r"[\s')+]*+(?:of )?(?:[\w-]+ ){0,3}?(?:in |with |of )?(?:software |systems )?(?:engineering|(?:software|web|product) development)"
    r"(?:,| or|/) ?[^.;]{0,40}\b(?:program|project|product)\w* management",
    re.IGNORECASE,
)
AS_MANAGER = re.compile(
    r"[^.;]{0,60}\bas an? [\w ,/&-]{0,50}\b(?:project|program|programme|delivery|scrum)[ ,]+(?:\w+ ){0,2}"
    r"(?:manager|master|lead|director|coordinator)\b",
    re.IGNORECASE,
)


KINDS = {"project-management": PM, "leadership": LEADERSHIP, "it": IT, "tool": TOOL, "industry": INDUSTRY}
LEAD = {"project-management": 25, "leadership": 20, "it": 10, "tool": 12, "industry": 0}  # characters given ahead
SHAPES = {"building": BUILDING, "trade": TRADE, "named": NAMED, "general": GENERAL}


def by_rule(text: str, start: int, end: int, stop: int) -> str:
    """What the years are of: the words after the number decide, then those before it."""
    after = text[end : min(stop, end + LONGEST_AFTER)]
    after = re.split(
        r"(?:;|\. |, (?:with|including|preferably|and (?:at least|a minimum)|or (?:an? )?equivalent|plus)|\(preferab)",
        after,
    )[0]
    if re.match(r"[^.;]{0,70}\bin an? (?:supervisory|managerial|administrative)", after):
        return "leadership"
    if re.match(r"[^.;]{0,30}\badministrative, managerial", after):
        return "leadership"
    if re.match(r"[^.;]{0,40}experience related to the", after):
        return "general"
    if GENERAL.match(after):
        before = text[max(0, start - 60) : start]
        subject = (
            _first_subject(before)
            if re.search(r"experience\W{0,4}$|:\s*$|-\s*$|(?:minimum|at least)(?: of)?\s*$", before)
            else None
        )
        return (
            subject
            if subject and len(before.strip()) > 12 and re.search(r"experience|manage", before, re.I)
            else "general"
        )
    subject = _first_subject(after)
    if subject is None and TRADE.match(after):
        return "industry"
    if subject is None:
        before = text[max(0, start - LONGEST_BEFORE) : start]
        subject = _first_subject(before)
    if subject == "it" and BUILDING.search(after) and not OF_COMPUTERS.search(after):
        return "industry"
    if subject is None and NAMED.match(after):
        return "tool"
    return subject or "general"


def _first_subject(words: str) -> str | None:
    if not words.strip():
        return None
    candidates = [(m.start() - LEAD[kind], kind) for kind, pattern in KINDS.items() if (m := pattern.search(words))]
    return min(candidates)[1] if candidates else None
