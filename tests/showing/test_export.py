"""What is passed on: the tables as they are, no posting among them, no noise told as a share, no formula."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.showing.export import FORMATS, _write_csv, _write_workbook, exported_tables, write_export
from itpm_trends.showing.export import Exported as Table
from itpm_trends.showing.market import Market

AS_OF = date(2026, 11, 23)
TEXTS = ("Made-up Works", "planted", "A made-up advert")


@pytest.fixture(scope="module")
def market(small_workspace) -> Market:
    return Market.of(small_workspace)


@pytest.fixture(scope="module")
def tables(small_workspace, market) -> dict[str, pd.DataFrame]:
    return {each.table.name: each.frame for each in exported_tables(small_workspace, market)}


@pytest.fixture(scope="module")
def written(small_workspace, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("export")
    return {to: write_export(small_workspace, to, folder / f"market.{to}", as_of=AS_OF) for to in FORMATS}


def read_back(path: Path, to: str, name: str, like: pd.DataFrame) -> pd.DataFrame:
    if to == "xlsx":
        frame = pd.read_excel(path, sheet_name=name, keep_default_na=False, na_values=[""])
    elif to == "csv":
        frame = pd.read_csv(path / f"{name}.csv", keep_default_na=False, na_values=[""])
    else:
        frame = pd.read_parquet(path / f"{name}.parquet")
    return frame.astype(like.dtypes.to_dict())


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_gives_the_tables_back(written, tables, to):
    assert len(tables) == 8
    for name, frame in tables.items():
        back = read_back(written[to], to, name, frame)
        guarded = back.map(lambda value: value[1:] if isinstance(value, str) and re.match("'[=+@-]", value) else value)
        pd.testing.assert_frame_equal(guarded.astype(frame.dtypes.to_dict()), frame)


def test_the_tables_are_those_of_the_workspace(small_workspace, market, tables):
    shares = tables["simulated_shares"].set_index("requirement_id")
    counted = pooled_shares(market.vacancies, market.mentions).set_index("requirement_id")
    assert shares["share"].equals(counted["share"]) and shares["n_mentioning"].equals(counted["n_mentioning"])
    assert shares.loc["certification:pmp", "label"] == "PMP" and "duty:risk" in shares.index
    panel, stored = tables["simulated_weekly_panel"], small_workspace.load("weekly_panel")
    assert len(panel) == len(stored) and panel["n_mentioning"].sum() == stored["n_mentioning"].sum()
    assert len(tables["simulated_recommendations"]) == len(market.recommendations)
    assert len(tables["simulated_pay_levels"])


def test_shares_of_few_postings_are_left_out_and_say_why(tables):
    panel = tables["simulated_weekly_panel"]
    few = panel["n_postings"] < 30
    assert 0 < few.sum() < len(panel)
    assert panel.loc[few, ["share", "share_low", "share_high"]].isna().all(axis=None)
    assert panel.loc[few, "note"].eq("fewer than 30 postings: counts without a share").all()
    assert panel.loc[~few, "share"].notna().all() and panel.loc[~few, "note"].isna().all()
    assert panel["n_mentioning"].notna().all()


def test_no_posting_is_passed_on(written, tables, small_workspace):
    ids = set(small_workspace.load("postings")["posting_id"])
    for frame in tables.values():
        assert "because" not in frame
        for column in frame.select_dtypes("str"):
            words = ";".join(frame[column].dropna().unique())
            assert not [text for text in TEXTS if text in words], column
            assert not ids.intersection(words.split(";"))
    told = "".join(path.read_text(encoding="utf-8-sig") for path in written["csv"].iterdir())
    assert not [text for text in TEXTS if text in told]


def test_dictionary_and_sources_cover_what_is_there(tables, written):
    dictionary, sources = tables["simulated_dictionary"], tables["simulated_sources"]
    named = set(zip(dictionary["table"], dictionary["column"], strict=True))
    assert named == {(name, column) for name, frame in tables.items() for column in frame}
    assert sources["n_postings"].sum() == tables["simulated_shares"]["n_postings"].iloc[0]
    assert sources["last_collected"].notna().all()
    readme = (written["csv"] / "README.md").read_text(encoding="utf-8")
    for words in (
        "SIMULATED",
        "23 November 2026",
        "northboard",
        "Wilson",
        "never a cause",
        "n_mentioning / n_postings",
    ):
        assert words in readme


def test_the_workbook_is_fit_to_be_read(written):
    book = openpyxl.load_workbook(written["xlsx"])
    assert book["read_me"]["A1"].value.startswith("SIMULATED") and book["read_me"]["A1"].font.bold
    sheet = book["simulated_shares"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, columns["share"]).number_format == "0.0%"
    assert sheet.cell(2, columns["n_postings"]).number_format == "#,##0"
    assert book["simulated_weekly_panel"].cell(2, 2).number_format == "yyyy-mm-dd"
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1] if cell.column == 2]
    assert widths and 20 < widths[0] <= 61


def test_the_same_tables_give_the_same_bytes(small_workspace, written, tmp_path):
    for to in ("xlsx", "csv"):
        again = write_export(small_workspace, to, tmp_path / f"market.{to}", as_of=AS_OF)
        for path in [again] if to == "xlsx" else again.iterdir():
            before = written[to] if to == "xlsx" else written[to] / path.name
            assert path.read_bytes() == before.read_bytes(), path.name


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "https://example.org", "007"])
def test_no_text_becomes_a_formula_a_link_or_a_number(small_workspace, market, tmp_path, text):
    first = exported_tables(small_workspace, market)[-2]
    hostile = Table(first.table, first.frame.head(1).assign(label=pd.Series([text], dtype="str")))
    _write_workbook(tmp_path / "x.xlsx", [hostile], ["about"], AS_OF)
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx")[first.table.name].cell(2, 2)
    assert cell.data_type == "s" and cell.hyperlink is None
    _write_csv(tmp_path / "x.csv", hostile.frame)
    written = (tmp_path / "x.csv").read_bytes().decode("utf-8-sig")
    assert ("'" + text in written) == (text[0] in "=+-@\t\r")


def test_a_market_that_is_not_simulated_says_nothing_of_it(small_workspace, market):
    names = [each.table.name for each in exported_tables(small_workspace, replace(market, simulated=False))]
    assert names[:2] == ["shares", "trends"]


def test_nothing_to_export_and_an_unknown_format_are_told(empty_workspace, tmp_path):
    with pytest.raises(NothingToDo, match="nothing to export"):
        write_export(empty_workspace, "csv", tmp_path / "x", as_of=AS_OF)
    with pytest.raises(SettingsError, match="xlsx, csv, parquet"):
        write_export(empty_workspace, "ods", tmp_path / "x", as_of=AS_OF)
    assert list(tmp_path.iterdir()) == []


def test_postings_without_dates_can_be_exported(undated_workspace, tmp_path):
    path = write_export(undated_workspace, "xlsx", tmp_path / "x.xlsx", as_of=AS_OF)
    assert pd.read_excel(path, sheet_name="simulated_weekly_panel").empty
    assert len(Market.of(undated_workspace).vacancies) > 30
