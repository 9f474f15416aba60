"""The tables of one workspace as charts, notebooks and pages read them: one posting a vacancy, one window of time."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from itpm_trends.measuring.panel import by_period, pooled_shares, weekly_panel
from itpm_trends.measuring.pay import pay_differences
from itpm_trends.measuring.stating import kind_of
from itpm_trends.measuring.vacancies import counted, is_read, vacancies, vouched_for
from itpm_trends.showing.wording import counted as counted_words
from itpm_trends.showing.wording import days, listed, safe, source_label
from itpm_trends.tables import DESCRIBING
from itpm_trends.workspace import VARIABLE, Workspace

READABLE = 100  # postings from which the share of a period or window is more than noise
DATED = 0.5  # share of postings with a date from which a window of time means something


@dataclass(frozen=True)
class Market:
    """Postings of IT project managers (one a vacancy), their mentions, and the tables derived from them."""

    vacancies: pd.DataFrame
    mentions: pd.DataFrame
    panel: pd.DataFrame
    trends: pd.DataFrame
    recommendations: pd.DataFrame
    coverage: pd.DataFrame
    n_adverts: int  # postings of any occupation, copies included
    n_quarantined: int
    n_unread: int = 0  # IT project manager postings in languages whose sentences are not read
    simulated: bool = False

    @classmethod
    def of(cls, workspace: Workspace) -> Market:
        """The market in ``workspace``; raises ``NothingToDo`` where it was not built yet."""
        postings, mentions = _named(workspace.load("postings")), workspace.load("requirement_mentions")
        coverage = _named(workspace.load("coverage"))
        wanted = vacancies(postings)
        return cls(
            vacancies=wanted.assign(appeared=_appeared(wanted, coverage)),
            mentions=mentions[mentions["posting_id"].isin(wanted["posting_id"])],
            panel=workspace.load("weekly_panel"),
            trends=_of_requirements(_named(workspace.load("trends"), "sources")),
            recommendations=workspace.load("recommendations"),
            coverage=coverage,
            n_adverts=len(postings),
            n_quarantined=len(workspace.load("quarantine")),
            n_unread=int(((postings["occupation"] == "it-project-manager") & ~is_read(postings)).sum()),
            simulated=workspace.settings.simulated,
        )

    @classmethod
    def current(cls) -> Market:
        """The market of ``ITPM_TRENDS_WORKSPACE``, of this folder, or of its parent when this is ``notebooks/``."""
        here = Path.cwd()
        if not os.environ.get(VARIABLE) and here.name == "notebooks" and not (here / "data").exists():
            return cls.of(Workspace(here.parent))
        return cls.of(Workspace.current())

    @property
    def is_dated(self) -> bool:
        """Do enough postings carry a date for a window of time to mean something?"""
        return bool(len(self.vacancies)) and float(self.vacancies["appeared"].notna().mean()) >= DATED

    def recent(self, weeks: int | None) -> Market:
        """The same market with only the postings of the last ``weeks`` weeks.

        The whole where dates are unknown or the window holds fewer than ``READABLE`` postings (old collections,
        imported, rarely reach into it); each figure's note names the period that it really covers.
        """
        if weeks is None or not self.is_dated:
            return self
        appeared = self.vacancies["appeared"]
        window = self.vacancies[appeared > appeared.max() - pd.Timedelta(weeks=weeks)].reset_index(drop=True)
        if len(window) < READABLE:
            return self
        mentions = self.mentions[self.mentions["posting_id"].isin(window["posting_id"])]
        return replace(self, vacancies=window, mentions=mentions)

    def narrowed(self, filters: dict[str, str], since: pd.Timestamp | None = None) -> Market:
        """The same market with only the postings whose columns have these values, new since that day."""
        kept = pd.Series(True, index=self.vacancies.index)
        for column, value in filters.items():
            kept &= self.vacancies[column].astype("str").str.casefold().eq(value.casefold()).fillna(False)
        if since is not None:
            kept &= self.vacancies["appeared"] >= since
        rows = self.vacancies[kept].reset_index(drop=True)
        return replace(
            self, vacancies=rows, mentions=self.mentions[self.mentions["posting_id"].isin(rows["posting_id"])]
        )

    def shares(self, kind: str | None = None) -> pd.DataFrame:
        """Share of postings that state each requirement, largest first; see ``pooled_shares``.

        Of one ``kind``, or of all that ask for something (duties and previous jobs only where they are named).
        """
        if not len(self.mentions):
            return NO_SHARES.copy()
        shares = pooled_shares(self.vacancies, self.mentions)
        wanted = ~shares["kind"].isin(DESCRIBING) if kind is None else shares["kind"] == kind
        return shares[wanted].reset_index(drop=True)

    @cached_property
    def pay_differences(self) -> pd.DataFrame:
        """How pay differs with each requirement; see ``measuring.pay.pay_differences``."""
        return pay_differences(self.vacancies, self.mentions)

    @property
    def scope(self) -> str:
        """Sources and period in words, for the note under a title."""
        sources = sorted(self.vacancies["source"].unique())
        return f"{counted_words(len(sources), 'source')} ({listed(map(safe, sources))}); {self.when}"

    @property
    def when(self) -> str:
        """The period in words."""
        if not self.is_dated:
            return "dates unknown"
        return days(self.vacancies["appeared"].min(), self.vacancies["appeared"].max())

    @cached_property
    def flow(self) -> pd.DataFrame:
        """Vacancies of the flow, each in the ``week`` (or month) in which it was new; see ``vacancies.counted``."""
        return counted(self.vacancies.drop(columns="appeared"), self.coverage)

    @cached_property
    def readable_panel(self) -> pd.DataFrame:
        """The panel's rows for all postings: by week where weeks are large enough to read, otherwise by month."""
        everyone = self.panel[self.panel["stratum"] == "all"]
        sizes = everyone.groupby("week")["n_postings"].first()
        if not len(sizes) or sizes.median() >= READABLE or (everyone["period"] == "month").all():
            return everyone
        flow = by_period(self.flow, "month")
        return weekly_panel(flow, self.mentions, sorted(everyone["requirement_id"].unique())).query("stratum == 'all'")


def _of_requirements(trends: pd.DataFrame) -> pd.DataFrame:
    return trends[~kind_of(trends["requirement_id"]).isin(DESCRIBING)].reset_index(drop=True)


def _named(frame: pd.DataFrame, column: str = "source") -> pd.DataFrame:
    """Sources by the name that people know them by."""
    codes = frame[column].dropna().unique()
    names = {code: ";".join(map(source_label, code.split(";"))) for code in codes}
    return frame.assign(**{column: frame[column].map(names).astype("str")})


def _appeared(postings: pd.DataFrame, coverage: pd.DataFrame) -> pd.Series:
    """Day on which each posting appeared; null where only the day of the import is known."""
    live = vouched_for(coverage, "live")
    return postings["posted_date"].fillna(postings["first_seen"].where(postings["source"].isin(live)))


NO_SHARES = pd.DataFrame(
    {
        "requirement_id": pd.Series(dtype="str"),
        "kind": pd.Series(dtype="str"),
        "n_postings": pd.Series(dtype="int64"),
        "n_mentioning": pd.Series(dtype="int64"),
        "n_required": pd.Series(dtype="int64"),
        "n_employers": pd.Series(dtype="int64"),
        "share": pd.Series(dtype="float64"),
        "share_low": pd.Series(dtype="float64"),
        "share_high": pd.Series(dtype="float64"),
        "design_effect": pd.Series(dtype="float64"),
    }
)
