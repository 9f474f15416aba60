# ruff: noqa: E501 - sample sentences read better unbroken
"""German postings: degrees, years, modality, certificates, spoken languages, skills, occupation. All of it made up."""

from __future__ import annotations

import pytest

from itpm_trends.reading.labels import labels
from itpm_trends.reading.language import language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OTHER, OURS, occupation_of, seniority_of


def asked(text, kind):
    return [mention for mention in mentions_of(text, "de") if mention.kind == kind]


def modalities(text, kind):
    return {mention.id: mention.modality for mention in asked(text, kind)}


@pytest.mark.parametrize(
    ("text", "levels", "fields", "or_experience"),
    [
        ("Abgeschlossenes Studium der Informatik oder vergleichbare Qualifikation", {"unspecified"}, {"computer-science"}, True),
        ("Hochschulabschluss im Bereich Wirtschaftsinformatik oder ein verwandter Studiengang", {"unspecified"}, {"information-technology", "related"}, False),
        ("Bachelor oder Master in Betriebswirtschaftslehre", {"bachelor", "master"}, {"business"}, False),
        ("Abgeschlossenes (Fach-)Hochschulstudium (Bachelor/Master) der Ingenieurwissenschaften", {"bachelor", "master"}, {"engineering"}, False),
        ("Ein technisches Studium oder eine vergleichbare Ausbildung", {"unspecified"}, {"science"}, False),
        ("Diplom in Informatik oder mehrjährige Berufserfahrung", {"master"}, {"computer-science"}, True),
        ("Informatikstudium oder vergleichbar.", {"unspecified"}, {"computer-science"}, True),
        ("Abitur und Freude an Technik", {"secondary"}, set(), False),
        ("Eine Promotion in Physik", {"doctorate"}, {"science"}, False),
        ("Studium der Mathematik sowie Erfahrung in der IT", {"unspecified"}, {"mathematics"}, False),
    ],
)  # fmt: skip
def test_degree(text, levels, fields, or_experience):
    found = asked(f"Ihr Profil\n- {text}", "degree")
    assert {mention.level for mention in found} == levels
    assert all(set(mention.fields) == fields for mention in found)
    assert all(mention.or_experience is or_experience for mention in found)


@pytest.mark.parametrize(
    "text",
    [
        "Abgeschlossene Ausbildung zum Fachinformatiker",
        "Sie arbeiten als Scrum Master.",
        "Begleitung vom Angebot bis zum Vertragsabschluss",
        "Flexible Zeiten neben dem Studium",
        "Ein Hochschulabschluss ist nicht zwingend erforderlich.",
    ],
)
def test_no_degree(text):
    assert asked(f"Ihr Profil\n- {text}", "degree") == []


@pytest.mark.parametrize(
    ("text", "low", "high", "subject"),
    [
        ("Mindestens 5 Jahre Erfahrung im Projektmanagement", 5, None, "project-management"),
        ("Mehr als drei Jahre Berufserfahrung", 3, None, "general"),
        ("3-5 Jahre Erfahrung in der Softwareentwicklung", 3, 5, "it"),
        ("2 bis 4 Jahre Erfahrung als Scrum Master", 2, 4, "project-management"),
        ("5+ Jahre Berufserfahrung in der Automobilbranche oder im Bankwesen", 5, None, "industry"),
        ("Fünfjährige Erfahrung in der Leitung von IT-Projekten", 5, None, "project-management"),
        ("Mindestens 3 Jahre Erfahrung in vergleichbarer Position", 3, None, "general"),
        ("Mindestens 2 Jahre Erfahrung mit Jira", 2, None, "tool"),
        ("4 Jahre Führungserfahrung", 4, None, "leadership"),
        ("6 Monate Erfahrung mit SAP", 0.5, None, "tool"),
    ],
)
def test_experience(text, low, high, subject):
    [mention] = asked(f"Ihr Profil\n- {text}", "experience")
    assert (mention.min_years, mention.max_years, mention.subject) == (low, high, subject)


@pytest.mark.parametrize(
    "text",
    [
        "Mehrjährige Berufserfahrung im Projektmanagement",
        "Seit über 30 Jahren sind wir mit Erfahrung am Markt.",
        "Die Stelle ist auf 2 Jahre befristet, Erfahrung ist uns wichtig.",
        "Wir sind ein Beratungshaus mit über 25 Jahren Erfahrung.",
        "Sie sind über 18 Jahre alt und haben Erfahrung.",
    ],
)
def test_no_experience(text):
    assert asked(text, "experience") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ihr Profil\n- PMP-Zertifizierung von Vorteil", {"pmp": "preferred"}),
        ("Ihr Profil\n- Idealerweise PRINCE2-Zertifizierung", {"prince2": "preferred"}),
        ("Ihr Profil\n- Eine Zertifizierung im Projektmanagement ist zwingend erforderlich", {"pm-other": "required"}),
        ("Ihr Profil\n- Führerschein der Klasse B", {"driving-licence": "required"}),
        ("Ihr Profil\n- Zertifizierung nach PMI und Führerausweis Kat. B von Vorteil", {"pmi-other": "preferred", "driving-licence": "preferred"}),
        ("Von Vorteil\n- Zertifizierung nach IPMA", {"ipma": "preferred"}),
        ("Ihr Profil\n- Bereitschaft zu einer Sicherheitsüberprüfung", {"security-clearance": "required"}),
        ("Ihr Profil\n- Sie sind zertifizierter Scrum Master; SAFe-Zertifizierung wünschenswert", {"csm": "required", "safe": "preferred"}),
        ("Ihr Profil\n- Zertifizierungen wie Scrum oder ITIL", {"agile-other": "required", "itil": "required"}),
        ("Wir bieten\n- Zertifizierung zum PMP", {}),
        ("Deine Aufgaben\n- Wir finanzieren deine Scrum-Zertifizierung", {}),
    ],
)  # fmt: skip
def test_certifications_and_their_modality(text, expected):
    assert modalities(text, "certification") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sehr gute Deutsch- und Englischkenntnisse in Wort und Schrift", {"german": "required", "english": "required"}),
        ("Verhandlungssicheres Englisch; Sprachkenntnisse in Französisch sind von Vorteil", {"english": "required", "french": "preferred"}),
        ("Wir sind in Deutschland und auf dem deutschen Markt zu Hause", {}),
    ],
)  # fmt: skip
def test_languages(text, expected):
    assert modalities(f"Ihr Profil\n- {text}", "language") == expected


@pytest.mark.parametrize(
    ("text", "skill", "modality"),
    [
        ("Sie steuern externe Dienstleister.", "vendor-management", "required"),
        ("Kenntnisse im Risikomanagement sind wünschenswert.", "risk-management", "preferred"),
        ("Sie sind kommunikationsstark und belastbar.", "communication", "required"),
        ("Einhaltung von Terminen, Kosten und Qualität", "scheduling", "required"),
        ("Einhaltung von Terminen, Kosten und Qualität", "budgeting", "required"),
        ("Erfahrung mit Werkzeugen (z. B. Jira) ist von Vorteil.", "jira", "preferred"),
        ("Idealerweise Erfahrung im Change Management", "change-management", "preferred"),
    ],
)
def test_skills_and_their_modality(text, skill, modality):
    assert modalities(f"Ihr Profil\n- {text}", "skill").get(skill) == modality


@pytest.mark.parametrize(
    "text",
    [
        "Über uns\nUnsere Teams arbeiten agil und mit Risikomanagement in der Cloud.",
        "Wir bieten\n- Schulungen für Projektmanagement und flexible Zeiten",
        "Deine Aufgaben\n- Wir begrüßen alle Bewerbungen unabhängig von Geschlecht, Alter und Herkunft und mit Teamgeist.",
    ],
)
def test_what_is_said_of_the_employer_is_no_skill(text):
    assert asked(text, "skill") == []


TEXT = "Sie leiten Softwareprojekte im agilen Umfeld, stimmen Anforderungen mit Entwicklern ab und begleiten die Einführung."


@pytest.mark.parametrize(
    ("title", "text", "expected", "step"),
    [
        ("IT-Projektleiter (m/w/d)", TEXT, OURS, "manager"),
        ("Projektmanager IT (m/w/d)", TEXT, OURS, "manager"),
        ("Senior Softwareprojektleiter", TEXT, OURS, "senior"),
        ("Projektassistenz IT", TEXT, OURS, "coordinator"),
        ("Programmleiter Digitalisierung", TEXT, OURS, "programme"),
        ("Projektleiter (m/w/d)", "Sie leiten Digitalisierungsprojekte: IT-Systeme, Softwareentwicklung, Schnittstellen, Rollout, Scrum, Jira und Cloud.", OURS, "manager"),
        ("Projektleiter (m/w/d) Hochbau", "Sie leiten Baustellen nach VOB mit Nachunternehmern und allen Gewerken.", OTHER, "manager"),
        ("Bauprojektleiter", TEXT, OTHER, None),
        ("Softwareentwickler", TEXT, OTHER, None),
    ],
)  # fmt: skip
def test_occupation(title, text, expected, step):
    assert occupation_of(title, text, "de") == expected
    assert seniority_of(title) == step


POSTING = {
    "title": "IT-Projektleiter (m/w/d)",
    "location": "Kassel",
    "description": """## Über uns
Die Nordlicht Rechenwerk GmbH entwickelt seit über 20 Jahren Software für Häfen. Unsere Teams arbeiten mit Python.

## Ihre Aufgaben
- Sie leiten IT-Projekte von der Planung bis zum Go-live und verantworten das Budget
- Sie steuern externe Dienstleister und berichten an den Lenkungsausschuss
- Sie nehmen Anforderungen der Fachbereiche auf und moderieren Workshops

## Ihr Profil
- Abgeschlossenes Studium der Informatik oder vergleichbare Qualifikation
- Mindestens 5 Jahre Erfahrung im Projektmanagement
- Sicherer Umgang mit Jira und agilen Methoden
- Eine PMP-Zertifizierung ist von Vorteil
- Sehr gute Deutsch- und gute Englischkenntnisse
- Idealerweise Kenntnisse im Risikomanagement

## Wir bieten
- 30 Tage Urlaub, Weiterbildung und ein Budget für Konferenzen

Wir freuen uns auf Bewerbungen unabhängig von Geschlecht, Alter und Herkunft.""",
}


def test_whole_posting():
    assert language_of(POSTING["description"]) == "de"
    found = labels(POSTING)
    assert found["is_it_pm"] is True
    assert found["degrees"] == [
        {"level": "unspecified", "modality": "required", "fields": ["computer-science"], "or_experience": True}
    ]
    assert found["experience"] == [
        {"min_years": 5, "max_years": None, "modality": "required", "subject": "project-management"}
    ]
    assert found["certifications"] == [{"id": "pmp", "modality": "preferred"}]
    assert {skill["id"]: skill["modality"] for skill in found["skills"]} == {
        "project-management": "required", "project-planning": "required", "release-management": "required", "budgeting": "required",
        "vendor-management": "required", "status-reporting": "required", "pmo-governance": "required",
        "requirements-management": "required", "meeting-facilitation": "required", "jira": "required", "agile": "required",
        "risk-management": "preferred",
    }  # fmt: skip
    assert modalities(POSTING["description"], "language") == {"german": "required", "english": "required"}
