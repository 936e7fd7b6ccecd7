// Ticked rows of a list: how many, and all of the page at once.
export function startSelection() {
  for (const form of document.querySelectorAll("[data-selection]")) start(form);
}

function start(form) {
  const all = form.querySelector("[data-tick-all]");
  const ticks = () => [...form.querySelectorAll("[data-tick]")];
  const push = form.querySelector("[name=kind]");
  const shown = form.querySelector("[data-selected]");
  const update = () => {
    const chosen = ticks().filter((tick) => tick.checked);
    for (const tick of ticks()) tick.closest("tr").classList.toggle("chosen", tick.checked);
    all.checked = chosen.length > 0 && chosen.length === ticks().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
    push.disabled = chosen.length === 0;
    shown.textContent = chosen.length === 0 ? ""
      : chosen.length === 1 ? form.dataset.one : form.dataset.many.replace("{n}", chosen.length);
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = all.checked;
    update();
  });
  form.addEventListener("change", update);
  addEventListener("pageshow", update);
  update();
}
