"""Are all postings of recorded answers read? ``python -m benchmarks.payloads DIR``

DIR holds answers recorded from the real services, one folder a service (names as in FOLDERS). For each file it prints
how many postings there should be and how many were read, and of these how many have a title, an employer, a date and
a text. The counts were taken by reading the files. Exits with 1 where a count differs or a file is missing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from itpm_trends.collecting.errors import FetchError
from itpm_trends.collecting.raw_postings import RawPosting
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.reading.text import text_of

READ_AT = datetime(2026, 12, 31, tzinfo=UTC)  # after the newest of the answers: later dates are refused
# Folder: source, its files, an address such as they came from (some sources name the employer by it).
FOLDERS = {
    "ashby": ("ashby", "*.json", "https://api.ashbyhq.com/posting-api/job-board/board?includeCompensation=true"),
    "bamboohr": ("bamboohr", "*.json", "https://board.bamboohr.com/careers/list"),
    "greenhouse": ("greenhouse", "*.json", "https://boards-api.greenhouse.io/v1/boards/board/jobs?content=true"),
    "himalayas": ("himalayas", "*.json", "https://himalayas.app/jobs/api/search?q=words&limit=20"),
    "hn_algolia": ("hackernews", "*.json", "https://hn.algolia.com/api/v1/items/1"),
    "jsonld_html": ("jobposting_pages", "*.html", "https://careers.example/jobs/1"),
    "lever": ("lever", "*.json", "https://api.lever.co/v0/postings/site?mode=json&skip=0&limit=100"),
    "personio": ("personio", "*.xml", "https://board.jobs.personio.de/xml?language=en"),
    "recruitee": ("recruitee", "*.json", "https://board.recruitee.com/api/offers/"),
    "reed": ("reed", "*.json", "https://www.reed.co.uk/api/1.0/search?keywords=words"),
    "remoteok": ("remoteok", "*.json", "https://remoteok.com/api"),
    "remotive": ("remotive", "*.json", "https://remotive.com/api/remote-jobs"),
    "teamtailor": ("teamtailor", "*.json", "https://career.board.example/jobs.json"),
    "usajobs": ("usajobs", "*.json", "https://data.usajobs.gov/api/Search?JobCategoryCode=2210"),
    "weworkremotely_rss": ("weworkremotely", "*.xml", "https://weworkremotely.com/categories/category.rss"),
    "workable": ("workable", "*.json", "https://apply.workable.com/api/v1/widget/accounts/board?details=true"),
    "workday": ("workday", "*.json", "https://tenant.wd1.myworkdayjobs.com/wday/cxs/tenant/Site/jobs"),
}


@dataclass(frozen=True)
class Counts:
    """Postings, and how many of them have what."""

    postings: int
    titles: int
    employers: int
    dates: int
    texts: int


def whole(n: int) -> Counts:
    """``n`` postings that lack nothing."""
    return Counts(n, n, n, n, n)


EXPECTED = {
    "ashby/ashby.json": (whole(2), ""),
    "bamboohr/bamboohr.json": (Counts(2, 2, 2, 0, 0), "a list tells neither dates nor texts"),
    "greenhouse/greenhouse.json": (whole(2), ""),
    "himalayas/feed_trimmed.json": (whole(1), "the recording breaks off before the second one's identifier"),
    "hn_algolia/stories.json": (whole(0), "a list of threads"),
    "hn_algolia/thread_trimmed.json": (
        whole(1),
        "also a remark, a reply, and one that wants no automated applications",
    ),
    "jsonld_html/cvkeskus_graph_idref.html": (whole(1), "the employer stands elsewhere in the graph"),
    "jsonld_html/habr_career_script_in_description.html": (whole(1), "a script tag in the text ends no block"),
    "jsonld_html/japandev_three_blocks_multi_tz.html": (whole(1), "two blocks are about the site"),
    "jsonld_html/kuntarekry_org_string_salary_prose.html": (whole(1), "the employer is a text"),
    "jsonld_html/netempregos_latin1_spaced_type.html": (whole(1), "ISO 8859-1; spaces in the tag"),
    "jsonld_html/rallit_commented_out_garbage_dates.html": (whole(0), "its block is commented out"),
    "jsonld_html/remoteok_job.html": (whole(1), ""),
    "jsonld_html/stackoverflow_job.html": (whole(1), ""),
    "jsonld_html/stackoverflow_job_remote.html": (whole(1), ""),
    "jsonld_html/successfactors_microdata.html": (whole(1), "microdata, dates as Java writes them"),
    "jsonld_html/techtree_address_is_string_naive_datetime.html": (whole(1), "the address is a text"),
    "jsonld_html/wwr_job.html": (whole(1), "line breaks inside texts"),
    "jsonld_html/wwr_job_json_decode_error.html": (whole(1), "an escape that JSON does not know"),
    "lever/lever.json": (whole(2), ""),
    "personio/personio.xml": (Counts(1, 1, 1, 1, 0), "its identifier stands there twice; descriptions are empty"),
    "recruitee/recruitee.json": (whole(2), ""),
    "reed/search.json": (Counts(2, 2, 2, 2, 0), "a search cuts texts: they are read from the pages"),
    "remoteok/api_2026_trimmed.json": (whole(3), "the first of four entries is the legal notice"),
    "remotive/envelope_sanitised.json": (whole(2), ""),
    "teamtailor/teamtailor.json": (Counts(2, 2, 2, 2, 0), "recorded without texts; the feed names the employer"),
    "usajobs/search.json": (whole(1), "the other one is a public notice flyer"),
    "weworkremotely_rss/programming_trimmed.xml": (whole(2), ""),
    "workable/workable.json": (Counts(1, 1, 1, 1, 0), "one shortcode in two places; recorded without texts"),
    "workday/workday.json": (Counts(2, 2, 2, 2, 0), "dates as days ago; texts stand on pages of their own"),
}


def read(file: Path, source: str, url: str) -> Counts:
    """What the source's parser reads from ``file``; nothing where it refuses it."""
    try:
        found = list(SOURCES[source].parse(file.read_bytes(), url, READ_AT))
    except FetchError as error:
        print(f"{file}: {error}")
        return whole(0)
    postings = [each for each in found if isinstance(each, RawPosting)]
    return Counts(
        len(postings),
        sum(bool(each.title) for each in postings),
        sum(each.company_name is not None for each in postings),
        sum(each.posted_date is not None for each in postings),
        sum(bool(text_of(each.description_raw).strip()) for each in postings),
    )


def rows(folder: Path) -> Iterator[tuple[str, str, Counts | None, Counts | None, str]]:
    """File, source, counts expected and read, and why; ``None`` where nothing is known of a file, or it is missing."""
    for name, (source, pattern, url) in FOLDERS.items():
        there = {f"{name}/{file.name}": file for file in (folder / name).glob(pattern)}
        known = {path for path in EXPECTED if path.startswith(f"{name}/")}
        for path in sorted(there.keys() | known):
            expected, why = EXPECTED.get(path, (None, "not yet counted"))
            yield path, source, expected, read(there[path], source, url) if path in there else None, why


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    n_differing = n_postings = 0
    heads = ("postings", "titles", "employers", "dates", "texts")
    print(f"{'file':60} {'source':17}" + "".join(f"{head:>10}" for head in heads) + "   (expected/read)")
    for path, source, expected, got, why in rows(parser.parse_args().folder):
        cells = zip(astuple(expected) if expected else "?" * 5, astuple(got) if got else "?" * 5, strict=True)
        is_same = expected is None or expected == got
        mark = "" if is_same else "DIFFERS  " if got else "MISSING  "
        print(f"{path:60} {source:17}" + "".join(f"{f'{a}/{b}':>10}" for a, b in cells) + f"   {mark}{why}".rstrip())
        n_differing += not is_same
        n_postings += got.postings if got else 0
    print(f"{n_postings} postings read; {n_differing} of {len(EXPECTED)} files differ")
    raise SystemExit(n_differing > 0)


if __name__ == "__main__":
    main()
