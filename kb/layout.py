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
_OPENING = 8
# How a title says that a notice prints another document.
PRINTING = "印发|发布|公布|下发|转发|批转"
_TITLE_WORDS = (
    "条例|办法|规定|通知|意见|方案|规划|计划|纲要|决定|决议|公告|通告|通报|报告|批复|复函|函|令|细则|措施|政策|要点|清单|"
    "规则|规范|标准|指南|指引|章程|法|预案|请示|纪要|任务|目录|制度|机制|行动|图|议案"
)
TITLE_END = re.compile(rf"(?:{_TITLE_WORDS})(?:\s*[(〔<《][^)〕>》]{{1,24}}[)〕>》])*\s*$")
_MONTH = r"(?:\d{4}|[一二三四五六七八九零〇]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月"
_DAY = r"\s*[\d一二三四五六七八九十]{1,3}\s*日"
# What may stand on a line of its own after the name of a document: a remark in brackets (征求意见稿, 试行, 2026—2028年),
# 的通知, or both.
_REMARK = (
    r"[(（](?:[^()（）]{0,10}(?:征求意见稿|草案|送审稿|讨论稿|试行|暂行|修订稿?|版)"
    r"|20\d\d年?\s*(?:[-—–－~～]{1,2}|至)\s*20\d\d年?)[)）]"
)
TITLE_REST = re.compile(rf"\s*(?:(?:{_REMARK}\s*)?》?的(?:通知|函|公告|通告|决定|批复|报告)|{_REMARK})\s*$")
DATE_LINE = re.compile(rf"\s*{_MONTH}{_DAY}\s*$")
_NOTE_ON_TITLE = re.compile(
    r"^\s*\(?.{0,400}(?:\d{4}|[二一][〇零九]..)\s*年.{0,400}(?:通过|修正|修订|批准|公布|发布|施行|颁布|废止)"
)
DOC_NUMBER = re.compile(r"^.{1,20}〔\d{4}〕\s*第?\s*\d+\s*号\s*$")
AGENCY = re.compile(
    r"^[\u4e00-\u9fff\s、,()]{2,40}(?:府|厅|局|委|会|办|部|院|室|司|社|署|行|心|团|组|处|站|库|台)\s*$"
)
# 版记 (GB/T 9704 7.4) and what stands with it: 抄送, who printed it and when, how it is made public
_COLOPHON = re.compile(
    r"^\s*(?:抄\s*[送报]\s*:.*|分\s*送\s*:.*|\((?:此件|本文(?!所称|中)).*\)|(?:信息|政府信息)?公开(?:方式|选项|形式|属性|类别|类型)\s*:.{0,20}"
    rf"|.{{0,40}}{_MONTH}{_DAY}\s*印发|\(?共印\s*\d+\s*份\)?)\s*$"
)
_AFTER_SIGNATURE = re.compile(
    rf"{_COLOPHON.pattern}|^\s*(?:\((?:此件|本文|联系人).*\)|抄\s*送.*|.{{2,30}}(?:印发|发布))\s*$"
)
_PRINTED_ON = re.compile(rf"\s*{_MONTH}{_DAY}\s*印发\s*$")  # who printed it stands above
_NUMBERED = frozenset({"comma", "paren", "arabic"})
_NOTE = re.compile(r"\s*(尾?注\s*\d{0,2})\s*:(?=\s*\S)")
_END_NOTE = re.compile(r"〔\d{1,2}〕|[①-⑳]")
_EXPLAINED = re.compile(rf"\S({_END_NOTE.pattern})(?=[,。;:”]|$)")
_GLOSSARY = re.compile(r"(?:名\s*词|术\s*语).{0,6}$")
_QUOTED = re.compile(r"《([^《》]{3,80}(?:《[^《》]*》[^《》]*)*)》")
_PRINTED = re.compile(rf"(?:{PRINTING})《?([^《》]{{4,80}}?)》?的\s*(?:通\s*知|公\s*告|通告|决定|函)")
_PRINTS = re.compile(f"{PRINTING}|修订|通过")
_FURNITURE = re.compile("字\\s*号|来\\s*源|浏览|打印|分享|发布(?:日期|时间)|时间[:]|【")
_MAX_FURNITURE = 40
# Lines under a title that are set like headings and are none: 题注, dates, who speaks where, issuers, a wrapped end.
_UNDER_TITLE = re.compile(
    r"^[(〔《—-]|:|[长席任记]\s+[\u4e00-\u9fff\s·]{2,6}$|会议?上$|(?:政府|委员会|办公厅|办公室|[厅局委])$|号$|!$|^的"
    rf"|^{_MONTH}(?:{_DAY})?$"
)


@dataclass(frozen=True)
class Line:
    """One line of the document's text with what its block knew of its looks."""

    text: str
    kind: str = "paragraph"
    bold: bool = False
    centred: bool = False
    lead: int = 0

    @property
    def blank(self) -> bool:
        """Whether the line shows nothing."""
        return not fold(self.text).strip()


@dataclass
class Layout:
    """``roles``: line index → title, front, cover, signature, colophon; ``starts``: lines where a fresh body begins.

    ``requirements`` are the lines of what a notice itself provides beside the plan it prints.
    """

    roles: dict[int, str] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)
    requirements: range = range(0)


def lay_out(lines: Sequence[Line]) -> Layout:
    """The roles of the lines of one document; lines without a role are body."""
    layout = Layout()
    contents = _contents(lines)
    layout.roles.update(dict.fromkeys(contents, "front"))
    title = _head(lines, 0, layout)
    plan = _plan_title(lines, title, contents)
    if plan:
        cover = range(max(title, default=-1) + 1, plan[0])
        layout.requirements = _requirements(lines, cover)
        for index in cover:
            if index not in layout.requirements:
                layout.roles.setdefault(index, "cover")
        layout.starts.add(plan[0])
        layout.roles.update(dict.fromkeys(plan, "title"))
        _head(lines, plan[-1] + 1, layout, titled=True)
        _signatures(lines, range(plan[0]), layout, replace={"cover"})
    _republished(lines, max([*title, *plan, *contents], default=0) + 1, layout)
    _signatures(lines, range(plan[-1] + 1 if plan else 0, len(lines)), layout, replace=set())
    _colophon(lines, layout)
    return layout


def _colophon(lines: Sequence[Line], layout: Layout) -> None:
    """The 版记 ends the document, below its last article or last 附件, and is part of neither."""
    printed = False
    for index in range(len(lines) - 1, -1, -1):
        text = fold(lines[index].text).strip()
        if not text:
            continue
        agency = printed and bool(AGENCY.match(text))
        taken = layout.roles.get(index) or lines[index].kind in ("table", "box")
        if taken or not (_COLOPHON.match(text) or agency):
            return
        layout.roles[index] = "colophon"
        printed = bool(_PRINTED_ON.match(text))


def _republished(lines: Sequence[Line], start: int, layout: Layout) -> None:
    """A title with its 题注 further down begins anew: the regulation printed after the decision that amends it."""
    for index in range(start + 1, len(lines) - 1):
        text, note = fold(lines[index].text).strip(), fold(lines[index + 1].text).strip()
        if (
            index in layout.roles
            or len(text) > MAX_TITLE
            or not TITLE_END.search(text)
            or find_marker(text)
            or not (note.startswith("(") and note.endswith(")") and _NOTE_ON_TITLE.match(note))
        ):
            continue
        layout.starts.add(index)
        layout.roles[index] = "title"
        layout.roles[index + 1] = "front"


def _requirements(lines: Sequence[Line], cover: range) -> range:
    """What a notice that prints a plan itself provides: from its first numbered line (一、加大投入。…), or the first paragraph of
    several sentences below the words that print, down to its 附件说明 or signature."""
    printing = next((at for at in cover if _PRINTS.search(lines[at].text)), cover.stop)
    named = next((at for at in cover if ATTACHMENT.match(fold(lines[at].text))), cover.stop)  # numbered, too
    body = range(cover.start, named)
    first = next((at for at in body if _is_numbered(lines[at]) or at > printing and _says_more(lines[at])), None)
    if first is None:
        return range(0)
    end = next((at for at in range(first, cover.stop) if _ends_notice(lines[at])), cover.stop)
    while end > first and (lines[end - 1].blank or end < cover.stop and AGENCY.match(fold(lines[end - 1].text))):
        end -= 1
    return range(first, end)


def _is_numbered(line: Line) -> bool:
    marker = find_marker(line.text)
    return marker is not None and marker.type in _NUMBERED and marker.begins


def _says_more(line: Line) -> bool:
    return not _ends_notice(line) and line.text.count("。") > 1


def _ends_notice(line: Line) -> bool:
    text = fold(line.text)
    return bool(ATTACHMENT.match(text) or DATE_LINE.match(text))


def printed_titles(line: str) -> list[str]:
    """The titles a notice says it prints: 关于印发《甲》《乙》的通知, 关于印发甲方案的通知."""
    words = fold(line)
    if not _PRINTS.search(words):
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
    return re.sub(r"\([^()]*\)$", "", re.sub('[《》<>“”"]', "", squeeze(text)))


def _head(lines: Sequence[Line], start: int, layout: Layout, titled: bool = False) -> list[int]:
    """Give roles to the lines before the first body line from ``start``; return those of the title.

    Where none is body (a list of short names), those under the title are, or nothing of the document would be read.
    """
    head: list[int] = []
    bodiless = True
    for index in range(start, len(lines)):
        if layout.roles.get(index) == "front" or lines[index].blank:
            continue
        if not _is_head(lines[index]) or _opens_decimals(lines, index):
            bodiless = False
            break
        head.append(index)
    title = [] if titled else _choose_title(lines, head)
    last = start - 1 if titled else max(title, default=len(lines))
    opened = False
    for index in head:
        opened = opened or (index > last and _heads_body(lines, index, last))
        if opened or (bodiless and index > last and not _is_note(lines[index])):
            continue
        layout.roles[index] = "title" if index in title else "front"
    return title


def _heads_body(lines: Sequence[Line], index: int, title: int) -> bool:
    """Whether a line under the title is the body's first heading: marked as one, or bold or centred right above prose."""
    line, text = lines[index], fold(lines[index].text).strip()
    if _is_note(line) or _UNDER_TITLE.search(text) or squeeze(lines[title].text).endswith(squeeze(text)):
        return False
    if (
        TITLE_END.search(text)
        and not text[0].isdigit()
        and all(between.blank for between in lines[title + 1 : index])
    ):
        return False  # the title goes on
    if line.kind == "heading":
        return True
    below = next((other for other in lines[index + 1 :] if not other.blank), None)
    if not (line.bold or line.centred) or below is None or below.centred:
        return False
    return not _is_head(below) and not fold(below.text).strip().endswith(":")


def _is_note(line: Line) -> bool:
    """Whether a line says when and where the text was issued, whatever it looks like."""
    text = fold(line.text).strip()
    note = _NOTE_ON_TITLE.match(text) and (text.startswith("(") or not text.endswith("。"))
    furniture = len(text) <= _MAX_FURNITURE and _FURNITURE.search(text)
    return bool(note or furniture or DOC_NUMBER.match(text))


def _opens_decimals(lines: Sequence[Line], index: int) -> bool:
    """1 总则 above 1.1 编制目的 is a heading of the body."""
    here = find_marker(lines[index].text)
    below = next((find_marker(line.text) for line in lines[index + 1 : index + 4] if not line.blank), None)
    return here is not None and here.type == "number" and below is not None and below.type.startswith("decimal")


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
    if len(text) <= _SCRAP or (len(text) <= _MAX_FURNITURE and _FURNITURE.search(text)):
        return True
    return len(text) <= MAX_TITLE and not re.search("[。;:,]$", text)


def _choose_title(lines: Sequence[Line], head: Sequence[int]) -> list[int]:
    """The title among head lines: the first that ends like one, with the lines it was wrapped from."""
    for position, index in enumerate(head):
        text = fold(lines[index].text).strip()
        if 4 <= len(text) <= MAX_TITLE and TITLE_END.search(text) and not DOC_NUMBER.match(text):
            return _with_wrapped(lines, head, position)
    rest = [i for i in head if not DOC_NUMBER.match(fold(lines[i].text).strip()) and len(lines[i].text.strip()) >= 4]
    striking = [i for i in rest if lines[i].kind == "heading" or lines[i].centred]
    return (striking or rest)[:1]


def _with_wrapped(lines: Sequence[Line], head: Sequence[int], position: int) -> list[int]:
    """The title's last line with the lines before it: the issuer above 关于…, or a line that holds the 关于. A plan's
    name may end a line, and 的通知 stand on the next."""
    title = [head[position]]
    if any(TITLE_REST.match(fold(lines[i].text)) for i in head[position + 1 : position + 2]):
        title.append(head[position + 1])
    while position:
        position -= 1
        first = fold(lines[title[0]].text).strip()
        before = fold(lines[head[position]].text).strip()
        wrapped = "关于" in before and "关于" not in first and not TITLE_END.search(before)
        if not wrapped and not (first.startswith("关于") and AGENCY.match(before)):
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
    seen: set[str] = set()
    for index in range(start, len(lines)):
        text, key = fold(lines[index].text), keys[index]
        announces = last[key] > index or bool(LEADER.search(text) and len(text) <= _MAX_ENTRY)
        if key and (not announces or key in seen):
            break
        run.append(index)
        seen.update([key] if key else ())
    while run and not keys[run[-1]]:
        run.pop()
    return run


def _entry_key(text: str) -> str:
    """A heading without the dots and page number a 目录 sets after it."""
    return re.sub(r"\s", "", LEADER.sub("", fold(text)))


def _plan_title(lines: Sequence[Line], title: Sequence[int], contents: Sequence[int]) -> list[int]:
    """The lines of the title of the plan a notice prints, if the lines hold it.

    Its name stands in the notice's title (关于印发《甲》的通知) or, often in full only there, in the opening words (现公布《甲》,
    现将《甲》印发给你们, 《关于甲的意见》…现转发给你们).
    """
    start = title[-1] + 1 if title else 1
    names = printed_titles("".join(lines[i].text.strip() for i in title))
    opening = [line.text for line in lines[start : start + _OPENING] if not line.blank and not find_marker(line.text)]
    for name in (*names, *(name for text in opening for name in printed_titles(text))):
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
        for direction, pattern in ((-1, AGENCY), (1, _AFTER_SIGNATURE)):
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


def attachment_statements(lines: Sequence[Line]) -> set[int]:
    """Lines of the 附件说明: 附件：1.甲 / 2.乙 under the text, before the signature (GB/T 9704 7.3.4).

    附：名词解释 with its entries below is the attachment itself.
    """
    found: set[int] = set()
    for index, line in enumerate(lines):
        text = fold(line.text)
        match = ATTACHMENT.match(text)
        if not match or not text[match.end() :].strip() or not match.group(2) or _text_follows(lines, index, match):
            continue
        named = not match.group(1) or _named_again(lines, index, match)
        if named:
            found.add(index)
            found.update(_continued(lines, index))
    return found


def _text_follows(lines: Sequence[Line], index: int, match: re.Match[str]) -> bool:
    """Whether an unnumbered 附：甲 has its text right below: a first item, or an entry of a 名词解释, that is a sentence, as no
    name of an attachment is."""
    named = lines[index].text[match.end() :]
    below = next((line.text for line in lines[index + 1 :] if not line.blank), "")
    marker = find_marker(below)
    opens = marker is not None and marker.begins or _GLOSSARY.search(fold(named))
    return not match.group(1) and not find_marker(named) and bool(opens) and below.rstrip()[-1:] in ("。", "；")


def _named_again(lines: Sequence[Line], index: int, match: re.Match[str]) -> bool:
    sign = re.sub(r"\W", "", fold(lines[index].text)[: match.end()])
    return any(re.sub(r"\s", "", fold(line.text)).rstrip(":") == sign for line in lines[index + 1 :])


def _continued(lines: Sequence[Line], index: int) -> list[int]:
    """The numbered lines that go on a 附件说明 begun with 1."""
    return _numbered_on(lines, index, lines[index].text[ATTACHMENT.match(fold(lines[index].text)).end() :])  # type: ignore[union-attr]


def _numbered_on(lines: Sequence[Line], index: int, words: str) -> list[int]:
    """The lines 2. 3. … below line ``index`` that go on with the 1. which ``words`` begin with."""
    first = find_marker(words)
    run: list[int] = []
    expected = 2
    for at in range(index + 1, min(index + 40, len(lines))) if first and first.order[0] == 1 else ():
        marker = find_marker(lines[at].text)
        if marker and marker.type == "arabic" and marker.order[0] == expected:
            run, expected = [*run, at], expected + 1
        elif not lines[at].blank:
            break
    return run


def _goes_on(lines: Sequence[Line], index: int, words: str) -> bool:
    """Whether the item above a 注：1.… is itself a 1., so that the 2. below it may be the next of the text, not of the note."""
    above = next((line.text for line in reversed(lines[:index]) if not line.blank), "")
    one, other = find_marker(words), find_marker(above)
    return bool(one and other and one.type == other.type and other.order[0] == 1)


def notes(lines: Sequence[Line]) -> dict[int, str]:
    """Lines that are notes and no law text, each with its sign: 注1：… below what it explains, and the items that go on with
    a 注：1.…; and at the end [1] … or ①…, whose sign the text above holds where it is explained."""
    found: dict[int, str] = {}
    explained: set[str] = set()
    for index, line in enumerate(lines):
        text = fold(line.text).strip()
        explained.update(_EXPLAINED.findall(text))
        if line.kind in ("table", "box"):
            continue
        own, end = _NOTE.match(text), _END_NOTE.match(text)
        if own:
            found[index] = re.sub(r"\s", "", own.group(1))
            if not _goes_on(lines, index, text[own.end() :]):
                found.update(dict.fromkeys(_numbered_on(lines, index, text[own.end() :]), found[index]))
        elif end and end.group() in explained:
            found[index] = f"注{line.text.strip()[: end.end()]}"
    return found
