"""The language of a posting's text, by the function words that it holds."""

from __future__ import annotations

import re

LONGEST_TEXT = 6_000
FEWEST_WORDS = 12
LEAST_SHARE = 0.08
FUNCTION_WORDS = {
    "en": "the and of to in a for with you we is are our will be on as or this that your an by at from have it not must who",
    "de": "und der die das in den von zu mit für ist im ein eine auf des dem sie wir du sich bei als oder auch nicht werden ihre zur",
    "fr": "et de la le les des en un une pour du vous nous dans est sur avec au aux que qui par votre notre ou à ce se",
    "es": "y de la el los las en un una para del con por que se tu es su al como o nuestro más sus experiencia",
    "pt": "e de a o os as em um uma para do da com por que se é seu ao como ou nosso mais dos das na no",
    "it": "e di il la le i in un una per del con che si è al come o nostro più della dei nel gli",
    "nl": "en de het een van in voor met je is op te zijn aan bij als of ons jij wij dat die om naar wordt",
    "pl": "i w z na do się jest dla o oraz od nie za po przez pracy że lub twoje nasz",
    "vi": "và các cho có của được với trong là công việc làm án dự theo khách hàng quản lý năm từ",
    "sv": "och att i en som för med på av är det du vi till om har eller din den ett vara",
}
SETS = {code: frozenset(words.split()) for code, words in FUNCTION_WORDS.items()}
WORD = re.compile(r"[^\W\d_]+")


def language(text: str) -> str | None:
    """ISO 639-1 code of the text's language; None where too little tells it.

    >>> language("You will lead the teams and report to the board; we are a company with offices in the city.")
    'en'
    """
    words = [word.lower() for word in WORD.findall(text[:LONGEST_TEXT])]
    if len(words) < FEWEST_WORDS:
        return None
    counts = {code: sum(word in function_words for word in words) for code, function_words in SETS.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= LEAST_SHARE * len(words) else None
