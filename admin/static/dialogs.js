// What opens above the page: an event beside its list, the deletion in three steps, what nobody
// has seen; and what is copied. Without this, links lead to pages that do the same.

import { ask, idle, load, notice, queryWith, read, save, show, swap, Refused } from "./main.js";
import { tailing } from "./live.js";
import { say, el, mouse, toast, touched } from "./prefs.js";

const root = document.documentElement;
const { base, api } = root.dataset;
const drawer = document.getElementById("drawer");
const inside = drawer?.querySelector(".inside");

// The query of the list, wherever in it the page is, without what is open.
const plain = () => queryWith({ log: "", view: "" }, location.search, []);
const apiOf = (id) => `${api}/${encodeURIComponent(id)}`;

// expired is for who is not logged in any more: nothing was done, and the page says why.
function expired() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  notice("session");
  document.querySelector('[data-notice="session"]')?.scrollIntoView({ block: "nearest" });
}

// The drawer. Its event is in the address, so that Back closes it.

let current = "";
let turn = 0;
let loading = new AbortController();

/** Opens an event. how is "push", "replace", or "keep" the address. */
async function open(id, how, rel) {
  const mine = ++turn;
  loading.abort();
  loading = new AbortController();
  current = id;
  const to = queryWith({ log: id, view: "" }, location.search, []);
  if (how === "push") history.pushState({ ...history.state, drawer: true }, "", to);
  if (how === "replace") history.replaceState(history.state, "", to);
  drawer.setAttribute("aria-busy", "true");
  if (!drawer.open) {
    drawer.showModal();
    drawer.focus(); // no button: the key that opened it may not be up yet
  }
  try {
    const { content } = await load(`logs/${encodeURIComponent(id)}${plain()}`, loading.signal);
    if (mine !== turn) return;
    inside.replaceChildren(content);
  } catch (err) {
    if (err.name === "AbortError" || mine !== turn) return;
    inside.replaceChildren(el("p", { class: "banner error", role: "alert" }, el("a", { href: `${base}logs/${encodeURIComponent(id)}${plain()}` }, say("drawer.failed"))));
  }
  drawer.removeAttribute("aria-busy");
  drawer.scrollTop = 0;
  const title = inside.querySelector("h1")?.textContent;
  if (title) drawer.setAttribute("aria-label", title);
  if (rel) (inside.querySelector(`a[rel="${rel}"]`) ?? drawer.querySelector("[data-close]")).focus();
}

/** Goes to the event before or behind the one that is open: "prev" or "next". */
export function step(rel) {
  if (!drawer?.open || drawer.hasAttribute("aria-busy")) return;
  const id = idOf(inside.querySelector(`a[rel="${rel}"]`));
  if (id) open(id, "replace", rel);
}

/** The id of the event that is open in the drawer, or has the page, or "". */
export const openId = () => (drawer?.open ? current : root.dataset.page === "entry" ? document.querySelector("article.entry")?.dataset.id : "") ?? "";

// idOf is the event that a link leads to, or "".
function idOf(link) {
  if (!link || link.target || link.hasAttribute("download")) return "";
  const below = new URL(base + "logs/", location.href).pathname;
  const { pathname, hash } = new URL(link.href, location.href);
  return pathname.startsWith(below) && !hash ? decodeURIComponent(pathname.slice(below.length)) : "";
}

drawer?.addEventListener("close", () => {
  if (drawer.open) return; // again, before this came
  turn++;
  loading.abort();
  const id = current;
  current = "";
  inside.replaceChildren();
  document.querySelector(`tr[data-id="${CSS.escape(id)}"] .msg`)?.focus({ preventScroll: true });
  if (!query().has("log")) return; // it was closed by Back
  if (history.state?.drawer) history.back();
  else history.replaceState(history.state, "", plain() || location.pathname);
});

const query = () => new URLSearchParams(location.search);

function follow() {
  const id = query().get("log");
  if (id && (id !== current || !drawer.open)) open(id, "keep");
  else if (!id && drawer.open) drawer.close();
}

if (drawer && root.dataset.page === "explorer") {
  addEventListener("popstate", follow);
  follow();
}

document.addEventListener("click", (e) => {
  const closing = e.target.closest("[data-close]") ?? (e.target === drawer || e.target.id === "keys" ? e.target : null);
  if (closing) return closing.closest("dialog").close();
  const opens = e.target.closest("[data-open]");
  if (opens) {
    const menu = opens.closest("details[data-menu]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus(); // which has the focus again
    }
    return document.getElementById(opens.dataset.open).showModal();
  }
  const link = e.target.closest("a");
  if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  if (root.dataset.page === "explorer" && (link.matches("tr[data-id] .msg") || drawer.contains(link))) {
    const id = idOf(link);
    if (id) {
      e.preventDefault();
      open(id, drawer.open ? "replace" : "push", link.rel);
    } else if (link.hasAttribute("data-back")) {
      e.preventDefault();
      drawer.close();
    }
  } else if (removal && new URL(link.href, location.href).pathname === new URL(base + "delete", location.href).pathname) {
    e.preventDefault();
    begin();
  }
});

// Metadata: numbers with every digit, which JSON.parse would not keep.

/** Text of JSON, indented, without the escapes that are for markup. */
function pretty(json) {
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  return json.replace(/\s*("(?:\\.|[^"\\])*"|[^\s"])\s*/g, (_, token) => {
    if (token === "{" || token === "[") return depth++, token + line();
    if (token === "}" || token === "]") return depth--, line() + token;
    if (token === ",") return token + line();
    return token === ":" ? ": " : token.replace(/(\\\\)|\\u00(3c|3e|26)/g, (_, two, code) => two ?? String.fromCharCode(parseInt(code, 16)));
  }).replace(/([[{])\s+([\]}])/g, "$1$2");
}

// member is the text of a value of an object, where the key comes the first time.
function member(json, key) {
  const start = json.indexOf(`"${key}":`) + key.length + 3;
  let depth = 0;
  for (const { 0: token, index } of json.slice(start).matchAll(/"(?:\\.|[^"\\])*"|[[\]{},]/g)) {
    if ("{[".includes(token)) depth++;
    else if ("}]".includes(token) && --depth <= 0) return json.slice(start, start + index + (depth < 0 ? 0 : 1));
  }
  return "";
}

// reveal shows masked values in their place: those of a button, or all.
async function reveal(form, button) {
  const id = openId();
  button.disabled = true;
  try {
    const view = new URL(form.action).searchParams.get("view") ?? "";
    const address = `logs/${encodeURIComponent(id)}${queryWith({ log: "", view }, location.search, [])}`;
    const part = await load(address, undefined, new URLSearchParams(button.name && { [button.name]: button.value }));
    if (!part.ok) throw new Refused(part.status);
    if (id !== openId()) return;
    swap(part.content);
    document.querySelector("[data-revealed]")?.focus();
    toast(say("drawer.revealed"));
  } catch (err) {
    button.disabled = false;
    if (err.status === 401) return expired();
    toast(say("drawer.refused"));
  }
}

document.addEventListener("submit", (e) => {
  if (e.target.id !== "reveal") return;
  e.preventDefault();
  reveal(e.target, e.submitter);
});

document.addEventListener("click", (e) => {
  const { tree, copy: what, text } = e.target.closest("[data-tree], [data-copy]")?.dataset ?? {};
  if (tree !== undefined) for (const part of e.target.closest(".meta").querySelectorAll(".tree details")) part.open = tree !== "";
  if (what) {
    e.target.closest("details[data-menu]")?.removeAttribute("open");
    copy(what, text);
  }
});

// Copies.

const lengths = { m: 60_000, h: 3_600_000, d: 86_400_000 };

// since is where a period begins that ends now, or "".
function since(range) {
  const [, n, unit] = /^(\d+)([mhd])$/.exec(range ?? "") ?? [];
  return n ? new Date(Date.now() - n * lengths[unit]).toISOString() : "";
}

// fixed is the query with the period as it is at this moment.
function fixed(from) {
  const q = new URLSearchParams(from);
  const start = !q.has("startDate") && !q.has("endDate") && since(q.get("range"));
  const changes = { range: "", startDate: start || q.get("startDate"), endDate: q.get("endDate") ?? new Date().toISOString() };
  return queryWith(changes, from);
}

const forPrograms = () => queryWith({ cols: "", wrap: "", view: "", log: "", lang: "" }, location.search, []);
const whole = (address) => new URL(address, location.href).href;
const shell = (address) => `curl -H 'Accept: application/json' '${whole(address).replaceAll("'", "'\\''")}'`;

/**
 * Copies: "link" to the list as it is, "fixed" with its period fixed, "curl"; of the event
 * that is open, or of the one of an id: "entry" for its link, "json", "command" for cURL. Or "text" that is given, escaped.
 */
export async function copy(what, id = openId()) {
  try {
    await put({
      link: () => whole(plain() || location.pathname),
      fixed: () => whole(fixed(plain())),
      curl: () => shell(api + forPrograms()),
      entry: () => whole(`${base}logs/${encodeURIComponent(id)}${query().has("range") ? fixed(plain()) : plain()}`),
      command: () => shell(apiOf(id)),
      text: () => decodeURIComponent(id),
      json: async () => {
        const answer = await ask(apiOf(id));
        if (!answer.ok) throw new Error(String(answer.status));
        return pretty(member(answer.text, "log"));
      },
    }[what]);
    toast(say("copy.done"));
  } catch (err) {
    if (err.status === 401) return expired();
    toast(say("copy.failed"));
  }
}

async function put(make) {
  const text = await make();
  try {
    await navigator.clipboard.writeText(text);
  } catch { // it is not there without TLS, or not allowed
    const field = el("textarea", { class: "vh", readonly: true }, text);
    const focused = document.activeElement;
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    if (!done) throw new Error("refused");
  }
}

// The deletion: what, how much, and whether really. One click, or one key that is held down,
// leads no further than one step.

const removal = document.getElementById("removal");
const field = (name) => removal.querySelector(`[name="${name}"]`);
const out = (name) => removal.querySelector(`[data-out="${name}"]`);
const day = 86_400_000;

let round = 0; // of the latest preview: answers to earlier ones come too late
let seen = null; // what the server says of a request, and its body: what is shown is what is deleted
let running = false;

function at(n) {
  for (const part of removal.querySelectorAll("[data-at]")) part.hidden = part.dataset.at !== String(n);
  complain("");
  out("busy").textContent = "";
  ({ 1: removal.querySelector("input:checked"), 2: removal.querySelector('[data-at="2"] [data-step="1"]'), 3: typed() ? field("typed") : removal.querySelector('[data-at="3"] [data-close]') })[n]?.focus();
}

function complain(text) {
  out("error").textContent = text;
  out("error").hidden = text === "";
}

function begin() {
  forget();
  const names = [...document.querySelectorAll('[data-region="chips"] .chip:not(.off) > span')].map((chip) => el("li", {}, chip.textContent));
  out("chips").replaceChildren(...names);
  field("scope").disabled = names.length === 0;
  for (const choice of removal.querySelectorAll('[name="scope"]')) choice.checked = (choice.value === "filters") === (names.length > 0);
  field("spare").checked = true;
  field("from").value = field("to").value = "";
  removal.showModal();
  at(1);
}

// forget leaves nothing of a preview, nor of one that is on its way.
function forget() {
  round++;
  seen = null;
  removal.querySelector('[data-step="2"]').disabled = false;
}

// request is the body of a deletion: what the list is of, or a period.
function request() {
  const q = query();
  const body = { tz: q.get("tz") ?? "UTC" };
  const spare = field("spare").checked ? ["CRITICAL"] : [];
  if (removal.querySelector('[name="scope"]:checked').value === "dateRange") {
    Object.assign(body, { deleteType: "dateRange", startDate: field("from").value, endDate: field("to").value });
    if (spare.length) body.notLevel = spare;
    return body;
  }
  body.deleteType = "filters";
  for (const name of ["level", "minLevel", "type", "actor", "actorId", "search", "startDate", "endDate", "asOf"]) if (q.get(name)) body[name] = q.get(name);
  for (const name of ["notLevel", "notActor", "notType", "notActorId", "notSearch"]) if (q.has(name)) body[name] = q.getAll(name);
  for (const [name, value] of q) {
    const [, kind, path] = /^(meta|notMeta)\.(.+)/s.exec(name) ?? [];
    if (kind) (body[kind] ??= {})[path] = value;
  }
  if (!body.startDate && !body.endDate && since(q.get("range"))) body.startDate = since(q.get("range"));
  if (spare.length) body.notLevel = [...(body.notLevel ?? []), ...spare];
  return body;
}

async function send(method, path, body) {
  const lang = query().get("lang");
  const init = { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return ask(api + path + (lang ? "?lang=" + lang : ""), init).catch(({ status }) => ({ status, said: {} }));
}

const why = ({ said }) => [said.error ?? say("removal.failed"), ...(said.details ?? []).map((d) => d.message)].join(" ");

const typed = () => seen && (seen.count > 100 || seen.byLevel.CRITICAL > 0 || !seen.to || Date.parse(seen.to) > Date.now() - day);

async function look(body, note) {
  forget();
  const mine = round;
  const act = removal.querySelector("[data-do]");
  removal.querySelector('[data-step="2"]').disabled = act.disabled = true;
  const answer = await send("POST", "/delete-preview", body);
  if (mine !== round || !removal.open) return;
  forget();
  if (answer.status === 401) return expired();
  if (!answer.ok) {
    at(1);
    return complain(why(answer));
  }
  seen = { ...answer.said, body };
  const moment = (text, timeZone) => new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone }).format(new Date(text));
  const span = (timeZone) => say("removal.period", seen.from ? moment(seen.from, timeZone) : say("removal.begin"), moment(seen.to, timeZone));
  out("count").textContent = out("again").textContent = say("removal.count", seen.count);
  out("period").textContent = `${span(body.tz)} (${body.tz})`;
  out("utc").textContent = body.tz === "UTC" ? "" : `${span("UTC")} (UTC)`;
  out("levels").replaceChildren(...Object.entries(seen.byLevel).map(([level, n]) => el("span", { class: `lv lv-${level.toLowerCase()}` }, `${level} ${say("%s", n)}`)));
  out("sample").replaceChildren(...seen.sample.map((log) => el("li", {}, el("time", { datetime: log.createdAt }, moment(log.createdAt, body.tz)), " ", el("code", {}, log.type), " ", log.message.slice(0, 160))));
  out("type").textContent = say("removal.type", String(seen.count));
  field("typed").value = "";
  field("typed").closest("label").hidden = !typed();
  act.textContent = say("removal.do", seen.count);
  act.disabled = typed();
  const exports = removal.querySelector("[data-export]");
  if (exports) exports.href = api + "/export" + exported();
  removal.querySelector('[data-step="3"]').disabled = seen.count === 0;
  at(2);
  complain(note || (seen.count === 0 ? say("removal.none") : ""));
}

// exported is the same choice, for a file.
function exported() {
  const q = new URLSearchParams({ format: "csv" });
  for (const [name, value] of Object.entries({ ...seen.body, asOf: seen.asOf })) {
    if (name === "deleteType") continue;
    if (typeof value === "string") q.set(name, value);
    else if (Array.isArray(value)) for (const one of value) q.append(name, one);
    else for (const [path, one] of Object.entries(value)) q.set(`${name}.${path}`, one);
  }
  return "?" + q;
}

async function act() {
  const { body, asOf, count } = seen;
  running = true;
  const buttons = [...removal.querySelectorAll("button, input")].filter((b) => !b.disabled);
  for (const b of buttons) b.disabled = true;
  out("busy").textContent = say("removal.running");
  const answer = await send("DELETE", "", { ...body, asOf, expectedCount: count });
  running = false;
  for (const b of buttons) b.disabled = false;
  out("busy").textContent = "";
  if (answer.status === 401) return expired();
  if (answer.status === 409) return look(body, say("removal.changed"));
  if (!answer.ok) return complain(why(answer));
  removal.close();
  toast(say("removal.done", answer.said.deletedCount));
  await show(location.search, "keep");
}

if (removal) {
  removal.addEventListener("cancel", (e) => {
    if (running) e.preventDefault();
  });
  removal.addEventListener("close", forget);
  removal.addEventListener("keydown", (e) => {
    const deed = e.target.closest("button");
    if ((e.key === "Escape" && running) || (e.repeat && deed) || (e.key === "Enter" && e.target.matches("input"))) e.preventDefault();
  }, true);
  removal.addEventListener("input", () => {
    if (seen && typed()) removal.querySelector("[data-do]").disabled = field("typed").value.replace(/\D/g, "") !== String(seen.count);
  });
  removal.addEventListener("focusin", (e) => {
    if (e.target.matches('[name="from"], [name="to"]')) removal.querySelector('[value="dateRange"]').checked = true;
  });
  removal.addEventListener("click", (e) => {
    const button = e.target.closest("button");
    if (!button || e.detail > 1 || running) return; // the second click of two is for what was there before
    if (button.matches("[data-do]")) act();
    else if (button.dataset.step === "2") {
      const body = request();
      if (body.deleteType === "dateRange" && !(body.startDate && body.endDate)) complain(say("removal.wantDates"));
      else look(body, "");
    } else if (button.dataset.step) at(Number(button.dataset.step));
  });
}

// CRITICAL events that nobody has seen in this browser, which remembers up to when they were:
// at a first visit, until a day ago. The strip that tells of them comes where nobody is at work.

const strip = document.getElementById("unseen");
let until = Date.now() - 86_400_000;
let unseen = { n: 0 }; // what the strip is to say

async function recount() {
  const from = (until = read().seen ?? until);
  if (document.hidden) return;
  try {
    const since = new Date(from).toISOString();
    const { ok, said } = await ask(new URL(`${root.dataset.api}?level=CRITICAL&startDate=${since}&limit=1&count=capped`, document.baseURI));
    if (!ok || from !== until) return;
    unseen = { n: said.pagination.totalCount, since, to: Date.parse(said.logs[0]?.createdAt) + 1 };
    alarm();
  } catch {
    // the list says what is wrong
  }
}

function alarm() {
  const { n, since } = unseen;
  if (!n) {
    strip.hidden = true;
    return;
  }
  if (strip.matches(":focus-within") || mouse && strip.matches(":hover")) return;
  const at = new Date(since);
  const early = Date.now() - at > 12 * 3_600_000; // then the day is part of it
  let when = at.toLocaleString(root.lang, { timeZone: root.dataset.tz, timeStyle: "short", hourCycle: "h23", ...(early && { dateStyle: "medium" }) });
  if (early) when = say("time.on", when);
  const text = n > 10_000 ? say("unseen.more", 10_000, when) : say("unseen.count", n, when);
  const [line, link] = strip.children;
  if (line.textContent !== text) line.textContent = text;
  strip.to = unseen.to;
  link.href = queryWith({ startDate: since }, link.search);
  if (!strip.hidden) return;
  const low = innerHeight - 176; // 11rem, as much as its style spares: it is not higher
  let focused = document.activeElement?.closest("main *")?.getBoundingClientRect();
  if (focused?.height > 176) focused = null; // a part of the page, of which most is elsewhere
  strip.hidden = touched || mouse?.clientY > low || focused?.bottom > low && focused.top < innerHeight;
}

// late tells of them once the place is free.
function late() {
  if (unseen.n && strip.hidden) alarm();
}

function mark(to) {
  until = to;
  unseen = { n: 0 };
  alarm();
}

if (strip) {
  for (const event of ["focusin", "pointermove", "syslog:free"]) document.addEventListener(event, late);
  strip.querySelector("button").addEventListener("click", () => {
    save({ seen: strip.to });
    document.getElementById("main").focus({ preventScroll: true });
    mark(strip.to);
    recount();
  });
  addEventListener("storage", () => {
    const { seen: to = until } = read();
    if (to === until) return;
    mark(to);
    recount();
  });
  if (!(read().seen > 0)) save({ seen: until });
  idle(recount);
  for (const event of ["visibilitychange", "syslog:fresh"]) document.addEventListener(event, recount);
  setInterval(() => { if (tailing) recount(); }, 30_000);
}
