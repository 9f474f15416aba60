# ruff: noqa: E501 - sample sentences read better unbroken
"""Swedish postings: degrees, years, modality, certificates, spoken languages, skills, occupation. All of it made up."""

from __future__ import annotations

import pytest

from itpm_trends.reading.labels import labels
from itpm_trends.reading.language import language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OTHER, OURS, occupation_of, seniority_of


def asked(text, kind):
    return [mention for mention in mentions_of(text, "sv") if mention.kind == kind]


def modalities(text, kind):
    return {mention.id: mention.modality for mention in asked(text, kind)}


@pytest.mark.parametrize(
    ("text", "levels", "fields", "or_experience"),
    [
        ("Högskoleutbildning inom IT eller motsvarande erfarenhet", {"unspecified"}, {"information-technology"}, True),
        ("Civilingenjör eller motsvarande", {"master"}, {"engineering"}, True),
        ("Kandidatexamen i informatik", {"bachelor"}, {"information-technology"}, False),
        ("Kandidat- eller masterexamen inom datavetenskap", {"bachelor", "master"}, {"computer-science"}, False),
        ("Magisterexamen i matematik", {"master"}, {"mathematics"}, False),
        ("Eftergymnasial utbildning inom IT eller motsvarande utbildning", {"unspecified"}, {"information-technology"}, False),
        ("Akademisk examen inom ekonomi, IT eller annat relevant område", {"unspecified"}, {"business", "information-technology", "related"}, False),
        ("Teknisk eller ekonomisk högskoleutbildning", {"unspecified"}, {"business", "science"}, False),
        ("Gymnasieutbildning", {"secondary"}, set(), False),
        ("Yrkeshögskoleutbildning inom IT", {"associate"}, {"information-technology"}, False),
        ("Doktorsexamen i fysik", {"doctorate"}, {"science"}, False),
    ],
)  # fmt: skip
def test_degree(text, levels, fields, or_experience):
    found = asked(f"Kvalifikationer\n- {text}", "degree")
    assert {mention.level for mention in found} == levels
    assert all(set(mention.fields) == fields for mention in found)
    assert all(mention.or_experience is or_experience for mention in found)


@pytest.mark.parametrize(
    "text",
    [
        "Du är Scrum Master.",
        "Vi söker en kandidat som trivs hos oss.",
        "Ansvar för intern utbildning",
        "Du planerar användarutbildningar.",
        "En högskoleexamen är inte ett krav.",
    ],
)
def test_no_degree(text):
    assert asked(f"Kvalifikationer\n- {text}", "degree") == []


@pytest.mark.parametrize(
    ("text", "low", "high", "subject"),
    [
        ("Minst 5 års erfarenhet av projektledning", 5, None, "project-management"),
        ("Minst tre års erfarenhet från liknande roll", 3, None, "general"),
        ("3-5 års erfarenhet av systemutveckling", 3, 5, "it"),
        ("2 till 4 års erfarenhet som Scrum Master", 2, 4, "project-management"),
        ("Du har arbetat i minst fem år som projektledare inom IT", 5, None, "project-management"),
        ("10 års erfarenhet från bank och finans", 10, None, "industry"),
        ("Tre års erfarenhet av att leda team", 3, None, "leadership"),
        ("2 års erfarenhet av Jira", 2, None, "tool"),
        ("6 månaders erfarenhet av Java", 0.5, None, "tool"),
        ("Minst 4 års arbetslivserfarenhet", 4, None, "general"),
    ],
)
def test_experience(text, low, high, subject):
    [mention] = asked(f"Kvalifikationer\n- {text}", "experience")
    assert (mention.min_years, mention.max_years, mention.subject) == (low, high, subject)


@pytest.mark.parametrize(
    "text",
    [
        "Flera års erfarenhet av projektledning",
        "Vi har sedan 30 år tillbaka lång erfarenhet.",
        "Visstidsanställning 12 månader, erfarenhet är bra.",
        "Vårt bolag har 25 års erfarenhet på marknaden.",
        "Under de senaste 10 åren har vi vuxit med erfarenhet.",
    ],
)
def test_no_experience(text):
    assert asked(text, "experience") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kvalifikationer\n- PMP-certifiering är meriterande", {"pmp": "preferred"}),
        ("Kvalifikationer\n- Det är meriterande om du är certifierad inom PRINCE2", {"prince2": "preferred"}),
        ("Kvalifikationer\n- Certifiering inom projektledning är ett krav", {"pm-other": "required"}),
        ("Kvalifikationer\n- B-körkort krävs", {"driving-licence": "required"}),
        ("Meriterande\n- Certifierad enligt IPMA", {"ipma": "preferred"}),
        ("Kvalifikationer\n- Godkänd säkerhetsprövning", {"security-clearance": "required"}),
        ("Kvalifikationer\n- Du är certifierad Scrum Master; SAFe-certifiering är meriterande men inte ett krav", {"csm": "required", "safe": "preferred"}),
        ("Kvalifikationer\n- Certifieringar inom Scrum eller ITIL", {"agile-other": "required", "itil": "required"}),
        ("Vi erbjuder\n- Certifiering inom PMP", {}),
        ("Arbetsuppgifter\n- Vi bekostar din PMP-certifiering", {}),
    ],
)  # fmt: skip
def test_certifications_and_their_modality(text, expected):
    assert modalities(text, "certification") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du behärskar svenska och engelska i tal och skrift", {"swedish": "required", "english": "required"}),
        ("God kunskap i engelska krävs, tyska är meriterande", {"english": "required", "german": "preferred"}),
        ("Vi samarbetar med svenska myndigheter", {}),
    ],
)
def test_languages(text, expected):
    assert modalities(f"Kvalifikationer\n- {text}", "language") == expected


@pytest.mark.parametrize(
    ("text", "skill", "modality"),
    [
        ("Du styr externa leverantörer.", "vendor-management", "required"),
        ("Det är meriterande med erfarenhet av riskanalys.", "risk-management", "preferred"),
        ("Du är kommunikativ och stresstålig.", "communication", "required"),
        ("Du ansvarar för tidplan och budget.", "scheduling", "required"),
        ("Vi ser gärna att du kan förändringsledning.", "change-management", "preferred"),
        ("Meriterande: upphandling enligt LOU", "procurement", "preferred"),
    ],
)
def test_skills_and_their_modality(text, skill, modality):
    assert modalities(f"Kvalifikationer\n- {text}", "skill").get(skill) == modality


def test_prose_after_a_list_of_merits_asks_again():
    text = "Meriterande\n- Erfarenhet av riskanalys\n\nVi söker dig som är strukturerad och noggrann."
    assert modalities(text, "skill") == {
        "risk-management": "preferred", "organization": "required", "attention-to-detail": "required",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Om oss\nVåra team arbetar agilt med riskanalys.",
        "Vi erbjuder\n- Utbildning inom projektledning och ett trevligt team",
        "Arbetsuppgifter\n- Vi värdesätter mångfald och är emot diskriminering i allt ledarskap.",
    ],
)
def test_what_is_said_of_the_employer_is_no_skill(text):
    assert asked(text, "skill") == []


TEXT = "Du leder IT-projekt med utvecklare, kravställning, acceptanstest, driftsättning och digitalisering av verksamhetssystem."


@pytest.mark.parametrize(
    ("title", "text", "expected", "step"),
    [
        ("IT-projektledare", TEXT, OURS, "manager"),
        ("Erfaren IT-projektledare", TEXT, OURS, "senior"),
        ("Förvaltningsledare IT", TEXT, OURS, "manager"),
        ("Projektkoordinator IT", TEXT, OURS, "coordinator"),
        ("Programledare digitalisering", TEXT, OURS, "programme"),
        ("Projektledare", "Du leder IT-projekt: systemutveckling, agilt arbete, acceptanstest, driftsättning, integrationer, moln och kravhantering.", OURS, "manager"),
        ("Projektledare bygg", "Du leder byggprojekt, entreprenad och projektering enligt AMA.", OTHER, "manager"),
        ("Byggprojektledare", TEXT, OTHER, None),
        ("Systemutvecklare", TEXT, OTHER, None),
    ],
)  # fmt: skip
def test_occupation(title, text, expected, step):
    assert occupation_of(title, text, "sv") == expected
    assert seniority_of(title) == step


POSTING = {
    "title": "IT-projektledare",
    "location": "Gävle",
    "description": """## Om oss
Fyrbåk Data är ett programvaruhus för hamnar. Vi har i 20 år arbetat med Python och lång erfarenhet.

## Arbetsuppgifter
- Du leder IT-projekt och har budgetansvar
- Du styr externa leverantörer och rapporterar till styrgruppen
- Du samlar krav och håller workshops: kravinsamling med verksamheten

## Kvalifikationer
- Högskoleutbildning inom IT eller motsvarande erfarenhet
- Minst 5 års erfarenhet av projektledning
- Goda kunskaper i Jira och agila metoder
- Svenska och engelska i tal och skrift

## Meriterande
- PMP-certifiering
- Erfarenhet av riskhantering

## Vi erbjuder
- Flextid, friskvård och utbildning i projektledning

Vi värdesätter mångfald och ser gärna sökande oavsett bakgrund.""",
}


def test_whole_posting():
    assert language_of(POSTING["description"]) == "sv"
    found = labels(POSTING)
    assert found["is_it_pm"] is True
    assert found["degrees"] == [
        {"level": "unspecified", "modality": "required", "fields": ["information-technology"], "or_experience": True}
    ]
    assert found["experience"] == [
        {"min_years": 5, "max_years": None, "modality": "required", "subject": "project-management"}
    ]
    assert found["certifications"] == [{"id": "pmp", "modality": "preferred"}]
    assert {skill["id"]: skill["modality"] for skill in found["skills"]} == {
        "project-management": "required", "budgeting": "required", "vendor-management": "required", "status-reporting": "required",
        "pmo-governance": "required", "requirements-management": "required", "meeting-facilitation": "required",
        "jira": "required", "agile": "required", "risk-management": "preferred",
    }  # fmt: skip
    assert modalities(POSTING["description"], "language") == {"swedish": "required", "english": "required"}
