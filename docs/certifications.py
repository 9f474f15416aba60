"""Print ``docs/certifications.md`` from the facts of the vocabulary: ``make certifications``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from itpm_trends.reading.credentials import certification_facts
from itpm_trends.reading.vocabulary import entries, label_of

PATH = Path(__file__).with_suffix(".md")
INTRODUCTION = """# Certifications

Printed from `src/itpm_trends/vocabulary/certifications/` by `make certifications`; a test fails when it is stale.
{n} named certifications are told apart in postings. A blank cell is unknown: a fact is only held where a page states
it, and that page stands behind it with its date (of the page, not of our reading; "undated" where the page has none).
Many of these pages are secondary, and prices change: ask the issuer before you pay. Fees are for non-members.

| known | certifications |
|---|---|
| prerequisites | {prerequisites} |
| fee | {fee} |
| renewal | {renewal} |
"""
HEADER = "| certification | issuer | level | prerequisites | fee | renewal |\n|---|---|---|---|---|---|"


def certifications_page() -> str:
    """The whole page, in Markdown: a table for each theme of the vocabulary."""
    facts = certification_facts()
    known = {name: int(facts[f"{name}_source"].notna().sum()) for name in ("prerequisites", "fee", "renewal")}
    book = {entry.id: entry.book for entry in entries("certification")}
    themes = facts.groupby(facts["id"].map(book).map(_theme), sort=False)
    tables = [f"## {theme}\n\n{HEADER}\n" + "\n".join(map(_row, rows.to_dict("records"))) for theme, rows in themes]
    return "\n".join([INTRODUCTION.format(n=len(facts), **known), "\n\n".join(tables), ""])


def _theme(book: str) -> str:
    if book == "families":
        return "Families by themselves"
    return book.replace("_", " ").capitalize().replace(" ai", " AI")


def _row(row: dict) -> str:
    family = "" if row["family"] == row["id"] else f" (counts as {label_of('certification:' + row['family'])}, too)"
    cells = [
        row["label"] + family,
        row["issuer"],
        row["level"],
        _fact(row, "prerequisites", row["prerequisites_text"]),
        _fact(row, "fee", _fee(row)),
        _fact(row, "renewal", row["renewal_text"]),
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _fee(row: dict) -> str:
    if pd.isna(row["fee_amount"]):
        return ""
    note = "" if pd.isna(row["fee_note"]) else f" ({row['fee_note']})"
    return f"{row['fee_amount']:,g} {row['fee_currency']}{note}"


def _fact(row: dict, name: str, text: str) -> str:
    source = row[f"{name}_source"]
    return "" if pd.isna(source) else f"{text} ([{row[f'{name}_as_of']}](<{source}>))"


if __name__ == "__main__":
    PATH.write_text(certifications_page(), encoding="utf-8")
    print(PATH)
