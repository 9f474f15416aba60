"""What a requirement means, and in which words postings state it, for people who point at its name."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.intervals import employer_codes
from itpm_trends.reading.vocabulary import REQUIREMENTS, entries

MIN_EMPLOYERS = 5  # that state a requirement in these very words, below which the words are not shown
MOST_WORDS = 4  # ways of saying it that are shown
LONGEST = 40  # characters of such words


def definitions(requirement_ids: list[str], words: dict[str, str]) -> list[str]:
    """One sentence a requirement: who awards it, what sort of skill it is, its counterpart in O*NET or ESCO.

    ``words`` are the phrases of the page's catalogue; "" where there is nothing to say.
    """
    known = {entry.requirement_id: entry.traits for kind in REQUIREMENTS for entry in entries(kind)}
    return [_definition(requirement_id, known.get(requirement_id, {}), words) for requirement_id in requirement_ids]


def matching_words(vacancies: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> list[list[str]]:
    """The words that most employers state each requirement in, most frequent first.

    Only words that at least ``MIN_EMPLOYERS`` employers use: nothing of a single posting shows.
    """
    employer = pd.Series(employer_codes(vacancies["company_name"]), index=vacancies["posting_id"].to_numpy())
    stated = pd.DataFrame(
        {
            "requirement_id": mentions["requirement_id"].astype("category"),
            "said": _spelled_alike(mentions["matched_text"]),
            "employer": mentions["posting_id"].map(employer),
        }
    ).drop_duplicates()
    used = stated.groupby(["requirement_id", "said"], observed=True).size().rename("n").reset_index()
    used = used.astype({"requirement_id": "str", "said": "str"})
    used = used[(used["n"] >= MIN_EMPLOYERS) & (used["said"].str.len() <= LONGEST)]
    used = used.sort_values(["n", "said"], ascending=[False, True])
    said = used.groupby("requirement_id")["said"].agg(lambda each: list(each.head(MOST_WORDS)))
    return [said.get(requirement_id, []) for requirement_id in requirement_ids]


def _spelled_alike(texts: pd.Series) -> pd.Series:
    """Each text in small letters with single spaces; every distinct text is looked at once."""
    codes, distinct = pd.factorize(texts)
    alike = pd.Series(distinct, dtype="str").str.split().str.join(" ").str.strip(" ,;:.").str.casefold()
    return pd.Series(alike.to_numpy()[codes], index=texts.index).astype("category")


def _definition(requirement_id: str, traits: dict, words: dict[str, str]) -> str:
    kind = requirement_id.partition(":")[0]
    if kind == "certification":
        if not traits.get("issuer"):
            return words["unnamed"]
        level = words["level"].format(level=traits["level"]) if traits.get("level") else ""
        return words["certification"].format(issuer=traits["issuer"]) + level
    if kind == "skill":
        told = [words.get(traits.get("group"), words["skill"])]
        told += [f"{name}: {traits[key]}" for key, name in (("onet", "O*NET"), ("esco", "ESCO")) if traits.get(key)]
        return "; ".join(told)
    return words.get(kind, "")
