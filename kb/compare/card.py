"""The recogniser's card and tables: what it was trained on, how well it does on texts never seen, where it fails.

Goes in: examples and what held-out heads said of them. Comes out: Markdown. ``bench/compare_recognise.py`` prints the
same tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kb.compare.cues import Lexicon
from kb.compare.evaluate import GROUPS, SMOOTH, Measured, Score, cue_only, interval, judged, scored, zero_shot
from kb.compare.fitting import Shown
from kb.compare.frame import load_frame
from kb.compare.gold import DIGEST, PRACTICE, SAMPLED, WRITTEN, agreement
from kb.compare.head import LINEAR, TUNED_SHARE, WHOLE, WORDS
from kb.settings import CORPUS

HEADS = ("方法", "文本", "条数", "精确率", "召回率", "F1（微平均）", "95% 区间", "F1（宏平均）", "力度一致")
MANNERS_ZH = {WHOLE: "识别模型", LINEAR: "只用线性模型", WORDS: "只用线性模型，不看向量"}
_TEXTS = ("全部", "真实文本", "摘编", "政府工作报告", "法规", SAMPLED)
Rows = list[tuple[str, ...]]


def scores_table(lexicon: Lexicon, seen: Shown, measured: Measured) -> Rows:
    """One row a method and kind of text; all by regions never seen, and the recogniser also by the documents held back, where
    what was drawn from whole documents stands in a row of its own."""
    regions, told = measured.regions, measured.told
    kinds, counts = np.array([e.kind for e in seen.examples]), judged(seen)
    cues = cue_only(lexicon, seen, regions)
    methods: list[tuple[str, np.ndarray, np.ndarray | None, np.ndarray]] = [
        ("零样本：向量与定义", zero_shot(seen, regions), None, counts),
        ("只用线索词，未见过的地区", cues, None, counts),
    ]  # fmt: skip
    for group, what, among in (("region", "未见过的地区", counts), ("unread", "词表未依据的文件", seen.unread)):
        for manner, name in MANNERS_ZH.items():
            one = told[group][manner]
            methods.append((f"{name}，{what}", one.scores >= measured.floors[manner], one.strengths, among))
    return [
        _row(name, text, seen, said, strengths, mask)
        for name, said, strengths, among in methods
        for text in _TEXTS
        if (mask := _mask(kinds, text) & among).any()
    ]


def measures_table(seen: Shown, measured: Measured) -> Rows:
    """Measure by measure, on regions never seen: how many coded, precision, recall, F1."""
    counted = judged(seen)
    truth = seen.labels[counted]
    said = measured.told["region"][WHOLE].scores[counted] >= measured.floors[WHOLE]
    names = {m.id: m.name for m in load_frame(CORPUS).measures}
    rows: Rows = []
    for j, measure in enumerate(seen.measures):
        score = scored(truth[:, j], said[:, j])
        rows.append((names[measure], measure, str(int((truth[:, j] > 0).sum())), *_three(score)))
    return rows


def card(lexicon: Lexicon, seen: Shown, measured: Measured) -> str:
    """The card, Markdown."""
    kinds = Counter(e.kind for e in seen.examples)
    documents = len({e.document for e in seen.examples if e.region != WRITTEN})
    twice, f1, same = agreement(CORPUS)
    data = "、".join(f"{kind} {number} 条" for kind, number in kinds.most_common())
    return "\n\n".join((
        "# 举措识别模型",
        "由 `python -m kb.compare.train` 生成，请勿手改。识别模型按举措判断条款是否规定了该举措及其力度，供用户添加的文件"
        "和 `kb label` 使用；随附的摘编用编者的编码。",
        "## 数据",
        f"编码样例 {len(seen.examples)} 条（{data}），来自 {documents} 份文件；自拟条款、补充条款和{PRACTICE}条款只参加训练，不参加评测；"
        "补充条款取自真实文本，是识别模型拿不准的条款。练习条款只用于微调，是另一些拿不准的真实条款和仿各类文件自拟的条款。参加评测的 "
        f"{twice} 条由两人各自编码，举措 F1 {f1:.2f}，力度一致 {same:.2f}；两人不一致的由第三人裁定。"
        "抽样条款是从词表未依据的文件里按主题选出法规和报告、再随机抽取的，多数条款没有规定任何举措，最像把一份文件整份添加"
        "进来的情形；成绩单独列出，不计入“全部”。真实文本不在仓库中，`corpus/gold/coded` 只有文件名、位置、校验值和编码。",
        "## 做法",
        f"两部分的对数几率按 {1 - TUNED_SHARE:.0%} 与 {TUNED_SHARE:.0%} 相加。其一是线性模型（`head.npz`）：词表（`corpus/lexicon/measures.yaml`）中每个短语过去的对错、所在分句和句子的语气与数字、线索前后的词，加上 "
        f"{seen.model} 向量的逐举措线性得分、与定义和已编码样例的远近。训练时每条样例都当作未见过的文本：只在它所在文件出现过的短语"
        "视为没有写进词表，短语的记录、最近的样例和向量得分都不含该文件。其二是该向量模型的上四层，用编码样例微调（`tuned.npz`；训练时随机遮去部分词元，有时把两条连起来读），各举措各自注意"
        "文中的不同部分。力度由线性模型定。换用其他向量模型时，只用线性模型不看向量的那一半。",
        "## 成绩",
        f"“未见过的地区”按地区分成 {GROUPS} 组（城市并入所在省），测试组没有任何条款参加训练，只在测试组出现过的短语视为没有写进词表，所以偏于保守。"
        f"“词表未依据的文件”是约八分之一的文件，词表没有依据它们编写，词表原样使用，最接近"
        f"新文件的情形；其中“抽样”一行最低：举措稀少时，误认的条款在所有识别结果中占的比例更大。阈值 {measured.floors[WHOLE]:.2f}（没有微调层时 {measured.floors[LINEAR]:.2f}，无向量时 {measured.floors[WORDS]:.2f}）取"
        f"未见过的地区、词表未依据的文件、抽样三者 F1 的平均最高处（曲线平缓，故取前后 {SMOOTH} 以内的均值），所以各行略偏乐观。区间为按文件重抽样。",
        markdown(HEADS, scores_table(lexicon, seen, measured)),
        "各举措（未见过的地区）：",
        markdown(("举措", "编号", "样例", "精确率", "召回率", "F1"), measures_table(seen, measured)),
        "## 局限",
        "样例少的举措（少于 10 条）成绩不可靠。法规中以某一主题为修饰语的条文（例如“科技成果转化议事协调机制”）容易多识别出主题"
        "本身；成绩、原则与举措写在同一句时容易误认。力度 1 与 2 之间的判断，两位读者之间也有约一成不一致。没有经过外部专家复核。",
    )) + "\n"  # fmt: skip


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _mask(kinds: np.ndarray, name: str) -> np.ndarray:
    if name == "全部":
        return np.asarray(kinds != SAMPLED)
    if name == "真实文本":
        return ~np.isin(kinds, (DIGEST, SAMPLED))
    return np.asarray(kinds == name)


def _row(
    name: str, text: str, seen: Shown, said: np.ndarray, strengths: np.ndarray | None, mask: np.ndarray
) -> tuple[str, ...]:
    truth = seen.labels[mask]
    score = scored(truth, said[mask], None if strengths is None else strengths[mask])
    low, high = interval(truth, said[mask], seen.documents[mask].tolist())
    macro = [scored(truth[:, j], said[mask][:, j]).f1 for j in np.flatnonzero(truth.any(axis=0))]
    strength = "—" if strengths is None else f"{score.strength:.3f}"
    spread = f"{low:.3f}–{high:.3f}"
    return name, text, str(int(mask.sum())), *_three(score), spread, f"{np.mean(macro):.3f}", strength


def _three(score: Score) -> tuple[str, str, str]:
    return f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"
