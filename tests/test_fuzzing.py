"""What the fuzzers found once, and a few mutations of every seed: the rest is ``python -m benchmarks.fuzz``."""

from __future__ import annotations

import logging
import random
import time
from datetime import UTC, date, datetime

import pytest

from benchmarks import fuzz
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.collecting.sources.remoteok import without_watermark
from itpm_trends.errors import SettingsError
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.resume import read_resume
from itpm_trends.reading.vocabulary import own_rows
from itpm_trends.settings import load_settings

HANG = 20.0  # seconds: each of these took a minute or never ended, and takes a tenth of a second now
MUTATIONS = 25


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_a_few_mutations_of_every_seed(target, monkeypatch):
    monkeypatch.setattr(fuzz, "SLOWEST", HANG)
    rng, corpus = random.Random(11), list(fuzz.seeds(target))
    assert corpus
    for _ in range(MUTATIONS):
        data = fuzz.mutated(rng, corpus)
        assert fuzz.tried(fuzz.TARGETS[target], data) is None, data[:200]


@pytest.mark.parametrize(
    "words",
    [
        "worked with" + "&" * 30_000 + " with levels",
        "manage " + "'+" * 20_000 + " budget",
        "experience " + "a& " * 10_000,
        "work " * 10_000,
    ],
)
def test_runs_of_signs_are_read_in_time(words):
    began = time.process_time()
    list(mentions_of(words, "en"))
    assert time.process_time() - began < HANG


def test_breaks_without_end_before_a_watermark():
    began = time.process_time()
    assert without_watermark("<br>" * 20_000 + "please mention the word") == "<br>" * 20_000 + "please mention the word"
    assert time.process_time() - began < HANG


def test_a_watermark_goes_with_the_breaks_before_it():
    marked = "<p>Text</p><br/> <p>Please mention the word **FAIR** and tag RMTI3LjAuMC4x when applying.</p>"
    assert without_watermark(marked) == "<p>Text</p>"


@pytest.mark.parametrize("line", ["Skills: " + "PMP, " * 10_000, "Education: " + "PMP, Bachelor of Science" * 2_000])
def test_a_resume_of_one_long_line(line):
    began = time.process_time()
    read_resume(line, date(2026, 1, 5))
    assert time.process_time() - began < HANG


def test_settings_nested_without_end_are_refused(tmp_path):
    nested = "a = " + "[" * 5_000
    (tmp_path / "itpm-trends.toml").write_text(nested)
    (tmp_path / "skills.toml").write_text(nested)
    with pytest.raises(SettingsError):
        load_settings(tmp_path)
    with pytest.raises(SettingsError):
        own_rows("skill", str(tmp_path))


def test_the_log_names_unread_fields_in_short(caplog):
    posting = f'[{{"id": "1", "text": "IT PM", "{"x" * 50_000}": 1, "a\\u001b[31m": 2, "descriptionPlain": "PMP"}}]'
    with caplog.at_level(logging.WARNING):
        list(SOURCES["lever"].parse(posting.encode(), "https://api.lever.co/v0/postings/x", datetime.now(UTC)))
    assert "unread" in caplog.text
    assert len(caplog.text) < 2_000 and "\x1b" not in caplog.text
