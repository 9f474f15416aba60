"""Which sources a run asks, and what the settings file says of it."""

import tomllib

import pytest

from itpm_trends.collecting.chosen import chosen_tables, state_of, switch
from itpm_trends.collecting.keys import keys_of, missing_keys, variable_of
from itpm_trends.collecting.sources import SOURCES, TIERS, refused
from itpm_trends.collecting.sources._boards import curated_boards
from itpm_trends.errors import SettingsError
from itpm_trends.settings import Settings, load_settings
from itpm_trends.workspace import VARIABLE


@pytest.fixture(autouse=True)
def an_empty_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for source in SOURCES.values():
        for name in missing_keys(source.declaration):
            monkeypatch.delenv(name, raising=False)


def test_the_open_sources_are_asked_without_any_settings():
    tables = chosen_tables(Settings())
    assert set(tables) == {name for name, source in SOURCES.items() if source.declaration.tier == "open"}


def test_only_named_sources_where_the_settings_say_so_or_the_market_is_simulated():
    named = {"remotive": {}}
    assert set(chosen_tables(Settings(default_sources=False, sources=named))) == {"remotive"}
    assert set(chosen_tables(Settings(simulated=True, sources=named))) == {"remotive"}


def test_a_disabled_source_is_not_asked():
    assert "remotive" not in chosen_tables(Settings(sources={"remotive": {"enabled": False}}))


def test_a_key_of_ones_own_switches_its_source_on_unless_its_terms_need_consent(monkeypatch):
    assert "reed" not in chosen_tables(Settings())
    monkeypatch.setenv("ITPM_TRENDS_REED_KEY", "secret")
    assert "reed" in chosen_tables(Settings())
    for name in ("ITPM_TRENDS_ADZUNA_APP_ID", "ITPM_TRENDS_ADZUNA_APP_KEY"):
        monkeypatch.setenv(name, "secret")
    assert "adzuna" not in chosen_tables(Settings())
    assert "adzuna" in chosen_tables(Settings(sources={"adzuna": {"enabled": True}}))


def test_keys_may_stand_in_a_file_of_the_workspace(tmp_path):
    (tmp_path / ".env").write_text("ITPM_TRENDS_REED_KEY=from-the-file\n")
    assert keys_of(SOURCES["reed"].declaration) == {"key": "from-the-file"}


def test_a_missing_key_is_named_with_where_to_get_one():
    with pytest.raises(SettingsError, match=r"ITPM_TRENDS_REED_KEY.*\.env"):
        keys_of(SOURCES["reed"].declaration)
    assert variable_of("reed", "key") in state_of(SOURCES["reed"], Settings(sources={"reed": {}})).reason


def test_a_refused_source_is_refused_with_its_reason():
    with pytest.raises(SettingsError, match="LinkedIn is not collected"):
        chosen_tables(Settings(sources={"linkedin": {}}))
    with pytest.raises(SettingsError, match="known are"):
        chosen_tables(Settings(), ("monstre",))


def test_one_source_alone_must_be_on():
    assert set(chosen_tables(Settings(), ("remotive",))) == {"remotive"}
    with pytest.raises(SettingsError, match="reed is off"):
        chosen_tables(Settings(), ("reed",))


def test_switching_keeps_comments_and_other_settings(tmp_path):
    path = tmp_path / "itpm-trends.toml"
    path.write_text('# mine\n[sources.greenhouse]\nmore_boards = ["kestrel"] # theirs\n')
    switch(tmp_path, "remotive", on=False)
    switch(tmp_path, "greenhouse", on=True)
    text = path.read_text()
    assert "# mine" in text and "# theirs" in text
    assert tomllib.loads(text)["sources"] == {
        "greenhouse": {"more_boards": ["kestrel"], "enabled": True},
        "remotive": {"enabled": False},
    }
    assert load_settings(tmp_path).sources["remotive"] == {"enabled": False}


def test_there_are_at_least_25_sources_each_with_terms_and_quota():
    assert len(SOURCES) >= 25
    for name, source in SOURCES.items():
        declared = source.declaration
        assert declared.name == name and declared.tier in TIERS and declared.quota and declared.covers
        assert declared.terms_url.startswith("https://") and declared.attribution.endswith(".")
        assert declared.tier != "opt-in" or declared.warning
        assert (declared.tier == "own-key") == bool(declared.keys)
    assert {"linkedin", "indeed", "glassdoor", "smartrecruiters"} <= set(refused())


def test_the_curated_boards_are_boards():
    for name, boards in curated_boards().items():
        assert len(boards) == len(set(boards)) and boards == sorted(boards)
        key = "sites" if name == "lever" else "boards"
        SOURCES[name].check_settings({key: boards})


def test_boards_of_ones_own_are_added_or_take_the_place_of_the_curated_ones():
    from itpm_trends.collecting.sources._boards import boards_of

    curated = curated_boards()["lever"]
    assert boards_of("lever", "sites", {"more_sites": ["mine", curated[0]]}) == [*curated, "mine"]
    assert boards_of("lever", "sites", {"sites": ["mine"]}) == ["mine"]
