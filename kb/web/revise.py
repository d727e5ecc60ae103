"""修订: buttons that correct the codes of a provision or a variable of the PMC index, and what was corrected, to take back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import gradio as gr

from kb.coding import is_read
from kb.errors import KbError
from kb.model import STRENGTH_ZH, Held, Revision
from kb.revisions import words_hash
from kb.web.desk import Desk
from kb.web.markup import action, address, badge, esc, inner
from kb.web.parts import QUIET, data_of, inform, told
from kb.web.reason import UNREAD, folds

AGAIN = "() => window.kbAgain()"


def listen(desk: Desk, route: gr.HTML) -> None:
    """Carry out corrections asked for anywhere on the page, then show the page anew."""

    @told
    def revise(event: gr.EventData, request: gr.Request) -> None:
        inform(revised(desk, data_of(event), request.username or ""))

    route.revise(revise, None, None, **QUIET).then(None, None, None, js=AGAIN)


def revised(desk: Desk, data: Mapping[str, str], who: str) -> str:
    """Carry out what a button asks for; what to tell the user.

    Raises:
        KbError: what is to be corrected is no longer held, or a value that cannot be.
    """
    what, value = data.get("what"), data.get("value", "")
    if not value.isdigit():
        raise KbError("没有说明改成什么，未作修订。")
    if what == "undo":
        # the second of two quick clicks
        if any(r.id == int(value) and r.undone for r in desk.base.library.revisions()):
            return "这项用户修订已经撤销。"
        desk.base.take_back(int(value))
        return "已撤销这项用户修订。"
    if what == "score":
        made = desk.base.library.scores(data.get("region", "")).get(data.get("item", ""))
        # of two quick clicks the second still says what was before the first
        if value in (data.get("now"), str(made.value) if made else None):
            return "现在就是这样判定的，没有变化。"
        desk.base.correct_score(data.get("region", ""), data.get("item", ""), int(value), who)
        return f"已记为用户修订：{data.get('item')} = {value}。"
    _, held = desk.provision(data.get("p", ""))
    if int(value) == next((c.strength for c in held.codes if c.measure == data.get("item")), 0):
        return "这条已是这样编码，没有变化。"
    desk.base.correct(held.id, data.get("item", ""), int(value), who)
    return f"已记为用户修订：{_measure_name(desk, data.get('item', ''))} · {STRENGTH_ZH[int(value)]}。"


def code_buttons(held: Held, measure: str) -> str:
    """One button a strength for ``measure``; the one that holds is marked."""
    strength = next((c.strength for c in held.codes if c.measure == measure), 0)
    return "".join(
        action("revise", name, f"s{s} on" if s == strength else "", what="code", p=held.id, item=measure, value=s)
        for s, name in STRENGTH_ZH.items()
    )


def inline(held: Held, measure: str) -> str:
    """The same, folded away under a card."""
    return f'<details class="revise"><summary>修订编码</summary>这条在这项举措上应为：{code_buttons(held, measure)}</details>'


def score_buttons(desk: Desk, region: str, part: str, value: int) -> str:
    """Two buttons for a variable of the PMC index of ``region`` (or of the document of that id), and what was corrected."""
    buttons = "".join(
        action(
            "revise",
            f"判为 {v}",
            "on" if v == value else "",
            what="score",
            region=region,
            item=part,
            value=v,
            now=value,
        )
        for v in (0, 1)
    )
    made = [r for r in desk.base.library.revisions() if (r.kind, r.subject, r.item) == ("pmc", region, part)]
    return f'<p class="note">现为 {value}。{buttons}</p>{history(desk, made)}'


def history(desk: Desk, revisions: Iterable[Revision]) -> str:
    """Corrections not taken back, latest first, each with a button to do so, those a later one outdid marked."""
    standing = [r for r in revisions if r.undone is None]
    latest = {(r.kind, r.subject, r.words, r.item): r for r in standing}
    rows = "".join(_row(desk, r, r is latest[r.kind, r.subject, r.words, r.item]) for r in reversed(standing))
    return f'<ul class="revisions">{rows}</ul>' if rows else ""


def measure_history(desk: Desk, measure: str) -> str:
    """The corrections of one measure that hold."""
    return history(desk, (r for r in desk.base.library.revisions() if (r.kind, r.item) == ("code", measure)))


def _row(desk: Desk, r: Revision, holds: bool) -> str:
    document = desk.document(r.subject)
    where = inner(address(tab="library", doc=document.id), document.title) if document else esc(r.subject)
    value = f"{_measure_name(desk, r.item)} → {STRENGTH_ZH[r.value]}" if r.kind == "code" else f"{r.item} → {r.value}"
    return (
        f"<li>{badge('用户修订', 'origin-user')}{where}：{esc(value)}（{esc(r.who)}，{esc(r.at[:16].replace('T', ' '))}{'' if holds else '；其后又有修订，以后者为准'}）"
        f"{action('revise', '撤销', what='undo', value=r.id)}</li>"
    )


def code_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """All measures of the frame with the strength a provision has on each, to be corrected.

    Raises:
        KbError: the provision is no longer held.
    """
    from kb.web.cards import provision_card
    from kb.web.drawer import panel

    document, held = desk.provision(params["code"])
    words = words_hash(held.provision.text)
    made = [r for r in desk.base.library.revisions() if (r.subject, r.words) == (document.id, words)]
    coded = {c.measure for c in held.codes}
    why = folds(desk, document, held, [m.id for m in desk.frame.measures])
    groups = "".join(
        f"<details{' open' if any(m.id in coded for m in d.measures) else ''}><summary>{esc(d.name)}</summary>"
        + "".join(
            f'<div class="revise-row" title="{esc(m.includes)}"><span>{esc(m.name)}</span>{code_buttons(held, m.id)}{why[m.id]}</div>'
            for m in d.measures
        )
        + "</details>"
        for d in desk.frame.dimensions
    )
    note = '<p class="note">点一种力度即记为“用户修订”，比较结果随之改变；“未见”表示取消。修订另存，可撤销，不改动编者编码和自动识别的结果。</p>'
    if not held.codes and not is_read(held.provision):
        note += f'<p class="note">{UNREAD}</p>'
    return panel("修订编码", f"{provision_card(document, held)}{note}{history(desk, made)}{groups}")


def _measure_name(desk: Desk, measure: str) -> str:
    return next((m.name for m in desk.frame.measures if m.id == measure), measure)
