"""Résumés of ours, as PDF, DOCX and text: what was planted is found, and nothing personal comes out."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from docx import Document
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from itpm_trends.errors import SettingsError
from itpm_trends.reading import resume
from itpm_trends.reading.resume import read_resume, resume_text

TODAY = date(2026, 11, 23)
NAME, MAIL, TELEPHONE = "Sarah Jenkins", "sarah.jenkins@jira.example", "+44 113 496 0000"
LINES = [  # (style, text): planted are a BSc in business, PMP, CSM, ITIL Foundation, Jira, and 8.7 years of projects
    ("name", f"{NAME}, MSc-free zone"),
    ("text", f"Leeds | {MAIL} | {TELEPHONE} | linkedin.com/in/sarah-kubernetes"),
    ("heading", "Summary"),
    ("text", "Project manager with over 8 years of experience in delivering software projects."),
    ("heading", "Work History"),
    ("text", "Project Manager, Example Ltd"),
    ("text", "2021 - present"),
    ("bullet", "Led the migration to Azure; managed budgets and stakeholders in Jira"),
    ("text", "Senior Project Manager, Sample plc"),
    ("text", "Jan 2018 - Mar 2021"),
    ("text", "Software Developer, Beispiel GmbH"),
    ("text", "06/2014 - 12/2017"),
    ("heading", "Education"),
    ("text", "BSc in Business, University of Leeds, 2010 - 2014"),
    ("text", "MSc Computer Science, expected 2027"),
    ("heading", "Certifications"),
    ("text", "PMP, 2019"),
    ("text", "CSM"),
    ("text", "ITIL Foundation"),
    ("text", "PRINCE2 Practitioner (in progress)"),
    ("heading", "References"),
    ("text", "Maria Terraform, head of programmes, 2001 - 2020"),
]


def as_docx(path, in_table=False):
    document = Document()
    holder = document.add_table(rows=1, cols=2).rows[0].cells[1] if in_table else document
    for style, text in LINES:
        if in_table:
            holder.add_paragraph(text)
        elif style == "heading":
            document.add_heading(text, level=2)
        else:
            document.add_paragraph(text, style="List Bullet" if style == "bullet" else None)
    document.save(path)
    return path


def as_pdf(path, n_columns=1):
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    middle = len(LINES) // n_columns + 2 if n_columns > 1 else len(LINES)
    for column, lines in enumerate((LINES[:middle], LINES[middle:])):
        pdf.set_xy(10 + 100 * column, 10)
        for _, text in lines:
            pdf.set_x(10 + 100 * column)
            pdf.multi_cell(90 if n_columns > 1 else 180, 6, text, new_x="LEFT", new_y="NEXT")
    pdf.output(str(path))
    return path


def as_text(path, encoding="utf-8"):
    path.write_bytes("\n".join(text for _, text in LINES).replace(" - ", " – ").encode(encoding))
    return path


WRITERS = {
    "cv.docx": as_docx,
    "table.docx": lambda path: as_docx(path, in_table=True),
    "cv.pdf": as_pdf,
    "columns.pdf": lambda path: as_pdf(path, n_columns=2),
    "cv.txt": as_text,
    "windows.txt": lambda path: as_text(path, "cp1252"),
    "cv.md": as_text,
}


@pytest.fixture(params=WRITERS)
def read(request, tmp_path):
    return read_resume(resume_text(WRITERS[request.param](tmp_path / request.param)), TODAY)


def test_what_was_planted_is_found(read):
    planted = {"certification:pmp", "certification:csm", "certification:itil-foundation", "skill:jira", "skill:azure"}
    assert planted <= set(read.have)
    assert (read.degree, read.fields) == ("bachelor", {"business"})
    # June 2014 to March 2021 without a gap, and July 2021 (the middle of the year) to November 2026
    assert read.years == pytest.approx((82 + 65) / 12, abs=0.06)
    assert read.pm_years == pytest.approx((39 + 65) / 12, abs=0.06)
    assert {"PRINCE2 Practitioner", "MSc"} <= set(read.unfinished)
    assert not {"certification:prince2", "certification:prince2-practitioner", "skill:terraform"} & set(read.have)


def test_nothing_personal_comes_out(read):
    told = repr(read)
    for personal in (*NAME.split(), MAIL, TELEPHONE, "Leeds", "Example Ltd", "Maria", "kubernetes"):
        assert personal not in told


def test_the_name_is_no_skill_on_any_page():
    """Jenkins is a tool, and the name of some people."""
    read = read_lines("Curriculum Vitae", NAME.upper(), "Skills", "Jira", f"{NAME}, page 2", "Excel")
    assert set(read.have) == {"skill:jira", "skill:excel"}
    assert "skill:jenkins" in read_lines(NAME, "Skills", "Jira, Jenkins").have


def read_lines(*lines: str):
    return read_resume("\n".join(lines), TODAY)


@pytest.mark.parametrize(
    ("dates", "months"),
    [
        ("Jan 2018 – Mar 2021", 39),
        ("2018 - 2021", 36),
        ("03/2018 - 06/2020", 28),
        ("2018-03 – 2021-06", 40),
        ("01.03.2018 – 30.06.2020", 28),
        ("September 2025 to Current", 15),
        ("10/2025 bis heute", 14),
        ("seit Mai 2026", 7),
        ("Oct. '18 – Nov '20", 26),
        ("Nov 2025 - Dec 2030", 13),  # the future is not experience yet
        ("2030 - 2031", None),
        ("Mar 2021 – Jan 2018", None),
        ("+44 2019 2021 555", None),
    ],
)
def test_dated_jobs_are_counted_in_months(dates, months):
    read = read_lines("Experience", "Developer", dates)
    assert read.years == (None if months is None else pytest.approx(months / 12, abs=0.051))


def test_overlapping_jobs_count_once():
    read = read_lines("Experience", "Developer, Jan 2018 – Dec 2019", "Consultant, Jul 2018 – Jun 2020")
    assert read.years == 2.5


def test_studies_unpaid_work_and_other_people_are_no_years():
    read = read_lines(
        "Work History", "Developer, Jan 2018 – Dec 2019", "Volunteering", "Treasurer, 2001 – 2009",
        "Education", "BA, 1995 – 1999", "Referees", "Jo Doe, manager, 1980 – 2000",
    )  # fmt: skip
    assert read.years == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("Project Manager, Acme, Jan 2018 – Dec 2019", "Developer, Beta, Jan 2016 – Dec 2017"),
        ("Project Manager", "Jan 2018 – Dec 2019", "Developer", "Jan 2016 – Dec 2017"),
        ("Acme, Jan 2018 – Dec 2019", "Project Manager", "Beta, Jan 2016 – Dec 2017", "Developer"),
        ("Project Manager", "Acme", "Jan 2018 – Dec 2019", "- planned", "Developer", "Beta", "Jan 2016 – Dec 2017"),
        ("Jan 2018 – Dec 2019", "", "IT-Projektleiter", "", "Jan 2016 – Dec 2017", "", "Softwareentwickler"),
    ],
)
def test_titles_tell_the_years_of_leading_projects(lines):
    read = read_lines("Employment", *lines)
    assert (read.years, read.pm_years) == (4, 2)


def test_without_titles_the_years_of_leading_projects_are_unknown():
    assert read_lines("Experience", "Acme", "Jan 2018 – Dec 2019").pm_years is None
    assert read_lines("Experience", "Developer, Jan 2018 – Dec 2019").pm_years == 0


def test_stated_years_count_where_they_are_more():
    read = read_lines("Profile", "12 years of experience in project management.", "Experience", "PM lead, 2020 – 2022")
    assert (read.years, read.pm_years, read.stated) == (12, 12, ("12 years",))


@pytest.mark.parametrize(
    ("lines", "degree", "fields"),
    [
        (["BSc in Business, 2014"], "bachelor", {"business"}),
        (["B.A. History", "MBA, 2020"], "master", {"other", "business"}),
        (["Stanford University - BS Computer Science, 2012"], "bachelor", {"computer-science"}),
        (["Associate of Applied Science in Network Administration"], "associate", {"information-technology"}),
        (["2016 – 2018", "Master of Science", "Informatics"], "master", {"computer-science"}),
        (["10/2006 – 09/2011 Diplom-Informatiker, Technische Universität München"], "master", {"computer-science"}),
        (["High School Diploma, 2008"], "secondary", set()),
        (["Boston University, Boston, MA", "Bachelor of Arts"], "bachelor", set()),
        (["Bachelor of Arts, expected 2027"], None, set()),
        (["BSc Physics, 2025 – present"], None, set()),
        (["BSc Physics, 2025 – 2028"], None, set()),
        (["Some college: Bachelor of Science"], None, set()),
        (["PhD candidate", "BSc Mathematics, 2014"], "bachelor", {"mathematics"}),
    ],
)
def test_the_highest_completed_degree(lines, degree, fields):
    read = read_lines("Education", *lines)
    assert (read.degree, read.fields) == (degree, fields)


@pytest.mark.parametrize("line", ["BA with five sprints behind me", "I teach bachelor students", "Scrum Master, 2019"])
def test_no_degree_is_seen_where_none_is(line):
    assert read_lines("Experience", line).degree is None


@pytest.mark.parametrize(
    ("line", "is_held"),
    [
        ("PMP", True), ("PMP® (PMI, 2019)", True), ("PMP, valid until 2028", True), ("CSM, PMP", True),
        ("PMP – in progress", False), ("PMP, expected 2027", False), ("Preparing for PMP", False),
        ("PMP (expired 2020)", False), ("PMP (PMI, exam scheduled)", False),
    ],
)  # fmt: skip
def test_a_certification_is_held_when_it_is_finished_and_valid(line, is_held):
    read = read_lines("Certifications", line)
    assert ("certification:pmp" in read.have) is is_held
    assert ("PMP" in read.unfinished) is not is_held


def test_rules_that_tell_what_is_asked_are_set_aside():
    """Under "About me" or "Benefits" a posting asks for nothing; a résumé speaks of its author all the same."""
    read = read_lines(
        "About me", "We at Acme offer Kanban: I coach teams in it.", "Benefits achieved", "- Jira roll-out"
    )
    assert {"skill:kanban", "skill:jira"} <= set(read.have)


def test_what_somebody_wants_to_become_is_no_skill():
    assert not read_lines("Career objective", "To become a Scrum Master with Jira.", "Skills", "Excel").have.keys() & {
        "skill:scrum",
        "skill:jira",
    }


def test_a_german_resume():
    read = read_lines(
        "Lebenslauf", "Max Mustermann", "Berufserfahrung", "03/2016 – heute", "IT-Projektleiter, Muster AG",
        "- Leitung von Migrationsprojekten mit Jira und Anforderungsmanagement für die Kunden der Muster AG",
        "Ausbildung", "Diplom-Informatiker, Technische Universität München, 2011", "Zertifikate", "PRINCE2 Foundation",
    )  # fmt: skip
    assert {"certification:prince2-foundation", "skill:jira", "skill:requirements-management"} <= set(read.have)
    assert (read.degree, read.fields, read.pm_years) == ("master", {"computer-science"}, 10.8)


def test_an_empty_resume_says_nothing():
    read = read_lines("Curriculum Vitae", "Jo Doe")
    assert (read.have, read.degree, read.years, read.pm_years) == ({}, None, None, None)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cv.doc", b"x", "docx"),
        ("cv.pdf", b"%PDF-1.4 broken", "broken"),
        ("cv.docx", b"PK broken", "broken"),
        ("cv.txt", b"   ", "no text"),
        ("missing.txt", None, "not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=said) as refused:
        resume_text(path)
    assert name in str(refused.value)


def test_a_scanned_and_a_locked_pdf_are_explained(tmp_path):
    scanned = FPDF()
    scanned.add_page()
    scanned.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(SettingsError, match="OCR"):
        resume_text(tmp_path / "scan.pdf")
    locked = PdfWriter(clone_from=PdfReader(as_pdf(tmp_path / "cv.pdf")))
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    with pytest.raises(SettingsError, match="password"):
        resume_text(tmp_path / "locked.pdf")


def test_a_large_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(resume, "MOST_BYTES", 10)
    with pytest.raises(SettingsError, match="larger"):
        resume_text(as_text(tmp_path / "cv.txt"))
    monkeypatch.undo()
    monkeypatch.setattr(resume, "MOST_UNPACKED", 10)
    with pytest.raises(SettingsError, match="unpacks"):
        resume_text(as_docx(tmp_path / "cv.docx"))


@pytest.mark.parametrize("piece", ["1.", "x", "jan ", "2018 ", "University Of ", "Project Manager 2018 - 2021\n"])
def test_a_hostile_text_is_read_in_time(piece):
    started = perf_counter()
    read_resume(piece * (200_000 // len(piece)), TODAY)
    assert perf_counter() - started < 10  # seconds; a pattern that runs away takes minutes
