# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Requirements of whole texts: modality, degrees, years, offsets, independence of rows, speed on hostile text."""

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.text import text_of
from itpm_trends.tables import REQUIREMENT_MENTIONS


def asked(text, kind):
    return [mention for mention in mentions_of(text_of(text), "en") if mention.kind == kind]


def modalities(text, kind):
    return {mention.id: mention.modality for mention in asked(text, kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bachelor's degree is required, MBA preferred.", {"bachelor": "required", "master": "preferred"}),
        (
            "Bachelor's degree required; master's degree a plus.",
            {"bachelor": "required", "master": "preferred"},
        ),
        ("Nice to have:\n- Master's degree in Law", {"master": "preferred"}),
        ("Preferred qualifications\n- A doctorate is a must", {"doctorate": "required"}),
        ("Preferably a PhD in physics.", {"doctorate": "preferred"}),
        ("Requirements:\n- Bachelor's degree", {"bachelor": "required"}),
    ],
)
def test_modality_of_degrees(text, expected):
    assert modalities(text, "degree") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PMP required; CSM preferred", {"pmp": "required", "csm": "preferred"}),
        ("PMP or CSM would be an advantage.", {"pmp": "preferred", "csm": "preferred"}),
        ("You hold a PMP.", {"pmp": "required"}),
        ("## Bonus points\n- PMP\n- ITIL Foundation", {"pmp": "preferred", "itil": "preferred", "itil-foundation": "preferred"}),
        ("PREFERRED SKILLS • PMP • Jira\nMINIMUM REQUIREMENTS\nA driver's licence", {"pmp": "preferred", "driving-licence": "required"}),
        ("Ability to obtain a security clearance is a must.", {"security-clearance": "required"}),
        ("Ideally you are PRINCE2 Practitioner certified.", {"prince2": "preferred", "prince2-practitioner": "preferred"}),
        ("- Certifications are advantageous (PMP, CAPM, etc.)", {"pmp": "preferred", "capm": "preferred"}),
        ("- Government clearance required? No", {}),
        ("- PM certification (PMP, Prince2)", {"pmp": "required", "prince2": "required"}),
        ("Certifications such as Scrum, Kanban or ITIL are welcome.", {"agile-other": "preferred", "kanban": "preferred", "itil": "preferred"}),
        ("Benefits\n- We pay for your PMP certification", {}),
        ("At least one certificate such as PMP or CSM is preferred.", {"pmp": "preferred", "csm": "preferred"}),
        ("What would be even better?\n- PMP", {"pmp": "preferred"}),
        ("- Desirable: PMP\n- CSM certificate", {"pmp": "preferred", "csm": "required"}),
        ("We are looking for leadership.Must have: PMP- Good to have: CSM", {"pmp": "required", "csm": "preferred"}),
        ("About what we're looking for:\n- PMP", {"pmp": "required"}),
        ("- Preferably at least two of these certificates: CSM, PMP", {"csm": "preferred", "pmp": "preferred"}),
        ("- Ideally a PMP; at least a CSM certificate", {"pmp": "preferred", "csm": "required"}),
        ("- Desirable PMP certificate", {"pmp": "preferred"}),
    ],
)  # fmt: skip
def test_modality_of_certifications(text, expected):
    assert modalities(text, "certification") == expected


def test_the_wish_of_the_candidate_is_no_preference_of_the_employer():
    assert modalities("You have proven ability and desire to lead risk management.", "skill") == {
        "risk-management": "required"
    }
    assert modalities("We desire candidates with risk management experience.", "skill") == {
        "risk-management": "preferred"
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A PRINCE2 Practitioner certificate", {"prince2", "prince2-practitioner"}),
        ("Certified Ethical Hacker", {"ceh"}),
        ("AWS Certified DevOps Engineer", {"aws", "aws-devops-engineer"}),
        ("Certified in Cybersecurity or another certified engineer", {"isc2-cc", "other"}),
        ("PMI-RMP certification", {"pmi-rmp"}),
        ("Any PMI certification", {"pmi-other"}),
        ("ICP-ACC", {"icp-acc"}),
        ("CompTIA Network+ certification", {"comptia-network"}),
        ("CCMP certification", {"ccmp"}),
    ],
)
def test_an_unnamed_certification_gives_way_to_the_one_named_in_the_same_words(text, expected):
    assert set(modalities(f"Requirements:\n- {text}", "certification")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hours: 9 to 5 CST", set()), ("A customer with an SMC valve", set()), ("TKP or CSM certification", {"tkp", "kanban", "csm"})],
)  # fmt: skip
def test_letters_of_other_things_are_no_certification(text, expected):
    assert set(modalities(f"Requirements:\n- {text}", "certification")) == expected


@pytest.mark.parametrize(
    ("text", "level", "fields", "or_experience"),
    [
        (
            "Bachelor's degree in Computer Science or a related field",
            "bachelor",
            ("computer-science", "related"),
            False,
        ),
        ("BS in Information Systems or equivalent experience", "bachelor", ("information-technology",), True),
        ("B.Sc. or M.Sc. in Mathematics", "bachelor", ("mathematics",), False),
        (
            "Degree in Business Administration, Finance or similar field",
            "unspecified",
            ("business", "finance", "related"),
            False,
        ),
        ("High school diploma", "secondary", (), False),
        ("An engineering degree", "unspecified", ("engineering",), False),
        ("MBA", "master", ("business",), False),
        ("Bachelor’s degree or equivalent combination of education and experience", "bachelor", (), True),
        ("Associate's degree in Nursing", "associate", ("health",), False),
        ("A postgraduate diploma in Management", "graduate-certificate", ("business",), False),
        ("Graduate degree in Finance", "unspecified", ("finance",), False),
        ("Bachelor's degree in Finance, Viniculture, or Economics", "bachelor", ("finance", "other"), False),
        ("Degree in Electrical or Mechanical Engineering", "unspecified", ("engineering",), False),
        ("BA in Computer Science, or related job experience", "bachelor", ("computer-science",), True),
        ("BA in Physics. In the absence of a degree, nine years of work", "bachelor", ("science",), False),
        ("BA in Physics or, in absence of a degree, nine years of work", "bachelor", ("science",), True),
        ("BA in Physics and two years; or a minimum of 8 years of work", "bachelor", ("science",), True),
        ("BA in Physics and 2 years of work or 9-11 years of work", "bachelor", ("science",), True),
        ("BA in Physics and/or a minimum of two to three years of work", "bachelor", ("science",), True),
        ("BA in Physics. Four years of experience can substitute this education", "bachelor", ("science",), True),
        ("BA in Physics and 2 years; or it is in progress", "bachelor", ("science",), False),
        ("Education:B.S. degree in Physics", "bachelor", ("science",), False),
        ("Bsc degree in Physics", "bachelor", ("science",), False),
        ("Experience together with a BS in biology", "bachelor", ("science",), False),
        ("Associate or Bachelor of Science degree in a related field", "associate", ("related",), False),
        ("Educated to degree level with experience of project management", "unspecified", (), False),
        (
            "BA in IT/ Business Administration/ Project Management or equivalent",
            "bachelor",
            ("business", "information-technology", "project-management"),
            True,
        ),
        ("B.Tech / MSc IT / MCA", "bachelor", ("information-technology",), False),
        ("Graduation from a recognised four-year college", "bachelor", (), False),
        ("Undergraduate in a quantitative discipline", "bachelor", ("mathematics",), False),
    ],
)
def test_degree(text, level, fields, or_experience):
    mention = asked(f"Requirements:\n- {text}", "degree")[0]
    assert (mention.level, mention.fields, mention.or_experience) == (level, fields, or_experience)


@pytest.mark.parametrize(
    "text",
    [
        "You enjoy a high degree of independence.",
        "A degree of autonomy comes with the job.",
        "Give 360 degree feedback.",
        "A degree is not required.",
        "Nine years of experience without the degree.",
        "We offer tuition reimbursement for a bachelor's degree.",
        "Work with three Scrum Masters and MS Project.",
        "Benefits:\n- Degree programmes for staff",
        "You liaise with institutions of higher education.",
        "We are pleased to offer degree and masters level courses.",
    ],
)
def test_not_a_degree(text):
    assert asked(text, "degree") == []


@pytest.mark.parametrize(
    ("text", "low", "high", "subject"),
    [
        ("5+ years of project management experience", 5, None, "project-management"),
        ("Minimum of five (5) years as a Scrum Master", 5, None, "project-management"),
        ("3-5 years of experience in software engineering", 3, 5, "it"),
        ("3 to 5 years' experience in banking", 3, 5, "industry"),
        ("At least two years of relevant experience", 2, None, "general"),
        ("10 to 15+ years of experience managing programs", 10, None, "project-management"),
        ("2 years of experience with Jira", 2, None, "tool"),
        ("4 yrs experience supervising people", 4, None, "leadership"),
        ("6 months of experience with Excel", 0.5, None, "tool"),
        ("7 or more years of experience in IT", 7, None, "it"),
        ("Requirements:\n- 5+ years programming experience", 5, None, "it"),
        ("Requirements:\n- 15+ overall years of experience managing projects", 15, None, "project-management"),
        ("Requirements:\n- 4+ years medical software rollouts at customer sites", 4, None, "it"),
        ("We are a small team.3 years of experience in banking", 3, None, "industry"),
    ],
)
def test_experience(text, low, high, subject):
    [mention] = asked(f"Requirements:\n- {text}", "experience")
    assert (mention.min_years, mention.max_years, mention.subject) == (low, high, subject)


@pytest.mark.parametrize(
    "text",
    [
        "We bring 30 years in business.",
        "You must be at least 18 years of age.",
        "This is a 6 month contract.",
        "Our company has more than 20 years of experience in retail.",
        "Over the last 10 years we grew fast.",
        "The plan runs for 3 years after launch.",
        "Benefits:\n- Five weeks of leave after 2 years of experience here",
        "Six months of acceptable experience will be credited for each year of training.",
        "Credits count for experience up to a maximum of 3½ years.",
    ],
)
def test_not_experience(text):
    assert asked(text, "experience") == []


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("- Keep stakeholders informed", "stakeholder-management"),
        ("- Deliver on time and within budget", "scheduling"),
        ("- Deliver on time and within budget", "budgeting"),
        ("- Manage the project budget", "budgeting"),
        ("- Remove blockers for the squad", "issue-management"),
        ("- Experience as a project manager", "project-management"),
        ("- You communicate clearly with colleagues", "communication"),
    ],
)
def test_skill_phrasings(text, skill):
    assert skill in modalities(f"Responsibilities:\n{text}", "skill")


@pytest.mark.parametrize(
    "text",
    [
        "About us\nOur cloud platform uses Python and machine learning.",
        "Benefits:\n- Dental and vision insurance, flexible hours\n- Training on Jira",
        "Acme Soft is an equal opportunity employer with strong leadership.",
    ],
)
def test_what_is_said_of_the_employer_is_no_skill(text):
    assert asked(text, "skill") == []


def test_languages_and_their_modality():
    assert modalities("Fluent English is required. German is a plus for communication.", "language") == {
        "english": "required", "german": "preferred",
    }  # fmt: skip


POSTINGS = pd.DataFrame(
    {
        "posting_id": ["a", "b", "c", "d"],
        "title": ["Project Manager"] * 4,
        "description_text": [
            "## Requirements\n- Bachelor’s degree\u00a0in IT 🙂\n- 5+ years of project management experience\n- PMP\u200b preferred",
            "Nothing to see",
            "Nosotros buscamos a una persona para la gestión de los proyectos con Jira y PMP en la ciudad, y el equipo es muy bueno.",
            "PMP or CSM. Scrum, Scrum and Scrum again. You will lead the team.",
        ],
        "language": ["en", "en", "es", None],
    }
)


def test_mentions_keep_the_contract_and_their_characters():
    mentions = requirement_mentions(POSTINGS)
    REQUIREMENT_MENTIONS.check(mentions)
    texts = POSTINGS.set_index("posting_id")["description_text"]
    cut = [texts[row.posting_id][row.start : row.end] for row in mentions.itertuples()]
    assert cut == mentions["matched_text"].tolist()
    assert set(mentions.loc[mentions["posting_id"] == "c", "requirement_id"]) == {
        "certification:pmp",
        "skill:jira",
    }


def test_rows_do_not_depend_on_each_other():
    whole = requirement_mentions(POSTINGS)
    parts = pd.concat([requirement_mentions(POSTINGS.iloc[[row]]) for row in (3, 1, 0, 2)])
    key = list(REQUIREMENT_MENTIONS.key)
    pd.testing.assert_frame_equal(parts.sort_values(key, ignore_index=True), whole)


def test_no_postings_give_no_mentions():
    assert requirement_mentions(POSTINGS.iloc[:0]).empty


WORDS = st.sampled_from(
    ["PMP", "Bachelor’s degree", "in", "IT", "5+ years", "experience", "Scrum", "SAFe®", "preferred", "\n- ", "\n## Requirements\n",
     "\u200b", "\u00a0", "🙂", "\u05d0\u05d1", "required;", "e\u0301", "İ", "\x00", "project", "management", "manage", "stakeholders", "•"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_offsets_are_always_true(text):
    frame = requirement_mentions(pd.DataFrame({"posting_id": ["x"], "description_text": [text], "language": ["en"]}))
    for row in frame.itertuples():
        assert text[row.start : row.end] == row.matched_text != ""


@pytest.mark.parametrize(
    "text",
    [
        "manage " * 150_000,
        "years " * 170_000,
        "5+ years or " * 90_000,
        "bachelor or " * 90_000,
        "(" * 1_000_000,
        "preferred; " * 100_000,
        "stakeholders, " * 75_000,
        "\n- plan" * 150_000,
        "degree in " * 100_000,
        "é\u200b" * 400_000,
    ],
    ids=["verb", "years", "ranges", "levels", "brackets", "cues", "commas", "bullets", "degrees", "unseen"],
)
def test_hostile_megabyte_ends_soon(text):
    began = time.process_time()
    for _ in mentions_of(text, "en"):
        pass
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("employer", "expected"),
    [("Snowflake Inc.", {"jira"}), ("Acme", {"jira", "snowflake"}), (None, {"jira", "snowflake"})],
)
def test_the_employers_own_name_is_no_skill(employer, expected):
    found = mentions_of("Requirements:\n- Experience with Snowflake and Jira", "en", employer)
    assert {mention.id for mention in found if mention.kind == "skill"} >= expected
    assert ("snowflake" in {m.id for m in mentions_of("- Know Snowflake", "en", employer)}) is ("snowflake" in expected)


CARE = (
    "You nurse patients on the acute ward with doctors and therapists. You plan care for patients after surgery, under "
    "clinical supervision, and support the implementation of the hospital's governance programme. NMC registration and "
    "good communication are essential. Patients come first on every ward, and so do their carers."
)


def test_in_patient_care_the_words_of_projects_mean_other_things():
    assert {mention.id for mention in asked(CARE, "skill")} == {"communication"}
    digital = "You manage the digital project that brings new software, data and systems to stakeholders."
    assert "project-management" in {mention.id for mention in asked(f"{CARE} {digital}", "skill")}


BUILDINGS = (
    "You lead construction of civil buildings with contractors and architects on site. You check drawings, permits and "
    "structural work of bridges and sewers, and the architecture of housing. Experience with infrastructure."
)


def test_in_building_works_infrastructure_is_no_it():
    assert not {"infrastructure", "architecture"} & {mention.id for mention in asked(BUILDINGS, "skill")}
    of_it = "You build IT platforms: software, servers, cloud and data."
    assert "infrastructure" in {mention.id for mention in asked(f"{BUILDINGS} {of_it}", "skill")}


def test_what_does_not_count_is_no_skill():
    assert asked("Experience in testing and help desks will not be accepted.", "skill") == []


def test_technologies_in_use_at_the_employer_are_skills():
    used = mentions_of("## About us\nOur stack is built on Django and Vue.\nFor clients we test Angular.", "en")
    assert {"django", "vue"} <= {mention.id for mention in used if mention.kind == "skill"}
    assert "angular" not in {mention.id for mention in used}


def test_knowledge_beside_a_certificate_stays_a_skill():
    beside = "- Understanding of ITIL concepts - ITIL Foundation certification preferred"
    assert "itil-itsm" in {mention.id for mention in asked(beside, "skill")}
    assert "itil-itsm" not in {mention.id for mention in asked("- Certified in ITIL", "skill")}


def test_an_industry_counts_where_knowledge_of_it_is_asked():
    assert "automotive" not in {m.id for m in asked("You run sprints for automotive clients.", "skill")}
    assert "automotive" in {m.id for m in asked("Experience in automotive projects.", "skill")}
