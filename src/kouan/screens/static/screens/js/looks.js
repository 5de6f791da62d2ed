// The look of the pages: light or dark, density, folded navigation. The server draws it from the same cookies.
(() => {
  const YEAR = 31536000;
  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `kouan_${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  };
  const MEDIA = { auto: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" };
  const use = {
    theme(value) {
      document.getElementById("dark-sheet").media = MEDIA[value];
      document.documentElement.dataset.theme = value;
      document.dispatchEvent(new CustomEvent("kouan:theme"));
    },
    density(value) {
      for (const list of document.querySelectorAll(".list")) {
        list.classList.remove("tight", "usual", "loose");
        list.classList.add(value);
      }
      document.documentElement.classList.remove("tight", "usual", "loose");
      document.documentElement.classList.add(value);
    },
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-look-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const name = form.elements.name.value;
    const value = event.submitter.value;
    keep(name, value);
    use[name](value);
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", button === event.submitter);
    }
    form.closest("details")?.removeAttribute("open");
  });
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-look=nav]");
    if (fold) {
      const isFolded = document.getElementById("app").classList.toggle("folded");
      keep("nav", isFolded ? "folded" : "open");
      window.dispatchEvent(new Event("resize"));
      return;
    }
    const app = document.getElementById("app");
    if (event.target.closest("[data-nav-open]")) app.classList.add("nav-showing");
    else if (app?.classList.contains("nav-showing") && !event.target.closest(".nav")) app.classList.remove("nav-showing");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.getElementById("app")?.classList.remove("nav-showing");
  });
})();
