// Keys: / search, g and a letter to go somewhere, j k through the rows, x selects, ? helps.
import { openDialog } from "./dialogs.js";

const PREFIX_TIME = 1500;
let prefixUntil = 0;

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function links() {
  return [...document.querySelectorAll("[data-rows] tbody [data-row-link]")];
}

function move(step) {
  const all = links();
  if (!all.length) return;
  const row = document.activeElement.closest("tr");
  const present = row ? all.findIndex((link) => row.contains(link)) : -1;
  const next = Math.min(all.length - 1, Math.max(0, present === -1 ? 0 : present + step));
  all[next].focus();
  all[next].closest("tr").scrollIntoView({ block: "nearest" });
}

const ACTIONS = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => {
    const help = document.getElementById("help-dialog");
    if (help && !help.open) openDialog(help, help.querySelector("[data-close]"));
  },
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest("tr")?.querySelector("[data-tick]")?.click(),
  g: () => { prefixUntil = Date.now() + PREFIX_TIME; },
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const place = Date.now() < prefixUntil ? document.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
    prefixUntil = 0;
    if (place) place.click();
    else if (Object.hasOwn(ACTIONS, event.key)) {
      event.preventDefault();
      ACTIONS[event.key]();
    }
  });
}
