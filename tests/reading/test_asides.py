"""Sentences about the employer are told from those about the job where no heading helps."""

import pytest

from itpm_trends.reading.asides import likelihood_of_job, speaks_of_the_employer
from itpm_trends.reading.document import Document
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


PROFILE = (
    "We help thousands of businesses with their insurance, and our customers love us. "
    "Our award-winning software is used by millions of people worldwide. "
    "{} "
    "We offer a competitive salary, equity and flexible working. "
    "We are proud of our fast-growing company and its values."
)
DUTIES = "Responsibilities:\n- Manage vendors and their contracts.\n- {}\n- Prepare status reports for the sponsor."


@pytest.mark.parametrize(("around", "is_aside"), [(PROFILE, True), (DUTIES, False)])
def test_the_sentences_around_tell_where_its_own_words_do_not(around, is_aside):
    undecided = "The platform brings data analysis to teams of every size."
    assert not speaks_of_the_employer(undecided)
    document = Document(around.format(undecided))
    unit = next(unit for unit in document.units if undecided in unit.text)
    assert document.is_aside(unit) == is_aside
