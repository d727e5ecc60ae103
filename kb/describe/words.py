"""What a title says by its own words: kind of document (文种), period, draft or not, and the 文号 grammar.

文种: 党政机关公文处理工作条例 (中办发〔2012〕14号) art. 8, with the kinds plans and regulations use besides.
文号: GB/T 9704-2012, 机关代字 + 〔年份〕 + 顺序号 + 号.
"""

from __future__ import annotations

import re

from kb.fold import fold

_PLAIN_KINDS = (
    "决定 决议 条例 规划 意见 通知 措施 办法 方案 规程 公告 建议 目录 细则 规定 批复 函 令 纲要 指南 指引 公报 通告 通报 议案 报告 纪要 命令"
    " 计划 预案 政策 规则 标准 规范 清单 导则 章程 法 倡议 解读 名单 公示"
)
# longest first within a meaning: 实施方案 before 方案; the value is the word of the house for it
_INSTRUMENTS = (
    ("行动计划", "行动计划"), ("行动方案", "行动方案"), ("实施方案", "实施方案"), ("工作方案", "方案"), ("试点方案", "方案"),
    ("总体方案", "方案"), ("工作要点", "工作要点"), ("指导意见", "意见"), ("实施意见", "意见"), ("若干意见", "意见"),
    ("实施细则", "细则"), ("管理办法", "办法"), ("实施办法", "办法"), ("暂行办法", "办法"), ("暂行规定", "规定"), ("若干规定", "规定"),
    ("若干措施", "措施"), ("政策措施", "措施"), ("若干政策", "政策"), ("规划纲要", "规划"), ("工作规则", "规则"), ("应急预案", "预案"),
    ("工作报告", "报告"), ("提案", "提案"), ("调研报告", "研究报告"), ("研究报告", "研究报告"), ("讲话", "讲话"), ("致辞", "讲话"),
    ("实施计划", "计划"), ("三年计划", "计划"), ("复函", "函"), ("答复", "函"),
    *((word, word) for word in _PLAIN_KINDS.split()),
)  # fmt: skip
# Who signs a 提案, or a 建议 of deputies, is named at its head.
PROPOSER = re.compile(r"\s*(?:(?:第一)?(?:提案|提议|建议|领衔|联名|附议)(?:人|者|单位|代表|委员)|案\s*由)\s*[:：]")
_BRACKETED_END = re.compile(r"[(（][^()（）]{1,40}[)）]\s*$")
_CARRIED = re.compile(r"(?:印发|转发|发布|公布|下发)(.+)的(?:通知|函|公告|通告|决定)$")
_QUOTED = re.compile(r"《(.+)》")
_PERIOD = re.compile(r"((?:19|20)\d\d)\s*年?\s*[-—~至到]+\s*((?:19|20)\d\d)\s*年?")
_FIVE_YEARS = re.compile(r"[“\"'‘]?十([二三四五六])五[”\"'’]?|第十(?P<plan>[二三四五六])个五年")
_DRAFT = re.compile(r"征求意见稿|公开征求.{0,40}意见|草案|送审稿|讨论稿|\(征求意见\)|意见征集")
# what sites set before or after the title of a text no longer in force
ANNOTATION = re.compile(
    r"^[（(【\[]\s*(?:已|全文|现)?(?:失效|废止|作废)\s*[）)】\]]\s*|\s*[（(【\[]\s*(?:已|全文|现)?(?:失效|废止|作废)[^（()）】\]]{0,20}[）)】\]]$"
)
DOC_NUMBER = re.compile(
    r"(?P<body>[\u4e00-\u9fffA-Za-z]{1,16}(?:\s?[\u4e00-\u9fff]{1,4})?)\s*[〔(「<]\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[〕)」>]\s*"
    r"第?\s*(?P<number>\d{1,5}(?:-\d{1,3})?)\s*号"
)
_ORDER = re.compile(r"(?P<body>[\u4e00-\u9fff]{1,24}(?:令|公告))\s*(?:\(?\s*第?\s*(?P<number>\d{1,4})\s*号\s*\)?)")


def instrument_of(title: str) -> str | None:
    """The kind of document a title ends with; of a notice that carries a plan, the plan's.

    >>> instrument_of("国务院关于印发国家职业教育改革实施方案的通知")
    '实施方案'
    """
    bare = _without_brackets(fold(title))
    carried = _CARRIED.search(bare)
    if carried:
        quoted = _QUOTED.search(carried.group(1))
        inner = _ending(_without_brackets((quoted.group(1) if quoted else carried.group(1)).strip("<>《》 ")))
        if inner:
            return inner
    return _ending(bare)


def _without_brackets(title: str) -> str:
    previous = None
    while previous != title:
        previous, title = title, _BRACKETED_END.sub("", title).strip().rstrip('》>"”')
    return title


def _ending(title: str) -> str | None:
    return next((kind for word, kind in _INSTRUMENTS if title.endswith(word)), None)


def period_in(title: str) -> str | None:
    """The years a title covers, ``2024-2027``; 十五五 counts as 2026-2030 in the title of a plan."""
    folded = fold(title)
    years = _PERIOD.search(folded)
    if years and int(years.group(1)) < int(years.group(2)):
        return f"{years.group(1)}-{years.group(2)}"
    five = _FIVE_YEARS.search(folded)
    if five and re.search("规划|计划|纲要|方案", folded):
        start = {"二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}[five.group(1) or five["plan"]]
        return f"{start}-{start + 4}"
    return None


def draft_in(title: str) -> bool:
    """Whether the title says the text is a draft for comment."""
    return bool(_DRAFT.search(fold(title)))


def doc_number_in(text: str) -> str | None:
    """The first 文号 in ``text`` in the standard's form, whatever brackets and spaces the text uses.

    >>> doc_number_in("渝府办发[2024]第075号")
    '渝府办发〔2024〕75号'
    """
    folded = fold(text)
    found = DOC_NUMBER.search(folded)
    if found:
        body = re.sub(r"\s+", "", found["body"])
        return f"{body}〔{found['year']}〕{_plain_number(found['number'])}号"
    order = _ORDER.search(folded)
    return f"{order['body']}第{_plain_number(order['number'])}号" if order else None


def _plain_number(number: str) -> str:
    return number.lstrip("0") or "0"
