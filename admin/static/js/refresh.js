// After a job has ended, the parts of the page that it changed are taken anew from the server.
const LATER = 2000;
const TRIES = 30;

export async function refreshPage() {
  if (!document.querySelector("[data-refresh]")) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!response || !response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const region of document.querySelectorAll("[data-refresh]")) {
    const news = fresh.querySelector(`[data-refresh="${CSS.escape(region.dataset.refresh)}"]`);
    if (news && news.textContent !== region.textContent) replace(region, news, TRIES);
  }
}

// Not under the pointer, not around the focus: what somebody is looking at stays until they leave it.
function replace(region, news, tries) {
  const busy = region.matches(":hover") || region.contains(document.activeElement);
  if (!busy) region.replaceChildren(...news.childNodes);
  else if (tries > 0) setTimeout(() => replace(region, news, tries - 1), LATER);
}
