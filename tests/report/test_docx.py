"""The Word report: complete, cited, well formed, and laid out as one hands it in."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kb.compare.result import KIND_ZH, Comparison
from kb.knowledge import KnowledgeBase
from kb.report import pictures, write_report
from kb.report.fonts import chinese_font
from kb.report.tables import peer_items

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def report(comparison: Comparison, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = write_report(comparison, tmp_path_factory.mktemp("docx") / "报告.docx", corpus)
    return docx.Document(str(path))


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "chinese_font", lambda: None)


def blocks(report: Any) -> Iterator[str]:
    """Texts of paragraphs and table cells in document order, also of linked words."""
    for paragraph in report.element.body.iter(qn("w:p")):
        yield "".join(t.text or "" for t in paragraph.iter(qn("w:t")))


def headings(report: Any) -> list[str]:
    return [p.text for p in report.paragraphs if p.style.name.startswith("Heading")]


def test_it_has_the_chapters_in_order(report: Any) -> None:
    first = [p.text for p in report.paragraphs if p.style.name == "Heading 1"]
    assert first == [
        "一、结论摘要", "二、总体对照", "三、分项结论与依据", "四、量化目标", "五、产业布局", "六、政策工具", "附录一　所据文件与收录程度",
        "附录二　方法与局限", "参考文献",
    ]  # fmt: skip


def test_every_finding_stands_under_its_kind_with_sentence_basis_and_confidence(
    report: Any, comparison: Comparison
) -> None:
    said = headings(report)
    text = "\n".join(blocks(report))
    for finding in comparison.findings:
        title = next(h for h in said if re.match(rf"\d+\. {re.escape(finding.measure.name)}（", h))
        kinds = [h for h in said[: said.index(title)] if h.startswith("（")]
        assert KIND_ZH[finding.kind] in kinds[-1]
        assert finding.sentence.removeprefix(f"“{finding.measure.name}”：") in text
    assert len(re.findall("依据：.*把握：[高中低]", text)) == len(comparison.findings)


def test_no_evidence_is_left_out(report: Any, comparison: Comparison) -> None:
    text = "\n".join(blocks(report))
    for finding in comparison.findings:
        for item in (*finding.baseline_evidence, *peer_items(comparison, finding)):
            words = item.statement if hasattr(item, "statement") else item.held.provision.text.strip()
            assert words in text


def test_what_was_closed_later_is_said_with_the_document_that_closed_it(report: Any, comparison: Comparison) -> None:
    closed = [f for f in comparison.findings if f.closed_by]
    assert closed
    lines = [b for b in blocks(report) if b.startswith("已被补上：")]
    assert len(lines) == len(closed)
    assert any("渝经信规范〔2026〕1号" in b for b in lines)


def test_every_reference_mark_leads_to_a_reference(report: Any) -> None:
    names = {b.get(qn("w:name")) for b in report.element.body.iter(qn("w:bookmarkStart"))}
    marks = [h.get(qn("w:anchor")) for h in report.element.body.iter(qn("w:hyperlink")) if h.get(qn("w:anchor"))]
    assert marks
    assert set(marks) <= names
    entries = [p.text for p in report.paragraphs if p.style.name == "参考文献"]
    assert [int(re.match(r"\[(\d+)\]", e)[1]) for e in entries] == list(range(1, len(entries) + 1))  # type: ignore[index]
    assert {f"ref{n}" for n in range(1, len(entries) + 1)} <= set(marks)


def test_references_are_numbered_in_the_order_of_their_first_mark(report: Any) -> None:
    seen = [
        int(anchor.removeprefix("ref")) for h in report.element.body.iter(qn("w:hyperlink"))
        if (anchor := h.get(qn("w:anchor")) or "").startswith("ref")
    ]  # fmt: skip
    assert list(dict.fromkeys(seen)) == sorted(set(seen))


def test_the_appendix_names_every_document_with_its_coverage(report: Any, comparison: Comparison) -> None:
    rows = [[c.text for c in r.cells] for r in report.tables[-1].rows]
    for column in comparison.columns:
        for document in column.documents:
            assert any(r[0].startswith(document.title) and r[2] == "节录或摘编" for r in rows)


def test_it_says_how_it_was_made_and_what_it_cannot_show(report: Any) -> None:
    text = "\n".join(blocks(report))
    assert "编者逐条编码" in text
    assert "节录或摘编不能证明没有" in text
    assert "不是文件原文" in text


def test_contents_are_a_field_filled_with_headings_that_updates_on_opening(report: Any) -> None:
    codes = [c.text or "" for c in report.element.body.iter(qn("w:instrText"))]
    assert sum("TOC \\o" in c for c in codes) == 1
    assert report.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"
    listed = [
        "".join(t.text or "" for t in p._p.iter(qn("w:t"))).strip()
        for p in report.paragraphs
        if p.style.name.startswith("toc ")
    ]
    assert listed == [p.text for p in report.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    assert any("打开时更新" in p.text for p in report.paragraphs)
    kinds = [f.get(qn("w:fldCharType")) for f in report.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_the_page_is_a4_and_numbered(report: Any) -> None:
    section = report.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    codes = [c.text.strip() for c in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_styles_name_chinese_fonts_and_no_theme_overrides_them(report: Any) -> None:
    used = {p.style.name for p in report.paragraphs}
    for name in sorted(used):
        fonts = report.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体", "仿宋"), name
        assert not [a for a in fonts.attrib if "Theme" in a], name


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font on this system")
def test_pictures_have_captions_and_words_for_those_who_cannot_see_them(report: Any) -> None:
    captions = [p.text for p in report.paragraphs if p.style.name == "Caption"]
    assert [c[:3] for c in captions if c.startswith("图")] == ["图 1", "图 2", "图 3", "图 4"]
    shapes = report.inline_shapes
    assert len(shapes) == 4
    assert all(s.width.mm <= 156.1 and s.height.mm <= 200 for s in shapes)
    assert all(s._inline.docPr.get("descr") for s in shapes)


def test_without_a_chinese_font_the_reader_is_told_and_gets_a_table(
    no_font: None, comparison: Comparison, corpus: Path, tmp_path: Path
) -> None:
    report = docx.Document(str(write_report(comparison, tmp_path / "r.docx", corpus)))
    assert len(report.inline_shapes) == 0
    assert sum("没有可用的中文字体" in p.text for p in report.paragraphs) == 4
    cells = {c.text for t in report.tables for r in t.rows for c in r.cells}
    assert "先导区创建" in cells


def test_table_heads_repeat_and_properties_stand_in_the_order_of_the_schema(report: Any) -> None:
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for table in report.tables[1:]:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        names = [c.tag.removeprefix(W) for c in table._tbl.tblPr]
        assert names == [n for n in order if n in names]


def test_hostile_text_stays_text(hostile: Comparison, corpus: Path, tmp_path: Path) -> None:
    path = write_report(hostile, tmp_path / "r.docx", corpus)
    report = docx.Document(str(path))
    assert any("<script>alert(1)</script>" in b for b in blocks(report))
    links = zipfile.ZipFile(path).read("word/_rels/document.xml.rels").decode()
    assert "javascript:" not in links
    assert "file:" not in links


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(shipped: KnowledgeBase, corpus: Path, tmp_path: Path) -> None:
    small = shipped.compare("重庆", ["安徽"], "2026-07-01")
    path = write_report(small, tmp_path / "r.docx", corpus)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    import pypdfium2

    pages = pypdfium2.PdfDocument(tmp_path / "r.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "参考文献" in text
    assert f"共 {len(pages)} 页" in text.replace("\xa0", " ")
