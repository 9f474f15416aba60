"""One look for every chart: fonts, colour-blind-safe colours, sizes, and where title and note stand."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import plotly.graph_objects as go

# Okabe and Ito (2008): told apart by readers with any of the common colour deficiencies.
BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
VERMILION, PURPLE, YELLOW, GREY = "#D55E00", "#CC79A7", "#F0E442", "#8A8A8A"
# Neighbours differ in lightness, so that stacked bars survive a printer without colour.
SERIES = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE)
# Lines are told apart in print without colour too.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon")
INK, FAINT, PAPER = "#1f2933", "#d9dee3", "#ffffff"
STATED = {"required": BLUE, "or experience": "#3DB28B", "preferred": "#A6D4F2"}
VERDICT_COLOURS = {"rising": BLUE, "falling": VERMILION, "steady": GREY, "too few": "#BDBDBD"}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

TITLE_WIDTH, NOTE_WIDTH, MESSAGE_WIDTH, LABEL_WIDTH = 60, 92, 40, 28  # characters a line
ROW_HEIGHT, LINE_HEIGHT = 30, 10  # pixels a bar, and more for each further line of the longest label
LEGEND_HEIGHT = 46
FEW_PERIODS = 4  # each of so few has its own tick
ROOM_FOR_VALUES = 1.2  # length of an axis, the longest interval being 1, whose bars end in their values


def themed(title: str, note: str = "", alt: str = "", height: int = 420, **layout) -> go.Layout:
    """The layout of every chart.

    ``title`` says what is measured; ``note`` says n, employers, sources and period. Both stand wrapped above the
    plot and, unwrapped, in ``layout.meta`` with ``alt``, the chart in words, for pages that set them as text.
    ``height`` is that of the plot in pixels, title and legend not included.
    """
    title_lines, note_lines = textwrap.wrap(title, TITLE_WIDTH), textwrap.wrap(note, NOTE_WIDTH)
    top = 30 + 24 * len(title_lines) + 17 * len(note_lines)
    base = go.Layout(
        title={
            "text": "<br>".join(title_lines),
            "subtitle": {"text": "<br>".join(note_lines), "font": {"size": 12, "color": "#52606d"}},
            "x": 0,
            "xanchor": "left",
            "xref": "container",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            # Above a subtitle plotly lifts a title by its further lines.
            "pad": {"l": 12, "t": 14 + 22 * (len(title_lines) - 1)},
            "font": {"size": 17, "color": INK},
        },
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        height=height + top + LEGEND_HEIGHT + 60,
        margin={"l": 12, "r": 24, "t": top + LEGEND_HEIGHT, "b": 60},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={
            "automargin": True,
            "gridcolor": FAINT,
            "zerolinecolor": "#9aa5b1",
            "title": {"standoff": 12},
            "tickangle": 0,
        },
        yaxis={"automargin": True, "gridcolor": FAINT, "zerolinecolor": "#9aa5b1", "title": {"standoff": 12}},
        hoverlabel={"align": "left", "bgcolor": "#ffffff", "font": {"color": INK}},
        colorway=SERIES,
        meta={"title": title, "note": note, "alt": alt, "top": top},
    )
    return base.update(layout)


def message(title: str, text: str, note: str = "") -> go.Figure:
    """A chart that says in words why nothing is drawn."""
    lines = textwrap.wrap(text, MESSAGE_WIDTH)
    figure = go.Figure(layout=themed(title, note, alt=f"{title}. {text}", height=max(90, 22 * len(lines))))
    figure.update_layout(xaxis={"visible": False}, yaxis={"visible": False})
    figure.add_annotation(
        text="<br>".join(lines),
        x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 15, "color": "#52606d"},
    )  # fmt: skip
    return figure


def wrapped(text: str, width: int = LABEL_WIDTH) -> str:
    """An axis label in lines short enough for a telephone (``text`` already escaped or from the vocabulary)."""
    return "<br>".join(textwrap.wrap(text, width)) or text


def whiskers(middle, low, high, colour: str = INK) -> dict:
    """The interval from ``low`` to ``high`` as error bars around ``middle``."""
    return {
        "type": "data",
        "array": high - middle,
        "arrayminus": middle - low,
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def values_beside(
    drawn: go.Figure, names: Sequence[str], at: Sequence[float], values: Sequence[str], xref: str = "x"
) -> None:
    """Write each bar's value behind ``at``, where the bar or its interval ends on the axis ``xref``."""
    for name, end, value in zip(names, at, values, strict=True):
        drawn.add_annotation(x=end, xref=xref, y=name, text=value, xanchor="left", xshift=6, showarrow=False)


def period_axis(periods: Sequence, period: str) -> dict:
    """The axis of ``periods`` ("week" or "month"): days or months below it, and no hours where there are few."""
    known = sorted(set(periods))
    return {
        "title": {"text": f"{period.capitalize()} in which the posting was new"},
        "tickformat": "%b<br>%Y" if period == "month" else "%d %b<br>%Y",
        "tickvals": known if len(known) <= FEW_PERIODS else None,
    }


def rows_height(names: Sequence[str]) -> int:
    """Height in pixels of a plot with one bar for each of ``names`` (wrapped labels)."""
    n_lines = max((name.count("<br>") for name in names), default=0)
    return max(3, len(names)) * (ROW_HEIGHT + LINE_HEIGHT * n_lines) + 20
