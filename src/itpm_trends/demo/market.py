"""A simulated job market of known truth: what the demo board serves and what the benchmarks compare against."""

from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.stats import beta

NEVER = 1e-9  # a share that is as good as none
STOCK_WEEKS = 4  # weeks of adverts already open when the collecting starts
SOURCES = ("greenhouse", "lever", "jobposting_pages")


@dataclass(frozen=True)
class Market:
    """``adverts`` as the board serves them, ``truth`` and what each vacancy really states.

    - adverts: one row an advert (copies and reposts included), the columns that ``DemoBoard`` names
    - truth: requirement_id, week, share: the share of the population that the week's vacancies are drawn from
    - statements: advert_id, vacancy, requirement_id, modality
    """

    adverts: pd.DataFrame
    truth: pd.DataFrame
    statements: pd.DataFrame
    mondays: pd.DatetimeIndex


def market_settings() -> dict:
    """The market's plan, ``market.toml``."""
    return tomllib.loads(files("itpm_trends.demo").joinpath("market.toml").read_text(encoding="utf-8"))


def simulated_market(seed: int, plan: dict | None = None) -> Market:
    """A market drawn with ``seed``; the same seed gives the same market."""
    return _Draw(np.random.default_rng(seed), plan or market_settings()).market()


class _Draw:
    """One draw of the market: employers first, then their vacancies week by week."""

    def __init__(self, rng: np.random.Generator, plan: dict) -> None:
        self.rng, self.plan = rng, plan
        self.sizes, self.words = plan["market"], plan["wording"]
        self.requirements = plan["requirement"]
        first = pd.Timestamp(self.sizes["first_monday"]).as_unit("us")
        self.mondays = pd.date_range(first, periods=self.sizes["n_weeks"], freq="7D", unit="us")
        self.employers = [self._employer(at) for at in range(self.sizes["n_employers"])]
        weights = self.rng.gamma(1.2, size=len(self.employers))
        self.employer_weights = weights / weights.sum()
        # An employer's leaning on each requirement, kept over the years: what makes its adverts resemble each other.
        self.leanings = self.rng.uniform(size=(len(self.employers), len(self.requirements)))

    def market(self) -> Market:
        adverts, statements = [], []
        for week in range(-STOCK_WEEKS, self.sizes["n_weeks"]):
            own_shares = self._own_shares(week)
            for _ in range(self.rng.poisson(self.sizes["vacancies_a_week"])):
                advert, stated = self._vacancy(week, own_shares, len(adverts))
                adverts.append(advert)
                statements += [{"advert_id": advert["advert_id"], **s} for s in stated]
                if self.rng.uniform() < self.sizes["cross_posted"]:
                    adverts.append(self._cross_posted(advert, len(adverts)))
                if self.rng.uniform() < self.sizes["reposted"]:
                    adverts.append(self._reposted(advert, len(adverts)))
            for _ in range(self.rng.poisson(self.sizes["vacancies_a_week"] * self.sizes["other_jobs"])):
                adverts.append(self._other_job(week, len(adverts)))
        return Market(_adverts_frame(adverts), self._truth(), pd.DataFrame(statements), self.mondays)

    def _truth(self) -> pd.DataFrame:
        shares = {r["id"]: [self._true_share(r, week) for week in range(len(self.mondays))] for r in self.requirements}
        truth = pd.DataFrame(shares, index=self.mondays).rename_axis("week").reset_index()
        return truth.melt(id_vars="week", var_name="requirement_id", value_name="share")

    def _true_share(self, requirement: dict, week: int) -> float:
        start, end = requirement["share"]
        first, last = requirement.get("weeks", (0, self.sizes["n_weeks"] - 1))
        progress = np.clip((week - first) / max(last - first, 1), 0, 1)
        return float(start + (end - start) * progress)

    def _employer(self, at: int) -> dict:
        firsts, seconds, thirds = self.words["company_words"]
        name = f"{firsts[at % len(firsts)]}{seconds[at // len(firsts) % len(seconds)]} {self._pick(thirds)}"
        place, country = self.words["places"][self.rng.choice(len(self.words["places"]), p=self.words["place_weights"])]
        intro = self._pick(self.words["intros"])
        return {
            "company_name": name,
            "board": name.lower().replace(" ", "-"),
            "source": SOURCES[self.rng.choice(3, p=[0.45, 0.33, 0.22])],
            "location_raw": place,
            "country_code": country,
            "intro": intro.format(
                company=name, trade=self._pick(self.words["trades"]), n=int(self.rng.integers(40, 900))
            ),
            "required_heading": self._pick(self.words["required_headings"]),
            "preferred_heading": self._pick(self.words["preferred_headings"]),
            "duty_heading": self._pick(self.words["duty_headings"]),
            "benefit_heading": self._pick(self.words["benefit_headings"]),
        }

    def _vacancy(self, week: int, own_shares: np.ndarray, at: int) -> tuple[dict, list[dict]]:
        who = int(self.rng.choice(len(self.employers), p=self.employer_weights))
        employer = self.employers[who]
        seniority = self._weighted(self.words["seniority_weights"])
        stated = self._statements(own_shares[who])
        lines = {"required": [], "preferred": []}
        for statement in stated:
            lines[statement["section"]].append(statement.pop("text"))
            del statement["section"]
        experience = self.plan["experience"]
        if self.rng.uniform() < experience["stated"]:
            years = self.rng.choice(experience[seniority]["years"], p=experience[seniority]["weights"])
            lines["required"].insert(0, self._pick(experience["say"]).format(years=years))
        advert = self._advert(employer, week, at, self._pick(self.words["titles"][seniority]))
        duties = self.rng.choice(self.words["duties"], size=5, replace=False)
        advert["description_html"] = self._html(employer, duties, lines)
        if self.rng.uniform() < 0.45:
            advert |= self._salary(seniority, employer["country_code"])
        return advert, [{"vacancy": advert["advert_id"], **statement} for statement in stated]

    def _own_shares(self, week: int) -> np.ndarray:
        """Employers x requirements: how often each employer states each one; over employers, the true share."""
        correlation = self.sizes["employer_correlation"]
        shares = np.array([self._true_share(requirement, week) for requirement in self.requirements])
        shares = shares.clip(NEVER, 1 - NEVER)  # the distribution of employers has no share of 0 or 1
        spread = (1 - correlation) / correlation
        return beta.ppf(self.leanings, shares * spread, (1 - shares) * spread)

    def _statements(self, own_shares: np.ndarray) -> list[dict]:
        stated = []
        for requirement, own_share in zip(self.requirements, own_shares, strict=True):
            if self.rng.uniform() >= own_share:
                continue
            text = self._pick(requirement["say"])
            is_preferred = self.rng.uniform() < self.sizes["preferred"]
            section = "preferred" if is_preferred and self.rng.uniform() < 0.6 else "required"
            if is_preferred and section == "required":
                text = self._pick(self.words["preference"]).format(text=text)
            modality = "preferred" if is_preferred else "required"
            stated.append({"requirement_id": requirement["id"], "modality": modality, "section": section, "text": text})
        return stated

    def _advert(self, employer: dict, week: int, at: int, title: str) -> dict:
        opened = self.mondays[0] + pd.Timedelta(days=7 * week + int(self.rng.integers(7)))
        days_open = 8 + int(self.rng.exponential(20))
        return {
            "advert_id": f"a{at:06d}",
            **{key: employer[key] for key in ("source", "board", "company_name", "location_raw", "country_code")},
            "title": title,
            "workplace": self._weighted(self.words["workplaces"]),
            "opened": opened,
            "closed": opened + pd.Timedelta(days=days_open),
        }

    def _cross_posted(self, advert: dict, at: int) -> dict:
        elsewhere = self._pick([source for source in SOURCES if source != advert["source"]])
        later = pd.Timedelta(days=int(self.rng.integers(0, 6)))
        days = {"opened": advert["opened"] + later, "closed": advert["closed"] + later}
        return advert | {"advert_id": f"a{at:06d}", "source": elsewhere, **days}

    def _reposted(self, advert: dict, at: int) -> dict:
        opened = advert["closed"] + pd.Timedelta(days=int(self.rng.integers(3, 40)))
        return advert | {"advert_id": f"a{at:06d}", "opened": opened, "closed": opened + pd.Timedelta(days=21)}

    def _other_job(self, week: int, at: int) -> dict:
        employer = self.employers[int(self.rng.choice(len(self.employers), p=self.employer_weights))]
        advert = self._advert(employer, week, at, self._pick(self.words["other_titles"]))
        lines = {"required": [self._pick(self.requirements[0]["say"])], "preferred": []}
        return advert | {"description_html": self._html(employer, self.words["other_duties"], lines)}

    def _html(self, employer: dict, duties, lines: dict[str, list[str]]) -> str:
        n = int(self.rng.integers(2, 40))
        parts = [f"<p>{html.escape(employer['intro'])}</p>"]
        parts.append(_list(employer["duty_heading"], [duty.format(n=n) for duty in duties]))
        order = self.rng.permutation(len(lines["required"]))
        parts.append(_list(employer["required_heading"], [lines["required"][i] for i in order]))
        parts.append(_list(employer["preferred_heading"], lines["preferred"]))
        parts.append(_list(employer["benefit_heading"], self.rng.choice(self.words["benefits"], size=3, replace=False)))
        closing = self.words["closing"].format(company=employer["company_name"])
        return "\n".join([*filter(None, parts), f"<p>{html.escape(closing)}</p>"])

    def _salary(self, seniority: str, country: str) -> dict:
        middle = {"coordinator": 62_000, "manager": 92_000, "senior": 118_000, "programme": 135_000}[seniority]
        low = round(float(self.rng.normal(middle, middle * 0.1)), -3)
        currency = {"US": "USD", "GB": "GBP", "CA": "CAD", "IE": "EUR"}[country]
        high = low + round(float(self.rng.uniform(8, 30)), 0) * 1000
        return {"salary_min": low, "salary_max": high, "salary_currency": currency, "salary_period": "year"}

    def _pick(self, choices):
        return choices[int(self.rng.integers(len(choices)))]

    def _weighted(self, weights: dict[str, float]) -> str:
        return str(self.rng.choice(list(weights), p=list(weights.values())))


def _list(heading: str, items) -> str:
    if not len(items):
        return ""
    lines = "".join(f"<li>{html.escape(str(item))}</li>" for item in items)
    return f"<h3>{html.escape(heading)}</h3>\n<ul>{lines}</ul>"


def _adverts_frame(adverts: list[dict]) -> pd.DataFrame:
    salary = ["salary_min", "salary_max", "salary_currency", "salary_period"]
    frame = pd.DataFrame(adverts)
    return frame.reindex(columns=[*(c for c in frame.columns if c not in salary), *salary])
