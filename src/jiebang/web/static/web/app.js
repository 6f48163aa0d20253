// Progressive enhancement only; every page works without this file.
(() => {
  "use strict";
  // Filters act at once; the button stays for everyone else.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });
  // Errors are met first: forms lead to #errors, and focus goes to the summary.
  const summary = document.querySelector(".errs");
  if (summary) summary.focus();
  else if (location.hash === "#errors") history.replaceState(null, "", location.pathname + location.search);
  // A chosen file shows its size and type before it is sent.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length) return;
    const note = document.getElementById(input.id + "-file");
    if (note) note.textContent = [...input.files]
      .map((f) => `${f.name} (${f.type || "?"}, ${new Intl.NumberFormat(document.documentElement.lang).format(Math.ceil(f.size / 1024))} kB)`)
      .join(", ");
  });
  // Print equals the screen with every fold open.
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
})();
