# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Labels in the guideline's shape; JSON Lines lose nothing."""

import json

from itpm_trends.reading.labels import extract_lines, labels

POSTING = {
    "id": "1",
    "title": "IT Project Manager",
    "location": "Remote, US",
    "description": "<p>You lead software projects with agile teams, Jira and cloud platforms.</p><h3>Requirements</h3><ul>"
    "<li>Bachelor's degree in Computer Science required, master's preferred</li><li>PMP; PMP preferred</li>"
    "<li>5+ years of project management experience</li></ul><p>Salary: $90,000 - $110,000 per year</p>",
}


def test_labels_have_the_guidelines_shape():
    found = labels(POSTING)
    assert list(found) == [
        "is_it_pm",
        "degrees",
        "certifications",
        "experience",
        "skills",
        "salary",
        "remote",
    ]
    assert found["is_it_pm"] is True
    assert found["degrees"][0] == {
        "level": "bachelor", "modality": "required", "fields": ["computer-science"], "or_experience": False,
    }  # fmt: skip
    assert found["certifications"] == [{"id": "pmp", "modality": "required"}]
    assert found["experience"] == [
        {"min_years": 5, "max_years": None, "modality": "required", "subject": "project-management"}
    ]
    assert found["salary"] == {"min": 90000, "max": 110000, "currency": "USD", "period": "year"}
    assert found["remote"] == "remote"
    assert {"jira", "project-management"} <= {skill["id"] for skill in found["skills"]}


def test_one_bad_line_loses_nothing_else():
    rejected = []
    lines = [
        json.dumps(POSTING),
        "{broken",
        "[]",
        json.dumps({"id": "2"}),
        "",
        json.dumps(POSTING | {"id": "3"}),
    ]
    out = [json.loads(line) for line in extract_lines(lines, lambda number, reason: rejected.append((number, reason)))]
    assert [row["id"] for row in out] == ["1", "3"]
    assert [number for number, _ in rejected] == [2, 3, 4]
    assert all(reason for _, reason in rejected)


def test_a_named_certificate_is_not_counted_as_its_family_too():
    for text, expected in (
        ("PMI Agile Certified Practitioner (PMI-ACP)", ["pmi-acp"]),
        ("Certified Associate in Project Management (CAPM)", ["capm"]),
        ("Any PMI certification", ["pmi-other"]),
    ):
        found = labels({"title": "IT Project Manager", "description": f"Requirements\n- {text}"})
        assert [c["id"] for c in found["certifications"]] == expected
