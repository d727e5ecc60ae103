"""What a finding says: one to three sentences of the kind a report would use, no stronger than what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.compare.findings import Row, lessened, mentioned, model_order, reserved
from kb.compare.force import BELOW, breadth, devoted, on_whole_field
from kb.compare.result import DEPLOYED, ORIGIN_ZH, Cell, Evidence, Finding, how_many, named_by_title
from kb.model import STRENGTH_ZH, Attestation
from kb.regions import NATIONAL, region_of_name

Span = tuple[int, int]

MOST_NAMES = 5
BELONGING, SUCH = "所辖", "此类规定"
# Longest quotation in characters; longer where nothing tells what of a text speaks of the measure.
QUOTED, QUOTED_BLIND = 60, 150
# A quotation may begin where a clause does and end where an item of a list does.
_CLAUSE, _ITEM = (re.compile(rf"[^{marks}]*[{marks}]?") for marks in ("，；。！？\\n", "，；。！？\\n、"))
_SENTENCE_END = "；。！？\n"
_TIME = re.compile(r"(?:到|至)?20\d\d年(?:底|末|前|以前)?(?:前)?[，：]")


def sentence(row: Row, finding: Finding) -> str:
    """The finding in words; measure first, then what is known of the baseline, then the peers."""
    parts = [f"“{row.measure.name}”：", _opening(row, finding)]
    if row.pending and not finding.closed_by and finding.kind in ("gap", "suspected", "weaker"):
        drafts = dict.fromkeys(e.document.titled for e in row.pending)
        parts.append(f"另有征求意见稿{'、'.join(drafts)}涉及此项，尚未计入现行文件。")
    if finding.kind in ("gap", "suspected", "weaker"):
        parts.append(_peers(row, finding.basis == "attested"))
    if row.withdrawn:
        places = "；".join(e.citation for e in row.withdrawn[:MOST_NAMES])
        parts.append(f"用户修订认为 {len(row.withdrawn)} 条不属此项，未计入：{places}。")
    return "".join(parts)


def _opening(row: Row, finding: Finding) -> str:
    if finding.basis == "attested" and row.said is not None:
        return _attested(row, row.said)
    name, own = row.name, _own(row)
    if row.said is not None and row.closers:
        by = row.closers[0].document.citation + breadth(row.closers[0].document)
        held = "据全文" if finding.basis == "full_text" else "就现有收录看"
        states = {
            "weaker": f"；{held}，力度仍{_behind(row)}", "lead": f"；{held}，力度已领先", "par": f"；{held}{_level(row)}",
            "unknown": f"；{held}，{_elsewhere(row)}，不足以比较",
        }  # fmt: skip
        state = states.get(finding.kind, "")
        return f"{_pointed_out(row.said)}；其后{by}已作出规定{state}。"
    held = "全文" if finding.basis == "full_text" else "现有收录"
    old = _old(row, row.said) if row.said is not None else ""
    match finding.kind:
        case "gap":
            return (
                f"{old}{row.texts or f'{name}的文件全文'}中未见相应规定；条款由程序识别，引用前宜核对最接近的条款。"
            )
        case "suspected":
            return f"{old}{_unseen(row)}；收录并不完整，不能据此断定没有，宜核对原文。"
        case "weaker":
            return f"{old}就{held}看，{own}{_in_words(row)}{_behind(row)}。"
        case "par":
            return f"{old}就{held}看，{own}{_level(row)}。"
        case "lead":
            others = f"{_some(row.peers(1))}{_beside(row, row.strength, '力度不低于此')}{_but_partial(row)}"
            return f"{old}就{held}看，{own}，高于{others}。"
        case "unknown":
            return f"收录的材料不足以得出结论：{_seen(row)}。"


def _old(row: Row, said: Attestation) -> str:
    """A statement that no longer governs, and the baseline's text on the field that speaks against it."""
    if not row.texts_on_field:
        return f"{_pointed_out(said)}；{_aged(row)}；"
    text = row.texts_on_field[0].document
    when = "" if text.known_since is None else "其后" if text.known_since > said.date else "此前"
    has = "已有规定" if row.special >= DEPLOYED else "已提及此项"
    return f"{_pointed_out(said)}；{_aged(row)}，而{when}{text.citation}{has}；"


def _aged(row: Row) -> str:
    return "" if row.fresh else "此条佐证已逾一年"


def _pointed_out(said: Attestation) -> str:
    return f"{said.statement.rstrip('。')}（{said.source_title}，{said.date}）"


def _attested(row: Row, said: Attestation) -> str:
    parts = [f"{_pointed_out(said)}。" if row.fresh else f"{_pointed_out(said)}；{_aged(row)}。"]
    parts += [f"另有佐证：{_pointed_out(other)}。" for other in row.about if other.says == "has"]
    if row.answered_elsewhere:
        parts.append(f"其后{row.answered_elsewhere[0].document.citation}已作出规定，但不在作基准的这份文件之内。")
    if row.own.strength:
        parts.append(
            f"收录的条款中，{_held(row, said)}" + ("。" if row.borne_out else "；本条只依据上述佐证，请核对。")
        )
    elif row.day > said.date and said.says == "lacks" and said.region == row.name:
        held = "" if row.own.coverage == "full" else "；收录并不完整，不能据此断定仍无"
        parts.append(f"此后发布、现已收录的文件中未见补上此项的规定{held}。")
    return "".join(parts)


def _held(row: Row, said: Attestation) -> str:
    """What the baseline has on what it is said to lack or lag in, whether it came after, and whether it is on the field."""
    strength = STRENGTH_ZH[row.own.strength]
    if not row.own.evidence:
        return f"{row.name}的力度为“{strength}”"
    best = row.own.evidence[0]
    later = "此后" if (best.document.known_since or "") > said.date else ""
    less = f"，按“{STRENGTH_ZH[row.strength]}”计" if row.strength < row.own.strength else ""
    special = devoted(best.document)
    broad = less if special else f"，不是未来产业的专门文件{less}"
    return (
        f"{row.name}{later}的{best.document.citation}涉及此项（力度“{strength}”{broad}）{_bracketed(best.remark if special else '', _coder(best))}："
        f"{_quote(row, best.held.provision.text)}"
    )


def _own(row: Row) -> str:
    """How strongly the baseline provides for the measure, and what is to be said of the text this rests on."""
    told = f"{row.name}的力度为“{STRENGTH_ZH[row.own.strength]}”"
    if not row.own.evidence or (best := row.own.evidence[0]).strength < row.own.strength:
        return told
    said = [_coder(best)]
    if row.strength < row.own.strength:
        said += [best.remark, f"按“{STRENGTH_ZH[best.weight]}”计"]
        if best.weight < row.strength:  # another text, or a statement, goes further than this one counts
            other = row.resting[0].document.titled if row.resting else "佐证"
            said.append(f"另据{other}为“{STRENGTH_ZH[row.strength]}”")
    elif reserved(row.own):
        said.append(best.remark)
    elif row.special < best.strength:
        where = "" if best.document.title == row.name.strip("《》") else f"见{best.document.titled}"
        said += [where, "不是未来产业的专门文件"]
    return told + _bracketed(*said)


def _in_words(row: Row) -> str:
    """What the baseline has, where the peers go further by a number, an amount or a date: it may have a number that several
    measures share, and readers know their plan. Then the comma or semicolon that leads on."""
    told = row.strength == DEPLOYED and bool(row.resting)
    return f"，如：{_quote(row, row.resting[0].held.provision.text)}；" if told else "，"


def _own_level(row: Row) -> str:
    """The baseline by name; its own documents only, where it is a city or district of it that has the measure."""
    below = any(_kin(c.region, row.name) == BELONGING or c.region == row.name + BELOW for c in row.having)
    return f"{row.name}本级文件" if below else row.name


def _behind(row: Row) -> str:
    """How many peers go further than the baseline (who, the second half of the sentence says), and who does not."""
    level, above, below = _sides(row)
    parts = [
        f"弱于 {how_many([c.region for c in above], '对照')}",
        f"与{_some(level)}相当" if level else "",
        _lower(row, below),
    ]
    return "，".join(filter(None, parts))


def _level(row: Row) -> str:
    """With whom the baseline stands level, who goes further, who less far."""
    level, above, below = _sides(row)
    parts = [f"与{_weighed(level)}相当" if level else "", f"{_some(above)}更强" if above else "", _lower(row, below)]
    return "".join(f"，{part}" for part in parts if part)


def _sides(row: Row) -> tuple[list[Cell], list[Cell], list[Cell]]:
    """The peers level with the baseline, those that go further, and those that go less far."""
    own = row.strength
    level, above = [c for c in row.peers(own) if c.as_peer == own], row.peers(own + 1)
    return level, above, [c for c in row.peers(1) if c.as_peer < own]


def _lower(row: Row, below: Sequence[Cell]) -> str:
    """How many go less far, and which of them only because what they promise does not count in full."""
    reasons = _not_counting([c for c in below if c.strength >= row.strength])
    told = "；".join(_named(names) + why for why, names in reasons.items())
    return (
        f"另有 {how_many([c.region for c in below], '对照')}力度较低" + (f"（{told}）" if told else "")
        if below
        else ""
    )


def _not_counting(cells: Sequence[Cell]) -> dict[str, list[str]]:
    """Why what these regions have does not count in full, and the regions it holds for."""
    told: dict[str, list[str]] = {}
    for cell in cells:
        resting = [e for e in cell.evidence if e.strength == cell.strength]
        reasons = dict.fromkeys(e.remark.strip("（）") for e in resting)
        less = cell.as_peer and all(not e.stands or e.weight < cell.as_peer for e in resting)
        other = f"，另有“{STRENGTH_ZH[cell.as_peer]}”" if less else ""
        told.setdefault(f"{SUCH}{'或'.join(filter(None, reasons))}{other}", []).append(cell.region)
    return told


def _but_partial(row: Row) -> str:
    partial = any(c.coverage != "full" for c in row.others if c.region in row.counted)
    return f"；对照{_others(row)}的收录也不完整，宜核对" if partial else ""


def _seen(row: Row) -> str:
    """What little is held of either side: who deploys the measure, who only mentions it, who does not count."""
    own = _own(row) if row.own.strength else _unseen(row)
    if row.said is not None:
        has = f"；就现有收录看，{own}" if row.own.strength else ""
        own = _pointed_out(row.said) + ("" if row.fresh else f"；{_aged(row)}") + has
    return f"{own}；{_elsewhere(row)}"


def _unseen(row: Row) -> str:
    """That the baseline is not seen to have it, and in what; a single document is itself what was searched."""
    if not named_by_title(row.name):
        return f"现有收录中未见{_own_level(row)}的规定"
    return f"{row.name}{'全文' if row.own.coverage == 'full' else '现有收录的部分'}中未见相应规定"


def _elsewhere(row: Row) -> str:
    """Which of the others deploy the measure, which only mention it, which do not count."""
    if not row.having:
        return f"未见其他{_others(row)}的规定" + (f"（{NATIONAL}层面有所涉及，不计入对照）" if row.national else "")
    deploying, having = row.peers(DEPLOYED), row.peers(1)
    lesser = [c for c in having if c not in deploying]
    mentioning = [c for c in lesser if mentioned(c)]
    only = "只有" if len(having) == 1 else ""
    told = [
        f"{_weighed(deploying)}已有具体部署" if deploying else "",
        f"{_some(mentioning)}提及" if mentioning else "",
    ]
    rest = _not_counting([c for c in lesser if c not in mentioning])
    told += [f"{_named(names)}有此类规定，但{why.removeprefix(SUCH)}" for why, names in rest.items()]
    return f"计入对照的{_others(row)}中{only}{'，'.join(filter(None, told)) or '未见规定'}{_beside(row, 1, '也有所涉及')}"


def _peers(row: Row, attested: bool) -> str:
    """Which peers go further, which regions beside, and one of them in its own words; mentions are no provisions. What
    is said of the field is held against what the baseline has on the field."""
    least = max((row.special if attested else row.strength) + 1, DEPLOYED)
    peers, beside = row.peers(least), row.beside(least)
    more = "更强的规定" if least > DEPLOYED else "具体部署"
    if not peers and not beside:
        if not row.borne_out:
            return ""
        return (
            f"{_some(row.having)}有所涉及，但现有收录中未见{more}。"
            if row.having
            else f"现有收录中也未见其他{_others(row)}的相应规定。"
        )
    has = "已有数量、金额或期限上的承诺" if least > DEPLOYED else "已有具体部署"
    told = f"{_weighed(peers)}{has}" if peers else f"计入对照的{_others(row)}中未见{more}"
    such = "：" if len(peers) == 1 else "，如" if peers else "，可参看"
    only = f"计入对照的{_others(row)}中只见" if len(peers) == 1 else ""
    return f"{only}{told}{_beside(row, least)}{such}{_example(row, peers or beside, least)}。"


def _beside(row: Row, least: int, has: str = "也有") -> str:
    """Who else has it with strength ``least``, and why it does not count; regions of the baseline's own province first."""
    beside = sorted(row.beside(least), key=lambda c: not _kin(c.region, row.name))
    lesser = [c for c in beside if c.region in row.counted or c.as_peer < least]
    told = _not_counting(lesser)
    for cell in (c for c in beside if c not in lesser):
        kin = _kin(cell.region, row.name)
        told.setdefault(f"{has}，不计入对照", []).append(cell.region + (f"（{kin}）" if kin else ""))
    return f"（{'；'.join(_named(names) + why for why, names in told.items())}）" if told else ""


def _kin(one: str, baseline: str) -> str:
    """What the region ``one`` is to the baseline, if they are of one province."""
    region, own = region_of_name(one), region_of_name(baseline)
    if region is None or own is None:
        return ""
    if region.parent == baseline:
        return BELONGING
    if own.parent == one:
        return "所属省份"
    return "同省" if region.parent and region.parent == own.parent else ""


def _example(row: Row, cells: Sequence[Cell], least: int) -> str:
    provisions = [(c, e) for c in cells for e in c.evidence if e.strength >= least and e in row.shown]
    # what bears a deployment out is held up before what only looks like one
    provisions = [p for p in provisions if p[1].stands and p[1].weight >= least] or provisions
    said = [(c, a) for c in cells for a in c.attestations if a.says == "has" and a.strength >= least]
    strongest = max((a.strength for _, a in said), default=0)
    best = _telling(row, provisions)
    if said and (best is None or best[1].strength < strongest):
        cell, statement = max(said, key=lambda s: (s[1].strength, s[1].date))
        words = _quote(row, statement.statement)
        named = len(cells) == 1 or words.startswith(cell.region)
        region = "" if named else f"{cell.region}："
        return f"{region}{words}（{statement.source_title}，{statement.date}）"
    if best is None:
        return cells[0].region
    cell, one = best
    region = "" if named_by_title(cell.region) or cell.region in one.document.title else cell.region
    told = "据二手转述" if one.held.provision.certainty == "secondary" else ""
    return f"{region}{one.citation}{_bracketed(told, _coder(one))}：{_quote(row, one.held.provision.text)}"


def _coder(one: Evidence) -> str:
    """Who coded it, where it was not the editors."""
    return "" if one.origin == "editor" else ORIGIN_ZH[one.origin]


def _bracketed(*notes: str) -> str:
    """Notes in one pair of brackets, empty ones left out."""
    said = "，".join(note.strip("（）") for note in notes if note)
    return f"（{said}）" if said else ""


def _telling(row: Row, provisions: Sequence[tuple[Cell, Evidence]]) -> tuple[Cell, Evidence] | None:
    """The provision to be held up to others; of those as strong and as devoted, one that speaks of the measure in so many
    words."""
    ordered = sorted(provisions, key=lambda p: model_order(p[1]))
    alike = [p for p in ordered if _rank(p[1]) == _rank(ordered[0][1])]
    return next((p for p in alike if row.spans(p[1].held.provision.text)), ordered[0] if ordered else None)


def _rank(one: Evidence) -> tuple[object, ...]:
    official = one.held.provision.certainty != "secondary"
    return one.lapsed, one.overdue, devoted(one.document), one.strength, on_whole_field(one.document), official


def _quote(row: Row, text: str) -> str:
    return excerpt(text, row.spans(text))


def _some(cells: Sequence[Cell]) -> str:
    return _named([c.region for c in cells])


def _weighed(cells: Sequence[Cell]) -> str:
    """The same, with a remark on whose provision counts for less than it says."""
    return _named([c.region + lessened(c) for c in cells])


def _named(names: Sequence[str]) -> str:
    # beside （所辖） the brackets of another region's cities would be read as if they belonged to the baseline
    spoken = [n.replace(BELOW, BELOW.strip("（）")) for n in names[:MOST_NAMES]]
    return "、".join(spoken) + (f"等 {how_many(names)}" if len(names) > MOST_NAMES else "")


def _others(row: Row) -> str:
    titles = sum(map(named_by_title, row.counted))
    return "文件" if 0 < titles == len(row.counted) else "地区和文件" if titles else "地区"


def excerpt(text: str, spans: Sequence[Span]) -> str:
    """``text`` if it is short, else its clauses around the first of ``spans``, with what time it speaks of."""
    words = text.strip().rstrip("。").replace("\n", " ")
    most = QUOTED if spans else QUOTED_BLIND
    if len(words) <= most:
        return words
    lead = len(text) - len(text.lstrip())
    start, end = min(spans, default=(lead, lead))
    first, shown = max(0, start - lead), end - lead
    last = max((end for _, end in spans if end - lead <= first + most), default=lead) - lead
    clause, item = (max((e for e in _ends(p, words) if e <= first), default=0) for p in (_CLAUSE, _ITEM))
    # a long list may hold the phrase far from where its clause begins
    begin = next((b for b in (clause if clause > 12 else 0, item) if shown <= b + most), first)
    stops = [e for e in _ends(_ITEM, words) if max(begin + 1, shown) <= e <= begin + most]
    stop = max(stops, default=begin + most)
    # What follows the sentence that speaks of the measure speaks of others.
    stop = next((e for e in stops if e >= last and words[e - 1] in _SENTENCE_END), stop) if spans else stop
    times = [m for m in _TIME.finditer(words) if m.end() <= begin]
    time = times[-1][0] if times and not _TIME.match(words, begin) else ""
    kept = words[begin:stop].rstrip("，；、。")
    return time + ("……" if begin else "") + kept + ("……" if stop < len(words) else "")


def _ends(parts: re.Pattern[str], words: str) -> list[int]:
    return [m.end() for m in parts.finditer(words) if m[0]]
