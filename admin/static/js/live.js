// The live part: asks what runs every 3 s, more seldom when nothing does, not at all in a hidden tab.
import { announce } from "./announce.js";
import { showCount, showHealth } from "./frame.js";
import { refreshPage } from "./refresh.js";
import { ENDED, fill, newRow } from "./rows.js";
import { ago } from "./time.js";
import { leaveWhenIdle, toast } from "./toasts.js";

const FAST = 3000;
const SLOW = 15000;
const LINGER = 5000;

export function startLive() {
  const section = document.querySelector("[data-live]");
  if (section) new Live(section).start();
}

class Live {
  constructor(section) {
    this.section = section;
    this.list = section.querySelector("[data-jobs]");
    this.one = "one" in section.dataset;
    this.delay = FAST;
    this.tag = null;
    this.first = true;
    this.answeredAt = Date.now();
    this.seen = new Map();
    this.rows().forEach((row) => this.meet(row));
  }

  rows() {
    return [...this.list.querySelectorAll(".job")];
  }

  meet(row) {
    const ended = ENDED.has(row.dataset.status);
    this.seen.set(row.dataset.job, ended);
    if (ended && !this.one) this.release(row);
  }

  start() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.poll()));
    setInterval(() => this.tellAge(), 1000);
    if (!document.hidden) this.poll();
  }

  stop() {
    clearTimeout(this.timer);
  }

  async poll() {
    this.stop();
    if (this.asking) return;
    this.asking = true;
    try {
      await this.ask();
    } catch {
      this.failed = true;
      this.delay = Math.min(SLOW, this.delay * 1.5);
    }
    this.asking = false;
    this.tellAge();
    if (!document.hidden && !this.over) this.timer = setTimeout(() => this.poll(), this.delay);
  }

  async ask() {
    const headers = { Accept: "application/json", ...(this.tag ? { "If-None-Match": this.tag } : {}) };
    const response = await fetch(this.section.dataset.live, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
    if (response.status === 401) return this.signedOut();
    if (response.status !== 304 && !response.ok) throw new Error(response.status);
    const news = response.status === 304 ? null : await response.json();
    this.tag = response.headers.get("ETag");
    this.failed = false;
    this.answeredAt = Date.now();
    if (news && this.one) this.take([news]);
    else if (news) await this.takeAll(news);
    this.first = false;
    this.setPace();
    return undefined;
  }

  async takeAll(news) {
    this.take(news.jobs);
    showCount(news.active_count);
    showHealth(news.health);
    const listed = new Set(news.jobs.map((job) => String(job.id)));
    const gone = [...this.seen].filter(([id, ended]) => !ended && !listed.has(id)).map(([id]) => id);
    for (const id of gone) await this.askFor(id);
  }

  async askFor(id) {
    const response = await fetch(`/api/jobs/${id}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (response.ok) this.take([await response.json()]);
    else if (response.status === 404) this.forget(id);
  }

  forget(id) {
    this.seen.delete(id);
    this.rows().find((row) => row.dataset.job === id)?.remove();
    this.showIdle();
  }

  take(jobs) {
    for (const job of [...jobs].reverse()) this.takeOne(job);
    this.showIdle();
  }

  takeOne(job) {
    const id = String(job.id);
    const known = this.seen.get(id);
    const ended = ENDED.has(job.status);
    for (const row of document.querySelectorAll(`tr[data-job="${id}"]`)) fill(row, job);
    let row = this.rows().find((each) => each.dataset.job === id);
    if (row) fill(row, job);
    else if (!ended || (known === undefined && !this.first)) {
      row = newRow(this.section, job);
      this.list.prepend(row);
    }
    announce(this.section.querySelector("[data-announce]"), job, this.first);
    showOutcomes(job);
    this.seen.set(id, ended);
    if (ended && known === false) tellEnd(job);
    if (ended && known !== true && row && !this.one) this.release(row);
  }

  release(row) {
    leaveWhenIdle(row, LINGER, () => {
      this.holdHeight();
      row.remove();
      this.showIdle();
    });
  }

  holdHeight() {
    this.section.style.minHeight = `${this.section.offsetHeight}px`;
  }

  showIdle() {
    const idle = this.section.querySelector("[data-idle]");
    if (idle) idle.hidden = this.rows().length > 0;
  }

  setPace() {
    const moving = [...this.seen.values()].some((ended) => !ended);
    this.over = this.one && !moving;
    this.delay = moving ? FAST : Math.min(SLOW, this.delay * 1.5);
  }

  tellAge() {
    const line = this.section.querySelector("[data-stale]");
    if (!line || this.signedOutAt) return;
    const stale = this.failed && Date.now() - this.answeredAt > FAST;
    line.hidden = !stale;
    if (stale) line.textContent = line.dataset.text.replace("{ago}", ago(this.answeredAt));
  }

  signedOut() {
    this.signedOutAt = Date.now();
    this.over = true;
    const line = this.section.querySelector("[data-stale]");
    line.hidden = false;
    line.textContent = line.dataset.signedOut;
  }
}

function tellEnd(job) {
  const errors = job.shown.errors ? `, ${job.shown.errors}` : "";
  toast({ text: `${job.shown.state}: ${job.shown.text}${errors}`, url: job.url, hue: job.shown.hue, icon: job.shown.icon });
  refreshPage();
}

function showOutcomes(job) {
  for (const chip of document.querySelectorAll("[data-outcome]")) {
    const text = job.shown.outcomes[chip.dataset.outcome];
    if (text !== undefined) chip.querySelector("[data-count]").textContent = text;
  }
}
