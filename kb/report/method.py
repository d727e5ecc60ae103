"""What the report says of itself: what each kind of finding means, how it was reached, what it cannot show."""

from __future__ import annotations

from collections import Counter

from kb.compare.result import KIND_ZH, Comparison, Kind
from kb.model import STRENGTH_TOLD
from kb.report.tables import DIGEST, Table, documents_of

_MEANING: dict[Kind, str] = {
    "gap": "有出处的佐证指出缺失，或文件全文中未见而至少两个对照地区已有部署；立论前请看把握高低，并核对所列依据。",
    "suspected": "至少两个对照地区已有部署，而基准的现有收录中未见；收录不完整，须核对原文后方可立论。",
    "weaker": "至少两个对照地区力度更强；或佐证指出滞后，或指出缺失而此前已有专门文件部署（佐证已逾一年的，也含非专门文件）。",
    "par": "有对照地区与基准力度相当，或只有一个更强；更强的不足两个，不判偏弱。",
    "lead": "基准的力度高于计入对照的各地。",
    "unknown": "收录的材料不足以得出结论，列出已见的依据备查。",
}

# How findings are reached; the page shows the same words.
RULES = (
    "（四）结论。先看关于基准的最近一条佐证：它指出缺失或滞后，且有对照地区具备该举措的，缺失为缺口，滞后为偏弱；指出缺失而此前已有专门文件部署的，也为偏弱。其后基准出台专门文件作出部署的，记为已被补上，改按力度比较；佐证已逾一年，而专门文件（佐证只说滞后的，任何文件）的部署不弱于对照地区，或没有对照地区作出部署的，改按力度比较；逾一年的缺失，基准另有非专门文件部署的，记为偏弱。"
    "没有佐证时，基准未见某项举措，且至少两个对照地区已有部署，才判为缺口（专门文件全部收录全文）或疑似缺口（收录不全）；"
    "双方都有的按力度比较：两个以上对照地区更强为偏弱；只有一个更强，或有地区与之相当，为相当；无一与之相当或更强，且两个以上已有部署、基准据以比较的规划期未满，为领先。其余为依据不足：具备该举措的对照地区不足两个，或基准未见而作出部署的不足两个，或不够领先的条件。"
    "省与省、城市与城市对照；国家、未点名选入的其他层级地区和各省下辖地区的文件只列出备查，不计入对照。"
    "一份文件只算一次：作基准的文件不再算在其所在地区一列里；与所在地区一同选中的文件已计入该地区，另列一列备查。"
    "把握分高、中、低，取决于依据的种类和新旧、有确切部署的对照地区数、编码是否可靠以及双方收录是否完整。",
    "（五）时点。只比较基准日现行有效的文件：征求意见稿不计（基准的征求意见稿在结论中注明）；已废止、被取代或有同名新文件的不计；"
    "规划期或有效期已满的，对基准仍计，对对照地区只列出、不计入；目标年份已过的承诺，双方都按部署计；不针对未来产业整体（如只针对个别产业）的专项规划和立法，双方都按提及计；对照地区非专门文件中仅由程序识别的规定，只列出、不计入（后两条不用于单独选作基准或对照的文件）；日期未详的文件只计入当前，不计入以往时点。",
)  # fmt: skip


def meaning(kind: Kind) -> str:
    """What a kind of finding means, in one sentence."""
    return _MEANING[kind]


def notes_table(comparison: Comparison) -> Table:
    """说明: what a reader of tables alone has to know: what was compared, what the kinds mean, method and limits."""
    counted = comparison.peers
    facts = [("比较基准", comparison.baseline), ("对照地区", "、".join(counted)), ("比较基准日", comparison.as_of)]
    kinds = [(f"结论：{KIND_ZH[kind]}", told) for kind, told in _MEANING.items()]
    return Table(
        "说明", ("事项", "说明"), (*facts, *kinds, *(("方法与局限", note) for note in closing_notes(comparison)))
    )


def closing_notes(comparison: Comparison) -> list[str]:
    """Method and limits, a paragraph each."""
    return [
        _material(comparison),
        _coding(comparison),
        f"（三）力度。分四级：0 未见；1 提及，即{STRENGTH_TOLD[1]}；2 部署，即{STRENGTH_TOLD[2]}；"
        f"3 承诺，即{STRENGTH_TOLD[3]}。一地在一项举措上的力度，取其现行文件中最强的一条，或有日期的佐证所述。力度衡量写得多具体，不衡量成效。",
        *RULES,
        "（六）局限。节录或摘编不能证明没有，因此“未见”只表示现有材料中没有看到；佐证反映其作出之日的情况和作出者的看法；"
        "各地对同一名称的举措和指标口径不一；文件的发布不等于落实。本报告供研究参考，引用具体条款请以官方文本为准。",
    ]  # fmt: skip


def _material(comparison: Comparison) -> str:
    held = list(documents_of(comparison).values())
    full = sum(d.coverage == "full" for d in held)
    text = f"（一）材料。本报告依据文库收录的 {len(held)} 份文件，其中全文 {full} 份，节录或摘编 {len(held) - full} 份（见附录一）。"
    provisions = {e.held.id: e.held.provision for c in comparison.cells for e in c.evidence}
    digests = sum(p.kind == DIGEST for p in provisions.values())
    if digests:
        text += (
            f"作为依据的 {len(provisions)} 条规定{'都' if digests == len(provisions) else f'中，{digests} 条'}是编者据官方页面或公开报道用自己的话所作的摘编，不是文件原文，"
            "不可当作原文引用；每条后注明了摘自何处。"
        )
    return text


def _coding(comparison: Comparison) -> str:
    coded = {(c.measure, e.held.id): e.origin for c in comparison.cells for e in c.evidence}
    origins = Counter(coded.values())
    origins["user"] += sum(len(f.withdrawn) for f in comparison.findings)
    parts = [
        text for origin, text in (
            ("editor", f"编者逐条编码 {origins['editor']} 处"), ("user", f"用户修订 {origins['user']} 处"),
            ("auto", f"程序自动识别 {origins['auto']} 处（表中逐处注明，宜人工复核）"),
        )
        if origins[origin]
    ]  # fmt: skip
    return (
        f"（二）编码。每条规定对应哪项举措、力度几级，来自{'，'.join(parts) or '编者编码'}。"
        "编码按分析框架对各项举措的界定进行，难免有判断成分，可凭所列出处复核。"
    )
