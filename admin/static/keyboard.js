// Keys for what there is already: none does what no button does, and none deletes. Keys of a
// single letter can be turned off. What a cell of the list can do beside what its link does.
// And the chart, of which a part is chosen; and when rows are drawn.

import { idle, read, queryWith } from "./main.js";
import { refresh, toggleLive } from "./live.js";
import { copy, openId, step } from "./dialogs.js";
import { ago, el, say } from "./prefs.js";

const root = document.documentElement;
const first = (selector) => document.querySelector(selector);
const press = (selector) => first(selector)?.click();

// The row that has the focus, or "".
const row = () => document.activeElement?.closest("tr[data-id]");

function move(by) {
  if (openId()) return step(by > 0 ? "next" : "prev");
  const all = [...document.querySelectorAll("tr[data-id] .msg")];
  const at = all.indexOf(row()?.querySelector(".msg"));
  const to = all[at < 0 ? 0 : at + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

// Rows that are out of sight are not drawn, so that a list is there at once. A screen reader
// would not find them: they are drawn a few at a time, when there is nothing else to do.
const list = document.getElementById("list");
let drawing;

function draw() {
  drawing ??= idle(() => {
    drawing = null;
    const rows = [...list.querySelectorAll("tr[data-id]:not(.in)")];
    for (const one of rows.slice(0, 25)) one.classList.add("in");
    if (rows.length > 25) draw();
  });
}

if (list) {
  root.dataset.draws = "on";
  new MutationObserver(draw).observe(list, { childList: true, subtree: true });
  draw();
}

// Cells that are copied are apart by tabs, as those of a table.
document.addEventListener("copy", (e) => {
  const chosen = getSelection();
  const table = first('[data-region="list"] .logs');
  if (!chosen.rangeCount || ![chosen.anchorNode, chosen.focusNode].every((n) => table?.contains(n))) return;
  const part = chosen.getRangeAt(0).cloneContents();
  if (part.querySelectorAll("td").length < 2) return;
  for (const dots of part.querySelectorAll(".dots")) dots.remove();
  const rows = part.querySelectorAll("tr");
  const line = (row) => [...row.children].map((cell) => cell.textContent).join("\t");
  e.clipboardData.setData("text/plain", (rows.length ? [...rows] : [part]).map(line).join("\n"));
  e.preventDefault();
});

function openMenu(selector, inside) {
  const menu = first(selector);
  if (!menu) return;
  menu.open = true;
  menu.querySelector(inside)?.focus();
}

// Cells of the list: their links filter. Others leave out what a cell shows, show it alone, or
// copy it: by keys, Alt, and one menu, whose control is in the cell that is looked at.

const links = "tr[data-id] td a:not(.msg)";
const focused = () => document.activeElement?.closest(links);
const kept = ["lang", "tz", "cols", "wrap", "limit", "orderBy"]; // what is no filter

// shown is the field that a link filters by, and the value.
function shown(link) {
  const name = link.matches(".id") ? "actorId" : /c-(\w+)/.exec(link.closest("td").className)[1];
  return [name, new URL(link.href, location.href).searchParams.get(name)];
}

function exclude(link) {
  const [name, value] = shown(link);
  const q = new URLSearchParams(queryWith({ log: "" }));
  const not = "not" + name[0].toUpperCase() + name.slice(1);
  if (!q.has(not, value)) q.append(not, value);
  location.assign(queryWith({}, q.toString()));
}

function only(link) {
  const q = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => kept.includes(name)));
  q.set(...shown(link));
  location.assign(queryWith({}, q.toString()));
}

const menu = el("details", { id: "cell", "data-menu": "cell" }, el("summary", { hidden: true }), el("div", { class: "pop presets" }));
const dots = el("button", { type: "button", class: "icon dots", tabindex: "-1", "aria-label": say("cell.menu"), title: say("cell.menu") }, "⋯");
let opener = null; // the link that has the focus back

function openCell(link) {
  opener = link;
  const pop = menu.lastChild;
  const items = (of) => [["exclude", () => exclude(of)], ["only", () => only(of)], ["copy", () => {
    closeCell();
    copy("text", encodeURIComponent(shown(of)[1]));
  }]].map(([key, click]) => el("button", { type: "button", click }, say("cell." + key)));
  const all = [...link.closest("td").querySelectorAll("a")];
  pop.replaceChildren(...all.map((of) => el("div", { role: "group", "aria-label": of.textContent }, el("p", { class: "hint cut" }, of.textContent), ...items(of))));
  menu.open = true;
  const { left, top, bottom } = link.closest("td").getBoundingClientRect();
  const { width, height } = pop.getBoundingClientRect();
  menu.style.left = `${scrollX + Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
  menu.style.top = `${scrollY + (bottom + height > innerHeight && top > height ? top - height : bottom)}px`;
  pop.children[all.indexOf(link)].querySelector("button").focus({ preventScroll: true });
}

function closeCell() {
  menu.open = false;
  opener?.focus({ preventScroll: true });
}

function point(e) {
  const time = e.target.closest?.("td.c-time time"); // how long ago, as it is now
  if (time) time.title = `${time.dateTime} · ${ago(Date.parse(time.dateTime))}`;
  if (menu.open || e.pointerType === "touch" || !e.target.closest) return;
  const td = e.target.closest("tr[data-id] td");
  if (td?.querySelector("a:not(.msg)")) {
    if (dots.parentElement !== td) td.append(dots);
  } else if (!dots.parentElement?.contains(document.activeElement)) dots.remove();
}

if (root.dataset.page === "explorer") {
  first("main").append(menu);
  document.addEventListener("pointerover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("click", (e) => {
    const link = e.target.closest(links);
    if (dots.contains(e.target)) openCell(dots.parentElement.querySelector("a"));
    else if (link && e.altKey) {
      e.preventDefault();
      exclude(link);
    }
  });
  document.addEventListener("keydown", (e) => {
    if (!focused() || e.key !== "ContextMenu" && !(e.key === "F10" && e.shiftKey)) return;
    e.preventDefault();
    openCell(focused());
  });
  menu.addEventListener("contextmenu", (e) => e.preventDefault()); // of the key that has opened it
  menu.addEventListener("keydown", (e) => {
    const all = [...menu.querySelectorAll("button")];
    const to = all.indexOf(e.target) + ({ ArrowDown: 1, ArrowUp: -1 }[e.key] ?? NaN);
    if (e.key === "Escape") closeCell();
    else if (Number.isNaN(to)) return;
    else all.at(to % all.length).focus();
    e.preventDefault();
    e.stopPropagation();
  });
  menu.addEventListener("focusout", (e) => {
    if (e.relatedTarget && !menu.contains(e.relatedTarget)) menu.open = false;
  });
  document.addEventListener("syslog:swap", () => {
    if (opener && !opener.closest("[data-region]")) menu.open = false;
  });
}

function tab(path) {
  const to = new URL(root.dataset.base + path, location.href).pathname;
  [...document.querySelectorAll(".tabs a")].find((a) => new URL(a.href).pathname === to)?.click();
}

const keys = {
  "/": () => first("#search")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  n: () => press('.pager a[rel="next"]'),
  p: () => press('.pager a[rel="prev"]'),
  r: () => refresh(true),
  l: toggleLive,
  t: () => openMenu('[data-menu="period"]', ".presets button"),
  f: () => openMenu("#filters .fold", "input"),
  "=": () => focused()?.click(),
  "-": () => focused() && exclude(focused()),
  m: () => focused() && openCell(focused()),
  c: () => copy(openId() ? "entry" : new URLSearchParams(location.search).has("range") || root.dataset.live ? "fixed" : "link"),
  y: () => {
    const id = openId() || row()?.dataset.id;
    if (id) copy("json", id);
  },
  "?": () => first("#keys")?.showModal(),
};
for (const n of [1, 2, 3, 4]) keys[n] = () => document.querySelectorAll('#filters [name="level"]')[n - 1]?.click();
const tabs = { e: "", t: "trends", m: "maintenance" };
const above = ["j", "k", "c", "y"]; // what keys do in the drawer

let go = -Infinity; // when g was pressed

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.getModifierState("AltGraph") || read().shortcuts === false) return;
  if (e.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
  const dialog = first("dialog[open]");
  if (dialog && (dialog.id !== "drawer" || !above.includes(e.key))) return;
  if (e.repeat && e.key !== "j" && e.key !== "k") return;
  const gone = performance.now() - go < 1500 && e.key in tabs;
  go = e.key === "g" ? performance.now() : -Infinity;
  const deed = gone ? () => tab(tabs[e.key]) : keys[e.key];
  if (!deed || "=-m".includes(e.key) && !row()) return;
  e.preventDefault();
  deed();
});

// Levels: with Shift, a level and those above it.

const levelBox = (e) => e.shiftKey && e.target.closest?.('.pill input[name="level"]');

function andAbove(box) {
  const boxes = [...box.closest("fieldset").querySelectorAll('[name="level"]')];
  for (const [i, other] of boxes.entries()) other.checked = i >= boxes.indexOf(box);
  box.focus();
}

for (const pill of document.querySelectorAll(".pill")) pill.title += `\n${say("filter.shift")}`;
document.addEventListener("mousedown", (e) => {
  if (levelBox(e)) e.preventDefault(); // selects no text
});
document.addEventListener("click", (e) => {
  if (levelBox(e)) andAbove(e.target); // a change follows
});
for (const event of ["keydown", "keyup"]) {
  document.addEventListener(event, (e) => {
    const box = (e.key === " " || e.key === "Enter") && levelBox(e);
    if (!box) return;
    e.preventDefault();
    if (event === "keyup" || e.repeat) return;
    andAbove(box);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The chart: Shift and an arrow, or a pointer that is drawn across, choose a part of it.

let from = null; // the bar where a choice by keys began

const barsOf = (svg) => [...svg.querySelectorAll("a")];

function show(start, end) { // ms since 1970; the end is excluded
  location.assign(queryWith({ range: "", startDate: new Date(start).toISOString(), endDate: new Date(end - 1).toISOString(), log: "" }));
}

// span is the time of a bar, as its link says.
function span(bar) {
  const q = new URL(bar.getAttribute("href"), location.href).searchParams;
  return [q.get("startDate"), q.get("endDate")];
}

const moment = (text) => new Date(text).toLocaleString(root.lang, { timeZone: root.dataset.tz, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });

function choose(svg, a, b) {
  const all = barsOf(svg);
  const [low, high] = [all.indexOf(a), all.indexOf(b)].sort((x, y) => x - y);
  for (const [i, bar] of all.entries()) bar.classList.toggle("chosen", low >= 0 && i >= low && i <= high);
  return low < 0 ? [] : all.slice(low, high + 1);
}

document.addEventListener("keydown", (e) => {
  const svg = e.target.closest?.(".bars");
  if (!svg) return;
  if ((e.key === "ArrowLeft" || e.key === "ArrowRight") && e.shiftKey) {
    from ??= e.target.closest("a");
    const part = choose(svg, from, document.activeElement.closest("a")); // main.js has moved the focus
    if (part.length) first("#announce").textContent = say("chart.selected", moment(span(part[0])[0]), moment(span(part.at(-1))[1]));
  } else if (e.key === "Enter" && from) {
    e.preventDefault();
    const part = svg.querySelectorAll(".chosen");
    show(Date.parse(span(part[0])[0]), Date.parse(span(part[part.length - 1])[1]) + 1);
  } else if (e.key !== "Shift") {
    from = null;
    choose(svg);
  }
});

let brush = null;

document.addEventListener("pointerdown", (e) => {
  const svg = e.target.closest?.(".bars");
  if (!svg || e.button || !svg.dataset.edges) return;
  brush = { svg, start: e.clientX, edges: svg.dataset.edges.split(",").map(Number), drawn: null };
});

// part is which bars lie between two places on the screen.
function part({ svg, start, edges }, x) {
  const { left, width } = svg.getBoundingClientRect();
  const n = edges.length - 1;
  const at = (place) => Math.max(0, Math.min(n - 1, Math.floor(((place - left) / width) * n)));
  return [at(Math.min(start, x)), at(Math.max(start, x)) + 1];
}

document.addEventListener("pointermove", (e) => {
  if (!brush || (!brush.drawn && Math.abs(e.clientX - brush.start) < 6)) return;
  const { svg, edges } = brush;
  if (!brush.drawn) {
    svg.setPointerCapture(e.pointerId);
    brush.drawn = document.createElementNS(svg.namespaceURI, "rect");
    brush.drawn.setAttribute("class", "brush");
    svg.append(brush.drawn);
  }
  const [low, high] = part(brush, e.clientX);
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const one = width / (edges.length - 1);
  for (const [name, value] of Object.entries({ x: low * one, y: 0, width: (high - low) * one, height })) brush.drawn.setAttribute(name, value);
});

document.addEventListener("pointerup", (e) => {
  if (!brush) return;
  const { drawn, edges } = brush;
  const [low, high] = part(brush, e.clientX);
  brush = null;
  if (!drawn) return;
  // The click that follows is not for the bar below.
  addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
  show(edges[low], edges[high]);
});

document.addEventListener("pointercancel", () => {
  brush?.drawn?.remove();
  brush = null;
});
document.addEventListener("dragstart", (e) => {
  if (e.target.closest?.(".bars")) e.preventDefault();
});
