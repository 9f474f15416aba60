"""All that a posting asks for."""

from __future__ import annotations

from collections.abc import Iterator

from itpm_trends.reading import by_phrasebook
from itpm_trends.reading.certifications import certification_mentions
from itpm_trends.reading.degrees import degree_mentions
from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.duties import duty_mentions
from itpm_trends.reading.experience import experience_mentions
from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES, language_of
from itpm_trends.reading.roles import role_mentions
from itpm_trends.reading.skills import skill_mentions
from itpm_trends.reading.spoken import spoken_language_mentions


def mentions_of(
    description_text: str, in_language: str | None = None, employer: str | None = None
) -> Iterator[Mention]:
    """Yield every requirement that a description_text states; sentences are read in READ_LANGUAGES.

    Certifications, tools and technologies are found in any language. The name of the ``employer`` is no skill.
    """
    language = in_language or language_of(description_text) or ENGLISH
    document = Document(description_text, language)
    yield from certification_mentions(document)
    yield from skill_mentions(document, language in READ_LANGUAGES, employer)
    if language == ENGLISH:
        yield from degree_mentions(document)
        yield from experience_mentions(document)
        yield from role_mentions(document)
        yield from spoken_language_mentions(document)
        yield from duty_mentions(document)
    elif language in READ_LANGUAGES:
        yield from by_phrasebook.degree_mentions(document)
        yield from by_phrasebook.experience_mentions(document)
        yield from by_phrasebook.spoken_language_mentions(document)
