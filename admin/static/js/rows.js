// A job as a row: the same slots wherever it stands, filled from the JSON of one job.
import { setText, setTime } from "./time.js";

export const ENDED = new Set(["completed", "completed_with_errors", "failed", "cancelled", "interrupted"]);

export function newRow(section, job) {
  const row = section.querySelector("#job-template").content.firstElementChild.cloneNode(true);
  row.dataset.job = job.id;
  fill(row, job);
  return row;
}

export function fill(row, job) {
  const shown = job.shown;
  row.dataset.status = job.status;
  if (row.classList.contains("job")) row.className = `job hue-${shown.hue}${row.classList.contains("leaving") ? " leaving" : ""}`;
  for (const state of row.querySelectorAll(".state")) state.className = `state hue-${shown.hue}`;
  for (const name of ["state", "text", "percent", "rate", "time", "errors"]) slot(row, name, shown[name]);
  slot(row, "name", shown.text);
  setIcon(row, shown.icon);
  setErrors(row, job);
  setBar(row, job);
  setCancel(row, job);
  setResume(row, job);
  setMeta(row, job);
}

function slot(row, name, text) {
  const element = row.querySelector(`[data-slot=${name}]`);
  if (element) setText(element, text);
}

function setIcon(row, name) {
  const use = row.querySelector("[data-icon]");
  const href = use.getAttribute("href").replace(/#.*/, `#${name}`);
  if (use.getAttribute("href") === href) return;
  use.setAttribute("href", href);
  use.parentElement.setAttribute("class", `icon icon-${name}`);
}

function setErrors(row, job) {
  const badge = row.querySelector("[data-errors]");
  badge.hidden = job.error_count === 0;
  badge.href = `${job.url}?state=wrong`;
}

function setBar(row, job) {
  const bar = row.querySelector("[role=progressbar]");
  if (!bar) return;
  bar.setAttribute("aria-label", job.shown.text);
  bar.setAttribute("aria-valuenow", job.progress_percentage);
  bar.querySelector("[data-fill]").setAttribute("width", `${job.progress_percentage}%`);
}

function setCancel(row, job) {
  const button = row.querySelector("[data-cancel]");
  if (!button) return;
  button.setAttribute("formaction", `${job.url}/cancel`);
  button.hidden = ENDED.has(job.status) || job.cancel_requested;
  row.querySelector("[data-link]").href = job.url;
}

function setResume(row, job) {
  const waits = job.paused && !ENDED.has(job.status);
  const button = row.querySelector("[data-resume]") || (waits && addResume(row));
  if (!button) return;
  button.setAttribute("formaction", job.url.replace(/jobs\/\d+$/, `shops/${job.shop_id}/resume`));
  button.hidden = !waits;
  slot(row, "shop", job.shop_name);
}

function addResume(row) {
  const cancel = row.querySelector("[data-cancel]");
  const pattern = document.querySelector("#job-template")?.content.querySelector("[data-resume]");
  if (!cancel || !pattern) return null;
  cancel.before(pattern.cloneNode(true));
  return row.querySelector("[data-resume]");
}

function setMeta(row, job) {
  const by = row.querySelector("[data-slot=by]");
  if (by && by.dataset.text) setText(by, job.user_name ? by.dataset.text.replace("{name}", job.user_name) : "");
  const time = row.querySelector(".job-meta time");
  if (time) setTime(time, job.completed_at || job.started_at || job.created_at);
}
