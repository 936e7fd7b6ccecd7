// What a screen reader hears of jobs: the start, every quarter, the end. Nothing else.
const heard = new Map();

export function announce(region, job, first) {
  const quarter = Math.floor(job.progress_percentage / 25);
  const mark = `${job.status} ${quarter}`;
  const before = heard.get(job.id);
  heard.set(job.id, mark);
  if (first || before === mark || !region) return;
  region.textContent = `${job.shown.state}: ${job.shown.text}, ${job.shown.percent}`;
}
