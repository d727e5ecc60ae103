"""Plotly figures: quantified goals by region, the PMC radar and the PMC surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from kb.compare.indicators import AlignedTarget
from kb.compare.pmc import PmcResult
from kb.compare.result import TargetRow
from kb.compare.scope import WHOLE, WIDER

INK, SOFT, ACCENT, OTHER = "#1f2933", "#52606d", "#1f4e79", "#b45309"
PEER = "#7fa8cc"
# the shape of a goal's dot by what it is about; one sector has the other
SHAPES = {WHOLE: "circle", WIDER: "square"}
FONT = {
    "family": "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
    "size": 13,
    "color": INK,
}


def target_chart(rows: Sequence[tuple[TargetRow, AlignedTarget]], baseline: str, title: str = "") -> Any:
    """One dot (or bar from low to high) a goal, regions and years below each other; the baseline is darker, its shape says
    what it is about, hollow what stands in a text not devoted to the field or in a plan whose period is over."""
    figure = go.Figure()
    lines = list(dict.fromkeys(_line(*one) for one in rows))
    for row, aligned in rows:
        ends = [v for v in (aligned.low, aligned.high) if v is not None]
        colour = ACCENT if row.region == baseline else PEER
        figure.add_scatter(
            x=ends, y=[_line(row, aligned)] * len(ends), mode="lines+markers", showlegend=False,
            line={"color": colour, "width": 4},
            marker={"color": colour, "size": 10, "symbol": SHAPES.get(row.scope, "diamond") + "-open" * bool(row.remark)},
            hovertemplate=f"{_line(row, aligned)}<br>{_plain(row.target.indicator)}（口径：{_plain(row.scope)}）{row.remark}<br>%{{x}} {_plain(aligned.unit)}{'/年' * aligned.yearly}<extra></extra>",
        )  # fmt: skip
    unit = rows[0][1].unit if rows else ""
    values = [0.0, *(v for _, a in rows for v in (a.low, a.high) if v is not None)]
    room = 0.04 * (max(values) - min(values) or 1)
    # plain numbers: by default ten thousand is 10k
    figure.update_xaxes(
        title={"text": unit, "standoff": 4}, gridcolor="#e5eaef", zeroline=False, tickformat="~f",
        range=[min(values) - room, max(values) + room],  # with nought, and room for a dot that stands at an end
        hoverformat="~f",
    )  # fmt: skip
    figure.update_yaxes(categoryorder="array", categoryarray=lines[::-1], gridcolor="#eef2f6")
    figure.update_layout(title={"text": _plain(title), "font": {"size": 14}, "x": 0.5, "y": 0.99, "yanchor": "top"})
    return _laid_out(figure, 100 + 24 * max(len(lines), 3))


def radar(values: Mapping[str, Mapping[str, float]], names: Mapping[str, str]) -> Any:
    """First-level PMC values, one line a policy."""
    figure = go.Figure()
    axes = [names[k] for k in names]
    for (policy, scores), colour in zip(values.items(), (ACCENT, OTHER), strict=False):
        heights = [scores[k] for k in names]
        figure.add_scatterpolar(
            r=[*heights, heights[0]], theta=[*axes, axes[0]], name=_plain(policy), line={"color": colour, "width": 2.5},
            fill="toself" if colour == ACCENT else "none", fillcolor="rgba(31, 78, 121, 0.18)",
        )  # fmt: skip
    figure.update_polars(radialaxis={"range": [0, 1], "tickfont": {"size": 10}, "gridcolor": "#dfe5eb"})
    # names of four characters stand beside the circle, on a narrow screen too
    return _laid_out(figure, 380).update_layout(margin={"l": 64, "r": 64})


def surface(result: PmcResult, names: Mapping[str, str], policy: str) -> Any:
    """The PMC surface of one policy; pointing at a corner names its variable."""
    nine = list(names.values())[:9]
    figure = go.Figure(
        go.Surface(
            z=[list(r) for r in result.surface], text=[nine[i : i + 3] for i in (0, 3, 6)], cmin=0, cmax=1,
            colorscale="Blues", colorbar={"thickness": 10, "len": 0.6}, hovertemplate="%{text}：%{z:.2f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_scenes(
        zaxis={"range": [0, 1], "title": ""}, xaxis={"tickvals": [], "title": ""},
        yaxis={"tickvals": [], "title": ""}, camera={"eye": {"x": 1.5, "y": 1.5, "z": 0.9}},
    )  # fmt: skip
    figure.update_layout(title={"text": f"{_plain(policy)} · PMC 曲面", "font": {"size": 13}, "x": 0.5})
    return _laid_out(figure, 380)


def _line(row: TargetRow, aligned: AlignedTarget) -> str:
    """Which line of the chart a goal stands on: its region and year, apart what is so much every year."""
    return f"{_plain(row.region)} {row.target.year or '年份未详'}{'（每年）' if aligned.yearly else ''}"


def _laid_out(figure: Any, height: int) -> Any:
    figure.update_layout(
        height=height, font=FONT, margin={"l": 10, "r": 30, "t": 30, "b": 30}, paper_bgcolor="white",
        plot_bgcolor="white", legend={"orientation": "h", "y": -0.08},
    )  # fmt: skip
    return figure


def _plain(text: str) -> str:
    """Text without what plotly would take for markup."""
    return text.replace("<", "＜").replace(">", "＞").replace("%{", "％{")
