"""Cuts what a page's frame left at the two ends of a text: font size buttons above, share and print links below.

Only whole blocks at the ends go, and only such as cannot be part of a document; words like 来源 or 主办单位 in the
middle are text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from kb.fold import fold
from kb.markers import ATTACHMENT, find_marker
from kb.model import Block

_HEAD = re.compile(
    r"^(当前位置|您?当?前?所?在的?位置|首页\s*[>»＞]|发布(时间|日期)\s*[:：]|发表时间\s*[:：]|(?:日期|时间)\s*[:：]\s*\d{4}\s*[-年./]\s*\d\d?\s*[-月./]\s*\d\d?日?(?:\s*\d\d?:\d\d(?::\d\d)?)?(?:\s*来源.{0,70})?$|(?:19|20)\d\d-\d\d?-\d\d?(?:\s+\d\d?:\d\d(?::\d\d)?)?\s*来源\s*[:：].{0,70}$|信息来源\s*[:：]|文章来源\s*[:：]"
    r"|来源\s*[:：].{0,40}(?:$|(?:浏览|点击|阅读|访问|字[号体]|作者|打印|分享|(?:发布|发表|更新)?(?:时间|日期)\s*[:：]))|作者\s*[:：].{0,20}$|字体?[号大]?小?\s*[:：]|[【\[]?\s*字[体号](?:大小)?\s*(?:[:：】\]]|$)|(?:浏览(?:次数|量)|点击[数量率]|访问量)\s*(?:[:：\d]|$)|阅读(次数|量)?\s*[:：]"
    r"|打印(本页|此页)?$|(语音播报|语音朗读|开始朗读|朗读|听全文|无障碍(阅读|浏览)?)$|分享(?:[到至]|[^\u4e00-\u9fff]|$)|收藏$|扫一扫|(?:下载|全屏|加大|还原|减小|】|关闭|返回)$|[\[【]?索\s*引\s*号\s*[\]】]?\s*[:：]?|[-\s]+$)"
)
# a button, or several in a row, or one that names the page: 打印耗材 and 关闭系统 are text
_ALONE = r"打印|关闭|返回|分享|收藏|[本此该][页文](?!物)|正文|文章|[^\u4e00-\u9fff]|$"
_TAIL = re.compile(
    rf"^[【\[（(\s]*(扫一扫|扫描二维码|微信扫一扫|我要纠错|打印(本页|页面|此页|稿件|{_ALONE})|关闭(本页|窗口|页面|{_ALONE})|返回顶部|分享(到|至|{_ALONE})|收藏(本页|{_ALONE})"
    r"|责任编辑|编辑\s*[:：]|责编|审核\s*[:：]|校对\s*[:：]|供稿|上一[篇条]|下一[篇条]|相关(稿件|解读|链接|新闻|文章|文件|政策|阅读|附件|报道|信息|内容)"
    r"|政策解读|图解(政策)?|一图读懂|文件解读|解读(链接|材料)?\s*[:：]|视频解读|媒体解读|专家解读|附件下载\s*[:：]?$|网站标识码|ICP备|.{0,4}公网安备"
    r"|主办(单位)?\s*[:：]|承办(单位)?\s*[:：]|版权所有|浏览(次数|量)|点击(数|量|率)|阅读((次数|量)?\s*[:：]|次数|量|\s*\d[\d.,]*\s*[万wW]?\+?$)|访问量|来源\s*[:：].{0,30}$|文章来源"
    r"|【?字体|字号\s*[:：]|语音播报$|您(对|觉得|认为)本?(页|文章|该|信息)|(非常|基本|不太?)?满意([\s　]|$)|点赞|(版权|免责|网站)声明|凡(注明|本网)|复制(链接|网址)|我要(咨询|留言|分享|收藏|打印)|(更多|其他)平台\d*$|用微信|手机(查看|浏览)|您是第|保护视力色|\$\(|var\s|function\s*\(|-+>?$|[|\s]+$)"
)
_DATED = re.compile(r"^\d{4}-\d\d?-\d\d?(\s+\d\d?:\d\d(:\d\d)?)?\s*(来源.{0,30})?$")
_FILE = re.compile(r"^[^。]{1,80}\.(pdf|docx?|wps|ofd|xlsx?|et|zip|rar|jpe?g|png)$")
_SENTENCE = re.compile(r"[。；][”’）)】]*$")
_SITE_SAYS = re.compile(
    r"^[【\[（(\s]*(扫一扫|扫描二维码|微信扫一扫|我要纠错|您(对|觉得|认为)|责任编辑|[上下]一[篇条]|(版权|免责|网站)声明|凡(注明|本网)"
    r"|版权所有|网站标识码|.{0,4}ICP备|.{0,4}公网安备|用微信)"
)
# words that also end documents: believed at the very end only after a date or （此件公开发布）
_MAYBE = re.compile(r"^[（(\s]*(来源|文章来源|主办|承办|审核|校对|编辑|供稿)(单位)?\s*[:：]")
_END_OF_DOCUMENT = re.compile(r"^[（(]?(此件(主动)?公开(发布)?|此件依申请公开|此件不公开|信息公开(选项|形式|属性))")
_LONGEST, _HEAD_BLOCKS = 90, 14
_ANY_FOOT = re.compile(r".*?(?:(?:网站标识码\W{0,3}(?:bm)?|ICP备\s*|公网安备\s*)\d|^\W*版权所有)")
_CLOSES = re.compile(r"[。；！？][”’）)】]*\s*$|日\s*[）)]?\s*$|^[（(]?此件|印发\s*$")  # may end a document
# what a menu begins with and no text ends with; below it names of places and organs are links
_MENU = re.compile(
    r"按.{1,8}查(?:询|找)?|网站地图|站点地图|联系我们|关于(?:我们|本网|本站)|网站声明|网站帮助|使用帮助|登录|注册|首页|返回(?:首页|顶部)?|解读|分享|收藏"
    r"|(?:友情|相关)?链接:?|主编信箱|网站纠错|我要纠错|微信公众号|政务微博|头条号|客户端|无障碍.{0,4}|长者.{0,4}|English|[×|]"
)
_LONGEST_MENU, _LONGEST_FOOT, _LONGEST_NAME = 40, 600, 20
_ARROW = re.compile(r"\s*[>＞»›]\s*$")
_SPREAD_LABEL = re.compile(r"^(\W*[\u4e00-\u9fff])\s+([\u4e00-\u9fff]\s*[:：])")  # 编 辑：某某


def trim(
    blocks: list[Block], links: Container[str] = frozenset(), *, page: bool = True
) -> tuple[list[Block], list[Block]]:
    """``blocks`` without page furniture at the start and the end, and what was cut from the start.

    ``links`` are the texts that are wholly a link to another page: none of them ends a document. Of a ``page`` a bare
    date at the start goes, too, and names of files at the end, which are links there; elsewhere they may be all that is told.

    The start ends at the first sentence: a heading may stand above the line 发布时间：…. The end is cut at whole blocks
    only, from the last one upwards, and stops at the first block that is text.
    """
    head = 0
    while head < min(len(blocks), _HEAD_BLOCKS) and not re.search("[。；]", blocks[head].text):
        head += 1
    last = len(blocks)
    while last > head and (
        _is_tail(blocks[last - 1])
        or _heads_links(blocks[last - 1])
        or page
        and _is_furniture(blocks[last - 1], _FILE)
        or _link_text(blocks[last - 1].text) in links
    ):
        if _MAYBE.match(blocks[last - 1].text) and last == len(blocks) and not _has_ended(blocks[head : last - 1]):
            break
        last -= 1
    last = _cut_relations(blocks, head, _cut_foot(blocks, head, last))
    shapes = (_HEAD, _DATED) if page else (_HEAD,)
    cut = [block for block in blocks[:head] if any(_is_furniture(block, shape) for shape in shapes)]
    cut += [block for block in _crumbs(blocks[:head]) if block not in cut]
    return [block for block in blocks[:head] if block not in cut] + blocks[head:last], cut


def _heads_links(block: Block) -> bool:
    """Whether a line only names a list of links: 相关文档, 【延伸阅读】."""
    return len(block.text) <= _LONGEST_NAME and bool(_RELATED.fullmatch(block.text.strip()))


def _link_text(text: str) -> str:
    """The words of a line that may be a link in a list: without its bullet and the day beside it."""
    return _LISTED_DAY.sub("", text).strip("·•●■ ")


def _cut_foot(blocks: list[Block], first: int, last: int) -> int:
    """The foot of a copied page is cut with the menus above it (重庆, 网站地图, 登录), which look like text by themselves.

    Only where a site's own sign (ICP备, 网站标识码) stands below the plain end of a document, with nothing but short lines
    between; below that sign a site may repeat a sentence, but no items.
    """
    foot = next((at for at in range(first, last) if _is_furniture(blocks[at], _ANY_FOOT)), last)
    below = blocks[foot:last]
    if not below or _CLOSES.search(below[0].text) or sum(len(b.text) for b in below) > _LONGEST_FOOT:
        return last
    if any(_has_form(block) or _DATE_LINE.match(block.text) for block in below):
        return last
    at = foot
    while at > first and _may_be_menu(blocks[at - 1]):
        at -= 1
    if at == first or not _CLOSES.search(blocks[at - 1].text):
        return last
    # a list of names may end a document (首批先导区：……): only what a site alone says begins its menu
    while at < foot and not _MENU.fullmatch("".join(fold(blocks[at].text).split())):
        at += 1
    return at


def _may_be_menu(block: Block) -> bool:
    return not (_has_form(block) or len(block.text) > _LONGEST_MENU or _CLOSES.search(block.text))


def _has_form(block: Block) -> bool:
    """Whether only a document has such a block: a table, a numbered line, 附件1."""
    return block.kind == "table" or bool(find_marker(block.text) or ATTACHMENT.match(fold(block.text)))


def _crumbs(head: Sequence[Block]) -> list[Block]:
    """The path to the page set line by line (首页, >, 政务公开, >, 政策), and the browser's title above it that repeats the
    line below."""
    start = next((at for at, block in enumerate(head) if block.text.strip() == "首页"), len(head))
    end = start
    while end + 1 < len(head) and _ARROW.match(head[end + 1].text):
        end += 2
    if end == start:
        return []
    below = head[end + 1].text.strip() if end + 1 < len(head) else ""
    if start == 1 and below and below in head[0].text:
        start = 0
    return list(head[start : end + 1])


def _cut_relations(blocks: list[Block], first: int, last: int) -> int:
    """Lists titled 相关解读 and the like often end with links that alone look like text: cut at their title.

    Only after the document has plainly ended, be it with the day a law comes into force, and only when a short list
    follows.
    """
    for at in range(max(first + 1, last - 12), last):
        text, below = blocks[at].text, blocks[at:last]
        if any(len(b.text) >= 80 for b in below):
            continue
        ended = _has_ended(blocks[first:at])
        if ended and _RELATIONS.match(text):
            return at
        ended = ended or bool(_IN_FORCE.search(blocks[at - 1].text))
        if ended and _heads_links(blocks[at]) and not any(_CLOSES.search(b.text) for b in below):
            return at
    return last


_RELATIONS = re.compile(r"^[【\[]?相关(稿件|解读|链接|新闻|文章|文件|政策|阅读|报道|信息)|^[【\[]?(政策|文件)解读")
_RELATED = re.compile(
    r"[【\[]?(?:相关(?:稿件|解读|链接|新闻|文章|文件|文档|政策|阅读|报道|信息|推荐|内容)(?:推荐|下载)?"
    r"|(?:延伸|推荐|拓展)阅读|(?:政策|文件)解读)[】\]]?[:：]?"
)
_IN_FORCE = re.compile(r"自.{2,40}起.{0,6}(?:施行|实施|生效|执行)(?:[^。]{0,60}。){1,2}$")
_LISTED_DAY = re.compile(r"[（(\[]?\d{4}[-/.]\d\d?[-/.]\d\d?[)）\]]?$")  # beside a link in a list
_DATE_LINE = re.compile(
    r"^[（(]?(\d{4}|[二一][〇○零Oo一二三四五六七八九]{3})\s*年.{1,6}月.{1,4}日[）)]?\s*(?:[（(]此件.{0,20}[）)])?$"
)


def _has_ended(blocks: Sequence[Block]) -> bool:
    """Whether a date or （此件公开发布） among the last blocks shows that the document is at its end."""
    return any(_END_OF_DOCUMENT.match(b.text) or _DATE_LINE.match(b.text) for b in blocks[-8:])


def _is_tail(block: Block) -> bool:
    """Whether a block at the end is furniture; a sentence is only when nothing but a site says it (相关政策由市科技局
    负责解释。 is text)."""
    return _is_furniture(block, _TAIL) and not (_SENTENCE.search(block.text) and not _SITE_SAYS.match(block.text))


def _is_furniture(block: Block, shape: re.Pattern[str]) -> bool:
    text = _SPREAD_LABEL.sub(r"\1\2", block.text)
    return block.kind != "table" and len(text) <= _LONGEST and bool(shape.match(text))
