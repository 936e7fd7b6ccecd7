// Short messages at the top right. They leave after five seconds, but not from under the pointer, the focus or an open sheet.
const STAY = 5000;
const FADE = 300;

export function toast({ text, url, hue, icon }) {
  const list = document.getElementById("toasts");
  const note = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  note.classList.add(`note-${hue}`);
  note.querySelector("[data-slot=text]").textContent = text;
  const use = note.querySelector("p use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  const link = note.querySelector("[data-slot=link]");
  if (url) link.href = url;
  else link.remove();
  list.append(note);
  watch(note);
}

export function leaveWhenIdle(element, after, remove) {
  const busy = () => element.matches(":hover") || element.contains(document.activeElement) || document.querySelector("dialog[open]");
  const leave = () => {
    if (busy()) return setTimeout(leave, 1000);
    element.classList.add("leaving");
    return setTimeout(remove, FADE);
  };
  setTimeout(leave, after);
}

function watch(note) {
  const close = note.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => note.remove());
  leaveWhenIdle(note, STAY, () => note.remove());
}

export function startToasts() {
  for (const note of document.querySelectorAll("[data-toast]")) watch(note);
}
