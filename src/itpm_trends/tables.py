"""The six tables: what each holds, what makes a row unique, what must be true of it. Read this file first.

The way of the data, one table after the other::

    payloads -> postings -> requirement_mentions -> weekly_panel -> trends -> recommendations

Every stage ends ``return POSTINGS.check(frame)``: the frame comes back unchanged, or :class:`TableError` names
every breach at once. ``docs/data_dictionary.md`` is printed from this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pandera.pandas as pa

WORKPLACES = ("onsite", "hybrid", "remote")
EMPLOYMENT_TYPES = ("full-time", "part-time", "contract", "temporary", "internship", "other")
SALARY_PERIODS = ("hour", "day", "week", "month", "year")
OCCUPATIONS = ("it-project-manager", "other")
SENIORITIES = ("coordinator", "manager", "senior", "programme", "director")
SPECIALISMS = ("erp", "security", "data", "infrastructure", "digital", "software")
KINDS = ("degree", "certification", "skill", "experience", "language", "clearance", "duty", "role")
DESCRIBING = ("duty", "role")  # kinds that say what the job is or where people come from: nothing to rank or learn
MODALITIES = ("required", "preferred")
SECTIONS = ("required", "preferred", "duties", "employer", "benefits", "equal-opportunity", "other")
PERIODS = ("week", "month", "quarter")
MATURITIES = ("final", "partial")
VERDICTS = ("rising", "falling", "steady", "too few")
TEXT_EXTENTS = ("whole", "cut", "none")
DATE_SOURCES = ("api", "jsonld", "import", "relative", "first_seen")

TEXT, DATE, INSTANT, NUMBER = "str", "datetime64[us]", "datetime64[us, UTC]", "float64"
COUNT, NULLABLE_BOOLEAN = "int64", "boolean"


class TableError(ValueError):
    """A frame that breaks its table's contract; the message lists every breach."""


@dataclass(frozen=True)
class Column:
    """One column: its dtype, what it means, and what its values may be."""

    dtype: str
    meaning: str
    within: tuple[float, float] | None = None
    one_of: tuple[str, ...] | None = None
    nullable: bool = False

    def as_pandera(self) -> pa.Column:
        checks = []
        if self.within is not None:
            checks.append(pa.Check.in_range(*self.within))
        if self.one_of is not None:
            checks.append(pa.Check.isin(self.one_of))
        if self.dtype == TEXT:
            checks.append(pa.Check(lambda text: text != "", error="empty text; unknown is null"))
        return pa.Column(self.dtype, checks=checks, nullable=self.nullable, description=self.meaning)


@dataclass(frozen=True)
class Invariant:
    """A sentence that must hold for every row, and the function that says for which rows it does."""

    sentence: str
    holds: object  # Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Table:
    """A table's contract as data: name, grain, key, columns, invariants."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    invariants: tuple[Invariant, ...] = ()

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema: dtypes, ranges, allowed values, key, no undeclared column."""
        return pa.DataFrameSchema(
            {name: column.as_pandera() for name, column in self.columns.items()},
            strict=True,
            ordered=True,
            unique=list(self.key),
            name=self.name,
        )

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` unchanged, or raise :class:`TableError` naming every breach."""
        breaches = self._schema_breaches(frame)
        if not breaches:
            breaches = [
                f"{int((~holds).sum())} rows break: {rule.sentence}"
                for rule in self.invariants
                if not (holds := rule.holds(frame).astype(bool)).all()
            ]
        if breaches:
            raise TableError(f"{self.name}: " + "; ".join(breaches))
        return frame

    def _schema_breaches(self, frame: pd.DataFrame) -> list[str]:
        try:
            self.schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases
            return [
                f"{column if isinstance(column, str) else 'table'}: {check} "
                f"({len(rows)} cases, e.g. {rows['failure_case'].iloc[0]!r})"
                for (column, check), rows in cases.groupby(["column", "check"], dropna=False, sort=False)
            ]
        return []

    def empty(self) -> pd.DataFrame:
        """A frame with no rows, the right columns and the right dtypes."""
        return pd.DataFrame({name: pd.Series([], dtype=column.dtype) for name, column in self.columns.items()})

    def frame(self, rows: pd.DataFrame | list[dict]) -> pd.DataFrame:
        """``rows`` in the contract's columns, order and dtypes (missing columns null), sorted by key, checked."""
        if not len(rows):
            return self.empty()
        frame = pd.DataFrame(rows).reindex(columns=list(self.columns))
        frame = frame.astype({name: column.dtype for name, column in self.columns.items()})
        return self.check(frame.sort_values(list(self.key), ignore_index=True))


PAYLOADS = Table(
    name="payloads",
    grain="one response or imported file as received (files in data/raw, never edited)",
    key=("source", "fetched_at", "url"),
    columns={
        "source": Column(TEXT, "Source that sent it: a file name in collecting/sources, or `import`"),
        "fetched_at": Column(INSTANT, "When it was received, UTC"),
        "url": Column(TEXT, "Where it came from, keys and tracking parameters removed; file name for imports"),
        "run_id": Column(TEXT, "The run that fetched it"),
        "status": Column(COUNT, "HTTP status; 200 for imported files", within=(100, 599)),
        "content_type": Column(TEXT, "Content type as sent", nullable=True),
        "sha256": Column(TEXT, "SHA-256 of the body as received: the file's name in data/raw"),
        "n_bytes": Column(COUNT, "Length of the body in bytes", within=(0, 10**12)),
        "path": Column(TEXT, "File in data/raw, relative to it"),
    },
)

POSTINGS = Table(
    name="postings",
    grain="one advert at one source",
    key=("posting_id",),
    columns={
        "posting_id": Column(TEXT, "Hash of source and source_posting_id, 16 hexadecimal digits"),
        "source": Column(TEXT, "Where it was advertised"),
        "source_posting_id": Column(TEXT, "The source's own identifier"),
        "url": Column(TEXT, "Public page of the posting", nullable=True),
        "title": Column(TEXT, "Title in the employer's words"),
        "company_name": Column(TEXT, "Employer as named by the source", nullable=True),
        "location_raw": Column(TEXT, "Place as named by the source", nullable=True),
        "country_code": Column(TEXT, "ISO 3166-1 alpha-2 country, where the place tells", nullable=True),
        "workplace": Column(TEXT, "Where the work is done", one_of=WORKPLACES, nullable=True),
        "employment_type": Column(TEXT, "Kind of contract", one_of=EMPLOYMENT_TYPES, nullable=True),
        "posted_date": Column(DATE, "Day on which the source says it was posted", nullable=True),
        "posted_date_source": Column(TEXT, "Where posted_date comes from", one_of=DATE_SOURCES, nullable=True),
        "first_seen": Column(DATE, "Day on which we first saw it"),
        "last_seen": Column(DATE, "Day on which we last saw it"),
        "closed_date": Column(DATE, "Day on which it was found closed; null while open", nullable=True),
        "description_text": Column(
            TEXT, "The advert as text: lists and headings kept, personal data removed", nullable=True
        ),
        "text_extent": Column(
            TEXT, "Does the source show the whole text? Only whole texts are counted in shares", one_of=TEXT_EXTENTS
        ),
        "salary_min": Column(NUMBER, "Lowest pay stated", within=(0, 10**10), nullable=True),
        "salary_max": Column(NUMBER, "Highest pay stated", within=(0, 10**10), nullable=True),
        "salary_currency": Column(TEXT, "ISO 4217 currency of the pay", nullable=True),
        "salary_period": Column(TEXT, "Pay is per ...", one_of=SALARY_PERIODS, nullable=True),
        "salary_text": Column(TEXT, "Pay in the posting's own words", nullable=True),
        "occupation": Column(TEXT, "Is the job itself IT project management?", one_of=OCCUPATIONS),
        "seniority": Column(TEXT, "Step of the career, from title and text", one_of=SENIORITIES, nullable=True),
        "specialism": Column(TEXT, "Kind of IT project, for our occupation", one_of=SPECIALISMS, nullable=True),
        "language": Column(TEXT, "ISO 639-1 language of the text", nullable=True),
        "vacancy_id": Column(TEXT, "Opening behind the posting: copies and reposts share it"),
    },
    invariants=(
        Invariant("first_seen <= last_seen", lambda df: df["first_seen"] <= df["last_seen"]),
        Invariant(
            "salary_min <= salary_max",
            lambda df: ~(df["salary_min"] > df["salary_max"]),
        ),
    ),
)

REQUIREMENT_MENTIONS = Table(
    name="requirement_mentions",
    grain="one place in a posting's text that states a requirement",
    key=("posting_id", "requirement_id", "start"),
    columns={
        "posting_id": Column(TEXT, "Posting that states it"),
        "requirement_id": Column(TEXT, "kind:id, e.g. certification:pmp, degree:bachelor, skill:scrum"),
        "kind": Column(TEXT, "Kind of requirement", one_of=KINDS),
        "modality": Column(TEXT, "Required, or only preferred", one_of=MODALITIES),
        "cue": Column(TEXT, "What decided the modality: the word, the heading, or `default`"),
        "level": Column(TEXT, "Degree level", nullable=True),
        "fields": Column(TEXT, "Fields of study, ids joined by `;`", nullable=True),
        "subject": Column(TEXT, "What the years of experience are of", nullable=True),
        "min_years": Column(NUMBER, "Least years of experience asked for", within=(0, 60), nullable=True),
        "max_years": Column(NUMBER, "Most years of experience asked for", within=(0, 60), nullable=True),
        "or_experience": Column(NULLABLE_BOOLEAN, "Experience is accepted in the degree's place", nullable=True),
        "start": Column(COUNT, "First character in description_text", within=(0, 10**8)),
        "end": Column(COUNT, "Character after the last one in description_text", within=(0, 10**8)),
        "matched_text": Column(TEXT, "description_text[start:end]"),
        "section": Column(TEXT, "Part of the posting it stands in", one_of=SECTIONS),
    },
    invariants=(
        Invariant("start < end", lambda df: df["start"] < df["end"]),
        Invariant(
            "end - start == length of matched_text",
            lambda df: df["end"] - df["start"] == df["matched_text"].str.len(),
        ),
    ),
)

WEEKLY_PANEL = Table(
    name="weekly_panel",
    grain="one period, stratum and requirement; periods that nobody collected are absent",
    key=("period", "week", "stratum", "requirement_id"),
    columns={
        "period": Column(TEXT, "Length of the period that the dates allow", one_of=PERIODS),
        "week": Column(DATE, "First day of the period: Monday of the ISO week, or first of the month or quarter"),
        "stratum": Column(TEXT, "`all`, or column=value, e.g. country_code=US"),
        "requirement_id": Column(TEXT, "kind:id"),
        "kind": Column(TEXT, "Kind of requirement", one_of=KINDS),
        "n_postings": Column(COUNT, "Vacancies first advertised in the period (copies count once)", within=(1, 10**9)),
        "n_mentioning": Column(COUNT, "Of these, how many state the requirement", within=(0, 10**9)),
        "n_required": Column(COUNT, "Of these, how many require it (the rest prefer it)", within=(0, 10**9)),
        "n_employers": Column(COUNT, "Different employers among n_postings", within=(0, 10**9)),
        "share": Column(NUMBER, "n_mentioning / n_postings", within=(0, 1)),
        "share_low": Column(NUMBER, "Lower end of the 95 % interval", within=(0, 1)),
        "share_high": Column(NUMBER, "Upper end of the 95 % interval", within=(0, 1)),
        "design_effect": Column(NUMBER, "How much the clustering by employer widens the variance", within=(1, 10**6)),
        "maturity": Column(TEXT, "`partial` while the period is not over", one_of=MATURITIES),
    },
    invariants=(
        Invariant("n_mentioning <= n_postings", lambda df: df["n_mentioning"] <= df["n_postings"]),
        Invariant("n_required <= n_mentioning", lambda df: df["n_required"] <= df["n_mentioning"]),
        Invariant(
            "share_low <= share <= share_high",
            lambda df: (df["share_low"] <= df["share"]) & (df["share"] <= df["share_high"]),
        ),
    ),
)

TRENDS = Table(
    name="trends",
    grain="one requirement over the whole window",
    key=("requirement_id", "stratum"),
    columns={
        "requirement_id": Column(TEXT, "kind:id"),
        "stratum": Column(TEXT, "`all`, or column=value"),
        "kind": Column(TEXT, "Kind of requirement", one_of=KINDS),
        "window_start": Column(DATE, "First day of the window"),
        "window_end": Column(DATE, "Last day of the window"),
        "n_postings": Column(COUNT, "Vacancies in the window", within=(0, 10**9)),
        "n_mentioning": Column(COUNT, "Of these, how many state the requirement", within=(0, 10**9)),
        "n_employers": Column(COUNT, "Employers in the window", within=(0, 10**9)),
        "n_periods": Column(COUNT, "Complete periods that carry the trend", within=(0, 10**6)),
        "n_gaps": Column(COUNT, "Periods in between that a source missed: left out", within=(0, 10**6)),
        "sources": Column(TEXT, "Sources in the window, joined by `;`"),
        "share": Column(NUMBER, "Share over the whole window", within=(0, 1), nullable=True),
        "share_low": Column(NUMBER, "Lower end of its 95 % interval", within=(0, 1), nullable=True),
        "share_high": Column(NUMBER, "Upper end of its 95 % interval", within=(0, 1), nullable=True),
        "change_pp": Column(NUMBER, "Change in percentage points a year, source mix held fixed", nullable=True),
        "change_low": Column(NUMBER, "Lower end of its 95 % interval", nullable=True),
        "change_high": Column(NUMBER, "Upper end of its 95 % interval", nullable=True),
        "carried_by": Column(
            TEXT,
            "Each source's part in the evidence for the change, `source=part` joined by `;`",
            nullable=True,
        ),
        "change_points": Column(
            TEXT, "First days of new levels, joined by `;`, where levels tell more than a line", nullable=True
        ),
        "p": Column(NUMBER, "p-value of no change", within=(0, 1), nullable=True),
        "q": Column(
            NUMBER,
            "p adjusted for the number of requirements tested (Benjamini-Hochberg)",
            within=(0, 1),
            nullable=True,
        ),
        "verdict": Column(TEXT, "What may be said", one_of=VERDICTS),
        "reason": Column(TEXT, "Why no trend is stated, where none is", nullable=True),
    },
)

RECOMMENDATIONS = Table(
    name="recommendations",
    grain="one step for one profile",
    key=("profile", "rank"),
    columns={
        "profile": Column(TEXT, "Whom it is for"),
        "rank": Column(COUNT, "Order in which to take the steps", within=(1, 10**4)),
        "requirement_id": Column(TEXT, "kind:id"),
        "gain": Column(
            NUMBER, "Postings that it brings within reach after the steps before, as a share of all", within=(-1, 1)
        ),
        "gain_low": Column(NUMBER, "Lower end of its 95 % interval", within=(-1, 1)),
        "gain_high": Column(NUMBER, "Upper end of its 95 % interval", within=(-1, 1)),
        "reached": Column(NUMBER, "Postings within reach after this step, as a share", within=(0, 1)),
        "nearer": Column(
            NUMBER, "How much it adds to the part of the average posting's requirements that is met", within=(0, 1)
        ),
        "share": Column(NUMBER, "Share of postings that ask for it (plain frequency)", within=(0, 1)),
        "frequency_rank": Column(COUNT, "Its rank by plain frequency, of what is lacking", within=(1, 10**6)),
        "n_postings": Column(COUNT, "Postings that the numbers rest on", within=(0, 10**9)),
        "change_pp": Column(NUMBER, "Its trend, percentage points a year", nullable=True),
        "verdict": Column(TEXT, "Its trend in a word", one_of=VERDICTS),
        "plan_advantage": Column(
            NUMBER,
            "Share of postings that the first steps reach beyond as many of the most frequent, on other employers",
            within=(-1, 1),
            nullable=True,
        ),
        "plan_low": Column(NUMBER, "Lower end of its 95 % interval", within=(-1, 1), nullable=True),
        "plan_high": Column(NUMBER, "Upper end of its 95 % interval", within=(-1, 1), nullable=True),
        "because": Column(TEXT, "Postings that ask for it (ids joined by `;`, at most five)", nullable=True),
        "sentence": Column(TEXT, "Why, in words made from the columns beside it"),
    },
)

PAY_DIFFERENCES = Table(
    name="pay_differences",
    grain="one requirement: how far pay differs between postings with and without it; never a cause",
    key=("requirement_id",),
    columns={
        "requirement_id": Column(TEXT, "kind:id"),
        "kind": Column(TEXT, "Kind of requirement", one_of=KINDS),
        "n_with": Column(COUNT, "Postings with usable pay that state it", within=(0, 10**9)),
        "n_without": Column(COUNT, "Postings with usable pay that do not", within=(0, 10**9)),
        **{
            f"{name}{part}": Column(NUMBER, f"{words} {meaning}", within=(-1, 10**3), nullable=True)
            for name, words in (
                ("lower", "Taking the lower end of the range:"),
                ("midpoint", "Taking its middle:"),
                ("interval", "Taking pay to lie anywhere in it:"),
            )
            for part, meaning in (
                ("", "difference as a ratio, 0.05 is 5 % more"),
                ("_low", "lower end of its 95 % interval"),
                ("_high", "upper end of its 95 % interval"),
            )
        },
        "low": Column(NUMBER, "The band: lowest end of the three intervals", within=(-1, 10**3), nullable=True),
        "high": Column(NUMBER, "The band: highest end of the three intervals", within=(-1, 10**3), nullable=True),
        "p": Column(NUMBER, "p-value of no difference, middle of the range", within=(0, 1), nullable=True),
        "q": Column(NUMBER, "p adjusted for the number tested", within=(0, 1), nullable=True),
        "reason": Column(TEXT, "Why no difference is told, where none is", nullable=True),
    },
)

PAY_LEVELS = Table(
    name="pay_levels",
    grain="one currency and group of postings",
    key=("currency", "by", "value"),
    columns={
        "currency": Column(TEXT, "ISO 4217"),
        "by": Column(TEXT, "Column that groups the postings"),
        "value": Column(TEXT, "Its value"),
        "n_postings": Column(COUNT, "Postings with usable pay", within=(0, 10**9)),
        "n_employers": Column(COUNT, "Named employers among them", within=(0, 10**9)),
        "lower_quartile": Column(NUMBER, "A quarter states less: middle of the range, a year", within=(0, 10**10)),
        "median": Column(NUMBER, "Half states less", within=(0, 10**10)),
        "upper_quartile": Column(NUMBER, "Three quarters state less", within=(0, 10**10)),
        "median_low": Column(NUMBER, "Lower end of the median's 95 % interval", within=(0, 10**10)),
        "median_high": Column(NUMBER, "Upper end of the median's 95 % interval", within=(0, 10**10)),
    },
)

EFFORT = Table(
    name="effort",
    grain="what one step takes, for one profile (worked out when asked, not stored)",
    key=("requirement_id",),
    columns={
        "requirement_id": Column(TEXT, "kind:id"),
        "begins_with": Column(TEXT, "Of a family: its entry-level certification, whose facts follow", nullable=True),
        "issuer": Column(TEXT, "Who awards the certification", nullable=True),
        "hours": Column(NUMBER, "Hours of study and training to plan for", within=(0, 10**5), nullable=True),
        "hours_basis": Column(TEXT, "What the hours rest on"),
        "fee_amount": Column(NUMBER, "Exam fee for non-members; null where unknown", within=(0, 10**7), nullable=True),
        "fee_currency": Column(TEXT, "ISO 4217 currency of the fee", nullable=True),
        "fee_note": Column(TEXT, "What else is said of the fee", nullable=True),
        "fee_as_of": Column(TEXT, "Date of the page that states it, or `undated`", nullable=True),
        "fee_source": Column(TEXT, "Address of that page", nullable=True),
        "prerequisites_text": Column(TEXT, "What is asked first", nullable=True),
        "prerequisites_as_of": Column(TEXT, "Date of the page that states it, or `undated`", nullable=True),
        "prerequisites_source": Column(TEXT, "Address of that page", nullable=True),
        "is_eligible": Column(
            NULLABLE_BOOLEAN, "Does the person meet what is asked first? Null: unknown", nullable=True
        ),
        "why_not": Column(TEXT, "What is lacking, or why it cannot be told", nullable=True),
        "renewal_text": Column(TEXT, "What keeps it valid", nullable=True),
        "renewal_as_of": Column(TEXT, "Date of the page that states it, or `undated`", nullable=True),
        "renewal_source": Column(TEXT, "Address of that page", nullable=True),
    },
    invariants=(
        Invariant(
            "what is not eligible has a reason",
            lambda df: df["is_eligible"].eq(True).fillna(False) | df["why_not"].notna(),
        ),
        Invariant(
            "a fee has its currency, source and date",
            lambda df: df["fee_amount"].isna() | df[["fee_currency", "fee_source", "fee_as_of"]].notna().all(axis=1),
        ),
    ),
)

PLAN_CHANGES = Table(
    name="plan_changes",
    grain="one step of a saved plan, of today's, or of both (worked out when asked, not stored)",
    key=("requirement_id",),
    columns={
        "requirement_id": Column(TEXT, "kind:id"),
        "change": Column(TEXT, "done: the person has it now", one_of=("done", "gone", "new", "kept")),
        "rank_before": Column(NUMBER, "Its rank in the saved plan", within=(1, 10**4), nullable=True),
        "rank": Column(NUMBER, "Its rank today", within=(1, 10**4), nullable=True),
        "gain_before": Column(NUMBER, "Its gain in the saved plan", within=(-1, 1), nullable=True),
        "gain": Column(NUMBER, "Its gain today", within=(-1, 1), nullable=True),
    },
)

# The four tables below are counted when they are asked for (`itpm-trends emerging`, `together`): no build keeps them.
CHANGE = {
    "n_postings_before": Column(COUNT, "Vacancies in the periods before, of the sources compared", within=(0, 10**9)),
    "n_postings_recent": Column(COUNT, "Vacancies in the recent periods, of the sources compared", within=(0, 10**9)),
    "n_before": Column(COUNT, "Of those before, how many state it", within=(0, 10**9)),
    "n_recent": Column(COUNT, "Of the recent ones, how many state it", within=(0, 10**9)),
    "share_before": Column(NUMBER, "n_before / n_postings_before", within=(0, 1)),
    "share_recent": Column(NUMBER, "n_recent / n_postings_recent", within=(0, 1)),
    "log_odds": Column(NUMBER, "Change as a log-odds ratio, source mix held fixed, shrunk towards none"),
    "low": Column(NUMBER, "Lower end of its 95 % interval"),
    "high": Column(NUMBER, "Upper end of its 95 % interval"),
    "q": Column(NUMBER, "p adjusted for the number of terms tested (Benjamini-Hochberg)", within=(0, 1)),
    "n_employers": Column(COUNT, "Employers whose recent vacancies state it", within=(0, 10**9)),
}

EMERGING = Table(
    name="emerging",
    grain="one term that the vocabulary lacks and postings state more often of late",
    key=("rank",),
    columns={
        "rank": Column(COUNT, "Order by log_odds, the largest first", within=(1, 10**6)),
        "term": Column(TEXT, "One to three words, lower case"),
        **CHANGE,
        "sources": Column(TEXT, "Sources of the recent vacancies that state it, joined by `;`"),
        "since": Column(DATE, "First day of the period in which its share of four periods first reached 2 %"),
        "contexts": Column(TEXT, "The term among a few words, up to three, joined by ` | `"),
    },
)

MOVING = Table(
    name="moving",
    grain="one requirement whose share changed of late, in one direction",
    key=("direction", "rank"),
    columns={
        "direction": Column(TEXT, "Where it moves", one_of=("rising", "fading")),
        "rank": Column(COUNT, "Order by the size of log_odds, the largest first", within=(1, 10**6)),
        "requirement_id": Column(TEXT, "kind:id"),
        **CHANGE,
    },
)

PAIRS = Table(
    name="pairs",
    grain="two requirements that come together more often than chance",
    key=("rank",),
    columns={
        "rank": Column(COUNT, "Order by npmi, the closest first", within=(1, 10**9)),
        "first_id": Column(TEXT, "kind:id of the one"),
        "second_id": Column(TEXT, "kind:id of the other"),
        "n_postings": Column(COUNT, "Vacancies counted", within=(0, 10**9)),
        "n_first": Column(COUNT, "Of these, how many state the one", within=(0, 10**9)),
        "n_second": Column(COUNT, "Of these, how many state the other", within=(0, 10**9)),
        "n_together": Column(COUNT, "Of these, how many state both", within=(0, 10**9)),
        "npmi": Column(
            NUMBER, "Normalised pointwise mutual information: 0 as by chance, 1 never apart", within=(-1, 1)
        ),
        "npmi_low": Column(NUMBER, "Lower end of its 95 % interval, employers resampled", within=(-1, 1)),
        "npmi_high": Column(NUMBER, "Upper end of its 95 % interval", within=(-1, 1)),
        "stability": Column(NUMBER, "Share of resamples in which the pair stays above the threshold", within=(0, 1)),
    },
    invariants=(
        Invariant(
            "n_together <= n_first, n_second", lambda df: df["n_together"] <= df[["n_first", "n_second"]].min(axis=1)
        ),
    ),
)

CLUSTERS = Table(
    name="clusters",
    grain="one requirement in the one cluster of requirements that it comes together with",
    key=("name", "requirement_id"),
    columns={
        "name": Column(TEXT, "The cluster's most central members, joined by `; `"),
        "requirement_id": Column(TEXT, "kind:id of the member"),
        "centrality": Column(NUMBER, "Mean NPMI to the other members; 0 for pairs that are not stable", within=(0, 1)),
        "n_members": Column(COUNT, "Members of the cluster", within=(2, 10**6)),
    },
)

TABLES = (PAYLOADS, POSTINGS, REQUIREMENT_MENTIONS, WEEKLY_PANEL, TRENDS, RECOMMENDATIONS, PAY_DIFFERENCES, PAY_LEVELS)
