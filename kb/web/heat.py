"""The heat map of measures × regions and the list of findings, as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kb.compare.findings import aside
from kb.compare.force import BELOW, breadth, today
from kb.compare.frame import Dimension, Measure
from kb.compare.result import BASIS_ZH, KIND_ZH, Cell, Column, Comparison, Finding, told_apart
from kb.model import STRENGTH_TOLD, STRENGTH_ZH
from kb.web.desk import Choice, Desk, Table
from kb.web.markup import badge, empty, esc, inner, table

# Pixels, as in style.css.
ROW_HEAD, COLUMN = 170, 150
COVERAGE_WORD = {"full": "全文收录", "partial": "收录不完整", "none": "未收录"}


def shown_dimensions(table_: Table, choice: Choice) -> Sequence[Dimension]:
    """The dimensions the choice asks for, all when it names none."""
    return [d for d in table_.frame.dimensions if not choice.dims or d.id in choice.dims]


def heat_map(shown: Table, choice: Choice, asked: str = "") -> str:
    """The whole table; each cell is a link to both sides' provisions. ``asked`` is a finished row on top."""
    columns = shown.comparison.columns
    head = "".join(
        _column_head(c, i, name) for i, (c, name) in enumerate(zip(columns, short_names(columns), strict=True))
    )
    body = "".join(_group(d, shown, choice) for d in shown_dimensions(shown, choice))
    return (
        f'<div class="heat-box" id="heat-box"><table class="heat" style="{width_of(columns)}"><caption class="hidden">举措与地区对照表</caption>'
        f'<thead><tr><th scope="col" class="corner">举措 ＼ 地区</th>{head}</tr></thead>{asked}{body}</table></div>'
    )


def width_of(columns: Sequence[Column]) -> str:
    """So wide that a few columns are not pulled apart."""
    return f"width: min(100%, {ROW_HEAD + COLUMN * len(columns)}px)"


def legend() -> str:
    """What colours and hatching mean."""
    steps = "".join(f'<span class="key s{s}">{esc(name)}</span>' for s, name in STRENGTH_ZH.items())
    notes = "；".join(f"{STRENGTH_ZH[n]}＝{told}" for n, told in STRENGTH_TOLD.items())
    hatched = '<span><span class="key hatch">斜纹</span>收录不完整，“未见”不等于没有</span>'
    over = '<span><span class="key">(部署)</span>规划期或有效期已满，或非专门文件中仅由程序识别的，对照地区不计入；目标年份已过的承诺按部署计，不针对未来产业整体的专项规划和立法按提及计</span><span><span class="key">部署*</span>据有日期的佐证，不是收录的条款</span>'
    return f'<p class="legend">{steps}<span class="notes">{notes}</span>{hatched}{over}</p>'


def _column_head(column: Column, index: int, name: str) -> str:
    title = f"{column.region}：{len(column.documents)} 份现行文件，{COVERAGE_WORD[column.coverage]}"
    kind = "base" if index == 0 else "" if column.counted else "aside"
    note = "" if column.counted or index == 0 else "（列出供参考，不计入对照数）"
    return f'<th scope="col" class="{kind}" title="{esc(title + note)}"><span>{esc(name)}</span></th>'


def short_names(columns: Sequence[Column]) -> list[str]:
    """What fits over the columns, no two alike: the region; of a single document, whose titles begin alike, its region
    and kind, with its date or in full where that is needed to tell it from another."""
    return told_apart([_forms(c) for c in columns])


def _forms(column: Column) -> tuple[str, ...]:
    if column.is_document and column.documents:
        document = column.documents[0]
        name = f"{document.region} {document.instrument or '文件'}"
        return (name, f"{name} {document.known_since or '日期未详'}", column.region)
    name = column.region.replace(BELOW, "下辖")
    return (name if len(name) <= 8 else name[:7] + "…", column.region)


def _group(dimension: Dimension, shown: Table, choice: Choice) -> str:
    width = len(shown.comparison.columns)
    rows = "".join(_row(m, shown, choice) for m in dimension.measures)
    return (
        f'<tbody><tr class="dim"><th scope="rowgroup">{esc(dimension.name)}</th><td colspan="{width}"></td></tr>'
        f"{rows}</tbody>"
    )


def _row(measure: Measure, shown: Table, choice: Choice) -> str:
    finding = shown.findings[measure.id]
    href = choice.href(measure=measure.id)
    title = f"{KIND_ZH[finding.kind]}　{measure.includes}"
    dot = f'<i class="dot {finding.kind}"></i>'
    head = f'<th scope="row"><a href="{esc(href)}" title="{esc(title)}">{dot}{esc(measure.name)}</a></th>'
    cells = "".join(
        _cell(shown.cells[(measure.id, c.region)], choice, i == 0) for i, c in enumerate(shown.comparison.columns)
    )
    return f"<tr>{head}{cells}</tr>"


def _cell(cell: Cell, choice: Choice, own: bool) -> str:
    over = aside(cell, own)
    css = f"s{cell.strength}" + (" hatch" if cell.coverage == "partial" else "") + (" base" if own else "")
    lowered = cell.as_baseline < cell.strength if own else bool(over)
    css += " over" if lowered else ""
    if cell.coverage == "none":
        return '<td class="none"><span title="未收录">—</span></td>'
    href = choice.href(measure=cell.measure, region=cell.region)
    note = over.strip("（）") or ("据佐证" if cell.attested else "")
    title = f' title="{esc(note)}"' if note else ""
    name = STRENGTH_ZH[cell.strength]
    word = f"({name})" if lowered else f"{name}*" if cell.attested else name
    return f'<td class="{css}"><a tabindex="-1" href="{esc(href)}"{title}>{word}</a></td>'


def summary(shown: Table, choice: Choice) -> str:
    """One line: what is compared and how many findings of each kind, each a link that filters the list."""
    result = shown.comparison
    shown_here = [f for f in result.findings if not choice.dims or f.measure.dimension in choice.dims]
    counts = Counter(f.kind for f in shown_here)
    chips = "".join(_chip(choice, kind, f"{name} {counts[kind]}") for kind, name in KIND_ZH.items())
    closed = sum(bool(f.closed_by) for f in shown_here)
    text = f"基准 {result.baseline} · 计入对照 {len(result.peers)} 个 · 截至 {result.as_of}{ahead(result)}"
    done = badge(f"已被后续文件补上 {closed}", "closed") if closed else ""
    return f'<div class="summary"><strong>{esc(text)}</strong>{chips}{done}</div>'


def compared(shown: Table, choice: Choice) -> str:
    """One line for the tabs beside: what is compared there, with a link to change it."""
    result = shown.comparison
    link = inner(choice.href(), "更改基准、对照和日期", "", "在差距对比中更改")
    return (
        f'<p class="compared">基准 <strong>{esc(result.baseline)}</strong>　对照 <strong>{esc(peers(result) or "无")}</strong>'
        f"　截至 <strong>{esc(result.as_of)}</strong>{ahead(result)}　{link}</p>"
    )


def ahead(result: Comparison) -> str:
    """That the day of comparison is still to come, if so: a slip of the pen gives a table that looks right."""
    return "（晚于今天）" if result.as_of > today() else ""


def peers(result: Comparison) -> str:
    """With whom the baseline is compared, the first of them where they are many."""
    others = [c.region for c in result.columns[1:]]
    return "、".join(others) if len(others) <= 6 else f"{'、'.join(others[:3])}等 {len(others)} 个"


def _chip(choice: Choice, kind: str, text: str) -> str:
    """A link that shows one kind of finding only; the same link takes that back."""
    on = choice.kinds == (kind,)
    href = choice.but(kinds=() if on else (kind,)).href()
    css = "chip on" if on else "chip"
    return f'<a class="{css}" href="{esc(href)}" title="只看这一类；再点一次取消"><i class="dot {esc(kind)}"></i>{esc(text)}</a>'


def chosen_findings(shown: Table, choice: Choice) -> list[Finding]:
    """The findings the choice asks for, most important first."""
    return [
        f for f in shown.comparison.findings
        if (not choice.kinds or f.kind in choice.kinds)
        and (not choice.dims or f.measure.dimension in choice.dims)
        and (not choice.sure or f.confidence in choice.sure)
    ]  # fmt: skip


def findings_table(desk: Desk, shown: Table, choice: Choice) -> str:
    """The list of findings, each with a link to its evidence."""
    chosen = chosen_findings(shown, choice)
    if not chosen:
        return empty("没有符合这些条件的结论。可放宽类别、维度或把握程度。")
    rows = (_finding_row(desk, shown, f, choice) for f in chosen)
    heads = ("结论", "举措", "说明", "依据", "把握", "基准", "对照")
    return table(heads, rows, "list findings", "差距结论清单")


def _finding_row(desk: Desk, shown: Table, finding: Finding, choice: Choice) -> str:
    dimension = shown.frame.dimension_name(finding.measure)
    peers = f"{finding.counted_peers} 个" if finding.counted_peers else "无"
    return (
        f'<tr class="{finding.kind}"><td>{kind_badge(finding)}</td>'
        f"<td>{inner(choice.href(measure=finding.measure.id), finding.measure.name, 'strong')}<small>{esc(dimension)}</small></td>"
        f"<td>{esc(body(finding))}{closed_note(desk, finding.closed_by)}</td><td>{esc(BASIS_ZH[finding.basis])}</td>"
        f"<td>{esc(finding.confidence)}</td><td>{STRENGTH_ZH[finding.baseline_strength]}</td><td>{peers}</td></tr>"
    )


def body(finding: Finding) -> str:
    """The finding's sentence without the measure's name in front of it."""
    return finding.sentence.removeprefix(f"“{finding.measure.name}”：")


def kind_badge(finding: Finding) -> str:
    """缺口, 疑似缺口 … as a coloured label."""
    return badge(KIND_ZH[finding.kind], f"kind {finding.kind}")


def closed_note(desk: Desk, closed_by: Iterable[str]) -> str:
    """已被后续文件补上, with links to those documents."""
    documents = [d for d in map(desk.document, closed_by) if d]
    if not documents:
        return ""
    from kb.web.markup import address

    links = "；".join(inner(address(tab="library", doc=d.id), d.citation) + breadth(d) for d in documents)
    return f'<p class="closed-by">{badge("已被后续文件补上", "closed")}{links}</p>'
