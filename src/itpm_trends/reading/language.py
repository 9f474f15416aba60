"""The language of a posting's text, as ISO 639-1; None where there is too little to tell."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from itpm_trends.reading.text import rare_characters

ENGLISH = "en"
# Whose sentences are read: each has a file in vocabulary/languages.
READ_LANGUAGES = {ENGLISH: "English", "de": "German", "fr": "French", "sv": "Swedish"}
SHORTEST = 40  # letters below which no language is named
ENOUGH = 6_000  # characters that are looked at: more say nothing new
WORD = re.compile(r"[^\W\d_]+")
# Of the bytes of UTF-8: letters of ASCII in lower case, those of others as they are, all else as spaces.
ONLY_LETTERS = bytes(ord(chr(n).lower()) if chr(n).isalpha() else ord(" ") for n in range(128)) + bytes(range(128, 256))
STOP_WORDS = {
    "en": "the and of to in for with you we our is are will be on as your or this that an by from have",
    "de": "und der die das mit für von in den zu im auf sie wir ist ein eine sind oder bei ihre als unsere zur",
    "fr": "et de la les des le en du pour dans vous une un nous est sur avec au votre vos aux par ou notre",
    "sv": "och att i för som av med en är på du det till vi ett om har din hos eller vår inom kan",
    "da": "og at i for som af med en er på du det til vi et om har din hos eller vores inden kan ikke der også fra",
    "no": "og å i for som av med en er på du det til vi et om har din hos eller vårt innen kan ikke der også fra",
    "es": "de la y en el los las para con del una un que por se su como tu es nuestro",
    "nl": "en de van het een in je voor met is op wij aan als bij ons zijn te jij of",
    "it": "di e il la per in con un del le una che della dei nel sono gli alla nostro",
    "pt": "de e para com em a o da do os as um uma que na no por se você dos",
    "vi": "và các của có cho với trong công việc được theo là về tại người lương làm dự án",
    "pl": "w z i do na oraz się że pracy jest dla o od nasz po lub",
}
SURE = 0.12  # share of stop words from which the cheap count is trusted


def language_of(text: str) -> str | None:
    """The language most of ``text`` is written in.

    >>> language_of("You will lead projects with our team and report to the head of delivery.")
    'en'
    """
    words = _words(text[:ENOUGH])
    if len(words) < SHORTEST and sum(map(len, words)) < SHORTEST:
        return None
    n_stops = dict.fromkeys(STOP_WORDS, 0)
    for word, n in Counter(filter(_languages_with().__contains__, words)).items():
        for language in _languages_with()[word]:
            n_stops[language] += n
    shares = {language: n / len(words) for language, n in n_stops.items()}
    ranked = sorted(shares, key=shares.get, reverse=True)
    if shares[ranked[0]] >= SURE and shares[ranked[0]] > 1.5 * shares[ranked[1]]:
        return ranked[0]
    return _classified(text[:ENOUGH])


def _words(text: str) -> list[str]:
    rare = rare_characters(text)
    letters = set("".join(WORD.findall("".join(rare))))
    for character in rare - letters:
        text = text.replace(character, " ")
    text = text.replace("İ", "i").lower() if letters else text
    return text.encode("utf-8", "surrogatepass").translate(ONLY_LETTERS).decode("utf-8", "surrogatepass").split()


@cache
def _languages_with() -> dict[str, tuple[str, ...]]:
    """The languages in which each stop word stands."""
    stops = {language: frozenset(words.split()) for language, words in STOP_WORDS.items()}
    return {
        word: tuple(language for language, words in stops.items() if word in words)
        for word in frozenset().union(*stops.values())
    }


def _classified(text: str) -> str | None:
    import py3langid

    return py3langid.classify(text)[0]
