# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Headings are recognised in their variety, and text without breaks is cut into units."""

import pytest

from itpm_trends.reading.sections import section_of_heading, units
from itpm_trends.reading.text import text_of


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("requirements", "required"),
        ("minimum qualifications:", "required"),
        ("what you'll bring", "required"),
        ("who you are", "required"),
        ("nice to have", "preferred"),
        ("preferred qualifications", "preferred"),
        ("bonus points if you have", "preferred"),
        ("what you'll do", "duties"),
        ("key responsibilities", "duties"),
        ("about the role", "duties"),
        ("about us", "employer"),
        ("about acme corp", "employer"),
        ("perks and benefits", "benefits"),
        ("what we offer", "benefits"),
        ("equal opportunity statement", "equal-opportunity"),
        ("additional information", "other"),
        ("purple elephants", None),
    ],
)
def test_section_of_heading(heading, section):
    assert section_of_heading(heading) == section


def sections(text):
    return {unit.text.strip(" -•"): unit.section for unit in units(text_of(text)) if not unit.is_heading}


@pytest.mark.parametrize(
    ("text", "sentence", "section"),
    [
        ("<h3>Nice to have</h3><ul><li>Jira</li></ul>", "Jira", "preferred"),
        ("<p><b>Your profile</b></p><p>Calm</p>", "Calm", "required"),
        ("WHAT YOU WILL DO\nPlan", "Plan", "duties"),
        ("Requirements\n\nJira", "Jira", "required"),
        ("Benefits:\n- Fruit\nRequirements:\n- Jira", "Jira", "required"),
        ("Salary: band seven\nYou lead the work.", "You lead the work.", "other"),
    ],
)
def test_lines_stand_under_their_heading(text, sentence, section):
    assert sections(text)[sentence] == section


def test_headings_inside_a_line_are_found():
    line = "We plan all the work for our partners in town. MINIMUM QUALIFICATIONS • Two years of planning PREFERRED SKILLS • Jira and Excel"
    assert [unit.section for unit in units(line) if "Jira" in unit.text] == ["preferred"]
    assert [unit.section for unit in units(line) if "Two years" in unit.text] == ["required"]


def test_the_job_ends_the_company_section_and_the_law_ends_the_job():
    text = "About us\nWe sail boats.\nYou will plan the trips.\nWe are an equal opportunity employer.\nAll are welcome."
    assert [unit.section for unit in units(text)] == [
        "employer", "employer", "duties", "equal-opportunity", "equal-opportunity",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "n_units"),
    [
        ("You plan the work of the crew. You report to the owner each week and keep the log.", 2),
        ("Work with tools, e.g. Jira or Trello, and keep the plans of all the crews up to date.", 1),
        ("Plan the work of all the crews; report to the owner; keep the log of the whole journey", 3),
        ("• Plan the work of all the crews • Report to the owner • Keep the log of the journey", 3),
    ],
)
def test_sentences_and_bullets_of_one_line(line, n_units):
    assert len(units(line)) == n_units


def test_units_hold_every_word_and_true_offsets():
    text = "## Tasks\n- Plan it. Do it; check it\n\nDr. No sails at 5 p.m. from B.C. waters to the far shore, and then back again home."
    found = units(text)
    assert all(text[unit.start : unit.end] == unit.text for unit in found)
    assert "".join("".join(unit.text for unit in found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Programming Skills:", "preferred"),
        ("Experience in:", "preferred"),
        ("Experience in retail", "preferred"),
        ("Requirements:", "required"),
    ],
)
def test_a_topic_below_preferred_stays_preferred(line, section):
    text = f"PREFERRED SKILLS\n- Tact\n{line}\n- Scrum"
    assert units(text)[-1].section == section


def test_a_heading_beside_preferred_ends_it():
    text = "## Desired Qualifications\n- Tact\n## Non-Technical Competencies\n- Scrum"
    assert units(text)[-1].section == "required"


@pytest.mark.parametrize(
    ("line", "section"),
    [("PMP preferred", "other"), ("Fluent Spanish a plus", "other"), ("Strongly preferred", "preferred")],
)
def test_a_line_that_welcomes_something_opens_nothing(line, section):
    assert units(f"{line}\nFive years of Scrum")[-1].section == section


def test_a_sentence_that_announces_what_is_preferred_opens_it():
    text = "Please note the following preferred skills for this position:\n- Scrum"
    assert units(text)[-1].section == "preferred"
