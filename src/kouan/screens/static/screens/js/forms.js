// Forms: drafts that save themselves, checks while typing with the way to mend, a warning before leaving unsent work.
(() => {
  const { element, icon } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  const PAUSE = 900;
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const plain = (form) => [...new FormData(form).entries()]
    .filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");

  function tell(form, text, sign = "check") {
    const place = form.querySelector("[data-saved]");
    if (place) place.replaceChildren(icon(sign), text);
  }

  function fill(form, entries) {
    const byName = new Map();
    for (const [name, value] of entries) byName.set(name, [...(byName.get(name) || []), value]);
    form.dispatchEvent(new CustomEvent("kouan:fill", { detail: byName, bubbles: true }));
    for (const field of form.elements) {
      if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
      const values = byName.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values?.includes(field.value));
      else if (values) field.value = values[0];
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function offer(form, key, draft) {
    const take = element("button", { class: "button small", type: "button" }, say("draft_take"));
    const drop = element("button", { class: "button small plain", type: "button" }, say("draft_drop"));
    const notice = element("div", { class: "notice" }, icon("info"), element("div", {}, say("draft_found", { time: clock(draft.at) })),
      element("div", { class: "acts" }, take, drop));
    take.addEventListener("click", () => { fill(form, draft.entries); notice.remove(); });
    drop.addEventListener("click", () => { window.kouan.store(key, null); notice.remove(); });
    form.prepend(notice);
  }

  function keepDrafts(form) {
    const key = form.dataset.draft ? `kouan:draft:${form.dataset.draft}` : "";
    const url = form.dataset.draftUrl;
    if (!key && !url) return;
    let before = JSON.stringify(plain(form));
    if (key && !url) {
      const draft = window.kouan.store(key);
      if (draft && JSON.stringify(draft.entries) !== before) offer(form, key, draft);
    }
    let timer = 0;
    async function save() {
      const entries = plain(form);
      const now = JSON.stringify(entries);
      if (now === before) return;
      if (!url) {
        window.kouan.store(key, { at: Date.now(), entries });
        before = now;
        tell(form, say("draft_here", { time: clock(Date.now()) }));
        return;
      }
      try {
        const answer = await fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-CSRFToken": window.kouan.csrf() } });
        if (!answer.ok) {
          const refused = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).problems?.[0] : null;
          return tell(form, refused ? `${refused.what} ${refused.mend}` : say("draft_failed"), "alert");
        }
        before = now;
        tell(form, say("draft_kept", { time: clock(Date.now()) }));
      } catch {
        tell(form, say("draft_failed"), "alert");
      }
    }
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); });
    let isSent = false;
    form.addEventListener("submit", () => {
      isSent = true;
      clearTimeout(timer);
      if (key) sessionStorage.setItem("kouan:sent", key);
    });
    window.addEventListener("beforeunload", (event) => {
      if (!isSent && url && JSON.stringify(plain(form)) !== before) event.preventDefault();
    });
  }

  // A draft goes when its form was sent and the next page is not the same form again.
  const sent = sessionStorage.getItem("kouan:sent");
  if (sent) {
    sessionStorage.removeItem("kouan:sent");
    if (!document.querySelector(`form[data-draft="${CSS.escape(sent.replace("kouan:draft:", ""))}"]`)) window.kouan.store(sent, null);
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget-drafts]")) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith("kouan:draft:")) localStorage.removeItem(key);
  });

  // Checks while typing: the server answers {"problems": [{code, pointer, severity, what, mend}]}; the pointer is the field's name.
  function showProblems(form, problems) {
    form.querySelectorAll(".field-problem.live").forEach((each) => each.remove());
    form.querySelectorAll(".wrong.live, .doubtful.live").forEach((each) => each.classList.remove("wrong", "doubtful", "live"));
    for (const problem of problems) {
      const field = form.elements[problem.pointer];
      const holder = (field instanceof RadioNodeList ? field[0] : field)?.closest(".field, td");
      if (!holder || !form.touched.has(problem.pointer)) continue;
      const kind = problem.severity === "error" ? "wrong" : "doubtful";
      holder.classList.add(kind, "live");
      const mend = problem.mend ? element("span", { class: "mend" }, ` ${say("mend")}：${problem.mend}`) : "";
      holder.append(element("p", { class: `field-problem live ${kind === "wrong" ? "" : "warning"}` },
        icon(kind === "wrong" ? "cross" : "alert"), element("span", {}, problem.what, mend)));
    }
    for (const link of document.querySelectorAll(".form-steps a[href^='#']")) {
      const group = document.querySelector(link.hash);
      link.classList.toggle("bad", Boolean(group?.querySelector(".wrong")));
    }
  }
  function check(form) {
    form.touched = new Set();
    if (!form.dataset.checkUrl) return;
    let timer = 0;
    let asking = null;
    async function ask() {
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(form.dataset.checkUrl, { method: "POST", body: new FormData(form), credentials: "same-origin",
          headers: { "X-CSRFToken": window.kouan.csrf() }, signal: asking.signal });
        if (answer.ok) showProblems(form, (await answer.json()).problems);
      } catch { /* the check at sending is the one that counts */ }
    }
    const later = (event) => {
      if (!event.target.name) return;
      if (event.type === "change") form.touched.add(event.target.name);
      clearTimeout(timer);
      timer = setTimeout(ask, event.type === "change" ? 60 : 600);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    // A form that came back with problems shows them at their fields at once.
    if ("checkNow" in form.dataset) {
      for (const field of form.elements) if (field.name) form.touched.add(field.name);
      ask();
    }
  }

  for (const form of document.querySelectorAll("form.form")) {
    check(form);
    keepDrafts(form);
  }

  // A file may be dropped on its place.
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const place = event.target.closest?.(".file-drop");
      if (!place) return;
      event.preventDefault();
      place.classList.toggle("over", type === "dragover");
      const input = place.querySelector("input[type=file]");
      if (type === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
})();
