// The one place where text becomes markup: fragments of this page, from its own server.

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
    old.replaceWith(document.adoptNode(fresh));
    if (focused) fresh.querySelector(focused)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("syslog:swap", { detail: { names } }));
}

// keyOf finds an element again: by its id, or by where it leads.
function keyOf(element) {
  if (element.id) return "#" + CSS.escape(element.id);
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}
