"""The drawer that opens over the page: the evidence behind a cell, a number or a provision."""

from __future__ import annotations

from collections.abc import Mapping

from kb.compare.frame import TOOL_ZH
from kb.compare.result import BASIS_ZH, Cell, Finding, how_many
from kb.errors import KbError
from kb.web.cards import attestation_card, evidence_card, provision_card, strength_badge
from kb.web.desk import Choice, Desk, Table
from kb.web.heat import COVERAGE_WORD, body, closed_note, kind_badge
from kb.web.markup import action, badge, empty, esc, inner
from kb.web.reason import folds
from kb.web.revise import inline, measure_history

MOST = 40
NEAR = 12


def drawer(desk: Desk, params: Mapping[str, str]) -> str:
    """What the drawer shows for an address; empty when it asks for nothing.

    Raises:
        KbError: the address names what is not there.
    """
    from kb.web import ask, revise, sectors, targets, tools

    builders = {
        "code": revise.code_panel, "measure": measure_params, "near": near_panel, "target": targets.target_panel, "sector": sectors.sector_panel,
        "tool": tools.tool_panel, "part": tools.part_panel, "ask": ask.ask_panel,
    }  # fmt: skip
    for name, build in builders.items():
        if params.get(name):
            return build(desk, params)
    return ""


def measure_params(desk: Desk, params: Mapping[str, str]) -> str:
    """The panel of the measure an address names."""
    return measure_panel(desk, Choice.parse(params), params["measure"], params.get("region", ""))


def near_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """Provisions of other regions that say something like one provision, the best of each region.

    Raises:
        KbError: the provision is no longer held.
    """
    document, held = desk.provision(params["near"])
    cards = "".join(
        provision_card(h.document, h.held, badge(f"相似度 {h.cosine or 0:.2f}", "quiet"))
        for h in desk.base.similar(held.id, NEAR)
    )
    return panel(
        "其他地区的相近条款",
        f"{provision_card(document, held, badge('所选条款', 'attested'))}"
        f'<p class="note">按语义相似度排列，每个地区取最相近的一条；相近不等于相同，请对照原文。</p>{cards or empty("没有找到。")}',
    )


def panel(title: str, content: str, lead: str = "") -> str:
    """The frame of the drawer."""
    return (
        f'<section class="panel" role="dialog" aria-label="{esc(title)}" tabindex="-1"><header class="panel-head">'
        f'<div>{lead}<h2>{esc(title)}</h2></div><button type="button" class="close" data-close="1"'
        f' aria-label="关闭" title="关闭（Esc）">✕</button></header>{content}</section>'
    )


def cut_off(count: int) -> str:
    """That of ``count`` provisions only the first are listed; nothing where all are."""
    return badge(f"只列前 {MOST} 条", "quiet") if count > MOST else ""


def measure_panel(desk: Desk, choice: Choice, measure_id: str, region: str = "") -> str:
    """Both sides' provisions on a measure beside each other, with the finding above them.

    Raises:
        KbError: no such measure, or the region is not in the table.
    """
    shown = desk.table(choice)
    measure = shown.frame.measure(measure_id)
    own = shown.comparison.columns[0].region
    if region and (measure.id, region) not in shown.cells:
        raise KbError(f"当前对照表中没有“{region}”，请在“对照”中加选该地区。")
    finding = shown.findings[measure.id]
    lead = f'<p class="crumb">{esc(shown.frame.dimension_name(measure))} · {esc(TOOL_ZH[measure.tool])}政策工具</p>'
    about = f'<p class="define">指：{esc(measure.includes)}。<span>不含：{esc(measure.excludes)}。</span></p>'
    left = _side(desk, finding, shown.cells[(measure.id, own)], "基准")
    if region and region != own:
        right = _side(desk, finding, shown.cells[(measure.id, region)], "对照")
    else:
        right = _peers_side(finding)
    return panel(
        measure.name,
        f"{about}{_verdict(desk, finding)}{_regions(shown, choice, measure.id, region)}"
        f'<div class="sides">{left}{right}</div>',
        lead,
    )


def _verdict(desk: Desk, finding: Finding) -> str:
    said = "".join(attestation_card(a) for a in finding.attestations)
    about = (
        f'<details class="said"><summary>关于基准的佐证 {len(finding.attestations)} 条</summary>{said}</details>'
        if said
        else ""
    )
    return (
        f'<div class="verdict {finding.kind}"><p>{kind_badge(finding)}{badge(BASIS_ZH[finding.basis], "quiet")}'
        f"{badge('把握 ' + finding.confidence, 'quiet')}{action('pin', '收进资料夹', kind='finding', ref=finding.measure.id)}</p>"
        f"<p>{esc(body(finding))}</p>{closed_note(desk, finding.closed_by)}{about}{measure_history(desk, finding.measure.id)}</div>"
    )


def _regions(shown: Table, choice: Choice, measure: str, region: str) -> str:
    """Links to each region that has the measure, strongest first."""
    cells = [shown.cells[(measure, c.region)] for c in shown.comparison.columns[1:]]
    having = sorted((c for c in cells if c.strength), key=lambda c: -c.strength)
    links = [
        inner(choice.href(measure=measure), f"全部有规定的 {len(having)} 个", "chip" + ("" if region else " on"))
    ]
    for cell in having:
        css = f"chip s{cell.strength}" + (" on" if cell.region == region else "")
        links.append(inner(choice.href(measure=measure, region=cell.region), cell.region, css))
    return f'<nav class="chips" aria-label="选择对照地区">{"".join(links)}</nav>'


def _side(desk: Desk, finding: Finding, cell: Cell, role: str) -> str:
    measure = finding.measure.id
    cards = [evidence_card(e, finding.measure) for e in cell.evidence[:MOST]]
    cards += [attestation_card(a) for a in cell.attestations if a.says == "has"]
    if not cards:
        cards.append(empty(f"现有收录中未见{cell.region}的相应规定。"))
        if role == "基准" and finding.nearest is not None:
            document, held = finding.nearest
            extra = folds(desk, document, held, [measure])[measure] + inline(held, measure)
            cards.append('<p class="note">意思最接近的现有条款：</p>' + provision_card(document, held, extra=extra))
    note = "" if cell.coverage == "full" else f'<p class="note">{esc(_partial_note(cell))}</p>'
    if len(cell.evidence) > MOST:
        note += f'<p class="count">{len(cell.evidence)} 条，力度强的在前{cut_off(len(cell.evidence))}</p>'
    return (
        f'<div class="side"><h3><span class="role">{role}</span>{esc(cell.region)}{strength_badge(cell.strength)}'
        f"{badge(COVERAGE_WORD[cell.coverage], 'quiet')}</h3>{note}{''.join(cards)}</div>"
    )


def _partial_note(cell: Cell) -> str:
    if cell.coverage == "none":
        return "文库中没有该地区在所选日期现行的文件。"
    return "专门文件没有全部收录全文，未见不等于没有，引用前请核对官方页面。"


def _peers_side(finding: Finding) -> str:
    cards = [evidence_card(e, finding.measure) for e in finding.peer_evidence if e != finding.model]
    if finding.model is not None:
        cards.insert(0, '<p class="note">可资借鉴的文本：</p>' + evidence_card(finding.model, finding.measure))
    cards += [attestation_card(a) for a in finding.peer_attestations]
    if not cards:
        cards.append(empty("现有收录中未见其他地区的相应规定。"))
    return (
        f'<div class="side"><h3><span class="role">对照</span>{how_many(finding.peers)}有规定，计入 {finding.counted_peers} 个'
        f"{badge('每地区至少一条，每份文件至多一条；全部见各地区', 'quiet')}</h3>{''.join(cards)}</div>"
    )
