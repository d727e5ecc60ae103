"""What a page says of the document beside the text: the 信息公开 table, the meta tags, the line under the title.

Labels are recognised by their words, whatever element holds them (``td`` pairs, ``dt``/``dd``, ``li > span``,
``[ 索引号 ]``, ``索　引　号：``), because classes differ on every site and the words do not.
Tags: 政府网站发展指引 (国办发〔2017〕47号); label list: design note on reading, 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from kb.read.blocks import PARAGRAPHS, is_hidden, shown_text, tidy

_IN_TABLES = (
    "索引号 发文字号 文号 文件编号 公文字号 文件字号 发文文号 统一编号 登记号 规范性文件统一编号 发文机关 发文机构 发文单位 制发机关 制定机关"
    " 印发机关 颁布机关 发布机关 发布机构 发布单位 信息发布机构 公开责任部门 责任部门 所属机构 成文日期 成文时间 生成日期 生成时间 制发日期"
    " 发文日期 发文时间 印发日期 签发日期 发布日期 公开日期 公布日期 主题分类 组配分类 内容分类 体裁分类 公文种类 信息分类 文件类型 公文类型"
    " 分类 标题 名称 信息名称 文件名称 公文名称 有效性 是否有效 时效性 时效 效力状态 有效状态 文件状态 生效时间 生效日期 实施日期 施行日期"
    " 实施时间 失效时间 失效日期 废止时间 废止日期 有效期 发布文号 发文号 制发时间 联合发文单位 公文时效 文件有效性 信息时效 政策时效 有效期限 公开时间 发布主体 主题词 关键词 服务对象 适用范围"
)
_IN_LINES = "发布时间 发表时间 时间 日期 信息来源 文章来源 稿件来源 来源 作者 发布者"
_TELL = (
    "索引号 发文字号 文号 文件编号 发文机关 发文单位 发布机构 制定机关 成文日期 印发日期 发布日期 公布日期 公开日期 生成日期 发文日期 主题分类"
    " 有效性 统一编号 文件名称"
)
TABLE_LABELS, LINE_LABELS, _TELLING = (frozenset(words.split()) for words in (_IN_TABLES, _IN_LINES, _TELL))
_KNOWN = TABLE_LABELS | LINE_LABELS
_DECORATION = re.compile(r"[\s\u3000\xa0\[\]【】［］()（）:：*|·]+")
_SEAM = "\x1f"  # stands where one element ends and the next begins
_BETWEEN = rf"[\s\u3000\xa0{_SEAM}]*"
_BUTTONS = re.compile(
    r"[【\[(（\s]*(?:浏览字号|字体大小|字号|字体|视力保护|打印|分享|收藏|浏览次数|浏览量|点击|阅读)(?:本页|次数|量|到|此页)?[:：】\]\s].*$|\s*打印$"
)
_LONG_LABELS = tuple(label for label in TABLE_LABELS if len(label) > 3)
_LABELS_BY_LENGTH = sorted(_KNOWN, key=len, reverse=True)
_LABELLED = re.compile(
    r"(?:(?<=^)|(?<=[\x1f\s\u3000\]】|；;。]))[\[【［]?\s*(?P<label>"
    + "|".join(_BETWEEN.join(label) for label in _LABELS_BY_LENGTH)
    + r")[\s\x1f]*(?:[\]】］][\s\x1f]*[:：]?|[:：])"
)
_DAY_BEFORE_SOURCE = re.compile(r"((?:19|20)\d\d-\d\d?-\d\d?)(?:\s+\d\d?:\d\d(?::\d\d)?)?\s*来源\s*[:：]")
_MAX_LINE, _MAX_TABLE = 400, 800
_ROWS = frozenset({"tr", "dl", "ul", "li", "div", "table", "tbody"})
_META_NAMES = (
    "SiteName SiteDomain SiteIDCode ColumnName ColumnDescription ColumnKeywords ColumnType ArticleTitle PubDate"
    " ContentSource Keywords Author Description Url firstpublishedtime lastmodifiedtime manuscriptId lanmu catalog"
)
_PUBLISHED = "publishdate publish_date publishtime pubtime datepublished article:published_time release_date"
_META = {name.lower(): name for name in _META_NAMES.split()} | dict.fromkeys(_PUBLISHED.split(), "published")
_SITE_CODE = re.compile(r"^(\d{10}|bm\d{8})$")

Fields = dict[tuple[str, str], str]


def bare(label: str) -> str:
    """A label without the spaces, brackets and colons pages put around and into it."""
    return _DECORATION.sub("", label)


def meta_fields(page: HtmlElement) -> Fields:
    """The meta tags as ``("meta", name)``; names as the 指引 writes them, HTML in values taken out.

    Values of an unfinished template (a SiteIDCode that is no code) are left out.
    """
    found: Fields = {}
    for tag in page.iter("meta"):
        raw = tag.get("name") or tag.get("property") or ""
        name = _META.get(raw.lower(), raw)
        value = tidy(_plain(tag.get("content") or ""))
        if not raw or not value or name == "SiteIDCode" and not _SITE_CODE.match(value):
            continue
        found.setdefault(("meta", name), value)
    return found


def _plain(value: str) -> str:
    if "<" not in value or ">" not in value:
        return value
    wrapped = lxml.html.fragment_fromstring(f"<div>{value}</div>", create_parent="div")
    return shown_text(wrapped)


def label_fields(page: HtmlElement, body: HtmlElement | None) -> tuple[Fields, list[HtmlElement]]:
    """Labelled facts of the page, and the elements inside ``body`` that are such a table and not text.

    Prose of the body is not searched: a sentence there may well begin 发布机构：.
    """
    found: Fields = {}
    texts = Texts(page)
    tables = list(_tables_inside(body, texts)) if body is not None else []
    inside = set(body.iter()) if body is not None else set()
    for table in tables:
        inside -= set(table.iter())
    for element in page.iter():
        if isinstance(element.tag, str) and element not in inside and element.tag not in ("script", "style", "head"):
            for label, value in _facts(element, texts):
                origin = "table" if label in TABLE_LABELS else "page"
                found.setdefault((origin, label), value)
    return found, tables


class Texts:
    """The text of elements when short enough to hold a label or value; sizes are counted once for the whole page."""

    def __init__(self, page: HtmlElement) -> None:
        self._size: dict[HtmlElement, int] = {}
        for _, element in etree.iterwalk(page, events=("end",)):
            inner = sum(self._size.get(child, 0) + len((child.tail or "").strip()) for child in element)
            self._size[element] = inner + (len((element.text or "").strip()) if isinstance(element.tag, str) else 0)

    def size(self, element: HtmlElement) -> int:
        """How many characters an element of the page holds, white space at the ends of its pieces not counted."""
        return self._size.get(element, 0)

    def short(self, element: HtmlElement, seam: str = "") -> str:
        """The element's text, pieces joined by ``seam``; empty when it is too long for a label or value."""
        if not 0 < self.size(element) <= _MAX_LINE:
            return ""
        return tidy(seam.join(str(piece) for piece in element.itertext()))


def _tables_inside(body: HtmlElement, texts: Texts) -> Iterator[HtmlElement]:
    """The small elements of the body that hold three or more telling labels with their values and little else."""
    taken: set[HtmlElement] = set()
    for element in body.iter("table", "dl", "ul", "ol", "div"):
        if element is body or element.getparent() in taken or not 20 < texts.size(element) <= _MAX_TABLE:
            taken.update({element} if element.getparent() in taken else ())
            continue
        facts = {fact for part in element.iter() if isinstance(part.tag, str) for fact in _facts(part, texts)}
        said = sum(len(label) + len(value) for label, value in facts)
        if len({label for label, _ in facts} & _TELLING) >= 3 and said >= texts.size(element) // 2:
            taken.add(element)
            yield element


def _facts(element: HtmlElement, texts: Texts) -> Iterator[tuple[str, str]]:
    """(label, value) said by this element itself: by neighbouring children, or on its own line."""
    size = texts.size(element)
    if not 2 < size <= (_MAX_TABLE * 2 if element.tag in _ROWS else _MAX_LINE):
        return
    children = [c for c in element if isinstance(c.tag, str) and not is_hidden(c) and bare(texts.short(c) or "文")]
    words = [texts.short(c) for c in children]
    if element.tag == "tr":
        yield from _under_heads(element, words, texts)
    for at, text in enumerate(words[:-1]):
        label, value = bare(text), words[at + 1]
        if label in _KNOWN and value and not _opens_with_label(value) and _adjacent(children[at], children[at + 1]):
            yield label, _value(value)
    if not any(c.tag in PARAGRAPHS for c in children) and element.tag not in ("b", "strong", "tr", "title", "a"):
        yield from _on_one_line(texts.short(element, _SEAM))


def _under_heads(row: HtmlElement, heads: list[str], texts: Texts) -> Iterator[tuple[str, str]]:
    """The facts of a table whose first row holds the labels and whose second row the values."""
    below = row.getnext()
    if len(heads) < 3 or below is None or below.tag != "tr" or len(below) != len(row):
        return
    if all(bare(head) in _KNOWN for head in heads) and below.getnext() is None:
        yield from (
            (bare(head), value) for head, cell in zip(heads, below, strict=False) if (value := texts.short(cell))
        )


def _opens_with_label(value: str) -> bool:
    """Whether what stands beside a label is the next label (废止日期：, left empty, before 发布日期：2025-03-12)."""
    plain = bare(value)
    return plain in _KNOWN or bool(_LABELLED.match(value)) or plain.startswith(_LONG_LABELS)


def line_facts(*lines: str) -> Fields:
    """The labelled facts of the lines of a page's head, and a day that stands before 来源 without a label, with their
    origins; what an earlier line says holds."""
    found: Fields = {}
    for line in reversed(lines):
        if day := _DAY_BEFORE_SOURCE.match(line):
            found["page", "日期"] = day.group(1)
        found |= {("table" if label in TABLE_LABELS else "page", label): value for label, value in _on_one_line(line)}
    return found


def _adjacent(left: HtmlElement, right: HtmlElement) -> bool:
    """Two cells, a term and its definition, or two neighbours with no text of their own between them."""
    return left.tag in ("td", "th", "dt") or not tidy(left.tail or "").strip(":：")


def _on_one_line(text: str) -> Iterator[tuple[str, str]]:
    marks = list(_LABELLED.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = _value(text[mark.end() : following.start() if following else len(text)])
        if value:
            yield bare(mark["label"]), value


def _value(text: str) -> str:
    # pieces of one value are joined plainly (a 文号 may be set in three spans); buttons after it end it
    pieces = [piece.strip() for piece in text.split(_SEAM)]
    end = next((at for at, piece in enumerate(pieces) if _BUTTONS.match(f"{piece} ")), len(pieces))
    shown = tidy(_BUTTONS.sub("", "".join(pieces[:end])))
    return shown.strip(" \u3000\xa0:：|").removesuffix("[").strip()
