// The push page: what the ticked shops mean together.
const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);

export function startPush() {
  const category = document.querySelector("#kind ~ #category");
  category?.addEventListener("change", () => {
    if (category.value) document.getElementById("kind").value = "category";
  });
  for (const form of document.querySelectorAll("[data-push]")) {
    form.addEventListener("change", () => update(form));
    addEventListener("pageshow", () => update(form));
    update(form);
  }
}

function counted(form, name, n) {
  const forms = JSON.parse(form.dataset[name]);
  return (forms[plural.select(n)] ?? forms.other).replace("{n}", n.toLocaleString(language, { useGrouping: "always" }));
}

function update(form) {
  const ticked = [...form.querySelectorAll("[name=to]:checked")];
  const sum = (name) => ticked.reduce((total, box) => total + Number(box.dataset[name]), 0);
  form.querySelector("[data-push-button]").disabled = ticked.length === 0;
  form.querySelector("[data-push-effect]").textContent = ticked.length === 0 ? form.dataset.nothing
    : form.dataset.effect
      .replace("{products}", counted(form, "products", sum("count")))
      .replace("{shops}", counted(form, "shops", ticked.length))
      .replace("{requests}", counted(form, "requests", sum("requests")));
}
