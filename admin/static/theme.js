// Runs before anything is drawn: it is no module, those wait for the document. It sets the
// theme, and leads a first visit to the zone, the language and the columns of this browser.
try {
  const root = document.documentElement;
  root.dataset.js = ""; // what only scripts can do has its place from the beginning
  root.dataset.draws = ""; // a script draws the rows out of sight, if it comes
  addEventListener("load", () => root.dataset.draws || delete root.dataset.draws);
  const { page, base, tz } = root.dataset;
  const key = "syslog-admin:v1:" + new URL(base, location.href).pathname;
  const stored = JSON.parse(localStorage.getItem(key) || "{}");
  if (stored.theme === "dark" || stored.theme === "light") root.dataset.theme = stored.theme;
  if (stored.density === "compact") root.dataset.density = stored.density;
  if (stored.chart === false) root.dataset.chart = "off";
  if (!("posted" in root.dataset)) {
    const query = new URLSearchParams(location.search);
    const before = query.toString();
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (query.get("tz") === own && tz !== own) {
      localStorage.setItem(key, JSON.stringify({ ...stored, tz: "UTC" })); // the server does not know it
      query.delete("tz");
    } else if (["explorer", "entry", "trends", "maintenance", "delete", "help"].includes(page)) {
      const wanted = { tz: stored.tz || own, lang: stored.lang === root.lang ? "" : stored.lang, cols: page === "explorer" && stored.cols };
      for (const [name, value] of Object.entries(wanted)) {
        if (value && value !== "UTC" && !query.has(name)) query.set(name, value);
      }
    }
    const text = query.toString();
    if (text !== before) location.replace((text ? "?" + text.replaceAll("%2C", ",").replaceAll("%2F", "/") : location.pathname) + location.hash);
  }
} catch {
  // nothing is stored, or nothing may be
}
