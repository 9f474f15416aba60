"""Which requirements come together?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import BLUE, ORANGE, ROW_HEIGHT, message, themed, wrapped
from itpm_trends.showing.wording import label, percent

NOTHING = "No two requirements come together more often than chance, or too few postings state them to tell."
LARGEST, SMALLEST = 15, 6  # pixels of a mark
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # one stands in a column where a number of two digits has no room


def figure(pairs: pd.DataFrame, clusters: pd.DataFrame, scope: str = "", top: int = 12) -> go.Figure:
    """A mark for each pair among the ``top`` requirements with the closest ties: ``Market.pairs`` and ``clusters``.

    Rows carry the names, columns their letters. Requirements of one cluster stand beside each other.
    """
    title = "Requirements that come together"
    if not len(pairs):
        return message(title, NOTHING, scope)
    ids = connected(pairs, clusters, top)
    places = {requirement_id: at for at, requirement_id in enumerate(ids)}
    cluster_of = clusters.set_index("requirement_id")["name"]
    shown = pairs[pairs["first_id"].isin(ids) & pairs["second_id"].isin(ids)]
    ends = [sorted((places[a], places[b])) for a, b in zip(shown["first_id"], shown["second_id"], strict=True)]
    shown = shown.assign(column=[a for a, _ in ends], row=[b for _, b in ends])
    first, second = (shown[name].map(cluster_of) for name in ("first_id", "second_id"))
    is_bundled = first.eq(second).fillna(False).to_numpy(dtype=bool)
    letters = LETTERS[: len(ids)]
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                int(shown["n_postings"].max()), None, scope,
                "a mark where row and column come together beyond chance, larger where they part less often",
            ),
            alt=alt_text(shown, title),
            height=(ROW_HEIGHT + 6) * len(ids),
            xaxis_title_text="Letter of the other",
            xaxis_tickmode="array",
            xaxis_tickvals=list(range(len(ids) - 1)),
            xaxis_ticktext=list(letters[:-1]),
            xaxis_range=[-0.6, len(ids) - 1.4],
            xaxis_zeroline=False,
            yaxis_tickmode="array",
            yaxis_tickvals=list(range(len(ids))),
            yaxis_ticktext=[f"{wrapped(label(i))} {letters[at]}" for i, at in places.items()],
            yaxis_range=[len(ids) - 0.4, -0.6],
            yaxis_zeroline=False,
            yaxis_ticklabelstandoff=6,
            showlegend=True,
        )
    )  # fmt: skip
    for name, rows, colour, symbol in (
        ("In one bundle", shown[is_bundled], BLUE, "square"),
        ("In two bundles, or none", shown[~is_bundled], ORANGE, "circle"),
    ):
        if len(rows):
            drawn.add_trace(_marks(rows, name, colour, symbol))
    return drawn


def connected(pairs: pd.DataFrame, clusters: pd.DataFrame, top: int) -> list[str]:
    """The ``top`` requirements whose ties add up to most, those of one cluster beside each other."""
    ends = pd.concat([pairs.set_index(name)["npmi"] for name in ("first_id", "second_id")])
    strength = ends.groupby(level=0).sum().sort_values(ascending=False, kind="stable").head(top)
    bundle = pd.Series(strength.index, index=strength.index).map(clusters.set_index("requirement_id")["name"])
    bundle = bundle.fillna(pd.Series(strength.index, index=strength.index))
    weight = strength.groupby(bundle).transform("sum")
    rows = pd.DataFrame({"weight": weight, "bundle": bundle, "strength": strength})
    return rows.sort_values(["weight", "bundle", "strength"], ascending=[False, True, False]).index.tolist()


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words, the closest pairs first."""
    told = (
        f"{label(r.first_id)} and {label(r.second_id)} in {percent(r.n_together / r.n_postings)} of {r.n_postings:,}"
        for r in rows.sort_values("rank").head(20).itertuples()
    )
    return f"{title}, the closest first: " + "; ".join(told) + "."


def _marks(rows: pd.DataFrame, name: str, colour: str, symbol: str) -> go.Scatter:
    told = [
        f"{label(r.first_id)} and {label(r.second_id)}<br>together in {r.n_together:,} of {r.n_postings:,} postings; "
        f"the one in {r.n_first:,}, the other in {r.n_second:,}"
        for r in rows.itertuples()
    ]
    return go.Scatter(
        x=rows["column"],
        y=rows["row"],
        mode="markers",
        name=name,
        marker={
            "color": colour,
            "symbol": symbol,
            "size": SMALLEST + (LARGEST - SMALLEST) * (2 * rows["npmi"]).clip(upper=1),
        },
        customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
    )
