// The errors of a job in a sheet: # | SKU | error, a hundred at a time, all of them as CSV.
import { openDialog } from "./dialogs.js";

let asked = 0;

export function startErrors() {
  const dialog = document.getElementById("errors-dialog");
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-errors]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(dialog, link.closest("[data-job]").dataset.job);
  });
}

function show(dialog, job) {
  dialog.dataset.job = job;
  dialog.querySelector("tbody").replaceChildren();
  dialog.querySelector("[data-slot=subtitle]").textContent = "";
  dialog.querySelector("[data-csv]").href = `/jobs/${job}/errors.csv`;
  dialog.querySelector("[data-more]").hidden = true;
  openDialog(dialog, dialog.querySelector("[data-slot=title]"));
  load(dialog, `/api/jobs/${job}/errors`);
}

async function load(dialog, url) {
  const turn = ++asked;
  const empty = dialog.querySelector("[data-slot=empty]");
  const more = dialog.querySelector("[data-more]");
  empty.hidden = false;
  empty.textContent = empty.dataset.loading;
  let answer;
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!response.ok) throw new Error(response.status);
    answer = await response.json();
  } catch {
    if (turn === asked) empty.textContent = empty.dataset.failed;
    return;
  }
  if (turn !== asked) return;
  dialog.querySelector("tbody").append(...answer.errors.map(row));
  dialog.querySelector("[data-slot=subtitle]").textContent = `${answer.job.shown.text} · ${answer.job.shown.errors}`;
  dialog.querySelector("[data-csv]").href = answer.csv;
  empty.textContent = empty.dataset.none;
  empty.hidden = dialog.querySelector("tbody").childElementCount > 0;
  more.hidden = !answer.next;
  more.onclick = () => load(dialog, answer.next);
}

function row(error) {
  const line = document.createElement("tr");
  const cells = [error.number.toLocaleString(document.documentElement.lang, { useGrouping: "always" }), null, error.error].map((text) => {
    const cell = document.createElement("td");
    if (text !== null) cell.textContent = text;
    return cell;
  });
  cells[0].className = "num";
  cells[2].className = "error-text";
  if (error.url) {
    const link = document.createElement("a");
    link.href = error.url;
    link.textContent = error.sku;
    cells[1].append(link);
  } else cells[1].textContent = error.sku;
  line.append(...cells);
  return line;
}
