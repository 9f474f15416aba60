"""What stated years are of, told by rules and a small model whose weights are a table."""

from __future__ import annotations

from importlib.resources import files

import pytest

from itpm_trends.reading.document import Document
from itpm_trends.reading.experience import experience_mentions
from itpm_trends.reading.subjects import INTERCEPT, SUBJECTS, likeliest


def subjects(text: str) -> list[str]:
    return [mention.subject for mention in experience_mentions(Document(f"## Requirements\n{text}"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 5+ years of experience managing IT projects", "project-management"),
        ("- At least seven years as a programme manager", "project-management"),
        ("- 6 years of experience as a backend developer", "it"),
        ("- 3+ years of software engineering experience", "it"),
        ("- Two years of experience supervising staff", "leadership"),
        ("- 4 years of experience as a roofer's helper", "industry"),
        ("- 10+ years of experience in labour relations", "industry"),
        ("- 3 years of Java experience", "tool"),
        ("- 2+ years working with Kubernetes and Terraform", "tool"),
        ("- 3 years of relevant experience.", "general"),
        ("- 6 years of relevant work experience in the industry.", "general"),
        ("- 5 years of experience in engineering, product development or program management", "it"),
        ("- 5 years of experience in software teams as a product or project manager", "project-management"),
    ],
)
def test_the_words_around_the_number_tell_of_what_the_years_are(text, expected):
    assert subjects(text) == [expected]


def test_years_as_described_above_are_of_what_was_named_there():
    text = "- Four years of experience managing software projects\n- One year of experience as described in (1) above"
    assert subjects(text) == ["project-management", "project-management"]


def test_the_weights_are_a_table_of_one_row_a_clue():
    lines = files("itpm_trends").joinpath("vocabulary", "subjects.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["clue", *SUBJECTS]
    clues = [line.split("\t")[0] for line in lines[1:]]
    assert INTERCEPT in clues
    assert len(set(clues)) == len(clues)
    assert {len(line.split("\t")) for line in lines} == {1 + len(SUBJECTS)}


def test_clues_that_nobody_weighed_change_nothing():
    assert likeliest({"after unheard-of"}) == likeliest(set())
