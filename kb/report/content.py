"""The report's chapters, in order: summary, whole picture, findings with evidence, goals, sectors, appendices.

Goes in: a comparison. Comes out: parts (:mod:`kb.report.parts`) that Word and Markdown render alike. Nothing is cut
short: every provision the comparison rests on is in it, with its source numbered in GB/T 7714 order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kb.compare.force import LAPSED_ZH, breadth, column_of, lapsed
from kb.compare.frame import TOOL_ZH, Frame, load_frame
from kb.compare.result import (
    BASIS_ZH,
    KIND_ZH,
    ORIGIN_ZH,
    Comparison,
    Evidence,
    Finding,
    Kind,
    SectorRow,
    TargetRow,
    how_many,
)
from kb.model import CERTAINTY_ZH, COVERAGE_ZH, DRAFT_STATUS, STRENGTH_TOLD, STRENGTH_ZH, Attestation, Document, Held
from kb.report import pictures
from kb.report.cite import References
from kb.report.method import closing_notes, meaning
from kb.report.parts import (
    Contents,
    Cover,
    Grid,
    Heading,
    Inline,
    Line,
    Link,
    Paragraph,
    Part,
    Picture,
    Sources,
    Strong,
    Words,
    line,
    refs,
    words,
)
from kb.report.safe import link
from kb.report.tables import (
    MARKED,
    SAYS_ZH,
    by_family,
    documents_of,
    family_names,
    goal,
    items_of,
    place,
    remark,
    tools_table,
)

NUMERALS = "一二三四五六七八九十"


def compose(comparison: Comparison, corpus: Path, day: str) -> list[Part]:
    """All parts of the report, written on the ISO day ``day``."""
    return list(_Report(comparison, corpus, day).parts())


class _Report:
    """One report in the making: the comparison, its frame and the references given so far."""

    def __init__(self, comparison: Comparison, corpus: Path, day: str) -> None:
        self.comparison = comparison
        self.frame: Frame = load_frame(corpus)
        self.families = family_names(corpus)
        self.documents = documents_of(comparison)
        self.references = References(day)
        self.day = day

    def parts(self) -> Iterator[Part]:
        """The chapters; the references come last because the chapters number them."""
        yield self._cover()
        yield Contents()
        chapters: Sequence[tuple[str, Callable[[], Iterator[Part]]]] = (
            ("结论摘要", self._summary), ("总体对照", self._overview), ("分项结论与依据", self._findings),
            ("量化目标", self._targets), ("产业布局", self._sectors), ("政策工具", self._tools),
        )  # fmt: skip
        for numeral, (title, chapter) in zip(NUMERALS, chapters, strict=False):
            yield Heading(1, f"{numeral}、{title}", fresh=title == "结论摘要")
            yield from chapter()
        yield Heading(1, "附录一　所据文件与收录程度", fresh=True)
        yield from self._appendix()
        yield Heading(1, "附录二　方法与局限")
        yield from (Paragraph((note,)) for note in closing_notes(self.comparison))
        yield Heading(1, "参考文献", fresh=True)
        yield Paragraph(("著录依据 GB/T 7714—2015，按正文中出现的先后编号；方括号内为引用日期，即本报告的生成日期。"
                         "标注为节录或摘编的文件，引用原文前请打开官方页面核对。",), "note")  # fmt: skip
        yield Sources(self.references.entries)

    def _cover(self) -> Cover:
        result = self.comparison
        held = list(self.documents.values())
        full = sum(d.coverage == "full" for d in held)
        peers = result.peers
        beside = [c.region for c in result.columns[1:] if not c.counted and c.documents]
        empty = [c.region for c in result.columns if not c.documents]
        facts = [
            ("比较基准", result.baseline), ("基准状态", self._draft()), ("对照", f"{'、'.join(peers) or '无'}（{how_many(peers)}）"),
            ("列出备查", f"{'、'.join(beside)}（{len(beside)} 个，不计入结论）" if beside else ""),
            ("没有收录", f"{'、'.join(empty)}（文库中没有现行文件，未作比较）" if empty else ""), ("比较基准日", result.as_of),
            ("分析框架", f"{len(self.frame.dimensions)} 个维度、{len(self.frame.measures)} 项举措"),
            ("所据文件", f"{len(held)} 份：全文 {full} 份，节录或摘编 {len(held) - full} 份"), ("生成日期", self.day),
        ]  # fmt: skip
        return Cover(
            "区域未来产业政策比较报告",
            f"——以{result.baseline}为基准的举措对照与差距分析",
            tuple(f for f in facts if f[1]),
        )

    def _draft(self) -> str:
        """What a reader must know of a baseline that is a draft; empty for any other."""
        first = self.comparison.columns[0]
        draft = first.is_document and first.documents[0].status == DRAFT_STATUS
        return f"{DRAFT_STATUS}，不是现行文件" if draft else ""

    # -- summary and whole picture --------------------------------------------------------------------------

    def _summary(self) -> Iterator[Part]:
        result = self.comparison
        by_kind = {k: [f for f in result.findings if f.kind == k] for k in KIND_ZH}
        counts = "，".join(f"{KIND_ZH[k]} {len(found)} 项" for k, found in by_kind.items() if found)
        yield Paragraph((f"截至 {result.as_of}，就分析框架的 {len(result.findings)} 项举措，以{result.baseline}为基准，与"
                         f" {how_many(result.peers, '对照')}比较，结论为：{counts}。",))  # fmt: skip
        rows = tuple(
            line(KIND_ZH[k], str(len(found)), "、".join(f.measure.name for f in found), meaning(k))
            for k, found in by_kind.items() if found
        )  # fmt: skip
        yield Grid(("结论", "项数", "举措", "含义"), rows, (12, 7, 50, 31), "结论一览")
        yield from self._closed()
        image = pictures.kinds_chart(result, self.frame)
        yield Picture(image, "各维度的结论构成", self._kinds_grid())
        if partial := sum(d.coverage != "full" for d in self.documents.values()):
            yield Paragraph((f"阅读提示：所据文件中有 {partial} 份为节录或摘编。收录不全时“未见”不等于“没有”，这类结论写作“疑似缺口”或“依据不足”，"
                             "写作“缺口”的须另有佐证；提交前宜对照官方原文核实。",), "note")  # fmt: skip

    def _closed(self) -> Iterator[Part]:
        closed = [f for f in self.comparison.findings if f.closed_by]
        if not closed:
            return
        yield Paragraph((f"有 {len(closed)} 项曾被佐证指出缺失或滞后，其后已被新文件补上：",), "lead")
        for finding in closed:
            yield Paragraph(words(Strong(finding.measure.name), "：", *self._closers(finding)), "item")

    def _closers(self, finding: Finding) -> Words:
        said: list[Inline] = []
        for key in finding.closed_by:
            document = self.documents.get(key)
            if document is not None:
                named = f"{document.citation}{breadth(document)}"
                said += ["、" if said else "", named, *refs([self.references.document(document)])]
        return words(*said)

    def _kinds_grid(self) -> Grid:
        rows = []
        for dimension in self.frame.dimensions:
            kinds = [f.kind for f in self.comparison.findings if f.measure.dimension == dimension.id]
            rows.append(line(dimension.name, *(str(kinds.count(k) or "") for k in KIND_ZH)))
        return Grid(("维度", *KIND_ZH.values()), tuple(rows), (28, *[12] * len(KIND_ZH)))

    def _overview(self) -> Iterator[Part]:
        result = self.comparison
        yield Paragraph(("各地在每项举措上的力度，取其现行文件中最强的一条，或有日期的佐证所述（注明“据佐证”）："
                         + "，".join(f"{n} {STRENGTH_ZH[n]}（{STRENGTH_TOLD[n]}）" for n in (3, 2, 1)) + "。",))  # fmt: skip
        for number, columns in enumerate(groups := pictures.column_groups(result), 1):
            of = f"（{number}/{len(groups)}）" if len(groups) > 1 else ""
            image = pictures.heat_map(result, self.frame, columns)
            yield Picture(image, f"各地举措力度对照{of}", self._matrix(columns))
        yield Paragraph(
            (
                "按地区统计具备的举措项数如下，对照地区规划期已满等不计入的不算，目标年份已过的承诺按部署计，不针对未来产业整体的专项规划和立法按提及计。"
                "项数受收录多少影响：收录少的地区项数自然少，不宜据此给地区排名。",
            )
        )
        yield Picture(pictures.strengths_chart(result), "各地具备的举措项数与力度", self._strengths_grid())

    def _matrix(self, columns: Sequence[str]) -> Grid:
        """The heat map in words: which regions have a measure, by strength, the baseline emphasised."""
        rows: list[Line] = []
        for dimension in self.frame.dimensions:
            rows.append(Line(((dimension.name,),), band=True))
            rows += [line(m.name, *(self._having(m.id, s, columns) for s in (3, 2, 1))) for m in dimension.measures]
        return Grid(("举措", *(STRENGTH_ZH[s] for s in (3, 2, 1))), tuple(rows), (22, 26, 26, 26))

    def _having(self, measure: str, strength: int, columns: Sequence[str]) -> Words:
        said: list[Inline] = []
        for region in columns:
            cell = self.comparison.cell(measure, region)
            if cell.strength == strength:
                name = Strong(region) if region == self.comparison.baseline else region
                said += ["、" if said else "", name, remark(cell, region == self.comparison.baseline)]
        return words(*said)

    def _strengths_grid(self) -> Grid:
        counts = pictures.strength_counts(self.comparison)
        rows = tuple(line(region, *(str(n) for n in row), str(sum(row))) for region, row in counts)
        return Grid(("地区", *(STRENGTH_ZH[s] for s in (3, 2, 1)), "合计"), rows, (36, 16, 16, 16, 16))

    # -- findings -------------------------------------------------------------------------------------------

    def _findings(self) -> Iterator[Part]:
        kinds: list[Kind] = [k for k in KIND_ZH if any(f.kind == k for f in self.comparison.findings)]
        for numeral, kind in zip(NUMERALS, kinds, strict=False):
            found = [f for f in self.comparison.findings if f.kind == kind]
            yield Heading(2, f"（{numeral}）{KIND_ZH[kind]}（{len(found)} 项）")
            yield Paragraph((meaning(kind),), "gloss")
            for number, finding in enumerate(found, 1):
                yield from self._finding(finding, number)

    def _finding(self, finding: Finding, number: int) -> Iterator[Part]:
        measure = finding.measure
        yield Heading(3, f"{number}. {measure.name}（{self.frame.dimension_name(measure)}）")
        yield Paragraph((finding.sentence.removeprefix(f"“{measure.name}”："),), "lead")
        yield Paragraph(words(
            Strong("依据"), f"：{BASIS_ZH[finding.basis]}　", Strong("把握"), f"：{finding.confidence}　",
            Strong("力度"), f"：{self.comparison.baseline}“{STRENGTH_ZH[finding.baseline_strength]}”，"
            f"计入的对照最高“{STRENGTH_ZH[finding.peer_strength]}”",
        ), "facts")  # fmt: skip
        if finding.closed_by:
            yield Paragraph(words(Strong("已被补上"), "：", *self._closers(finding)), "facts")
        if finding.model:
            told = self._told(finding.model.document, finding.model.held, finding.model.remark)
            yield Paragraph(
                words(Strong("可资借鉴的文本"), f"：{column_of(finding.model.document)}：", *told), "facts"
            )
        yield from self._evidence(finding)

    def _evidence(self, finding: Finding) -> Iterator[Grid]:
        """What both sides have, in a table; where neither has anything, the sentence says all."""
        base = self.comparison.baseline
        own = [self._proof(e) for e in finding.baseline_evidence] + [self._said(a) for a in finding.attestations]
        here = {d.id for d in self.comparison.columns[0].documents}
        own += [self._proof(e) for e in finding.withdrawn if e.document.id in here]
        lines = [
            Line(((f"基准：{base}",),), band=True),
            *(own or [line("", "", f"现有收录中未见{base}的相应规定。")]),
        ]
        if finding.nearest:
            document, held = finding.nearest
            lines.append(Line((words("最接近"), (), self._told(document, held))))
        counted = {c.region for c in self.comparison.columns if c.counted}
        theirs = self._proofs(finding, [r for r in finding.peers if r in counted])
        theirs += [self._proof(e) for e in finding.withdrawn if e.document.id not in here]
        lines += [
            Line((("对照地区",),), band=True),
            *(theirs or [line("", "", "现有收录中未见对照地区的相应规定。")]),
        ]
        others = [c.region for c in self.comparison.columns[1:] if c.region not in counted]
        if beside := self._proofs(finding, others):
            lines += [Line((("列出备查，不计入结论",),), band=True), *beside]
        if own or theirs or beside or finding.nearest:
            yield Grid(("地区", "力度", "规定要点与出处"), tuple(lines), (9, 11, 80))

    def _proofs(self, finding: Finding, regions: Sequence[str]) -> list[Line]:
        items = items_of(self.comparison, finding.measure.id, regions)
        return [self._said(i) if isinstance(i, Attestation) else self._proof(i) for i in items]

    def _proof(self, evidence: Evidence) -> Line:
        document, held = evidence.document, evidence.held
        coded = "" if evidence.origin == "editor" else f"（{ORIGIN_ZH.get(evidence.origin, evidence.origin)}）"
        strength = words(STRENGTH_ZH[evidence.strength] + coded)
        return Line((words(column_of(document)), strength, self._told(document, held, evidence.remark)))

    def _told(self, document: Document, held: Held, remark: str = "") -> Words:
        source = link(held.provision.source)
        said = CERTAINTY_ZH.get(held.provision.certainty or "", "") or "来源"
        taken: Words = (Link(f"〔摘自{said}〕", source),) if source else ()
        return words(held.provision.text.strip(), "——", *self._where(document, held), remark, *taken)

    def _where(self, document: Document, held: Held) -> Words:
        return words(document.titled, *refs([self.references.document(document)]), place(held))

    def _said(self, said: Attestation) -> Line:
        note = f"〔佐证，{CERTAINTY_ZH.get(said.certainty, said.certainty)}〕"
        strength = STRENGTH_ZH[max(said.strength, 1)] if said.says == "has" else SAYS_ZH[said.says]
        address = link(said.source)
        mark: Inline = Link(note, address) if address else note
        where = words(said.source_title, *refs([self.references.statement(said)]), f"，{said.date}")
        return Line((words(said.region), words(strength), words(said.statement, "——", *where, mark)))

    # -- goals and sectors ----------------------------------------------------------------------------------

    def _targets(self) -> Iterator[Part]:
        rows = by_family(self.comparison.targets, self.families)
        if not rows:
            yield Paragraph(("所比较的文件中没有识别出量化目标。",))
            return
        goals = {(row.held.id, row.target) for row in rows}  # a document may stand in two columns
        yield Paragraph((f"各地文件共提出 {len(goals)} 个量化目标，同类指标列在一起，方括号内为参考文献编号。"
                         "口径为指标所指的范围：未来产业整体、某个赛道，或更大范围；口径不同的不宜直接比较，统计口径也未必相同，比较数值前请看原条款；" + MARKED,))  # fmt: skip
        lines: list[Line] = []
        family: str | None = ""
        for row in rows:
            if row.family != family:
                family = row.family
                lines.append(Line(((self.families.get(family or "", "其他指标"),),), band=True))
            lines.append(self._target(row))
        titled = any(column.is_document for column in self.comparison.columns)  # titles want room
        widths = (20, 7, 22, 11, 16, 24) if titled else (9, 8, 26, 12, 18, 27)
        yield Grid(("地区", "年份", "指标", "口径", "目标", "出处"), tuple(lines), widths, "各地量化目标")

    def _target(self, row: TargetRow) -> Line:
        year = str(row.target.year or "未注明")
        where = words(place(row.held), *refs([self.references.document(row.document)]), row.remark)
        return Line(
            (
                words(row.region),
                words(year),
                words(row.target.indicator),
                words(row.scope),
                words(goal(row.target)),
                where,
            )
        )

    def _sectors(self) -> Iterator[Part]:
        result = self.comparison
        if not result.sectors:
            yield Paragraph(("所比较的文件中没有识别出产业赛道。",))
            return
        yield Paragraph(("数字为提到该产业的条款数（按词表自动识别）；文件写明优先、重点发展或重点培育的，图中加框，表中注“优先”；半数以上条款写明前瞻、探索布局或储备的，表中注“探索”。"
                         "加括号、注“非专门文件”或“规划期已满”的，只见于这样的文件。条款数受收录多少影响；空白只表示现有收录中没有提到，不等于当地没有布局。",))  # fmt: skip
        for number, columns in enumerate(groups := pictures.column_groups(result), 1):
            of = f"（{number}/{len(groups)}）" if len(groups) > 1 else ""
            yield Picture(pictures.sector_map(result, columns), f"产业布局对照{of}", self._sector_grid(columns))
        rows = tuple(line(s.name, self._places(s)) for s in result.sectors)
        yield Grid(("产业", "提到该产业的地区与文件"), rows, (18, 82), "产业布局的出处")

    def _sector_grid(self, columns: Sequence[str]) -> Grid:
        rows = tuple(
            line(s.name, "、".join(said for r in columns if (said := _mentions(s, r))))
            for s in self.comparison.sectors
        )
        return Grid(("产业", "地区与条款数"), rows, (18, 82))

    def _places(self, sector: SectorRow) -> Words:
        said: list[Inline] = []
        for region, held in sector.regions.items():
            known = [self.documents[h.document_id] for h in held if h.document_id in self.documents]
            name = f"{region}{_remarks(sector, region)}"
            said += ["　" if said else "", name, *refs([self.references.document(d) for d in known])]
        return words(*said)

    def _tools(self) -> Iterator[Part]:
        """How each region mixes the three kinds of tools."""
        found = tools_table(self.comparison, self.frame)
        if not found.rows:
            yield Paragraph(("所比较的文件中没有可计的政策工具。",))
            return
        yield Paragraph(("一条条款规定一项举措，计一次工具使用，按供给型、环境型、需求型三分（Rothwell 与 Zegveld，1985）；非专门文件中仅由程序识别的不计，"
                         "规划期已满的文件照计，次数另列。次数受收录多少影响，宜看构成。",))  # fmt: skip
        rows = []
        for region, *counts in found.rows:
            *uses, total = (int(n or 0) for n in counts[: len(TOOL_ZH) + 1])
            parts = (f"{n}（{n / total:.0%}）" for n in uses)
            rows.append(line(str(region), *parts, str(total), str(counts[-1])))
        shown = {str(row[0]) for row in found.rows}
        if left := [c.region for c in self.comparison.columns if c.documents and c.region not in shown]:
            yield Paragraph((f"{'、'.join(left)}的文件中没有可计的举措，未列出。",))
        heads = ("地区", *TOOL_ZH.values(), "合计", "其中规划期已满")
        yield Grid(heads, tuple(rows), (20, 17, 17, 17, 12, 17), "各地政策工具构成")

    # -- appendix -------------------------------------------------------------------------------------------

    def _appendix(self) -> Iterator[Part]:
        lines: list[Line] = []
        for column in self.comparison.columns:
            counted = "" if column.counted else "，不计入结论"
            held = f"{len(column.documents)} 份{counted}" if column.documents else "文库中没有现行文件"
            lines.append(Line(((f"{column.region}（{column.level}，{held}）",),), band=True))
            lines += [self._document(d) for d in column.documents]
        yield Grid(("文件", "日期", "收录程度", "整理依据与说明"), tuple(lines), (36, 14, 12, 38), "所据文件")

    def _document(self, document: Document) -> Line:
        address = link(document.url)
        title: Inline = Link(document.title, address) if address else document.title
        over = LAPSED_ZH if lapsed(document, self.comparison.as_of) else ""
        state = DRAFT_STATUS if document.status == DRAFT_STATUS else over
        said = " ".join(p for p in (state and f"〔{state}〕", document.basis, document.note) if p)
        date = document.issued or (f"发布 {document.published}" if document.published else "未详")
        number = f"（{document.doc_number}）" if document.doc_number else ""
        name = words(title, number, *refs([self.references.document(document)]))
        return Line((name, words(date), words(COVERAGE_ZH[document.coverage]), words(said or "—")))


def _mentions(sector: SectorRow, region: str) -> str:
    """A region, how many of its provisions name a sector, and the tier they give it."""
    count = len(sector.regions.get(region, ()))
    return f"{region} {count}{_remarks(sector, region)}" if count else ""


def _remarks(sector: SectorRow, region: str) -> str:
    """The tier a region's texts give a sector, and that they are not devoted to the field, in brackets."""
    said = "，".join(filter(None, (sector.tiers.get(region), sector.remarks.get(region, "").strip("（）"))))
    return f"（{said}）" if said else ""
