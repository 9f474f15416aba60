"""``itpm-trends trends``: shares with their intervals, and what changes, for any part of the market."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.panel import pooled_shares, shares_by
from itpm_trends.showing.charts.changes import why_none
from itpm_trends.showing.export import guarded
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import count, day, days, interval, label, listed, percent, points, share_text
from itpm_trends.tables import DESCRIBING
from itpm_trends.workspace import Workspace

PERIODS = ("week", "month", "quarter")
STRATA = ("source", "country_code", "seniority", "workplace", "specialism")


@dataclass(frozen=True)
class Wanted:
    """Which postings, which requirements, in periods of which length; None is all."""

    filters: dict[str, str]
    since: pd.Timestamp | None = None
    kind: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Told:
    """``rows``: a row a requirement, most asked for first; ``refusal`` says why no trend is stated, where none is."""

    rows: pd.DataFrame
    market: Market
    refusal: str | None


def told_trends(workspace: Workspace, wanted: Wanted) -> Told:
    """Trends of the wanted postings where they may be stated, else shares alone, with the reason."""
    market = _market(workspace, wanted)
    ids = _ids(market, wanted)
    changes = market.trends_of(ids, wanted.period)
    if len(changes) and changes["p"].notna().any():
        rows = changes.sort_values(["share", "requirement_id"], ascending=[False, True], ignore_index=True)
        return Told(rows, market, None)
    shares = pooled_shares(market.vacancies, market.mentions, ids)
    return Told(shares[shares["n_mentioning"] > 0], market, why_none(changes))


def told_shares(workspace: Workspace, wanted: Wanted, by: str) -> pd.DataFrame:
    """Shares of the wanted postings apart for each value of the column ``by``; see :func:`panel.shares_by`."""
    if by not in STRATA:
        raise SettingsError(f"--by {by}: choose one of {', '.join(STRATA)}")
    market = _market(workspace, wanted)
    rows = shares_by(market.vacancies, market.mentions, by, _ids(market, wanted))
    if not len(rows):
        raise NothingToDo(f"no {by} has enough postings to be counted apart")
    return rows[rows["n_mentioning"] > 0].reset_index(drop=True)


def _market(workspace: Workspace, wanted: Wanted) -> Market:
    if wanted.period is not None and wanted.period not in PERIODS:
        raise SettingsError(f"--period {wanted.period}: choose one of {', '.join(PERIODS)}")
    market = Market.of(workspace).narrowed(wanted.filters, wanted.since)
    if not len(market.vacancies):
        chosen = ", ".join(f"{name} {value}" for name, value in wanted.filters.items()) or "this period"
        raise NothingToDo(f"no posting of an IT project manager is left for {chosen}")
    return market


def _ids(market: Market, wanted: Wanted) -> list[str]:
    kinds = market.mentions["kind"]
    chosen = ~kinds.isin(DESCRIBING) if wanted.kind is None else kinds == wanted.kind
    ids = sorted(market.mentions.loc[chosen, "requirement_id"].unique())
    if not ids:
        raise NothingToDo(f"no posting states a requirement of the kind {wanted.kind!r}")
    return ids


def trend_lines(told: Told, top: int) -> Iterator[str]:
    """The table for a terminal or a pipe."""
    yield f"{count(len(told.market.vacancies))} postings (copies once); {told.market.scope}"
    if told.refusal:
        yield told.refusal
    else:
        yield _window(told.rows.iloc[0])
    yield ""
    yield f"{SHARE_HEAD}  {'' if told.refusal else CHANGE_HEAD + '  '}requirement"
    for row in told.rows.head(top).itertuples():
        change = "" if told.refusal else _change(row) + "  "
        yield f"{_share(row)}  {change}{label(row.requirement_id)}{'' if told.refusal else _carried(row)}"
    if not told.refusal:
        n_moving = int(told.rows["verdict"].isin(["rising", "falling"]).sum())
        n_tested = int(told.rows["p"].notna().sum())
        yield ""
        yield f"{count(n_moving)} of {count(n_tested)} tested rise or fall (at most a tenth of them by chance)."


SHARE_HEAD = f"{'asked for in':>12} {'95 %':>8} {'of postings':>13}"
CHANGE_HEAD = f"{'points a year':>13} {'95 %':>15} {'q':>5} {'verdict':8}"


def _window(first) -> str:
    missed = f"; {first.n_gaps} in between left out, a source missed them" if first.n_gaps else ""
    period = days(first.window_start, first.window_end)
    return f"{count(first.n_postings)} of them in {first.n_periods} complete periods, {period}{missed}"


def _share(row) -> str:
    n = f"{row.n_mentioning:,}/{row.n_postings:,}"
    return f"{percent(row.share):>12} {interval(row.share_low, row.share_high):>8} {n:>13}"


def _change(row) -> str:
    if pd.isna(row.change_pp):
        return f"{'':13} {'':15} {'':5} {row.verdict:8}"
    ends = f"{points(row.change_low)} to {points(row.change_high)}"
    return f"{points(row.change_pp):>13} {ends:>15} {row.q:5.2f} {row.verdict:8}"


def _carried(row) -> str:
    """Which sources carry a change, and from when its level is another; nothing where there is no change."""
    if row.verdict not in ("rising", "falling"):
        return ""
    parts = [part.rsplit("=", 1) for part in row.carried_by.split(";")]
    told = "carried by " + ", ".join(f"{name} {float(part):.0%}" for name, part in parts)
    if isinstance(row.change_points, str):
        told += "; new level from " + listed(day(pd.Timestamp(first)) for first in row.change_points.split(";"))
    return f"  ({told})"


def strata_lines(rows: pd.DataFrame, by: str, top: int) -> Iterator[str]:
    """Shares side by side: a line a requirement, a column a stratum."""
    order = rows.groupby("requirement_id")["n_mentioning"].sum().sort_values(ascending=False).index[:top]
    for name in order:
        yield label(name)
        for row in rows[rows["requirement_id"] == name].itertuples():
            yield f"  {getattr(row, by)!s:22} {share_text(row.share, row.share_low, row.share_high, row.n_postings)}"


def save_rows(rows: pd.DataFrame, path: Path) -> None:
    """The whole table as CSV, JSON Lines or Parquet, by the ending of ``path``."""
    writers = {
        ".csv": lambda: guarded(rows).to_csv(path, index=False),
        ".json": lambda: path.write_text("\n".join(json_lines(rows)) + "\n", encoding="utf-8"),
        ".parquet": lambda: rows.to_parquet(path, index=False),
    }
    if path.suffix not in writers:
        raise SettingsError(f"-o {path}: the ending says the format; choose one of {', '.join(writers)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix]()


def json_lines(rows: pd.DataFrame) -> Iterator[str]:
    """One JSON object a row; unknown is null."""
    dates = {name: rows[name].dt.strftime("%Y-%m-%d") for name in rows.select_dtypes("datetime")}
    for row in json.loads(rows.assign(**dates).to_json(orient="records")):
        yield json.dumps(row, ensure_ascii=False)
