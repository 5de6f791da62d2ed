// Dangerous acts: a link with data-dialog leads to a page of its own; with scripts that page's form opens here.
(() => {
  const { element, icon } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  const dialog = () => document.getElementById("dialog");

  window.kouan.openDialog = (title, ...content) => {
    const box = dialog();
    const close = element("button", { class: "icon-button", type: "button", "data-close-dialog": true, "aria-label": say("close") }, icon("cross"));
    box.replaceChildren(
      element("div", { class: "dialog-head" }, element("h2", { id: "dialog-title" }, title), close),
      element("div", { class: "dialog-body" }, ...content),
    );
    box.showModal();
  };

  async function load(url, options) {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Requested-With": "dialog" }, ...options });
    if (answer.redirected || !answer.ok) return { answer };
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { answer, part: page.getElementById("confirm") };
  }

  function showPart(part) {
    const box = dialog();
    part.classList.remove("card", "confirm-card");
    box.replaceChildren(part);
    if (!box.open) box.showModal();
    (part.querySelector("[autofocus], .problem, input:not([type=hidden]), textarea, select") || part.querySelector(".dialog-foot a"))?.focus();
  }

  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("a[data-dialog]");
    if (opener && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      try {
        const { part } = await load(opener.href);
        if (part) return showPart(part);
      } catch { /* the page itself is the way out */ }
      location.assign(opener.href);
      return;
    }
    if (event.target.closest("[data-close-dialog]") && dialog().open) {
      event.preventDefault();
      dialog().close();
    } else if (event.target === dialog()) dialog().close();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!dialog().contains(form) || form.method !== "post") return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    try {
      const { answer, part } = await load(form.action, { method: "POST", body: new FormData(form, button) });
      if (answer.redirected) return location.assign(answer.url);
      if (part) return showPart(part);
      window.kouan.toast(say("server", { status: answer.status }), "error");
    } catch {
      window.kouan.toast(say("network"), "error");
    } finally {
      if (button) button.disabled = false;
    }
  });
})();
