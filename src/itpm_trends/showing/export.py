"""The derived tables to pass on: a workbook, or a folder of CSV or Parquet files, with dictionary and sources.

Numbers, requirements and sources only: no text, title, address or employer's name of any posting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd

from itpm_trends import __version__
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.measuring.pay import pay_levels
from itpm_trends.reading.vocabulary import label_of
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import save
from itpm_trends.showing.wording import count, day, safe, source_label
from itpm_trends.tables import (
    COUNT,
    DATE,
    NUMBER,
    PAY_DIFFERENCES,
    PAY_LEVELS,
    RECOMMENDATIONS,
    TEXT,
    TRENDS,
    WEEKLY_PANEL,
    Column,
    Table,
)
from itpm_trends.workspace import Workspace

FORMATS = ("xlsx", "csv", "parquet")
SHARES_OF_FEW = ("share", "share_low", "share_high")
TOO_FEW = f"fewer than {MIN_POSTINGS} postings: counts without a share"
LEFT_OUT = ("because",)  # ids of postings
FORMULA_SIGNS = r"^([=+\-@\t\r\n＝＋－＠])"
MOST_ROWS = 2**20 - 1  # of a sheet, below its header
WIDEST = 60  # characters
TITLE = "What employers ask of IT project managers"
NUMBER_FORMATS = ("0.0%", "#,##0", "0.000", "0.0", "yyyy-mm-dd")

METHODS = (
    "A vacancy counts once, however often it is advertised, in the period in which it was new.",
    "A share is the part of postings that state a requirement. Its 95 % interval (Wilson) is widened because postings "
    "of one employer resemble each other.",
    "A trend holds the mix of sources fixed; rising and falling are said only beyond chance, many requirements being "
    "tested at once (Benjamini and Hochberg).",
    "A difference in pay is shown under three assumptions, at equal currency, country, step of the career, workplace "
    "and source. It is an association, never a cause.",
    "What to learn next is ranked by the postings that a step brings within reach after the steps before it.",
    "Postings are what employers advertised at the sources named, not all vacancies, and not what they hire.",
)

SHARES = Table(
    name="shares",
    grain="one requirement, over all vacancies of the workspace",
    key=("requirement_id",),
    columns={
        "requirement_id": WEEKLY_PANEL.columns["requirement_id"],
        "kind": WEEKLY_PANEL.columns["kind"],
        "n_postings": Column(COUNT, "Vacancies of IT project managers (copies count once)", within=(1, 10**9)),
        **{
            name: WEEKLY_PANEL.columns[name]
            for name in (
                "n_mentioning", "n_required", "n_employers", "share", "share_low", "share_high", "design_effect"
            )
        },
    },
)  # fmt: skip
SOURCE_LIST = Table(
    name="sources",
    grain="one source that postings were counted from",
    key=("source",),
    columns={
        "source": Column(TEXT, "Source, as the other tables name it"),
        "label": Column(TEXT, "Its name"),
        "n_postings": Column(COUNT, "Vacancies counted from it", within=(0, 10**9)),
        "attribution": Column(TEXT, "What must be said wherever its postings are counted"),
        "licence": Column(TEXT, "Licence or terms of its postings", nullable=True),
        "terms_url": Column(TEXT, "Where they stand", nullable=True),
        "n_times_collected": Column(COUNT, "Days on which it was collected or imported", within=(0, 10**6)),
        "first_collected": Column(DATE, "First of them", nullable=True),
        "last_collected": Column(DATE, "Last of them", nullable=True),
    },
)
DICTIONARY = Table(
    name="dictionary",
    grain="one column of one table",
    key=("table", "column"),
    columns={
        "table": Column(TEXT, "Table"),
        "row": Column(TEXT, "What a row of the table is"),
        "column": Column(TEXT, "Column"),
        "meaning": Column(TEXT, "What it says"),
        "type": Column(TEXT, "Type of its values"),
        "allowed": Column(TEXT, "What they may be: bounds, or words", nullable=True),
        "may_be_empty": Column(TEXT, "yes where a value may be unknown", nullable=True),
    },
)
LABEL = Column(TEXT, "Name of the requirement")
NOTE = Column(TEXT, "Why shares are left out, where they are", nullable=True)


@dataclass(frozen=True)
class Exported:
    """One table as it is passed on: its contract, and its rows."""

    table: Table
    frame: pd.DataFrame


def write_export(workspace: Workspace, to: str, path: Path, *, as_of: date) -> Path:
    """Write the derived tables of ``workspace`` to ``path``: a workbook (``xlsx``), else a folder (csv, parquet).

    The same tables give the same bytes, but for the date ``as_of``. SettingsError for an unknown format, or where a
    table is longer than a sheet; NothingToDo without postings.
    """
    if to not in FORMATS:
        raise SettingsError(f"--to {to}: choose one of {', '.join(FORMATS)}")
    market = Market.of(workspace)
    return save_tables(exported_tables(workspace, market), about_lines(market, as_of), to, path, as_of=as_of)


def save_tables(tables: list[Exported], about: list[str], to: str, path: Path, *, as_of: date) -> Path:
    """Write ``tables``, with the sentences ``about`` them, as ``to`` to ``path``."""
    if to == "xlsx":
        return _write_whole(path, lambda part: _write_workbook(part, tables, about, as_of))
    write = _write_csv if to == "csv" else _write_parquet
    for each in tables:
        _write_whole(path / f"{each.table.name}.{to}", lambda part, frame=each.frame: write(part, frame))
    save(_readme(tables, about), path / "README.md")
    return path


def exported_tables(workspace: Workspace, market: Market) -> list[Exported]:
    """The tables to pass on, dictionary and sources last; of a simulated market each name begins ``simulated_``."""
    if not len(market.vacancies):
        raise NothingToDo("no posting of an IT project manager has been collected or imported yet: nothing to export")
    shares = pooled_shares(market.vacancies, market.mentions)
    stated = set(shares["requirement_id"])
    panel, trends = (
        table[table["requirement_id"].isin(stated)].reset_index(drop=True)
        for table in map(workspace.load, (WEEKLY_PANEL.name, TRENDS.name))
    )
    parts = [
        (SHARES, shares),
        (TRENDS, trends),
        (WEEKLY_PANEL, panel),
        (RECOMMENDATIONS, market.recommendations),
        (PAY_LEVELS, pay_levels(market.vacancies)),
        (PAY_DIFFERENCES, market.pay_differences),
    ]
    tables = [_passed_on(table, frame) for table, frame in parts]
    tables.append(Exported(SOURCE_LIST, source_list(workspace, market)))
    tables.append(Exported(DICTIONARY, DICTIONARY.empty()))
    prefix = "simulated_" if market.simulated else ""
    tables = [replace(each, table=replace(each.table, name=prefix + each.table.name)) for each in tables]
    return [*tables[:-1], replace(tables[-1], frame=_dictionary([each.table for each in tables]))]


def _passed_on(table: Table, frame: pd.DataFrame) -> Exported:
    """``frame`` with names of requirements, without ids of postings, and without shares of too few postings."""
    columns = {name: column for name, column in table.columns.items() if name not in LEFT_OUT}
    frame = frame[list(columns)]
    if "requirement_id" in columns:
        at = list(columns).index("requirement_id") + 1
        columns = dict([*list(columns.items())[:at], ("label", LABEL), *list(columns.items())[at:]])
        labels = {requirement_id: _label(requirement_id) for requirement_id in frame["requirement_id"].unique()}
        frame = frame.assign(label=frame["requirement_id"].map(labels).astype("str"))
    if shares := [name for name in SHARES_OF_FEW if name in columns and "n_postings" in columns]:
        is_few = frame["n_postings"] < MIN_POSTINGS
        frame = frame.assign(**{name: frame[name].mask(is_few) for name in shares})
        frame = frame.assign(note=pd.Series(None, index=frame.index, dtype="str").mask(is_few, TOO_FEW))
        columns |= {name: replace(columns[name], nullable=True) for name in shares} | {"note": NOTE}
    return Exported(replace(table, columns=columns, invariants=()), frame[list(columns)])


def _label(requirement_id: str) -> str:
    try:
        return label_of(requirement_id)
    except KeyError:  # an entry of the user's own that has gone since
        return requirement_id


def source_list(workspace: Workspace, market: Market) -> pd.DataFrame:
    """The sources that vacancies were counted from, most first: who must be credited, and when they were collected."""
    codes = {source_label(code): code for code in workspace.load("coverage")["source"].dropna().unique()}
    rows = []
    for label, n_postings in market.vacancies["source"].value_counts().items():
        code = codes.get(label, label)
        declared = SOURCES[code].declaration if code in SOURCES else None
        days = market.coverage.loc[market.coverage["source"] == label, "collected_on"]
        rows.append(
            {
                "source": code,
                "label": label,
                "n_postings": n_postings,
                "attribution": declared.attribution if declared else "Imported by the user, who knows its terms.",
                "licence": declared.licence if declared else None,
                "terms_url": declared.terms_url if declared else None,
                "n_times_collected": days.nunique(),
                "first_collected": days.min(),
                "last_collected": days.max(),
            }
        )
    return SOURCE_LIST.frame(rows)


def _dictionary(tables: list[Table]) -> pd.DataFrame:
    rows = [
        {
            "table": table.name,
            "row": table.grain,
            "column": name,
            "meaning": column.meaning,
            "type": {TEXT: "text", DATE: "date", COUNT: "whole number", NUMBER: "number"}[column.dtype],
            "allowed": _allowed(column),
            "may_be_empty": "yes" if column.nullable else None,
        }
        for table in tables
        for name, column in table.columns.items()
    ]
    return pd.DataFrame(rows).astype("str")


def _allowed(column: Column) -> str | None:
    if column.one_of:
        return ", ".join(column.one_of)
    return f"{column.within[0]:g} to {column.within[1]:g}" if column.within else None


def about_lines(market: Market, as_of: date) -> list[str]:
    """What the tables are, in sentences: SIMULATED first where it is."""
    lines = ["SIMULATED: no real postings. Every employer and every number here is made up."] * market.simulated
    lines.append(
        f"{count(len(market.vacancies))} vacancies of IT project managers, {market.when}. "
        f"Written on {day(as_of)} by itpm-trends {__version__}."
    )
    lines += METHODS
    lines.append(
        "Requirements that no posting states are left out, as are texts, titles, addresses and employers' names. "
        f"Shares of fewer than {MIN_POSTINGS} postings are left empty; counts are kept. Empty is unknown, never 0."
    )
    lines.append("Credit the sources as the table of sources says wherever you show these numbers.")
    return lines


def _readme(tables: list[Exported], about: list[str]) -> str:
    sources, dictionary = (each.frame for each in tables[-2:])
    lines = [f"# {TITLE}: tables", "", *(f"{line}\n" for line in about)]
    lines += ["| Table | One row | Rows |", "|:--|:--|--:|"]
    lines += [f"| {each.table.name} | {each.table.grain} | {count(len(each.frame))} |" for each in tables]
    lines += [
        "",
        "## Sources",
        "",
        "| Source | Postings | Last collected | To be said | Licence |",
        "|:--|--:|:--|:--|:--|",
    ]
    for row in sources.itertuples():
        last = "" if pd.isna(row.last_collected) else day(row.last_collected)
        licence = "" if pd.isna(row.licence) else safe(row.licence)
        lines.append(f"| {safe(row.label)} | {count(row.n_postings)} | {last} | {safe(row.attribution)} | {licence} |")
    for name, rows in dictionary.groupby("table", sort=False):
        lines += ["", f"## {name}", "", "| Column | Meaning | Type | Values |", "|:--|:--|:--|:--|"]
        for row in rows.itertuples():
            allowed = "" if pd.isna(row.allowed) else row.allowed
            lines.append(f"| `{row.column}` | {row.meaning} | {row.type} | {allowed} |")
    return "\n".join(lines) + "\n"


def _write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """A reader never finds half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    write(part)
    return part.replace(path)


def _write_parquet(path: Path, frame: pd.DataFrame) -> None:
    frame.to_parquet(path, index=False, compression="zstd")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with an apostrophe before each text that a spreadsheet would take for a formula."""
    texts = [name for name in frame if frame[name].dtype == TEXT]
    return frame.assign(**{name: frame[name].str.replace(FORMULA_SIGNS, r"'\1", regex=True) for name in texts})


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    """A spreadsheet opens it as it is: UTF-8 with its mark, and no text that it would take for a formula."""
    guarded(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d")


def _write_workbook(path: Path, tables: list[Exported], about: list[str], as_of: date) -> None:
    import xlsxwriter  # the command line must not wait for it

    for each in tables:
        if len(each.frame) > MOST_ROWS:
            raise SettingsError(
                f"{each.table.name} has {count(len(each.frame))} rows, more than a sheet can hold. "
                "Use --to csv or --to parquet."
            )
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), plain) as book:
        book.set_properties({"title": TITLE, "created": datetime.combine(as_of, time())})
        formats = {form: book.add_format({"num_format": form}) for form in NUMBER_FORMATS}
        loud = book.add_format({"bold": True, "font_color": "#B00020", "font_size": 14, "text_wrap": True})
        lines = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("read_me")
        sheet.set_column(0, 0, 110, lines)
        for at, line in enumerate(about):
            sheet.write_string(at, 0, line, loud if line.startswith("SIMULATED") else lines)
        for each in tables:
            _write_sheet(book.add_worksheet(each.table.name), each, formats, head)


def _write_sheet(sheet, each: Exported, formats: dict, head) -> None:
    """One table: header in bold and always in sight, a filter on each column."""
    columns = each.table.columns
    for at, (name, column) in enumerate(columns.items()):
        values = each.frame[name].astype(object)
        values = values.where(values.notna(), None).tolist()
        sheet.set_column(at, at, _width(name, values), formats.get(_number_format(name, column)))
        sheet.write_string(0, at, name, head)
        sheet.write_column(1, at, values, formats["yyyy-mm-dd"] if column.dtype == DATE else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(each.frame), len(columns) - 1)


def _number_format(name: str, column: Column) -> str | None:
    if column.dtype == DATE:
        return "yyyy-mm-dd"
    if column.dtype == COUNT:
        return "#,##0"
    if name in ("p", "q"):
        return "0.000"
    if column.dtype != NUMBER:
        return None
    is_ratio = column.within is not None and column.within[1] in (1, 10**3)
    return "0.0%" if is_ratio else "#,##0" if column.within == (0, 10**10) else "0.0"


def _width(name: str, values: list) -> int:
    longest = max((len(value) for value in values[:1000] if isinstance(value, str)), default=8)
    return min(max(len(name) + 4, longest + 1), WIDEST)
