// Relative time in the tooltip: written when the pointer or the focus comes, so that it is never stale.
(() => {
  const say = window.kouan.words.bind(window.kouan);
  const relative = (then) => {
    const seconds = Math.round((Date.now() - then) / 1000);
    const size = Math.abs(seconds);
    if (size < 5) return say(seconds >= 0 ? "just_now" : "soon");
    const past = seconds >= 0;
    if (size < 60) return past ? say("seconds_ago", { n: size }) : say("soon");
    if (size < 3600) return say(past ? "minutes_ago" : "in_minutes", { n: Math.round(size / 60) });
    if (size < 172800) return say(past ? "hours_ago" : "in_hours", { n: Math.round(size / 3600) });
    return say(past ? "days_ago" : "in_days", { n: Math.round(size / 86400) });
  };
  document.addEventListener("mouseover", (event) => {
    const time = event.target.closest?.("time[title]");
    if (!time) return;
    time.dataset.exact ||= time.title;
    const then = Date.parse(time.dateTime);
    if (!Number.isNaN(then)) time.title = `${relative(then)} · ${time.dataset.exact}`;
  });
  window.kouan.relative = relative;
})();
