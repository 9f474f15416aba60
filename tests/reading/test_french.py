# ruff: noqa: E501 - sample sentences read better unbroken
"""French postings: degrees, years, modality, certificates, spoken languages, skills, occupation. All of it made up."""

from __future__ import annotations

import pytest

from itpm_trends.reading.labels import labels
from itpm_trends.reading.language import language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OTHER, OURS, occupation_of, seniority_of


def asked(text, kind):
    return [mention for mention in mentions_of(text, "fr") if mention.kind == kind]


def modalities(text, kind):
    return {mention.id: mention.modality for mention in asked(text, kind)}


@pytest.mark.parametrize(
    ("text", "levels", "fields", "or_experience"),
    [
        ("Bac+5 en informatique ou expérience équivalente", {"master"}, {"computer-science"}, True),
        ("Diplômé(e) d'une école d'ingénieurs", {"master"}, {"engineering"}, False),
        ("Diplômé d'une Ecole d'ingénieur ou équivalent, vous aimez le terrain", {"master"}, {"engineering"}, True),
        ("De formation Bac +3 en gestion", {"bachelor"}, {"business"}, False),
        ("Bac+3/5 en systèmes d'information", {"bachelor", "master"}, {"information-technology"}, False),
        ("BTS ou DUT informatique", {"associate"}, {"computer-science"}, False),
        ("Licence ou master en mathématiques", {"bachelor", "master"}, {"mathematics"}, False),
        ("Diplôme universitaire en informatique ou dans un domaine connexe", {"unspecified"}, {"computer-science", "related"}, False),
        ("De formation supérieure, vous disposez d'une expérience en informatique", {"unspecified"}, set(), False),
        ("Doctorat en physique", {"doctorate"}, {"science"}, False),
        ("Baccalauréat en informatique ou formation équivalente", {"bachelor"}, {"computer-science"}, False),
    ],
)  # fmt: skip
def test_degree(text, levels, fields, or_experience):
    found = asked(f"Profil recherché\n- {text}", "degree")
    assert {mention.level for mention in found} == levels
    assert all(set(mention.fields) == fields for mention in found)
    assert all(mention.or_experience is or_experience for mention in found)


@pytest.mark.parametrize(
    "text",
    [
        "Vous êtes Scrum Master.",
        "Le plan de formation des équipes est à jour.",
        "Suivi des licences logicielles",
        "Aucun diplôme n'est demandé.",
        "Choisir des outils but après but",
    ],
)
def test_no_degree(text):
    assert asked(f"Profil recherché\n- {text}", "degree") == []


@pytest.mark.parametrize(
    ("text", "low", "high", "subject"),
    [
        ("Au moins 5 ans d'expérience en gestion de projet", 5, None, "project-management"),
        ("Vous justifiez de trois ans d'expérience sur un poste similaire", 3, None, "general"),
        ("3 à 5 ans d'expérience en développement logiciel", 3, 5, "it"),
        ("Expérience de 2 ans minimum en tant que Scrum Master", 2, None, "project-management"),
        ("10 années d'expérience dans le secteur bancaire", 10, None, "industry"),
        ("Minimum 4 ans d'expérience en management d'équipe", 4, None, "leadership"),
        ("2 ans d'expérience avec Jira", 2, None, "tool"),
        ("Plus de 7 ans d'expérience professionnelle", 7, None, "general"),
        ("6 mois d'expérience en Java", 0.5, None, "tool"),
        ("De formation ingénieur en informatique, vous avez 5 ans d'expérience.", 5, None, "general"),
    ],
)
def test_experience(text, low, high, subject):
    [mention] = asked(f"Profil recherché\n- {text}", "experience")
    assert (mention.min_years, mention.max_years, mention.subject) == (low, high, subject)


@pytest.mark.parametrize(
    "text",
    [
        "Expérience significative en gestion de projet",
        "Depuis plus de 20 ans, notre expérience fait la différence.",
        "CDD de 12 mois, première expérience acceptée.",
        "Fort de 30 ans d'expérience, notre groupe accompagne ses clients.",
        "Vous êtes âgé de 18 ans au moins, sans expérience.",
    ],
)
def test_no_experience(text):
    assert asked(text, "experience") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Profil recherché\n- Une certification PMP serait un plus", {"pmp": "preferred"}),
        ("Profil recherché\n- Idéalement certification PRINCE2", {"prince2": "preferred"}),
        ("Profil recherché\n- Certification en gestion de projet exigée", {"pm-other": "required"}),
        ("Profil recherché\n- Permis B indispensable", {"driving-licence": "required"}),
        ("Atouts\n- Certification ITIL", {"itil": "preferred"}),
        ("Profil recherché\n- Idéalement, vous êtes certifié Scrum Master", {"csm": "preferred"}),
        ("Profil recherché\n- Habilitation secret défense requise", {"security-clearance": "required"}),
        ("Profil recherché\n- Vous êtes Scrum Master certifié; certification SAFe appréciée", {"csm": "required", "safe": "preferred"}),
        ("Profil recherché\n- Certifications telles que Scrum ou ITIL", {"agile-other": "required", "itil": "required"}),
        ("Nos avantages\n- Passage de la certification PMP", {}),
        ("Vos missions\n- Nous finançons votre certification PMP", {}),
    ],
)  # fmt: skip
def test_certifications_and_their_modality(text, expected):
    assert modalities(text, "certification") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anglais courant", {"english": "required"}),
        (
            "La maîtrise du français est exigée, un bon niveau d'allemand est un plus",
            {"french": "required", "german": "preferred"},
        ),
        ("Le leader français de la mer", {}),
    ],
)
def test_languages(text, expected):
    assert modalities(f"Profil recherché\n- {text}", "language") == expected


@pytest.mark.parametrize(
    ("text", "skill", "modality"),
    [
        ("Vous pilotez les prestataires.", "vendor-management", "required"),
        ("La gestion des risques est appréciée.", "risk-management", "preferred"),
        ("Vous avez un bon relationnel.", "interpersonal", "required"),
        ("Respect des coûts, de la qualité et des délais", "scheduling", "required"),
        ("Idéalement, vous connaissez la conduite du changement.", "change-management", "preferred"),
        ("Vous rédigez le cahier des charges.", "requirements-management", "required"),
    ],
)
def test_skills_and_their_modality(text, skill, modality):
    assert modalities(f"Profil recherché\n- {text}", "skill").get(skill) == modality


@pytest.mark.parametrize(
    "text",
    [
        "Qui sommes-nous\nNos équipes travaillent en méthode agile et gèrent les risques.",
        "Nos avantages\n- Formations en gestion de projet et budget pour les conférences",
        "Vos missions\n- Nous luttons contre toute discrimination, sans distinction d'âge, avec leadership.",
    ],
)
def test_what_is_said_of_the_employer_is_no_skill(text):
    assert asked(text, "skill") == []


TEXT = "Vous pilotez des projets informatiques avec les développeurs : recette, mise en production, spécifications fonctionnelles."


@pytest.mark.parametrize(
    ("title", "text", "expected", "step"),
    [
        ("Chef de projet informatique H/F", TEXT, OURS, "manager"),
        ("Chef(fe) de projet SI", TEXT, OURS, "manager"),
        ("Directrice de projet digital", TEXT, OURS, "director"),
        ("Chef de projet digital confirmé", TEXT, OURS, "senior"),
        ("Chargé de projets numériques", TEXT, OURS, "coordinator"),
        ("Chef de projet", "Vous pilotez le développement de logiciels, la recette, les mises en production, la base de données et les infrastructures.", OURS, "manager"),
        ("Chef de projet travaux", "Vous suivez les chantiers, le gros œuvre et les permis de construire.", OTHER, "manager"),
        ("Chef de projet événementiel", "Vous organisez des événements et des campagnes marketing.", OTHER, "manager"),
        ("Développeur Java", TEXT, OTHER, None),
    ],
)  # fmt: skip
def test_occupation(title, text, expected, step):
    assert occupation_of(title, text, "fr") == expected
    assert seniority_of(title) == step


POSTING = {
    "title": "Chef de projet informatique (H/F)",
    "location": "Nantes",
    "description": """## Qui sommes-nous
Marée Logicielle est un éditeur de logiciels pour les ports. Depuis plus de 20 ans, nos équipes utilisent Python.

## Vos missions
- Vous pilotez des projets informatiques et gérez le budget
- Vous coordonnez les prestataires et animez les comités de pilotage
- Vous recueillez les besoins des équipes métiers

## Profil recherché
- Diplôme Bac+5 en informatique ou expérience équivalente
- Au moins 5 ans d'expérience en gestion de projet
- Bonne connaissance de Jira et des méthodes agiles
- La certification PMP serait un plus
- Anglais courant, à l'écrit comme à l'oral
- Idéalement, une pratique de la gestion des risques

## Nos avantages
- Télétravail, formations et tickets restaurant

Tous nos postes sont ouverts aux personnes en situation de handicap.""",
}


def test_whole_posting():
    assert language_of(POSTING["description"]) == "fr"
    found = labels(POSTING)
    assert found["is_it_pm"] is True
    assert found["degrees"] == [
        {"level": "master", "modality": "required", "fields": ["computer-science"], "or_experience": True}
    ]
    assert found["experience"] == [
        {"min_years": 5, "max_years": None, "modality": "required", "subject": "project-management"}
    ]
    assert found["certifications"] == [{"id": "pmp", "modality": "preferred"}]
    assert {skill["id"]: skill["modality"] for skill in found["skills"]} == {
        "project-management": "required", "budgeting": "required", "vendor-management": "required", "meeting-facilitation": "required",
        "pmo-governance": "required", "requirements-management": "required", "stakeholder-management": "required",
        "jira": "required", "agile": "required", "risk-management": "preferred",
    }  # fmt: skip
    assert modalities(POSTING["description"], "language") == {"english": "required"}
