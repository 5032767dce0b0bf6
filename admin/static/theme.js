// Sets the theme before anything is drawn. It is no module: those wait for the document.
try {
  const root = document.documentElement;
  const mount = new URL(root.dataset.base, location.href).pathname;
  const stored = JSON.parse(localStorage.getItem("syslog-admin:v1:" + mount) || "{}");
  if (stored.theme === "dark" || stored.theme === "light") root.dataset.theme = stored.theme;
} catch {
  // nothing is stored, or nothing may be
}
