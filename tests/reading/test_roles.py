"""Feeder roles are read where experience in them is asked for, not where the person works with such people."""

import pytest

from itpm_trends.reading.mentions import mentions_of


def roles(text: str) -> set[str]:
    return {mention.id for mention in mentions_of(text, "en") if mention.kind == "role"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Experience as a developer, business analyst or support engineer is welcome.",
         {"software-developer", "business-analyst", "it-support"}),
        ("- 3+ years of experience working as a project coordinator", {"project-coordinator"}),
        ("- At least two years as a Scrum Master", {"scrum-master"}),
        ("- Five years of experience in a business analyst or consultant role", {"business-analyst", "consultant"}),
        ("- Software engineering or data analyst background", {"data-analyst"}),
        ("- 4 years of related experience or equivalent military experience", {"military"}),
        ("- Experience working with software engineers and business analysts", set()),
        ("- Experience as described above, with developers", set()),
        ("Learn from experienced members such as developers", set()),
        ("- Work with developers as well as testers", set()),
        ("You lead developers, testers and business analysts.", set()),
    ],
)  # fmt: skip
def test_previous_jobs(text, expected):
    assert roles(f"Requirements:\n{text}") == expected
