// New events: the list is refreshed now and then, or they come as they happen. Nothing moves
// under the eyes or the hands of somebody: where it would, new ones are only counted.

import { load, loadAsides, notice, parse, queryWith, read, save, show, swap, Refused } from "./main.js";
import { ago, mouse, say, toast, touched } from "./prefs.js";

const root = document.documentElement;
const control = document.getElementById("refresh");
const pill = document.getElementById("fresh");
const pause = document.getElementById("pause");
const most = 1000; // rows, while they come by themselves

const list = () => document.querySelector('[data-region="list"]');
const rowsOf = (part) => [...part.querySelectorAll("tr[data-id]")];
const query = () => new URLSearchParams(location.search);
const shut = () => document.querySelector("dialog[open]") !== null;

// The address is that of the newest events: new ones belong on top.
function newest() {
  const q = query();
  return !["cursor", "offset", "asOf"].some((name) => q.has(name)) && (q.get("page") ?? "1") === "1" && q.get("orderBy") !== "asc";
}

// Rows may come in place: nobody reads, points at, selects or handles what is there. Whose
// finger asked for them, has lifted it.
function free(asked) {
  const row = document.activeElement?.closest("tr[data-id]");
  const busy = "dialog[open], details[data-menu][open]" + (mouse ? ", .logs tbody:hover" : "");
  return (asked || !touched) && scrollY < 5 && getSelection().isCollapsed && !document.querySelector(busy) && (!row || row === document.querySelector("tr[data-id]"));
}

// What is new, and how it is told.

let held = null; // a list that could not be shown yet
let known = null; // ids, where the list is not that of the newest
let waiting = 0; // how many of those that the pill tells of were announced,
let said = 0; // when that was last,
let unsaid = 0; // how many came since
let saying = 0; // and the timer of what tells of them

function tell(n, more) {
  pill.hidden = n === 0;
  if (n) pill.textContent = more ? say("live.more", n) : say("live.new", n);
  if (!n) {
    held = null;
    waiting = 0;
  }
}

// At most one summary every 10 s is read out.
function announce(n) {
  unsaid += Math.max(0, n);
  const early = said + 10_000 - Date.now();
  if (!unsaid || saying) return;
  if (early > 0) {
    saying = setTimeout(() => {
      saying = 0;
      announce(0);
    }, early);
    return;
  }
  reply(unsaid);
}

// reply says it at once.
function reply(n) {
  said = Date.now();
  unsaid = 0;
  document.getElementById("announce").textContent = n ? say("live.new", n).replace(/ —.*/, "") : say("live.updated", ago(said));
}

let counted = 0; // when what stands beside the rows was

function asides() {
  if (Date.now() - counted < 30_000 || document.querySelector("[data-load]:is(:hover, :focus-within), .astable[open]")) return;
  counted = Date.now();
  loadAsides();
}

// merge makes the rows of a table those of another, and leaves those that are in both where
// and what they are: an event never changes.
function merge(table, fresh) {
  const bodies = new Map([...table.tBodies].map((body) => [body.rows[0].textContent, body]));
  let at = table.tBodies[0];
  for (const body of [...fresh.tBodies]) {
    const old = bodies.get(body.rows[0].textContent);
    if (!old) {
      if (at) at.before(body);
      else table.append(body);
      continue;
    }
    for (; at !== old; at = gone(at));
    let row = old.rows[1] ?? null;
    const there = new Map(rowsOf(old).map((r) => [r.dataset.id, r]));
    for (const one of rowsOf(body)) {
      const same = there.get(one.dataset.id);
      if (!same) old.insertBefore(one, row);
      else {
        for (; row && row !== same; row = gone(row));
        row = same.nextElementSibling;
      }
    }
    while (row) row = gone(row);
    at = old.nextElementSibling;
  }
  while (at) at = gone(at);
}

function gone(element) {
  const next = element.nextElementSibling;
  element.remove();
  return next;
}

function apply(content, n) {
  const old = list();
  const fresh = content.querySelector('[data-region="list"]');
  const [a, b] = [old, fresh].map((part) => part.querySelector("table.logs"));
  if (a && b && a.tHead.textContent === b.tHead.textContent) {
    merge(a, b);
    for (const name of [".status", ".pager"]) {
      const [was, is] = [document, content].map((part) => part.querySelector(name));
      if (was && is && !was.contains(document.activeElement)) was.replaceWith(is);
    }
  } else swap(content);
  announce(n - waiting);
  tell(0);
  if (n) asides();
}

// received is a list of the newest, and reports how many are new.
function received(content, asked) {
  const rows = rowsOf(content);
  const first = newest();
  const asOf = query().get("asOf");
  if (first) known = new Set(rowsOf(list()).map((row) => row.dataset.id));
  else known ??= new Set(rows.filter((row) => !asOf || row.querySelector("time")?.dateTime <= asOf).map((row) => row.dataset.id));
  const last = rows.findLastIndex((row) => known.has(row.dataset.id));
  const n = rows.slice(0, last < 0 ? rows.length : last).filter((row) => !known.has(row.dataset.id)).length;
  if (first && free(asked)) apply(content, n);
  else {
    if (n) tell(n, last < 0 && n > 20);
    held = first ? content : null;
    announce(n - waiting);
    waiting = n;
  }
  return n;
}

pill?.addEventListener("click", async () => {
  const focused = pill.matches(":focus-visible");
  scrollTo(0, 0);
  if (tailing) return insert(queue.length, focused);
  if (held && newest()) apply(held, 0);
  else await show(queryWith({ orderBy: "", log: "" }), "push");
  tell(0);
  if (focused) document.querySelector("tr[data-id] .msg")?.focus({ preventScroll: true });
});

// Every so often. What the control says is what runs.

let every = 0;
let timer = 0;
let failures = 0;
let asking = new AbortController();
let updated = 0; // when the list was looked at last
let clock = 0;

function render() {
  control.value = tailing ? "live" : timer ? String(every) : "0";
  const why = closed();
  const live = control.options[control.options.length - 1];
  live.disabled = why !== "";
  live.textContent = say("live.live") + (why && " — " + why);
  pause.hidden = !tailing;
  pause.textContent = say(paused ? "live.resume" : "live.pause");
  status();
  clearInterval(clock);
  clock = updated && !tailing && !document.hidden ? setInterval(status, 1000) : 0;
  root.dataset.live = tailing ? (tries ? "lost" : paused ? "paused" : "on") : "";
}

// status is not read out: it says the time. A phone has room for just that.
function status() {
  const [short, long] = document.querySelectorAll(".livestate");
  if (tailing) short.textContent = long.textContent = tries ? say("live.reconnecting", tries) : paused ? say("live.paused") : "";
  else {
    short.textContent = updated ? ago(updated) : "";
    long.textContent = updated ? say("live.updated", short.textContent) : "";
  }
}

function schedule() {
  clearTimeout(timer);
  timer = 0;
  if (!every || document.hidden) return;
  const delay = failures ? Math.max(every, Math.min(300, 30 * 2 ** (failures - 1))) : every;
  timer = setTimeout(refresh, delay * 1000);
}

/** Looks for new events now. Who asked hears of it, whatever comes. */
export async function refresh(asked = false) {
  if (!control || shut()) return schedule();
  if (tailing) {
    if (asked && !tries) reply(queue.length);
    if (tries) connect();
    return insert(queue.length);
  }
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const part = await load("rows" + queryWith({ orderBy: "", log: "", view: "" }), signal);
    if (signal.aborted) return;
    if (!part.ok) throw new Refused(part.status);
    if (failures) notice("");
    failures = 0;
    updated = Date.now();
    const n = received(part.content, asked);
    if (asked) reply(n);
    document.dispatchEvent(new Event("syslog:fresh"));
  } catch (err) {
    if (err.name === "AbortError") return;
    if (err.status === 401 || err.status === 403) return expired();
    if (++failures >= 2 || asked) notice("failed");
  }
  schedule();
  render();
}

function expired() {
  run("0");
  notice("session");
}

// run starts what was chosen, and ends what ran.
function run(choice) {
  hangUp();
  asking.abort();
  clearTimeout(flushing);
  flushing = 0;
  tailing = choice === "live" && !closed();
  every = Number(choice) || 0;
  failures = tries = 0;
  paused = false;
  queue = [];
  skipped = false;
  unsaid = 0;
  last = "";
  if (tailing) connect();
  schedule();
  tell(0);
  render();
}

// As they happen.

export let tailing = false;
let source = null;
let last = ""; // the id of the stream's last event
let tries = 0;
let again = 0; // a timer
let paused = false;
let queue = []; // events that are not in the list yet
let flushing = 0; // a timer
let skipped = false; // there were more than the list can have
let renewing = null; // what has the list come anew for that

// closed is why the list cannot have events as they happen, or "".
function closed() {
  if (query().has("endDate")) return say("live.closed");
  return newest() ? "" : say("live.notNewest");
}

function address() {
  const q = query();
  for (const name of ["limit", "orderBy", "count"]) if (q.has(name)) q.set("_" + name, q.get(name));
  for (const name of ["page", "offset", "limit", "orderBy", "count", "log", "view"]) q.delete(name);
  q.set("format", "html");
  q.set("_base", root.dataset.base);
  const top = document.querySelector("tr[data-id]");
  if (last) q.set("lastEventId", last);
  else if (top) q.set("since", top.dataset.id);
  return new URL(root.dataset.api + "/tail?" + q, document.baseURI);
}

function connect() {
  hangUp();
  if (document.hidden) return;
  source = new EventSource(address());
  source.onopen = () => {
    tries = 0;
    render();
  };
  source.onerror = broken;
  source.addEventListener("log", (e) => {
    last = e.lastEventId;
    queue.push(JSON.parse(e.data));
    announce(1);
    if (queue.length > most) {
      queue.shift();
      skipped = true;
    }
    flushing ||= setTimeout(flush, 200);
  });
  source.addEventListener("dropped", (e) => {
    const lost = document.getElementById("lost");
    lost.total = (lost.total ?? 0) + JSON.parse(e.data).dropped;
    lost.textContent = say("live.lost", lost.total);
    lost.hidden = false;
  });
  source.addEventListener("end", (e) => {
    if (JSON.parse(e.data).reason === "denied") expired();
  });
}

function hangUp() {
  clearTimeout(again);
  source?.close();
  source = null;
}

// broken waits longer every time. A stream does not say why it was refused: its head does.
async function broken() {
  const refused = source.readyState === EventSource.CLOSED;
  hangUp();
  tries++;
  render();
  again = setTimeout(connect, Math.min(30_000, 500 * 2 ** tries));
  if (!refused) return;
  const { status, type } = await fetch(address(), { method: "HEAD", redirect: "manual" }).catch(() => ({ status: 0 }));
  if (!tailing) return;
  if (type === "opaqueredirect" || status === 401 || status === 403) expired();
  else if (status === 400 || status === 404) { // where it was is not there any more
    last = "";
    queue = [];
    skipped = false;
    tell(0);
    await show(location.search, "keep");
  }
}

function flush() {
  flushing = 0;
  if (!queue.length || !tailing) return;
  if (renewing || list().hasAttribute("aria-busy")) {
    flushing = setTimeout(flush, 200);
    return;
  }
  if (!paused && free()) return insert();
  tell(queue.length, skipped);
  if (!paused) flushing = setTimeout(flush, 500);
}

// insert puts what came into the list, each event once: the oldest first, and not more at a
// time than a page can take without standing still. asked is how many somebody wants to see,
// who has all of them, pause or not; focused is whether by the keyboard.
function insert(asked = 0, focused = false) {
  clearTimeout(flushing);
  flushing = 0;
  if (!queue.length) return tell(0);
  const table = list().querySelector("table.logs");
  if (!table || skipped) return renew(asked, focused); // the first of all, or more than fit on what is there
  const events = queue.splice(0, 50);
  const rows = rowsOf(table);
  const there = new Set(rows.map((row) => row.dataset.id));
  for (const event of events) {
    if (there.has(event.id)) continue;
    there.add(event.id);
    place(table, rows, parse(event.row).firstElementChild, event.day);
  }
  trim(table);
  const status = document.querySelector(".status");
  const text = document.createElement("b");
  text.textContent = say("explorer.shown", Math.min(most, rows.length));
  status?.replaceChildren(text);
  tell(0);
  asked -= events.length;
  if (queue.length) flushing = setTimeout(asked > 0 ? () => insert(asked, focused) : flush);
  if (asked > 0 && queue.length) return;
  if (focused) document.querySelector("tr[data-id] .msg")?.focus({ preventScroll: true });
  asides();
}

// renew has the list come from the server: what is in the queue by then is in it. Where that
// fails, or somebody is at work when it comes, it waits.
async function renew(asked, focused) {
  const [old, more] = [queue, skipped];
  queue = [];
  skipped = false;
  asking.abort();
  const mine = renewing = asking = new AbortController();
  const later = (seconds) => {
    queue = [...old, ...queue].slice(-most);
    skipped = more || skipped;
    flushing = setTimeout(flush, seconds * 1000);
  };
  try {
    const part = await load("rows" + queryWith({ orderBy: "", log: "", view: "" }), mine.signal);
    if (mine.signal.aborted) return;
    if (!part.ok) throw new Refused(part.status);
    notice("");
    if (!asked && (paused || !free())) return later(.5);
    const row = document.activeElement?.closest("tr[data-id]");
    apply(part.content, 0);
    document.getElementById("older").hidden = true;
    if (focused || row && !row.closest("[data-region]")) document.querySelector("tr[data-id] .msg")?.focus({ preventScroll: true });
    if (queue.length) flushing ||= setTimeout(flush, 200);
  } catch (err) {
    if (err.name === "AbortError") return; // another list comes
    if (err.status === 401 || err.status === 403) return expired();
    notice("failed");
    later(10);
  } finally {
    if (renewing === mine) renewing = null;
  }
}

// place puts a row where it belongs: before the first one that is not newer, under its day.
function place(table, rows, row, day) {
  const time = (r) => r.querySelector("time")?.dateTime ?? "";
  const own = time(row);
  let at = rows.findIndex((r) => time(r) <= own);
  if (at < 0) at = rows.length;
  const before = rows[at] ?? null;
  rows.splice(at, 0, row);
  let body = [...table.tBodies].find((b) => b.rows[0].textContent === day);
  if (!body) {
    body = document.createElement("tbody");
    const heading = table.tBodies[0].rows[0].cloneNode(true);
    heading.cells[0].textContent = day;
    body.append(heading);
    table.insertBefore(body, before?.closest("tbody") ?? null);
  }
  body.insertBefore(row, before?.parentElement === body ? before : null);
}

function trim(table) {
  const rows = rowsOf(table);
  if (rows.length <= most) return;
  for (const row of rows.slice(most)) row.remove();
  for (const body of [...table.tBodies]) if (body.rows.length === 1) body.remove();
  const note = document.getElementById("older");
  note.textContent = say("live.older", most);
  note.hidden = false;
  list().querySelector(".pager")?.setAttribute("hidden", "");
}

/** Starts to follow events as they happen, or stops. */
export function toggleLive() {
  if (!control) return;
  if (!tailing && closed()) return toast(closed());
  choose(tailing ? "0" : "live");
}

function choose(choice) {
  save({ refresh: choice });
  run(choice);
}

if (control) {
  control.addEventListener("change", () => choose(control.value));
  for (const button of document.querySelectorAll(".reload")) button.addEventListener("click", () => refresh(true));
  pause.addEventListener("click", () => {
    paused = !paused;
    render();
    if (!paused) flush();
  });
  // What runs goes on with the new list. Where it cannot, it says why.
  document.addEventListener("syslog:query", () => {
    if (tailing && closed()) toast(closed());
    run(tailing ? "live" : String(every));
  });
  document.addEventListener("syslog:swap", (e) => {
    if (!e.detail.names.includes("list")) return;
    asking.abort();
    known = null;
    document.getElementById("older").hidden = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hangUp();
      schedule();
    } else if (tailing) connect();
    else if (every) refresh();
    render();
  });
  run(read().refresh ?? "0");
}
