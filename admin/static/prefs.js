// What somebody has chosen, which stays in this browser: theme, density, zone, language,
// columns, shortcuts, views. And what the modules share: words, elements, short messages, where hands are.

import { ask, query, queryWith, read, save, sheet, show } from "./main.js";

const root = document.documentElement;

// Words are those of the server, in the language of the page.

const words = new Map();
for (const word of document.getElementById("words")?.content.children ?? []) words.set(word.dataset.t, word.textContent);
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, () => words.get("format.thousands"));
const plural = new Intl.PluralRules(root.lang);

/** The text of a key, with %s replaced in turn. A number chooses between one and other. */
export function say(key, ...args) {
  let text = words.get(key) ?? words.get(`${key}.${plural.select(args[0])}`) ?? words.get(`${key}.other`) ?? key;
  for (const arg of args) text = text.replace("%s", () => (typeof arg === "number" ? grouped(arg) : arg));
  return text;
}

/** How long ago a moment is, in ms since 1970. */
export function ago(at) {
  const s = Math.floor(Math.abs(Date.now() - at) / 1000);
  if (s < 1) return say("time.now");
  const [key, unit] = s < 60 ? ["seconds", 1] : s < 3600 ? ["minutes", 60] : s < 172_800 ? ["hours", 3600] : ["days", 86_400];
  return say(at > Date.now() ? "time.in" : "time.ago", say(`time.${key}`, Math.floor(s / unit)));
}

/** An element: its attributes, and what is in it. A function is for clicks. */
export function el(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...inside);
  return element;
}

/** Says something in passing. A modal dialog hides what is outside of it. */
export function toast(text) {
  const place = document.getElementById("toast");
  if (!place) return;
  (document.querySelector("dialog[open]") ?? document.body).append(place);
  place.textContent = text;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.textContent = ""; }, 6000);
}

// Hands: what they are at stays as it is.

export let mouse = null; // where it is; a finger points at nothing once it is gone
document.addEventListener("pointermove", (e) => { mouse = e.pointerType === "mouse" ? e : null; }, { passive: true });
root.addEventListener("pointerleave", () => {
  mouse = null;
  document.dispatchEvent(new Event("syslog:free"));
});
export let touched = false; // by a finger, until what it meant is done
let lifted = 0; // a timer
for (const event of ["pointerdown", "pointerup", "pointercancel"]) {
  document.addEventListener(event, (e) => {
    if (e.pointerType === "mouse") return;
    clearTimeout(lifted);
    touched = true;
    if (event === "pointerdown") return;
    lifted = setTimeout(() => {
      touched = false;
      document.dispatchEvent(new Event("syslog:free"));
    }, 500);
  }, { passive: true });
}

// Choices.

const fields = document.querySelectorAll("[data-pref]");

function present() {
  const chosen = read();
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = chosen[field.dataset.pref] !== false;
    else field.value = chosen[field.dataset.pref] ?? "";
  }
  for (const name of ["theme", "density"]) {
    if (chosen[name]) root.dataset[name] = chosen[name];
    else delete root.dataset[name];
  }
}
present();

document.addEventListener("change", (e) => {
  const name = e.target.dataset.pref;
  if (!name) return;
  save({ [name]: e.target.type === "checkbox" ? e.target.checked : e.target.value });
  present();
});

document.addEventListener("click", (e) => {
  const link = e.target.closest("a[data-set]");
  if (link) save({ [link.dataset.set]: link.dataset.value });
});

// The zone of the browser is the first of the menu.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = document.querySelector('[data-menu="zone"] ul');
if (zones && here && here !== "UTC") {
  const known = zones.querySelector(`a[data-value="${CSS.escape(here)}"]`);
  const item = known?.parentElement ?? zones.firstElementChild.cloneNode(true);
  const link = item.querySelector("a");
  if (!known) {
    link.textContent = link.dataset.value = here;
    link.removeAttribute("aria-current");
    link.href = queryWith({ tz: here });
  }
  zones.prepend(item);
}

// Columns: in an order of one's own, and kept.

const standard = ["time", "level", "actor", "type", "message"];
const columns = () => new URLSearchParams(location.search).get("cols")?.split(",") ?? [...standard];
const listed = (cols) => (cols.join() === standard.join() ? "" : cols.join());

// A choice is kept once the server has shown it: one that it refuses would be in the way of
// every visit to come. The standard is none, and always right.
const want = (cols) => save(cols ? { wanted: cols } : { cols, wanted: undefined });

function settle() {
  const { wanted, cols: kept } = read();
  const problem = document.querySelector('[data-region="list"] .problem');
  const cols = new URLSearchParams(location.search).get("cols");
  if (wanted) save({ wanted: undefined, ...(!problem && wanted === cols && { cols }) });
  if (problem?.dataset.wrong !== "cols") return;
  if (kept === cols) save({ cols: undefined });
  for (const link of problem.querySelectorAll("a")) link.href = queryWith({ cols: "" }, new URL(link.href, location.href).search) || location.pathname;
}
if (root.dataset.page === "explorer") {
  settle();
  document.addEventListener("syslog:query", settle);
}

function orderable() {
  const cols = columns();
  const list = document.querySelector('[data-menu="columns"] ul');
  if (!list) return;
  const items = new Map([...list.querySelectorAll("li[data-value]")].map((item) => [item.dataset.value, item]));
  let at = list.firstElementChild;
  for (const [i, name] of cols.entries()) {
    const item = items.get(name);
    if (!item) continue;
    if (at !== item) at.before(item);
    else at = at.nextElementSibling;
    const text = item.textContent.trim();
    for (const [sign, key, to] of [["↑", "columns.up", i - 1], ["↓", "columns.down", i + 1]]) {
      const label = say(key, text);
      item.append(el("button", { type: "button", class: "icon", "aria-label": label, title: label, "data-to": to, disabled: to < 0 || to === cols.length }, sign));
    }
  }
}
orderable();

document.addEventListener("click", async (e) => {
  const menu = e.target.closest('[data-menu="columns"]');
  const link = e.target.closest("a");
  const button = menu && e.target.closest("button[data-to]");
  if (button) {
    const cols = columns();
    const { value } = button.closest("li").dataset;
    cols.splice(cols.indexOf(value), 1);
    cols.splice(Number(button.dataset.to), 0, value);
    const sign = button.textContent;
    want(listed(cols));
    await show(queryWith({ cols: listed(cols) }, location.search, []), "push");
    const again = document.querySelector('[data-menu="columns"]');
    if (!again) return;
    again.open = true;
    const buttons = [...again.querySelectorAll(`li[data-value="${CSS.escape(value)}"] button`)];
    (buttons.find((b) => b.textContent === sign && !b.disabled) ?? buttons.find((b) => !b.disabled))?.focus();
  } else if (link) {
    const q = new URL(link.href, location.href).searchParams;
    if (q.has("_col")) keep(q.get("_col"));
    else if (menu && link.closest("li[data-value]")) {
      // What it hides or shows, it does in the order that there is.
      const { value } = link.closest("li").dataset;
      const cols = columns();
      const left = cols.includes(value) ? cols.filter((name) => name !== value) : [...cols, value];
      want(listed(left));
      link.href = queryWith({ cols: listed(left) }, location.search, []) || location.pathname;
    }
  }
});

function keep(path) {
  const name = path.startsWith("meta.") ? path : "meta." + path;
  if (!columns().includes(name)) want(listed([...columns(), name]));
}

document.addEventListener("submit", (e) => {
  if (e.target.closest('[data-menu="columns"]')) keep(e.target.elements._col.value.trim());
});

// Views: a query by a name.

const views = document.getElementById("ownviews");

function listViews() {
  const { tz, lang } = Object.fromEntries(new URLSearchParams(location.search));
  views.replaceChildren(...Object.entries(read().views ?? {}).map(([name, query]) => {
    const drop = say("views.delete", name);
    return el("li", {}, el("a", { href: queryWith({ tz, lang }, query) || location.pathname }, name), el("button", {
      type: "button", class: "icon", "aria-label": drop, title: drop, click: () => {
        const left = { ...read().views };
        delete left[name];
        save({ views: left });
        listViews();
        document.querySelector('[data-menu="views"] summary').focus();
      },
    }, "×"));
  }));
}

if (views) {
  listViews();
  document.addEventListener("syslog:query", listViews);
  document.getElementById("saveview").addEventListener("submit", (e) => {
    e.preventDefault();
    const name = e.target.elements.name.value.trim();
    if (!name) return;
    save({ views: { ...read().views, [name]: queryWith({ tz: "", lang: "", log: "" }) } });
    e.target.reset();
    listViews();
    toast(say("views.saved", name));
  });
}

// Chips: a filter that is turned off stays on the page, and in its place in the history.

let off = history.state?.off ?? [];
const own = ["level", "actor", "type", "actorId", "search"]; // fields of the form; others it has hidden

const form = document.getElementById("filters");

// The form says what the address does.
function sync() {
  const q = new URLSearchParams(location.search);
  for (const box of form.querySelectorAll('[type="checkbox"]')) box.checked = (q.get(box.name) ?? "").split(",").includes(box.value);
  chosen();
  for (const name of own.slice(2)) {
    if (document.activeElement !== form.elements[name]) form.elements[name].value = q.get(name) ?? "";
  }
  pass();
}

// pass has the form carry on what it does not show, as the address is now.
function pass() {
  for (const hidden of form.querySelectorAll('input[type="hidden"]:not([name^="_"])')) hidden.remove();
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (![...own, "startDate", "endDate", "page", "offset", "cursor", "asOf", "log", "view"].includes(name)) form.prepend(el("input", { type: "hidden", name, value }));
  }
}

if (form) {
  document.addEventListener("syslog:query", pass);
  document.addEventListener("syslog:cancel", sync);
}

// chosen says how many actors are.
function chosen() {
  form.querySelector(".actors .count").textContent = form.querySelectorAll('[name="actor"]:checked').length || "";
}

if (form) {
  // How many results there would be, before the filters are applied. Without a number it says none.
  const button = form.querySelector(".show");
  const fold = button.closest(".fold");
  const text = button.textContent;
  let timer;
  let counting = new AbortController();
  let applied = false; // and on its way
  const count = async () => {
    const q = new URLSearchParams(query());
    for (const end of ["start", "end"]) if (q.get(`_${end}Was`) && q.get(end + "Date") === q.get("_" + end)) q.set(end + "Date", q.get(`_${end}Was`));
    const others = [...q.keys()].filter((name) => /^_|^(cols|wrap|lang|limit|orderBy|count)$/.test(name));
    for (const name of others) q.delete(name);
    counting = new AbortController();
    const { signal } = counting;
    const { said } = await ask(`${root.dataset.api}/count${queryWith({ count: "capped" }, q)}`, { signal }).catch(() => ({}));
    if (!signal.aborted && said?.kind === "exact") button.textContent = say("filter.results", said.count);
  };
  const later = () => {
    chosen();
    clearTimeout(timer);
    counting.abort();
    button.textContent = text;
    if (sheet()) timer = setTimeout(count, 300);
  };
  form.addEventListener("input", later);
  fold.addEventListener("toggle", () => {
    later();
    // A sheet that is left has chosen nothing.
    if (!fold.open && !applied) {
      for (const field of fold.querySelectorAll('input:not([type="checkbox"], [type="hidden"])')) field.value = field.defaultValue;
      for (const field of fold.querySelectorAll("select")) field.selectedIndex = 0;
      sync();
    }
    applied = false;
  });
  form.addEventListener("submit", () => { applied = !!sheet(); }, true);
}

const turning = new WeakSet();

async function turn(chip, on) {
  if (turning.has(chip)) return;
  turning.add(chip);
  const q = new URLSearchParams(queryWith({ log: "" }));
  const actors = q.get("actor")?.split(",") ?? [];
  if (on) {
    off = off.filter((other) => other !== chip);
    if (chip.name === "actor") q.set("actor", [...actors, chip.value].join());
    else q.append(chip.name, chip.value);
  } else {
    off = [...off, chip];
    if (chip.name === "actor") q.set("actor", actors.filter((name) => name !== chip.value).join());
    else q.delete(chip.name, chip.value);
    if (!q.get(chip.name)) q.delete(chip.name);
  }
  if (!(await show(queryWith({}, q.toString()), "push"))) off = on ? [...off, chip] : off.filter((other) => other !== chip);
  turning.delete(chip);
  sync();
  document.querySelector(`.chip[data-name="${CSS.escape(chip.name)}"] .turn`)?.focus();
}

function dressChips() {
  const region = document.querySelector('[data-region="chips"]');
  if (!region) return;
  for (const chip of region.querySelectorAll(".chip[data-name]")) chip.prepend(turner({ ...chip.dataset, text: chip.querySelector("span").textContent }, false));
  if (off.length && !region.querySelector(".chips ul")) region.prepend(el("div", { class: "chips" }, el("ul")));
  for (const chip of off) region.querySelector(".chips ul").append(el("li", { class: "chip off", "data-name": chip.name }, turner(chip, true), el("span", {}, chip.text)));
}

function turner(chip, on) {
  const label = say(on ? "chips.on" : "chips.off", chip.text);
  return el("button", { type: "button", class: "turn", "aria-pressed": String(!on), "aria-label": label, title: label, click: () => turn(chip, on) });
}

dressChips();
document.addEventListener("syslog:query", () => {
  if (off.length) history.replaceState({ ...history.state, off }, "");
});
document.addEventListener("syslog:swap", (e) => {
  if (e.detail.names.includes("chips")) dressChips();
  if (e.detail.names.includes("columns")) orderable();
});
