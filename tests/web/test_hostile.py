"""Hostile documents and addresses: whatever a text, a name or an address holds, nothing of it runs or gets out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kb.errors import KbError
from kb.inputs import Source, obtain
from kb.knowledge import Foreseen, KnowledgeBase, Stored
from kb.model import Document, Draft, Provision
from kb.pins import DEFAULT
from kb.web.adding import MAX_FILES, Done, Waiting, checked, draft_html, foreseen_html, read_one, stored_line
from kb.web.clauses import aligned
from kb.web.desk import Choice, Desk
from kb.web.drawer import drawer
from kb.web.folder import changed, made_pin, pins_html
from kb.web.heat import findings_table, heat_map
from kb.web.library import holdings_html
from kb.web.reading import document_view
from kb.web.search import results
from kb.web.shield import POLICY

PAYLOADS = (
    "<script>window.hacked=1</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "'><iframe src=//evil.example>",
    "</style><script src=https://evil.example/x.js></script>", "<a href='javascript:alert(1)'>点我</a>", "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}", "`${alert(1)}`", "<math><mi xlink:href='data:x,<script>'>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<!--><img src=x onerror=alert(1)-->",
    "\u202e文件<object data=x>", "<form action=https://evil.example><input name=password>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
)  # fmt: skip
ADDRESSES = (
    "http://127.0.0.1/", "http://localhost:22/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.1/", "http://192.168.1.1/admin",
    "http://169.254.169.254/latest/meta-data/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://user:pass@127.0.0.1/",
)  # fmt: skip
FORBIDDEN = ("script", "img", "iframe", "object", "form", "meta", "math", "svg", "link", "style", "base", "input")


def draft(payload: str) -> Draft:
    """A document every text of which is the payload."""
    text = f"设立未来产业专项基金{payload}"
    document = Document(
        id=f"u-{abs(hash(payload))}", region="重庆", level="省级", title=payload, doc_number=payload, issuer=payload,
        instrument=payload, issued="2026-01-01", status=payload, coverage="full", url=f"javascript:{payload}",
        mirrors=(f"data:text/html,{payload}",), note=payload, basis=payload,
    )  # fmt: skip
    provision = Provision(
        1, payload, (payload,), "item", text, 0, len(text), payload, f"https://x/{payload}", payload
    )
    return Draft(document, text, (provision,), {"title": payload}, (payload,), (payload,))


@pytest.fixture(params=PAYLOADS)
def hostile(request: pytest.FixtureRequest, empty: KnowledgeBase) -> Iterator[tuple[Desk, Draft]]:
    """A library that holds one hostile document."""
    made = draft(request.param)
    empty.add([made], b"x", name=request.param)
    yield Desk(empty), made


def check(html: str) -> None:
    """No element, handler or address that a document could have brought."""
    tree = BeautifulSoup(html, "html.parser")
    assert not tree.find_all(FORBIDDEN)
    for element in tree.find_all(True):
        assert not [a for a in element.attrs if a.lower().startswith("on")]
        href = str(element.get("href", "?"))
        assert href.startswith(("?", "http://", "https://"))


def test_no_view_of_a_hostile_document_holds_markup_of_it(hostile: tuple[Desk, Draft]) -> None:
    desk, made = hostile
    document_id = made.document.id
    held = desk.base.document(document_id)[1][0]
    shown = desk.table(Choice())
    pin = made_pin(desk, {"kind": "provision", "ref": str(held.id)})
    desk.collections.add(DEFAULT, pin)
    changed(
        desk,
        {"what": "note", "name": DEFAULT, "pin": desk.collections.pins(DEFAULT)[0].id, "text": made.document.title},
    )
    for html in (
        draft_html(made, foreseen_html(desk.base.foresee(made))), foreseen_html(Foreseen("replaced", (made.document,))), stored_line(Done(Waiting(Source(b"x", made.document.title), (made,), {}), [Stored(made.document, 1, "added")])), document_view(desk, document_id, "1"), heat_map(shown, Choice()), findings_table(desk, shown, Choice()),
        holdings_html(desk, desk.documents(), {}), holdings_html(desk, desk.documents(), {"view": "time"}),
        results(desk, {"q": "专项基金", "mode": "lexical"}), drawer(desk, {"measure": "special_fund"}),
        drawer(desk, {"near": str(held.id)}), drawer(desk, {"ask": made.document.title or "x"}),
        aligned(desk, document_id, document_id), pins_html(DEFAULT, desk.collections.pins(DEFAULT)),
    ):  # fmt: skip
        check(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_an_address_asks_for_is_never_echoed_as_markup(payload: str, shipped_desk: Desk) -> None:
    check(results(shipped_desk, {"q": payload, "mode": "lexical"}))
    check(results(shipped_desk, {"q": "基金", "since": payload}))
    check(holdings_html(shipped_desk, shipped_desk.documents(), {"word": payload}))
    for asked in ({"measure": payload}, {"near": payload}, {"sector": payload}, {"tool": payload}, {"part": payload}):
        with pytest.raises(KbError):
            drawer(shipped_desk, asked)


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_public_addresses_are_fetched(address: str) -> None:
    with pytest.raises(KbError):
        obtain(address)


def test_a_message_names_the_file_but_not_where_the_upload_lies(empty: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "空.pdf"
    file.write_bytes(b"")
    with pytest.raises(KbError) as caught:
        read_one(Desk(empty), str(file))
    assert "空.pdf" in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_too_many_files_at_once_are_refused() -> None:
    with pytest.raises(KbError, match="最多"):
        checked(["a"] * (MAX_FILES + 1), "")


@pytest.mark.parametrize(
    "given", ["/etc/passwd", "file:///etc/passwd", "../../library.sqlite", "C:\\Windows\\win.ini", "ftp://x/y"]
)
def test_what_is_typed_as_an_address_is_never_a_file_of_the_server(given: str) -> None:
    with pytest.raises(KbError, match="不是网址"):
        checked([], given)


def test_the_browser_may_load_from_and_send_to_this_server_only() -> None:
    assert "https:" not in POLICY and "http:" not in POLICY and "*" not in POLICY
    assert "default-src 'self'" in POLICY and "form-action 'self'" in POLICY
