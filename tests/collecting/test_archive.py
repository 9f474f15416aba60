"""The raw archive keeps what it was given, once, and notices when it no longer does."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from itpm_trends.collecting.archive import RunRecord
from itpm_trends.collecting.errors import DamagedPayload, RunHeld
from itpm_trends.collecting.history import History, KnownPage, held
from itpm_trends.collecting.redaction import redacted, redacted_message

from .conftest import NOW

URL = "https://boards.example/v1/jobs?content=true"


def store(archive, body=b'{"jobs": []}', *, url=URL, at=NOW, run_id="r1"):
    return archive.store("greenhouse", url, body, run_id=run_id, fetched_at=at, suffix="json", unit="moorhen")


def files(archive, pattern="**/*"):
    return sorted(path for path in archive.root.glob(pattern) if path.is_file())


def test_a_payload_comes_back_as_it_was(archive):
    stored = store(archive, b"\x00\xff bytes")
    (payload,) = archive.payloads()
    assert payload == stored and payload.body() == b"\x00\xff bytes"
    assert payload.path == f"greenhouse/2026-03-02/{payload.sha256}.json.gz"


def test_the_same_bytes_are_kept_once(archive):
    store(archive)
    store(archive, at=NOW + timedelta(weeks=1), run_id="r2")
    first, second = archive.payloads()
    assert first.path == second.path and len(files(archive, "**/*.gz")) == 1


def test_the_same_fetch_twice_changes_nothing(archive):
    store(archive)
    before = {path: path.stat().st_mtime_ns for path in files(archive)}
    store(archive)
    assert {path: path.stat().st_mtime_ns for path in files(archive)} == before


def test_files_are_read_only_and_the_same_on_every_day(archive, tmp_path):
    from itpm_trends.collecting.archive import Archive

    store(archive)
    twin = Archive(tmp_path / "twin")
    store(twin)
    assert [path.read_bytes() for path in files(archive)] == [path.read_bytes() for path in files(twin)]
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in files(archive))


def test_payloads_come_in_the_order_of_time_source_and_address(archive):
    for url, hours in (("https://b.example/", 0), ("https://a.example/", 0), ("https://c.example/", -1)):
        store(archive, url.encode(), url=url, at=NOW + timedelta(hours=hours))
    assert [payload.url for payload in archive.payloads()] == [
        "https://c.example/",
        "https://a.example/",
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-4],
        lambda whole: b"",
        lambda whole: b"not gzip",
        lambda whole: gzip.compress(b"something else"),
    ],
    ids=["half", "no end", "empty", "no gzip", "altered"],
)
def test_damage_is_noticed_and_mended_by_the_same_bytes(archive, harm):
    payload = store(archive)
    file = archive.root / payload.path
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(harm(whole))
    with pytest.raises(DamagedPayload):
        payload.body()
    store(archive)
    assert payload.body() == b'{"jobs": []}'


def test_a_missing_file_is_noticed(archive):
    payload = store(archive)
    os.chmod(archive.root / payload.path, 0o644)
    (archive.root / payload.path).unlink()
    with pytest.raises(DamagedPayload, match="missing"):
        payload.body()


def test_a_half_written_note_is_told_and_hides_nothing_else(archive):
    store(archive)
    store(archive, b"[]", url="https://other.example/")
    note = files(archive, "greenhouse/*/*.json")[0]
    note.chmod(0o644)
    note.write_bytes(note.read_bytes()[:40])
    assert len(list(archive.payloads())) == 1
    assert list(archive.damaged_notes()) == [note.relative_to(archive.root).as_posix()]


def test_a_write_that_is_cut_off_leaves_no_payload(archive, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        store(archive)
    monkeypatch.undo()
    assert list(archive.payloads()) == []
    assert store(archive).body() == b'{"jobs": []}'


def test_a_killed_writer_leaves_only_whole_payloads(archive, tmp_path):
    program = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from itpm_trends.collecting.archive import Archive\n"
        "archive = Archive(Path(sys.argv[1]))\n"
        "for i in range(10**6):\n"
        "    archive.store('lever', f'https://x.example/{i}', b'%d' % i * 50, run_id='r',\n"
        "        fetched_at=datetime(2026, 3, 2, tzinfo=UTC), suffix='json')\n"
        "    print(i, flush=True)\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(archive.root)], stdout=subprocess.PIPE, env=os.environ.copy()
    )
    for _ in range(20):
        writer.stdout.readline()
    writer.kill()
    writer.communicate()
    payloads = list(archive.payloads())
    assert len(payloads) >= 20
    assert all(payload.body() == payload.url.rpartition("/")[2].encode() * 50 for payload in payloads)


@pytest.mark.parametrize("source", ["../x", "A B", "", "con/aux", "c:"])
def test_names_that_leave_the_archive_are_refused(archive, source):
    with pytest.raises(ValueError, match="cannot name a file"):
        archive.store(source, URL, b"x", run_id="r", fetched_at=NOW, suffix="json")


def test_no_file_name_is_one_that_windows_refuses(archive):
    store(archive, url="https://x.example/a:b?c=*|<>")
    archive.store_run(
        RunRecord(
            run_id="20260302t060000z-abc123",
            source="lever",
            started_at=NOW,
            finished_at=NOW,
            status="ok",
            is_complete=True,
        )
    )
    names = [part for path in files(archive) for part in path.relative_to(archive.root).parts]
    assert not any(set(name) & set('<>:"|?*\\') or name.endswith((".", " ")) for name in names)


def test_runs_come_back(archive):
    record = RunRecord(
        run_id="r1",
        source="lever",
        started_at=NOW,
        finished_at=NOW + timedelta(minutes=1),
        status="incomplete",
        is_complete=False,
        n_requests=3,
        reason="GET https://me:pw@x.example/a?api_key=s3cret failed",
        units={"a": True, "b": False},
        unchanged=("https://x.example/2?token=s3cret", "https://x.example/1"),
    )
    path = archive.store_run(record)
    (back,) = archive.runs()
    assert back.units == record.units and back.started_at == NOW
    assert back.unchanged == ("https://x.example/1", "https://x.example/2")
    assert "s3cret" not in path.read_text() and "pw" not in back.reason


def test_keys_never_reach_the_archive(archive):
    store(archive, url="https://user:s3cret@x.example/?app_key=s3cret&X-Api-Key=s3cret&q=pm&utm_source=y#s3cret")
    assert next(archive.payloads()).url == "https://x.example/?q=pm"
    assert not any(b"s3cret" in path.read_bytes() for path in files(archive, "**/*.json"))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://x.example/jobs?content=true&keyword=pm", "https://x.example/jobs?content=true&keyword=pm"),
        ("https://x.example/?access_token=a&client_secret=b&sig=c", "https://x.example/"),
        ("https://x.example/?gh_src=1&gh_jid=7&lever-source=z", "https://x.example/?gh_jid=7"),
        ("http://[bad", "(address that cannot be read)"),
    ],
)
def test_only_keys_and_tracking_are_removed(url, kept):
    assert redacted(url + "#x") == kept or redacted(url) == kept


def test_messages_are_redacted_too():
    assert redacted_message("see https://x.example/?key=s3cret now") == "see https://x.example/ now"


# History


def test_history_remembers_pages_and_requests(tmp_path):
    page = KnownPage(NOW, "a" * 64, etag='"1"')
    with History(tmp_path / "history.sqlite") as history, history.transaction():
        history.remember("lever", "https://x.example/?key=s3cret", page)
        history.add_request(
            run_id="r",
            source="lever",
            sent_at=NOW,
            url="https://x.example/?key=s3cret",
            status=200,
            n_bytes=1,
            outcome="ok",
        )
    with History(tmp_path / "history.sqlite") as history:
        assert history.known_pages("lever") == {"https://x.example/": page}
        assert history.n_requests("lever", NOW) == 1
        assert history.n_requests("lever", NOW + timedelta(hours=1)) == 0
    assert not any(b"s3cret" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_failed_transaction_leaves_nothing(tmp_path):
    with History(tmp_path / "history.sqlite") as history:
        with pytest.raises(RuntimeError), history.transaction():
            history.remember("lever", URL, KnownPage(NOW, "a"))
            raise RuntimeError
        assert history.known_pages("lever") == {}


def test_a_journal_that_cannot_be_read_is_put_aside(tmp_path):
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"this is no database, but long enough to be taken for one" * 20)
    with History(path) as history:
        assert history.known_pages("lever") == {}
    assert (tmp_path / "history.sqlite.unreadable").exists()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_two_runs_never_overlap(tmp_path):
    with held(tmp_path, since=NOW):
        holder = json.loads((tmp_path / ".run.holder.json").read_text())
        with pytest.raises(RunHeld, match=str(holder["process"])), held(tmp_path, since=NOW):
            pass
    with held(tmp_path, since=NOW):
        pass
