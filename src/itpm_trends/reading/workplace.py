# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Where the work is done, as title, location and text state it; a bare address says nothing."""

from __future__ import annotations

import re

from itpm_trends.reading.signs import Sign
from itpm_trends.reading.text import lowered, normalised

LINE = 240  # characters around a cue that are looked at

# Patterns are for text in lower case: IGNORECASE takes twice the time.

HYBRID = Sign(
    r"\bhybrid (?:work|working|role|position|model|schedule|environment|remote|set-?up|setting|office|arrangement|job|policy|opportunit|basis|format|team|workplace)"
    r"|\b(?:work|working|role|position|job|is|are|offer(?:ing)?|location|schedule|type|fully|model will be|#li)[ :-]{1,3}(?:a )?hybrid\b"
    r"|\bflexible hybrid|remote ?/ ?hybrid|hybrid ?/ ?remote|\bremote hybrid\b|#li-hybrid"
    r"|\b(?:one|two|three|four|1|2|3|4|a few|couple of)(?:[ -](?:to|-|or)?[ -]?(?:two|three|four|2|3|4))? days? (?:a|per|each|/|in the|during the|of the) ?week (?:[a-z]+ ){0,3}(?:in|at|from|on)[ -](?:the |our |an |your )?(?:[\w/-]+ ){0,2}?(?:office|home|site|remote)"
    r"|\b(?:office|on-?site|in-person|home|remote(?:ly)?|wfh)\W{1,3}(?:[a-z]+ ){0,4}(?:one|two|three|four|[1-4])(?:[ -](?:to|-|or)?[ -]?(?:two|three|four|[2-4]))? days? (?:a|per|each|/|in the|every) ?week"
    r"|(?<![\d.])(?:1|2|3|4|one|two|three|four) (?:wfh|work from home|remote|home ?office|in-office|office|on-?site) days?"
    r"|\bremote work up to (?:two|three|2|3) days|\b(?:1|2|3|4)(?: ?- ?[2-4])? days? of (?:remote(?:ly)?|wfh|working from home)\b|(?<!or )\bpartial(?:ly)? remote|\bpart[- ]time remote|\bpart remote|\bmix of (?:remote|home|office|on-?site)"
    r"|\bhomeoffice[- ](?:möglich|option|anteil|regelung|tag)|\b(?:tage?|jours?|dagar?) (?:\w+ ){0,2}(?:homeoffice|home-?office|mobiles arbeiten|télétravail|hemifrån|distans)"
    r"|\btélétravail (?:partiel|possible|(?:\w+ ){0,2}(?:un|deux|trois|1|2|3) jours?)|\bhybrides? (?:arbeiten|arbeitsmodell|modell)|\bdelvis på distans|\bmode hybride"
    r"|\b(?:home|remote) working is possible\b[^.\n]{0,80}\bpresence|\boffice and (?:from )?(?:home|remote)|\bflexibility to work remotely as schedule permits"
    r"|\bsome remote work(?:ing)?\b|\bwork(?:ing)? from home (?:when|as|if|where) (?:needed|required|necessary)|\bsplit between [^.\n]{0,120}\b(?:from home|remote)|\bwork(?:ing)? (?:remotely|from home) (?:part|some|several|occasional)|\bmay be able to work (?:remotely|from home)"
    r"|\b(?:nominally|normally|usually) based (?:in|at)\b[^.\n]{0,60}\b(?:home|remote)|\bremote\b[^.\n]{0,30}\boccasional(?:ly)? (?:in|on-?site|office)",
)
REMOTE = Sign(
    r"\b(?:100 ?%|fully|completely|entirely|permanent(?:ly)?|full[- ]time|all|strictly|primarily)[ ,-]{1,2}(?:based )?remote(?:ly)?\b"
    r"|\bremote[- ](?:first|only|position|role|job|opportunit|work(?!ers|force| teams?\b)|based|eligible|friendly|contract|consult(?!ation)|within|in the|from|anywhere|global|us\b|usa\b|uk\b|team environment|company|candidates?|employees?|location)"
    r"|\b(?:position|role|job|opportunity|this|location|work(?:place)?(?: type)?|is|are)[ :-]{1,3}(?:is )?(?:a |an |also |currently |open to |available )?(?:full(?:y|-time) )?remote\b(?! (?:team|site|office|access|sensing|area|location|support|desktop|and challenging))"
    r"|\bwork(?:ing|s|ed)? (?!with\b)(?:[a-z]+ ){0,2}(?:remotely|from home|from anywhere|virtually)\b|\bwork-from-home\b|\bwork from home\b|\bwfh\b|\bhome[- ]based\b|\btelecommut\w*|\btelework\w*"
    r"|#li-remote|\(remote\)|\[remote\]|\bremote, (?:us|usa|uk|canada|europe|emea|latam|apac|united)\b|\b(?:us|usa|uk|canada|europe|emea|latam|apac|united states)[ ,-]{1,3}remote\b"
    r"|\bor remote \(|\bflex ?/ ?remote\b|\bvirtual (?:position|role|first)|\bdistributed(?:,| and)? (?:fully )?remote|\btélétravail\b|\bhome office\b(?! (?:set|stipend|allowance|equipment|budget))|\b100 ?% homeoffice\b|\bdistansarbete\b"
)
REMOTE_LINE = re.compile(r"^[#\s/>*-]*remote[\s/]*$", re.MULTILINE)
ONSITE = Sign(
    r"\b(?:position|role|job|work|is|are|location|must be|fully|100 ?%|strictly)[ :-]{1,3}(?:[a-z]+ ){0,2}(?:on-?site|in-office|in-person|office[- ]based)\b(?! (?:events?|meetings?|inspection|visit|parking|support|gym|training|opportunit|allowance))"
    r"|\bfull[- ]time (?:office work\b|on-?site (?:role|position|job)\b)|\bnot (?:a )?remote|\bno remote|\bremote (?:work )?(?:is )?not (?:available|possible|an option)|#li-onsite"
    r"|\bwork(?:ing)? (?:mainly |primarily |full[- ]time )?(?:in|from|at) (?:the|our) offices?\b|\bfive days (?:a|per) week in|\b5 days (?:a|per) week (?:in|on)"
    r"|\b(?:role|post|position|job)\b[^.\n]{0,60}\bbased (?:either )?(?:in|at) (?:our|one of (?:our|the))\b[^.\n]{0,60}\boffices?|\bbase either in our offices",
)
NOT_THE_JOB = re.compile(
    r"remote (?:teams?|sites?|offices?|access|sensing|areas?|locations?|support|desktop|workers|workforce|colleagues|stakeholders|team members|interview|and challenging|working policy|server|hands|monitor|control)"
    r"|no longer (?:working |work )?(?:remote(?:ly)?|from home)"
    r"|(?:manag\w*|lead\w*|support\w*|coordinat\w*) (?:[a-z-]+ ){0,2}remote(?!ly)"
    r"|hybrid (?:cloud|methodolog|project|agile|approach|infrastructure|it\b|environments? (?:of|with) cloud|waterfall|model of (?:agile|waterfall)|vehicle|car)"
    r"|(?:agile|waterfall|scrum)[^.\n]{0,30}hybrid|hybrid[^.\n]{0,20}(?:agile|waterfall|cloud)"
    r"|(?:interview|onboarding|training|meeting)s? (?:[a-z]+ ){0,3}(?:virtual|remote|video)|work from home (?:support|stipend|allowance|equipment|set-?up)",
)
# A line is looked at only where it holds one of these: the long patterns below never see the rest of the text.
SIGN = Sign(
    r"hybrid|remot|\bwfh|(?<=from )home|(?<=at )home|home(?:office|[- ]?(?:based|office|day|working))|telecommut|telework|on-site|onsite|in-person|inperson|(?<=in[- ])office"
    r"|offices?[- ](?:based|and|at least|one|two|three|four|\d)|(?<=from the )office|(?<=from our )office|full[- ]time office|split between"
    r"|(?:in the|in our|in one of our|in one of the|at the|at our|at one of our|at one of the)(?: [a-z]+){0,2} offices?"
    r"|anywhere|virtual|distans|télétrav|mobiles arbeiten|hemifrån|\bdays? (?:a|per|each|in the|during the|of the|/) ?week|base(?:d (?:either )?(?:in|at) (?:our|one)| either)"
)
LONGEST_LINE = 2_000
LONGEST_READ = 60_000  # characters; adverts end long before
PASSING = re.compile(r"covid|pandemic|temporar|until further notice|currently")
# The office is the place of work, and home for the time being: part of it was done at home when this was written.
AT_HOME_FOR_NOW = re.compile(
    r"\b(?:currently|presently|at present|temporarily)\b[^.\n]{0,60}\b(?:working (?:from home|remotely)|home[- ]based|remote)\b",
)
# The applicant may choose: then nobody has to come to an office.
REMOTE_TOO = re.compile(
    r"\bfully remote, hybrid\b|\bhybrid\b[^.|\n]{0,30}\bor (?:fully |100 ?% )?remote\b|\b(?:be )?remote,? or (?:work )?hybrid\b"
)
PLACE_REMOTE = re.compile(
    r"\bremote\b|\bwork from home\b|\bwfh\b|\banywhere\b|\bhome ?office\b|\btelecommute\b|\bhome[- ]based\b",
)


def find_workplace(title: str | None, location: str | None, text: str) -> str | None:
    """``remote``, ``hybrid``, ``onsite`` or None where nothing states it.

    >>> find_workplace("Scrum Master (Remote)", None, "")
    'remote'
    """
    named = lowered(f"{title or ''} | {location or ''}")
    body = _telling_lines(lowered(normalised(text[:LONGEST_READ]).text))
    if REMOTE_TOO.search(named) or REMOTE_TOO.search(body):
        return "remote"
    hybrid_place = re.search(r"\bhybrid\b", named)
    if hybrid_place or _states(HYBRID, body):
        return "hybrid"
    if PLACE_REMOTE.search(named) or _states(REMOTE, body) or _states(REMOTE_LINE, body):
        return "remote"
    if re.search(r"\b(?:on-?site|in-office)\b", named) or _states(ONSITE, body):
        return "onsite"
    return "hybrid" if AT_HOME_FOR_NOW.search(body) else None


def _telling_lines(text: str) -> str:
    signs: dict[int, list[re.Match]] = {}  # by the line that they stand in
    for sign in SIGN.finditer(text):
        signs.setdefault(text.rfind("\n", 0, sign.start()) + 1, []).append(sign)
    return "\n\n".join(_line(text, start, signs[start]) for start in sorted(signs))


def _line(text: str, start: int, signs: list[re.Match]) -> str:
    """The line from ``start``; of a long one what stands around its signs."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if end - start <= LONGEST_LINE:
        return text[start:end]
    pieces, reached = [], start
    for sign in signs:
        last = min(sign.end() + LINE, end)
        pieces.append(text[max(sign.start() - LINE, reached) : last])
        reached = max(reached, last)
    return "".join(pieces)


def _states(pattern: Sign | re.Pattern, text: str) -> bool:
    for found in pattern.finditer(text):
        around = text[max(0, found.start() - 30) : found.end() + 30].rpartition("\n\n")[2]
        inside = text[max(0, found.start() - 25) : found.end() + 22]
        if PASSING.search(text[max(0, found.start() - 90) : found.end() + 60].rpartition("\n\n")[2]):
            continue
        if not NOT_THE_JOB.search(inside if pattern in (HYBRID, ONSITE) else around[:LINE]):
            return True
    return False
