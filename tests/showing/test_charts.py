import html
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from itpm_trends import charts
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.measuring.parts import FEWEST_VACANCIES, hiring_employers, parts_by
from itpm_trends.showing import lately
from itpm_trends.showing.market import NO_SHARES
from itpm_trends.showing.theme import BLUE, SERIES, STATED
from itpm_trends.tables import CLUSTERS, PAIRS, RECOMMENDATIONS, REQUIREMENT_MENTIONS, TRENDS, WEEKLY_PANEL

IN_THE_BASIC_BUNDLE = {"scatter", "bar", "pie"}


BUNDLE = ("skill:confluence", "skill:power-bi", "skill:sql")  # stated with Jira, each a little less often


@pytest.fixture(scope="module")
def bundled(market):
    """The market with four skills that come together."""
    with_jira = market.mentions[market.mentions["requirement_id"] == "skill:jira"]
    added = [
        with_jira[at::10].assign(requirement_id=one, start=1000 * place, end=1000 * place + 1)
        for place, one in enumerate(BUNDLE, start=1)
        for at in range(10 - place)
    ]
    others = market.mentions[~market.mentions["requirement_id"].isin(BUNDLE)]
    return replace(market, mentions=pd.concat([others, *added], ignore_index=True))


def drawn(market) -> dict:
    """Every chart of a market."""
    profile = "help-desk-analyst"
    return {
        "countries": charts.countries.figure(market.vacancies, market.scope),
        "emerging": charts.emerging.figure(lately.moves(market), market.scope),
        "hiring": charts.hiring.figure(market.vacancies, market.scope),
        "specialisms": charts.specialisms.figure(market.vacancies, market.scope),
        "together_map": charts.together_map.figure(market.pairs, market.clusters, market.scope),
        "ranked_shares": charts.ranked_shares.figure(market.shares(), market.scope),
        "share_over_time": charts.share_over_time.figure(
            market.panel, ["certification:pmp", "skill:scrum"], market.scope
        ),
        "changes": charts.changes.figure(market.trends),
        "degrees": charts.degrees.figure(market.vacancies, market.mentions, market.scope),
        "experience_years": charts.experience_years.figure(market.vacancies, market.mentions, market.scope),
        "source_mix": charts.source_mix.figure(market.flow, market.vacancies, market.scope),
        "learn_next": charts.learn_next.figure(market.recommendations, profile),
        "pay_bands": charts.pay_bands.figure(market.pay_differences, market.scope),
        "official_index": charts.official_index.figure(),
    }


def test_every_chart_is_listed_and_drawn(market):
    assert set(drawn(market)) == set(charts.NAMES)


def test_every_chart_says_what_n_and_how(market):
    for name, figure in drawn(market).items():
        meta = figure.layout.meta
        assert len(figure.data) > 0, name
        assert {trace.type for trace in figure.data} <= IN_THE_BASIC_BUNDLE, name
        assert "n = " in meta["note"] or name == "official_index", name
        assert meta["title"] and len(meta["alt"]) > len(meta["title"]), name
        assert figure.layout.xaxis.title.text, name
        # Bars with names beside them need no further word; every other axis has a unit.
        yaxis = figure.layout.yaxis
        assert yaxis.title.text or yaxis.ticktext or isinstance(figure.data[0].y[0], str), name


def test_share_axes_start_at_zero(market):
    figures = drawn(market)
    for name in ("ranked_shares", "degrees", "experience_years"):
        assert figures[name].layout.xaxis.range[0] == 0
    assert figures["share_over_time"].layout.yaxis.range[0] == 0
    assert figures["learn_next"].layout.xaxis2.range[0] == 0


def test_bars_are_the_counted_shares(market):
    figure = charts.ranked_shares.figure(market.shares(), kind="certification", top=3)
    required, preferred, whole = figure.data
    stating = market.mentions[market.mentions["requirement_id"] == "certification:pmp"]
    n_postings = len(market.vacancies)
    assert required.x[0] + preferred.x[0] == pytest.approx(stating["posting_id"].nunique() / n_postings)
    n_required = stating.loc[stating["modality"] == "required", "posting_id"].nunique()
    assert required.x[0] == pytest.approx(n_required / n_postings)
    assert list(whole.x) == sorted(whole.x, reverse=True)
    assert all(whole.error_x.array > 0)


def test_degree_parts_add_up(market):
    rows = charts.degrees.degree_shares(market.vacancies, market.mentions)
    assert (rows["n_strict"] + rows["n_or_experience"] + rows["n_preferred"] == rows["n_mentioning"]).all()
    assert rows["n_or_experience"].sum() > 0
    assert list(rows["requirement_id"])[:2] == ["degree:associate", "degree:bachelor"]


def test_years_of_every_step_add_up_to_one(market):
    rows = charts.experience_years.years_by_seniority(market.vacancies, market.mentions)
    assert rows.groupby("step")["share"].sum().round(9).eq(1).all()
    assert rows.loc[rows["step"] == "All postings", "n_band"].sum() == len(market.vacancies)


def test_a_gap_stays_a_gap(market):
    series = market.panel.query("stratum == 'all' and requirement_id == 'certification:pmp'").sort_values("week")
    weeks = pd.date_range(series["week"].min(), series["week"].max(), freq="W-MON")
    missing = set(weeks) - set(series["week"])
    assert missing, "the made-up market has a week that one source missed"
    filled = charts.share_over_time.with_gaps(series, "week", min_postings=1)
    assert set(filled.loc[filled["share"].isna(), "week"]) == missing
    assert len(charts.share_over_time.segments(filled)) == 2


def test_partial_periods_are_hollow(market):
    panel = market.panel.query("stratum == 'all'").copy()
    panel.loc[panel["week"] == panel["week"].max(), "maturity"] = "partial"
    line = charts.share_over_time.figure(panel, "certification:pmp", min_postings=1).data[-1]
    assert line.marker.color[-1] == "#ffffff"
    assert "#ffffff" not in line.marker.color[:-1]


def test_only_changes_beyond_chance_are_coloured(market):
    figure = charts.changes.figure(market.trends, top=40)
    by_name = {trace.name: len(trace.x) for trace in figure.data}
    verdicts = market.trends["verdict"].value_counts()
    assert by_name["Rising"] == verdicts["rising"] > 0
    assert by_name["Falling"] == verdicts["falling"] > 0


def test_below_the_minimum_charts_say_so(market):
    few = market.vacancies.head(29)
    for figure in (
        charts.ranked_shares.figure(pooled_shares(few, market.mentions)),
        charts.degrees.figure(few, market.mentions),
        charts.experience_years.figure(few, market.mentions),
        charts.countries.figure(few),
        charts.specialisms.figure(few),
    ):
        assert len(figure.data) == 0
        assert "29" in figure.layout.annotations[0].text


@pytest.mark.parametrize("rows", [0, 1])
def test_charts_draw_on_empty_and_one_row_tables(market, rows):
    postings, mentions = market.vacancies.head(rows), market.mentions.head(rows)
    flow = market.flow.head(rows)
    figures = [
        charts.ranked_shares.figure(NO_SHARES if rows == 0 else market.shares().head(1)),
        charts.share_over_time.figure(
            WEEKLY_PANEL.empty() if rows == 0 else market.panel.head(1), market.panel["requirement_id"].iloc[0]
        ),
        charts.changes.figure(TRENDS.empty() if rows == 0 else market.trends.head(1)),
        charts.degrees.figure(postings, REQUIREMENT_MENTIONS.empty() if rows == 0 else mentions),
        charts.experience_years.figure(postings, mentions),
        charts.source_mix.figure(flow, postings),
        charts.learn_next.figure(
            RECOMMENDATIONS.empty() if rows == 0 else market.recommendations.head(1), "help-desk-analyst"
        ),
        charts.countries.figure(postings),
        charts.specialisms.figure(postings),
        charts.hiring.figure(postings),
        charts.emerging.figure(lately.moves(market).head(rows)),
        charts.together_map.figure(PAIRS.empty(), CLUSTERS.empty()),
    ]
    assert all(figure.data or figure.layout.annotations for figure in figures)
    assert all(figure.to_json() for figure in figures)


def test_countries_are_counted_and_those_not_stated_stand_last(market):
    bar = charts.countries.figure(market.vacancies).data[0]
    counts = market.vacancies["country_code"].value_counts(dropna=False)
    assert bar.y[0] == f"United States (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{counts['US']:,})"
    assert bar.x[0] == pytest.approx(counts["US"] / len(market.vacancies))
    assert bar.y[-1].startswith("No country stated")
    assert sum(bar.x) == pytest.approx(1)
    assert bar.marker.color[-1] != bar.marker.color[0]


def test_employers_are_named_from_three_vacancies_on(market, postings_of):
    bar = charts.hiring.figure(market.vacancies).data[0]
    assert min(bar.x) >= FEWEST_VACANCIES and list(bar.x) == sorted(bar.x, reverse=True)
    names = ["Acme", "ACME", "acme ", "Bolt", "Bolt", None, None, None]
    rows = hiring_employers(postings_of([{"company_name": name} for name in names]))
    assert rows[["n_vacancies", "n_postings"]].to_numpy().tolist() == [[3, 8]]


def test_a_long_hostile_name_keeps_its_entities_whole(market):
    names = charts.hiring.figure(market.vacancies).data[0].y
    assert all("</script><script>window" in html.unescape(name.replace("<br>", "")).replace(" ", "") for name in names)
    assert not [name for name in names if "<" in name.replace("<br>", "")]
    assert not [line for name in names for line in name.split("<br>") if line.count("&") != line.count(";")]


def test_parts_add_up_to_all(market):
    rows = parts_by(market.vacancies, "workplace")
    assert rows["n_part"].sum() == len(market.vacancies)
    assert (rows["share_low"] <= rows["share"]).all() and (rows["share"] <= rows["share_high"]).all()
    assert rows["value"].iloc[-1] == ""


def test_what_emerges_is_drawn_before_and_of_late(market):
    moves = lately.moves(market)
    figure = charts.emerging.figure(moves, most=50)
    dots = {trace.name: trace for trace in figure.data if trace.name}
    assert list(dots["Before"].x) == moves["share_before"].tolist()
    for name, words in (("rising", "Rising"), ("fading", "Fading")):
        rows = moves[moves["list"] == name]
        assert len(rows) and list(dots[words].x) == rows["share_recent"].tolist()
        assert ((rows["share_recent"] > rows["share_before"]) == (name == "rising")).all()


def test_a_term_of_postings_is_text(market):
    planted = lately.moves(market).assign(label="<img src=x onerror=alert(1)>")
    assert "<img" not in charts.emerging.figure(planted).to_json()


def test_every_pair_has_one_mark_under_the_diagonal(bundled):
    figure = charts.together_map.figure(bundled.pairs, bundled.clusters)
    ids = charts.together_map.connected(bundled.pairs, bundled.clusters, 12)
    assert set(ids) >= {"skill:jira", *BUNDLE}
    marks = [(row, column) for trace in figure.data for row, column in zip(trace.y, trace.x, strict=True)]
    shown = bundled.pairs[bundled.pairs["first_id"].isin(ids) & bundled.pairs["second_id"].isin(ids)]
    assert len(marks) == len(set(marks)) == len(shown) >= 6
    assert all(column < row for row, column in marks)
    in_one_bundle = next(trace for trace in figure.data if trace.name == "In one bundle")
    members = set(bundled.clusters["requirement_id"])
    assert all({ids[row], ids[column]} <= members for row, column in zip(in_one_bundle.y, in_one_bundle.x, strict=True))


def test_a_hostile_source_name_is_text(market):
    hostile = market.vacancies.assign(source="<img src=x onerror=alert(1)>")
    figure = charts.source_mix.figure(market.flow.assign(source=hostile["source"].iloc[0]), hostile)
    assert "<img" not in figure.to_json()
    assert "<img" in html.unescape(figure.layout.meta["alt"])


def test_neighbours_are_told_apart_by_lightness():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colours, least in (
        ([STATED[part] for part in ("required", "or experience", "preferred")], 0.2),
        ((*charts.experience_years.COLOURS, charts.experience_years.NO_COLOUR), 0.06),
        (SERIES, 0.1),
    ):
        light = [lightness(colour) for colour in colours]
        assert all(abs(one - next_one) > least for one, next_one in pairwise(light)), colours
    assert lightness(charts.learn_next.BEFORE) - lightness(BLUE) > 0.3
