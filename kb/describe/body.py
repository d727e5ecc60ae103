"""Metadata in the text itself: title, 文号, signature and date, entry into force, colophon (GB/T 9704-2012)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kb.describe import place
from kb.describe.dates import DATE, is_date_line, parse_date
from kb.describe.order import find_order, is_order_line
from kb.describe.words import doc_number_in, instrument_of
from kb.fold import fold
from kb.layout import TITLE_REST
from kb.model import Block, Reading

ORIGIN = "正文"
_HEAD_BLOCKS, _TITLE_LINES, _TITLE_LENGTH, _SHORTEST = 14, 6, 160, 4
_NUMBER_LINE = re.compile(
    r"^\s*\(?(?:发文字号|文号|文件编号)?\s*:?\s*(?P<rest>.*?号)\)?\s*(?:签发人.*|[\u4e00-\u9fff]{2,6}:.{0,40})?$"
)
_RED_HEAD = re.compile(
    r"^\s*首\s*页\s*[>〉]?|当前位置|^\s*[>〉]|[>〉]\s*\S+\s*[>〉]|(文件|公报|专报|简报)\s*$|^\s*(机密|秘密|绝密|特急|加急|\d{6})|签发人|^\s*附件\s*\d*\s*$"
)
_NOT_TITLE = re.compile(r"[:：]\s*$|。|^\s*(目\s*录|第[一二三四五六七八九十\d]+[章节条编]|[一二三四五六七八九十]+、)")
# 2016年7月1日……通过 …… 2019年4月2日……修正; one line may tell the whole history of a regulation
_DONE = "通过|公布|发布|修正|修订|批准|施行"
_NOTE_UNDER_TITLE = re.compile(
    rf"^\s*(?:\(.*(?:{_DONE}).{{0,60}}"
    rf"|{DATE.pattern}(?:.{{0,80}}(?:{_DONE}).{{0,60}}|[^。]{{0,60}}会议[^。]*(?:{_DONE}|修改)[^。]*))$"
)
_POSTED = re.compile(r"^\s*(?:发布)?(?:时间|日期)\s*:\s*(?P<date>.{6,30})$")
_SPEAKER = re.compile(r"我代表(?P<who>[\u4e00-\u9fff]{2,9}[省市区县州]人民政府)")
_PASSED = re.compile(rf"({DATE.pattern})[^,;。)]{{0,60}}?(通过|公布|发布|批准)")
_SPEECH = re.compile(rf"^\s*[-—(]*\s*(?:{DATE.pattern})\s*在.{{4,60}}(会议|大会)上")
_FORCE = re.compile(rf"自\s*(?P<date>{DATE.pattern})\s*(?:起|开始)?\s*(?:正式)?\s*(?:施行|实施|生效|执行|试行)")
_AT_ONCE = re.compile(
    r"自\s*(?:印发|发布|公布|通过|下发|发文)\s*之\s*日\s*起\s*(?:正式)?\s*(?:施行|实施|生效|执行|试行)"
)
_SECOND_ATTACHMENT = re.compile(r"\s*附件\s*[2二](?![0-9一二三四五六七八九十])")
_SELF = re.compile(
    r"本(?![市省区县级])[\u4e00-\u9fff]{0,4}?(?:条例|办法|规定|细则|意见|方案|计划|措施|规程|决定|规则|通知|法|规划|政策|公告|通告|令|标准|规范|预案|制度|目录|纲要|章程|指南|指引|实施)"
)
_PUBLISHES = re.compile("现予|现将|现(?:公布|发布|印发)|予以(?:公布|发布)")
_PRINTED = re.compile(rf"(?P<date>{DATE.pattern})\s*印发\s*$")
_CONGRESS = re.compile(
    r"日\s*(?P<where>(?!第)[\u4e00-\u9fff]{2,12}?|)第?[一二三四五六七八九十\d]+届(?P<body>(?:全国)?人民代表大会(?:常务委员会)?)"
)
_ORDER_IN_NOTE = re.compile(r"日\s*(?:中华人民共和国)?(?P<who>[\u4e00-\u9fff]{2,20}?)(?:令|公告)")
_VALID_UNTIL = re.compile(rf"有效期(?:限)?\s*(?:至|到|为至)\s*(?P<date>{DATE.pattern})")
_VALID_YEARS = re.compile(r"有效期(?:限)?\s*(?:为)?\s*(?P<years>[一二三四五六七八九十\d]{1,2})\s*年")
_LONGEST_SIGNATURE = 60


def facts(reading: Reading) -> Mapping[str, str]:
    """Fields found in the text, and helpers for inference: ``inner_title`` (a carried plan's), ``printed`` (印发日期),
    ``at_once`` (自印发之日起施行), ``validity`` and ``amended`` (the last amendment a 题注 names)."""
    blocks = [block for block in reading.blocks if block.kind != "table"]
    inner, order = _inner_title(blocks), find_order(blocks)
    found = {
        "title": (inner if order else None) or title(blocks),
        "doc_number": doc_number(blocks),
        "issuer": _signer(blocks),
        "issued": _issued(blocks),
        "published": _posted(blocks),
        "inner_title": inner,
        "printed": _printed(blocks),
        **_force(_own(blocks)),
        "validity": _validity(_own(blocks)),
        "amended": _amended(blocks),
    }
    return {name: value for name, value in found.items() if value}


def title(blocks: Sequence[Block]) -> str | None:
    """The title that opens the text, put together when it is set over several lines.

    A copied page shows it twice, first without the issuers: the fuller one is the title.
    """
    head = blocks[:_HEAD_BLOCKS]
    whole = list(_whole_titles(head))
    if whole:
        fuller = (t for t in whole[1:] if t.endswith(whole[0]) and place.issuer_in_title(t))
        return next(fuller, whole[0])
    first = next((b for b in head if b.kind == "heading" or b.centred and b.bold), None)
    return unspaced(first.text) if first and not _is_no_title(first) and len(first.text) <= _TITLE_LENGTH else None


def _whole_titles(head: Sequence[Block]) -> Iterator[str]:
    """What reads as a whole title from each line of the head on, down to the first sentence."""
    for start, block in enumerate(head):
        if _is_no_title(block):
            if _is_prose(block):
                return
            continue
        if len(block.text.strip()) < _SHORTEST:
            continue
        joined = ""
        lines = head[start : start + _TITLE_LINES]
        for at, line in enumerate(lines, 1):
            goes_on = joined and TITLE_REST.match(line.text)
            if _is_no_title(line) and not goes_on or len(joined) + len(line.text) > _TITLE_LENGTH:
                break
            joined += line.text.strip()
            if _looks_whole(joined) and not any(TITLE_REST.match(rest.text) for rest in lines[at : at + 1]):
                yield unspaced(joined)
                break


def unspaced(line: str) -> str:
    """A title without line breaks, without its 文号 in brackets at the end, and without the spaces of letter-spaced words (国 家 粮 食 应 急 预 案)."""
    line = re.sub(r"[ \u3000\t]+", " ", re.sub(r"\s*\n\s*", "", line.strip()))
    line = re.sub(r"[（(][^（()）]{2,20}[〔\[]\d{4}[〕\]]\d+号[)）]$", "", line)
    return re.sub(
        r"(?:(?<=^)|(?<=[^\s]))[\u4e00-\u9fff](?:\s[\u4e00-\u9fff](?=\s|$)){3,}(?:\s+)?",
        lambda m: "".join(m.group().split()),
        line,
    )


def _looks_whole(text: str) -> bool:
    """Whether the lines so far make a title: they end with a kind of document and leave no bracket open."""
    folded = fold(text)
    opened = any(folded.count(a) != folded.count(b) for a, b in ("《》", "()", "〔〕", "“”"))
    return not opened and len(folded) >= 4 and bool(instrument_of(text))


def _is_no_title(block: Block) -> bool:
    folded = fold(block.text)
    return bool(
        len(block.text) > _TITLE_LENGTH
        or _RED_HEAD.search(folded)
        or _NOT_TITLE.search(folded)
        or _NOTE_UNDER_TITLE.match(folded)
        or is_order_line(folded)
        or _number_in_line(block.text)
        or is_date_line(block.text)
    )


def _is_prose(block: Block) -> bool:
    return len(block.text) > 30 and "。" in block.text


def _number_in_line(text: str) -> str | None:
    """The 文号 of a line that holds nothing else (but perhaps 签发人)."""
    folded = fold(text)
    line = _NUMBER_LINE.match(folded)
    if not line or len(folded) > 60 or re.search("[《,。;]|关于|根据", line["rest"]):
        return None
    return doc_number_in(line["rest"]) if re.search(r"[〔(「<]\s*(19|20)\d\d", line["rest"]) else None


def doc_number(blocks: Sequence[Block]) -> str | None:
    """The 文号 in the head of the text, on a line of its own; or of an order (令), set over two lines or in the note
    under the title."""
    head = blocks[:_HEAD_BLOCKS]
    for block in head:
        found = _number_in_line(block.text)
        if found:
            return found
    order = find_order(head)
    if order:
        return order.number
    notes = [b.text for b in head if _NOTE_UNDER_TITLE.match(fold(b.text))]
    orders = re.findall(r"[\u4e00-\u9fff]{2,24}令第\d{1,4}号", fold(notes[0])) if notes else []
    return re.sub(r"^.*日", "", orders[0]) if len(orders) == 1 else None


def _date_at(blocks: Sequence[Block]) -> int | None:
    """Where the signature's date stands: the first line that is a date and nothing else, signed just above."""
    dates = [at for at, block in enumerate(blocks) if is_date_line(block.text)]
    signed = [at for at in dates if at and place.organs_in_line(blocks[at - 1].text)]
    return next(iter(signed or [at for at in dates if at > 1]), None)


def _signer(blocks: Sequence[Block]) -> str | None:
    """Who signed: the lines above the date, or the body named in the head of an order (令)."""
    order = find_order(blocks)
    if order:
        return order.who
    for note in (fold(b.text) for b in blocks[:_HEAD_BLOCKS] if _NOTE_UNDER_TITLE.match(fold(b.text))):
        passed, ordered = _CONGRESS.search(note), _ORDER_IN_NOTE.search(note)
        if passed or ordered:
            return f"{passed['where']}{passed['body']}" if passed else (ordered["who"] if ordered else None)
    at = _date_at(blocks)
    if at is None:
        speaker = next((s for b in blocks[:_HEAD_BLOCKS] if (s := _SPEAKER.search(b.text))), None)
        return speaker["who"] if speaker else None
    organs: list[str] = []
    for block in reversed(blocks[max(0, at - 8) : at]):
        names = place.organs_in_line(block.text) if len(block.text) <= _LONGEST_SIGNATURE else ()
        if not names:
            break
        organs = [*names, *organs]
    return "、".join(organs) or None


def _issued(blocks: Sequence[Block]) -> str | None:
    """The signature's date; of a regulation the day it was passed or published first (题注); of a speech its day."""
    notes = [fold(b.text) for b in blocks[:_HEAD_BLOCKS]]
    at = _date_at(blocks)
    if at is not None and at < _HEAD_BLOCKS and (order := find_order(blocks[:at])) and "令" in order.number:
        return parse_date(blocks[at].text)
    for note, following in zip(notes, [*notes[1:], ""], strict=False):
        passed = _PASSED.search(note) if _NOTE_UNDER_TITLE.match(note) else None
        if passed:
            return parse_date(passed.group(1))
        if _SPEECH.match(note) or _SPEECH.match(note + following):
            return parse_date(note)
    if at is not None:
        return parse_date(blocks[at].text)
    for block in reversed(blocks[-4:]):
        tail = re.search(rf"^(?P<who>.{{2,60}}?)\s+(?P<date>{DATE.pattern})\s*$", fold(block.text))
        if tail and place.organs_in_line(tail["who"]):
            return parse_date(tail["date"])
    return None


def _amended(blocks: Sequence[Block]) -> str | None:
    """The day of the last amendment named under the title of a regulation: which version of it this text is."""
    days: list[str] = []
    passed = False
    for note in (fold(b.text) for b in blocks[:_HEAD_BLOCKS]):
        dates = list(DATE.finditer(note)) if _NOTE_UNDER_TITLE.match(note) else []
        for at, following in zip(dates, [*dates[1:], None], strict=False):
            said = note[at.end() : following.start() if following else len(note)]
            again = passed and "通过" in said
            passed = passed or "通过" in said
            if (again or re.search("修正|修订(?!草案)|会议修改", said)) and (day := parse_date(at.group())):
                days.append(day)
    return max(days, default=None)


def _posted(blocks: Sequence[Block]) -> str | None:
    """The day a copied page says it was put up (时间：…), in the lines above the text."""
    lines = [_POSTED.match(fold(block.text)) for block in blocks[:_HEAD_BLOCKS]]
    return next((parse_date(line["date"]) for line in lines if line), None)


def _inner_title(blocks: Sequence[Block]) -> str | None:
    """The title of what a notice carries: the first title after the signature's date."""
    at = _date_at(blocks)
    return title(blocks[at + 1 :]) if at is not None and at + 1 < len(blocks) else None


def _printed(blocks: Sequence[Block]) -> str | None:
    for block in reversed(blocks[-12:]):
        found = _PRINTED.search(fold(block.text)) if len(block.text) <= _LONGEST_SIGNATURE else None
        if found:
            return parse_date(found["date"])
    return None


def _own(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks without the second attachment and what follows: 本办法自…起施行 in there is said of that attachment. A line
    附件2 may also stand in the list under the notice, so the last one counts."""
    at = next(
        (i for i in reversed(range(1, len(blocks))) if _SECOND_ATTACHMENT.match(fold(blocks[i].text))), len(blocks)
    )
    return blocks[:at]


def _force(blocks: Sequence[Block]) -> dict[str, str | None]:
    """The day of entry into force said of this document (本…自…起施行, or in the order that publishes it)."""
    for block in reversed(blocks):
        text = fold(block.text)
        for sentence in re.split("[。;]", text):
            own = _SELF.search(sentence) or _PUBLISHES.search(sentence) or _NOTE_UNDER_TITLE.match(text)
            day = _FORCE.search(sentence)
            if own and day:
                return {"effective": parse_date(day["date"])}
            if own and _AT_ONCE.search(sentence):
                return {"at_once": "1"}
    return {}


def _validity(blocks: Sequence[Block]) -> str | None:
    for block in reversed(blocks):
        text = fold(block.text)
        if not (_SELF.search(text) or _AT_ONCE.search(text) or _FORCE.search(text)):
            continue
        until, years = _VALID_UNTIL.search(text), _VALID_YEARS.search(text)
        if until:
            return f"至{parse_date(until['date'])}"
        if years:
            return f"有效期{years['years']}年"
    return None
