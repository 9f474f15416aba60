"""What a person has, in the vocabulary's words, and which requirements they meet."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from itpm_trends.errors import SettingsError
from itpm_trends.measuring.profile import (
    Profile,
    degree_named,
    meets,
    packaged_profiles,
    profile_of,
    profile_told,
    with_implied,
    years_of_study,
)
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.reading.vocabulary import requirement_ids
from itpm_trends.tables import REQUIREMENT_MENTIONS


def met(profile: Profile, **stated) -> object:
    """What ``meets`` says of one stated requirement."""
    row = {"posting_id": "p", "modality": "required", "cue": "default", "start": 0, "end": 4, "matched_text": "text"}
    row |= {"section": "required", "kind": stated["requirement_id"].split(":")[0], **stated}
    return meets(profile, REQUIREMENT_MENTIONS.frame([row])).iloc[0]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("pmp,scrum, jira", ["certification:pmp", "skill:jira", "skill:scrum"]),
        ("skill:aws", ["skill:aws"]),
        ("AWS certificate", ["certification:aws"]),
        ("PRINCE2 Practitioner", ["certification:prince2-practitioner"]),
        ("Certified ScrumMaster, stakeholder management", ["certification:csm", "skill:stakeholder-management"]),
        (" , ", []),
    ],
)
def test_words_are_found_by_id_label_and_alias(words, named):
    assert profile_of(words).named == named


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("jirra", "did you mean skill:jira?"),
        ("project managment", "skill:project-management"),
        ("aws", "certification:aws or skill:aws"),
        ("underwater basket weaving", "vocabulary search"),
    ],
)
def test_an_unknown_word_is_refused_with_a_way_out(words, said):
    with pytest.raises(SettingsError, match="|".join([said.replace("?", r"\?")])) as refused:
        profile_of(f"pmp,{words}")
    assert repr(words) in str(refused.value)


def test_all_unknown_words_are_named_at_once():
    with pytest.raises(SettingsError, match=r"jirra.*scrumm"):
        profile_of("jirra,pmp,scrumm")


def test_a_certification_implies_its_family_but_no_catch_all():
    held = with_implied(["certification:prince2-practitioner"])
    assert "certification:prince2" in held
    assert "certification:pm-other" in with_implied(["certification:pmp"])  # "a project management certification"
    assert with_implied(["certification:archimate"]) == {"certification:archimate"}  # not "another certification"


def test_profiles_that_differ_by_a_learned_step_are_complete_again():
    someone = profile_of("jira")
    more = Profile("more", "More", someone.have | {"certification:psm-1"})
    assert more.have == {"skill:jira", "certification:psm-1", "certification:psm"}


@pytest.mark.parametrize(
    ("words", "level", "fields"),
    [
        ("bachelor:business", "bachelor", {"business"}),
        ("BSc: computer science, Finance", "bachelor", {"computer-science", "finance"}),
        ("bsc:cs", "bachelor", {"computer-science"}),
        ("mba", "master", set()),
        ("none", "secondary", set()),
    ],
)
def test_degrees_are_named_by_id_or_as_people_write_them(words, level, fields):
    assert degree_named(words) == (level, fields)


@pytest.mark.parametrize("words", ["bachler:", "wizard", "bachelor:basketry"])
def test_an_unknown_degree_is_refused_with_the_known_ones(words):
    with pytest.raises(SettingsError, match="known are"):
        degree_named(words)


@pytest.mark.parametrize(("years", "pm_years"), [(-1, None), (99, None), (3, 4)])
def test_impossible_years_are_refused(years, pm_years):
    with pytest.raises(SettingsError):
        profile_of(years=years, pm_years=pm_years)


def test_a_degree_meets_the_lower_steps_of_the_ladder():
    bachelor = profile_of(degree="bachelor")
    says = {level: met(bachelor, requirement_id=f"degree:{level}") for level in DEGREE_LADDER}
    assert [level for level in DEGREE_LADDER if says[level]] == ["secondary", "associate", "bachelor"]
    assert met(bachelor, requirement_id="degree:unspecified")
    assert not met(profile_of(degree="associate"), requirement_id="degree:unspecified")


@pytest.mark.parametrize(
    ("fields", "says"),
    [("computer-science", False), ("business", True), ("computer-science;related", True), (None, True)],
)
def test_a_named_field_counts_where_no_related_one_is_taken(fields, says):
    business = profile_of(degree="bachelor:business")
    assert met(business, requirement_id="degree:bachelor", fields=fields) == says
    assert met(profile_of(degree="bachelor"), requirement_id="degree:bachelor", fields=fields)


@pytest.mark.parametrize(("years", "says"), [(1, False), (2, True)])
def test_work_stands_for_the_studies_that_lack_where_the_posting_says_so(years, says):
    associate = profile_of(degree="associate", years=years)  # two of four years of study
    assert met(associate, requirement_id="degree:bachelor", or_experience=True) == says
    assert not met(associate, requirement_id="degree:bachelor", or_experience=False)
    assert not met(associate, requirement_id="degree:bachelor")


def test_years_of_experience():
    someone = profile_of(years=5, pm_years=1)
    assert met(someone, requirement_id="experience:it", min_years=5)
    assert not met(someone, requirement_id="experience:it", min_years=5.5)
    assert not met(someone, requirement_id="experience:project-management", min_years=3)
    assert met(profile_of(years=5), requirement_id="experience:project-management", min_years=3)


@pytest.mark.parametrize(
    "stated",
    [
        {"requirement_id": "degree:bachelor"},
        {"requirement_id": "experience:it", "min_years": 3},
        {"requirement_id": "language:english"},
        {"requirement_id": "duty:lead-projects"},
    ],
)
def test_what_nobody_told_is_null(stated):
    assert met(profile_of("pmp"), **stated) is pd.NA


def test_certifications_and_skills_are_met_or_not():
    someone = profile_of("prince2-practitioner")
    assert met(someone, requirement_id="certification:prince2")
    assert not met(someone, requirement_id="certification:pmp")
    assert not met(someone, requirement_id="skill:jira")


def test_the_index_is_that_of_the_mentions(mentions_of):
    mentions = mentions_of([("p1", "skill:jira", "required"), ("p2", "degree:bachelor", "required")]).iloc[[1, 0]]
    says = meets(profile_of("jira", degree="master"), mentions)
    assert says.index.equals(mentions.index) and says.dtype == "boolean"
    assert meets(profile_of("jira"), mentions.head(0)).empty


def test_every_level_has_years_of_study():
    assert set(years_of_study()) == {*DEGREE_LADDER, "unspecified"}
    assert sorted(DEGREE_LADDER, key=years_of_study().get) == list(DEGREE_LADDER)


def test_the_packaged_profiles_are_in_the_vocabulary_and_differ():
    profiles = packaged_profiles()
    assert {profile.degree for profile in profiles} <= set(DEGREE_LADDER)
    assert all(profile.have <= set(requirement_ids()) and profile.years for profile in profiles)
    assert len({profile.have for profile in profiles}) == len(profiles) == 3


def test_a_profile_is_an_example_a_kept_plan_or_written_by_hand(tmp_path):
    first = packaged_profiles()[0]
    assert profile_told(None) == profile_told(first.id) == profile_told(first.record) == first
    kept, written = tmp_path / "mine.json", tmp_path / "mine.toml"
    kept.write_text(json.dumps({"name": "mine", "profile": first.record, "steps": []}), encoding="utf-8")
    written.write_text(
        '[[profile]]\nhave = ["PMP", "skill:jira"]\ndegree = "bachelor"\nfields = ["business"]\nyears = 3\n'
    )
    assert profile_told(str(kept)) == first
    person = profile_told(str(written))
    assert person.named == ["certification:pmp", "skill:jira"]
    assert (person.label, person.degree, person.fields, person.years) == ("You", "bachelor", {"business"}, 3)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.toml", '[[profile]]\nhave = ["no-such-thing"]\n', "no-such-thing"),
        ("x.toml", '[[profile]]\nhaves = ["pmp"]\n', "haves"),
        ("x.toml", "not toml", "holds no profile"),
        ("x.json", "[]", "holds no profile"),
        ("x.json", '{"profile": {"degree": "bachelor"}}', "holds no profile"),
        ("missing.json", None, "does not exist"),
        ("nobody", None, "known are help-desk-analyst"),
    ],
)
def test_what_is_no_profile_is_told(tmp_path, name, text, words):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        profile_told(str(path) if path.suffix else name)
