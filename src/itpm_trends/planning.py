"""``itpm-trends recommend``: a plan for one person, kept if asked, and compared with an earlier one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pandas as pd

from itpm_trends.errors import ItpmTrendsError, NothingToDo, SettingsError
from itpm_trends.measuring.effort import steps_effort
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.pay import pay_differences
from itpm_trends.measuring.profile import (
    Profile,
    combined,
    packaged_profile,
    profile_of,
    profile_of_resume,
    written_profile,
)
from itpm_trends.measuring.recommend import Asked, is_closed, is_learnable, plan_for, verdict_on
from itpm_trends.measuring.vacancies import vacancies
from itpm_trends.reading.resume import ReadResume, read_resume, resume_text
from itpm_trends.reading.vocabulary import label_of
from itpm_trends.tables import PLAN_CHANGES
from itpm_trends.workspace import Workspace

DEFAULT_TOP = 10
DEFAULT_CURRENCY = "USD"
MOST_ROUNDS = 8  # in which steps that do not fit make way for others
MOST_COUNTRIES = 8  # named where one has too few vacancies
PLAN_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEPT = ("rank", "requirement_id", "gain", "gain_low", "gain_high", "reached", "nearer", "share", "n_postings",
        "verdict", "hours", "fee_amount", "fee_currency")  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What the plan must keep to; null where the person sets no limit."""

    country: str | None = None
    hours: float | None = None
    budget: float | None = None
    currency: str | None = None
    top: int | None = None

    def __post_init__(self) -> None:
        for name in ("hours", "budget"):
            if (limit := getattr(self, name)) is not None and not limit >= 0:
                raise SettingsError(f"--{name} {limit:g} cannot be; give 0 or more")
        for name, letters, example in (("country", 2, "US"), ("currency", 3, "USD")):
            code = getattr(self, name)
            if code is not None and not re.fullmatch(rf"[A-Z]{{{letters}}}", code):
                raise SettingsError(f"--{name} {code!r} is not a code of {letters} letters such as {example}")
        if self.top is not None and not 1 <= self.top <= 100:
            raise SettingsError(f"--top {self.top} cannot be; give 1 to 100")


@dataclass(frozen=True)
class Plan:
    """Steps in their order, with what they take; ``passed_over`` says in ``passed_because`` why a step is none now.

    ``n_closed`` vacancies ask for a degree or years that the person lacks; ``tested`` says whether the plan does better
    than plain counting. ``postings`` holds title, company and address of the postings that say so, by posting_id.
    """

    profile: Profile
    limits: Limits
    n_vacancies: int
    n_closed: int
    tested: str
    is_simulated: bool
    steps: pd.DataFrame
    passed_over: pd.DataFrame
    postings: pd.DataFrame


def told_profile(
    resume: Path | None, packaged: str | None, said: Profile, before: dict | None, as_of: date
) -> tuple[Profile, ReadResume | None]:
    """The person's profile from all that was told, and what the résumé says; SettingsError where nothing was."""
    read = read_resume(resume_text(resume), as_of) if resume else None
    bases = [packaged_profile(packaged)] if packaged else [profile_of_record(before)] if before else []
    if read:
        bases.append(profile_of_resume(read))
    if not bases and said == profile_of():
        raise SettingsError("say who the plan is for: --have pmp,jira, --resume FILE or --profile help-desk-analyst")
    profile = bases[0] if bases else profile_of()
    for more in (*bases[1:], said):
        profile = combined(profile, more)
    return profile, read


def plan_of(workspace: Workspace, profile: Profile, limits: Limits) -> Plan:
    """Today's plan for ``profile`` from the tables of ``workspace``; NothingToDo where they hold too little."""
    unique = _within_country(vacancies(workspace.load("postings")), limits.country)
    top = limits.top or DEFAULT_TOP
    mentions, trends = workspace.load("requirement_mentions"), workspace.load("trends")
    asked, hours, passed, refused = Asked.of(unique, mentions), workspace.settings.effort, [], set()
    for _ in range(MOST_ROUNDS):
        possible = partial(_is_possible, refused=frozenset(refused))
        advice = plan_for(profile, asked, trends, label_of, top, possible)
        if advice.empty and not passed:
            raise NothingToDo(_why_none(unique, mentions, profile))
        effort = steps_effort(advice["requirement_id"], profile, hours)
        steps = advice.merge(effort, on="requirement_id", validate="one_to_one").sort_values("rank", ignore_index=True)
        taken, misfits = _chosen(steps, profile, limits, hours)
        if misfits.empty:
            break
        # Steps are chosen together: without those that do not fit, others may belong to the plan.
        passed.append(misfits)
        refused |= set(misfits["requirement_id"])
    passed_over = pd.concat(passed, ignore_index=True) if passed else misfits
    named = ";".join(taken["because"].dropna()).split(";")
    shown = unique[unique["posting_id"].isin(named)].set_index("posting_id")[["title", "company_name", "url"]]
    taken = _with_pay(taken, unique, mentions)
    n_closed = int(is_closed(unique, mentions, profile).sum())
    is_simulated = workspace.settings.simulated
    return Plan(profile, limits, len(unique), n_closed, verdict_on(advice), is_simulated, taken, passed_over, shown)


def _with_pay(steps: pd.DataFrame, unique: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """``steps`` with the band of the difference in pay that goes with each, and the postings with it behind that."""
    pay = pay_differences(unique, mentions, steps["requirement_id"].tolist())
    names = {"low": "pay_low", "high": "pay_high", "n_with": "pay_n_with"}
    pay = pay[["requirement_id", *names]].rename(columns=names)
    return steps.merge(pay, how="left", on="requirement_id", validate="one_to_one")


def _is_possible(requirement_id: str, refused: frozenset[str]) -> bool:
    return is_learnable(requirement_id) and requirement_id not in refused


def _why_none(unique: pd.DataFrame, mentions: pd.DataFrame, profile: Profile) -> str:
    n_closed = int(is_closed(unique, mentions, profile).sum())
    return (
        f"no step can be recommended: of {len(unique):,} vacancies, {n_closed:,} require a degree or years that you "
        "lack, and too few of the others state certifications or skills that you lack. Collect or import more postings."
    )


def _within_country(unique: pd.DataFrame, country: str | None) -> pd.DataFrame:
    if country is None:
        return unique
    within = unique[unique["country_code"] == country].reset_index(drop=True)
    if len(within) < MIN_POSTINGS:
        counts = unique["country_code"].value_counts()
        enough = [f"{code} ({n:,})" for code, n in counts[counts >= MIN_POSTINGS].head(MOST_COUNTRIES).items()]
        raise NothingToDo(
            f"{len(within):,} vacancies in {country} are too few (at least {MIN_POSTINGS} are needed). "
            f"Leave out --country, or name one with enough: {', '.join(enough) or 'none has'}."
        )
    return within


def _chosen(
    steps: pd.DataFrame, profile: Profile, limits: Limits, hours: dict[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The steps that fit, in order and numbered anew, and those passed over before the last of them.

    A certificate that an earlier step of the plan brings counts as held.
    """
    taken: list[dict] = []
    passed: list[dict] = []
    for step in steps.to_dict("records"):
        if len(taken) == (limits.top or DEFAULT_TOP):
            break
        if step["is_eligible"] is False:
            later = replace(profile, have=profile.have.union(one["requirement_id"] for one in taken))
            step |= steps_effort([step["requirement_id"]], later, hours).to_dict("records")[0]
        if because := _why_passed_over(step, taken, limits):
            passed.append({**step, "passed_because": because})
        else:
            taken.append({**step, "rank": len(taken) + 1})
    return pd.DataFrame(taken, columns=steps.columns), pd.DataFrame(passed, columns=[*steps.columns, "passed_because"])


def _why_passed_over(step: dict, taken: list[dict], limits: Limits) -> str | None:
    """Why a step does not fit after those ``taken``; None where it does. An unknown fee or effort is no reason."""
    if step["is_eligible"] is False:
        return f"not open to you yet: {step['why_not']}"
    currency = limits.currency or DEFAULT_CURRENCY
    fees = [one["fee_amount"] for one in taken if one["fee_currency"] == currency]
    if limits.budget is not None and step["fee_currency"] == currency:
        left = limits.budget - sum(fees)
        if step["fee_amount"] > left:
            return f"its fee of {step['fee_amount']:,g} {currency} is more than the {left:,g} {currency} left"
    if limits.hours is not None and pd.notna(step["hours"]):
        left = limits.hours - sum(one["hours"] for one in taken if pd.notna(one["hours"]))
        if step["hours"] > left:
            return f"its {step['hours']:,g} hours are more than the {left:,g} hours left"
    return None


def check_plan_name(name: str) -> None:
    """SettingsError where ``name`` would be no plain file name."""
    if not PLAN_NAME.fullmatch(name):
        raise SettingsError(f"--save {name!r}: a plan's name is lower-case words joined by hyphens, such as my-plan")


def save_plan(plan: Plan, folder: Path, name: str, now: datetime) -> Path:
    """Keep ``plan`` as ``folder``/NAME.json: what the person has as ids, the limits and the steps; nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    record = {"name": name, "saved_at": now.isoformat(), **record_of(plan)}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def record_of(plan: Plan) -> dict:
    """A plan as it is kept: JSON without anything that a résumé says beyond the ids."""
    return {
        "profile": plan.profile.record,
        "limits": asdict(plan.limits),
        "n_vacancies": plan.n_vacancies,
        "steps": records(plan.steps[list(KEPT)]),
    }


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows of ``frame`` for JSON: unknown is null."""
    return json.loads(frame.to_json(orient="records"))


def profile_of_record(record: dict) -> Profile:
    """The profile of a kept plan."""
    return written_profile(record["profile"])


def limits_of_record(record: dict, said: Limits) -> Limits:
    """The limits of a kept plan, with those that were ``said`` now in their place."""
    return Limits(**{f.name: record["limits"][f.name] if getattr(said, f.name) is None else getattr(said, f.name)
                     for f in fields(Limits)})  # fmt: skip


def saved_plan(folder: Path, name: str | None) -> dict:
    """The plan kept as ``name``, or the newest; NothingToDo where there is none."""
    paths = [folder / f"{name}.json"] if name else sorted(folder.glob("*.json"))
    kept = [_read(path) for path in paths if path.is_file()]
    if not kept:
        raise NothingToDo(f"no plan{f' {name!r}' if name else ''} is kept in {folder}. Keep one with --save NAME.")
    return max(kept, key=lambda record: record["saved_at"])


def _read(path: Path) -> dict:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {key: record[key] for key in ("name", "saved_at", "profile", "limits", "steps")}
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ItpmTrendsError(f"{path} is no plan that was kept by `recommend --save`. Move it away.") from error


def plan_changes(before: dict, plan: Plan) -> pd.DataFrame:
    """What became of the steps of a kept plan: the table PLAN_CHANGES."""
    columns = ["requirement_id", "rank", "gain"]
    old = pd.DataFrame(before["steps"], columns=columns)
    both = old.merge(plan.steps[columns], how="outer", on="requirement_id", suffixes=("_before", ""), validate="1:1")
    change = both["rank"].notna().map({True: "kept", False: "gone"})
    change = change.mask(both["rank_before"].isna(), "new").mask(both["requirement_id"].isin(plan.profile.have), "done")
    return PLAN_CHANGES.frame(both.assign(change=change))
