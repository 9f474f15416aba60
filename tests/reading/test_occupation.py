"""Is the job itself to manage IT projects? On which step?"""

from __future__ import annotations

import pytest

from itpm_trends.reading.occupation import OTHER, OURS, occupation_of, seniority_of

IT_TEXT = "You lead software projects with developers: agile sprints, Jira, cloud infrastructure, releases and UAT."
BUILDING_TEXT = "You oversee construction contractors, drawings, permits, site visits, sewers and safety regulations."


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("IT Project Manager", IT_TEXT, OURS),
        ("Senior Technical Program Manager", IT_TEXT, OURS),
        ("Scrum Master", IT_TEXT, OURS),
        ("Project Manager", IT_TEXT, OURS),
        ("Release Train Engineer", IT_TEXT, OURS),
        ("ERP Implementation Manager", IT_TEXT, OURS),
        ("Projektleiter Software (m/w/d)", "Sie leiten Software-Projekte mit Scrum und Jira in der Cloud.", OURS),
        ("Project Manager", BUILDING_TEXT, OTHER),
        ("Construction Project Manager", IT_TEXT, OTHER),
        ("Clinical Project Manager", "You run clinical trials with patients.", OTHER),
        ("Marketing Project Manager", "You run campaigns on digital platforms with software tools.", OTHER),
        ("Product Manager", IT_TEXT, OTHER),
        ("Software Developer", IT_TEXT, OTHER),
        ("Engineering Manager", IT_TEXT, OTHER),
        ("Business Analyst", IT_TEXT, OTHER),
        ("Project Manager", "", OTHER),
        ("Frontend Engineer, Plan: Project Management", IT_TEXT, OTHER),
        ("Web Developer - Project Lead", IT_TEXT, OURS),
        ("Technical Program Manager, Chips", "You agree on dates with software and firmware developers.", OURS),
        ("Technical Program Manager, Bridges", BUILDING_TEXT, OTHER),
    ],
)
def test_occupation(title, text, expected):
    assert occupation_of(title, text) == expected


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("IT Project Coordinator", "coordinator"),
        ("Junior IT Project Manager", "coordinator"),
        ("IT Project Manager", "manager"),
        ("Scrum Master", "manager"),
        ("Sr. IT Project Manager", "senior"),
        ("Lead Technical Project Manager", "senior"),
        ("Technical Program Manager", "programme"),
        ("IT Programme Manager", "programme"),
        ("Director of Program Management", "director"),
        ("Head of IT Projects", "director"),
        ("Portfolio Manager, IT", "director"),
        ("Nurse", None),
    ],
)
def test_seniority(title, step):
    assert seniority_of(title) == step
