// Short messages that go away by themselves; errors stay until closed.
(() => {
  const { element, icon } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  const ICONS = { success: "check", warning: "alert", error: "cross", info: "info" };
  const box = () => document.getElementById("toasts");
  const expire = (toast) => {
    if (!toast.classList.contains("error")) setTimeout(() => toast.remove(), 7000);
  };
  window.kouan.toast = (text, level = "info") => {
    const close = element("button", { class: "icon-button", type: "button", "data-close-toast": true, "aria-label": say("close") }, icon("cross"));
    const toast = element("div", { class: `toast ${level}` }, icon(ICONS[level] || "info"), element("div", {}, text), close);
    box().append(toast);
    expire(toast);
  };
  box().querySelectorAll(".toast").forEach(expire);
  document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".toast").remove());
  document.addEventListener("htmx:responseError", (event) => window.kouan.toast(say("server", { status: event.detail.xhr.status }), "error"));
  document.addEventListener("htmx:sendError", () => window.kouan.toast(say("network"), "error"));
  // The server may ask for a message with HX-Trigger: {"kouan:toast": {"text": "…", "level": "success"}}.
  document.addEventListener("kouan:toast", (event) => window.kouan.toast(event.detail.text, event.detail.level));
})();
