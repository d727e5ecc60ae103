"""Whatever the bytes: a clear Chinese sentence within seconds and bounded memory, never anything else."""

from __future__ import annotations

import io
import random
import re
import resource
import time
import zipfile
import zlib
from collections.abc import Iterator

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.draft import drafts
from kb.errors import KbError
from kb.read import read
from kb.segment import segment
from tests.read import make

SOUND = {
    "pdf": make.pdf([[(90, 120, 16, "某市办法"), (90, 150, 16, "第一条 制定。")]]),
    "docx": make.docx(
        make.p("某市办法") + make.numbered("总则"), {"word/numbering.xml": make.numbering(("decimal", "%1."))}
    ),
    "doc": make.doc(f"某市办法\r名称\x07数\x07{make.ROW_END}甲\x071\x07{make.ROW_END}总则\r", numbered=(0, 5)),
    "ofd": make.ofd([(30, 30, "某市办法")]),
    "html": "<html><body><div id='zoom'><p>第一条 制定。</p></div></body></html>".encode(),
    "text": "某市办法\n第一条　制定。".encode("gb18030"),
}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def _within_seconds() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 20


def outcome(data: bytes, name: str = "") -> str:
    """The error's sentence, or an empty string when the file could be read and segmented."""
    try:
        reading = read(data, name)
    except KbError as error:
        assert CHINESE.search(str(error))
        assert "\n" not in str(error)
        return str(error)
    segment(reading.blocks)
    return ""


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b" \r\n\t ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    assert re.search("空|没有读到任何文字", outcome(data))


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_gives_text_or_a_clear_message(kind: str, share: float) -> None:
    outcome(SOUND[kind][: int(len(SOUND[kind]) * share)])


@pytest.mark.parametrize("kind", SOUND)
def test_a_file_with_flipped_bytes_gives_text_or_a_clear_message(kind: str) -> None:
    chance = random.Random(7)
    for _ in range(60):
        data = bytearray(SOUND[kind])
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        outcome(bytes(data))


@given(st.binary(max_size=3000))
def test_random_bytes_give_text_or_a_clear_message(data: bytes) -> None:
    outcome(data)


@given(
    st.sampled_from(
        [
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"<html>",
            b"{\\rtf",
            b"\x89PNG\r\n\x1a\n",
        ]
    ),
    st.binary(max_size=2000),
)
def test_random_bytes_under_a_known_head_give_text_or_a_clear_message(head: bytes, data: bytes) -> None:
    outcome(head + data)


def test_the_message_names_the_file() -> None:
    assert outcome(b"", "办法.pdf").startswith("“办法.pdf”：")


def test_a_wrong_extension_does_not_matter() -> None:
    assert read(SOUND["doc"], "通知.docx").media == "doc"
    assert read(SOUND["docx"], "通知.pdf").media == "docx"


def test_an_encrypted_pdf_is_called_encrypted() -> None:
    locked = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <"
        + "28" * 32
        + "> /U <"
        + "00" * 32
        + "> >> /ID [<00> <00>]"
    )
    assert "加密" in outcome(
        make.assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"], locked)
    )


def test_an_encrypted_word_file_is_called_encrypted() -> None:
    assert "加密" in outcome(make.ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}))


def test_an_encrypted_zip_entry_is_called_encrypted() -> None:
    data = bytearray(SOUND["docx"])
    for head, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(head)
        while at >= 0:
            data[at + flag] |= 1
            at = data.find(head, at + 4)
    assert "加密" in outcome(bytes(data))


def test_a_zip_bomb_is_refused_in_bounded_memory() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w") as entry,
    ):
        for _ in range(300):
            entry.write(b" " * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "过大" in outcome(stream.getvalue())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_xml_entities_that_multiply_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    document = f'<!DOCTYPE d [<!ENTITY a0 "甲">{entities}]><w:document {make.W}><w:body>{make.p("&a11;")}</w:body></w:document>'
    assert outcome(make.zipped({"word/document.xml": document}))


@pytest.mark.parametrize("depth", [300, 100_000])
def test_deeply_nested_xml_gives_text_or_a_clear_message(depth: int) -> None:
    outcome(make.docx("<w:sdt>" * depth + make.p("甲") + "</w:sdt>" * depth))


def test_tables_nested_deeply_give_text_or_a_clear_message() -> None:
    outcome(make.docx("<w:tbl><w:tr><w:tc>" * 60 + make.p("甲") + "</w:tc></w:tr></w:tbl>" * 60))


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b", "span"])
def test_deeply_nested_pages_give_text_or_a_clear_message(tag: str) -> None:
    outcome(f"<html><body>{f'<{tag}>' * 50_000}第一条 制定本办法。".encode())


def test_a_pdf_stream_that_swells_is_refused() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(600)) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream",
    ]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert outcome(make.assemble(objects))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def test_a_pdf_whose_pages_are_their_own_parents_ends() -> None:
    outcome(
        make.assemble(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>"]
        )
    )


@pytest.mark.parametrize(
    "line",
    ["第一条", "附件：1.甲", "一、", "目录", "专栏1", "《", "（", "2025年3月6日", "|a|", " ", "1.1.1", "第一章 总则"],
)
def test_a_large_text_of_one_odd_line_takes_seconds(line: str) -> None:
    outcome("\n".join([line] * 20_000).encode())


def test_one_line_of_a_million_characters_is_cut_within_seconds() -> None:
    outcome(("第一条" + "建设" * 500_000).encode())


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"{\\rtf1 abc}", "另存为"),
        (make.zipped({"xl/workbook.xml": "<a/>"}), "Excel"),
        (make.zipped({"ppt/presentation.xml": "<a/>"}), "演示文稿"),
        (make.zipped({"甲.pdf": b"%PDF-"}), "解压"),
        (b"Rar!\x1a\x07\x00abc", "解压"),
        (make.ole({"Workbook": b"x" * 5000}), "Excel"),
    ],
)
def test_a_type_that_is_not_read_comes_with_advice(data: bytes, advice: str) -> None:
    assert advice in outcome(data)


def test_an_empty_pdf_page_says_that_there_is_no_text() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    assert "没有读到任何文字" in outcome(stream.getvalue())


def styled(sheet: str) -> bytes:
    """A page with this style sheet and many elements it may hide."""
    parts = "".join(f'<div class="p q{n}"><p>第{n}条规定，设立未来产业基金。</p></div>' for n in range(2_000))
    return f"<html><head><style>{sheet}</style></head><body>{parts}</body></html>".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"<!--" * 300_000 + b"x",
        b'<html><script>window._CONFIG={"content":"' + b"\\u003C" * 1_000_000 + b'"}</script><body>x</body></html>',
        ("2025年3月6日通过" * 200_000).encode(),
        ("关于印发《" * 200_000).encode(),
        styled("{" * 300_000),
        styled("/*" * 300_000),
        styled("@media print{" * 50_000),
        styled(",".join(f".c{n}" for n in range(100_000)) + "{display:none}"),
        styled(".p{display:none}"),
    ],
    ids=["comments", "script", "dates", "quotes", "braces", "remarks", "media", "names", "hidden"],
)
def test_what_invites_a_search_to_run_wild_takes_seconds(data: bytes) -> None:
    outcome(data)


@pytest.mark.parametrize(
    "data", [("建设平台，" * 1_000_000).encode(), "一、\n".encode() * 70_000], ids=["long", "many"]
)
def test_a_text_of_unbearable_size_is_refused(data: bytes) -> None:
    assert "请拆分" in outcome(data)


def test_a_page_of_unbearably_many_elements_is_refused() -> None:
    assert "庞大" in outcome(b"<html><body><ol>" + "<li>建设平台，内容。".encode() * 160_000)


def test_json_is_no_policy() -> None:
    assert "JSON" in outcome('{"title": "某某计划", "articles": 3}\n{"title": "某某办法", "articles": 5}'.encode())


def test_a_file_of_tables_only_is_read() -> None:
    table = b"| a | b |\n|---|---|\n" + b"| 1 | 2 |\n" * 3
    assert drafts(table, "t.md")[0].provisions
