// The page's own script, run once by the hidden component #router; Gradio hands it `element` and `trigger`.
// Every view has an address. A link or a control changes the address; the address is then asked of the server:
// the part that opens the drawer as the event "drawer", the rest as the event named after its tab.
const TABS = ["gap", "targets", "sectors", "tools", "clauses", "search", "library", "folder"];
const ACTS = ["pin", "edit", "remove", "undo", "revise"];
const DRAWER = ["measure", "region", "near", "target", "sector", "tool", "stage", "part", "ask", "code"];
const COMPARED = ["baseline", "peers", "as_of"], COMPARING = ["gap", "targets", "sectors", "tools"];
const asked = {}, kept = {};
let openDrawer = "", compared = "gap", opener = null;
// One question of a kind at a time, so that answers come in order; the latest of those that came meanwhile is asked next.
const underWay = {}, next = {}, PATIENCE = 20000;
const busy = (name) => Date.now() - (underWay[name] || 0) < PATIENCE;
function ask(name, params) {
  if (busy(name)) { next[name] = params; return; }
  underWay[name] = Date.now();
  delete next[name]; // older than what is asked now
  trigger(name, { params });
}
window.kbAnswered = (name) => {
  delete underWay[name];
  const params = next[name];
  delete next[name];
  if (params) ask(name, params);
};

const parse = (search) => Object.fromEntries(new URLSearchParams(search));
const only = (params, inside) =>
  Object.fromEntries(Object.entries(params).filter(([key]) => DRAWER.includes(key) === inside));
const compose = (params) => {
  const given = Object.entries(params).filter(([, v]) => v !== null && v !== undefined && String(v).length);
  const text = given.map(([k, v]) => k + "=" + encodeURIComponent(Array.isArray(v) ? v.join(",") : v)).join("&");
  return text ? "?" + text : "?";
};
const tabOf = (params) => (TABS.includes(params.tab) ? params.tab : "gap");
const tabButton = (name) => document.getElementById("tab-" + name + "-button");

function select(tab, tries = 200) {
  const button = tabButton(tab);
  if (!button) return tries && setTimeout(() => tabOf(parse(location.search)) === tab && select(tab, tries - 1), 25);
  if (button.getAttribute("aria-selected") !== "true") button.click();
}
function show(search) {
  const params = parse(search), tab = tabOf(params);
  const page = only(params, false), inside = only(params, true);
  const wanted = compose(page), drawer = Object.keys(inside).length ? compose(params) : "";
  kept[tab] = search;
  if (COMPARING.includes(tab)) compared = tab;
  select(tab);
  if (asked[tab] !== wanted) { asked[tab] = wanted; ask(tab, page); }
  if (openDrawer !== drawer) {
    if (!openDrawer) opener = opener || document.activeElement;
    if (!drawer && opener) { opener.focus({ preventScroll: true }); opener = null; }
    openDrawer = drawer;
    ask("drawer", drawer ? params : {});
  }
}
function go(search, replace) {
  if (search === location.search || (search === "?" && !location.search)) return show(search);
  history[replace ? "replaceState" : "pushState"]({}, "", search === "?" ? location.pathname : search);
  show(search);
}
// A tab is left and found as it was; what is compared with whom is the same in all tabs that compare.
function restored(name) {
  const was = only(parse(kept[name] || ""), false), now = parse(location.search);
  const params = { ...was, tab: name === "gap" ? "" : name };
  if (COMPARING.includes(name)) {
    const from = COMPARING.includes(tabOf(now)) ? now : parse(kept[compared] || "");
    for (const key of COMPARED) params[key] = from[key] || "";
  }
  return compose(params);
}
const closeDrawer = () => openDrawer && go(compose(only(parse(location.search), false)));

// For Gradio controls: go to the tab's address with these parameters; lists are joined by commas.
window.kbGo = (params) => go(compose(params));
window.kbForget = (tab) => { delete asked[tab]; };
// After the library changed, ask for the current view again.
window.kbAgain = () => { for (const tab of TABS) delete asked[tab]; openDrawer = ""; show(location.search); };

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = event.target.closest('a[href^="?"]');
  if (link && plain) { event.preventDefault(); return go(link.getAttribute("href")); }
  const act = event.target.closest("button[data-act]");
  if (act && ACTS.includes(act.dataset.act)) {
    const { act: name, confirm: question, ...data } = act.dataset;
    if (question && !window.confirm(question)) return;
    if (data.ask !== undefined) {
      data.text = window.prompt(data.ask, data.text || "");
      if (data.text === null) return;
    }
    return trigger(name, { ...data, at: location.search });
  }
  if (event.target.closest("[data-close]")) return closeDrawer();
  const tab = event.target.closest('button[role="tab"]');
  if (tab && event.isTrusted) {
    const name = TABS.find((t) => tab.id === "tab-" + t + "-button");
    if (name) go(restored(name));
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeDrawer();
  const cell = event.target.closest && event.target.closest(".heat td, .heat tbody th");
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!cell || !step) return;
  const rows = [...cell.closest("table").querySelectorAll("tbody tr:not(.dim)")];
  const at = [...cell.parentElement.children].indexOf(cell);
  // past cells with nothing to open
  let target = null;
  for (let r = rows.indexOf(cell.parentElement) + step[0], c = at + step[1]; rows[r] && rows[r].children[c] && !target; r += step[0], c += step[1])
    target = rows[r].children[c].querySelector("a");
  if (target) { event.preventDefault(); target.focus(); }
});
// Gradio marks the whole field "错误" when a file is too large and says why in English; so it is refused before.
const LARGEST = 50 * 2 ** 20; // as UPLOAD_LIMIT in app.py
function refuse(event, files) {
  const large = [...files].filter((file) => file.size > LARGEST).map((file) => file.name);
  if (!large.length) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  trigger("refused", { names: large.slice(0, 5).join("”“") });
  return true;
}
document.addEventListener("change", (event) => {
  if (event.target.type === "file" && refuse(event, event.target.files)) event.target.value = "";
}, true);
document.addEventListener("drop", (event) => refuse(event, event.dataTransfer ? event.dataTransfer.files : []), true);
// A fold 「为什么」 is filled when it is opened: the first one open and not yet asked for, then the next.
function askWhy() {
  const fold = document.querySelector("details.reason[open]:not([data-asked])");
  if (!fold || busy("why")) return;
  fold.dataset.asked = "1";
  ask("why", { p: fold.dataset.p, item: fold.dataset.item });
}
window.kbWhy = (told) => {
  const made = document.createElement("div");
  made.innerHTML = told;
  for (const answer of made.children)
    for (const fold of document.querySelectorAll("details.reason[data-asked]"))
      if (fold.dataset.p === answer.dataset.p && fold.dataset.item === answer.dataset.item)
        fold.lastElementChild.replaceWith(answer.cloneNode(true));
  window.kbAnswered("why");
  askWhy();
};
document.addEventListener("toggle", (event) => {
  const fold = event.target;
  if (!fold.matches("details.reason")) return;
  if (fold.open) askWhy(); else delete fold.dataset.asked;
}, true);
window.addEventListener("popstate", () => show(location.search));

// What Gradio says in English whatever the language: its own messages, and names of parts for screen readers.
const NAMES = { "Click to upload or drop files": "点击或拖放上传文件", "File upload": "上传文件", "Gradio footer navigation": "页脚" };
const LOST = "与知识库的连接中断，正在重新连接……请确认程序仍在运行。";
const FAILED = "操作没有完成，知识库没有给出应答。请稍后再试；若一直如此，请重新启动程序。";
const translate = () => {
  for (const told of document.querySelectorAll("[data-testid=toast-text]"))
    if (told.textContent.trim() && !/[\u4e00-\u9fff]/.test(told.textContent)) {
      console.warn(told.textContent);
      told.textContent = /connection/i.test(told.textContent) ? LOST : FAILED;
    }
  for (const [english, chinese] of Object.entries(NAMES))
    for (const part of document.querySelectorAll(`[aria-label="${english}"]`)) part.setAttribute("aria-label", chinese);
};

// What the server sent decides where to look: the drawer takes the focus, a document scrolls to its provision.
const settle = () => {
  translate();
  const panel = document.querySelector("#drawer .panel");
  if (panel && openDrawer && panel.dataset.seen !== openDrawer) { panel.dataset.seen = openDrawer; panel.scrollTop = 0; panel.focus(); }
  const view = document.querySelector(".reading[data-at]");
  const mark = view && view.dataset.at + "|" + view.dataset.doc;
  if (mark && view.dataset.seen !== mark) {
    view.dataset.seen = mark;
    const at = document.getElementById("p" + view.dataset.at);
    const body = view.querySelector(".body");
    body.scrollTop = at ? at.offsetTop - body.clientHeight / 3 : 0;
    window.scrollTo(0, 0);
    if (at && body.getBoundingClientRect().bottom > innerHeight + 40) at.scrollIntoView({ block: "center" });
  }
};
new MutationObserver(() => requestAnimationFrame(settle)).observe(document.body, { childList: true, subtree: true });
document.body.classList.remove("dark");
document.documentElement.lang = "zh-CN";
show(location.search);
