"""The kind of IT project, from title and text."""

import pytest

from itpm_trends.reading.specialism import specialism_of
from itpm_trends.reading.vocabulary import read_toml
from itpm_trends.tables import SPECIALISMS

AGILE = "You run sprints with developers, keep the backlog of user stories in Jira and plan releases in Scrum."
DATA_TEXT = "Build the data warehouse: ETL, SQL, Power BI and analytics for the business."


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("SAP S/4HANA Project Manager", AGILE, "erp"),
        ("IT Project Manager, Cyber Security", "", "security"),
        ("Data Platform Programme Manager", "", "data"),
        ("Network Project Manager", "", "infrastructure"),
        ("Digital Project Manager", AGILE, "digital"),
        ("Scrum Master", "", "software"),
        ("Scrum Master", DATA_TEXT, "data"),
        ("Project Manager", AGILE, "software"),
        ("Project Manager", DATA_TEXT, "data"),
        ("Project Manager", "Servers and one developer.", None),
        ("IT Project Manager", "", None),
        ("E-AI Project Manager", "", None),
    ],
)
def test_specialism(title, text, expected):
    assert specialism_of(title, text) == expected


def test_every_specialism_is_in_the_contract():
    assert tuple(read_toml("specialisms.toml")) == SPECIALISMS
