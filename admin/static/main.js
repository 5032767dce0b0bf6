// The page works without any of this: every link and form does what it says. Modules only
// save the way over a whole new page. What they, the markup and each other agree on is in
// docs/DESIGN.md, "The page". Handlers are delegated to the document, so that they survive a swap.

const root = document.documentElement;
root.dataset.js = "";

// Fragments. This is the one place where text becomes markup: of this page, from its own server.

const policy = globalThis.trustedTypes?.createPolicy("syslog#html", { createHTML: (text) => text }) ?? { createHTML: (text) => text };

/** What the server said instead of a fragment. */
export class Refused extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status; // 0: no answer, 401: not logged in (any more)
  }
}

/**
 * Loads a fragment: an address below the mount, as "rows?level=ERROR". A body is sent. Resolves to
 * {content: DocumentFragment, query, status, ok}, also for a fragment that says what is wrong;
 * rejects with Refused where the answer is none of ours.
 */
export async function load(address, signal, body) {
  const base = document.documentElement.dataset.base;
  let answer;
  try {
    const init = { signal, credentials: "same-origin", redirect: "manual", headers: { "X-Fragment": "1", "X-Base": base } };
    if (body) Object.assign(init, { method: "POST", body });
    answer = await fetch(new URL(base + address, document.baseURI), init);
  } catch (err) {
    if (err.name === "AbortError") throw err;
    throw new Refused(0);
  }
  // What leads elsewhere, or is fine and none of ours, is a login.
  if (answer.headers.get("X-Fragment") !== "1") throw new Refused(answer.ok || answer.type === "opaqueredirect" ? 401 : answer.status);
  const tidy = answer.headers.get("X-Query"); // the query in better order
  return { content: parse(await answer.text()), query: tidy === null ? new URL(answer.url).search : tidy && "?" + tidy, status: answer.status, ok: answer.ok };
}

/**
 * Asks the API, at an address of its own. Resolves to {ok, status, said, text}, also where it
 * says no; rejects with Refused where the answer is none of ours: that of a login is 401.
 */
export async function ask(address, init) {
  let answer, text, said;
  try {
    answer = await fetch(address, { ...init, redirect: "manual" }); // a login may be of another origin
    text = await answer.text();
  } catch {
    throw new Refused(0);
  }
  const { ok, status } = answer;
  try {
    if (/^application\/json\b/.test(answer.headers.get("Content-Type"))) said = JSON.parse(text);
  } catch {
    // cut off, or none
  }
  if (said?.success !== ok) throw new Refused(ok || status === 403 || answer.type === "opaqueredirect" ? 401 : status);
  if (status === 401) throw new Refused(401);
  return { ok, status, said, text };
}

/** Makes a DocumentFragment of markup that this server has rendered. */
export function parse(text) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(text);
  return template.content;
}

// stay leaves a region of the page where it is, and has its links lead where those of another
// do; false if it has others.
function stay(old, fresh) {
  const [was, is] = [old, fresh].map((part) => [...part.querySelectorAll("[data-follows]")]);
  if (was.length !== is.length) return false;
  for (const [i, link] of was.entries()) link.setAttribute("href", is[i].getAttribute("href"));
  old.hidden = fresh.hidden;
  return true;
}

/**
 * Puts the regions of a fragment in place of those of the page with the same name. Whoever
 * cares listens to "syslog:swap" on the document: detail has the names.
 */
export function swap(content) {
  const names = [];
  for (const fresh of [...content.querySelectorAll("[data-region]")]) {
    const old = document.querySelector(`[data-region="${CSS.escape(fresh.dataset.region)}"]`);
    if (!old || old === fresh) continue; // or it came with one around it
    if (fresh.hasAttribute("data-stay") && stay(old, fresh)) continue;
    const focused = old.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    names.push(fresh.dataset.region);
    replace(old, document.adoptNode(fresh));
    if (focused) fresh.querySelector(focused)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("syslog:swap", { detail: { names } }));
}

/** Does something when there is nothing else to do. */
export const idle = (then) => (globalThis.requestIdleCallback ?? setTimeout)(then, { timeout: 500 });

// replace puts a region in place of another. Hundreds of rows would hold up those that come:
// they are hidden at once, and taken out a few at a time. They stay before the others, where
// Tab goes on from.
function replace(old, fresh) {
  const rows = [...old.querySelectorAll("tr")];
  const chosen = getSelection();
  old.removeAttribute("data-region");
  if (rows.length < 150 || !CSS.supports("content-visibility", "hidden")) return old.replaceWith(fresh);
  if (old.contains(chosen.anchorNode)) chosen.removeAllRanges();
  Object.assign(old.style, { contentVisibility: "hidden", position: "absolute" });
  old.querySelector(".pager")?.remove();
  for (const row of rows) row.removeAttribute("data-id");
  old.after(fresh);
  const some = () => {
    for (const row of rows.splice(-25)) row.remove();
    if (rows.length) idle(some);
    else old.remove();
  };
  idle(some);
}

// keyOf finds an element again: by its id, or by where it leads.
function keyOf(element) {
  if (element.id) return "#" + CSS.escape(element.id);
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}

/** The preferences, as one object. */
const key = "syslog-admin:v1:" + new URL(root.dataset.base, location.href).pathname;
export function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}
export function save(changes) {
  try {
    localStorage.setItem(key, JSON.stringify({ ...read(), ...changes }));
  } catch {
    // a browser that stores nothing: the choice lasts as long as the page
  }
}

/** The query of the page as it is now, with parameters changed; positions in the list go. */
export function queryWith(changes, from = location.search, without = ["page", "offset", "cursor", "asOf"]) {
  const q = new URLSearchParams(from);
  for (const name of without) q.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value) q.set(name, value);
    else q.delete(name);
  }
  const text = q.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text ? "?" + text : "";
}

// Regions that are loaded behind the rows.

let asides = new AbortController();
let begun = false; // to load them

/** Loads what stands beside the rows anew, for the address as it is; or what one of them has in it. */
export function loadAsides(within) {
  if (!within) {
    begun = true;
    asides.abort();
    asides = new AbortController();
  }
  const { signal } = asides;
  const of = filters();
  for (const region of (within ?? document).querySelectorAll("[data-load]")) {
    if (region.closest('[data-lazy]:not([open]), [data-chart="off"] .chart')) continue;
    const { load: name } = region.dataset;
    region.setAttribute("aria-busy", "true");
    load(name + location.search, signal)
      .then((part) => {
        if (signal.aborted) return;
        if (!part.ok) throw new Refused(part.status);
        for (const fresh of part.content.querySelectorAll("[data-load]")) fresh.dataset.of = of;
        swap(part.content);
      })
      .catch((err) => {
        if (err.name !== "AbortError") giveUp(region, "failed");
      });
  }
}

// What takes long and few people look at is loaded when they do; theirs stays open.
document.addEventListener("toggle", ({ target }) => {
  const { lazy } = target.dataset;
  if (!lazy) return;
  save({ [lazy]: target.open });
  if (target.open && begun && !target.querySelector("[aria-busy]")) loadAsides(target);
}, true);
for (const fold of document.querySelectorAll("[data-lazy]")) fold.open = !!read()[fold.dataset.lazy];

// A chart that is hidden is not loaded, either.
const toggle = document.getElementById("chart");
toggle?.setAttribute("aria-expanded", String(root.dataset.chart !== "off"));
toggle?.addEventListener("click", () => {
  const chart = root.dataset.chart === "off";
  save({ chart });
  root.dataset.chart = chart ? "" : "off";
  toggle.setAttribute("aria-expanded", String(chart));
  if (chart) loadAsides(toggle.parentElement);
});

// filters is what the counts beside the rows are of: of every page, whatever is open.
const filters = () => queryWith({ log: "" });

// giveUp leaves a link where nothing has been loaded yet, or only what another query is about.
// why is "failed" or "cancelled".
function giveUp(region, why) {
  region.removeAttribute("aria-busy");
  if (!region.dataset.load || region.dataset.of === filters()) return;
  const text = document.createElement("p");
  const link = document.createElement("a");
  text.className = "pending";
  link.href = root.dataset.base + region.dataset.load + location.search;
  link.textContent = region.dataset[why];
  text.append(link);
  region.dataset.gaveUp = "";
  region.replaceChildren(text);
}

// cancel ends what is being loaded, and reports whether anything was. What is there stays.
function cancel() {
  const busy = document.querySelectorAll("[data-region][aria-busy]");
  const waiting = typing;
  clearTimeout(typing);
  typing = 0;
  if (!busy.length && !waiting) return false;
  turn++;
  loading.abort();
  asides.abort();
  asides = new AbortController();
  for (const region of busy) giveUp(region, "cancelled");
  notice("cancelled");
  document.dispatchEvent(new Event("syslog:cancel"));
  return true;
}

// The list.

let turn = 0; // of the latest request: answers to earlier ones come too late
let loading = new AbortController();

/**
 * Shows the list of a query. how is "push" or "replace" the address, or "keep" it. Rows that are
 * there stay until others come, and where none come. Resolves to whether they have.
 */
export async function show(query, how) {
  const mine = ++turn;
  loading.abort();
  loading = new AbortController();
  const list = document.querySelector('[data-region="list"]');
  // Rows are dimmed when they have been waited for: it would be half of what a quick answer takes.
  if (!list?.hasAttribute("aria-busy")) list?.classList.remove("slow");
  list?.setAttribute("aria-busy", "true");
  setTimeout(() => { if (mine === turn) list?.classList.add("slow"); }, 150);
  try {
    const part = await load("rows" + query, loading.signal);
    if (mine !== turn) return false;
    // What is wrong with a filter is said by the list. Rows are worth more than an outage.
    if (!part.ok && part.status !== 400 && list?.querySelector("tbody")) throw new Refused(part.status);
    if (how !== "keep" && part.query !== location.search) {
      const to = part.query || location.pathname;
      if (how === "push") history.pushState(null, "", to);
      else history.replaceState(null, "", to);
    }
    swap(part.content);
    notice("");
    announce();
    if (how !== "keep") document.dispatchEvent(new CustomEvent("syslog:query"));
    if (part.ok) loadAsides();
    return true;
  } catch (err) {
    if (err.name === "AbortError" || mine !== turn) return false;
    list?.removeAttribute("aria-busy");
    notice(err.status === 401 || err.status === 403 ? "session" : "failed");
    return false;
  }
}

function announce() {
  const text = document.querySelector("[data-announce]")?.textContent.trim().replace(/\s+/g, " ");
  if (text) document.getElementById("announce").textContent = text;
}

/** Shows a text of the page's own, which are all there, hidden: "failed", "session", "cancelled", or "" for none. */
export function notice(name) {
  for (const text of document.querySelectorAll("[data-notice]")) text.hidden = text.dataset.notice !== name;
}

// Filters: applied on Enter, by a box or a list, and while somebody types.

const form = document.getElementById("filters");
let typing = 0; // a timer: what somebody types is searched for when they pause

const narrow = matchMedia("(max-width: 720px)");

/** The query that the form stands for. */
export function query() {
  const q = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (!value) continue;
    if (q.has(name) && (name === "level" || name === "actor")) q.set(name, q.get(name) + "," + value);
    else q.append(name, value);
  }
  if (q.get("level")?.split(",").length === 4) q.delete("level");
  return queryWith({}, q.toString());
}

/** The filters where they cover the page, which they do on a phone: there a button applies them. */
export const sheet = () => narrow.matches && form?.querySelector(":scope > .fold[open]");

if (form) {
  const paused = () => {
    typing = 0;
    const text = form.elements.search.value.trim();
    if (text.length !== 1) show(query(), "replace");
  };
  const stop = () => {
    clearTimeout(typing);
    typing = 0;
  };
  form.addEventListener("submit", (e) => {
    stop();
    const name = e.submitter?.name ?? "";
    // What changes the form itself comes with a new page.
    if (name || form.elements._value.value || form.elements.startDate.value || form.elements.endDate.value) return;
    e.preventDefault();
    const open = sheet();
    show(query(), "push");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  form.addEventListener("input", (e) => {
    if (!["search", "type", "actorId"].includes(e.target.name) || sheet()) return;
    stop();
    typing = setTimeout(paused, 400);
  });
  form.addEventListener("change", (e) => {
    if ((e.target.name !== "level" && e.target.name !== "actor") || sheet()) return;
    stop();
    show(query(), "push");
  });
  // What the sheet covers is not for the keyboard, either.
  document.addEventListener("focusin", (e) => {
    const open = sheet();
    if (open && !open.contains(e.target)) open.open = false;
  });
  // What a field may become: values that there are. Whatever goes wrong, there are none.
  const suggested = ["type", "actorId"];
  let waiting;
  let suggesting = new AbortController();
  const suggest = async (field) => {
    suggesting = new AbortController();
    const { signal } = suggesting;
    const { said } = await ask(`${root.dataset.api}/suggest?${new URLSearchParams({ field: field.name, q: field.value })}`, { signal }).catch(() => ({}));
    if (signal.aborted) return;
    field.list.replaceChildren(...(said?.values ?? []).map((value) => Object.assign(document.createElement("option"), { value })));
  };
  const later = ({ target: field }) => {
    if (!suggested.includes(field.name)) return;
    clearTimeout(waiting);
    suggesting.abort();
    if (field.value.length <= 200) waiting = setTimeout(suggest, 150, field);
  };
  for (const name of suggested) {
    const values = document.createElement("datalist");
    values.id = name + "s";
    form.append(values);
    form.elements[name].setAttribute("list", values.id);
  }
  form.addEventListener("focusin", later);
  form.addEventListener("input", later);
  // What is wrong stands beside its field, as a whole new page has it.
  document.addEventListener("syslog:swap", (e) => {
    if (!e.detail.names.includes("faults")) return;
    for (const text of form.querySelectorAll(".err")) text.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) for (const name of ["invalid", "describedby"]) field.removeAttribute("aria-" + name);
    for (const { dataset } of form.querySelectorAll("[data-field]")) {
      const field = form.querySelector(`input[name="${CSS.escape(dataset.field)}"]:not([type="hidden"], [type="checkbox"])`);
      if (!field) continue;
      const text = document.createElement("em");
      text.className = "err";
      text.id = "why-" + dataset.field;
      text.textContent = dataset.why;
      field.after(text);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", text.id);
    }
  });
  // The form is part of what was there, an event that is open is not.
  const list = () => queryWith({ log: "" }, location.search, []);
  let shown = list();
  document.addEventListener("syslog:query", () => { shown = list(); });
  addEventListener("popstate", () => {
    if (list() !== shown) location.reload();
  });
}

// What is to be sent once says that it runs.

document.addEventListener("submit", ({ target, submitter }) => {
  const { runs } = target.dataset;
  if (!runs) return;
  submitter.disabled = true;
  submitter.textContent = document.getElementById("announce").textContent = runs;
});
addEventListener("pageshow", (e) => {
  if (e.persisted && document.querySelector("[data-runs] :disabled")) location.reload();
});

// The head of a phone is a menu. A browser that cannot show what is in a closed one has it
// open where there is room.

const head = document.querySelector(".head");
if (head) {
  const fit = () => {
    const menu = narrow.matches || CSS.supports("selector(::details-content)");
    head.open = !menu;
    if (menu) head.dataset.menu = "head";
    else delete head.dataset.menu;
  };
  narrow.addEventListener("change", fit);
  fit();
  // What it covers is not for the keyboard.
  document.addEventListener("focusin", ({ target }) => {
    if (head.dataset.menu && !head.contains(target) && !target.closest("dialog")) head.open = false;
  });
}

// Links and menus.

document.addEventListener("click", (e) => {
  const link = e.target.closest("a[data-set]");
  if (link) link.href = queryWith({ [link.dataset.set]: link.dataset.value }) || location.pathname;
  const dialog = e.target.closest("dialog"); // lies over others
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(e.target) && (!dialog || dialog.contains(menu))) menu.open = false;
  }
});

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") {
    const menu = e.target.closest("details[data-menu][open]");
    const open = sheet();
    if (!menu && open) {
      open.open = false;
      open.querySelector("summary").focus();
      return;
    }
    if (!menu) {
      // In the field of the search, too, whose text stays. A dialog has its own way to close.
      if (!document.querySelector("dialog[open]") && cancel()) e.preventDefault();
      return;
    }
    menu.open = false;
    menu.querySelector("summary").focus();
    e.preventDefault();
    return;
  }
  // One bar of the chart is in the order of Tab, arrows lead to the others.
  const bars = e.target.closest(".bars");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
  if (!bars || !step) return;
  const all = [...bars.querySelectorAll("a")];
  const next = all[all.indexOf(e.target.closest("a")) + step];
  if (!next) return;
  for (const bar of all) bar.setAttribute("tabindex", bar === next ? "0" : "-1");
  next.focus();
  e.preventDefault();
});

// Rows first: what counts them waits until they are painted, or a second, as in a tab that nobody sees.
const behind = () => begun || loadAsides();
const patience = setTimeout(behind, 1000);
try {
  new PerformanceObserver((painted, observer) => {
    if (!painted.getEntriesByName("first-contentful-paint").length) return;
    observer.disconnect();
    clearTimeout(patience);
    behind();
  }).observe({ type: "paint", buffered: true });
} catch {
  // there is none: the second passes
}
