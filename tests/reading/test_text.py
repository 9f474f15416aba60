"""HTML, Markdown and plain text come out as lines; offsets always lead back."""

import itertools
import re
import time

import ftfy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itpm_trends.reading.text import (
    GLUED,
    IP_ADDRESS,
    NAMED_AFTER,
    NAMED_BEFORE,
    NO_PERSON,
    PHONE,
    _encoded_anew,
    _unglued,
    _without_names,
    _without_numbers,
    normalised,
    text_of,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>P<b>M</b>P and <i>Sc</i>rum</p>", "PMP and Scrum"),
        (
            "<p><strong>Your skills:</strong></p><ul><li>Jira</li><li>Excel</li></ul>",
            "## Your skills:\n- Jira\n- Excel",
        ),
        ("<h2>Duties</h2>Plan work<br>Report", "## Duties\nPlan work\nReport"),
        ("<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n- two\n- three"),
        ("&lt;p&gt;Pay &amp;amp; perks&lt;/p&gt;&lt;p&gt;Next&lt;/p&gt;", "Pay & perks\nNext"),
        ("&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;", "Twice"),
        ("<div>open <p>broken <b>bold <ul><li>item", "open\nbroken bold\n- item"),
        ("<p>seen</p><script>let pmp = 1</script><style>p{}</style>", "seen"),
        (
            "## Tasks\n\n* plan\n* [report](https://example.com/x)\n**Skills**",
            "## Tasks\n\n- plan\n- report\n## Skills",
        ),
        ("• first\n· second\n– third", "- first\n- second\n- third"),
        ("the systemâ€™s users", "the system’s users"),
        ("a\u00a0\u2009 b\tc   d ", "a b c d"),
        ("[![Apply](a.png)](b) now", "Apply now"),
        ("a\x00b\x0bc", "abc"),
        (
            "Strong reporting skills.The planner joins calls.",
            "Strong reporting skills.\nThe planner joins calls.",
        ),
        ("5 < 7 and R&D", "5 < 7 and R&D"),
        ("", ""),
        (None, ""),
    ],
)
def test_text_of(raw, text):
    assert text_of(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Write to jo.doe+jobs@mail.example.org now", "Write to [e-mail] now"),
        ("Call +44 20 7946 0000 today", "Call [phone] today"),
        ("Call (212) 555-0100 or 212-555-0101.", "Call [phone] or [phone]."),
        ("Seen from 203.0.113.7 today", "Seen from [ip address] today"),
    ],
)
def test_personal_data_is_replaced(raw, text):
    assert text_of(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "$120,000 - $150,000 per year", "£45,000–£50,000", "2019-2020", "10 000 000 - 12 000 000 AMD", "ISO 9001:2015",
        "Deadline: 18/11/2026", "50000 to 60000 EUR", "version 1.2.3", "3-5 years", "401(k)", "24/7 and 365 days",
    ],
)  # fmt: skip
def test_numbers_that_are_no_phone_stay(text):
    assert text_of(text) == text


def test_hard_wrapped_lines_are_joined_and_lists_kept():
    wrapped = (
        "The coordinator will plan the work of four teams and will keep a\n"
        "record of every decision that the steering group has taken during\n"
        "the year, and publish it in the library for those who come after\n"
        "them.\n"
        "- Prepare the weekly status note for the group and for the three\n"
        "sponsors abroad\n"
        "- Keep the plan\n"
    )
    assert text_of(wrapped).split("\n")[-1] == "- Keep the plan"
    assert "three sponsors abroad" in text_of(wrapped)
    assert text_of(wrapped).count("\n") == 2


CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from(
        "\u200b\u00a0\u2011\u2019\ufb01½™\u0301\u05d0\u0627\U0001f600\U0001f468\u200d\U0001f4bbİıß\u00ad\x00\r\n\t"
    ),
)
TEXTS = st.lists(st.one_of(CHARACTERS, st.sampled_from(["PMP", " 5+ years ", "Bachelor’s degree", "C#"]))).map("".join)


@given(TEXTS)
@example("e\u0301\u0301 \ufb01ve\u200b years")
@settings(max_examples=200, deadline=None)
def test_folded_text_leads_back(text):
    folded = normalised(text)
    spans = [folded.original_span(place, place + 1) for place in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    if folded.text:
        assert folded.original_span(0, len(folded.text))[1] <= len(text)


def test_unseen_characters_do_not_hide_words():
    text = "P\u200bMP, PMI\u2011ACP and 5\u00a0years"
    folded = normalised(text)
    start = folded.text.index("PMI-ACP")
    first, last = folded.original_span(start, start + 7)
    assert text[first:last] == "PMI\u2011ACP"


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_text_of_never_fails_nor_keeps_controls(raw):
    text = text_of(raw)
    assert "\x00" not in text and "\r" not in text
    assert text == text.strip()


@pytest.mark.parametrize(
    "raw",
    [
        "<div>" * 10_000 + "deep" + "</div>" * 10_000,
        "<b>" * 100_000,
        "word " * 200_000,
        "<" * 1_000_000,
        "<p>x</p>" * 100_000,
        "*_*_" * 250_000,
        "[" * 500_000 + "](",
        "&lt;p&gt;" * 110_000,
        "1" * 1_000_000,
        "a@" * 500_000,
    ],
    ids=[
        "nested",
        "bold",
        "words",
        "angles",
        "paragraphs",
        "emphasis",
        "links",
        "escaped",
        "digits",
        "mails",
    ],
)
def test_hostile_megabyte_is_read_within_a_second(raw):
    began = time.process_time()
    text_of(raw)
    assert time.process_time() - began < 1


def test_names_with_a_capital_inside_stay_whole():
    whole = "Certified ScrumMaster (CSM), TeamWork and OnePlan"
    assert text_of(whole) == whole
    glued = "You lead our teamsStrong planning skills"
    assert text_of(glued).splitlines() == ["You lead our teams", "Strong planning skills"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Contact: Ada Lovelace, ada@kestrel.example", "Contact: [name], [e-mail]"),
        ("Please reach out to Ada M. Lovelace.", "Please reach out to [name]."),
        ("Ask Jo Recruiter, +44 20 7946 0018", "Ask [name], [phone]"),
        ("Recruiter: Dr. Ada Byron-King", "Recruiter: [name]"),
        ("Ansprechpartnerin: Frau Eva Muster", "Ansprechpartnerin: [name]"),
        ("Grace Hopper (grace@kestrel.example)", "[name] ([e-mail])"),
        ("Your contact is Ada Lovelace", "Your contact is [name]"),
        ("Posted by Ada Lovelace", "Posted by [name]"),
        ("Your recruiter, Ada Lovelace, will call.", "Your recruiter, [name], will call."),
        ("Contact Human Resources at hr@kestrel.example", "Contact Human Resources at [e-mail]"),
        ("You contact Project Managers daily.", "You contact Project Managers daily."),
        ("Call Center Manager", "Call Center Manager"),
    ],
)
def test_persons_to_turn_to_are_not_kept(told, kept):
    assert text_of(told) == kept


def made_of(*parts):
    """Texts in which ``parts`` meet in every order."""
    return st.lists(st.sampled_from([*parts, " ", "\n", ".", "é", "’"]), max_size=14).map("".join)


def with_examples(*texts):
    """The test of each of ``texts`` too, beside the texts that are made up."""

    def decorated(test):
        for text in texts:
            test = example(text)(test)
        return test

    return decorated


@with_examples(
    "with ITThe team", "workThe team", "workPMP", "work10+ years", "end.The a", "end;5 years", "(it)The team"
)
@given(made_of("work", "The ", "Skills:", "PMP", "PRINCE2", "5 years", "10+ yrs", ";", ")", " IT", "Team", "9", "a"))
@settings(max_examples=200, deadline=None)
def test_glued_sentences_are_parted_wherever_the_pattern_says(text):
    lengths = [len(line) for line in _unglued(text.replace("\n", " ")).split("\n")]
    breaks = set(itertools.accumulate(lengths[:-1]))
    assert sum(lengths) == len(text)
    assert {m.start() for m in GLUED.finditer(text.replace("\n", " "))} <= breaks


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        ("Planning skillsTeamwork and budgets", "Planning skills\nTeamwork and budgets"),
        ("(required)Goal and (if preferredDetail-oriented)", "(required)\nGoal and (if preferred\nDetail-oriented)"),
        ("in a senior roleBS degree in Physics", "in a senior role\nBS degree in Physics"),
        ("javaScript, powerPoint and JavaScript", "javaScript, powerPoint and JavaScript"),
        ("an iPhone, eCommerce and useState", "an iPhone, eCommerce and useState"),
        ("ScrumMaster and OneNote at WebOps", "ScrumMaster and OneNote at WebOps"),
    ],
)
def test_words_that_ran_together_are_parted_and_names_are_not(glued, parted):
    assert _unglued(glued) == parted


@with_examples(
    "+12233", "+1 22 33", "1.2.3.4", "a\n10.0.0.1", "(212) 555-0100", "1-212.555-0100", "+٣٤٣٤٣٤", "07123456789"
)
@given(made_of("+1", "555", "(212)", "1.2", "0123", "456", "7890", "-", "(", ")", "٣٤", "a", "$", ",", "10.0.0.1"))
@settings(max_examples=200, deadline=None)
def test_no_number_is_passed_over(text):
    assert _without_numbers(text) == PHONE.sub("[phone]", IP_ADDRESS.sub("[ip address]", text))


WORDS_OF_CONTACT = re.compile(
    r"contact|recruit|talent|posted by|published by|attention of|attn|hiring manager|\bask\b|reach|\bcall\b|kontakt"
    r"|ansprech|\[(?:e-mail|phone)\]",
    re.IGNORECASE,
)
BEFORE_NAMES = (
    "contact person", "recruiter", "recruiting contact", "talent partner", "posted by", "published by", "attn",
    "for the attention of", "hiring manager", "reach out to", "get in touch with", "speak to", "call", "ask for",
    "email", "E-Mail", "write to", "send your CV to", "ansprechpartnerin", "kontakt", "RECRUİTER", "contactez",
    "questions? contact",
)  # fmt: skip


@with_examples(*(f"{words} Ann Lee" for words in BEFORE_NAMES))
@with_examples(*(f"{words}: Ann Lee\nreach us" for words in BEFORE_NAMES))
@with_examples("Ann Lee at [e-mail]", "Ann Lee: [phone]", "task Ann Lee, email Ann Lee", "technically, email Ann Lee")
@given(made_of(*BEFORE_NAMES, "Ann", "Lee", "Sales", ": ", "[phone]", "our ", "team"))
@settings(max_examples=200, deadline=None)
def test_no_name_is_passed_over(text):
    named = NAMED_AFTER.sub(lambda m: m[0] if NO_PERSON.search(m[2]) else m[1] + "[name]", text)
    expected = NAMED_BEFORE.sub(lambda m: m[0] if NO_PERSON.search(m[1]) else "[name]" + m[2], named)
    assert _without_names(text) == (expected if WORDS_OF_CONTACT.search(text) else text)


@given(made_of("Ã©", "â€™", "Â ", "Ã", "naïve", "À\x80", "the users of the system ", "“", "ВЂ", "™", "1"))
@settings(max_examples=200, deadline=None)
def test_mojibake_is_mended_as_in_the_whole_text(text):
    assert _encoded_anew(text) == ftfy.fix_encoding(text)
