"""What tabs share: the router that turns addresses into events, and how an error reaches the user."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from kb.errors import KbError

# "multiple": by default Gradio drops a second event of a kind while the first is under way, and a click would be lost.
QUIET: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private", "queue": True, "trigger_mode": "multiple",
}  # fmt: skip

LONGEST = 2000
FAILED = "程序出错，这一步没有完成。请再试一次；仍不行，请看运行网页的窗口里的错误信息。"

log = logging.getLogger(__name__)


def router() -> gr.HTML:
    """The hidden component that runs the page's script; its events carry an address's parameters."""
    script = (Path(__file__).parent / "page.js").read_text("utf8")
    return gr.HTML("", js_on_load=script, elem_id="router", elem_classes="view")


def view(name: str, value: str = "") -> gr.HTML:
    """A place for HTML built by this package, styled by its own sheet only."""
    return gr.HTML(value, elem_id=name, apply_default_css=False, padding=False, elem_classes="view")


def answer(route: gr.HTML, name: str, verb: Callable[..., Any], outputs: list[Any], at: gr.HTML, **how: Any) -> None:
    """Let ``verb`` answer the router's event ``name``; the page's script asks one question of a kind at a time.

    What it cannot answer it says in place of the view ``at``, and other views are emptied: nothing old stands beside.
    """

    @functools.wraps(verb)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a click must never stay without an answer
            again = f'<a href="?tab={name}">重新打开这一页</a>'
            said = f'<p class="empty" role="alert">{escape(error_told(error))}　{again}</p>'
            return [said if o is at else "" if isinstance(o, gr.HTML) else gr.skip() for o in outputs]

    asked = getattr(route, name)(answered, None, outputs, **QUIET | how)
    asked.then(None, None, None, js=f"() => window.kbAnswered('{name}')")


def params_of(event: gr.EventData) -> Mapping[str, str]:
    """The address's parameters an event carries; anything but strings is dropped.

    Raises:
        KbError: one is too long; without it the answer would be to another question.
    """
    given = event._data.get("params", {}) if isinstance(event._data, Mapping) else {}
    params = {str(k): v for k, v in given.items() if isinstance(v, str)}
    if any(len(v) > LONGEST for v in params.values()):
        raise KbError(f"输入或所选内容太多（一项至多 {LONGEST} 字），请缩短后再试。")
    return params


def data_of(event: gr.EventData) -> Mapping[str, str]:
    """What a button carries."""
    given = event._data if isinstance(event._data, Mapping) else {}
    return {str(k): v for k, v in given.items() if isinstance(v, str)}


def warn(message: object) -> None:
    """Tell the user something, in a message that goes away by itself."""
    gr.Warning(escape(str(message)), title="请留意")


def inform(message: object) -> None:
    """Tell the user that something is done."""
    gr.Info(escape(str(message)), duration=5, title="完成")


def told(verb: Callable[..., Any]) -> Callable[..., Any]:
    """``verb``, with what goes wrong shown to the user and nothing on the page changed by it."""

    @functools.wraps(verb)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a click must never stay without an answer
            warn(error_told(error))
            return gr.skip()

    return wrapped


def error_told(error: Exception) -> str:
    """What a user is told of an error; one that is not theirs goes to the log, where it can be found."""
    if isinstance(error, KbError):
        return str(error)
    log.exception("网页操作出错", exc_info=error)
    return FAILED


def download(button: gr.Button, make: Callable[..., Any], inputs: list[Any]) -> None:
    """Let ``button`` make a file from ``inputs`` and hand it to the browser."""
    ready = gr.DownloadButton("下载", visible="hidden", elem_id=f"{button.elem_id}-file")
    click = f"() => setTimeout(() => document.querySelector('#{button.elem_id}-file').click(), 150)"
    button.click(make, inputs, ready, **QUIET | {"show_progress": "minimal"}, show_progress_on=button).success(
        None, None, None, js=click
    )
