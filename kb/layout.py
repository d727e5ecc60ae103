"""The frame around the numbered body of an official document: title, 题注, contents, cover notice, signature.

Goes in: the lines of a document. Comes out: a role for every line that is not body, and where a fresh body
begins (the plan behind its 印发通知). Follows GB/T 9704-2012 (版头, 主体, 版记) and the custom of 题注 under
the title of laws. A line that fits no role stays body: nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.fold import fold, squeeze
from kb.markers import ATTACHMENT, CONTENTS, LEADER, find_marker

MAX_TITLE = 80
_MAX_ENTRY = 60
_SCRAP = 6
_TITLE_WORDS = (
    "条例|办法|规定|通知|意见|方案|规划|计划|纲要|决定|决议|公告|通告|通报|报告|批复|复函|函|令|细则|措施|政策|要点|清单|"
    "规则|规范|标准|指南|指引|章程|法|预案|请示|纪要|任务|目录|制度|机制|行动|图|议案"
)
TITLE_END = re.compile(rf"(?:{_TITLE_WORDS})(?:\s*[(〔<《][^)〕>》]{{1,24}}[)〕>》])*\s*$")
_DATE = r"(?:\d{4}|[一二三四五六七八九零〇]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
DATE_LINE = re.compile(rf"\s*{_DATE}\s*$")
_NOTE_ON_TITLE = re.compile(r"^\s*\(?.{0,400}(?:\d{4}|[二一][〇零九]..)\s*年.{0,400}(?:通过|修正|修订|批准|公布|发布|施行|颁布|废止)")
_DOC_NUMBER = re.compile(r"^.{1,20}〔\d{4}〕\s*第?\s*\d+\s*号\s*$")
_AGENCY = re.compile(r"^[\u4e00-\u9fff\s、,()]{2,40}(?:府|厅|局|委|会|办|部|院|室|司|社|署|行|心|团|组|处|站|库|台)\s*$")
_AFTER_SIGNATURE = re.compile(r"^\s*(?:\((?:此件|本文|联系人).*\)|抄\s*送.*|.{2,30}(?:印发|发布))\s*$")
_SALUTATION = re.compile(r"^[^。;]{2,400}:\s*$")
_QUOTED = re.compile(r"《([^《》]{3,80}(?:《[^《》]*》[^《》]*)*)》")
_PRINTED = re.compile(r"(?:印发|发布|公布|下发|转发|批转)《?([^《》]{4,80}?)》?的(?:通知|公告|通告|决定)")


@dataclass(frozen=True)
class Line:
    """One line of the document's text with what its block knew of its looks."""

    text: str
    kind: str = "paragraph"
    bold: bool = False
    centred: bool = False

    @property
    def blank(self) -> bool:
        """Whether the line shows nothing."""
        return not fold(self.text).strip()


@dataclass
class Layout:
    """``roles``: line index → title, front, cover, signature; ``starts``: lines where a fresh body begins."""

    roles: dict[int, str] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)


def lay_out(lines: Sequence[Line]) -> Layout:
    """The roles of the lines of one document; lines without a role are body."""
    layout = Layout()
    contents = _contents(lines)
    layout.roles.update(dict.fromkeys(contents, "front"))
    title = _head(lines, 0, layout)
    plan = _plan_title(lines, title, contents)
    if plan:
        for index in range(max(title, default=-1) + 1, plan[0]):
            layout.roles.setdefault(index, "cover")
        layout.starts.add(plan[0])
        layout.roles.update(dict.fromkeys(plan, "title"))
        _head(lines, plan[-1] + 1, layout, titled=True)
        _signatures(lines, range(plan[0]), layout, replace={"cover"})
    _signatures(lines, range(plan[-1] + 1 if plan else 0, len(lines)), layout, replace=set())
    return layout


def printed_titles(line: str) -> list[str]:
    """The titles a notice says it prints: 关于印发《甲》《乙》的通知, 关于印发甲方案的通知."""
    words = fold(line)
    if not re.search("印发|发布|公布|下发|转发|批转|通过", words):
        return []
    return _QUOTED.findall(words) or _PRINTED.findall(words)


def find_title(lines: Sequence[Line], wanted: str, start: int) -> list[int]:
    """Indices of the line or up to three wrapped lines that say ``wanted`` as a title, from ``start`` on."""
    target = _title_key(wanted)
    for index in range(start, len(lines)):
        said, used = "", list[int]()
        for at in range(index, min(index + 5, len(lines))):
            if lines[at].blank:
                continue
            said, used = said + squeeze(lines[at].text), [*used, at]
            if _title_key(said) == target:
                return used
            if len(said) > len(target) + 20 or len(used) == 3 or not target.startswith(said):
                break
    return []


def _title_key(text: str) -> str:
    """A title without quotation marks and the bracketed remark at its end (试行, 2024—2027年)."""
    return re.sub(r"\([^()]*\)$", "", re.sub("[《》<>“”\"]", "", squeeze(text)))


def _head(lines: Sequence[Line], start: int, layout: Layout, titled: bool = False) -> list[int]:
    """Give roles to the lines before the first body line from ``start``; return those of the title."""
    head: list[int] = []
    for index in range(start, len(lines)):
        if layout.roles.get(index) == "front" or lines[index].blank:
            continue
        if not _is_head(lines[index]):
            break
        head.append(index)
    title = [] if titled else _choose_title(lines, head)
    for index in head:
        layout.roles[index] = "title" if index in title else "front"
    return title


def _is_head(line: Line) -> bool:
    """Whether a line may stand between top and body: short without a full stop, a 题注, a document number."""
    text = fold(line.text).strip()
    if line.kind in ("table", "box") or ATTACHMENT.match(text):
        return False
    if _NOTE_ON_TITLE.match(text) and (text.startswith("(") or not text.endswith("。")):
        return True
    marker = find_marker(line.text)
    if marker and marker.type != "number":
        return False
    return len(text) <= _SCRAP or (len(text) <= MAX_TITLE and not re.search("[。;:,]$", text))


def _choose_title(lines: Sequence[Line], head: Sequence[int]) -> list[int]:
    """The title among head lines: the first that ends like one, with the lines it was wrapped from."""
    for position, index in enumerate(head):
        text = fold(lines[index].text).strip()
        if 4 <= len(text) <= MAX_TITLE and TITLE_END.search(text) and not _DOC_NUMBER.match(text):
            return _with_wrapped(lines, head, position)
    for index in head:
        if lines[index].kind == "heading" or lines[index].centred:
            return [index]
    return [head[0]] if head and len(lines[head[0]].text) >= 4 else []


def _with_wrapped(lines: Sequence[Line], head: Sequence[int], position: int) -> list[int]:
    """The title's last line with the lines before it: the issuer above 关于…, or a line that holds the 关于."""
    title = [head[position]]
    while position:
        position -= 1
        first = fold(lines[title[0]].text).strip()
        before = fold(lines[head[position]].text).strip()
        wrapped = "关于" in before and "关于" not in first and not TITLE_END.search(before)
        if not wrapped and not (first.startswith("关于") and _AGENCY.match(before)):
            break
        title.insert(0, head[position])
    return title


def _contents(lines: Sequence[Line]) -> list[int]:
    """Indices of a 目录 and its entries, or of a run of chapter lines that all come again later."""
    keys = [_entry_key(line.text) for line in lines]
    last = {key: index for index, key in enumerate(keys)}
    for index, line in enumerate(lines[:120]):
        if CONTENTS.match(fold(line.text)):
            return [index, *_entries(lines, keys, last, index + 1)]
        marker = find_marker(line.text)
        if marker and marker.type in ("part", "chapter"):
            run = _entries(lines, keys, last, index)
            return run if len([i for i in run if keys[i]]) > 1 else []
    return []


def _entries(lines: Sequence[Line], keys: Sequence[str], last: dict[str, int], start: int) -> list[int]:
    """The lines from ``start`` that announce a later line, or show dots and a page number."""
    run: list[int] = []
    for index in range(start, len(lines)):
        text, key = fold(lines[index].text), keys[index]
        announces = last[key] > index or bool(LEADER.search(text) and len(text) <= _MAX_ENTRY)
        if not key or (announces and index not in run and key not in {keys[i] for i in run if keys[i]}):
            run.append(index)
        else:
            break
    while run and not keys[run[-1]]:
        run.pop()
    return run


def _entry_key(text: str) -> str:
    """A heading without the dots and page number a 目录 sets after it."""
    return re.sub(r"\s", "", LEADER.sub("", fold(text)))


def _plan_title(lines: Sequence[Line], title: Sequence[int], contents: Sequence[int]) -> list[int]:
    """The lines of the title of the plan a notice prints, if the lines hold it."""
    if not title:
        return []
    says = "".join(lines[i].text.strip() for i in title)
    names = printed_titles(says)
    start = title[-1] + 1
    if not names and "通知" in says[-6:]:
        opening = [line.text for line in lines[start : start + 8] if not line.blank and not find_marker(line.text)]
        names = [name for text in opening for name in printed_titles(text) if re.search("现将|已经", text)]
    for name in names:
        found = find_title(lines, name, start)
        if found and not set(found) & set(contents):
            return found
    return []


def _signatures(lines: Sequence[Line], span: range, layout: Layout, replace: set[str]) -> None:
    """Give the role signature to date lines of the body, the agencies above them and the notes below."""
    for index in span:
        if not DATE_LINE.match(fold(lines[index].text)) or layout.roles.get(index, "") not in {"", *replace}:
            continue
        layout.roles[index] = "signature"
        for direction, pattern in ((-1, _AGENCY), (1, _AFTER_SIGNATURE)):
            _extend(lines, index, direction, pattern, layout, replace)


def _extend(
    lines: Sequence[Line], index: int, step: int, pattern: re.Pattern[str], layout: Layout, replace: set[str]
) -> None:
    at = index + step
    for _ in range(8):
        if not 0 <= at < len(lines) or layout.roles.get(at, "") not in {"", *replace}:
            return
        if not lines[at].blank:
            if not pattern.match(fold(lines[at].text).strip()) or find_marker(lines[at].text):
                return
            layout.roles[at] = "signature"
        at += step
