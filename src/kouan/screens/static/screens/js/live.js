// The live line of a case: told that something changed, the page asks for those parts anew; what is open stays open.
(() => {
  const say = window.kouan.words.bind(window.kouan);
  let line;
  const follow = () => {
    const mark = document.querySelector("[data-live]");
    if (line && line.mark === mark) return;
    if (line) line.source.close();
    line = undefined;
    if (!mark || !window.EventSource) return;
    const source = new EventSource(mark.dataset.live, { withCredentials: true });
    line = { mark, source };
    const show = (state) => {
      mark.dataset.state = state;
      mark.title = say(state === "open" ? "live_open" : "live_lost");
    };
    source.onopen = () => show("open");
    source.onerror = () => show("lost");
    source.addEventListener("changed", () => {
      window.htmx.ajax("GET", mark.dataset.page, {
        source: mark,
        target: "#detail-left",
        select: "#detail-left",
        swap: "outerHTML",
        headers: { "X-By-Itself": "1" },
      }).then(() => window.kouan.toast(say("live_changed"), "info"));
    });
  };
  document.addEventListener("DOMContentLoaded", follow);
  document.addEventListener("htmx:afterSettle", follow);
  window.addEventListener("pagehide", () => line && line.source.close());
})();
