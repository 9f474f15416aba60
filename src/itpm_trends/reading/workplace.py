"""Where the work is done, as far as title, location and text state it."""

from __future__ import annotations

import re

NOT_THE_JOB = re.compile(
    r"remote (?:teams?|offices?|sites?|locations?|employees|workers|colleagues|culture|desktop|access|monitoring|support|control|users?|environment|workforce|stakeholders|areas|clients|facilit|sens|meetings?|participants)"
    r"|hybrid (?:cloud|agile|project|method|approach|waterfall|environments?|infrastructure|model of|deliver|it\b|data|apps?|vehicle|framework|organi)|remotely (?:access|monitor)|remote and (?:distributed )?teams"
    r"|remote,? and global|interview|remote-first tools|not (?:a )?remote|no remote|remotewlb|distributed and remote|remote and asynchronous|on-?site (?:gym|parking|cafe|support|interview|training|visits?|meetings?|childcare|nursery|restaurant|canteen|construction|inspection|coordinat|supervis|observ|work at client|installation)",
    re.IGNORECASE,
)
HYBRID = re.compile(
    r"\bhybrid\b|\b(?:one|two|three|four|[1-4])(?:-| to | or )?(?:\d|two|three|four)? ?(?:\+ )?days? (?:a|per|each|/|every) ?week (?:in|at|from|on)[- ](?:the |our |a )?(?:office|home|site|person)"
    r"|\b(?:one|two|three|four|[1-4])(?: to \w+)? days? (?:a week |per week |/week |each week )?(?:in|at|from) (?:the |our )?(?:office|home)|home[- ]?working (?:up to|for) (?:some|part)|partly remote|partially remote"
    r"|mix of (?:home|remote|office)|(?:remote|work from home|telework)\w* (?:up to |for up to )?\w+ (?:\(\d\) )?days? (?:a|per|each)|work remotely (?:for )?up to|combination of (?:home|remote|office)|some (?:home|remote) working|blended working|flex/remote|days in the office",
    re.IGNORECASE,
)
REMOTE = re.compile(
    r"(?:fully|100%|completely|permanently|primarily) remote|\bremote (?:position|role|job|work|opportunity|opportunities|working|basis|from|within|in|based|friendly|us|usa|first|option|eligible|or|until|\(|-|possible|candidates|company|setting)"
    r"|\b(?:work|working|works) (?:fully |entirely |completely |100% )?(?:remotely|from home|from anywhere)|work[- ]from[- ](?:home|anywhere)|\bWFH\b|home[- ]based|home[- ]working|telecommut|telework|location ?: ?remote|\bremote ?[:/]"
    r"|(?:is|are|be|as|can be|open to|this|performed|done|:|-|\() ?(?:a )?(?:fully )?remote\b|^remote\b|\bremotely\b|virtual(?:ly)? (?:position|role)|location is flexible|remote",
    re.IGNORECASE | re.MULTILINE,
)
ONSITE = re.compile(
    r"\b(?:this (?:is an? |role is |position is )?(?:\w+ )?|fully |100% |must (?:work|be) |work |working |position is |role is |based |location ?: ?|required to (?:work|be) )(?:on-?site|in[- ]office|in[- ]person|on site)\b"
    r"|\bon-?site (?:only|role|position|job|work|at our|in our|presence|5 days|five days)|not (?:a )?remote|no remote|in[- ]person (?:position|role|at our|work)|five days (?:a|per) week in|onsite$|office-based|in the office (?:5|five|every|full)|unable to offer remote",
    re.IGNORECASE | re.MULTILINE,
)


def workplace(title: str, location: str | None, text: str) -> str | None:
    """onsite, hybrid or remote as stated; None where nothing states it.

    >>> workplace("Scrum Master", "Remote, US", "")
    'remote'
    """
    head = f"{title} | {location or ''}"
    body = NOT_THE_JOB.sub(" ", text[:100_000])
    if re.search(r"\bhybrid\b", head, re.IGNORECASE):
        return "hybrid"
    if re.search(r"\bremote\b|\bWFH\b|work from home|home[- ]based|anywhere", head, re.IGNORECASE):
        return "remote"
    if re.search(r"\bon-?site\b", head, re.IGNORECASE):
        return "onsite"
    if HYBRID.search(body):
        return "hybrid"
    if REMOTE.search(body):
        return "remote"
    return "onsite" if ONSITE.search(text[:100_000]) else None
