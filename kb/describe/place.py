"""Who issues and where: organ names, region and level (层级) of a document.

The issuer decides; then the title that opens with a region's full name; then the 机关代字 of the 文号 (渝府发 → 重庆),
any other region of the title, the site's name and its 网站标识码 (first two digits: GB/T 2260 province code).
Everything but the issuer's own name is marked as inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.fold import fold
from kb.model import Reading
from kb.read.sites import site_of
from kb.regions import NATIONAL, Region, load_regions, region_of_name, regions_in

_ORGAN_END = (
    r"(?:人民政府|政府|办公厅|办公室|委员会|常务委员会|管委会|管理委员会|人大常委会|指挥部|领导小组|联席会议|国务院|中央军委|工作委员会|人民法院|人民检察院|法院"
    r"|检察院|[省市区县州]委|经济信息委|经济和信息化委|发展改革委|[\u4e00-\u9fff]{1,6}委|[厅局部院署办行会]|总局|总署|中心|集团|公司|大学|银行|联合会|协会|小组)"
)
_ORGAN = re.compile(rf"^[\u4e00-\u9fff（）()·]{{1,30}}?{_ORGAN_END}(?:[（(][^（）()]*[)）])?$|^国务院$|^中共中央$")
_NOT_ORGAN = re.compile(
    r"[。；，,;：:？！《》\d]|^(?:各|特|现|请|此|以上|联系|附|抄送|主送|你)|(?:大会|会议|机会|社会|都会|才会)$|.的."
)
_MORE = re.compile(r"等\s*(?:[\d一二三四五六七八九十]+个?\s*)?(?:部门|单位|委办局)$")
_ABOUT = re.compile(
    r"^(?:[（(【][^）)】]{1,6}[)）】])?\s*(?P<who>[\u4e00-\u9fff、\s（）()]{2,80}?)\s*(?:关于|印发|转发|批转|公布|发布|对)"
)
_CENTRAL = re.compile(
    r"^(?:国务院|中共中央|中央|全国|国家|最高人民|中华人民共和国|工业和信息化部|科学技术部|财政部|教育部|科技部|[\u4e00-\u9fff]{2,9}(?:部|总局|总署)(?:办公厅)?$)"
)
_LOCAL_PARTY = re.compile(r"[省市区县州]委|区党委")
# what follows the region in the name of a central organ's branch (国家税务总局重庆市税务局)
_BRANCH = re.compile(r"[\u4e00-\u9fff]{0,14}(?:局|队|分行|海关|办公室|办事处|专员办)$")
_ZONE = re.compile(
    r"[\u4e00-\u9fff]{1,20}区(?:党工委|管委会|管理委员会)"
)  # its 管委会 ranks as a district's government
_QINGHAI_HAINAN = re.compile(r"海南(?:藏族自治)?州")  # the prefecture of 青海 that is called like a province
_JILIN_CITY = re.compile(r"吉林市(?!场|县|政(?!府))")  # the one city that bears its province's name
_AUTONOMOUS = re.compile(r"[\u4e00-\u9fff]{2,14}?自治(?P<kind>[县州])")
_DISTRICT = re.compile(
    r"^(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?(?:[\u4e00-\u9fff]{1,6}?[市州盟])?(?:[\u4e00-\u9fff]{0,6}?(?:(?<![社地园小景校片辖库治政])区|县|旗)|[\u4e00-\u9fff]{1,16}?自治县)(?!域|划|块|级)"
)
_OTHER_CITY = re.compile(r"^(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区)?[\u4e00-\u9fff]{1,6}?(?:市|州|盟|地区)")
_PREFIXES = {
    "京": "北京", "津": "天津", "冀": "河北", "晋": "山西", "内政": "内蒙古", "内党": "内蒙古", "辽": "辽宁", "吉": "吉林", "黑": "黑龙江",
    "沪": "上海", "苏政": "江苏", "苏府": "苏州", "苏发": "江苏", "苏办": "江苏", "浙": "浙江", "皖": "安徽", "闽": "福建", "赣市": "赣州", "赣": "江西",
    "鲁": "山东", "豫": "河南", "鄂": "湖北", "湘": "湖南", "粤": "广东", "桂": "广西", "琼": "海南", "渝": "重庆", "川": "四川", "黔": "贵州",
    "云政": "云南", "云发": "云南", "藏": "西藏", "陕": "陕西", "甘": "甘肃", "青政": "青海", "宁政规": "宁夏", "新政": "新疆", "新党": "新疆",
    "穗": "广州", "深": "深圳", "成府": "成都", "成办": "成都", "武政": "武汉", "杭": "杭州", "甬": "宁波", "合政": "合肥", "青政办发市": "青岛",
    "济政": "济南", "郑政": "郑州", "西政": "西安", "市政发": "西安", "厦府": "厦门", "榕政": "福州", "长政": "长沙", "洪府": "南昌", "沈政": "沈阳",
    "国发": NATIONAL, "国办": NATIONAL, "国函": NATIONAL, "国令": NATIONAL, "工信部": NATIONAL, "发改": NATIONAL, "国科": NATIONAL,
    "中发": NATIONAL, "中办": NATIONAL,
}  # fmt: skip
# a regulation may be about a district (上海市浦东新区…若干规定) and still be the city's
_LAWS = ("条例", "规定", "决定", "法")


@dataclass(frozen=True)
class Place:
    """A region of the gazetteer, the level of the issuing body, and what they were told from."""

    region: str
    level: str
    origin: str


def is_organ(name: str) -> bool:
    """Whether ``name`` reads as the name of one public body (or several, joined by 、)."""
    parts = [part for part in re.split(r"[、\s]+", name.strip()) if part]
    return bool(parts) and all(_ORGAN.match(part) and not _NOT_ORGAN.search(part) for part in parts)


def organs_in_line(text: str) -> tuple[str, ...]:
    """The bodies named on a signature line (several may stand side by side); empty when it is no such line."""
    line = text.strip()
    if not line or len(line) > 60:
        return ()
    whole = re.sub(r"[\s\u3000\xa0]+", "", line)
    parts = tuple(part for part in re.split(r"[\s\u3000\xa0、]+", line) if part)
    if all(len(part) == 1 for part in parts):
        parts = (whole,)
    if all(is_organ(part) for part in parts):
        return parts
    return (whole,) if is_organ(whole) else ()


def issuer_in_title(title: str) -> str | None:
    """The issuer a title opens with (国务院办公厅关于…), joint issuers joined by 、; 等四部门 names nobody fully."""
    head = _ABOUT.match(title)
    if not head or _MORE.search(head["who"].strip()):
        return None
    who = "、".join(_apart(part) for part in re.split(r"[\s\u3000、]+", head["who"]) if part)
    return who if is_organ(who) else None


def _apart(names: str) -> str:
    """Joint issuers a title writes without a sign between them (某市财政局某市科技局), joined by 、."""
    place = re.match(r"(?:中共)?([\u4e00-\u9fff]{2,5}?[省市区县州])", names)
    return re.sub(rf"(?<=[局委会厅部办室府院])(?={place.group(1)})", "、", names) if place else names


def same_organ(one: str, other: str) -> bool:
    """Whether two names share a body: equal, or one of the joint bodies named in the other."""
    ours, theirs = (set(re.split("、", fold(name))) for name in (one, other))
    return bool(ours & theirs) or fold(one) in fold(other) or fold(other) in fold(one)


def is_short_for(short: str, full: str) -> bool:
    """Whether one name abbreviates another: 省政府办公厅 for 浙江省人民政府办公厅, 市经济信息委 for 重庆市经济和信息化委员会.

    Its characters stand in the full name in this order, and both end in the same kind of body (政府 is no 办公厅).
    """
    if "、" in short + full or full.startswith(short) or _contracted(short)[-1:] != _contracted(full)[-1:]:
        return False
    rest = iter(full)
    return all(char in rest for char in short)


def _contracted(name: str) -> str:
    return fold(name).replace("委员会", "委").replace("人民政府", "政府").replace("办公室", "办公厅")


def locate(fields: Mapping[str, str], reading: Reading) -> Place | None:
    """The place a document belongs to, from the most telling statement to the least; None when nothing tells."""
    issuer, title = fields.get("issuer", ""), fields.get("title", "")
    region = _region_of(issuer)
    if region:
        return Place(region.name, _level(issuer, region), "推断自发文机关")
    number = _by_number(fields.get("doc_number", ""))
    region = _region_told(title)
    if region and (number in (None, region) or _opens(title, region)):
        law = fields.get("instrument") in _LAWS and not _JILIN_CITY.match(title)
        return Place(region.name, region.level if law else _level(title, region), "推断自标题")
    if number:
        return Place(number.name, _level(issuer, number), "推断自发文字号")
    for text, origin in _weak_hints(reading):
        region = _region_told(text) if origin == "推断自正文开头" else _region_of(text)
        if region:
            return Place(region.name, _autonomous(title, region) or _level(text, region), origin)
    return _by_site(reading)


def _autonomous(title: str, region: Region) -> str | None:
    """The level of an autonomous county or prefecture of the region that opens a title and passes rules of its own."""
    named = _AUTONOMOUS.match(title)
    return {"县": "区县级", "州": "地市级"}[named["kind"]] if named and region.level != "国家级" else None


def _weak_hints(reading: Reading) -> Iterator[tuple[str, str]]:
    yield reading.fields.get(("table", "发布机构"), ""), "推断自发布机构"
    yield reading.fields.get(("meta", "SiteName"), ""), "推断自网站名称"
    if reading.blocks:
        yield "".join(block.text for block in reading.blocks[:3])[:200], "推断自正文开头"


def _region_of(text: str) -> Region | None:
    """The region an organ or title names: the most local of those that open it (四川省成都市 → 成都)."""
    if not text:
        return None
    text = _QINGHAI_HAINAN.sub("青海", text)
    found = [region for region in regions_in(text) if region.name != NATIONAL]
    if _CENTRAL.match(text) and not _is_local(text):
        return region_of_name(NATIONAL)
    if not found:
        return None
    nested = [region for region in found[1:2] if region.parent == found[0].name]
    return (nested or found)[0]


def _is_local(text: str) -> bool:
    """Whether the body named first sits in a region though its name reads like a central one's: a local party
    committee's department (重庆市委宣传部), a central organ's branch (国家税务总局重庆市税务局)."""
    first = re.split(r"[、\s]|关于|印发", text)[0]
    branch = next((r for r in regions_in(first) if r.name != NATIONAL), None)
    rest = first.partition(branch.name)[2] if branch else ""
    return bool(_LOCAL_PARTY.search(first) or _BRANCH.match(rest))


def _region_told(text: str) -> Region | None:
    """The region a title or opening names, where a city's bare name within other words is none (新乡贤, 医保定点)."""
    region = _region_of(text)
    if region is None or region.level != "地市级" or any(word in text for word in region.aliases):
        return region
    if re.search(rf"(?:^|[^\u4e00-\u9fff]|印发){region.name}", text):
        return region
    return _region_told(text.replace(region.name, "　"))


def _opens(title: str, region: Region) -> bool:
    """Whether the title opens with the region's full name or a central organ's, and so says who issued it."""
    return region.name == NATIONAL or title.lstrip("《").removeprefix("中共").startswith(region.aliases)


def _level(text: str, region: Region) -> str:
    """The level of the body named: a district below the region, a city the gazetteer does not know, or the region's."""
    if region.name == NATIONAL:
        return "国家级"
    first = text.split("、")[0]
    at = first.find(region.name)
    rest = first[at + len(region.name) :] if at >= 0 else first
    if f"{region.name}新区" in region.aliases:
        rest = rest.removeprefix("新区")
    if _DISTRICT.match(rest) or _ZONE.match(re.split("关于|印发", rest)[0]):
        return "区县级"
    if _JILIN_CITY.search(first):
        return "地市级"
    city = _OTHER_CITY.match(rest.removeprefix("省").removeprefix("自治区"))
    if region.level == "省级" and city and not rest.startswith("市") and re.search("政府|委|局|办", rest):
        return "地市级"
    return region.level


def _by_number(number: str) -> Region | None:
    prefix = max((p for p in _PREFIXES if number.startswith(p)), key=len, default=None)
    return region_of_name(_PREFIXES[prefix]) if prefix else None


def _by_site(reading: Reading) -> Place | None:
    code = reading.fields.get(("meta", "SiteIDCode"), "")
    if code.startswith("bm"):
        return Place(NATIONAL, "国家级", "推断自网站标识码")
    province = next((r for r in load_regions() if r.code and code.startswith(r.code)), None)
    if province:
        return Place(province.name, _level_of_code(code, province), "推断自网站标识码")
    host = urlsplit(reading.url or "").hostname
    site = site_of(host) if host else None
    region = region_of_name(site.region) if site else None
    return Place(region.name, region.level, "推断自网站地址") if region else None


def _level_of_code(code: str, province: Region) -> str:
    """The level the digits after the province's say (GB/T 2260): 00 00 itself, then city, then district or county."""
    if code[2:4] in ("", "00"):
        return province.level
    district = province.name in ("北京", "天津", "上海", "重庆") or code[4:6] not in ("", "00")
    return "区县级" if district else "地市级"
