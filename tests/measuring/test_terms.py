"""Which words of a posting may become a term: those of requirements, beside what is known, and no names."""

from __future__ import annotations

import pytest

from itpm_trends.measuring.terms import counted_terms, phrases, terms_in
from itpm_trends.reading.mention_table import requirement_mentions


@pytest.fixture
def terms_of(postings_of):
    """The set of terms in one text, with what the vocabulary finds in it left out."""

    def read(text: str, **columns) -> set[str]:
        flow = postings_of([{"description_text": text, "company_name": "Made-up Works", **columns}])
        found = next(phrases(flow, requirement_mentions(flow)))
        return {term for term, _ in terms_in(found)}

    return read


def test_words_that_shape_a_requirement_are_no_terms(terms_of):
    assert terms_of("## Requirements\n- Working knowledge of Zorblat is required") == {"zorblat"}


def test_hyphen_and_space_are_one_and_a_number_may_close_a_term(terms_of):
    assert terms_of("## Requirements\n- Quellin-Zorb") == {"quellin", "zorb", "quellin zorb"}
    assert terms_of("## Requirements\n- Zorb 42001") == {"zorb", "zorb 42001"}


def test_phrases_end_at_punctuation_and_joining_words(terms_of):
    assert "zorblat brontella" not in terms_of("## Requirements\n- Zorblat, Brontella")
    assert "zorblat brontella" not in terms_of("## Requirements\n- Zorblat and Brontella")


def test_words_around_a_known_requirement_are_left_out_but_not_the_rest_of_the_list(terms_of):
    assert terms_of("## Requirements\n- Brilliant mastership of Jira") == set()
    assert terms_of("## Requirements\n- Brilliant mastership of Jira, Zorblat") == {"zorblat"}


def test_fields_of_study_are_no_terms(terms_of):
    assert terms_of("## Requirements\n- Bachelor's degree in zorblatology") == set()


def test_only_requirement_sections_are_read_where_there_are_any(terms_of):
    text = "## What we offer\n- Lunch at Brontella\n## Requirements\n- Zorblat\n## Responsibilities\n- Castorine rounds"
    assert terms_of(text) == {"zorblat"}
    assert "castorine" in terms_of("Castorine rounds are yours to lead.")


def test_the_posting_s_own_employer_and_place_are_no_terms(terms_of):
    text = "## Requirements\n- Zorblat of Brontella, near Castorine"
    assert "brontella" not in terms_of(text, company_name="Brontella Ltd", location_raw="Castorine, US")
    assert "zorblat" in terms_of(text, company_name="Brontella Ltd", location_raw="Castorine, US")


def test_ordinary_words_and_the_calendar_are_no_terms(terms_of):
    assert terms_of("## Requirements\n- Customers\n- Zorblat in december\n- December zorblat") == {"zorblat"}


def test_a_posting_counts_once_and_rare_terms_not_at_all(postings_of, mentions_of):
    texts = ["- Zorblat\n- Zorblat again", "- Zorblat", "- Brontella"]
    flow = postings_of([{"description_text": f"## Requirements\n{text}"} for text in texts])
    terms = counted_terms(flow, mentions_of([]), fewest=2)
    assert terms.names.tolist() == ["zorblat"]
    assert terms.stated.toarray().tolist() == [[1.0], [1.0], [0.0]]


def test_nothing_stated_often_enough_gives_no_terms(postings_of, mentions_of):
    assert counted_terms(postings_of([{}]), mentions_of([]), fewest=2).stated.shape == (1, 0)
