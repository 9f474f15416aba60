"""Files that users bring: whatever is wrong with one, nothing else is lost and the reason is said."""

import json
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from itpm_trends.collecting.errors import UnreadableImport
from itpm_trends.collecting.importing import import_files, parse_import
from itpm_trends.collecting.market import raw_market
from itpm_trends.collecting.raw_postings import RawPosting, Rejected

from .conftest import NOW, weeks_later

ROW = {"id": "1", "title": "IT Project Manager", "company": "Moorhen GmbH", "description": "PMP is required."}


def read(body, name="jobs.csv"):
    found = list(parse_import(body if isinstance(body, bytes) else body.encode(), name, NOW))
    return [f for f in found if isinstance(f, RawPosting)], [f for f in found if isinstance(f, Rejected)]


def jsonl(*rows):
    return "\n".join(json.dumps(row) for row in rows)


def parquet(rows) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue().to_pybytes()


def test_jobspy_columns_are_understood():
    header = (
        "id,site,job_url,job_url_direct,title,company,location,date_posted,job_type,salary_source,interval,"
        "min_amount,max_amount,currency,is_remote,job_level,description\n"
    )
    (posting, second), rejected = read(
        header + 'in-1,indeed,https://x.example/1?utm_source=a,,PM,Moorhen,"Leeds, UK",2026-02-27,fulltime,'
        'direct_data,yearly,50000.0,60000.0,GBP,True,,"**PMP**\nrequired"\n'
        + "li-2,linkedin,,https://direct.example/2,Scrum Master,nan,,,contract,,,,,,False,,Guide teams\n"
    )
    assert not rejected
    assert (posting.source, posting.source_posting_id, posting.url) == (
        "indeed",
        "in-1",
        "https://x.example/1",
    )
    assert (posting.salary_min, posting.salary_max, posting.salary_period) == (50_000, 60_000, "year")
    assert (posting.employment_type, posting.workplace, posting.country_code) == ("full-time", "remote", "GB")
    assert posting.description_raw == "**PMP**\nrequired" and str(posting.posted_date) == "2026-02-27"
    assert (second.company_name, second.posted_date, second.workplace) == (None, None, None)
    assert second.url == "https://direct.example/2" and second.salary_text is None


def test_a_collection_in_parquet_is_understood():
    row = {
        "source": "harbour_2020", "source_id": "7", "title": "PM", "company": None, "location": "Oslo",
        "posted_at": "2020-05-01", "description": "&lt;p&gt;PRINCE2&lt;/p&gt;", "url": None,
        "extra": '{"salary": "1"}',
    }  # fmt: skip
    (posting,), _ = read(parquet([row]), "c.parquet")
    assert (posting.source, posting.source_posting_id) == ("harbour_2020", "7")
    assert posting.description_raw == "<p>PRINCE2</p>" and posting.posted_date_source == "import"
    assert posting.salary_text is None


@pytest.mark.parametrize("name", ["gold.jsonl", "gold.json", "gold.ndjson"])
def test_json_lines_are_understood(name):
    (posting,), _ = read(jsonl(ROW | {"posted_at": 1770000000000}), name)
    assert posting.source == "gold" and str(posting.posted_date) == "2026-02-02"


def test_a_json_list_is_understood():
    assert len(read(json.dumps([ROW, ROW | {"id": "2"}]), "a.json")[0]) == 2


def test_column_names_are_compared_loosely():
    (posting,), _ = read("Job-ID;Job Title;Employer Name;Job Description\n1;PM;Coot AG;PMP\n", "x.csv")
    assert (posting.title, posting.company_name, posting.source_posting_id) == ("PM", "Coot AG", "1")


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        ("id,title,company\n1,PM,X\n", "a.csv", ["description", "id, title, company"]),
        ("id,description\n1,PMP\n", "a.csv", ["title", "id, description"]),
        (b'"x"\n', "a.csv", ["title", "description"]),
        (parquet([{"id": "1", "title": "PM"}]), "a.parquet", ["description", "id, title"]),
        (parquet([ROW])[:-20], "a.parquet", ["no whole Parquet file"]),
        (b"PAR1", "a.parquet", ["no whole Parquet file"]),
        (parquet([ROW]).replace(b"PMP is", b"PMP \xff\xfe"), "a.parquet", ["no whole Parquet file"]),
        (
            "title,description\nIngenieur f\xfcr Netze,PMP\n".encode("cp1252"),
            "a.csv",
            ["a.csv", "UTF-8", "iconv"],
        ),
        ("title,description\nPM,PMP\n".encode("utf-16-le"), "a.csv", ["UTF-16"]),
        ("[" + json.dumps(ROW) + ', {"ti', "a.json", ["not valid JSON", "cut short"]),
        ("just words\nand more\n", "a.jsonl", ["no JSON objects"]),
        ("[" * 60_000, "a.json", ["not valid JSON"]),
        ("x", "a.xlsx", [".csv", ".parquet"]),
    ],
)
def test_a_file_that_cannot_be_used_says_why(body, name, said):
    with pytest.raises(UnreadableImport) as caught:
        read(body, name)
    assert all(words in str(caught.value) for words in said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_and_without_mark_is_read(encoding):
    (posting,), _ = read("title,description\nLeiter für Netze,PMP\n".encode(encoding))
    assert posting.title == "Leiter für Netze"


def test_a_half_written_line_costs_only_itself():
    postings, (rejected,) = read(jsonl(ROW, ROW | {"id": "2"}) + '\n{"id": "3", "tit', "a.jsonl")
    assert len(postings) == 2 and rejected.record == "line 3" and "not valid JSON" in rejected.reason


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (ROW | {"id": "2", "description": ""}, "no text"),
        (ROW | {"id": "2", "description": " <p>&nbsp;</p> ".replace("&nbsp;", " ")}, "no text"),
        (ROW | {"id": "2", "description": None}, "no text"),
        (ROW | {"id": "2", "description": "nan"}, "no text"),
        (ROW | {"id": "2", "title": float("nan")}, "no title"),
        (ROW | {"id": "2", "description": "x" * 5_000_000}, "longer than"),
        (ROW, "repeats the id of line 1"),
        ([1], "not a JSON object"),
    ],
    ids=["empty", "markup", "null", "nan", "no title", "5 MB", "repeated", "list"],
)
def test_a_bad_row_is_quarantined_and_the_others_stay(bad, reason):
    started = time.monotonic()
    postings, (rejected,) = read(jsonl(ROW, bad, ROW | {"id": "3"}), "a.jsonl")
    assert [posting.source_posting_id for posting in postings] == ["1", "3"]
    assert reason in rejected.reason and rejected.record == "line 2"
    assert time.monotonic() - started < 2


def test_a_csv_field_of_5_mb_costs_only_itself():
    postings, (rejected,) = read("id,title,description\n1,PM,PMP\n2,PM," + "x" * 5_000_000 + "\n3,PM,CSM\n")
    assert [posting.source_posting_id for posting in postings] == ["1", "3"] and "longer" in rejected.reason


def test_too_many_fields_and_open_quotes_are_told():
    postings, rejected = read('id,title,description\n1,PM,PMP\n2,PM,a,b\n3,PM,"never closed\n')
    assert [posting.source_posting_id for posting in postings] == ["1", "3"]
    assert [each.record for each in rejected] == ["line 3", "end of file"]


def test_rows_without_id_are_known_by_address_or_content():
    rows = [
        {**ROW, "id": None, "url": "https://x.example/1?utm_source=a"},
        {**ROW, "id": None},
        {**ROW, "id": None},
    ]
    first, rejected = read(jsonl(*rows), "a.jsonl")
    assert len({posting.source_posting_id for posting in first}) == 2 and len(rejected) == 1
    assert read(jsonl(*rows), "b.jsonl")[0][1].source_posting_id == first[1].source_posting_id


def test_dates_after_the_import_and_before_2000_are_null():
    rows = [ROW | {"id": str(n), "posted_at": told} for n, told in enumerate(["2031-01-01", "1970-01-01", "NaT"])]
    assert [posting.posted_date for posting in read(jsonl(*rows), "a.jsonl")[0]] == [None, None, None]


def test_one_unreadable_file_does_not_stop_the_others(tmp_path, archive):
    (tmp_path / "good.jsonl").write_text(jsonl(ROW, ROW | {"id": "2"}, ROW), encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "header.csv").write_bytes(b"title,description\n")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 cut")
    (tmp_path / "folder.csv").mkdir()
    names = ["missing.csv", "empty.csv", "header.csv", "bad.parquet", "folder.csv", "good.jsonl"]
    summary = import_files([tmp_path / name for name in names], archive, run_id="r1", now=NOW)
    *bad, good = summary.files
    assert all(file.problem and file.name == name for file, name in zip(bad, names, strict=False))
    assert "folder" in bad[4].problem and "empty" in bad[1].problem and "no rows" in bad[2].problem
    assert (good.n_parsed, good.n_repeated, good.problem) == (2, 1, None)
    assert summary.exit_code == 1 and summary.n_parsed == 2
    assert [payload.url for payload in archive.payloads()] == ["good.jsonl"]


def test_nothing_readable_is_nothing_to_do(tmp_path, archive):
    assert import_files([tmp_path / "missing.csv"], archive, run_id="r1", now=NOW).exit_code == 2
    assert not list(archive.payloads())


def test_a_json_row_without_the_needed_names_costs_only_itself():
    postings, (rejected,) = read(jsonl(ROW, {"title": "x"}, ROW | {"id": "2"}), "a.jsonl")
    assert len(postings) == 2
    assert rejected.record == "line 2" and "column for the description" in rejected.reason


def test_imported_postings_reach_the_market(tmp_path, archive):
    dated = ROW | {"source": "harbour", "posted_at": "2024-05-06"}
    (tmp_path / "a.jsonl").write_text(jsonl(dated, ROW | {"id": "2", "description": ""}), encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,title,description\n9,PM,PMP\n", encoding="utf-8")
    import_files([tmp_path / "a.jsonl", tmp_path / "b.csv"], archive, run_id="r1", now=NOW)
    market = raw_market(archive)
    postings = market.postings.set_index("source")
    assert str(postings.loc["harbour", "first_seen"].date()) == "2024-05-06"
    assert postings.loc["harbour", "last_seen"] == postings.loc["harbour", "first_seen"]
    assert postings.loc["b", "first_seen"].date() == NOW.date()
    assert market.postings["closed_date"].isna().all()
    assert market.quarantine[["source", "url", "record", "reason"]].to_dict("records") == [
        {"source": "a", "url": "a.jsonl", "record": "line 2", "reason": "no text"}
    ]
    assert set(market.coverage["kind"]) == {"archive"} and market.coverage["is_complete"].all()


def test_a_later_import_with_an_earlier_date_moves_only_the_first_day(tmp_path, archive):
    for n, posted in enumerate(["2024-05-06", "2024-03-01"]):
        (tmp_path / f"{n}.jsonl").write_text(jsonl(ROW | {"source": "harbour", "posted_at": posted}), encoding="utf-8")
        import_files([tmp_path / f"{n}.jsonl"], archive, run_id=f"r{n}", now=weeks_later(n))
    (posting,) = raw_market(archive).postings.to_dict("records")
    assert [str(posting[day].date()) for day in ("first_seen", "last_seen")] == ["2024-03-01", "2024-05-06"]
    assert str(posting["posted_date"].date()) == "2024-03-01"
