"""The language of a text; too little text names none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itpm_trends.reading.language import _words, language_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You will lead projects with our team and report to the head of delivery.", "en"),
        ("Sie leiten Projekte mit unserem Team und berichten an die Leitung der Abteilung für Software.", "de"),
        ("Vous pilotez les projets avec notre équipe et rendez compte à la direction des systèmes.", "fr"),
        ("Du leder projekt tillsammans med vårt team och rapporterar till chefen för avdelningen.", "sv"),
        ("Du skal lede projekter sammen med vores team og rapportere til chefen, og det er ikke alt.", "da"),
        ("Sie arbeiten mit Azure DevOps, Jira, Kubernetes, Docker, Terraform, GitHub Actions und React.", "de"),
        ("Chef de projet SI. Jira, Confluence, Scrum, SAFe. Gestion de budget, reporting, anglais courant.", "fr"),
        ("IT-projektledare. Jira, Confluence, Scrum, SAFe. Projektledning, budgetansvar, svenska och engelska.", "sv"),
        ("PMP, CSM, Scrum, Agile, Jira, MS Project, budget management, risk management", "en"),
        ("PMP", None),
        ("", None),
    ],
)
def test_language(text, expected):
    assert language_of(text) == expected


@given(st.text().filter(lambda text: "İ" not in text))
def test_words_are_runs_of_letters(text):
    assert _words(text) == [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
