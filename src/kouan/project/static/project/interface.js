// The description of the interface, shown by Swagger UI in our colours; light or dark as the page is.
(() => {
  const root = document.documentElement;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const theme = root.dataset.theme;
    root.classList.toggle("dark-mode", theme === "dark" || (theme !== "light" && prefersDark.matches));
  };
  follow();
  prefersDark.addEventListener("change", follow);
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });

  const place = document.getElementById("interface");
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: false,
    validatorUrl: null,
    syntaxHighlight: { activated: false },
  });
})();
