"""Bad input ends with one clear sentence or a quarantined row, the documented exit code, and costs nothing else."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from itpm_trends.cli import main
from itpm_trends.workspace import Workspace

GOOD = [
    {"id": f"g{n}", "title": "IT Project Manager", "company": f"E{n}", "description": f"PMP required. Advert {n}."}
    for n in range(3)
]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run a command in its own workspace: exit code, stdout, stderr."""
    (tmp_path / "work").mkdir()

    def command(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["itpm-trends", "--workspace", str(tmp_path / "work"), *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return stopped.value.code or 0, said.out, said.err

    command.workspace = Workspace(tmp_path / "work")
    return command


def bad_file(folder, kind):
    """A file of that kind, and the words that its message must hold."""
    path = folder / {"directory": "folder", "parquet": "bare.parquet", "encoding": "latin.csv"}.get(
        kind, f"{kind}.jsonl"
    )
    if kind == "directory":
        path.mkdir()
        return path, "folder"
    if kind == "empty":
        path.touch()
        return path, "empty"
    if kind == "encoding":
        path.write_bytes("title,description\nProjektleiter,für große Projekte\n".encode("cp1252"))
        return path, "UTF-8"
    if kind == "parquet":
        pd.DataFrame({"title": ["IT Project Manager"], "wage": [1]}).to_parquet(path)
        return path, "description"
    if kind == "missing":
        return path, "No such file"
    raise AssertionError(kind)


@pytest.fixture
def good_file(tmp_path):
    path = tmp_path / "good.jsonl"
    path.write_text("\n".join(map(json.dumps, GOOD)))
    return path


@pytest.mark.parametrize("kind", ["empty", "directory", "encoding", "parquet", "missing"])
def test_a_file_that_cannot_be_used_is_named_and_costs_no_other(run, tmp_path, good_file, kind):
    path, words = bad_file(tmp_path, kind)
    code, out, _ = run("import", path, good_file)
    line = next(line for line in out.splitlines() if line.startswith(path.name))
    assert words in line
    assert code == 1
    assert run("build")[0] == 0
    assert len(run.workspace.load("postings")) == len(GOOD)


@pytest.mark.parametrize("kind", ["empty", "directory", "encoding", "parquet", "missing"])
def test_nothing_usable_exits_2_and_leaves_no_payload(run, tmp_path, kind):
    assert run("import", bad_file(tmp_path, kind)[0])[0] == 2
    assert not list(run.workspace.raw.rglob("*.gz"))


def quarantined(run, tmp_path, lines):
    path = tmp_path / "mixed.jsonl"
    path.write_text("\n".join([*map(json.dumps, GOOD), *lines]))
    assert run("import", path)[0] == 0
    code, out, _ = run("build")
    assert code == 0
    assert len(run.workspace.load("postings")) == len(GOOD)
    return run.workspace.load("quarantine"), out


def test_a_half_written_line_is_kept_apart_with_its_number(run, tmp_path):
    rows, out = quarantined(run, tmp_path, [json.dumps(GOOD[0])[:40]])
    assert rows["record"].tolist() == ["line 4"]
    assert "JSON" in rows["reason"].iloc[0]
    assert "quarantined" in out


def test_a_posting_without_text_is_kept_apart(run, tmp_path):
    rows, _ = quarantined(run, tmp_path, [json.dumps({**GOOD[0], "id": "x", "description": " <p></p> "})])
    assert "text" in rows["reason"].iloc[0]


def test_a_posting_of_5_mb_is_kept_apart(run, tmp_path):
    huge = {**GOOD[0], "id": "x", "description": "PMP required. " * 360_000}
    rows, _ = quarantined(run, tmp_path, [json.dumps(huge)])
    assert "longer than" in rows["reason"].iloc[0]


def test_extract_reads_a_posting_of_5_mb(run, tmp_path):
    path = tmp_path / "huge.jsonl"
    path.write_text(json.dumps({**GOOD[0], "description": "PMP required. " * 360_000}))
    code, out, _ = run("extract", path)
    assert code == 0
    assert json.loads(out)["labels"]["certifications"] == [{"id": "pmp", "modality": "required"}]
