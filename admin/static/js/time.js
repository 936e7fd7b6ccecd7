// Relative times that keep going, with the exact one on hover in the reader's own zone.
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const language = document.documentElement.lang || "en";
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });

export function ago(moment, present = Date.now()) {
  const seconds = Math.round((moment - present) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function setTime(element, iso) {
  element.setAttribute("datetime", iso);
  element.title = exact.format(new Date(iso));
  setText(element, ago(new Date(iso)));
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-ago][datetime]")) {
    setTime(element, element.getAttribute("datetime"));
  }
}

export function startTimes() {
  refresh();
  setInterval(() => document.hidden || refresh(), 10000);
}
