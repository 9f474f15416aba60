"""Where the work is done, as title, location and text state it."""

from __future__ import annotations

import pytest

from itpm_trends.reading.workplace import find_workplace


@pytest.mark.parametrize(
    ("title", "location", "text", "expected"),
    [
        ("Scrum Master (Remote)", None, "", "remote"),
        ("IT Project Manager", "Remote, Canada", "", "remote"),
        ("IT Project Manager", "Leeds", "This is a fully remote position.", "remote"),
        ("IT Project Manager", None, "You may work from home all week.", "remote"),
        ("IT Project Manager", None, "We are a remote-first company.", "remote"),
        ("IT Project Manager", None, "#LI-Remote", "remote"),
        ("IT Project Manager", None, "We work in a hybrid model.", "hybrid"),
        ("IT Project Manager", None, "You are three days a week in the office.", "hybrid"),
        ("IT Project Manager", "Remote", "The team works hybrid: two days per week at home.", "hybrid"),
        ("IT Project Manager", None, "You may work from home up to 2 days per week.", "hybrid"),
        ("IT Project Manager", "Remote", "At ease in a fully or partially remote team.", "remote"),
        ("IT Project Manager", None, "We offer part-time remote working.", "hybrid"),
        ("IT Project Manager", None, "You may work from home when needed.", "hybrid"),
        ("IT Project Manager", None, "Your week is split between our office and work from home.", "hybrid"),
        ("IT Project Manager", None, "The work model will be hybrid.", "hybrid"),
        ("IT Project Manager", None, "Staff are no longer working remotely and work from our offices.", "onsite"),
        ("IT Project Manager", None, "2-3 days of WFH per week", "hybrid"),
        ("IT Project Manager", None, "The launch and on-site events are required.", None),
        ("IT Project Manager", None, "Home working is possible, with regular presence in Leeds.", "hybrid"),
        ("IT Project Manager", None, "You work with colleagues remotely, by mail and phone.", None),
        ("IT Project Manager", None, "The team is in-person 4 days a week in our Leeds office.", "hybrid"),
        ("IT Project Manager", None, "Leeds, Ripon or Remote (UK)", "remote"),
        ("IT Project Manager", None, "This is a full-time on-site role.", "onsite"),
        ("IT Project Manager", None, "Full-time office work with flexible hours.", "onsite"),
        ("IT Project Manager", None, "This role is on-site in Denver.", "onsite"),
        ("IT Project Manager", None, "This position is not remote.", "onsite"),
        ("IT Project Manager", "12 High Street, Leeds", "You lead projects.", None),
        ("IT Project Manager", None, "You lead remote teams in four countries.", None),
        ("IT Project Manager", None, "Experience with hybrid project approaches and hybrid cloud.", None),
        ("IT Project Manager", None, "Knowledge of remote access and remote support tools.", None),
        ("IT Project Manager", None, "Free on-site parking and an on-site gym.", None),
    ],
)
def test_workplace(title, location, text, expected):
    assert find_workplace(title, location, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wir bieten zwei Tage Homeoffice in der Woche.", "hybrid"),
        ("Homeoffice-Regelung und Gleitzeit", "hybrid"),
        ("Hybrides Arbeiten in Berlin", "hybrid"),
        ("Télétravail deux jours par semaine", "hybrid"),
        ("Poste ouvert au télétravail", "remote"),
        ("100 % Homeoffice", "remote"),
        ("Vi arbetar delvis på distans.", "hybrid"),
        ("Zuschuss zum Homeoffice", None),
        ("Based in Leeds, currently working from home because of the pandemic.", "hybrid"),
        ("Leeds (hybrid) or remote within the UK", "remote"),
    ],
)
def test_other_languages_and_passing_arrangements(text, expected):
    assert find_workplace(None, None, text) == expected
