"""The tables of one workspace as charts, notebooks and pages read them: one posting a vacancy, one window of time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from itpm_trends.errors import SettingsError
from itpm_trends.measuring.panel import by_period, pooled_shares, weekly_panel
from itpm_trends.measuring.pay import pay_differences
from itpm_trends.measuring.profile import Profile, packaged_profiles
from itpm_trends.measuring.recommend import recommendations
from itpm_trends.measuring.stating import kind_of
from itpm_trends.measuring.trends import trends
from itpm_trends.measuring.vacancies import counted, is_read, vacancies, vouched_for
from itpm_trends.reading.vocabulary import label_of
from itpm_trends.showing.wording import SENIORITY_WORDS, country_label, day, days, listed, safe, source_label
from itpm_trends.showing.wording import counted as counted_words
from itpm_trends.tables import DESCRIBING
from itpm_trends.workspace import VARIABLE, Workspace

READABLE = 100  # postings from which the share of a period or window is more than noise
DATED = 0.5  # share of postings with a date from which a window of time means something
RECENT_WEEKS = 26  # what shares are counted over where nobody chose a first day


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
    narrowed_to: str = ""  # in words, where the postings are not all
    since: pd.Timestamp | None = None  # the first day, where one was chosen

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
    def current(
        cls, country: str | None = None, since: str | date | None = None, seniority: str | None = None
    ) -> Market:
        """The market of ``ITPM_TRENDS_WORKSPACE``, of this folder, or of its parent when this is ``notebooks/``.

        Narrowed, where one of the three is given, to that part of it; see :meth:`chosen`.
        """
        here = Path.cwd()
        if not os.environ.get(VARIABLE) and here.name == "notebooks" and not (here / "data").exists():
            return cls.of(Workspace(here.parent)).chosen(country, since, seniority)
        return cls.of(Workspace.current()).chosen(country, since, seniority)

    def chosen(
        self, country: str | None = None, since: str | date | None = None, seniority: str | None = None
    ) -> Market:
        """The part of the market in ``country`` (a code), new since that day, at that step of the career.

        Panel and trends are measured anew from its own postings. SettingsError names the known values where one is
        unknown.
        """
        if country is None and since is None and seniority is None:
            return self
        filters = {
            "country_code": _known(country, "country", sorted(self.vacancies["country_code"].dropna().unique())),
            "seniority": _known(seniority, "seniority", list(SENIORITY_WORDS)),
        }
        filters = {column: value for column, value in filters.items() if value is not None}
        return self.narrowed(filters, None if since is None else _first_day(since)).measured()

    @property
    def is_dated(self) -> bool:
        """Do enough postings carry a date for a window of time to mean something?"""
        return bool(len(self.vacancies)) and float(self.vacancies["appeared"].notna().mean()) >= DATED

    def recent(self, weeks: int | None = RECENT_WEEKS) -> Market:
        """The same market with only the postings of the last ``weeks`` weeks.

        The whole where a first day was chosen, dates are unknown, or the window holds fewer than ``READABLE`` postings
        (old collections, imported, rarely reach into it); each figure's note names the period that it really covers.
        """
        if weeks is None or self.since is not None or not self.is_dated:
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
            self,
            vacancies=rows,
            mentions=self.mentions[self.mentions["posting_id"].isin(rows["posting_id"])],
            narrowed_to="; ".join(_words(filters, since)),
            since=since,
        )

    def measured(self) -> Market:
        """The same market with panel and trends of its own postings, where those of the build are of all."""
        ids = sorted(self.mentions["requirement_id"].unique())
        panel = weekly_panel(self.flow, self.mentions, ids).query("stratum == 'all'")
        return replace(self, panel=panel, trends=_of_requirements(self.trends_of(ids)))

    def trends_of(self, requirement_ids: list[str], period: str | None = None) -> pd.DataFrame:
        """The trends table of these postings, counted by ``period`` (week, month, quarter; as they are dated if None).

        Only what was collected live, or from an open history, is vouched for and carries a trend.
        """
        flow = self.flow if period is None else by_period(self.flow, period)
        return trends(flow, self.mentions, requirement_ids, vouched_for(self.coverage, "live", "history"))

    def advice(self, person: Profile) -> pd.DataFrame:
        """The recommendations for ``person``: those of the build where they hold, otherwise worked out anew."""
        if not self.narrowed_to and person in packaged_profiles():
            return self.recommendations[self.recommendations["profile"] == person.id]
        return recommendations(self.vacancies, self.mentions, self.trends, person, label_of)

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

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Requirements that come together more often than chance; see ``measuring.together.pairs``."""
        from itpm_trends.measuring.together import pairs  # scikit-learn takes two seconds that few notebooks need

        asked = self.mentions.loc[~self.mentions["kind"].isin(DESCRIBING), "requirement_id"]
        return pairs(self.vacancies, self.mentions, sorted(asked.unique()), seed=1)

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """The clusters that ``pairs`` form; see ``measuring.together.clusters``."""
        from itpm_trends.measuring.together import clusters

        return clusters(self.pairs)

    @property
    def scope(self) -> str:
        """What the market is narrowed to, its sources and its period in words, for the note under a title."""
        return "; ".join(filter(None, [self.narrowed_to, self.origin]))

    @property
    def origin(self) -> str:
        """Sources and period in words."""
        names = sorted(self.vacancies["source"].unique())
        sources = f"{counted_words(len(names), 'source')} ({listed(map(safe, names))})" if names else "no source"
        return f"{sources}; {self.when}"

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


def _known(value: str | None, name: str, known: list[str]) -> str | None:
    """The known spelling of ``value``; SettingsError where it has none."""
    spelled = {one.casefold(): one for one in known}
    if value is not None and str(value).casefold() not in spelled:
        raise SettingsError(f"no {name} {value!r} among these postings; known are {', '.join(known) or 'none'}")
    return None if value is None else spelled[str(value).casefold()]


def _first_day(since: str | date) -> pd.Timestamp:
    try:
        return pd.Timestamp(since if isinstance(since, date) else date.fromisoformat(since))
    except ValueError:
        raise SettingsError(f"since {since!r} is no day; write one as 2026-01-31") from None


def _words(filters: dict[str, str], since: pd.Timestamp | None) -> Iterator[str]:
    """What a market is narrowed to."""
    for column, value in filters.items():
        if column == "country_code":
            yield country_label(value.upper())
        else:
            yield SENIORITY_WORDS.get(value.casefold(), safe(value))
    if since is not None:
        yield f"new since {day(since)}"


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
