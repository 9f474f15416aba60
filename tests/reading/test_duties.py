"""Duties are read where a posting says what the person does, and nowhere else."""

from __future__ import annotations

import pytest

from itpm_trends.reading.mentions import mentions_of


def duties(text: str) -> list[str]:
    return [mention.id for mention in mentions_of(text, "en") if mention.kind == "duty"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Responsibilities:\n- Develop project plans and keep the schedule", {"plan"}),
        ("Responsibilities:\n- Manage the budget of two programmes", {"resources", "execute"}),
        ("What you'll do\n- Identify risks and report status to the sponsors", {"risk", "communication"}),
        ("You will lead a team of nine developers.", {"supervise"}),
        ("The role is responsible for the quality of each release.", {"quality"}),
        ("- Gather requirements from three departments", {"goals"}),
        ("Requirements:\n- Experience with budgets and project plans", set()),
        ("Benefits:\n- A training budget\n- Quality coffee", set()),
        ("We are a quality house that reports to nobody.", set()),
    ],
)
def test_duties_of_a_posting(text, expected):
    assert set(duties(text)) == expected


def test_a_sentence_names_a_duty_once():
    assert duties("Your tasks:\n- Track risks, log risks and mitigate risks") == ["risk"]


def test_a_duty_stands_where_it_is_said():
    text = "Your tasks:\n- Every week you report progress to the board"
    mention = next(m for m in mentions_of(text, "en") if m.kind == "duty")
    assert text[mention.start : mention.end] == "report progress"
