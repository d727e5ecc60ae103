"""为什么: a fold under a measure the recogniser saw in a provision, or did not; filled when it is opened.

Goes in: which provision and which measure. Comes out, in plain words: the sentence that decided with its cue words
marked, the coded examples that come nearest, and the score beside the score that is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import gradio as gr

from kb.coding import by_recogniser, is_read
from kb.compare.frame import Measure
from kb.compare.gold import WRITTEN
from kb.compare.recognise import Explanation
from kb.errors import KbError
from kb.matches import longest, mark
from kb.model import STRENGTH_ZH, Document, Held
from kb.web.desk import Desk
from kb.web.markup import esc, marked
from kb.web.parts import QUIET, params_of

# Which strength each kind of words speaks for.
TONES_ZH = {
    "quantity": "数量、金额或期限（像“承诺”）",
    "device": "表示安排的（像“部署”）",
    "soft": "表示鼓励或推动的（像“提及”）",
}
SHOWN_TONES = 4
UNREAD = "这一条是标题、落款之类，或列在“工作回顾”等讲以往工作的标题之下，程序不读，因此没有识别出举措。"
MEANING = (
    "得分由程序算出：看句中的词语，也看整段的意思与人工编码过的条款有多接近。得分只表示把握大小，请以原文为准；"
    "识别得不对，可在“修订编码”中改正。"
)


def reason_fold(held: Held, measure: str) -> str:
    """A fold that asks for the reason when it is opened (``page.js``)."""
    return (
        f'<details class="reason" data-p="{held.id}" data-item="{esc(measure)}"><summary>为什么</summary>'
        f'<div class="reason-told">正在查看……</div></details>'
    )


def folds(desk: Desk, document: Document, held: Held, measures: Sequence[str]) -> Mapping[str, str]:
    """For each of ``measures`` its fold: of codes that are the recogniser's, and, where the document is the recogniser's
    to code, of measures it did not see; empty for what people coded and for what it does not read."""
    coded = {c.measure: c.origin for c in held.codes}
    stored = desk.base.library.provisions(document.id, anew=True)
    other = "auto" if by_recogniser(document, stored) and is_read(held.provision) else ""
    return {m: reason_fold(held, m) if coded.get(m, other) == "auto" else "" for m in measures}


def listen(desk: Desk, route: gr.HTML) -> None:
    """Answer a fold that was opened; the page's script puts the answer in its place."""
    answer = gr.HTML(visible="hidden")

    def why(event: gr.EventData) -> str:
        data = params_of(event)
        try:
            said = reason(desk, data.get("p", ""), data.get("item", ""))
        except KbError as error:
            said = f"<p>{esc(error)}</p>"
        place = f'data-p="{esc(data.get("p"))}" data-item="{esc(data.get("item"))}"'
        return f'<div class="reason-told" {place}>{said}</div>'

    route.why(why, None, answer, **QUIET).then(None, answer, None, js="(told) => window.kbWhy(told)")


def reason(desk: Desk, provision: str, measure_id: str) -> str:
    """Why a provision was recognised as a measure, or was not.

    Raises:
        KbError: provision or measure is not there, or no longer.
    """
    document, held = desk.provision(provision)
    measure = desk.frame.measure(measure_id)
    found = desk.base.explain_held(held.id, also=[measure.id])
    why = next((e for e in found if e.measure == measure.id), None)
    if why is None:
        return f"<p>{UNREAD}</p>"
    stored = desk.base.library.provisions(document.id, anew=True)  # as coded, whatever the user corrected since
    coded = any(c.measure == measure.id for h in stored if h.id == held.id for c in h.codes)
    parts = [_verdict(why, measure), *_words(why), *_strength(why), *_examples(why), f'<p class="note">{MEANING}</p>']
    if coded != bool(why.strength):
        parts.insert(
            0, "<p>词表或识别程序改过，这里说的是按现在的会怎样；运行 python ingest.py build 后编码随之更新。</p>"
        )
    return "".join(parts)


def _verdict(why: Explanation, measure: Measure) -> str:
    if why.strength:
        return (
            f"<p>程序认为这里规定了<b>{esc(measure.name)}</b>，力度为“{STRENGTH_ZH[why.strength]}”："
            f"得分 {why.score:.0%}，达到 {why.floor:.0%} 即算识别。</p>"
        )
    # rounded down: what falls short must not look as if it did not
    score = math.floor(100 * why.score)
    return f"<p>程序没有看出这里规定了<b>{esc(measure.name)}</b>：得分 {score}%，达到 {why.floor:.0%} 才算识别。</p>"


def _words(why: Explanation) -> list[str]:
    """The sentence with its words marked, or that there are none, and the words that were set aside."""
    sentence = f"<blockquote>{marked(why.sentence, mark(why.sentence, why.cues)[1], figures=False)}</blockquote>"
    words, aside = _quoted(why.cues), _quoted(why.aside)
    if why.strength and why.cues:
        return [f"<p>依据的句子，标出的是线索词{words}：</p>", sentence]
    if why.strength:
        return ["<p>句中没有这项举措的线索词，程序依据的是整段的意思：</p>", sentence]
    if why.cues:
        return [f"<p>有线索词{words}，但还不足以认定：</p>", sentence]
    if why.aside:
        return [f"<p>{aside}不作数：属于词表列明的例外，或所在的句子是定义、罚则、成绩之类。</p>"]
    return ["<p>文中没有这项举措的线索词。</p>"]


def _strength(why: Explanation) -> list[str]:
    """By which words the strength goes."""
    if not why.strength:
        return []
    if not why.cues:
        return ["<p>文中没有线索词，力度只是按整段的长短、语气推断，请以原文为准。</p>"]
    said = [
        f"{kind}{_quoted(why.tones[name][:SHOWN_TONES])}" for name, kind in TONES_ZH.items() if why.tones.get(name)
    ]  # fmt: skip
    told = "；".join(said) or "没有数量、金额或期限，也没有表示安排或鼓励的用语"
    return [f"<p>力度看线索词所在各句的用语：{told}。</p>"]


def _quoted(words: Sequence[str]) -> str:
    return "".join(f"“{esc(word)}”" for word in longest([w.strip("，、：") for w in words]))


def _examples(why: Explanation) -> list[str]:
    if not why.examples:
        return ["<p>没有可比的样例（现用的模型没有，或这项举措没有），只看了词语。</p>"]
    listed = "".join(f"<li>{esc(name)}</li>" for name in why.examples)
    own = "（“自拟”是项目编者仿照公文写的）" if any(n.startswith(WRITTEN) for n in why.examples) else ""
    return [f"<p>这项举措由人工编码的条款中，意思最接近的是{own}：</p><ul>{listed}</ul>"]
