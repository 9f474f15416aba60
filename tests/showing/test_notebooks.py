import ast
import os
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import nbformat
import pandas as pd
import pytest

from itpm_trends.building import build
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.showing.execution import INJECTED, declared, with_parameters
from itpm_trends.workspace import VARIABLE, Workspace

CHECKOUT = Path(__file__).parents[2]
NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))
REAL = "ITPM_TRENDS_REAL"
MOST_REAL = 3_000  # rows of a real collection: some of every part of it, and built within a minute
MOST_SECONDS = 60  # a notebook


def shown(path: Path, parameters: dict) -> list:
    """What the cells of a notebook show, run in this process: kernels start slowly, and the report tests those."""
    names: dict = {}
    results = []
    for cell in with_parameters(nbformat.read(path, as_version=4), parameters).cells:
        if cell.cell_type == "code":
            *statements, last = ast.parse(cell.source).body
            exec(compile(ast.Module(statements, []), path.name, "exec"), names)
            if isinstance(last, ast.Expr):
                results.append(eval(compile(ast.Expression(last.value), path.name, "eval"), names))
            else:
                exec(compile(ast.Module([last], []), path.name, "exec"), names)
    return results


def told(workspace: Workspace, parameters: dict, monkeypatch) -> str:
    """All Markdown that the eight show on a workspace; each figure can be drawn, and each notebook is quick."""
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    sentences = []
    for path in NOTEBOOKS:
        start = perf_counter()
        results = shown(path, parameters)
        assert perf_counter() - start < MOST_SECONDS, path.name
        sentences += [result for result in results if isinstance(result, str)]
        assert all(result.to_json() for result in results if not isinstance(result, str)), path.name
    return "\n".join(sentences)


def test_there_are_eight():
    assert [path.stem[0] for path in NOTEBOOKS] == list("12345678")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_an_argument_not_a_program(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert notebook.nbformat_minor >= 5
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
    for cell in code:
        assert not cell.outputs and cell.execution_count is None
        assert len(cell.source.splitlines()) <= 5, cell.id
        made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, made) for node in ast.walk(ast.parse(cell.source))), cell.id


def test_every_notebook_takes_the_same_parameters_and_the_last_a_profile():
    cells = [nbformat.read(path, as_version=4).cells[1].source for path in NOTEBOOKS]
    assert len(set(cells[:-1])) == 1 and cells[-1].startswith(cells[0])
    assert declared(nbformat.read(NOTEBOOKS[0], as_version=4)) == {"country", "since", "seniority"}
    assert declared(nbformat.read(NOTEBOOKS[-1], as_version=4)) == {"country", "since", "seniority", "profile"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_sentence_of_finding_stands_before_each_figure(path):
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert any(cell.startswith("charts.") for cell in code)
    for before, cell in pairwise(code):
        assert "charts." not in cell or cell.startswith("charts."), cell
        if cell.startswith("charts."):
            assert before.splitlines()[-1].startswith("findings."), cell


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_states_no_measured_number(path):
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    assert not [text for text in prose if " % of" in text or "n =" in text]


def test_parameters_stand_after_their_cell_and_only_those_it_names():
    notebook = with_parameters(nbformat.read(NOTEBOOKS[0], as_version=4), {"country": "US", "profile": "nobody"})
    at = [cell.id for cell in notebook.cells].index("parameters")
    injected = notebook.cells[at + 1]
    assert injected.source == "country = 'US'" and injected.metadata["tags"] == [INJECTED]
    nbformat.validate(notebook)
    untouched = with_parameters(nbformat.read(NOTEBOOKS[0], as_version=4), {"profile": "nobody"})
    assert INJECTED not in [cell.id for cell in untouched.cells]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("which", "parameters", "words"),
    [
        ("workspace", {}, ["**rising**", "points a year", "Made-up Works"]),
        ("workspace", {"country": "us"}, ["(United States)", "**rising**", "require it", "Made-up Works"]),
        ("workspace", {"seniority": "director", "since": "2026-08-01"}, ["Not enough postings to say"]),
        ("undated_workspace", {}, ["dates unknown", "No trend can be stated"]),
        ("empty_workspace", {}, ["No posting of an IT project manager"]),
    ],
    ids=["all", "a country", "too few", "undated", "empty"],
)
def test_every_notebook_runs_to_its_end(which, parameters, words, request, monkeypatch):
    text = told(request.getfixturevalue(which), parameters, monkeypatch)
    assert not [word for word in words if word not in text]
    assert "nan" not in text.lower().split()


@pytest.mark.slow
def test_every_notebook_runs_on_a_real_collection(tmp_path, monkeypatch):
    beside = CHECKOUT.parent / "shared" / "postings" / "real_postings.parquet"
    path = Path(os.environ.get(REAL) or beside)
    files = sorted([*path.glob("*.parquet"), *path.glob("*.jsonl")]) if path.is_dir() else [path]
    if not files or not files[0].exists():
        pytest.skip(f"no real postings: name a folder of Parquet or JSONL files in {REAL}")
    rows = pd.concat([pd.read_json(f, lines=True) if f.suffix == ".jsonl" else pd.read_parquet(f) for f in files])
    wanted = rows[rows["title"].astype("str").str.contains("project|program", case=False)]
    picked = tmp_path / "picked.parquet"
    wanted.sample(min(len(wanted), MOST_REAL), random_state=1).to_parquet(picked)
    workspace = Workspace(tmp_path)
    import_files([picked], Archive(workspace.raw), run_id="20260101T000000Z", now=pd.Timestamp("2026-01-01", tz="UTC"))
    assert build(workspace).n_it_project_manager > 0
    assert "are for IT project managers" in told(workspace, {}, monkeypatch)
