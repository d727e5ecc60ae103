"""Whole pages as the sites of regions and ministries build them, all of invented text: body and metadata together.

Each page is given with what surrounds it there: menus, a 信息公开 table in that site's own shape, share buttons, lists
of interpretations.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from kb.describe import describe
from kb.model import Attachment
from kb.read.html import read_html

NAV = (
    '<div class="header"><a href="/">首页</a><ul><li><a href="/zwgk/">政务公开</a></li></ul></div><div class="position">'
    '当前位置：<a href="/">首页</a>&gt;<a href="/zwgk">政策文件</a></div>'
)
FOOT = '<div class="footer"><a href="/map">网站地图</a><p>主办：市人民政府办公厅　网站标识码：5000000062</p></div>'
PLAN = (
    "为加快培育先进感知产业，结合我省实际，制定本计划。",
    "一、总体要求",
    "（一）主要目标。到2027年，建成感知创新中心5个，产业规模达到300亿元，年均增长12.5%左右。",
    "二、重点任务",
    "（二）强化技术攻关。一是突破敏感材料；二是研制MEMS芯片。（责任单位：科技厅、工业和信息化厅）",
    "三、保障措施",
    "加强组织领导。主办单位、来源渠道和发布日期等事项另行公布。",
)


def lines(organ: str, number: str = "") -> tuple[str, ...]:
    opening = (number,) if number else ()
    return (*opening, "各市人民政府，省政府各部门：", *PLAN, organ, "2025年3月6日", "（此件公开发布）")


def paragraphs(texts: tuple[str, ...], shape: str = '<p style="text-indent:2em">{}</p>') -> str:
    return "".join(shape.format(text) for text in texts)


@dataclass(frozen=True)
class Page:
    """A page, its address, the body a reader sees, and the metadata a reader would write down."""

    inner: str
    url: str
    body: tuple[str, ...]
    wanted: dict[str, str | None]
    head: str = ""


def _chongqing() -> Page:
    title = "重庆市人民政府办公厅关于印发《重庆市先进感知产业行动计划（2025—2027年）》的通知"
    body = lines("重庆市人民政府办公厅")
    table = (
        "<table><tr><td>[ 索引号 ]</td><td>115000/2025-1</td><td>[ 发文字号 ]</td><td>渝府办发〔2025〕18号&#8203;&#65279;</td></tr>"
        "<tr><td>[ 成文日期 ]</td><td>2025-03-06</td><td>[ 发布日期 ]</td><td>2025-03-12</td></tr>"
        "<tr><td>[ 发布机构 ]</td><td>市政府办公厅</td><td>[ 有效性 ]</td><td>有效</td></tr></table>"
    )
    inner = (
        f'<div class="document mt-1"><div>{table}</div><div class="zwxl-title">{title}</div>'
        f'<div class="view TRS_UEDITOR trs_paper_default trs_word">{paragraphs(body, "<p>&ensp;&ensp;{}&emsp;</p>")}</div>'
        '<div class="share">分享到：</div><h4>相关解读</h4><ul><li><a href="./t2.html">一图读懂</a></li></ul></div>'
    )
    wanted = {
        "title": title, "doc_number": "渝府办发〔2025〕18号", "issuer": "重庆市人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "重庆", "level": "省级", "period": "2025-2027", "instrument": "行动计划",
    }  # fmt: skip
    return Page(inner, "https://www.cq.gov.cn/zwgk/202503/t20250312_1.html", body, wanted)


def _chongqing_old() -> Page:
    """Nested editors, no table and no tags: everything stands in the text."""
    head = (
        '<p align="center"><b>重庆市经济和信息化委员会</b></p><p align="center"><b>关于印发感知产业扶持办法的通知</b></p>'
        '<p align="center">渝经信规范〔２０２５〕０１８号</p>'
    )
    body = ("重庆市经济和信息化委员会关于印发感知产业扶持办法的通知", "渝经信规范〔２０２５〕０１８号")
    rest = lines("重庆市经济和信息化委员会")
    inner = f'<div class="TRS_Editor"><style>p{{}}</style><div class="Custom_UnionStyle"><div class="TRS_Editor">{head}{paragraphs(rest)}</div></div></div>'
    wanted = {
        "title": body[0], "doc_number": "渝经信规范〔2025〕18号", "issuer": "重庆市经济和信息化委员会", "issued": "2025-03-06",
        "published": None, "region": "重庆", "level": "省级", "instrument": "办法",
    }  # fmt: skip
    return Page(
        inner, "https://jjxxw.cq.gov.cn/zwgk/202503/t20250312_1.html", (*body, *rest), wanted,
        f"<title>{body[0]}_重庆市经济信息委</title>",
    )  # fmt: skip


def _anhui() -> Page:
    title = "安徽省人民政府办公厅关于印发安徽省先进感知产业行动计划的通知"
    body = lines("安徽省人民政府办公厅")
    table = (
        f"<table><tr><th>索 引 号：</th><td>003101/1</td><th>发布机构：</th><td>安徽省人民政府办公厅</td></tr><tr><th>名称：</th>"
        f'<td colspan="3">{title}</td></tr><tr><th>文号：</th><td>皖政办〔2025〕6号</td><th>成文日期：</th><td>2025-03-06</td></tr>'
        "<tr><th>发布日期：</th><td>2025-03-12 17:05</td><th>废止日期：</th><td></td></tr></table>"
    )
    inner = (
        f'<div class="gzk-article"><div>{table}</div><h1>{title}</h1><div><span>发布时间：2025-03-12</span><span>字体：[大 中 小]</span></div>'
        f'<div class="wzcon j-fontContent clearfix">{paragraphs(body)}</div><p>扫一扫在手机打开当前页</p></div>'
    )
    wanted = {
        "title": title, "doc_number": "皖政办〔2025〕6号", "issuer": "安徽省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "安徽", "level": "省级",
    }  # fmt: skip
    return Page(inner, "https://www.ah.gov.cn/public/1681/565400001.html", body, wanted)


def _shanghai() -> Page:
    """No article tags; the day of publication stands in brackets behind the heading."""
    title = "上海市人民政府办公厅关于印发《上海市先进感知产业行动方案》的通知"
    body = lines("上海市人民政府办公厅", "沪府办发〔2025〕6号")
    inner = (
        f'<h2 id="ivs_title">{title}<small class="PBtime">（2025年3月12日）</small></h2>'
        f'<div id="ivs_content" class="Article_content">{paragraphs(body)}</div>'
    )
    wanted = {
        "title": title, "doc_number": "沪府办发〔2025〕6号", "issuer": "上海市人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "上海", "level": "省级",
    }  # fmt: skip
    return Page(
        inner,
        f"https://www.shanghai.gov.cn/nw12344/20250312/{'a' * 32}.html",
        body,
        wanted,
        f"<title>{title}</title>",
    )


def _guangdong() -> Page:
    """The text is only in the page's script, with days as seconds since 1970."""
    title = "广东省人民政府办公厅关于印发广东省先进感知产业行动计划的通知"
    body = lines("广东省人民政府办公厅", "粤府办〔2025〕7号")
    config = json.dumps(
        {
            "title": title, "document_number": "粤府办〔2025〕7号", "publisher": "广东省人民政府办公厅",
            "first_publish_time": 1741780000, "content": paragraphs(body), "is_abolished": 0,
            "attachment": [{"url": "http://www.gd.gov.cn/attachment/0/5/a.pdf", "name": "任务分工表.pdf"}],
        }
    ).replace("<", "\\u003C").replace("/", "\\/")  # fmt: skip
    inner = f'<div id="app"></div><script>window._CONFIG = {{"SID":2,"POST":{config}}};</script>'
    wanted = {
        "title": title, "doc_number": "粤府办〔2025〕7号", "issuer": "广东省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "广东", "level": "省级", "status": "现行",
    }  # fmt: skip
    return Page(inner, "http://www.gd.gov.cn/gkmlpt/content/4/4700/post_1.html", body, wanted)


def _shanxi() -> Page:
    title = "山西省人民政府办公厅关于印发山西省未来感知产业行动方案的通知"
    body = lines("山西省人民政府办公厅")
    facts = (
        "<ul><li><label>索引号：</label><span>1114/1</span></li><li><label>发文字号：</label><span>晋政办发〔2025〕9号</span></li>"
        "<li><label>成文日期：</label><span>2025年03月06日</span></li><li><label>发布日期：</label><span>2025年03月12日</span></li></ul>"
    )
    inner = f'<div class="sxszf-detail">{facts}<div class="sxgzk-detail-con"><div class="TRS_UEDITOR">{paragraphs(body)}</div></div></div>'
    wanted = {
        "title": title, "doc_number": "晋政办发〔2025〕9号", "issuer": "山西省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "山西",
    }  # fmt: skip
    return Page(
        inner, "https://www.shanxi.gov.cn/zfxxgk/202503/t20250312_1.shtml", body, wanted, f"<title>{title}</title>"
    )


def _beijing() -> Page:
    """A list of facts with empty values: an empty one must not take the next label's."""
    title = "北京市人民政府办公厅印发《北京市未来感知产业实施方案》的通知"
    body = lines("北京市人民政府办公厅", "京政办发〔2025〕9号")
    facts = (
        "<ol><li>[发文机构]<span>北京市人民政府办公厅</span></li><li>[联合发文单位]<span></span></li><li>[实施日期]<span></span></li>"
        "<li>[成文日期]<span>2025-03-06</span></li><li>[发文字号]<span>京政办发〔2025〕9号</span></li><li>[废止日期]<span></span></li>"
        "<li>[发布日期]<span>2025-03-12</span></li><li>[有效性]<span>是</span></li></ol>"
    )
    inner = f'{facts}<h1>{title}</h1><div id="mainText"><div class="view TRS_UEDITOR">{paragraphs(body)}</div></div>'
    wanted = {
        "title": title, "doc_number": "京政办发〔2025〕9号", "issuer": "北京市人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "effective": None, "status": "现行",
    }  # fmt: skip
    return Page(inner, "https://www.beijing.gov.cn/zhengce/202503/t20250312_1.html", body, wanted)


def _zhejiang() -> Page:
    """The table abbreviates the issuer; PubDate is the day of the last build and not believed."""
    title = "浙江省人民政府办公厅关于培育发展未来感知产业的指导意见"
    body = lines("浙江省人民政府办公厅", "浙政办发〔2025〕11号")
    inner = (
        '<div class="zc_artice_tit1"><p>发布日期：2025-03-12 16:05</p></div><table><tr><td><b>索引号：</b></td><td>0024/1</td>'
        "<td><b>发文机关：</b></td><td>省政府办公厅</td></tr><tr><td><b>文号：</b></td><td>浙政办发〔2025〕11号</td><td><b>成文日期：</b></td>"
        f'<td>2025-03-06</td></tr></table><h1>{title}</h1><div class="zc_article_con"><div id="zoom">{paragraphs(body)}</div></div>'
    )
    wanted = {
        "title": title, "doc_number": "浙政办发〔2025〕11号", "issuer": "浙江省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "浙江",
    }  # fmt: skip
    return Page(
        inner,
        "https://www.zj.gov.cn/art/2025/3/12/art_1_2.html",
        body,
        wanted,
        '<meta name="PubDate" content="2026-01-01">',
    )


def _jiangsu() -> Page:
    """The table stands inside the body's container."""
    title = "省政府办公厅关于加快培育发展未来感知产业的实施意见"
    body = lines("江苏省人民政府办公厅", "苏政办发〔2025〕13号")
    table = (
        '<table class="xxgk_table"><tr><td>索 引 号</td><td>0140/1</td><td>分类</td><td>工业 通知</td></tr><tr><td>发布机构</td>'
        f"<td>江苏省政府办公厅</td><td>发文日期</td><td>2025-03-06</td></tr><tr><td>标题</td><td colspan=3>{title}</td></tr>"
        "<tr><td>文号</td><td>苏政办发〔2025〕13号</td><td>主题词</td><td></td></tr></table>"
    )
    inner = f'<div class="article_content" id="zoom">{table}{paragraphs(body)}</div>'
    wanted = {
        "title": title, "doc_number": "苏政办发〔2025〕13号", "issuer": "江苏省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "江苏", "instrument": "意见",
    }  # fmt: skip
    return Page(
        inner, "https://www.jiangsu.gov.cn/art/2025/3/12/art_1_2.html", body, wanted,
        '<meta name="PubDate" content="2025-03-12 15:00:00">',
    )  # fmt: skip


def _sichuan() -> Page:
    title = "四川省人民政府办公厅关于印发《四川省未来感知产业培育方案》的通知"
    body = lines("四川省人民政府办公厅", "川办发〔2025〕10号")
    table = (
        "<table><tr><td><b>索 引 号：</b>0082/1</td><td><b>发布机构：</b>四川省人民政府办公厅</td></tr><tr><td><b>成文日期：</b>2025年03月06日"
        "</td><td><b>发布日期：</b>2025年03月12日</td></tr><tr><td><b>文　　号：</b>川办发〔2025〕10号</td><td><b>有 效 性：</b></td></tr></table>"
    )
    inner = f'{table}<h2><ucaptitle>{title}</ucaptitle></h2><div id="cmsArticleContent"><ucapcontent>{paragraphs(body)}</ucapcontent></div>'
    wanted = {
        "title": title, "doc_number": "川办发〔2025〕10号", "issuer": "四川省人民政府办公厅", "issued": "2025-03-06",
        "published": "2025-03-12", "region": "四川",
    }  # fmt: skip
    return Page(inner, f"https://www.sc.gov.cn/10462/zfwjts/2025/3/12/{'b' * 32}.shtml", body, wanted)


def _ministry() -> Page:
    """Joint issuers of a ministry's paper, named in the table with spaces."""
    title = "工业和信息化部等四部门关于推动未来感知产业发展的实施意见"
    body = ("工信部联科〔2025〕12号", *PLAN, "工业和信息化部", "教育部", "科学技术部", "国务院国资委", "2025年3月6日")
    inner = (
        "<table><tr><td>发文机关：</td><td>工业和信息化部 教育部 科学技术部 国务院国资委</td></tr>"
        f"<tr><td>标&emsp;&emsp;题：</td><td>{title}</td></tr><tr><td>发文字号：</td><td>工信部联科〔2025〕12号</td></tr>"
        f'<tr><td>成文日期：</td><td>2025-03-06</td></tr><tr><td>发布日期：</td><td>2025-03-12</td></tr></table><h1 id="con_title">{title}</h1>'
        f'<div class="ccontent center" id="con_con">{paragraphs(body)}</div>'
    )
    wanted = {
        "title": title, "doc_number": "工信部联科〔2025〕12号", "issuer": "工业和信息化部、教育部、科学技术部、国务院国资委",
        "issued": "2025-03-06", "published": "2025-03-12", "region": "国家", "level": "国家级",
    }  # fmt: skip
    return Page(inner, "https://www.miit.gov.cn/zwgk/art/2025/art_1.html", body, wanted)


PAGES = {
    made.__name__.strip("_"): made()
    for made in (
        _chongqing, _chongqing_old, _anhui, _shanghai, _guangdong, _shanxi, _beijing, _zhejiang, _jiangsu, _sichuan, _ministry,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_body_whole_and_alone_and_its_metadata(name: str) -> None:
    page = PAGES[name]
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8">{page.head}</head><body>{NAV}{page.inner}{FOOT}</body></html>'
    reading = read_html(html.encode(), page.url)
    assert tuple(block.text for block in reading.blocks) == page.body
    assert reading.warnings == ()
    fields = describe(reading).fields
    assert {key: fields.get(key) for key in page.wanted} == page.wanted


def test_files_listed_in_a_script_are_attachments() -> None:
    page = PAGES["guangdong"]
    found = read_html(f"<html><body>{page.inner}</body></html>".encode(), page.url).attachments
    assert found == (Attachment("http://www.gd.gov.cn/attachment/0/5/a.pdf", "任务分工表.pdf"),)


BODY = paragraphs(lines("重庆市人民政府办公厅"))
TITLE = "重庆市人民政府办公厅关于印发重庆市先进感知产业行动计划的通知"
FACTS = {
    "labels in cells with a colon of its own": "<table><tr><td>索引号</td><td>：</td><td>1</td></tr><tr><td>发文字号</td><td>：</td><td>渝府办发〔2025〕18号</td></tr>"
    "<tr><td>成文日期</td><td>：</td><td>2025-03-06</td></tr><tr><td>发布日期</td><td>：</td><td>2025-03-12</td></tr></table>",
    "labels above values": "<table><tr><th>索引号</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>"
    "<tr><td>1</td><td>渝府办发〔2025〕18号</td><td>2025-03-06</td><td>2025-03-12</td></tr></table>",
    "other labels": f"<table><tr><td>文件名称：</td><td>{TITLE}</td></tr><tr><td>文件编号：</td><td>渝府办发〔2025〕18号</td></tr>"
    "<tr><td>制定机关：</td><td>重庆市人民政府办公厅</td></tr><tr><td>印发日期：</td><td>2025-03-06</td></tr><tr><td>公布日期：</td><td>2025-03-12</td></tr></table>",
    "empty values": "<table><tr><td>索引号：</td><td></td><td>发文字号：</td><td>渝府办发〔2025〕18号</td></tr><tr><td>废止日期：</td><td></td>"
    "<td>成文日期：</td><td>2025-03-06</td></tr><tr><td>生效日期：</td><td></td><td>发布日期：</td><td>2025-03-12</td></tr></table>",
}


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("shape", FACTS)
def test_a_table_of_facts_is_read_and_is_no_text(shape: str, inside: bool) -> None:
    around, within = ("", FACTS[shape]) if inside else (FACTS[shape], "")
    html = f'<html><body>{around}<h1>{TITLE}</h1><div class="TRS_Editor">{within}{BODY}</div></body></html>'
    reading = read_html(html.encode(), "https://www.cq.gov.cn/x/202503/t20250312_1.html")
    assert tuple(block.text for block in reading.blocks) == lines("重庆市人民政府办公厅")
    fields = describe(reading).fields
    assert [fields.get(key) for key in ("doc_number", "issued", "published", "effective")] == [
        "渝府办发〔2025〕18号", "2025-03-06", "2025-03-12", None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("", '<div class="info">2025-03-12 10:10 来源：市政府办公厅</div>'),
        ("", '<div><span class="time">2025-03-12</span><span>来源：重庆市人民政府办公厅</span></div>'),
        ("", "<div>2025年03月12日 10:22 | 来源：重庆市人民政府网</div>"),
        ("", "<p>日期：2025-03-12　来源：市政府办公厅　【字号：大 中 小】</p>"),
        ('<meta property="article:published_time" content="2025-03-12T10:00:00+08:00">', ""),
        ('<META NAME="pubDate" CONTENT="2025-03-12 10:00:00">', ""),
    ],
)
def test_the_day_of_publication_is_found_however_it_is_shown(head: str, above: str) -> None:
    html = f'<html><head>{head}</head><body><h1>{TITLE}</h1>{above}<div class="TRS_Editor">{BODY}</div></body></html>'
    fields = describe(read_html(html.encode(), "https://www.cq.gov.cn/x/202503/t20250312_1.html")).fields
    assert (fields.get("published"), fields.get("issued")) == ("2025-03-12", "2025-03-06")


TAILS = {
    "share widget": '<div class="bshare-custom"><a>更多平台</a><span>0</span></div>',
    "interpretations": '<div><h4>相关解读</h4><ul><li><a href="1.html">《重庆市先进感知产业行动计划》政策解读</a></li></ul></div>',
    "feedback": "<div><p>您对本页面内容是否满意？</p><p>满意 基本满意 不满意</p></div>",
    "likes and copyright": "<div>点赞（5）</div><p>版权声明：凡注明来源为本网的文章，转载请注明出处。</p>",
    "hidden": '<div style="display: none"><p>这是隐藏的旧版本文字，不应读出。</p></div>',
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(
    "container", ['<div class="TRS_Editor">{}</div>', '<div class="xl"><div class="xl_nr">{}</div></div>']
)
def test_what_sites_hang_under_a_text_is_no_text(tail: str, container: str) -> None:
    html = f"<html><body>{NAV}{container.format(BODY + TAILS[tail])}{FOOT}</body></html>"
    assert tuple(b.text for b in read_html(html.encode(), "https://x.gov.cn/1.html").blocks) == lines(
        "重庆市人民政府办公厅"
    )


def test_a_text_spread_over_two_containers_is_read_whole() -> None:
    texts = lines("重庆市人民政府办公厅") * 2
    halves = "".join(f'<div class="TRS_Editor">{paragraphs(part)}</div>' for part in (texts[:9], texts[9:]))
    assert tuple(b.text for b in read_html(f"<html><body><div>{halves}</div></body></html>".encode()).blocks) == texts


def test_lines_of_preformatted_text_are_paragraphs() -> None:
    texts = lines("重庆市人民政府办公厅")
    typed = "".join(f"　　{text}\n" for text in texts)
    html = f'<html><body><div id="zoom"><pre>{typed}</pre></div></body></html>'
    assert tuple(b.text for b in read_html(html.encode()).blocks) == texts


def test_a_plain_page_keeps_the_title_above_its_text() -> None:
    html = f"<html><body><p>{TITLE}</p><div>{BODY}</div></body></html>"
    assert read_html(html.encode()).blocks[0].text == TITLE


SIDE = (
    '<div class="box"><h3>热点推荐</h3><ul><li><a href="/1">市政府召开会议，研究部署先进感知产业发展工作</a><p>会议指出，要加快培育先进'
    "感知产业，推动创新发展，取得新成效。</p></li><li><a href='/2'>新闻发布会</a><p>发布会介绍，全市经济运行总体平稳，稳中有进。</p></li></ul></div>"
)
NOTICES = (
    "<div><p>版权所有：某某市人民政府，未经授权，不得转载。建议使用IE9以上浏览器，分辨率1024*768以上浏览。</p></div>"
    '<div class="cookie"><p>本网站使用小型文本文件，以便为您提供更好的服务，继续浏览即表示同意。</p></div>'
)


@pytest.mark.parametrize(("before", "after"), [("", NOTICES), (SIDE, NOTICES), ("", SIDE)])
@pytest.mark.parametrize(
    "container",
    [
        '<div class="xl"><div class="xl_nr">{}</div></div>',
        '<div class="detail-content">{}</div>',
        "<article>{}</article>",
        "{}",
    ],
)
def test_prose_in_the_frame_of_an_unknown_site_is_not_taken_in(container: str, before: str, after: str) -> None:
    for texts in (lines("重庆市人民政府办公厅"), lines("重庆市人民政府办公厅")[-7:]):
        main = f"<div class='main'><h1>{TITLE}</h1>{container.format(paragraphs(texts))}</div>"
        html = f"<html><body>{NAV}<div class='wrap'>{before}{main}</div>{after}{FOOT}</body></html>"
        assert tuple(b.text for b in read_html(html.encode(), "https://x.gov.cn/1.html").blocks) == texts


def test_a_template_that_calls_its_text_a_side_loses_nothing() -> None:
    html = f'<html><body>{NAV}<div class="side"><div class="nr">{BODY}</div></div></body></html>'
    assert tuple(b.text for b in read_html(html.encode()).blocks) == lines("重庆市人民政府办公厅")
