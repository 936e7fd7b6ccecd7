// Sheets over the page: closed by Esc (the browser's own), a click outside or a button; the focus stays in and goes back.
const FOCUSABLE = "a[href], button:not([hidden]):not([disabled]), input, select, textarea, [tabindex='0']";

export function openDialog(dialog, first) {
  const opener = document.activeElement;
  dialog.showModal();
  if (first) first.focus();
  const back = () => (opener && opener.isConnected ? opener : document.getElementById("content")).focus();
  dialog.addEventListener("close", back, { once: true });
}

function keepFocus(event, dialog) {
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll(FOCUSABLE)].filter((stop) => !stop.hidden);
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  const outside = !stops.includes(document.activeElement);
  if (document.activeElement === edge || (event.shiftKey && outside)) {
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }
}

export function startDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("keydown", (event) => keepFocus(event, dialog));
    for (const button of dialog.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => dialog.close());
    }
  }
}
