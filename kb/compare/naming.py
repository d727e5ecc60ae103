"""What a quantity counts: the indicator, from the words after it (建成8个先导区) or before it (产业规模达到1000亿元)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.compare.lexicon import Lexicon
from kb.compare.quantities import Quantity, is_counted
from kb.model import Target

MAX_LENGTH = 40
_STOP = re.compile(r"[,。;:！？!\n\t]")
_LIST = re.compile("以及|[、和及与]")
_YEAR_WORDS = re.compile(
    r"(?:力争|争取)?(?:到|至|在|于)?(?:20\d\d[-—至~到]+)?20\d\d年(?:底|末|年底|度(?!假))?(?:之?前)?|“?十[三四五六]五”?(?:末|期末|期间|时期)|今年|明年|[\d一二三四五六七八九十两几]*年内|每年|其中|预计|首批|累计"
)
# words that begin with what else only joins: 再生水利用率, 以旧换新
_HEAD_TRIM = re.compile(
    r"^(?:(?!再(?:生|就业|制造|贷款|融资|担保|保险)|以(?:旧换新|工代赈)|和[美谐平睦]|还[原建])[\s、和及与以也且再又还将的、\"”’·•●○■□◆◇★☆▲△▪…*#—①-⑳-]|\((?:包?含|包括)|并(?!网)|以及|同时|并且|力争|分别|全部|其中|全省|全市|全区|我[省市区]|各自|原则上)+"
)
_TAIL_TRIM = re.compile(r"(?:[\s、和及与以并的在]|分别|年)+$")
_GROWN = re.compile(r"(?:年均|年|同比|平均)?(?:增长|增速|下降|提高|降低|提升|增加|减少|压减|压缩|缩短|降幅|增幅)$")
# 研发投入增长10%以上，占地区生产总值比重达到3%
_SHARE_OF_IT = re.compile(r"\s*[,、]\s*占")
# 产业规模翻一番，达到4000亿元: the number is of what the clause before says has changed
_CHANGING = re.compile(
    "(?:实现)?(?:翻[一两]番|翻番|倍增|[再迈]上新?台阶|(?:持续|不断|稳步|大幅|显著|明显|快速|进一步)"
    "(?:提升|增长|提高|增加|扩大|壮大|增强|攀升|跃升|下降|降低))$"
)
_MORE = re.compile("[较比](?:上一年度?|上年|去年)(?:有所|持续|逐步)?(?:增加|提高|提升|增长|下降|降低|减少)")
_JOINED = re.compile("、|并(?!网)|[和及与]")
_TOTAL = re.compile("累计|总数|总量|总计|达到|突破")
_SUM_OF_NEXT = re.compile("(?<=项目)(?:总?投资|产值|营收)$")
_ENCLOSED = re.compile(r"^(?:总|首期|目标)?(?:规模|投资)[^,。;的]{1,14}元的")
# 每处建筑面积原则上不少于1000平方米, 地区生产总值按增长5%安排: words of the planner, not of the name
_ASIDES = re.compile(r"(?:原则|总体|基本)上?$|一般$|[从由]每[人户](?:每[月年])?$|按(?=(?:年均|同比)?增长$)")
# 加强15%的中医馆内涵建设: what a share is of follows it
_SHARE_OF = re.compile(r"的[\u4e00-\u9fff“A-Za-z]")
# 资助……大学生，合计6300名: a sum is of what the clause before names
_SUMMED = re.compile("合计|共计|总计")
_JOINT = "（合计）"
# names of one thing that join words: 软件和信息服务业, 交通运输、仓储和邮政业; but 制造业和服务业 are two; and words in
# which 和, 与, 及 join nothing
_ONE_NAME = re.compile(
    "参与|与会|普及|涉及|碳中和|和[美谐平睦]|共和国|呼和浩特|研究[与和]试验发展|(?:[^、和及与]{1,12}(?<!业)、){0,4}[^、和及与]{1,12}(?<!业)[和及与][^、和及与业]{1,12}(?<![企产行])业"
    "(?=$|企业|单位|机构|法人|(?:营业)?收入|营收|增加值|总?产值|规模|投资)"
)
_SUMMED_UP = re.compile(rf"(?:{_SUMMED.pattern})[^,。;0-9]{{0,4}}$")
# 花生种植、收获机械化率: two deeds done to one thing
_DEED = re.compile("(?:种植|播种|收获|生产|销售|进口|出口)$")
_AND_SOME = re.compile("[、和及与]一批")  # 4个万亿级和一批千亿级产业集群
_SIZE_BEHIND = re.compile("(?:总|首期|目标)?规模$")
# 5公里充电圈, 千亿立方米大气区: how far or how rich, not how much
_REACH = re.compile("[^,。;、0-9的]{0,4}(?:充电圈|生活圈|服务圈|服务半径|气区|气田|油田|天然气生产基地)")
_AS_SHARE = re.compile("(?<!抢)占(?!有|地(?!区)).*")  # no share: 市场占有率, 占地面积, 抢占
_OPEN_NOUN = re.compile(r"(?:级|型|类|上|以上|规模)$")
_THINGS = "企业|项目|集群|赛道|龙头|园区|产业链|强县|县域|强镇|强村|平台企业"
_SIZED = re.compile(
    rf"级|的?(?:产业|工业|重大|特色|县域|优势|服务业|制造业|先进制造业|战略性新兴产业|未来产业|大)*(?:{_THINGS})"
)
_SIZED_FREELY = re.compile(rf"[^,。;、0-9]{{0,8}}(?:{_THINGS}|基地|机组|村|县)")
# verbs that are the indicator when they stand alone: 投资超120亿元
_NOUNS_TOO = frozenset({"投资", "投入", "发展", "应用"})
# … and these, when what they are measured by follows: 研发投入强度, 孵化面积; or where they only are part of a name: 孵化器
_NOUN_BEFORE = re.compile(
    "(?:研发|孵化|转化|应用|投资|培训|开发|推广|创新)(?:投入|经费|人员|强度|机构|费用|支出|占比|比例|比重|规模|面积|率|额|收入|能力"
    "|中心|平台|载体|基地|团队|项目)|孵化器|开发区|上市(?:公司|企业)|引导基金|改造项目|集中供[养热]"
)
_SIZE = re.compile("(?:总|首期|计划|目标)?(?:规模|投资|金额|投资额|面积|额)|首期")
# 1.1先导区; but 5.5G基站, 2.0版平台
_MARKER = re.compile(
    r"^\s*(?:\(?[一二三四五六七八九十\d]{1,3}[).、](?!\d)|[一二三四五六七八九十]{1,3}是"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=[\u4e00-\u9fff])(?![版代级次米倍元亿万千百公度]))"
)
# from 15 to 57 counties: what is widened, and by what that is counted
_WIDENED = re.compile("(?:扩大|扩展|拓展|推广|延伸)[到至]")
_FROM_COUNT = re.compile(r"[从由][^,。;、\d]{0,8}\d[^,。;、]*$")
# 基金80%用于未来产业、20%用于传统产业: shares of one thing for several ends
_SPENT = re.compile(r"(?:用于|投向|用作)[^,。;、:0-9]{2,24}")
_SIZED_THING = re.compile("(?:基金|基金群|园区|产业园|集群|项目|工程|平台|专项)$")
_ASIDE = re.compile(r"\([^()]*\)")
_NEXT_LIST = re.compile("[、和及与]")
_NOT_NOUN = re.compile(
    r"^(?:[,。;:、！？!\n()]|以上|左右|以下|以内|目标|大关|台阶|新台阶|水平|的|和|及|与|并|增长|$)"
)


def indicator_of(
    folded: str,
    start: int,
    end: int,
    inside: Sequence[Quantity],
    index: int,
    lexicon: Lexicon,
    previous: Target | None,
) -> str:
    """The indicator of ``inside[index]`` in the sentence ``folded[start:end]``; empty when nothing names it."""
    quantity = inside[index]
    if quantity.level or quantity.qualifier and quantity.qualifier.endswith("类各"):
        return _level_name(folded, end, quantity)
    following = _following(folded, end, inside, index) or _shared(folded, end, inside, index)
    if following and (widened := _widened(folded, start, quantity, lexicon)):
        return f"{widened}（{_ASIDE.sub('', following)}）"
    preceding = _distributed(folded, start, inside, index, lexicon) or _before(folded, start, inside, index, lexicon)
    if quantity.unit in ("%", "个百分点", "倍", "∶1"):
        own = _SHARE_OF.match(folded, quantity.end) or not previous
        name = preceding or _cell_before(folded, quantity, lexicon) or (following if own else "")
        if quantity.unit == "%" and (spent := _SPENT.match(folded, quantity.end)):
            of = previous.indicator if index and previous else ""
            return (_SPENT.sub("", of) if _SPENT.search(of) else name) + spent[0]
        if previous and index and _SHARE_OF_IT.match(folded, inside[index - 1].end):
            return _GROWN.sub("", previous.indicator) + name
        return _grown(name, previous, quantity.unit)
    if preceding and _SIZE.fullmatch(preceding) and folded[quantity.end : quantity.end + 1] == "的" and following:
        return (_SIZE_BEHIND.sub("", following) or following) + preceding
    if previous and preceding and _GROWN.fullmatch(preceding) and _alike(previous, quantity):
        return previous.indicator
    if following == "规模" and preceding:
        return preceding
    if following and not (preceding and quantity.is_money and not following.startswith(("规模", "的"))):
        return following
    if preceding:
        return (_subject(folded, start, quantity, lexicon) if _SIZE.fullmatch(preceding) else "") + preceding
    clause_before = _changing(folded, start, quantity, lexicon)
    if following or clause_before:
        return following or clause_before
    same = previous is not None and _alike(previous, quantity)
    return previous.indicator if previous and same else _cell_before(folded, quantity, lexicon)


def clause_start(folded: str, start: int, at: int) -> int:
    """Where the clause (or the cell) holding ``at`` begins in what begins at ``start``."""
    return max([start, *(m.end() for m in _STOP.finditer(folded, start, at))])


def joint(name: str, words: str) -> str:
    """``name``, marked where one number is of several things together, by the ``words`` before it: 概念验证中心和中试平台合计50个."""
    several = _LIST.search(_ONE_NAME.sub("", name)) and not name.endswith(_JOINT)
    return name + _JOINT if several and _SUMMED_UP.search(words) else name


def names(folded: str, start: int, quantity: Quantity, lexicon: Lexicon) -> bool:
    """Whether the sentence names anything before the number, so that what the one before it named is past."""
    return any(_strip(part, lexicon) for part in _STOP.split(folded[start : quantity.lead]))


def _alike(previous: Target, quantity: Quantity) -> bool:
    """Whether both are counted or measured alike: 亿元 and 万亿元, 家/年 and 家."""
    return previous.unit.removesuffix("/年")[-1:] == quantity.unit.removesuffix("/年")[-1:]


def _changing(folded: str, start: int, quantity: Quantity, lexicon: Lexicon) -> str:
    """What the clause before says has doubled, grown or is summed up, when the number only says to how much."""
    clause = re.split("[。;:\n\t]", folded[start : quantity.lead])[-1].rstrip(",、 ").split(",")[-1]
    subject = _CHANGING.sub("", clause)
    summed = _SUMMED.search(folded, quantity.lead, quantity.start) and folded.endswith(",", start, quantity.lead)
    return _strip(subject, lexicon) if subject != clause or summed else ""


def _cell_before(folded: str, quantity: Quantity, lexicon: Lexicon) -> str:
    """What the cell before names, when the number's own cell says only how much: 培育企业 | 到2027年100家."""
    cells = folded[folded.rfind("\n", 0, quantity.lead) + 1 : quantity.lead].split("\t")
    if len(cells) < 2 or any(_strip(_MORE.sub("", part), lexicon) for part in _STOP.split(cells[-1])):
        return ""
    return _strip(_STOP.split(cells[-2].strip())[-1], lexicon)


def _grown(name: str, previous: Target | None, unit: str) -> str:
    """A rate's name: 增长5% alone takes what it grows from the number before it (营收达8400亿元、增长7%)."""
    if previous is None:
        return name
    if not name:
        return previous.indicator
    of = _GROWN.sub("", previous.indicator)
    if unit == "%":
        of = _AS_SHARE.sub("", of) or of  # a share rises by points; so much per cent is its subject's growth
    return of + name if _GROWN.fullmatch(name) else name


def _distributed(
    folded: str, start: int, inside: Sequence[Quantity], index: int, lexicon: Lexicon
) -> str:  # fmt: skip
    """The own subject of one of several numbers: 水果、蔬菜产量分别达2050万吨、4200万吨; empty where there is no 分别."""
    at = folded.rfind("分别", start, inside[index].start)
    if at < 0 or _STOP.search(folded, at, inside[index].start):
        return ""
    begin = clause_start(folded, start, at)
    stop = _STOP.search(folded, at)
    numbers = [q for q in inside if q.start > at and (stop is None or q.start < stop.start())]
    subjects = _LIST.split(_strip(folded[begin:at], lexicon))
    if len(numbers) == 2 * len(subjects) and re.search("[从由]", folded[at : numbers[0].start]):
        numbers = numbers[len(subjects) :]  # 分别从209元、280元提高到217元、290元
    if len(subjects) != len(numbers) or inside[index] not in numbers:
        return ""
    shared = next((w for w in lexicon.shared if subjects[-1].endswith(w)), "")
    own = subjects[numbers.index(inside[index])]
    core, deed = subjects[-1].removesuffix(shared), _DEED.search(subjects[0])
    if deed and _DEED.fullmatch(core) and own is not subjects[0]:
        own = subjects[0].removesuffix(deed[0]) + own  # 花生种植、收获机械化率
    verb = _trim(folded[at + 2 : numbers[0].lead])
    return own + ("" if own.endswith(shared) else shared) + (verb if _GROWN.fullmatch(verb) else "")


def _widened(folded: str, start: int, quantity: Quantity, lexicon: Lexicon) -> str:
    """What is widened to so many places: 县中托管帮扶从15个县扩大到57个县; empty where nothing is, or nothing says what."""
    if not (is_counted(quantity.unit, lexicon) and _WIDENED.search(folded, quantity.lead, quantity.start)):
        return ""
    said = folded[clause_start(folded, start, quantity.lead) : quantity.lead]
    return _strip(_FROM_COUNT.sub("", said), lexicon)


def _subject(folded: str, start: int, quantity: Quantity, lexicon: Lexicon) -> str:
    """What a bare 总规模 or 首期 is the size of: the fund, park or project the clauses before it set up."""
    clauses = [c for c in re.split("[,。;:]", folded[start : quantity.lead])[:-1] if c.strip()]
    named = [_strip(c, lexicon) for c in clauses if _SIZED_THING.search(c)]
    return named[-1] if named else ""


def _level_name(folded: str, end: int, quantity: Quantity) -> str:
    tail = _STOP.split(folded[quantity.end : end], maxsplit=1)[0]
    return _LIST.split(tail, maxsplit=1)[0].strip('的"”').strip().removeprefix("等")[:MAX_LENGTH] + (
        "规模" if quantity.level else ""
    )


def _following(folded: str, end: int, inside: Sequence[Quantity], index: int) -> str:
    """The noun after the number, up to the next number's lead or the end of the clause."""
    quantity = inside[index]
    stop = _STOP.search(folded, quantity.end, end)
    limit = _closed(folded, quantity.end, stop.start() if stop else end)
    aside = _ASIDE.match(folded, quantity.end, limit)
    begin = aside.end() if aside else quantity.end
    later = [q for q in inside[index + 1 :] if begin <= q.lead < limit and not _describes(folded, q)]
    text = folded[begin:limit]
    if _NOT_NOUN.match(text.lstrip("的")) or not text:
        return ""
    if later:
        text = _cut_before_next(folded[begin : later[0].lead])
        if later[0].is_money and not quantity.is_money:
            text = _SUM_OF_NEXT.sub("", text)  # 11个能源项目投资突破2000亿元
    alone = _AND_SOME.split(text, maxsplit=1)
    name = _trim(alone[0])
    if _OPEN_NOUN.search(name) and len(alone) > 1:
        return name + _head_noun(alone[1])
    if _OPEN_NOUN.search(name) and later:
        name += _borrowed(folded, end, inside, index)
    return name


def _closed(folded: str, start: int, limit: int) -> int:
    """Where the brackets that a number stands in close, if before ``limit``: (含3个国家级平台)创新平台; but 3个国家级)创新平台."""
    end = folded.find(")", start, limit)
    inside = end >= 0 and "(" not in folded[start:end]
    return end if inside and not _OPEN_NOUN.search(folded, start, end) else limit


def _head_noun(name: str) -> str:
    """The last noun of 千亿级产业集群, which says what there are several sizes of."""
    head = re.search(r".*(?:级|型|类|以上)(.+)$", name)
    return head[1] if head else ""


def _shared(folded: str, end: int, inside: Sequence[Quantity], index: int) -> str:
    """The noun two numbers share: 5个以上、力争10个以上百亿级产业集群."""
    quantity = inside[index]
    for later in inside[index + 1 : index + 2]:
        if later.unit == quantity.unit and folded[quantity.end : later.lead] in ("、", ",", "、到", "或"):
            return _following(folded, end, inside, index + 1)
    return ""


def sizes_noun(folded: str, quantity: Quantity) -> bool:
    """Whether a sum or measure only says how big the things are that follow: 亿元以上企业, 千亿元产业集群, 5公里充电圈."""
    if quantity.unit == "人" and folded.startswith("规模的", quantity.end):
        return True
    if quantity.unit.endswith(("公里", "立方米")) and _REACH.match(folded, quantity.end):
        return True
    bounded = folded[quantity.end - 2 : quantity.end] in ("以上", "以下")
    if bounded and (quantity.is_money or "千瓦" in quantity.unit or "吨" in quantity.unit):
        return bool(_SIZED_FREELY.match(folded, quantity.end))
    return quantity.is_money and bool(_SIZED.match(folded, quantity.end))


def _describes(folded: str, quantity: Quantity) -> bool:
    """Whether a number belongs to the noun (千亿级集群, 亿元以上企业) and does not begin a new one."""
    return quantity.level or sizes_noun(folded, quantity)


def _cut_before_next(text: str) -> str:
    """The noun alone when another number follows in the same clause: what stands after 、or 和 leads the next."""
    cuts = [m.start() for m in _NEXT_LIST.finditer(text)]
    return text[: cuts[-1]] if cuts else text


def _borrowed(folded: str, end: int, inside: Sequence[Quantity], index: int) -> str:
    """The head noun of a chain: in 5个千亿级、10个五百亿级集群 the first gets 集群 too."""
    for later in range(index + 1, len(inside)):
        if head := _head_noun(_following(folded, end, inside, later)):
            return head
    return ""


def _before(folded: str, start: int, inside: Sequence[Quantity], index: int, lexicon: Lexicon) -> str:
    """The noun before the number, without verbs at its front and 达到, 力争 at its end."""
    quantity = inside[index]
    begin = clause_start(folded, start, quantity.lead)
    earlier = [q.end for q in inside[:index] if q.end > begin and not _describes(folded, q)]
    text = folded[max([begin, *earlier]) : quantity.lead]
    if not earlier and not _strip(text, lexicon) and begin > start:
        return ""
    return _strip(text, lexicon)


def verb_kept(folded: str, clause: int, quantity: Quantity, name: str, lexicon: Lexicon) -> str:
    """The verb that belongs to the indicator ``name``, as it says that things come on top or are changed; one that opens a
    list of things counted (新建概念验证中心20家、中试平台10家) holds for what follows, up to a verb or a total."""
    said = folded[clause : quantity.lead]
    item = _YEAR_WORDS.sub("", said.rsplit("、", 1)[-1])
    for verb in reversed(list(lexicon.kept.finditer(item))):
        rest = item[verb.end() :].strip("的 ")
        if not rest or rest.startswith(name[:2]):
            return verb[0]
    if not is_counted(quantity.unit, lexicon) or _TOTAL.search(folded[clause : quantity.start]):
        return ""
    for earlier in reversed(_JOINED.split(said)):
        if opening := lexicon.added.search(earlier):
            return opening[0]
        if lexicon.verbs.match(earlier.strip()):
            return ""
    return ""


def _strip(text: str, lexicon: Lexicon) -> str:
    text = _MARKER.sub("", _YEAR_WORDS.sub("", text))
    while True:
        shorter = _ENCLOSED.sub("", _CHANGING.sub("", _trim(lexicon.carrying.sub("", _ASIDES.sub("", text)))))
        lead = lexicon.verbs.match(shorter)
        if lead and lead[0] not in _NOUNS_TOO and not _NOUN_BEFORE.match(shorter):
            shorter = shorter[lead.end() :]
        if shorter == text:
            break
        text = shorter
    if text.startswith("全年"):
        return _strip(text.removeprefix("全年"), lexicon) or text.removeprefix("全年")
    return text[-MAX_LENGTH:]


def _trim(text: str) -> str:
    text = _TAIL_TRIM.sub("", _HEAD_TRIM.sub("", text))
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    return text[:MAX_LENGTH]
