"""Sentences about the employer are told from those about the job where no heading helps."""

import pytest

from itpm_trends.reading.asides import likelihood_of_job, speaks_of_the_employer
from itpm_trends.reading.mentions import mentions_of


@pytest.mark.parametrize(
    "sentence",
    [
        "We're a fast-growing company and we help thousands of businesses with their insurance.",
        "Generous parental leave, dental and vision insurance, and an annual learning stipend.",
        "We offer a competitive salary, equity and flexible working.",
    ],
)
def test_company_profiles_and_benefits(sentence):
    assert speaks_of_the_employer(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "- Experience with Jira and knowledge of Scrum are required.",
        "You will coordinate three vendors and prepare status reports.",
        "- Ability to manage several projects",
        "We are looking for a project manager with strong communication skills.",
        "Scrum Master",
    ],
)
def test_requirements_and_duties(sentence):
    assert not speaks_of_the_employer(sentence)
    assert 0.15 <= likelihood_of_job(sentence) <= 1


def test_a_skill_that_the_employer_has_is_not_asked_of_the_candidate():
    text = "We help businesses worldwide with cloud-based analytics, and our customers love us.\nYou know Scrum."
    assert {mention.id for mention in mentions_of(text, "en") if mention.kind == "skill"} == {"scrum"}
