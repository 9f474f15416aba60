"""Real recorded answers read by the parsers: ``python -m benchmarks.payloads DIR``.

``DIR`` holds a folder for each service with answers as they were recorded. Printed: file, source, postings expected and
read, and how many of them have title, company, date and text (answers that hold no text, such as lists, are marked).
Exit code 1 where a count differs. Expected counts were read off the files by eye.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from itpm_trends.collecting.raw_postings import RawPosting
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.reading.text import text_of

FETCHED_AT = datetime(2026, 11, 23, tzinfo=UTC)
# File, source, postings in it, and a word where the number is not what it seems.
EXPECTED = (
    ("ashby/ashby.json", "ashby", 2, ""),
    ("bamboohr/bamboohr.json", "bamboohr", 2, "a list: no texts, no dates"),
    ("greenhouse/greenhouse.json", "greenhouse", 2, ""),
    ("himalayas/feed_trimmed.json", "himalayas", 2, "one lacks its date and address"),
    ("hn_algolia/stories.json", "hackernews", 0, "a list of threads"),
    ("hn_algolia/thread_trimmed.json", "hackernews", 2, "and a remark on the thread"),
    ("lever/lever.json", "lever", 2, ""),
    ("personio/personio.xml", "personio", 1, "stands there twice; no text"),
    ("recruitee/recruitee.json", "recruitee", 2, ""),
    ("reed/search.json", "reed", 2, "a search: texts cut short, not taken"),
    ("remoteok/api_2026_trimmed.json", "remoteok", 3, "beside the legal notice"),
    ("remotive/envelope_sanitised.json", "remotive", 2, ""),
    ("teamtailor/teamtailor.json", "teamtailor", 2, "no texts in the recording"),
    ("usajobs/search.json", "usajobs", 1, "and one public notice flyer, no vacancy"),
    ("weworkremotely_rss/programming_trimmed.xml", "weworkremotely", 2, ""),
    ("workable/workable.json", "workable", 1, "one shortcode in two places; no text"),
    ("workday/workday.json", "workday", 2, "a search: no texts"),
    ("jsonld_html/cvkeskus_graph_idref.html", "jobposting_pages", 1, "employer by reference"),
    ("jsonld_html/habr_career_script_in_description.html", "jobposting_pages", 1, ""),
    ("jsonld_html/japandev_three_blocks_multi_tz.html", "jobposting_pages", 1, ""),
    ("jsonld_html/kuntarekry_org_string_salary_prose.html", "jobposting_pages", 1, ""),
    ("jsonld_html/netempregos_latin1_spaced_type.html", "jobposting_pages", 1, ""),
    ("jsonld_html/rallit_commented_out_garbage_dates.html", "jobposting_pages", 0, "stands in a comment"),
    ("jsonld_html/remoteok_job.html", "jobposting_pages", 1, ""),
    ("jsonld_html/stackoverflow_job.html", "jobposting_pages", 1, ""),
    ("jsonld_html/stackoverflow_job_remote.html", "jobposting_pages", 1, ""),
    ("jsonld_html/successfactors_microdata.html", "jobposting_pages", 1, "microdata"),
    ("jsonld_html/techtree_address_is_string_naive_datetime.html", "jobposting_pages", 1, ""),
    ("jsonld_html/wwr_job.html", "jobposting_pages", 1, ""),
    ("jsonld_html/wwr_job_json_decode_error.html", "jobposting_pages", 1, "invalid escape in a block"),
)


def read(path: Path, source: str) -> tuple[list[RawPosting], int]:
    """The postings of a recorded answer, and how many records were rejected."""
    url = f"https://{source}.example/{path.name}"
    found = list(SOURCES[source].parse(path.read_bytes(), url, FETCHED_AT))
    postings = [each for each in found if isinstance(each, RawPosting)]
    return postings, len(found) - len(postings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print(f"{'file':58} {'source':17} expected   got  title company date text rejected")
    n_wrong = 0
    for name, source, expected, word in EXPECTED:
        postings, n_rejected = read(folder / name, source)
        n_wrong += len(postings) != expected
        told = (
            sum(bool(each.title) for each in postings),
            sum(bool(each.company_name) for each in postings),
            sum(bool(each.posted_date) for each in postings),
            sum(bool(text_of(each.description_raw)) for each in postings),
        )
        mark = "" if len(postings) == expected else "  <- differs"
        print(
            f"{name:58} {source:17} {expected:8} {len(postings):5}  {told[0]:5} {told[1]:7} {told[2]:4} {told[3]:4} "
            f"{n_rejected:8}  {word}{mark}"
        )
    print(f"{len(EXPECTED)} files, {n_wrong} counts differ")
    raise SystemExit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
