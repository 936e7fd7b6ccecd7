// Forms: sent once, and after an error the first wrong field has the focus.
export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  const wrong = document.querySelector("[aria-invalid=true]") || document.querySelector("[data-form-errors]");
  (wrong || document.querySelector("[data-focus]"))?.focus();
}
