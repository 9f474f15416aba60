"""Readings that postings of other trades went wrong on: each is a kind of text, not one posting."""

import pytest

from itpm_trends.reading.mentions import mentions_of


def found(text: str, kind: str) -> set[str]:
    return {mention.id for mention in mentions_of(text, "en") if mention.kind == kind}


@pytest.mark.parametrize(
    "text",
    [
        "Applicants who have not completed their degree may still apply.",
        "We do not care whether or not you have a college degree.",
        "Our team of forty, of which 25% hold a PhD, works remotely.",
        "We serve several industries including higher education.",
        "List your school and the type of degree earned.",
        "No specific degree is expected.",
        "Candidates get a letter regarding degree verification.",
        "We seek a BA/QA tester.",
        "Eight semester units from a two-year or four-year college in welding.",
        "Matriculation in an undergraduate degree programme counts as one year.",
        "You could earn your MBA in selling with us.",
        "(if blank, degree and/or field of study not specified)",
    ],
)
def test_no_degree_is_asked(text):
    assert found(f"Requirements:\n- {text}", "degree") == set()


def test_a_capital_does_not_hide_the_level():
    assert found("Required skills:\n- BS Degree in Computer Science", "degree") == {"bachelor"}


@pytest.mark.parametrize(
    "text",
    [
        "30 semester credits may stand for one year of experience.",
        "Applicants wishing to substitute education for one year of the required experience must say so.",
        "Applicants who lack six months of the required experience may apply.",
        "You work alongside architects with over 20 years of experience.",
        "A 3 - 6 months program with hands-on experience.",
        "Applicants lacking six months of the required experience may file.",
        "You ran projects with 4-6 month timelines and have experience of vendors.",
        "Two years of technical education in welding.",
        "With more than 40 years of experience, Ferry & Sons has earned its name.",
        "Whoever applies must have served one year in their current position.",
    ],
)
def test_no_years_are_asked(text):
    assert found(f"Requirements:\n- {text}", "experience") == set()


def test_engineers_with_years_are_asked_for():
    assert found("We seek software engineers with 3+ years of experience.", "experience")


@pytest.mark.parametrize(
    "text",
    [
        "Working knowledge of the Care Programme Approach (CPA) and its framework.",
        "Work with our outside CPA firm.",
        "Align controls with NIST, COBIT, ITIL and similar frameworks.",
        "Proof that establishes identity, such as a passport or driver's license.",
        "You assist the registered nurse with her rounds.",
        "Find ICP accounts and build lists of prospects.",
        "We pay for growth; training programmes: AWS, ISTQB and more.",
    ],
)
def test_no_certificate_is_asked(text):
    assert found(f"Requirements:\n- {text}", "certification") == set()


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Build reliable and scalable services.", "accountability"),
        ("We seek a Lead Frontend Engineer.", "leadership"),
        ("Design disaster recovery strategies.", "strategic-planning"),
        ("Apply evidence within own scope of practice.", "scope-management"),
        ("Mentorship and guidance from a senior colleague.", "coaching-mentoring"),
    ],
)
def test_another_sense_of_the_words(text, skill):
    assert skill not in found(f"Responsibilities:\n- {text}", "skill")


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("Bachelor's degree in business, data science or information security", False),
        ("Bachelor's degree in business, data science or a related field", False),
        ("A degree in data science - the rest we teach", False),
        ("Bachelor's degree in business and experience in data science", True),
        ("Bachelor's degree in business\n- Data science", True),
    ],
)
def test_fields_of_study_are_no_skills(text, finds):
    assert ("data-science" in found(f"Requirements:\n- {text}", "skill")) == finds


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("Work alongside a highly motivated team of software engineers and academics.", False),
        ("Work closely with UX researchers.", False),
        ("Experience of software engineering in a motivated team.", True),
        ("Knowledge of UX research.", True),
    ],
)
def test_the_trades_of_colleagues_are_no_skills(text, finds):
    assert bool(found(f"Duties:\n- {text}", "skill") & {"software-development", "ux-design"}) == finds


@pytest.mark.parametrize(
    ("seeks", "finds"),
    [("Our lending team is seeking a Scrum Master for its platform.", True), ("Its platform runs on Scrum.", False)],
)
def test_a_sentence_that_seeks_people_is_no_aside_among_asides(seeks, finds):
    text = (
        "We are proud of our customers and of our award-winning products. "
        f"Millions of people trust our company worldwide. {seeks} "
        "We offer equity, insurance and a stipend. We are a fast-growing company that values its people."
    )
    assert ("scrum" in found(text, "skill")) == finds
