"""The language of a text; too little text names none."""

from __future__ import annotations

import pytest

from itpm_trends.reading.language import language_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You will lead projects with our team and report to the head of delivery.", "en"),
        ("Sie leiten Projekte mit unserem Team und berichten an die Leitung der Abteilung für Software.", "de"),
        ("Vous pilotez les projets avec notre équipe et rendez compte à la direction des systèmes.", "fr"),
        ("Du leder projekt tillsammans med vårt team och rapporterar till chefen för avdelningen.", "sv"),
        ("PMP", None),
        ("", None),
    ],
)
def test_language(text, expected):
    assert language_of(text) == expected
