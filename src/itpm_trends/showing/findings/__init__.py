"""Sentences and tables of finding, made of the numbers that the figure below them draws; one module a question."""

from itpm_trends.showing.findings.asked import any_of, ranked, shares_table
from itpm_trends.showing.findings.changing import changes, emerging, index_of, over_time, telling
from itpm_trends.showing.findings.degrees import (
    degrees,
    education_beside_official,
    experience_instead,
    fields_table,
    graduate,
)
from itpm_trends.showing.findings.evidence import overview, reading, sources, specialisms
from itpm_trends.showing.findings.experience import accepted_jobs, years, years_table
from itpm_trends.showing.findings.hiring import countries, employers, federal, pay, pay_table, workplaces
from itpm_trends.showing.findings.learning import first_profile, learn_next, learn_next_table, person, profile_label
from itpm_trends.showing.findings.tools import bundles_table, together, tools_beside_official

__all__ = [
    "accepted_jobs",
    "any_of",
    "bundles_table",
    "changes",
    "countries",
    "degrees",
    "education_beside_official",
    "emerging",
    "employers",
    "experience_instead",
    "federal",
    "fields_table",
    "first_profile",
    "graduate",
    "index_of",
    "learn_next",
    "learn_next_table",
    "over_time",
    "overview",
    "pay",
    "pay_table",
    "person",
    "profile_label",
    "ranked",
    "reading",
    "shares_table",
    "sources",
    "specialisms",
    "telling",
    "together",
    "tools_beside_official",
    "workplaces",
    "years",
    "years_table",
]
