// The badge on Jobs and the dot of health. Pages with a live list hear of them there, all others ask here.
const EVERY = 15000;
let tag = null;

export function showCount(count) {
  for (const badge of document.querySelectorAll("[data-active-count]")) {
    badge.hidden = count === 0;
    badge.firstElementChild.textContent = count;
  }
}

export function showHealth(health) {
  const link = document.querySelector("[data-health]");
  if (!link) return;
  link.classList.toggle("ok", health.ok);
  link.classList.toggle("broken", !health.ok);
  link.querySelector("[data-health-text]").textContent = health.summary;
  const word = link.querySelector("[data-health-word]");
  word.textContent = health.ok ? word.dataset.ok : word.dataset.broken;
  link.title = word.textContent;
}

async function ask() {
  const headers = { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) };
  const response = await fetch("/api/jobs/active", { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (response.status !== 200) return;
  tag = response.headers.get("ETag");
  const news = await response.json();
  showCount(news.active_count);
  showHealth(news.health);
}

export function startFrame() {
  if (!document.querySelector("[data-health]") || document.querySelector("[data-live]:not([data-one])")) return;
  setInterval(() => document.hidden || ask().catch(() => null), EVERY);
}
