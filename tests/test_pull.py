"""Pulling against a local site that behaves like the real families, faults included; no real time passes."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator

import httpx
import pytest
from pytest import MonkeyPatch

from kb.draft import drafts
from kb.errors import KbError
from kb.model import Document
from kb.pull import Fetcher, FetchFailed, Limits, discover, fetch_page, further_pages, judge, lists_of, pull_source
from kb.pull.guard import checked_addresses, is_public
from tests.site import PLAN, TITLE, Site, bomb, cookie_replay, endless, page, reset, running, send, silent


class Clock:
    """Time that passes only when someone sleeps (and a little at every look)."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now, self.tick, self.slept = 0.0, tick, [0.0][:0]

    def __call__(self) -> float:
        self.now += self.tick
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: MonkeyPatch) -> None:
    """Whatever proxy the machine has, these tests talk to themselves."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with running(site) as base:
        yield base


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(clock: Clock) -> Iterator[Fetcher]:
    limits = Limits(delay=1.0, read_timeout=0.3, total_time=60, max_bytes=2_000_000, retries=2)
    with Fetcher(limits, private_hosts=True, sleep=clock.sleep, clock=clock) as made:
        yield made


def source(url: str | None, *mirrors: str, **more: str) -> Document:
    return Document(id="t", region="重庆", level="省级", title=TITLE, url=url, mirrors=mirrors, **more)  # type: ignore[arg-type]


def test_a_page_is_fetched_with_our_own_user_agent(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/zwgk/t20250310_1.html", page(PLAN))
    got = fetch_page(f"{address}/zwgk/t20250310_1.html", fetcher)
    assert TITLE in got.data.decode() and got.name == "t20250310_1.html"
    assert "chongqing-policy-kb" in site.headers["user-agent"]


def test_robots_rules_are_obeyed_and_asked_once(site: Site, address: str, fetcher: Fetcher) -> None:
    site.robots = "User-agent: *\nDisallow: /secret/\n"
    site.put("/secret/a.html", page(PLAN))
    site.put("/open/a.html", page(PLAN))
    fetch_page(f"{address}/open/a.html", fetcher)
    with pytest.raises(FetchFailed, match="robots") as refused:
        fetch_page(f"{address}/secret/a.html", fetcher)
    assert refused.value.kind == "robots" and "另存为" in str(refused.value)
    assert site.asked_for("/robots.txt") == 1 and site.asked_for("/secret/a.html") == 0


def test_a_web_page_in_place_of_robots_txt_forbids_nothing(site: Site, address: str, fetcher: Fetcher) -> None:
    site.robots = "<html>Disallow: /</html>"
    site.put("/a.html", page(PLAN))
    assert fetch_page(f"{address}/a.html", fetcher).data


def test_requests_to_one_host_keep_their_distance(site: Site, address: str, fetcher: Fetcher, clock: Clock) -> None:
    site.put("/a.html", page(PLAN))
    for _ in range(3):
        fetcher.get(f"{address}/a.html")
    assert clock.slept == [1.0, 1.0, 1.0]  # robots, then three pages: three gaps


def test_the_robots_crawl_delay_is_kept_when_longer(site: Site, address: str, fetcher: Fetcher, clock: Clock) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 5\n"
    site.put("/a.html", page(PLAN))
    fetcher.get(f"{address}/a.html")
    assert clock.slept == [5.0]


def test_one_host_is_asked_one_request_at_a_time(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/a.html", page(PLAN))
    threads = [threading.Thread(target=fetcher.get, args=(f"{address}/a.html",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.asked_for("/a.html") == 5 and site.most_at_once == 1


def test_what_has_not_changed_is_not_sent_again(site: Site, address: str, fetcher: Fetcher) -> None:
    def answer(handler):  # type: ignore[no-untyped-def]
        fresh = handler.headers.get("If-None-Match") == '"v1"'
        send(handler, page(PLAN).encode(), 304 if fresh else 200, {"ETag": '"v1"'})

    site.routes["/a.html"] = answer
    url = f"{address}/a.html"
    first = pull_source(source(url), fetcher)
    assert first.status == "ok" and first.answer is not None and first.answer.headers["etag"] == '"v1"'
    second = pull_source(source(url), fetcher, {url: first.answer.headers})
    assert second.status == "unchanged"


def test_a_gateway_that_sets_a_cookie_first_is_passed(site: Site, address: str, fetcher: Fetcher) -> None:
    site.routes["/a.html"] = cookie_replay
    assert TITLE in fetch_page(f"{address}/a.html", fetcher).data.decode()


def test_a_hung_up_connection_is_tried_again_with_growing_patience(
    site: Site, address: str, fetcher: Fetcher, clock: Clock
) -> None:
    site.put("/robots.txt", "")
    site.routes["/a.html"] = reset
    with pytest.raises(FetchFailed, match="连接") as failed:
        fetcher.get(f"{address}/a.html")
    assert failed.value.kind == "failed" and site.asked_for("/a.html") == 3
    assert [s for s in clock.slept if s > 1] == [2.0, 4.0]


def test_a_busy_server_is_asked_again_after_the_time_it_names(
    site: Site, address: str, fetcher: Fetcher, clock: Clock
) -> None:
    answers = iter([(503, {"Retry-After": "9"}), (200, {})])

    def answer(handler):  # type: ignore[no-untyped-def]
        status, headers = next(answers)
        send(handler, page(PLAN).encode(), status, headers)

    site.routes["/a.html"] = answer
    assert fetcher.get(f"{address}/a.html").status == 200
    assert 9.0 in clock.slept


def test_a_server_that_says_nothing_is_given_up(site: Site, address: str, fetcher: Fetcher) -> None:
    fetcher.limits = Limits(delay=0, read_timeout=0.1, retries=0)
    fetcher.close()
    site.routes["/a.html"] = silent
    with pytest.raises(FetchFailed, match="没有应答"):
        fetcher.get(f"{address}/a.html")


@pytest.mark.parametrize("fault", [endless, bomb])
def test_an_endless_or_exploding_body_is_cut_off(site: Site, address: str, fetcher: Fetcher, fault) -> None:  # type: ignore[no-untyped-def]
    site.routes["/a.html"] = fault
    with pytest.raises(FetchFailed, match="MB"):
        fetcher.get(f"{address}/a.html")


def test_a_trickling_body_is_cut_off_by_the_time_limit(site: Site, address: str) -> None:
    site.routes["/a.html"] = endless
    clock = Clock(tick=25.0)
    with (
        Fetcher(Limits(delay=0, total_time=60), private_hosts=True, sleep=clock.sleep, clock=clock) as hasty,
        pytest.raises(FetchFailed, match="过慢"),
    ):
        hasty.get(f"{address}/a.html")


def test_a_redirect_circle_ends_as_moved(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/a.html", "", 302, Location="/b.html")
    site.put("/b.html", "", 302, Location="/a.html")
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.status == "moved" and "循环跳转" in outcome.message
    assert site.asked_for("/a.html") < 8


def test_a_redirect_into_the_own_network_is_refused(site: Site, address: str, clock: Clock) -> None:
    site.put("/a.html", "", 302, Location="http://inner.example/")
    names = {"127.0.0.1": ["93.184.216.34"], "inner.example": ["10.0.0.5"]}

    class Nowhere(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(302, headers={"Location": "http://inner.example/"}, request=request)

    with Fetcher(Limits(delay=0), private_hosts=False, sleep=clock.sleep, lookup=lambda h, p: names[h]) as strict:
        guarded = strict._client(False)._transport
        guarded._direct = Nowhere()  # type: ignore[attr-defined]
        strict._robots["http://127.0.0.1"] = __import__("protego").Protego.parse("")
        with pytest.raises(FetchFailed, match="内部网络") as refused:
            strict.get("http://127.0.0.1/a.html")
    assert refused.value.kind == "forbidden"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/x",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://192.168.1.1",
    ],
)
def test_local_addresses_are_never_fetched_by_default(url: str) -> None:
    with Fetcher(Limits(delay=0, retries=0), private_hosts=False) as strict, pytest.raises(FetchFailed) as refused:
        strict.get(url)
    assert refused.value.kind == "forbidden" and "内部网络" in str(refused.value)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.gov.cn/a", "gopher://x", "/etc/passwd", "http://", ""]
)
def test_only_web_addresses_are_fetched(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(FetchFailed) as refused:
        fetcher.get(url)
    assert refused.value.kind == "forbidden"


@pytest.mark.parametrize(
    "address", ["::ffff:127.0.0.1", "::ffff:10.1.1.1", "100.64.0.1", "0.0.0.0", "fe80::1%eth0", "224.0.0.1"]
)
def test_disguised_local_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_host_with_one_inner_address_among_public_ones_is_refused() -> None:
    with pytest.raises(KbError, match="内部网络"):
        checked_addresses(httpx.URL("http://two-faced.example/"), False, lambda h, p: ["93.184.216.34", "10.0.0.1"])


CHALLENGES = {
    412: "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>",
    521: "<script>document.cookie=('_')+('_')+('jsl_clearance=1');location.href=location.pathname</script>",
    403: "<html><body>reason:GeoBL</body></html>",
    200: "<html><script>var arg1='A';function setCookie(){document.cookie='acw_sc__v2='+arg2}</script><body></body></html>",
}


@pytest.mark.parametrize("status", sorted(CHALLENGES))
def test_a_challenge_is_recognised_and_left_alone(site: Site, address: str, fetcher: Fetcher, status: int) -> None:
    site.put("/a.html", CHALLENGES[status], status)
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.status == "blocked" and outcome.answer is None
    assert "另存为" in outcome.message and site.asked_for("/a.html") == 1
    with pytest.raises(KbError, match="另存为"):
        fetch_page(f"{address}/a.html", fetcher)


def test_a_login_page_is_no_policy(site: Site, address: str, fetcher: Fetcher) -> None:
    form = '<html><title>统一身份认证</title><body>用户登录<form><input name="u"><input type="password"></form></body></html>'
    site.put("/a.html", form)
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.status == "blocked" and "登录" in outcome.message


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><h1>您访问的页面不存在</h1></body></html>",
        "<html><title>404</title><body>Not Found</body></html>",
    ],
)
def test_an_error_page_that_claims_success_is_moved(site: Site, address: str, fetcher: Fetcher, body: str) -> None:
    site.put("/a.html", body)
    assert pull_source(source(f"{address}/a.html"), fetcher).status == "moved"


def test_being_sent_to_the_home_page_is_moved(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/zwgk/2024/a.html", "", 302, Location="/")
    site.put("/", page(PLAN))
    assert pull_source(source(f"{address}/zwgk/2024/a.html"), fetcher).status == "moved"


def test_a_page_that_only_forwards_is_followed(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put(
        "/old.html", '<html><head><meta http-equiv="refresh" content="0;url=new/a.html"></head><body></body></html>'
    )
    site.put("/new/a.html", page(PLAN))
    outcome = pull_source(source(f"{address}/old.html", doc_number="某府办发〔2025〕18号"), fetcher)
    assert outcome.reading is not None and any("先导区" in block.text for block in outcome.reading.blocks)


def test_an_empty_page_is_empty(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/a.html", "<html><body><div id='app'></div></body></html>")
    assert pull_source(source(f"{address}/a.html"), fetcher).status == "empty"


def test_another_document_at_the_address_is_not_taken(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put(
        "/a.html",
        page("<p>关于做好节日值班工作的通知内容，请各单位认真执行。</p>" * 9, "关于做好节日期间值班工作的公告"),
    )
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.status == "moved" and "不是要找的文件" in outcome.message


def test_an_interpretation_is_not_the_document(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/a.html", page(PLAN, f"《{TITLE}》政策解读"))
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.status == "moved" and "解读" in outcome.message


def test_mirrors_are_tried_in_order_after_the_official_page(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/official.html", "", 412)
    site.put("/mirror2.html", page(PLAN))
    outcome = pull_source(
        source(f"{address}/official.html", f"{address}/gone.html", f"{address}/mirror2.html"), fetcher
    )
    assert outcome.status == "ok"
    assert [status for _, status, _ in outcome.tried] == ["blocked", "moved", "ok"]


def test_a_short_report_on_a_mirror_is_not_taken_for_the_text(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/news.html", page(f"<p>近日，{TITLE}发布，提出到2027年建成10个先导区，具体内容请见原文。</p>"))
    outcome = pull_source(source(f"{address}/news.html"), fetcher)
    assert outcome.status == "empty" and "不像全文" in outcome.message


def test_when_everything_fails_the_official_reason_is_told(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/official.html", "", 412)
    outcome = pull_source(source(f"{address}/official.html", f"{address}/gone.html"), fetcher)
    assert outcome.status == "blocked" and TITLE in outcome.message and len(outcome.tried) == 2


def test_a_source_without_an_address_says_so(fetcher: Fetcher) -> None:
    outcome = pull_source(source(None), fetcher)
    assert outcome.status == "none" and "没有登记网址" in outcome.message


def test_a_page_that_only_points_to_an_attachment_gives_the_attachment(
    site: Site, address: str, fetcher: Fetcher
) -> None:
    link = '<p>现印发给你们，见附件。</p><p><a href="./P020250310.txt.html">说明</a><a href="./P0202.doc">附件：行动计划.doc</a></p>'
    site.put("/a/t1.html", page(link, head='<meta name="ContentSource" content="某某市人民政府办公厅">'))
    site.put("/a/P0202.doc", page(PLAN))  # names lie: the .doc is a web page
    outcome = pull_source(source(f"{address}/a/t1.html"), fetcher)
    assert outcome.status == "ok" and outcome.answer is not None and outcome.answer.url.endswith("P0202.doc")
    assert outcome.known["published"] == "2025-03-10" and outcome.page is not None
    got = fetch_page(f"{address}/a/t1.html", fetcher)
    assert got.url.endswith("P0202.doc") and got.known["title"] == TITLE


SEVERAL = "某某市人民政府办公厅关于印发《某某市数据管理办法》《某某市数据管理实施细则》的通知"
COVER = "<p>《某某市数据管理办法》《某某市数据管理实施细则》已经市政府同意，现印发给你们，请认真贯彻执行。</p>"


def test_attachments_that_were_not_read_are_named(site: Site, address: str, fetcher: Fetcher) -> None:
    links = '<p><a href="./1.pdf">附件1：管理办法.pdf</a></p><p><a href="./2.pdf">附件2：实施细则.pdf</a></p>'
    site.put("/a/t1.html", page(COVER + links, SEVERAL))
    site.put("/a/1.pdf", page(PLAN))
    got = fetch_page(f"{address}/a/t1.html", fetcher)
    assert got.url.endswith("1.pdf") and got.known["coverage"] == "partial"
    assert "附件2：实施细则.pdf" in got.known["note"] and "附件1" not in got.known["note"]
    assert got.known["note"].startswith("只读到一部分")
    (draft,) = drafts(got.data, got.name, got.url, known=got.known)
    assert draft.document.coverage == "partial" and "附件2" in (draft.document.note or "")


def test_the_same_attachment_in_two_formats_is_one(site: Site, address: str, fetcher: Fetcher) -> None:
    links = '<p>见附件。</p><p><a href="./1.doc">行动计划.doc</a></p><p><a href="./1.pdf">行动计划.pdf</a></p>'
    site.put("/a/t1.html", page(links))
    site.put("/a/1.doc", page(PLAN))
    assert not {"note", "coverage"} & set(fetch_page(f"{address}/a/t1.html", fetcher).known)


def test_a_short_reply_with_a_map_attached_is_itself_the_document(site: Site, address: str, fetcher: Fetcher) -> None:
    reply = (
        "<p>某某区人民政府：</p><p>你区关于划定某某历史文化街区保护范围的请示收悉。</p><p>原则同意所报保护范围，请依法做好保护工作。</p>"
        '<p>某某市人民政府</p><p>2025年3月6日</p><p><a href="./map.pdf">附件：保护范围图.pdf</a></p>'
    )
    site.put("/a/t1.html", page(reply, "某某市人民政府关于某某历史文化街区保护范围的批复"))
    site.put("/a/map.pdf", page(PLAN))
    assert fetch_page(f"{address}/a/t1.html", fetcher).url.endswith("t1.html")
    assert site.asked_for("/a/map.pdf") == 0


def test_a_part_is_not_called_the_full_text(site: Site, address: str, fetcher: Fetcher) -> None:
    site.put("/a/1.html", page(PLAN + '<div class="page"><a href="1_2.html">下一页</a></div>'))
    site.put("/a/2.html", page(PLAN))
    outcome = pull_source(source(f"{address}/a/1.html"), fetcher)
    assert outcome.status == "partial" and "只读到一部分" in outcome.message and "已取得" not in outcome.message
    whole = pull_source(source(f"{address}/a/1.html", f"{address}/a/2.html"), fetcher)
    assert [status for _, status, _ in whole.tried][0] == "partial"


def test_wrongly_declared_charset_comes_out_right(site: Site, address: str, fetcher: Fetcher) -> None:
    text = page(PLAN + "<p>联系人：朱镕、王堃</p>").replace("utf-8", "gb2312")
    site.put("/a.html", text.encode("gb18030"), Content_Type="text/html; charset=utf-8")
    outcome = pull_source(source(f"{address}/a.html"), fetcher)
    assert outcome.reading is not None and "朱镕、王堃" in outcome.reading.blocks[-1].text


def test_real_pages_that_carry_challenge_like_scripts_are_still_pages(
    address: str, site: Site, fetcher: Fetcher
) -> None:
    site.put("/a.html", page(PLAN + "<script>document.cookie='visited=1'</script>"))
    answer = fetcher.get(f"{address}/a.html")
    assert judge(answer, answer.url).kind == "ok"


# -- list pages ---------------------------------------------------------------------------------------------

TRS = """<ul class="nav"><li><a href="/a/">政务公开平台首页</a></li></ul><table>
<tr class="zcwjk-list-c"><td><a target="_blank" href="./202503/t20250310_1.html"><p class="tit">某某市未来产业培育行动计划</p></a>
<p>某府办发〔2025〕18号\u200b</p></td><td><span class="time">2025-03-06</span></td></tr>
<tr class="zcwjk-list-c"><td><a href="../bgt/t2.html" title="关于进一步做好春耕备耕工作的通知">关于进一步做好春耕…</a></td><td>2025年2月1日</td></tr>
<tr class="zcwjk-list-c"><td><a href="https://elsewhere.example/x.html">别处的未来产业文件</a></td><td>2025-01-01</td></tr></table>
<!-- <tr class="zcwjk-list-c"><td><a href="./old.html">已注释的未来产业旧文件</a></td><td>2020-01-01</td></tr> -->
<script>createPageHTML(5, 0, "index", "html")</script>"""
LIST_URL = "https://www.cq.gov.cn/zwgk/szf/index.html"


def test_rows_of_a_trs_list_have_title_date_and_address() -> None:
    rows = discover(TRS, LIST_URL)
    assert [(r.title, r.date, r.url) for r in rows] == [
        ("某某市未来产业培育行动计划", "2025-03-06", "https://www.cq.gov.cn/zwgk/szf/202503/t20250310_1.html"),
        ("关于进一步做好春耕备耕工作的通知", "2025-02-01", "https://www.cq.gov.cn/zwgk/bgt/t2.html"),
    ]


def test_a_topic_narrows_the_rows() -> None:
    assert [row.title for row in discover(TRS, LIST_URL, "未来产业 脑机接口")] == ["某某市未来产业培育行动计划"]


def test_jcms_records_are_read() -> None:
    xml = "".join(
        f"<record><![CDATA[<li><a href='/art/2025/3/{day}/art_1_2.html?d={day}' title='未来产业政策文件第{day}号'>未来产业…</a>"
        f"<span class='time'>\n2025-03-0{day}\n</span></li>]]></record>"
        for day in (1, 2)
    )
    rows = discover(
        f"<datastore><recordset>{xml}</recordset></datastore>", "https://www.jiangsu.gov.cn/col/col84242/index.html"
    )
    assert [(r.title, r.date) for r in rows] == [
        ("未来产业政策文件第1号", "2025-03-01"),
        ("未来产业政策文件第2号", "2025-03-02"),
    ]


def test_a_date_split_into_day_and_year_is_put_together() -> None:
    html = "".join(
        f"<ul><li><a href='/x/{n}.html'>未来产业培育工作的通知之{n}</a><b>03-0{n}</b><i>2025</i></li></ul>"
        for n in (1, 2)
    )
    assert [row.date for row in discover(html, "https://www.unknown.gov.cn/list.html")] == [
        "2025-03-01",
        "2025-03-02",
    ]


def test_a_page_without_a_list_says_what_to_do() -> None:
    with pytest.raises(KbError, match="没有找到文件列表"):
        discover("<html><body><div id='app'></div></body></html>", LIST_URL)


def test_the_next_pages_of_a_static_list_are_known() -> None:
    assert further_pages(TRS, LIST_URL, 2) == (
        "https://www.cq.gov.cn/zwgk/szf/index_1.html",
        "https://www.cq.gov.cn/zwgk/szf/index_2.html",
    )
    assert further_pages("var totalPage: 3;", "https://www.shanghai.gov.cn/nw12344/index.html") == (
        "https://www.shanghai.gov.cn/nw12344/index_2.html",
        "https://www.shanghai.gov.cn/nw12344/index_3.html",
    )


def test_list_pages_of_the_baseline_region_are_registered() -> None:
    assert any("cq.gov.cn" in address for address in lists_of("重庆"))


# -- TLS ------------------------------------------------------------------------------------------------------


class OldServer(httpx.BaseTransport):
    """Shakes hands only under the permissive context, as servers of 2012 do."""

    def __init__(self, tls: ssl.SSLContext, seen: list[bool], fault: ssl.SSLError) -> None:
        self.permissive, self.seen, self.fault = tls.minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED, seen, fault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(self.permissive)
        if not self.permissive:
            raise httpx.ConnectError(str(self.fault)) from self.fault
        return httpx.Response(200, content=page(PLAN).encode(), request=request)


def old_server(monkeypatch: MonkeyPatch, fault: ssl.SSLError) -> list[bool]:
    seen: list[bool] = []
    monkeypatch.setattr("kb.pull.guard.httpx.HTTPTransport", lambda verify, **_: OldServer(verify, seen, fault))
    return seen


def test_the_permissive_tls_context_is_tried_only_after_the_standard_one_failed(
    monkeypatch: MonkeyPatch, clock: Clock
) -> None:
    seen = old_server(monkeypatch, ssl.SSLError("UNSAFE_LEGACY_RENEGOTIATION_DISABLED"))
    with Fetcher(Limits(delay=0), private_hosts=True, sleep=clock.sleep, lookup=lambda h, p: ["127.0.0.1"]) as made:
        assert made.get("https://old.example/a.html").status == 200
    assert seen[0] is False and all(seen[1:])


def test_a_bad_certificate_is_never_waved_through(monkeypatch: MonkeyPatch, clock: Clock) -> None:
    seen = old_server(monkeypatch, ssl.SSLCertVerificationError("CERTIFICATE_VERIFY_FAILED"))
    with (
        Fetcher(Limits(delay=0), private_hosts=True, sleep=clock.sleep, lookup=lambda h, p: ["127.0.0.1"]) as made,
        pytest.raises(FetchFailed, match="证书"),
    ):
        made.get("https://bad.example/a.html")
    assert not any(seen)
