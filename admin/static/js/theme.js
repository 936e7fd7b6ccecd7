// Light or dark: at first what the system says, then what was chosen, kept in a cookie so that the server knows it.
const YEAR = 365 * 24 * 3600;

export function startThemeToggle() {
  const form = document.querySelector("[data-theme-toggle]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "language") return;
    event.preventDefault();
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const present = root.dataset.bsTheme || (dark ? "dark" : "light");
    root.dataset.bsTheme = present === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${root.dataset.bsTheme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  });
}
