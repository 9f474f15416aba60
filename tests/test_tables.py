"""The contracts refuse what they say they refuse, and the dictionary is printed from them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

from itpm_trends.tables import POSTINGS, REQUIREMENT_MENTIONS, TABLES, TableError

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_empty_table_keeps_its_contract(table):
    assert list(table.check(table.empty()).columns) == list(table.columns)


def test_every_breach_is_named_at_once(postings_of):
    good = postings_of([{}, {}])
    bad = good.assign(posting_id=["p0", "p0"], workplace=["moon", None], title=["", "x"])
    bad = bad.astype({"workplace": "str"})
    with pytest.raises(TableError) as error:
        POSTINGS.check(bad)
    message = str(error.value)
    assert "posting_id" in message
    assert "'moon'" in message
    assert "unknown is null" in message


def test_an_undeclared_column_is_refused(postings_of):
    with pytest.raises(TableError, match="column_in_schema"):
        POSTINGS.check(postings_of([{}]).assign(surprise=1))


def test_a_mention_is_as_long_as_its_text(mentions_of):
    mention = mentions_of([("p0", "skill:scrum", "required")])
    with pytest.raises(TableError, match="length of matched_text"):
        REQUIREMENT_MENTIONS.check(mention.assign(end=3))


def test_first_seen_comes_before_last_seen(postings_of):
    with pytest.raises(TableError, match="first_seen <= last_seen"):
        postings_of([{"first_seen": "2026-02-01", "last_seen": "2026-01-01"}])


def test_frame_sorts_by_key_and_keeps_unknown_null(postings_of):
    frame = postings_of([{"posting_id": "b"}, {"posting_id": "a"}])
    assert list(frame["posting_id"]) == ["a", "b"]
    assert pd.isna(frame["salary_min"]).all()


def test_the_data_dictionary_is_not_stale():
    page = runpy.run_path(str(ROOT / "docs" / "data_dictionary.py"))
    assert page["PATH"].read_text(encoding="utf-8") == page["data_dictionary"](), "run `make dictionary`"
