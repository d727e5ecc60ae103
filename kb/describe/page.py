"""Metadata as the page states it beside the text: 信息公开 table, meta tags, the line under the title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from kb.describe.dates import parse_date
from kb.describe.words import doc_number_in
from kb.fold import fold
from kb.model import DRAFT_STATUS, DRAFT_WORDS, Reading

TABLE, META, LINE = "信息公开表", "网页标签", "网页标题栏"
_EMPTY = re.compile(r"^(无|暂无|没有|[-—－/\\.、\s]*|null|undefined|0)$", re.I)
_REPOSTED = re.compile(r"^\s*[（(\[【〔]\s*(?:转载|转发|转)\s*[)）\]】〕]\s*")  # the site's own remark
_CUT_SHORT = re.compile(r"(\.\.\.|…)$")
_WINDOW_TAIL = re.compile(
    r"\s*[_\-–—|｜]+\s*[^_\-–—|｜]*(政府|网站|门户|网|厅|局|委员会|办公室|平台|频道|公开)[^_\-–—|｜]*$"
)
# what a title bar may say that is no title: the site's or the organ's name, a channel
_SITE = re.compile(
    r"(?:欢迎.{0,6})?(?:(?!关于|规划|方案|意见|办法|通知|条例|规定|决定|计划|措施|公告|报告)[^《》。:：]){2,30}"
    r"(?:政府|网站|门户|网|厅|局|委员会|委|办公室|平台|频道|公开)"
    r"|首页|(?:最新|各类|其他|行政)?(?:政策|规范性|法规|公开)?文件|政策(?:法规|解读|发布)|通知公告|公示公告|(?:正文|详情|内容|文章)页?|无标题.{0,4}"
)
_ENDED = "失效|废止|无效|停止|作废"
_IN_PART = re.compile(rf"部分.*(?:{_ENDED})|(?:{_ENDED})部分|(?<!全部)(?<!所有)条款(?:已|被|予以)?(?:{_ENDED})")
_NO_DATE = re.compile(r"[^\d年月日〇零一二三四五六七八九十./\s-]|(?<=日)-")
_NOT_YET = re.compile(rf"(?:未|没有|拟|即将|待)(?:被|予以?|经|宣布|明令|注明|标注|明确|规定|到|过)*(?:{_ENDED})")


@dataclass(frozen=True)
class Fact:
    """One stated value: ``name`` is a field of the description, ``publisher`` (may or may not be 发文机关) or ``expires``."""

    name: str
    value: str
    origin: str


def facts(reading: Reading) -> tuple[Fact, ...]:
    """All usable statements of the page in order of trust; placeholders like 无 and — are no statements."""
    return tuple(_facts(reading))


def doubts(reading: Reading) -> tuple[str, ...]:
    """What the page says of the document's force that 现行 alone does not tell, in Chinese for the user."""
    said = (reading.fields.get(("table", label), "").strip() for label in _STATUS_LABELS)
    return tuple(f"页面注明“{one}”：文件的部分条款已不再有效，引用前请核对。" for one in said if _in_part(one))


def _facts(reading: Reading) -> Iterator[Fact]:
    for origin_key, origin in (("table", TABLE), ("meta", META), ("page", LINE)):
        for name, labels, clean in _RULES[origin_key]:
            for label in labels:
                raw = reading.fields.get((origin_key, label), "").strip()
                value = clean(raw) if raw and not _EMPTY.match(raw) else None
                if value:
                    yield Fact(name, value, origin)
                    break


def _as_is(value: str) -> str | None:
    return value


def _title(value: str) -> str | None:
    return None if _CUT_SHORT.search(value) else _REPOSTED.sub("", value) or None


def _window(value: str) -> str | None:
    """The browser's title without the site's name, which may stand at either end; None where nothing else stands."""
    parts = [part for part in re.split(r"[_|｜]", value) if not _is_site(part)]
    longest = max(parts, key=len, default="").strip()
    return _REPOSTED.sub("", _WINDOW_TAIL.sub("", longest)) or None


def _is_site(part: str) -> bool:
    return all(_SITE.fullmatch(word.strip()) for word in re.split("[-–—]+", part))


def _number(value: str) -> str | None:
    """A 文号 in standard form, or as written when it follows no known form; sentences are none."""
    return doc_number_in(value) or (re.sub(r"\s+", "", value) if len(value) <= 40 and "号" in value else None)


def _organ(value: str) -> str | None:
    return re.sub(r"\s*[,，;；]\s*|[\s\u3000]+", "、", value.strip(" ,，;；、")) or None


def _day(value: str) -> str | None:
    return parse_date(value)


def _status(value: str) -> str | None:
    if _in_part(value) or _NOT_YET.search(value) or _ends_later(value):
        return "现行"
    if re.search(_ENDED, value):
        return "已废止"
    if re.search(DRAFT_WORDS, value):
        return DRAFT_STATUS
    if value == "否":
        return "已废止"
    return "现行" if re.search(r"有效|现行|继续|执行|生效|^是$", value) else None


def _in_part(value: str) -> bool:
    """Whether only some provisions are no longer in force: 条款失效, 部分废止."""
    return bool(_IN_PART.search(value))


def _ends_later(value: str) -> bool:
    """Whether the last date named with an end (有效（2029年12月31日失效）) is still ahead."""
    last = max((day for part in _NO_DATE.split(fold(value)) if (day := parse_date(part))), default="")
    return bool(last and re.search(_ENDED, value)) and last >= date.today().isoformat()[: len(last)]


_STATUS_LABELS = (
    "有效性",
    "是否有效",
    "时效性",
    "时效",
    "公文时效",
    "文件有效性",
    "信息时效",
    "政策时效",
    "效力状态",
    "有效状态",
    "文件状态",
)
Rule = tuple[str, tuple[str, ...], Callable[[str], str | None]]
_RULES: dict[str, tuple[Rule, ...]] = {
    "table": (
        ("title", ("标题", "文件名称", "公文名称", "信息名称", "名称"), _title),
        (
            "doc_number",
            ("发文字号", "文号", "公文字号", "文件字号", "发文文号", "发布文号", "发文号", "文件编号"),
            _number,
        ),
        ("issuer", ("发文机关", "发文机构", "发文单位", "制发机关", "制定机关", "颁布机关", "印发机关"), _organ),
        (
            "publisher",
            ("发布机构", "发布机关", "发布单位", "信息发布机构", "公开责任部门", "责任部门", "所属机构", "发布主体"),
            _organ,
        ),
        (
            "issued",
            (
                "成文日期",
                "成文时间",
                "制发日期",
                "生成日期",
                "生成时间",
                "签发日期",
                "发文日期",
                "发文时间",
                "制发时间",
                "印发日期",
            ),
            _day,
        ),
        ("published", ("发布日期", "公开日期", "公布日期", "公开时间"), _day),
        ("effective", ("施行日期", "实施日期", "实施时间", "生效日期", "生效时间"), _day),
        ("expires", ("失效日期", "失效时间", "废止日期", "废止时间"), _day),
        ("status", _STATUS_LABELS, _status),
    ),
    "meta": (
        ("title", ("ArticleTitle",), _title),
        ("published", ("PubDate", "firstpublishedtime", "published"), _day),
        ("publisher", ("ContentSource",), _as_is),
    ),
    "page": (
        ("published", ("发布时间", "发布日期", "发表时间", "时间", "日期"), _day),
        ("publisher", ("信息来源", "文章来源", "稿件来源", "来源"), _as_is),
        ("title", ("title",), _title),
        ("title", ("window",), _window),
    ),
}
