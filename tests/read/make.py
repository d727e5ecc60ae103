"""Small files for the readers' tests, made of invented text: DOCX, OFD, DOC and PDF written part by part."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A DOCX whose ``w:body`` holds ``body``; ``parts`` are further files such as ``word/numbering.xml``."""
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **(parts or {})})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of the given files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def numbering(*levels: tuple[str, str], suffix: str = "nothing") -> str:
    """``word/numbering.xml`` with one list (numId 1) of levels (format, text)."""
    drawn = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (shape, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{drawn}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    """A paragraph Word numbers by itself."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def ofd(
    lines: Sequence[tuple[float, float, str]], prefix: str = "ofd:", images: Mapping[str, bytes] | None = None
) -> bytes:
    """A one-page OFD showing each text with its left edge and top in millimetres, 5 mm characters."""
    uri = f'xmlns:{prefix[:-1]}="http://www.ofdspec.org/2016"' if prefix else 'xmlns="urn:some:other"'
    texts = "".join(
        f'<{prefix}TextObject ID="{i}" Boundary="{x} {y} {5 * len(text)} 6" Font="1" Size="5">'
        f'<{prefix}TextCode X="0" Y="5" DeltaX="g {len(text) - 1} 5">{text}</{prefix}TextCode></{prefix}TextObject>'
        for i, (x, y, text) in enumerate(lines, 10)
    )
    return zipped(
        {
            "OFD.xml": f"<{prefix}OFD {uri}><{prefix}DocBody><{prefix}DocRoot>Doc_0/Document.xml</{prefix}DocRoot></{prefix}DocBody></{prefix}OFD>",
            "Doc_0/Document.xml": f"<{prefix}Document {uri}><{prefix}CommonData><{prefix}PageArea><{prefix}PhysicalBox>0 0 210 297"
            f"</{prefix}PhysicalBox></{prefix}PageArea></{prefix}CommonData><{prefix}Pages>"
            f'<{prefix}Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></{prefix}Pages></{prefix}Document>',
            "Doc_0/Pages/Page_0/Content.xml": f"<{prefix}Page {uri}><{prefix}Content><{prefix}Layer>{texts}</{prefix}Layer></{prefix}Content></{prefix}Page>",
            **(images or {}),
        }
    )


def pdf(
    pages: Sequence[Sequence[tuple[float, float, float, str]]], rules: Sequence[str] = (), to_unicode: bool = True
) -> bytes:
    """A PDF of A4 pages, each a list of (left, top, size, text) in points, with an un-embedded Chinese font.

    ``rules`` are drawing operators put on every page. Without ``to_unicode`` every character claims to be 某.
    """
    encode = (lambda t: t) if to_unicode else (lambda t: "某" * len(t))
    streams = [
        b"\n".join(
            [
                *(rule.encode() for rule in rules),
                *(
                    f"BT /F1 {s} Tf 1 0 0 1 {x} {842 - y - s} Tm <{encode(t).encode('utf-16-be').hex()}> Tj ET".encode()
                    for x, y, s, t in page
                ),
            ]
        )
        for page in pages
    ]
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font "
        b"/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        b"/DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
    )
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        font,
    ]
    for i, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * i} 0 R >>".encode()
        )
        packed = zlib.compress(stream)
        objects.append(
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
        )
    return assemble(objects)


def assemble(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A PDF file of numbered objects with its cross-reference table."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return (
        bytes(out)
        + f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with the given streams, each of at least 4096 bytes so that none is in the mini stream."""
    sector = 512
    bodies = {name: content + b"\0" * (-len(content) % sector) for name, content in streams.items()}
    assert all(len(body) >= 4096 for body in bodies.values())
    chains: list[int] = []
    starts: dict[str, int] = {}
    for name, body in bodies.items():
        count = len(body) // sector
        starts[name] = len(chains)
        chains += [*range(len(chains) + 1, len(chains) + count), 0xFFFFFFFE]
    directory = len(chains)
    entries = [_entry("Root Entry", 5, 1 if bodies else 0xFFFFFFFF, 0xFFFFFFFE, 0)]
    names = list(bodies)
    for i, name in enumerate(names):
        right = i + 2 if i + 1 < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, 0xFFFFFFFF, starts[name], len(bodies[name]), right))
    table = b"".join(entries)
    table += b"\0" * (-len(table) % sector)
    count = len(table) // sector
    chains += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    fat_at = len(chains)
    fats = (fat_at + 1 + 127) // 128
    chains += [0xFFFFFFFD] * fats
    chains += [0xFFFFFFFF] * (-len(chains) % 128)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fats, directory,
        0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, fat_at,
    )  # fmt: skip
    header += b"".join(struct.pack("<I", fat_at + i if i < fats else 0xFFFFFFFF) for i in range(1, 109))
    return header + b"".join(bodies.values()) + table + struct.pack(f"<{len(chains)}I", *chains)


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    fields = struct.pack("<HBBIII", len(written), kind, 1, 0xFFFFFFFF, right, child)
    return written.ljust(64, b"\0") + fields + b"\0" * 36 + struct.pack("<IQ", start, size)


ROW_END = "\x06"


def doc(
    text: str, box: str = "", flags: int = 0, compressed: str = "", numbered: Sequence[int] = (), spoil: bool = False,
    notes: tuple[str, str] = ("", ""),
) -> bytes:  # fmt: skip
    """A Word 97 file: ``text`` in UTF-16, then ``compressed`` as an 8-bit piece, with ``box`` as its text box and
    ``notes`` as the texts of its foot- and endnotes.

    In ``text`` a cell ends with \\x07 and a row with :data:`ROW_END`; the paragraphs of the indices in ``numbered`` are
    numbered by Word as 第一条, 第二条. ``spoil`` points the list tables outside the file.
    """
    main, eight, boxed = (
        text.replace(ROW_END, "\x07").encode("utf-16-le"),
        compressed.encode("cp1252"),
        "".join((*notes, box)).encode("utf-16-le"),
    )
    start = 2048
    places = [start, start + len(main), start + len(main) + len(eight)]
    lengths = [len(main) // 2, len(compressed), len(boxed) // 2]
    pieces = [
        (length, place if i != 1 else (place * 2) | 0x40000000)
        for i, (length, place) in enumerate(zip(lengths, places, strict=True))
        if length
    ]
    ends = [0]
    for length, _ in pieces:
        ends.append(ends[-1] + length)
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(struct.pack("<HIH", 0, place, 0) for _, place in pieces)
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    formats, lists, overrides = struct.pack("<III", start, start + len(main), 1024 // 512), *_lists()
    table = clx + formats + lists + overrides
    word = bytearray(start) + main + eight + boxed
    word += b"\0" * max(0, 4096 - len(word))
    word[1024:1536] = _paragraph_formats(text, start, numbered)
    struct.pack_into("<H", word, 0, 0xA5EC)
    struct.pack_into("<H", word, 0x0A, 0x0200 | flags)
    struct.pack_into("<7I", word, 0x4C, lengths[0] + lengths[1], len(notes[0]), 0, 0, 0, len(notes[1]), len(box))
    struct.pack_into("<II", word, 0x01A2, 0, len(clx))
    struct.pack_into("<II", word, 0x0102, len(clx), len(formats))
    struct.pack_into(
        "<II", word, 0x02E2, 1 << 30 if spoil else len(clx) + len(formats), 30
    )  # the levels come after, uncounted
    struct.pack_into("<II", word, 0x02EA, len(clx) + len(formats) + len(lists), len(overrides))
    return ole({"WordDocument": bytes(word), "1Table": table.ljust(4096, b"\0")})


def _lists() -> tuple[bytes, bytes]:
    """PlfLst with one list of one level 第…条, and PlfLfo with one use of it."""
    head = struct.pack("<H", 1) + struct.pack("<ii18sBB", 77, 0, b"", 1, 0)
    text = "第\0条　".encode("utf-16-le")
    level = (
        struct.pack("<IBB9sBIIBBBB", 1, 39, 0, b"\2", 2, 0, 0, 0, 0, 0, 0) + struct.pack("<H", len(text) // 2) + text
    )
    return head + level, struct.pack("<I", 1) + struct.pack("<iIIBBBB", 77, 0, 0, 0, 0, 0, 0) + struct.pack("<I", 0)


def _paragraph_formats(text: str, start: int, numbered: Sequence[int]) -> bytes:
    """One PapxFkp page for the paragraphs of ``text``."""
    pieces = [piece for piece in re.split(f"(?<=[\r\x07{ROW_END}])", text) if piece]
    assert len(pieces) < 20
    places, boxes, body = [start], [], bytearray(512)
    end = 508
    for i, piece in enumerate(pieces):
        places.append(places[-1] + 2 * len(piece.encode("utf-16-le")) // 2)
        prls = b""
        if piece[-1] in f"\x07{ROW_END}":
            prls += struct.pack("<HB", 0x2416, 1)
        if piece[-1] == ROW_END:
            prls += struct.pack("<HB", 0x2417, 1)
        if i in numbered:
            prls += struct.pack("<HBHH", 0x260A, 0, 0x460B, 1)
        prls += b"\0" * (len(prls) % 2)
        papx = bytes([0, (2 + len(prls)) // 2]) + b"\0\0" + prls
        end -= len(papx) + len(papx) % 2
        body[end : end + len(papx)] = papx
        boxes.append(end // 2)
    head = struct.pack(f"<{len(places)}I", *places) + b"".join(struct.pack("<B12s", box, b"") for box in boxes)
    assert len(head) <= end
    body[: len(head)] = head
    body[511] = len(pieces)
    return bytes(body)
