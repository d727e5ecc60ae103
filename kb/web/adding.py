"""Adding documents: files or an address → what would be stored, to look through and correct → stored."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr

from kb.errors import KbError
from kb.inputs import Source, is_address, obtain
from kb.knowledge import Foreseen, Stored
from kb.model import COVERAGE_ZH, Draft
from kb.plain import FIELDS_ZH, OUTCOMES_ZH
from kb.regions import load_regions
from kb.web.desk import Desk
from kb.web.markup import address, badge, empty, esc, inner, table
from kb.web.parts import QUIET, error_told, inform, told, view, warn

MAX_FILES = 50
PREVIEWED = 80
AGAIN = "() => window.kbAgain()"
STORED = "() => { window.kbAgain(); document.getElementById('adding').scrollIntoView(); }"
BUSY = QUIET | {"show_progress": "full", "trigger_mode": "once"}
Given = TypeVar("Given")
Made = TypeVar("Made")
FIELDS = (
    "title", "region", "doc_number", "issuer", "instrument", "issued", "published", "effective", "status", "coverage",
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """One input that was read but not stored yet, with what the user corrected; ``read_as`` are the ids its documents had
    before that."""

    source: Source
    drafts: tuple[Draft, ...]
    given: Mapping[str, str]
    read_as: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """All ids its documents have or had: what is the same document by any is a twin."""
        return self.read_as | {draft.document.id for draft in self.drafts}

    @property
    def name(self) -> str:
        """What the user knows it by."""
        return self.source.name


def adding_panel(desk: Desk) -> None:
    """Lay out the panel: choose, preview, correct, store."""
    waiting: Any = gr.State([])
    # Whose fields are shown travels with the fields, not in the session: an event the page sends twice, or late, then
    # corrects the file its fields speak of.
    current: Any = gr.Number(0, visible="hidden", precision=0, elem_id="current")
    files, url, folder, look, stop = _inputs()
    status = view("adding-status")
    with gr.Column(visible=False, elem_id="correct") as correct:
        which = gr.Dropdown([], label="正在核对", type="index", visible=False)
        with gr.Row():
            fields = [_field(name) for name in FIELDS[:4]]
        with gr.Row():
            fields += [_field(name) for name in FIELDS[4:]]
        preview = view("draft")
        with gr.Row():
            apply = gr.Button("按改动更新预览")
            keep = gr.Button("全部入库", variant="primary", elem_id="keep")
            drop = gr.Button("放弃")
    shown = [waiting, current, correct, which, *fields, preview]

    def read(paths: Sequence[str] | None, folder_paths: Sequence[str] | None, given_url: str) -> Iterator[Any]:
        inputs = checked([*(paths or ()), *(folder_paths or ())], given_url.strip())
        held: list[Waiting] = []
        for told_, one in steps(inputs, lambda given: read_one(desk, given), lambda one: twin_line(held, one)):
            if one:
                held.append(one)
            yield [told_, *(panel_values(desk, held, 0) if len(held) < 2 else grown(held))]

    @told
    def correct_one(held: list[Waiting], at: int, index: int | None, *values: str) -> Any:
        """What was changed in the fields is kept, also when another file is chosen."""
        if at >= len(held):
            return gr.skip()
        return panel_values(desk, [*held[:at], corrected(desk, held[at], values), *held[at + 1 :]], index)

    def store(held: list[Waiting], at: int, *values: str) -> Iterator[Any]:
        left = [*held[:at], corrected(desk, held[at], values), *held[at + 1 :]] if at < len(held) else []
        left = agreed(desk, left)
        for told_, one in steps(list(left), lambda waiting: store_one(desk, waiting), stored_line):
            left = [w for w in left if one is None or w is not one.waiting]
            yield [told_, *panel_values(desk, left, 0), *([gr.skip()] * 3 if left else [None, None, ""])]

    inputs = [files, folder, url]
    reading = look.click(told_steps(read), inputs, [status, *shown], **BUSY, show_progress_on=look)
    uploading = folder.upload(told_steps(read), inputs, [status, *shown], **BUSY, show_progress_on=look)
    # of answers that follow fast on each other a slow browser shows the last alone, which says nothing of the first file
    for read_all in (reading, uploading):
        read_all.then(lambda held, seen: first_shown(desk, held, seen), [waiting, preview], shown, **QUIET)
    for event in (which.input, apply.click):
        event(correct_one, [waiting, current, which, *fields], shown, **QUIET)
    drop.click(lambda: [*panel_values(desk, [], 0), None, None, ""], None, [*shown, *inputs], **QUIET)
    storing = keep.click(
        told_steps(store), [waiting, current, *fields], [status, *shown, *inputs], **BUSY, show_progress_on=keep
    )
    storing.then(None, None, None, js=STORED)
    stop.click(lambda: "<p class='count'>已停止；此前处理好的都已保留。</p>", None, status, **QUIET,
               cancels=[reading, uploading, storing]).then(None, None, None, js=AGAIN)  # fmt: skip


def _inputs() -> tuple[gr.File, gr.Textbox, gr.UploadButton, gr.Button, gr.Button]:
    """Files, address, folder, and the buttons that read them and stop."""
    with gr.Row():
        files = gr.File(
            label="文件（可多选：PDF、Word、OFD、网页、文本、图片）",
            file_count="multiple",
            height=130,
            scale=3,
            elem_id="files",
        )
        with gr.Column(scale=2):
            url = gr.Textbox(label="或网址", placeholder="https://…gov.cn/…", max_lines=1)
            with gr.Row():
                folder = gr.UploadButton("选择文件夹", file_count="directory", min_width=110)
                look = gr.Button("预览", variant="primary", elem_id="preview", min_width=90)
                stop = gr.Button("停止", min_width=70)
    return files, url, folder, look, stop


def _field(name: str) -> Any:
    label = FIELDS_ZH[name]
    if name == "region":
        names = [r.name for r in load_regions()]
        return gr.Dropdown(["", *names], value="", label=label, min_width=110)
    if name == "coverage":
        return gr.Dropdown([(v, k) for k, v in COVERAGE_ZH.items()], value="full", label=label, min_width=110)
    return gr.Textbox("", label=label, min_width=110, max_lines=1, scale=3 if name == "title" else 1)


def checked(files: Sequence[str], url: str) -> Sequence[str]:
    """The files uploaded and the address, if there are some and not too many.

    Raises:
        KbError: none, too many, or what should be an address is none (a path would be one of the server's own files).
    """
    if url and not is_address(url):
        raise KbError(f"“{url}”不是网址。网址须以 http:// 或 https:// 开头；本机的文件请拖到左边。")
    inputs = [*files, *([url] if url else [])]
    if not inputs:
        raise KbError("请先选择文件，或填写网址。")
    if len(inputs) > MAX_FILES:
        raise KbError(f"一次最多添加 {MAX_FILES} 个文件，现有 {len(inputs)} 个，请分批添加。")
    return inputs


def steps(
    inputs: Sequence[Given], verb: Callable[[Given], Made], tell: Callable[[Made], str] = lambda made: ""
) -> Iterator[tuple[str, Made | None]]:
    """``verb`` of each input with what to show: how far it got, what became of each and what failed, which gives None.

    Between two inputs the user can stop.
    """
    said: list[str] = []
    for number, one in enumerate(inputs, 1):
        made = None
        under_way = f"正在处理第 {number} 个，共 {len(inputs)} 个；长文件要十几秒……"
        yield f'<p class="count" role="status">{under_way}</p><ul class="done">{"".join(said)}</ul>', None
        try:
            made = verb(one)
            said.append(tell(made))
        except Exception as error:  # noqa: BLE001 - one bad file must not cost the others
            reason = error_told(error)
            warn(reason)
            said.append(f'<li class="warn">{esc(reason)}</li>')
        line = f"已处理 {number} / {len(inputs)}" + ("" if number == len(inputs) else "，请稍候……")
        counted = f'<p class="count">{line}</p>' if len(inputs) > 1 else ""
        yield f'{counted}<ul class="done">{"".join(said)}</ul>' if any(said) else counted, made


def told_steps(verb: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """A generator that shows the user what goes wrong in it."""

    @functools.wraps(verb)
    def wrapped(*args: Any) -> Iterator[Any]:
        try:
            yield from verb(*args)
        except Exception as error:  # noqa: BLE001 - as in kb.web.parts.told
            warn(error_told(error))

    return wrapped


def read_one(desk: Desk, given: str) -> Waiting:
    """A file or address read, not stored.

    Raises:
        KbError: it cannot be read; the message names the file, not where the upload lies.
    """
    try:
        source = obtain(given)
        read = _read(desk, source)
        return Waiting(source, read, {}, frozenset(draft.document.id for draft in read))
    except KbError as error:
        raise KbError(str(error).replace(given, given if is_address(given) else Path(given).name)) from error


def twin_line(waiting: Sequence[Waiting], one: Waiting) -> str:
    """A warning where an input just read is the same document as some that wait already."""
    twins = [w for w in waiting if one.ids & w.ids]
    if not twins:
        return ""
    regions = dict.fromkeys(d.document.region or "未定" for w in (*twins, one) for d in w.drafts)
    unlike = f"读出的地区不一致（{'、'.join(regions)}），请核对。" if len(regions) > 1 else ""
    return (
        f'<li class="warn">“{esc(one.name)}”与{esc("、".join(f"“{w.name}”" for w in twins))}是同一份文件：依次入库；内容不同的话，后一份会替换前一份（旧版存入历史），'
        f"在前一份里填写的信息也用于后一份。{esc(unlike)}若不是同一份，请核对各自的标题、文号和日期。</li>"
    )


def agreed(desk: Desk, waiting: Sequence[Waiting]) -> list[Waiting]:
    """What waits, where several are one document each with what the user filled in for those before it: the last, which
    replaces them, must not bring back what the program had guessed.

    Raises:
        KbError: an unknown region.
    """
    filled: dict[str, Mapping[str, str]] = {}
    made = []
    for one in waiting:
        given = {**{k: v for i in one.ids for k, v in filled.get(i, {}).items()}, **one.given}
        if len(one.drafts) == 1 and given != one.given:
            one = replace(one, drafts=_read(desk, one.source, given), given=given)
        filled.update(dict.fromkeys(one.ids, given))
        made.append(one)
    return made


def corrected(desk: Desk, one: Waiting, values: Sequence[str]) -> Waiting:
    """``one`` read again with the fields the user changed.

    Raises:
        KbError: an unknown region.
    """
    document = one.drafts[0].document
    given = dict(one.given)
    for name, value in zip(FIELDS, values, strict=True):
        if (value or "").strip() != (getattr(document, name) or ""):
            given[name] = (value or "").strip()
    if given == one.given:
        return one
    return replace(one, drafts=_read(desk, one.source, given), given=given)


def _read(desk: Desk, source: Source, given: Mapping[str, str] | None = None) -> tuple[Draft, ...]:
    return desk.base.read(source.data, source.name, source.url, given, source.known)


@dataclass(frozen=True)
class Done:
    """One input that was stored, with the documents it became."""

    waiting: Waiting
    stored: Sequence[Stored]


def stored_line(done: Done) -> str:
    """What became of an input, with links to its documents and to where they now count."""
    rows = (
        f"<li>{esc(OUTCOMES_ZH[s.outcome])}：{inner(address(tab='library', doc=s.document.id), s.document.titled, 'strong')}"
        f" {s.provisions} 条　{inner(address(), '看差距对比')}</li>"
        for s in done.stored
    )
    return "".join(rows)


def store_one(desk: Desk, one: Waiting) -> Done:
    """Store one input and say what became of it.

    Raises:
        KbError: it cannot be stored.
    """
    stored = desk.base.add(one.drafts, one.source.data, one.source.name, one.source.headers)
    inform("；".join(f"{OUTCOMES_ZH[s.outcome]}：{s.document.titled} {s.provisions} 条" for s in stored[:5]))
    return Done(one, stored)


def panel_values(desk: Desk, waiting: Sequence[Waiting], index: int | None) -> list[Any]:
    """Values for what waits, whose fields are shown, the panel, the selector, the fields and the preview."""
    at = min(index or 0, max(len(waiting) - 1, 0))
    if not waiting:
        hidden = [gr.update(visible=False), gr.update(choices=[], visible=False)]
        return [[], 0, *hidden, *("" for _ in FIELDS[:-1]), "full", ""]
    one = waiting[at]
    document, names = one.drafts[0].document, _numbered(waiting)
    return [
        list(waiting), at, gr.update(visible=True), gr.update(choices=names, value=names[at], visible=len(names) > 1),
        *(getattr(document, name) or "" for name in FIELDS), several(one) + "".join(
            draft_html(d, foreseen_html(desk.base.foresee(d, one.drafts, one.source.data))) for d in one.drafts),
    ]  # fmt: skip


def first_shown(desk: Desk, waiting: Sequence[Waiting], seen: str) -> Any:
    """The panel of the first file that waits, where the page shows none; what it shows stays as it is."""
    return panel_values(desk, waiting, 0) if waiting and not seen else gr.skip()


def grown(waiting: Sequence[Waiting]) -> list[Any]:
    """The same when more waits, while whose fields and preview are shown stays as it is."""
    choices = gr.update(choices=_numbered(waiting), visible=True)
    return [list(waiting), gr.skip(), gr.skip(), choices, *(gr.skip() for _ in FIELDS), gr.skip()]


def _numbered(waiting: Sequence[Waiting]) -> list[str]:
    return [f"{i}. {w.name}" for i, w in enumerate(waiting, 1)]


def several(one: Waiting) -> str:
    """A note where one file holds several documents."""
    if len(one.drafts) < 2:
        return ""
    return f'<p class="note">这个文件里有 {len(one.drafts)} 份文件，将分别入库；标题和文号的改动只用于第一份。</p>'


def foreseen_html(foreseen: Foreseen) -> str:
    """What of the library a draft would replace, equal or stand beside; empty when there is none."""
    if not foreseen.held:
        return ""
    links = "、".join(
        inner(address(tab="library", doc=d.id), f"{d.citation}（{COVERAGE_ZH[d.coverage]}）") for d in foreseen.held
    )
    said = {
        "replaced": f"将替换文库中已有的{links}；旧版存入历史。",
        "unchanged": f"文库中已有{links}，内容相同，入库不会有变化。",
        "kept": f"文库中已有{links}，这次只读到一部分，入库不会替换它；确要替换，请先移除全文。",
        "added": f"文库中另有同名文件{links}，入库后并存。比较时同一版本以全文为准，不同版本以所选日期现行有效的为准。",
    }
    return f'<p class="warn foreseen">{said[foreseen.outcome]}</p>'


def draft_html(draft: Draft, foreseen: str = "") -> str:
    """What would be stored: ``foreseen`` of the library, where each fact came from, what is missing, and the outline."""
    facts = "".join(
        f"<li>{esc(FIELDS_ZH.get(k, k))}：{esc(getattr(draft.document, k, ''))}{badge(v, 'quiet')}</li>"
        for k, v in draft.origins.items()
    )
    missing = (
        f'<p class="warn">未能确定：{esc("、".join(draft.missing))}。可在上方补填。</p>' if draft.missing else ""
    )
    warnings = "".join(f'<p class="warn">{esc(w)}</p>' for w in draft.warnings)
    rows = (
        f"<tr class='{esc(p.kind)}'><td>{esc(p.label)}</td><td>{esc(' › '.join(p.path))}</td><td>{esc(_short(p.text))}</td></tr>"
        for p in draft.provisions[:PREVIEWED]
    )
    more = f"（前 {PREVIEWED} 条）" if len(draft.provisions) > PREVIEWED else ""
    outline = (
        table(("条款", "位置", "文字"), rows, "list outline-table", "条款预览")
        if draft.provisions
        else empty("没有读出条款。")
    )
    return (
        f'<div class="draft"><h3>{esc(draft.document.title)}</h3>{foreseen}{missing}{warnings}<ul class="origins">{facts}</ul>'
        f"<p class='count'>切分为 {len(draft.provisions)} 条{more}</p>{outline}</div>"
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:90] + "……"
