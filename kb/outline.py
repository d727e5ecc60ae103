"""Recognise the structure of an official document: which lines are headings, articles, clauses, items.

Goes in: lines and their layout. Comes out: units (runs of lines with kind, path and label parts) and what was
odd about the numbering. One walk serves both grammars: levels are a stack of marker *types*, so plans may skip
levels, and within an article (条) unnumbered paragraphs are clauses (款) and （一） are items (项), as 立法法 says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from kb.fold import fold
from kb.layout import AGENCY, TITLE_END, Layout, Line, attachment_statements, notes
from kb.markers import ATTACHMENT, BOX, EXPLANATION, RANK, STRUCTURAL, Marker, find_marker, refers
from kb.units import DUTY_LINE, MAX_RUN_IN, Article, Unit, bold_heading, despaced, run_in_title

_MAX_UNIT_HEADING = 40
_TITLE_LINES = 3
_CAPTION = re.compile(
    r"\s*附?[表图]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3}(?=[\s:.、-]|$))(?:\s*[-—.]\s*\d{1,3})*(?!\d|年)"
)
_LIST_END = re.compile(r"名\s*单$|一览表$|分工表$")
_UNIT_OF_TABLE = re.compile(r"\s*\(?(?:计量)?单位:")
_HAN = re.compile("[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"\s*(?:Article|Chapter|Section|Part|Sub-?part)\s+(?:\d{1,4}|[IVXLC]{1,7})\b", re.I)
_TRANSLATION = "（英文）"
_ROLE_LABEL = {"title": "标题", "front": "题注", "cover": "印发通知", "signature": "落款", "colophon": "版记"}


@dataclass
class _Frame:
    """An open level: its marker type, the marker, and how it reads in a path.

    ``broken`` are the numbered levels an unnumbered heading broke off; their numbers may yet go on.
    """

    type: str
    marker: Marker | None
    sign: str
    words: str
    kind: str = ""
    broken: list[_Frame] = field(default_factory=list)


@dataclass
class _State:
    """Where the walk stands."""

    stack: list[_Frame] = field(default_factory=list)
    latest: dict[str, tuple[int, ...]] = field(default_factory=dict)
    article: Article | None = None
    clause: int = 1
    attachment: str = ""
    attachment_words: str = ""
    box: str = ""
    box_run: dict[str, tuple[int, ...]] = field(default_factory=dict)
    paragraphs: int = 0
    in_notice: bool = False

    def close(self) -> None:
        """Forget the levels but go on counting, after a signature: what follows belongs to no section."""
        self.stack, self.article, self.box = [], None, ""

    def enter(self, notice: str) -> None:
        """Begin or, with no name, end what a notice itself provides beside the plan it prints."""
        self.restart()
        self.in_notice, self.attachment, self.attachment_words = bool(notice), notice, notice

    def restart(self) -> None:
        """Forget all levels, at a fresh body or an attachment."""
        self.stack, self.latest, self.article, self.box, self.paragraphs = [], {}, None, "", 0


def outline(lines: Sequence[Line], layout: Layout) -> tuple[list[Unit], list[str]]:
    """The units of a document in order, covering every line, and warnings about its numbering."""
    return _Walk(lines, layout).run()


class _Walk:
    """One pass over the lines; each ``_take_*`` method handles one construct and returns the unit's last line."""

    def __init__(self, lines: Sequence[Line], layout: Layout) -> None:
        self.lines = lines
        self.layout = layout
        self.state = _State()
        self.units: list[Unit] = []
        self.odd: list[str] = []
        self.markers = [None if line.kind in ("table", "box") else find_marker(line.text) for line in lines]
        self.decimals = any(m and m.type.startswith("decimal") for m in self.markers)
        self.statements = attachment_statements(lines)
        self.notes = notes(lines)

    def run(self) -> tuple[list[Unit], list[str]]:
        index = 0
        while index < len(self.lines):
            if index in self.layout.starts:
                self.state.restart()
            if (index in self.layout.requirements) != self.state.in_notice:
                self.state.enter(_ROLE_LABEL["cover"] if index in self.layout.requirements else "")
            index = 1 + (self._extend_blank(index) if self.lines[index].blank else self._take(index))
        return self.units, self._warnings()

    def _take(self, index: int) -> int:
        """Make the unit that begins at line ``index``; return the index of its last line."""
        line, role = self.lines[index], self.layout.roles.get(index)
        if role:
            return self._take_role(index, role)
        if index in self.statements:
            self.state.close()
            self.units.append(Unit(index, index, "attachment", named=self._named("附件说明")))
            return index
        if index in self.notes:
            return self._take_note(index)
        if self._translates(index):
            return self._take_translation(index)
        if line.kind in ("table", "box"):
            return self._take_object(index, line.kind)
        attachment = ATTACHMENT.match(fold(line.text)) or self._explains(index)
        if attachment and self._opens_attachment(index, attachment):
            return self._take_attachment(index, attachment)
        marker = self.markers[index]
        if marker and self._accepts(index, marker):
            return self._take_marker(index, marker)
        if self._opens_box(index):
            return self._add(Unit(index, index, "box"))
        if DUTY_LINE.match(fold(line.text)) and self.units and self.units[-1].kind in ("item", "paragraph", "clause"):
            self.units[-1].last = index
            return index
        if self._names_drafter(index):
            self.units.append(Unit(index, index, "front", named=self._named(_ROLE_LABEL["front"])))
            return index
        if self._is_bare_heading(index):
            return self._take_caption(index) if self._is_caption(index) else self._take_heading(index)
        return self._take_paragraph(index)

    def _extend_blank(self, index: int) -> int:
        if self.units:
            self.units[-1].last = index
        else:
            self.units.append(Unit(index, index, "front", named="题注"))
        return index

    def _take_role(self, index: int, role: str) -> int:
        last = index
        while role == "title" and self._role_continues(last + 1, role):
            last += 1
        if role in ("signature", "colophon"):
            self.state.close()
        if role == "colophon":
            self.units.append(Unit(index, last, "signature", named=_ROLE_LABEL[role]))
            return last
        kind, word = role, _ROLE_LABEL[role]
        sign = ATTACHMENT.match(fold(self.lines[index].text)) if role == "cover" else None
        if index in self.statements and role != "title":
            kind, word = "attachment", "附件说明"
        elif sign and self._opens_attachment(index, sign):
            kind, word = "attachment", _attachment_sign(self.lines[index].text, sign)
        self.units.append(Unit(index, last, kind, named=self._named(word)))
        return last

    def _role_continues(self, index: int, role: str) -> bool:
        return index < len(self.lines) and self.layout.roles.get(index) == role and index not in self.layout.starts

    def _named(self, word: str) -> str:
        return f"{self.state.attachment} {word}".strip()

    def _take_object(self, index: int, kind: str) -> int:
        first_row = self.lines[index].text.split("\n", 1)[0]
        box, attachment = BOX.match(fold(first_row)), ATTACHMENT.match(fold(first_row))
        if attachment and attachment.group(1) and len(first_row.strip()) <= _MAX_UNIT_HEADING:
            self._start_attachment(first_row, attachment)
        unit = Unit(index, index, "box" if box else kind)
        if not box:
            above = self.state.stack[-1].words if self.state.stack else ""
            return self._add(unit, otherwise=above or ("表" if kind == "table" else "专栏"))
        outer, self.state.box = self.state.box, _box_sign(box)
        self._add(unit)
        self.state.box = outer
        return index

    def _take_note(self, index: int) -> int:
        """A note stands with the unit it explains, or at the end with none, and counts neither as 款 nor as item."""
        state, sign = self.state, self.notes[index]
        if sign.rstrip("0123456789").endswith("注"):
            above = state.stack[-1].words if state.stack and not state.stack[-1].sign else ""
            return self._add(Unit(index, index, "paragraph", note=sign), otherwise=above)
        path = (state.attachment_words,) if state.attachment_words else ()
        self.units.append(Unit(index, index, "paragraph", path, named=state.attachment, note=sign))
        return index

    def _translates(self, index: int) -> bool:
        """Whether a line is the English of the article or chapter above it, as bilingual laws print it, or goes on with it."""
        line = self.lines[index]
        if line.kind in ("table", "box") or not self.state.stack or _HAN.search(line.text):
            return False
        return bool(_ENGLISH.match(line.text)) or self.units[-1].note == _TRANSLATION

    def _take_translation(self, index: int) -> int:
        """One unit whatever its lines: it counts neither as 款 nor as item, and what stands below it goes on above it."""
        state = self.state
        if self.units[-1].note == _TRANSLATION:
            self.units[-1].last = index
            return index
        while state.stack and state.stack[-1].type not in STRUCTURAL:
            state.stack.pop()
        return self._add(Unit(index, index, "paragraph", note=_TRANSLATION), own="")

    def _opens_box(self, index: int) -> bool:
        text = fold(self.lines[index].text).strip()
        box = BOX.match(text)
        if not box or len(text) > _MAX_UNIT_HEADING or text.endswith(("。", ",", ";")):
            return False
        self.state.box, self.state.box_run = _box_sign(box), {}
        return True

    def _explains(self, index: int) -> re.Match[str] | None:
        """The sign of an explanation printed below the articles or items it explains."""
        sign = EXPLANATION.match(fold(self.lines[index].text))
        return sign if sign and any(unit.kind in ("article", "item") for unit in self.units) else None

    def _opens_attachment(self, index: int, match: re.Match[str]) -> bool:
        """附件1 alone or with a short title opens an attachment; 附件：1.清单 before the signature only names it."""
        text = fold(self.lines[index].text)
        rest = text[match.end() :]
        if len(rest) > _MAX_UNIT_HEADING or rest.rstrip().endswith(("。", ";", ",")):
            return False
        return not rest.strip() or rest[0] == " " or bool(match.group(2))

    def _take_attachment(self, index: int, match: re.Match[str]) -> int:
        words = self.lines[index].text[match.end() :].strip()
        last, following = (index, "") if words else self._following_title(index)
        self._start_attachment(self.lines[index].text, match, following)
        self.units.append(Unit(index, last, "attachment", named=self.state.attachment))
        return last

    def _start_attachment(self, text: str, match: re.Match[str], following: str = "") -> None:
        sign = _attachment_sign(text, match)
        self.state.restart()
        self.state.attachment = sign
        self.state.attachment_words = f"{sign} {despaced(text[match.end() :]) or following}".strip()

    def _following_title(self, index: int) -> tuple[int, str]:
        """The short lines after a bare 附件1 or 第一章, which are its title: (last line used, title)."""
        last, title = index, ""
        for _ in range(_TITLE_LINES):
            at = self._next_shown(last)
            if at is None or not self._may_be_title(at):
                break
            text = fold(self.lines[at].text).strip()
            if title and (TITLE_END.search(fold(title)) or not TITLE_END.search(text)):
                break
            last, title = at, title + despaced(self.lines[at].text)
        return last, title

    def _may_be_title(self, at: int) -> bool:
        line, text = self.lines[at], fold(self.lines[at].text).strip()
        if self.markers[at] or self.layout.roles.get(at) or line.kind not in ("paragraph", "heading"):
            return False
        return len(text) <= _MAX_UNIT_HEADING and not re.search("[。;:,]$", text) and not _opens_anew(text)

    def _next_shown(self, index: int) -> int | None:
        return next((i for i in range(index + 1, len(self.lines)) if not self.lines[i].blank), None)

    def _accepts(self, index: int, marker: Marker) -> bool:
        """Whether a sign really opens a unit here: not in running text, not a cross-reference, not a decimal."""
        rest = fold(self.lines[index].text[marker.end :])
        if marker.type == "number":
            return self.decimals and len(rest) <= MAX_RUN_IN and not rest.rstrip().endswith("。")
        if marker.type == "article":
            return self._accepts_article(index, marker)
        if marker.type in STRUCTURAL:
            return len(rest.strip()) <= _MAX_UNIT_HEADING and not re.search("[。;,:]$", rest.strip())
        return True

    def _accepts_article(self, index: int, marker: Marker) -> bool:
        before = self.state.latest.get("article")
        expected = marker.follows(before) if before else marker.begins
        referring = refers(self.lines[index].text, marker)
        if marker.spaced:
            rest = fold(self.lines[index].text[marker.end :]).strip()
            return (expected and not rest.startswith(("的", "规定的", "、"))) or not referring
        return not referring and (expected or (before is not None and before < marker.order <= (before[0] + 5, 0)))

    def _take_marker(self, index: int, marker: Marker) -> int:
        if self.state.box and not self._ends_box(index, marker):
            self.state.box_run[marker.type] = marker.order
            return self._add(Unit(index, index, "box"), own=marker.sign)
        self.state.box = ""
        sibling = self._open(marker)
        title, more = run_in_title(self.lines[index].text[marker.end :])
        last = index
        if not title and not more:
            last, title = self._complete(index, marker)
        kind = self._marker_kind(last, marker, title, more)
        if kind == "heading" and sibling == "item" and RANK[marker.type] > RANK["paren"]:
            kind = "item"
        spaced = marker.type in STRUCTURAL or marker.type.startswith(("number", "decimal"))
        words = f"{marker.sign} {title}" if spaced and title else marker.sign + title
        if marker.type == "article":
            self.state.article, self.state.clause, words = Article(marker.sign), 1, marker.sign
        self.state.stack.append(_Frame(marker.type, marker, marker.sign, words, kind))
        self._add(Unit(index, last, kind, title=title), own=None)
        return last

    def _complete(self, index: int, marker: Marker) -> tuple[int, str]:
        """The lines of a unit whose sign stands alone on its line: the text follows on the next one."""
        if marker.type in STRUCTURAL and marker.type != "article":
            return self._following_title(index)
        at = self._next_shown(index)
        if at is None or self.markers[at] or self.layout.roles.get(at) or self.lines[at].kind in ("table", "box"):
            return index, ""
        return at, run_in_title(self.lines[at].text)[0]

    def _marker_kind(self, last: int, marker: Marker, title: str, more: bool) -> str:
        if marker.type == "article":
            return "article"
        if marker.type in STRUCTURAL:
            return "heading"
        if not title or more or self._in_article() or self._is_provision(last, title):
            return "item"
        after = self._next_shown(last)
        following = self.markers[after] if after is not None else None
        if after is None or (following and following.type == marker.type) or self.layout.roles.get(after):
            return "item"
        if DUTY_LINE.match(fold(self.lines[after].text)):
            return "item"
        higher = following and any(frame.type == following.type for frame in self.state.stack)
        return "item" if higher else "heading"

    def _is_provision(self, last: int, title: str) -> bool:
        """Whether a sentence alone is more than a heading: 二、建设概念验证中心10家。"""
        return bool(self.lines[last].text.rstrip().endswith("。") and _COUNTED.search(fold(title)))

    def _ends_box(self, index: int, marker: Marker) -> bool:
        """A box ends where the numbering outside it goes on; one the box has begun itself goes on first.

        A （一） out of the blue ends it, too: its own （一） stands right below its title or a line with a colon.
        """
        own = self.state.box_run.get(marker.type)
        if marker.type in STRUCTURAL or (own and marker.follows(own)):
            return marker.type in STRUCTURAL
        before = self.state.latest.get(marker.type)
        known = any(frame.type == marker.type for frame in self.state.stack) or marker.type in ("comma", "paren")
        if known and (before is None or marker.follows(before)):
            return True
        above = fold(self.lines[self.units[-1].last].text).strip()
        return marker.type == "paren" and marker.begins and not own and not BOX.match(above) and above[-1:] != ":"

    def _open(self, marker: Marker) -> str:
        """Pop the stack to where ``marker`` belongs and note when its number does not follow; return the kind of the
        sibling before it, if any."""
        sibling = ""
        self._resume(marker)
        state, known = self.state, [frame.type for frame in self.state.stack]
        before: tuple[int, ...] | None = None
        if marker.type in known:
            at = known.index(marker.type)
            shown = state.stack[at].marker
            before, sibling = shown.order if shown else None, state.stack[at].kind
            del state.stack[at:]
        elif marker.type in STRUCTURAL or not marker.begins:
            state.stack = [f for f in state.stack if self._is_above(f, marker)]
        running = state.latest.get(marker.type)
        good = (
            marker.follows(before) if before else marker.begins or (running is not None and marker.follows(running))
        )
        if marker.type == "article" and running is not None and not marker.begins:
            good = marker.follows(running)
        if not good:
            self._note(marker, before or running)
        state.latest[marker.type] = marker.order
        if marker.type in STRUCTURAL:
            state.article = None
        return sibling

    def _resume(self, marker: Marker) -> None:
        """Go back to the levels an unnumbered heading broke off when ``marker`` goes on with them: it stood in them."""
        stack = self.state.stack
        broken = stack[0].broken if stack else []
        of_type = next((i for i, frame in enumerate(broken) if frame.type == marker.type), None)
        if any(frame.type == marker.type for frame in stack):
            return
        if of_type is not None:
            before = broken[of_type].marker
            if before and marker.order > before.order:
                self.state.stack = broken[: of_type + 1]
        elif marker.type in STRUCTURAL:
            above = [f for f in broken if f.type in STRUCTURAL and self._is_above(f, marker)]
            self.state.stack = above or stack

    def _is_above(self, frame: _Frame, marker: Marker) -> bool:
        return RANK[frame.type] < RANK[marker.type]

    def _note(self, marker: Marker, before: tuple[int, ...] | None) -> None:
        where = "".join(f.sign for f in self.state.stack if RANK[f.type] > RANK["section"])
        where = f"{self.state.attachment} {where}".strip()
        place = f"{where}{marker.sign}"
        if before is None:
            self.odd.append(f"{place}（不是从头编号）")
        elif marker.order > before:
            self.odd.append(f"{place}（前面缺号）")
        else:
            self.odd.append(f"{place}（序号没有递增）")

    def _in_article(self) -> bool:
        return self.state.article is not None

    def _is_bare_heading(self, index: int) -> bool:
        """An unnumbered heading: marked as one, or a short bold or centred line without a stop."""
        line = self.lines[index]
        text = fold(line.text).strip()
        if len(text) > _MAX_UNIT_HEADING or re.search("[。;:,、)]$", text):
            return False
        if line.kind == "heading":
            return True
        after = self._next_shown(index)
        return (line.bold or line.centred) and not self._in_article() and after is not None and len(text) > 1

    def _names_drafter(self, index: int) -> bool:
        """Whether a centred line right below a title says who drew the text up; it heads nothing."""
        line = self.lines[index]
        return line.centred and self.units[-1:] != [] and self.units[-1].kind == "title" and _is_agency(line.text)

    def _is_caption(self, index: int) -> bool:
        """Whether what looks like a heading names a table or picture: 表1 主要指标, a centred line above a table."""
        line = self.lines[index]
        if _CAPTION.match(fold(line.text)):
            return True
        below = self._next_shown(index)
        if below is not None and _UNIT_OF_TABLE.match(fold(self.lines[below].text)):
            below = self._next_shown(below)
        return line.kind != "heading" and line.centred and below is not None and self.lines[below].kind == "table"

    def _take_caption(self, index: int) -> int:
        """A caption stands in the section around it and opens no other."""
        return self._add(Unit(index, index, "front"), otherwise=self.lines[index].text.strip())

    def _broken_off(self) -> list[_Frame]:
        """The numbered levels that an unnumbered heading breaks off here, or that one before it did."""
        stack = self.state.stack
        if not stack or stack[0].type != "heading":
            return list(stack)
        again = {frame.type for frame in stack}
        return list(takewhile(lambda frame: frame.type not in again, stack[0].broken))

    def _take_heading(self, index: int) -> int:
        line, state = self.lines[index], self.state
        last = self._wrapped_title(index)
        words = despaced("".join(one.text.strip() for one in self.lines[index : last + 1])) if last > index else ""
        words = words or line.text.strip()
        type_ = "heading" if line.kind == "heading" or line.centred else "bold"
        state.box = ""
        known = [frame.type for frame in state.stack]
        broken = self._broken_off() if type_ == "heading" else []
        if type_ in known:
            del state.stack[known.index(type_) :]
        elif type_ == "heading":
            state.stack, state.article = [], None
        state.stack.append(_Frame(type_, None, "", words, broken=broken))
        kind = "title" if line.centred and TITLE_END.search(fold(words)) and not state.latest else "heading"
        return self._add(Unit(index, last, kind), otherwise=words)

    def _wrapped_title(self, index: int) -> int:
        """The last line of a title set centred over two or three lines alike (某工作 / 联席会议成员名单): only that ends like one."""
        first, last, said = self.lines[index], index, ""
        for _ in range(_TITLE_LINES if first.centred else 0):
            line = self.lines[last]
            said += fold(line.text).strip()
            if TITLE_END.search(said) or _LIST_END.search(said):
                return last
            following = self._next_shown(last)
            if following is None or not self._is_like(first, following):
                break
            last = following
        return index

    def _is_like(self, first: Line, at: int) -> bool:
        line = self.lines[at]
        alike = (line.kind, line.bold, line.centred) == (first.kind, first.bold, first.centred)
        return alike and not self._is_taken(at) and self._is_bare_heading(at) and not self._is_caption(at)

    def _is_taken(self, at: int) -> bool:
        """Whether a line opens something of its own: by its marker, as a 附件 sign or box, or by its role."""
        text = fold(self.lines[at].text)
        return bool(self.markers[at] or self.layout.roles.get(at) or ATTACHMENT.match(text) or BOX.match(text))

    def _take_lead(self, index: int, lead: str) -> int:
        """A paragraph that opens with its heading in bold."""
        known = [frame.type for frame in self.state.stack]
        if "bold" in known:
            del self.state.stack[known.index("bold") :]
        self.state.stack.append(_Frame("bold", None, "", lead))
        return self._add(Unit(index, index, "item", title=lead), own=None, otherwise=lead)

    def _take_paragraph(self, index: int) -> int:
        state = self.state
        if _DECIDED.match(fold(self.lines[index].text)) and not self._in_article():
            state.close()
        if state.box:
            return self._add(Unit(index, index, "box"))
        lead = bold_heading(self.lines[index].text, self.lines[index].lead)
        if lead and not self._in_article():
            return self._take_lead(index, lead)
        if not self._in_article():
            state.paragraphs += 1
            above = state.stack[-1].words if state.stack else f"正文第{state.paragraphs}段"
            return self._add(Unit(index, index, "paragraph"), otherwise=above)
        assert state.article
        state.article.clauses += 1
        state.clause = state.article.clauses
        while state.stack and state.stack[-1].type != "article":
            state.stack.pop()
        return self._add(Unit(index, index, "clause"), own="")

    def _add(self, unit: Unit, own: str | None = "", otherwise: str = "") -> int:
        """Fill path and label of ``unit`` from the stack; ``own=None`` means its own frame is on top."""
        state = self.state
        frames = state.stack
        above = frames[:-1] if own is None or (frames and unit.kind in ("heading", "title") and not own) else frames
        unit.path = tuple(filter(None, (state.attachment_words, *(frame.words for frame in above))))
        unit.article, unit.clause, unit.named = state.article, state.clause, state.attachment
        shown = [f for f in frames if f.sign and (not state.article or RANK[f.type] > RANK["article"])]
        deepest = max((i for i, f in enumerate(shown) if f.type.startswith("decimal")), default=0)
        unit.signs = tuple(f.sign for f in shown[deepest:])  # 2.1 says its chapter itself
        if state.box:
            unit.article, unit.signs = None, ()
            unit.named = f"{state.attachment} {state.box}".strip() + (f" {own}" if own else "")
        elif not unit.article and not unit.signs:
            unit.named = self._named(otherwise) if otherwise else state.attachment
        self.units.append(unit)
        return unit.last

    def _warnings(self) -> list[str]:
        if not self.odd:
            return []
        shown = "；".join(self.odd[:6]) + ("等" if len(self.odd) > 6 else "")
        return [f"有 {len(self.odd)} 处编号不连续，请核对：{shown}。"]


def _is_agency(text: str) -> bool:
    return bool(AGENCY.match(fold(text).strip()))


# what a decision says of itself below its numbered changes belongs to none of them
_DECIDED = re.compile(r"\s*(?:本决定自.{1,40}施行|《[^》]+》.{0,20}根据本决定)")
# headings may end with a full stop (（一）加强组织领导。), but set no number
_COUNTED = re.compile(r"\d\s*(?:%|[万亿千百]*(?:元|个|家|项|名|人|所|条|座|处|支|款|种|批|件|次))")
_OF_WHAT = re.compile("^关于《.*的(?=[起编修].说明$)")


def _attachment_sign(text: str, match: re.Match[str]) -> str:
    sign = re.sub(r"\s", "", text[: match.end()]).rstrip("：:.．、")
    return _OF_WHAT.sub("", sign)


def _box_sign(match: re.Match[str]) -> str:
    return f"专栏{match.group(1) or ''}"


def _opens_anew(text: str) -> bool:
    """Whether a folded line is an attachment's own sign, which is no title of the one above (名词解释 may be)."""
    return bool(ATTACHMENT.match(text)) and not text.startswith("名")
