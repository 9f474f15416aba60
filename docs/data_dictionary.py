"""Print ``docs/data_dictionary.md`` from the contracts in ``itpm_trends.tables``: ``make dictionary``."""

from __future__ import annotations

from pathlib import Path

from itpm_trends.tables import TABLES, Column, Table

PATH = Path(__file__).with_suffix(".md")
INTRODUCTION = """# Data dictionary

Printed from `src/itpm_trends/tables.py` by `make dictionary`; a test fails when it is stale.
Tables are Parquet files in `data/processed` (`payloads` are the files of `data/raw`). Unknown is null, never "" or 0.
"""


def data_dictionary() -> str:
    """The whole page, in Markdown."""
    return "\n".join([INTRODUCTION, *(_table(table) for table in TABLES)])


def _table(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    lines = [f"## {table.name}", "", f"One row: {table.grain}. Key: {key}.", ""]
    lines += ["| column | type | null? | meaning | values |", "|---|---|---|---|---|"]
    lines += [_column(name, column) for name, column in table.columns.items()]
    if table.invariants:
        lines += ["", "Always true: " + "; ".join(f"`{rule.sentence}`" for rule in table.invariants) + "."]
    return "\n".join([*lines, ""])


def _column(name: str, column: Column) -> str:
    values = ", ".join(column.one_of) if column.one_of else ""
    if column.within:
        values = f"{column.within[0]:g} to {column.within[1]:g}"
    return f"| `{name}` | {column.dtype} | {'yes' if column.nullable else ''} | {column.meaning} | {values} |"


if __name__ == "__main__":
    PATH.write_text(data_dictionary(), encoding="utf-8")
    print(PATH)
