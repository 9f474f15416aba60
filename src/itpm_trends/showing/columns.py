"""The market as columns of numbers, packed for a page: one number a posting and filter, no text of any posting."""

from __future__ import annotations

import base64
import html
import zlib
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from itpm_trends.measuring.careers import least_years
from itpm_trends.measuring.coverage import BLOCK, MOST_ROUNDS, SOFTER
from itpm_trends.measuring.emerging import emerging
from itpm_trends.measuring.intervals import MIN_POSTINGS, employer_codes, employer_correlation
from itpm_trends.measuring.newest import BEFORE
from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.parts import FEWEST_VACANCIES
from itpm_trends.measuring.pay import yearly_pay
from itpm_trends.measuring.profile import OPEN_FIELD, degree_terms, packaged_profiles, years_of_study
from itpm_trends.measuring.recommend import (
    MIN_ASKING,
    implied_columns,
    is_learnable,
    most_years,
    step_settings,
)
from itpm_trends.measuring.together import inseparable
from itpm_trends.measuring.trends import (
    MAX_FALSE_DISCOVERIES,
    MIN_MENTIONING,
    MIN_PERIODS,
    TYPICAL_CORRELATION,
)
from itpm_trends.measuring.vacancies import vouched_for
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.reading.vocabulary import entries
from itpm_trends.showing.definitions import definitions, matching_words
from itpm_trends.showing.market import READABLE, Market
from itpm_trends.showing.wording import SENIORITY_WORDS, SPECIALISM_WORDS, WORKPLACE_WORDS, day, label
from itpm_trends.tables import DESCRIBING

NOT_STATED = 255  # in columns of small numbers; codes count from 1, and 0 is unknown
PREFERRED, REQUIRED, OR_EXPERIENCE = 0, 1, 2  # how firmly a posting states a requirement
MOST_READ = 20_000  # vacancies whose whole texts are searched for new terms
FEWEST_EMPLOYERS = 5  # that name a new term, below which it is not shown
ENOUGH_TO_TELL = 20_000  # vacancies that tell which requirements the same words state
MOST_BYTES = 5_000_000  # of packed columns: more would make the page too large to send


class Packed:
    """Columns of whole numbers, each in the smallest type that holds it, in one deflated piece."""

    def __init__(self) -> None:
        self._columns: list[tuple[str, np.ndarray]] = []

    def add(self, name: str, values) -> None:
        values = np.asarray(values)
        most = int(values.max()) if len(values) else 0
        smallest = next(dtype for dtype in ("<u1", "<u2", "<u4") if most <= np.iinfo(dtype).max)
        self._columns.append((name, values.astype(smallest)))

    def add_steps(self, name: str, values) -> None:
        """Each value as the step from the one before, wrapping around: in a sorted column few steps are large."""
        self.add(name, values)
        values = self._columns.pop()[1]
        self._columns.append((name, np.diff(values, prepend=values.dtype.type(0))))

    def deflated(self) -> tuple[list, bytes]:
        """The list of columns (name, bytes a number, how many) and their bytes, deflated."""
        told = [[name, values.itemsize, len(values)] for name, values in self._columns]
        # The low bytes of a column, then its high ones: like stands beside like, and packs better.
        raw = b"".join(values.view("u1").reshape(-1, values.itemsize).T.tobytes() for _, values in self._columns)
        return told, zlib.compress(raw, 9)


def packed_text(text: str) -> str:
    """Text, deflated, in characters that may stand anywhere in a page."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def columns_of(market: Market, as_of: date, words: dict[str, str], most_bytes: int = MOST_BYTES) -> dict:
    """All that the page counts with; ``words`` are the phrases of its catalogue for definitions.

    Where the columns of all postings would take more than ``most_bytes``, a random sample of them (seed 1) that fits
    is kept; ``n_drawn_from`` then says of how many.
    """
    ids = sorted(market.mentions["requirement_id"].unique())
    told = _of_all(market, ids, as_of, words)
    degree_set, told["reach"]["degree_sets"] = _degree_sets(market.mentions)
    rows = _ordered(market)
    rows["degree_set"] = degree_set.reindex(rows["posting_id"]).fillna(0).to_numpy()
    columns, raw = _posting_columns(market, rows, ids).deflated()
    if len(raw) > most_bytes:
        n_kept = int(len(rows) * most_bytes / len(raw) * 0.98)
        drawn = np.sort(np.random.default_rng(1).choice(len(rows), n_kept, replace=False))
        columns, raw = _posting_columns(market, rows.iloc[drawn], ids).deflated()
        told["n_drawn_from"], told["n"] = len(rows), n_kept
    return told | {"columns": columns, "packed": base64.b64encode(raw).decode()}


def _ordered(market: Market) -> pd.DataFrame:
    """Vacancies in the order of time and source, which packs best; with ``week`` and ``is_partial`` of the flow."""
    flow = market.flow.set_index("posting_id")
    rows = market.vacancies.assign(employer=_employers(market.vacancies)[0])
    rows["week"] = flow["week"].reindex(rows["posting_id"]).to_numpy()
    rows["is_partial"] = flow["maturity"].reindex(rows["posting_id"]).eq("partial").to_numpy()
    rows["month"] = _months(rows)
    order = ["month", "week", "source", "is_partial", "employer", "posting_id"]
    return rows.sort_values(order, ignore_index=True)


def _posting_columns(market: Market, rows: pd.DataFrame, ids: list[str]) -> Packed:
    pay = yearly_pay(rows)
    least = most_years(market.mentions)
    periods = _periods(market)
    packed = Packed()
    for name, (values, _) in _filters(market).items():
        packed.add(name, _codes(rows[name], values))
    packed.add("month", _codes(_months(rows), _month_values(market)))
    packed.add("period", _codes(rows["week"], periods))
    packed.add("partial", rows["is_partial"])
    packed.add_steps("employer", rows["employer"])
    packed.add("years", least_years(rows, market.mentions).round().clip(upper=NOT_STATED - 1).fillna(NOT_STATED))
    packed.add("degree_set", rows["degree_set"])
    packed.add("needs_years", np.ceil(rows["posting_id"].map(least).fillna(0)).clip(upper=NOT_STATED - 1))
    packed.add("pay", ((pay["low"] + pay["high"]) / 2).round().reindex(rows.index).fillna(0))
    packed.add("currency", _codes(rows["salary_currency"].where(rows.index.isin(pay.index)), _currencies(market)))
    n_stating, gaps, firmness = stating_lists(rows, market.mentions, ids)
    packed.add("n_stating", n_stating)
    packed.add("gaps", np.frombuffer(gaps, dtype="u1"))
    packed.add("firmness", firmness)
    return packed


def _of_all(market: Market, ids: list[str], as_of: date, words: dict[str, str]) -> dict:
    vacancies, flow = market.vacancies, market.flow
    counted = Counted.of(vacancies, market.mentions, ids, np.zeros(len(vacancies), dtype=int))
    _, names = _employers(vacancies)
    return {
        "n": len(vacancies),
        "n_drawn_from": 0,
        "as_of": day(as_of),
        "when": market.when,
        "n_adverts": market.n_adverts,
        "n_unread": market.n_unread,
        "n_quarantined": market.n_quarantined,
        "readable": READABLE,
        "describing": list(DESCRIBING),
        "employers": {"named": names, "named_from": FEWEST_VACANCIES, "n": int(vacancies["company_name"].nunique())},
        "filters": {
            name: {"value": values, "label": [labels.get(v, v) for v in values]}
            for name, (values, labels) in _filters(market).items()
        },
        "months": _month_values(market),
        "currencies": _currencies(market),
        "pay_correlation": _pay_correlation(vacancies),
        "periods": {
            "length": str(flow["period"].iloc[0]) if len(flow) else "week",
            "first": [pd.Timestamp(week).strftime("%Y-%m-%d") for week in _periods(market)],
        },
        "requirements": {
            "id": ids,
            "label": [html_free(label(i)) for i in ids],
            "kind": [i.split(":")[0] for i in ids],
            "step": [_step(i) for i in ids],
            "correlation": [float(c) for c in counted.correlation],
            "learnable": [is_learnable(i) for i in ids],
            "gives": implied_columns(ids),
            "inseparable": _inseparable(vacancies, market.mentions, ids),
            "definition": definitions(ids, words),
            "words": matching_words(vacancies, market.mentions, ids),
        },
        "emerging": _emerging(market),
        "rules": _rules(market),
        "reach": _reach(),
        "sources": _sources(market, as_of),
        "profiles": [
            {
                "id": p.id,
                "label": p.label,
                "have": sorted(p.have & set(ids)),
                "degree": p.degree or "",
                "field": min(p.fields, default=""),
                "years": "" if p.years is None else f"{p.years:g}",
            }
            for p in packaged_profiles()
        ],
    }


def _inseparable(vacancies: pd.DataFrame, mentions: pd.DataFrame, ids: list[str]) -> list[list[int]]:
    """Pairs of places among ``ids`` that come together by their words or their family alone."""
    place = {requirement_id: at for at, requirement_id in enumerate(ids)}
    judged = [i for i in ids if i.split(":")[0] in ("skill", "certification")]
    pairs = inseparable(vacancies.head(ENOUGH_TO_TELL), mentions, judged)
    return sorted(sorted(place[requirement_id] for requirement_id in pair) for pair in pairs)


def _emerging(market: Market) -> list[dict] | None:
    """Terms that the vocabulary lacks and that enough employers name of late; None where nobody looked."""
    if len(market.flow) > MOST_READ:
        return None
    found = emerging(market.flow, market.mentions)
    found = found[found["n_employers"] >= FEWEST_EMPLOYERS]
    columns = ["term", "n_recent", "n_postings_recent", "share_recent", "share_before", "n_employers"]
    return found[columns].to_dict("records")


def _rules(market: Market) -> dict:
    """From which counts on what may be said: the page follows measuring/."""
    length = str(market.flow["period"].iloc[0]) if len(market.flow) else "week"
    return {
        "min_postings": MIN_POSTINGS,
        "min_asking": MIN_ASKING,
        "min_mentioning": MIN_MENTIONING,
        "min_periods": MIN_PERIODS[length],
        "max_q": MAX_FALSE_DISCOVERIES,
        "typical_correlation": TYPICAL_CORRELATION,
        "periods_before": BEFORE[length],
        "vouched": sorted(vouched_for(market.coverage, "live", "history")),
    }


def _reach() -> dict:
    """What the page needs to choose steps as ``measuring.recommend`` does."""
    settings = step_settings()
    return {
        **{name: settings[name] for name in ("bar", "softness", "on_the_slope", "preferred", "slack_years")},
        "block": BLOCK,
        "rounds": MOST_ROUNDS,
        "softer": SOFTER,
        "degrees": list(DEGREE_LADDER),
        "degree_labels": [html_free(label(f"degree:{level}")) for level in DEGREE_LADDER],
        "studied": [years_of_study()[level] for level in DEGREE_LADDER],
        "fields": {entry.id: entry.label for entry in entries("field") if entry.id != OPEN_FIELD},
    }


def _degree_sets(mentions: pd.DataFrame) -> tuple[pd.Series, list[list[list]]]:
    """By posting, which set of degrees it requires one of (from 1); the sets: [rung, years, or experience, fields]."""
    terms = degree_terms(mentions).drop_duplicates()
    columns = ["rung", "years", "or_experience", "fields"]
    terms["kind"] = terms.groupby(columns).ngroup().astype("uint16")
    kinds = terms.drop_duplicates("kind").sort_values("kind")
    terms = terms.sort_values(["posting_id", "kind"])
    is_first = ~terms["posting_id"].duplicated()
    starts = np.flatnonzero(is_first)
    each = terms["kind"].to_numpy()
    codes, sets = pd.factorize(
        np.array([each[a:b].tobytes() for a, b in pairwise([*starts, len(terms)])], dtype=object)
    )
    rows = [
        [k.rung, k.years, int(k.or_experience), k.fields.split(";") if k.fields else []] for k in kinds.itertuples()
    ]
    told = [[rows[kind] for kind in np.frombuffer(chosen, dtype="uint16")] for chosen in sets]
    return pd.Series(codes + 1, index=terms["posting_id"].to_numpy()[starts]), told


def _sources(market: Market, as_of: date) -> list[dict]:
    """How fresh each source is: runs, the last of them, how many came completely."""
    told = []
    for name in sorted(market.vacancies["source"].unique()):
        runs = market.coverage[market.coverage["source"] == name]
        last = runs["collected_on"].max()
        told.append(
            {
                "name": name,
                "kind": str(runs["kind"].iloc[-1]) if len(runs) else "",
                "n_runs": len(runs),
                "n_complete": int(runs["is_complete"].sum()),
                "last": day(last) if len(runs) else "",
                "days_ago": (as_of - last.date()).days if len(runs) else None,
            }
        )
    return told


def stating_lists(rows: pd.DataFrame, mentions: pd.DataFrame, ids: list[str]) -> tuple[np.ndarray, bytes, np.ndarray]:
    """Which postings state each requirement, packed.

    How many do; the way from each such posting to the next, requirement after requirement, in bytes of seven bits
    (the eighth says that more follow); and how firmly, four to a byte.
    """
    at = pd.Series(np.arange(len(rows)), index=rows["posting_id"].to_numpy())
    column = pd.Series(np.arange(len(ids)), index=ids)
    known = mentions[mentions["posting_id"].isin(at.index)]
    each = pd.DataFrame(
        {
            "requirement": known["requirement_id"].map(column).to_numpy(),
            "row": known["posting_id"].map(at).to_numpy(),
            "is_required": (known["modality"] == "required").to_numpy(),
            "is_open": known["or_experience"].fillna(False).astype(bool).to_numpy(),
        }
    )
    each = each.groupby(["requirement", "row"], as_index=False)[["is_required", "is_open"]].any()
    firmness = np.where(each["is_required"], np.where(each["is_open"], OR_EXPERIENCE, REQUIRED), PREFERRED)
    requirement, row = each["requirement"].to_numpy(dtype=int), each["row"].to_numpy(dtype=int)
    is_first = np.diff(requirement, prepend=-1) > 0
    gaps = np.where(is_first, row, row - np.concatenate([[0], row[:-1]]))
    fours = np.concatenate([firmness, np.zeros(-len(firmness) % 4, dtype=int)]).reshape(-1, 4)
    return np.bincount(requirement, minlength=len(ids)), _sevens(gaps), fours @ np.array([1, 4, 16, 64])


def _sevens(numbers: np.ndarray) -> bytes:
    """Whole numbers as bytes of seven bits, the lowest first, the eighth bit set where more follow (LEB128)."""
    parts = np.stack([(numbers >> (7 * at)) & 127 for at in range(4)], axis=1)
    n_parts = 1 + sum((numbers >> (7 * at)) > 0 for at in (1, 2, 3))
    parts[:, :3] |= np.where(np.arange(1, 4) < np.asarray(n_parts)[:, None], 128, 0)
    return parts[np.arange(4) < np.asarray(n_parts)[:, None]].astype("u1").tobytes()


def html_free(text: str) -> str:
    """Text as it reads: the page sets it as text, and escapes it anew where a chart would read markup."""
    return html.unescape(text)


def _filters(market: Market) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Values of each column that the page can choose by, and what to call them."""
    chosen = {
        "country_code": {},
        "seniority": SENIORITY_WORDS,
        "workplace": WORKPLACE_WORDS,
        "source": {},
        "specialism": SPECIALISM_WORDS,
    }
    values = {name: set(market.vacancies[name].dropna()) for name in chosen}
    return {
        name: ([v for v in labels if v in values[name]] if labels else sorted(values[name]), labels)
        for name, labels in chosen.items()
    }


def _codes(values: pd.Series, known: list) -> np.ndarray:
    """Place of each value among ``known``, from 1; 0 where it is unknown."""
    return pd.Index(known, dtype=values.dtype).get_indexer(values) + 1


def _employers(vacancies: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """A code a posting, employers with most vacancies first, and the names of those large enough to be named."""
    codes = employer_codes(vacancies["company_name"])
    sizes = np.bincount(codes) if len(codes) else np.zeros(0, dtype=int)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    spelled = vacancies["company_name"].groupby([codes, vacancies["company_name"]]).size()
    names = spelled.sort_values(ascending=False, kind="stable").rename_axis(["code", "name"]).reset_index("name")
    names = names[~names.index.duplicated()]["name"]  # the commonest spelling
    return place[codes], [names[code] for code in order[sizes[order] >= FEWEST_VACANCIES]]


def _pay_correlation(vacancies: pd.DataFrame) -> float:
    """How alike the postings of one employer are in paying more than the middle of their currency."""
    pay = yearly_pay(vacancies)
    if not len(pay):
        return 0.0
    rows = vacancies.loc[pay.index]
    middle = pay.mean(axis=1)
    above = (middle > middle.groupby(rows["salary_currency"]).transform("median")).to_numpy(dtype=float)
    return float(
        employer_correlation(above[:, None], employer_codes(rows["company_name"]), np.zeros(len(rows), int))[0]
    )


def _months(rows: pd.DataFrame) -> pd.Series:
    return rows["appeared"].dt.strftime("%Y-%m")


def _month_values(market: Market) -> list[str]:
    return sorted(_months(market.vacancies).dropna().unique())


def _periods(market: Market) -> list:
    return sorted(market.flow["week"].unique())


def _currencies(market: Market) -> list[str]:
    """Currencies that pay is stated in, the commonest first."""
    pay = yearly_pay(market.vacancies)
    return list(market.vacancies.loc[pay.index, "salary_currency"].value_counts().index)


def _step(requirement_id: str) -> int:
    name = requirement_id.split(":", 1)[1]
    return DEGREE_LADDER.index(name) if name in DEGREE_LADDER else len(DEGREE_LADDER)
