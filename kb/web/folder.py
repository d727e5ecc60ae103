"""资料夹: what was set aside, in order, with notes; kept on the server under a name; exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from kb.compare.result import BASIS_ZH, KIND_ZH
from kb.correcting import now
from kb.errors import KbError
from kb.model import CERTAINTY_ZH, Held
from kb.pins import DEFAULT, Pin, as_csv, as_markdown, write_docx
from kb.report.tables import DIGEST
from kb.web.cards import place, provision_href
from kb.web.desk import Choice, Desk
from kb.web.heat import body, peers
from kb.web.markup import action, badge, empty, esc, inner, is_web, marked, outer
from kb.web.parts import QUIET, answer, data_of, download, inform, params_of, told, view

GO = "(name) => window.kbGo({tab: 'folder', name})"
AGAIN = "() => window.kbAgain()"
FORMATS = {"docx": "Word（.docx）", "md": "Markdown（.md）", "csv": "表格（.csv）"}


def folder_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab; listen to ``route`` for this tab and for pinning from anywhere."""
    with gr.Row(elem_classes="controls"):
        name = gr.Dropdown(
            desk.collections.names(), value=DEFAULT, allow_custom_value=True, label="资料夹（输入新名称即新建；收藏进入当前资料夹）",
            scale=4, elem_id="collection",
        )  # fmt: skip
        kind = gr.Dropdown(
            [(v, k) for k, v in FORMATS.items()], value="docx", label="导出格式", scale=2, min_width=150
        )
        export = gr.Button("导出", variant="primary", scale=0, min_width=90, elem_id="export")
    pins = view("pins")
    name.input(None, name, None, js=GO)

    def open_folder(event: gr.EventData) -> Any:
        chosen = params_of(event).get("name") or DEFAULT
        held = desk.collections.pins(chosen)
        return [gr.update(value=chosen, choices=desk.collections.names()), pins_html(chosen, held)]

    @told
    def pin(chosen: str | None, event: gr.EventData) -> None:
        data = data_of(event)
        made = made_pin(desk, data)
        new = desk.collections.add(chosen or DEFAULT, made)
        inform(f"{'已收进' if new else '已经在'}资料夹“{chosen or DEFAULT}”：{made.title}")

    @told
    def change(event: gr.EventData) -> None:
        changed(desk, data_of(event))

    @told
    def exported(chosen: str | None, suffix: str) -> Any:
        return export_file(desk, chosen or DEFAULT, suffix)

    answer(route, "folder", open_folder, [name, pins], pins)
    route.pin(pin, name, None, **QUIET).then(None, None, None, js="() => window.kbForget('folder')")
    route.edit(change, None, None, **QUIET).then(None, None, None, js=AGAIN)
    download(export, exported, [name, kind])


def made_pin(desk: Desk, data: Mapping[str, str]) -> Pin:
    """The pin a button asks for: a provision by number, or the finding on a measure at the address it was seen at.

    Raises:
        KbError: it is no longer held.
    """
    if data.get("kind") == "finding":
        choice = Choice.parse(dict(_pairs(data.get("at", ""))))
        shown = desk.table(choice)
        finding = shown.findings[shown.frame.measure(data.get("ref", "")).id]
        against = f"，对照：{peers(shown.comparison)}" if choice.peers else ""
        base = f"{shown.comparison.baseline}{against}，截至 {shown.comparison.as_of}"
        said = f"{KIND_ZH[finding.kind]}，{BASIS_ZH[finding.basis]}，把握{finding.confidence}"
        told_ = f"差距结论：{said}（基准：{base}）"
        return Pin("", "finding", finding.measure.name, body(finding), told_, shown.comparison.baseline,
                   choice.but(as_of=shown.comparison.as_of).href(measure=finding.measure.id), None, now())  # fmt: skip
    document, held = desk.provision(data.get("ref", ""))
    url = next((u for u in (held.provision.source, document.url) if is_web(u)), None)
    return Pin("", "provision", f"{document.region} · {document.title}", held.provision.text.strip(),
               f"{document.citation}{place(held)}{_whose(held)}", document.region, provision_href(document.id, held), url, now())  # fmt: skip


def _whose(held: Held) -> str:
    """Whose words these are, where they are not the document's own, and what they were taken from."""
    if held.provision.kind != DIGEST:
        return ""
    taken = CERTAINTY_ZH.get(held.provision.certainty or "", "")
    return f"（编者摘编，不是原文{f'；据{taken}' if taken else ''}）"


def changed(desk: Desk, data: Mapping[str, str]) -> None:
    """Carry out what a button on a pin asks for.

    Raises:
        KbError: an unknown change.
    """
    name, pin_id, what = data.get("name", DEFAULT), data.get("pin", ""), data.get("what")
    if what == "unpin":
        desk.collections.remove(name, pin_id)
    elif what in ("up", "down"):
        desk.collections.move(name, pin_id, -1 if what == "up" else 1)
    elif what == "note":
        desk.collections.annotate(name, pin_id, data.get("text", ""))
    elif what == "delete":
        desk.collections.delete(name)
        inform(f"已删除资料夹“{name}”。")
    else:
        raise KbError("资料夹不支持这个操作。")


def pins_html(name: str, pins: Sequence[Pin]) -> str:
    """The pins in order, each with its note and what can be done with it."""
    if not pins:
        return empty("这个资料夹还是空的。在差距对比、检索或文件中点“收进资料夹”，就会出现在这里，重启后仍在。")
    cards = "".join(_card(name, p, i) for i, p in enumerate(pins, 1))
    gone = action(
        "edit", "删除整个资料夹", "quiet", f"确定删除资料夹“{name}”及其中 {len(pins)} 条？", what="delete", name=name
    )
    return f'<p class="count">共 {len(pins)} 条　{gone}</p><div class="hits">{cards}</div>'


def _card(name: str, pin: Pin, number: int) -> str:
    acts = "".join(
        action("edit", text, what=what, name=name, pin=pin.id, **more)
        for what, text, more in (
            ("up", "上移", {}), ("down", "下移", {}), ("note", "批注", {"ask": "批注内容：", "text": pin.note}), ("unpin", "取出", {}),
        )
    )  # fmt: skip
    note = f'<p class="pin-note">批注：{esc(pin.note)}</p>' if pin.note else ""
    kind = badge("差距结论" if pin.kind == "finding" else "条款", "quiet")
    return (
        f'<article class="card"><header><strong>{number}. {inner(pin.href, pin.title, "strong")}</strong> {badge(pin.region, "region")}{kind}</header>'
        f'<blockquote>{marked(pin.text, ())}</blockquote><p class="cite">{esc(pin.citation)}</p>{note}'
        f"<footer>{outer(pin.url, '来源网页')}{acts}</footer></article>"
    )


def export_file(desk: Desk, name: str, suffix: str) -> str:
    """The path of the collection written in that format.

    Raises:
        KbError: nothing to export.
    """
    pins = desk.collections.pins(name)
    if not pins:
        raise KbError(f"资料夹“{name}”是空的，没有可导出的内容。")
    path = desk.scratch(f"资料夹-{name}.{suffix if suffix in FORMATS else 'md'}")
    if suffix == "docx":
        write_docx(name, pins, path)
    else:
        path.write_text(as_csv(pins) if suffix == "csv" else as_markdown(name, pins), "utf8")
    return str(path)


def _pairs(query: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(query.removeprefix("?"))
