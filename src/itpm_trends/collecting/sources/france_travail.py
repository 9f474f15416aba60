"""France Travail: the French public employment service's offers, with free keys of one's own.

A part of the offers is answered with 206, none with 204; at most 150 a request and 3,150 a search. Shape after the
documentation; not yet seen live.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from html import escape
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "france_travail"
DECLARATION = Declaration(
    name=NAME,
    label="France Travail",
    home_page="https://francetravail.io/data/api/offres-emploi",
    licence="API with free keys of one's own, under its own licence for reuse",
    terms_url="https://francetravail.io/conditions-generales-dutilisation",
    attribution="French postings from France Travail (https://www.francetravail.fr) as of the day of their collection.",
    tier="own-key",
    covers="France",
    shows="newest postings",
    keys=("client_id", "client_secret"),
)
TOKEN_URL = "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=/partenaire"
BASE_URL = "https://api.francetravail.io"
SEARCHES = ("chef de projet informatique", "chef de projet digital", "scrum master", "directeur de projet informatique")
PAGE_SIZE = 150
MOST_PAGES = 21
PART, NONE = 206, 204
HOURS = {"Temps plein": "full-time", "Temps partiel": "part-time"}
CONTRACTS = {"CDD": "temporary", "MIS": "temporary", "LIB": "contract"}
# S wished for, E needed.
WORDS = {"E": "exigé", "S": "souhaité"}


def check_settings(table: dict) -> None:
    check_searches(NAME, table, {"token_url"})


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for a token, then for each search of the last week page by page."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    keys = {"grant_type": "client_credentials", "scope": "o2dsoffre api_offresdemploiv2", **session.keys}
    answer = session.post(table.get("token_url", TOKEN_URL), form=keys, expect="json")
    told = values.load_json(answer.body, TOKEN_URL)
    token = told.get("access_token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        raise UnexpectedContent("France Travail sent no access_token: are your keys valid?")
    headers = {"Authorization": f"Bearer {token}"}
    since = f"{as_of - timedelta(days=7)}T00:00:00Z"

    def fetch_search(words: str) -> Iterator[Fetched]:
        def ask(number: int, before: Answer | None) -> Page | None:
            first = number * PAGE_SIZE
            if before and first >= _total(before.content_range):
                return None
            query = {"motsCles": words, "minCreationDate": since, "maxCreationDate": f"{as_of}T23:59:59Z",
                     "range": f"{first}-{first + PAGE_SIZE - 1}"}  # fmt: skip
            url = f"{base_url}/partenaire/offresdemploi/v2/offres/search?{urlencode(query, quote_via=quote)}"
            told = session.get(url, expect="json", headers=headers, accept=(200, PART, NONE))
            return None if told.status == NONE else (url, told)

        for url, told in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**told.as_fetched(url=url, suffix="json", unit=words))

    yield from each_board(searches_of(table, SEARCHES), fetch_search)


def _total(content_range: str | None) -> float:
    """How many offers there are, from ``offres 0-149/312``; without end where it is not told."""
    found = re.search(r"/(\d+)$", content_range or "")
    return int(found[1]) if found else float("inf")


def _ids(body: bytes, url: str) -> list[str]:
    return [str(offer.get("id")) for offer in values.list_in(body, url, "resultats") if isinstance(offer, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The offers of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    offers = values.list_in(body, url, "resultats")
    yield from each_posting(NAME, offers, lambda offer, unread: _posting(offer, fetched_at))


def _posting(offer: dict, fetched_at: datetime) -> RawPosting:
    paid = offer.get("salaire") or {}
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(offer.get("id"), "id"),
        title=values.text(offer.get("intitule")) or "",
        description_raw=_description(offer),
        url=values.address((offer.get("origineOffre") or {}).get("urlOrigine")),
        company_name=values.text((offer.get("entreprise") or {}).get("nom")),
        location_raw=values.text((offer.get("lieuTravail") or {}).get("libelle")),
        country_code="FR",
        employment_type=CONTRACTS.get(str(offer.get("typeContrat")))
        or HOURS.get(str(offer.get("dureeTravailLibelleConverti"))),
        posted_date=(posted_date := values.day(offer.get("dateCreation"), fetched_at)),
        posted_date_source="api" if posted_date else None,
        salary_text=values.text(paid.get("libelle")) or values.text(paid.get("commentaire")),
        language="fr",
    )


def _description(offer: dict) -> str:
    """The text, and below it what the service asks in fields of their own: schooling, skills, experience."""
    experience = {"libelle": offer.get("experienceLibelle"), "exigence": offer.get("experienceExige")}
    lines = [_worded(experience, ("libelle",))]
    for training in offer.get("formations") or []:
        lines.append(_worded(training, ("niveauLibelle", "domaineLibelle")))
    for name in ("competences", "qualitesProfessionnelles"):
        lines += [_worded(each, ("libelle",)) for each in offer.get(name) or []]
    asked = "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines if line)
    told = escape(values.prose(offer.get("description")) or "", quote=False).replace("\n", "<br>")
    parts = (told and f"<p>{told}</p>", asked and f"<h3>Profil recherché</h3>\n<ul>{asked}</ul>")
    return "\n".join(filter(None, parts))


def _worded(told: dict, names: tuple[str, ...]) -> str | None:
    text = ", ".join(filter(None, (values.text(told.get(name)) for name in names)))
    modality = WORDS.get(str(told.get("exigence")))
    return f"{text} ({modality})" if text and modality and "exig" not in text else text or None
