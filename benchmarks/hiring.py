"""A large simulated market for the benchmark of ``build``: an archive of adverts of some 4,000 characters each.

Employers of very unequal size, sixty weeks, four sources and a collection of files, copies at other sources, reposts
and edited reposts. The words are the demo's and more made up here; nothing in it was ever advertised. An advert follows
from (seed, week, number) alone, so that weeks are written side by side and the same archive comes out everywhere.
"""

from __future__ import annotations

import html
import json
import random
from bisect import bisect
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

from itpm_trends.collecting.archive import Archive, RunRecord
from itpm_trends.demo.market import market_settings

WEEKS = 60
FIRST_MONDAY = datetime(2025, 1, 6, tzinfo=UTC)
PAGE = 1000  # adverts in one payload
OURS = 0.6  # part of the adverts that are for IT project managers
CROSS_POSTED, REPOSTED, EDITED = 0.04, 0.04, 0.02  # parts of a week's vacancies
REPOST_WEEKS = 5
OPEN_WEEKS = 3  # how long the one source that shows all open postings shows each
POSTINGS_AN_EMPLOYER = 40
SOURCES = {"arbeitnow": 0.4, "himalayas": 0.3, "import": 0.2, "jobicy": 0.07, "remotive": 0.03}

OTHER_TITLES = (
    *("Software Developer", "Marketing Manager", "Accountant", "Data Analyst", "Nurse", "Warehouse Lead"),
    *("Construction Project Manager", "Sales Representative", "Mechanical Engineer", "Customer Adviser"),
)
WHO = (
    *("The team", "Our department", "A small group", "The house", "Everyone here", "The office in the north"),
    *("The evening shift", "Our oldest branch", "The planning table", "The new unit", "Each site", "The workshop"),
)
DOES = (
    *("looks after", "rebuilds", "keeps in order", "moves to a new hall", "pays for", "describes", "repairs"),
    *("writes down", "connects", "replaces step by step", "shares with its neighbours", "brings together"),
)
WHAT = (
    *("the ordering system", "old ledgers", "the parcel counters", "the timetable", "the stock of spare parts"),
    *("records of forty years", "the telephone exchange", "the greenhouse controls", "the reading rooms"),
    *("measurements from the pumps", "the members' register", "the lending desk"),
)
WHERE = (
    *("in nine countries", "for its own people", "before the winter", "across three time zones", "on two floors"),
    *("for the schools of the region", "without closing for a day", "at the harbour", "since last spring"),
    *("with partners abroad", "for those who call at night", "in the valley"),
)
SYLLABLES = ("vel", "mar", "tor", "lin", "bel", "kar", "sol", "fen", "dun", "ros", "hal", "wim", "por", "gal", "nor")
ENDINGS = ("ham", "field", "by", "mouth", "stead", "wick", "ford", "dale", "minster", "haven")


def sentence(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)} {chance.choice(WHERE)}."


def paragraph(chance: random.Random, n: int) -> str:
    return f"<p>{' '.join(sentence(chance) for _ in range(n))}</p>"


def bullets(heading: str, lines: list[str]) -> str:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f"<h3>{heading}</h3>\n<ul>{items}</ul>"


@cache
def plan() -> dict:
    return market_settings()


@cache
def reached(n_employers: int) -> list[float]:
    """Cumulated sizes of the employers, by Zipf's law flattened: the largest has some hundred times the median."""
    return list(accumulate((1 + rank) ** -0.8 for rank in range(n_employers)))


@cache
def employer(seed: int, number: int) -> dict:
    """What all adverts of one employer share: name, place, wording, and how fond it is of each requirement."""
    chance, words = random.Random(f"{seed}/employer/{number}"), plan()["wording"]
    town = "".join(chance.sample(SYLLABLES, 2)) + chance.choice(ENDINGS)
    trade = chance.choice(words["company_words"][2])
    name = f"{town.title()} {trade} {number}" if number >= 100 else f"{town.title()} {trade}"
    trade, n = chance.choice(words["trades"]), chance.randrange(40, 900)
    said = chance.choice(words["intros"]).format(company=name, trade=trade, n=n)
    place, country = chance.choices(words["places"], words["place_weights"])[0]
    return {
        "company_name": name,
        "place": place,
        "country": country,
        "intro": f"<p>{said}</p>\n{paragraph(chance, 4)}",
        "outro": paragraph(chance, 5) + f"\n<p>{words['closing'].format(company=name)}</p>",
        "headings": [chance.choice(words[f"{part}_headings"]) for part in ("duty", "required", "preferred", "benefit")],
        "leaning": [chance.uniform(0.3, 1.7) for _ in plan()["requirement"]],
    }


def advert(seed: int, n_employers: int, week: int, number: int) -> dict:
    """The advert ``number`` of a week: employer, title, text (HTML), day, pay."""
    chance, words = random.Random(f"{seed}/{week}/{number}"), plan()["wording"]
    sizes = reached(n_employers)
    who = employer(seed, bisect(sizes, chance.random() * sizes[-1]))
    is_ours = chance.random() < OURS
    seniority = chance.choices(*zip(*words["seniority_weights"].items(), strict=True))[0]
    title = chance.choice(words["titles"][seniority] if is_ours else OTHER_TITLES)
    lines = {"required": [], "preferred": []}
    for requirement, leaning in zip(plan()["requirement"], who["leaning"], strict=True):
        start, end = requirement["share"]
        share = (start + (end - start) * week / WEEKS) * leaning * (1 if is_ours else 0.2)
        if chance.random() < share:
            lines["preferred" if chance.random() < 0.3 else "required"].append(chance.choice(requirement["say"]))
    experience = plan()["experience"]
    if is_ours and chance.random() < experience["stated"]:
        years = chance.choices(experience[seniority]["years"], experience[seniority]["weights"])[0]
        lines["required"].insert(0, chance.choice(experience["say"]).format(years=years))
    known = words["duties"] if is_ours else words["other_duties"]
    duties = [duty.format(n=chance.randrange(2, 40)) for duty in chance.sample(known, 4)]
    duties += [sentence(chance)[:-1] for _ in range(9)]
    headings = who["headings"]
    text = "\n".join(
        [
            who["intro"],
            paragraph(chance, 12),
            paragraph(chance, 12),
            bullets(headings[0], duties),
            bullets(headings[1], lines["required"] or ["A good eye for what is missing"]),
            bullets(headings[2], lines["preferred"] or ["Joy in long walks"]),
            bullets(headings[3], [*chance.sample(words["benefits"], 4), sentence(chance)[:-1]]),
            who["outro"],
        ]
    )
    pay = chance.randrange(50, 150) * 1000 if chance.random() < 0.4 else None
    workplace = chance.choices(*zip(*words["workplaces"].items(), strict=True))[0]
    day = FIRST_MONDAY + timedelta(weeks=week, days=chance.randrange(7))
    return {**who, "title": title, "text": text, "pay": pay, "workplace": workplace, "day": day}


def week_of_adverts(seed: int, n_postings: int, week: int, n_wanted: int) -> dict[str, list[tuple[str, dict]]]:
    """By source, the (id, advert) pairs first shown in ``week``: ``n_wanted`` in all, copies included."""
    n_employers = max(n_postings // POSTINGS_AN_EMPLOYER, 20)
    n_copies = {name: int(n_wanted * part) for name, part in (("x", CROSS_POSTED), ("r", REPOSTED), ("e", EDITED))}
    if week < REPOST_WEEKS:
        n_copies["r"] = n_copies["e"] = 0
    shown: dict[str, list[tuple[str, dict]]] = {source: [] for source in SOURCES}
    names = list(SOURCES)
    draw = partial(advert, seed, n_employers)
    for number in range(n_wanted - sum(n_copies.values())):
        chance = random.Random(f"{seed}/{week}/{number}/source")
        source = chance.choices(names, list(SOURCES.values()))[0]
        one = draw(week, number)
        shown[source].append((f"{week}-{number}", one))
        if number < n_copies["x"]:
            elsewhere = chance.choice([name for name in names if name != source])
            shown[elsewhere].append((f"{week}-{number}-x", one))
    for mark in ("r", "e"):
        for number in range(n_copies[mark]):
            chance = random.Random(f"{seed}/{week}/{number}/{mark}")
            at = number + (n_copies["x"] if mark == "e" else 0)
            one = draw(week - REPOST_WEEKS, at) | {
                "day": FIRST_MONDAY + timedelta(weeks=week, days=chance.randrange(7))
            }
            if mark == "e":
                one["text"] += "<p>This advert was seen again; the start may now be agreed on.</p>"
            shown[chance.choice(names)].append((f"{week}-{at}-{mark}", one))
    return shown


def arbeitnow(name: str, one: dict) -> dict:
    return {
        "slug": name,
        "title": one["title"],
        "description": one["text"],
        "company_name": one["company_name"],
        "location": one["place"],
        "remote": one["workplace"] == "remote",
        "url": f"https://arbeitnow.example/{name}",
        "created_at": int(one["day"].timestamp()),
        "job_types": [],
        "tags": [],
    }


def himalayas(name: str, one: dict) -> dict:
    return {
        "guid": f"https://himalayas.example/{name}",
        "title": one["title"],
        "description": one["text"],
        "companyName": one["company_name"],
        "applicationLink": f"https://himalayas.example/{name}",
        "locationRestrictions": [one["place"].rsplit(", ", 1)[-1]],
        "pubDate": int(one["day"].timestamp()),
    }


def jobicy(name: str, one: dict) -> dict:
    return {
        "id": name,
        "jobTitle": one["title"],
        "jobDescription": one["text"],
        "companyName": one["company_name"],
        "jobGeo": one["place"].rsplit(", ", 1)[-1],
        "url": f"https://jobicy.example/{name}",
        "pubDate": f"{one['day']:%Y-%m-%d %H:%M:%S}",
    }


def remotive(name: str, one: dict) -> dict:
    return {
        "id": name,
        "title": one["title"],
        "description": one["text"],
        "company_name": one["company_name"],
        "candidate_required_location": one["place"].rsplit(", ", 1)[-1],
        "url": f"https://remotive.example/{name}",
        "publication_date": f"{one['day']:%Y-%m-%dT%H:%M:%S}",
    }


def imported(name: str, one: dict) -> dict:
    salary = {"salary_min": one["pay"], "salary_max": one["pay"] + 20_000} if one["pay"] else {}
    return {
        "id": name,
        "source": "old-board",
        "title": one["title"],
        "description": one["text"],
        "company": one["company_name"],
        "location": one["place"],
        "posted_at": f"{one['day']:%Y-%m-%d}",
        "workplace": one["workplace"],
        **salary,
        **({"currency": "USD", "salary_period": "year"} if salary else {}),
    }


SHAPES = {
    "arbeitnow": (arbeitnow, lambda jobs: {"data": jobs}),
    "himalayas": (himalayas, lambda jobs: {"jobs": jobs}),
    "jobicy": (jobicy, lambda jobs: {"jobs": jobs}),
    "remotive": (remotive, lambda jobs: {"jobs": jobs}),
}


def write_week(folder: Path, seed: int, n_postings: int, week: int, n_wanted: int) -> tuple[int, int]:
    """Archive what every source shows in ``week``; how many adverts are new in it, and their characters."""
    archive = Archive(folder)
    now, run_id = FIRST_MONDAY + timedelta(weeks=week, days=6, hours=18), f"week{week:03}"
    shown = week_of_adverts(seed, n_postings, week, n_wanted)
    told = [one for adverts in shown.values() for _, one in adverts]
    adverts = shown.pop("import")
    for at in range(0, len(adverts), PAGE):
        lines = [json.dumps(imported(*each)) for each in adverts[at : at + PAGE]]
        name = f"week{week:03}-{at // PAGE}.jsonl"
        archive.store("import", name, "\n".join(lines).encode(), run_id=run_id, fetched_at=now, suffix="jsonl")
    for before in range(max(week - OPEN_WEEKS + 1, 0), week):
        shown["remotive"] += week_of_adverts_of("remotive", seed, n_postings, before)
    for source, adverts in shown.items():
        shape, page = SHAPES[source]
        for at in range(0, max(len(adverts), 1), PAGE):
            body = json.dumps(page([shape(*each) for each in adverts[at : at + PAGE]])).encode()
            url = f"https://{source}.example/newest?page={at // PAGE + 1}"
            archive.store(source, url, body, run_id=run_id, fetched_at=now, suffix="json", unit="newest")
        archive.store_run(
            RunRecord(
                run_id=run_id,
                source=source,
                started_at=now,
                finished_at=now,
                status="ok",
                is_complete=True,
                units={"newest": True},
            )
        )
    return len(told), sum(len(one["text"]) for one in told)


def week_of_adverts_of(source: str, seed: int, n_postings: int, week: int) -> list[tuple[str, dict]]:
    return week_of_adverts(seed, n_postings, week, n_postings // WEEKS)[source]


def write_archive(folder: Path, n_postings: int, *, seed: int = 1, n_processes: int = 2) -> tuple[int, int]:
    """An archive of about ``n_postings`` adverts under ``folder``; how many, and the characters of their texts."""
    write = partial(write_week, folder, seed, n_postings, n_wanted=n_postings // WEEKS)
    with ProcessPoolExecutor(n_processes, mp_context=get_context("spawn")) as pool:
        counts = list(pool.map(write, range(WEEKS)))
    return sum(n for n, _ in counts), sum(n for _, n in counts)


def write_one_percent(folder: Path, n_postings: int, *, seed: int = 1) -> int:
    """One more week with new adverts, one for each hundred that are there; how many."""
    return write_week(folder, seed, n_postings, WEEKS, n_postings // 100)[0]
