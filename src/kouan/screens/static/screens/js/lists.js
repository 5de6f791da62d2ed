// The list page: keys j k enter x, picking rows, filters that mirror the address, own views, the case beside the list.
(() => {
  const { element, icon } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  const WIDE = 1600;
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const theList = () => document.querySelector("[data-list]");
  const rowsOf = (list) => [...list.querySelectorAll("tbody tr")];

  // What may be a person's number is posted, and comes back as an address in which it is sealed.
  const mayNamePerson = (text) => /^(\+?86)?[\d\s.()-]{9,30}[Xx]?$/.test(text.trim()) && text.replace(/\D/g, "").length >= 9;
  document.addEventListener("htmx:configRequest", (event) => {
    const { detail } = event;
    const form = event.target.closest?.("form[data-filters]");
    if (!form || ![...form.querySelectorAll("input[type=search]")].some((field) => mayNamePerson(field.value))) return;
    Object.assign(detail, { verb: "post", path: form.getAttribute("action"), useUrlParams: false });
    Object.assign(detail.headers, { "X-CSRFToken": window.kouan.csrf(), "Content-Type": "application/x-www-form-urlencoded" });
    detail.formData.append("to", form.elements.to.value);
  });

  // Empty filters stay out of the address, and a mark does where other words were typed.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    const given = event.detail.formData;
    for (const name of [...new Set(given.keys())]) {
      const full = given.getAll(name).filter((value) => value !== "");
      const kept = full[0]?.startsWith("~") ? full.slice(-1) : full;
      given.delete(name);
      kept.forEach((value) => given.append(name, value));
    }
  });

  // Picking rows
  function showPicked(list) {
    const ticks = [...list.querySelectorAll("tbody input[name=pk]")];
    if (!ticks.length) return;
    const picked = ticks.filter((tick) => tick.checked);
    ticks.forEach((tick) => tick.closest("tr").classList.toggle("picked", tick.checked));
    list.classList.toggle("selecting", picked.length > 0);
    const everything = list.querySelector("[data-everything]");
    everything.value = "";
    list.querySelector("[data-picked]").textContent = picked.length;
    const all = list.querySelector("[data-pick-page]");
    all.checked = picked.length === ticks.length;
    all.indeterminate = picked.length > 0 && picked.length < ticks.length;
    const more = list.querySelector("[data-pick-everything]");
    if (more) more.hidden = picked.length !== ticks.length;
  }
  let lastTick = null;
  document.addEventListener("click", (event) => {
    const list = event.target.closest("[data-list]");
    const tick = event.target.closest("tbody input[name=pk]");
    if (tick && list) {
      if (event.shiftKey && lastTick && list.contains(lastTick)) {
        const ticks = [...list.querySelectorAll("tbody input[name=pk]")];
        const [from, to] = [ticks.indexOf(lastTick), ticks.indexOf(tick)].sort((a, b) => a - b);
        ticks.slice(from, to + 1).forEach((each) => { each.checked = tick.checked; });
      }
      lastTick = tick;
      showPicked(list);
      return;
    }
    if (event.target.closest("td.tick")) {
      const inside = event.target.closest("td.tick").querySelector("input");
      if (inside && event.target !== inside) inside.click();
      return;
    }
    if (event.target.closest("[data-pick-page]")) {
      list.querySelectorAll("tbody input[name=pk]").forEach((each) => { each.checked = event.target.checked; });
      showPicked(list);
    } else if (event.target.closest("[data-pick-none]")) {
      list.querySelectorAll("tbody input[name=pk]").forEach((each) => { each.checked = false; });
      showPicked(list);
    } else if (event.target.closest("[data-pick-everything]")) {
      list.querySelector("[data-everything]").value = "1";
      list.querySelector("[data-picked]").textContent = say("all_picked");
      event.target.closest("[data-pick-everything]").hidden = true;
    } else if (event.target.closest("[data-filters-open]")) {
      event.target.closest("form").classList.toggle("all");
    } else if (list && !event.target.closest("a, button, input, label, summary, select")) {
      const row = event.target.closest("tr[data-href]");
      if (row && !String(window.getSelection())) open(list, row, event);
    } else if (list && event.target.closest("[data-row-link]") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      if (hasBeside(list)) {
        event.preventDefault();
        open(list, event.target.closest("tr"), event);
      }
    }
    if (event.target.closest("[data-beside-close]")) closeBeside();
  });

  // The case beside the list, where the window is wide enough; else its own page.
  const hasBeside = (list) => window.innerWidth >= WIDE && document.getElementById(`beside-${list.dataset.list}`);
  let asking = null;
  async function open(list, row, event) {
    setHere(list, row);
    const url = row.dataset.href;
    if (event.ctrlKey || event.metaKey) return window.open(url, "_blank", "noopener");
    const beside = hasBeside(list);
    if (!beside) return location.assign(url);
    beside.querySelector("[data-beside-open]").href = url;
    beside.closest(".split").classList.add("open");
    const body = beside.querySelector("[data-beside-body]");
    body.setAttribute("aria-busy", "true");
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const detail = page.getElementById("detail");
      if (!answer.ok || !detail) return location.assign(url);
      detail.id = "detail-beside";
      body.replaceChildren(detail);
      beside.scrollTop = 0;
      body.removeAttribute("aria-busy");
      window.htmx?.process(body);
      body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  }
  function closeBeside() {
    const split = document.querySelector(".split.open");
    if (!split) return false;
    split.classList.remove("open");
    return true;
  }

  // Keys
  function setHere(list, row) {
    rowsOf(list).forEach((each) => each.classList.toggle("here", each === row));
    row?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    const list = theList();
    if (!list || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const rows = rowsOf(list);
    const at = rows.findIndex((row) => row.classList.contains("here"));
    const row = rows[at];
    if (event.key === "j" || event.key === "k") {
      const next = rows[event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
      if (!next) return;
      setHere(list, next);
      if (document.querySelector(".split.open") && next.dataset.href) open(list, next, event);
      event.preventDefault();
    } else if (event.key === "Enter" && row?.dataset.href && !event.target.closest("a, button, summary")) {
      open(list, row, event);
      event.preventDefault();
    } else if (event.key === "x" && row) {
      row.querySelector("input[name=pk]")?.click();
    } else if (event.key === "n" || event.key === "p") {
      list.querySelector(`[data-page=${event.key === "n" ? "right" : "left"}]`)?.click();
    } else if (event.key === "Escape") closeBeside();
  });

  // Filters: what a menu of choices says, and finding an option in a long menu
  document.addEventListener("change", (event) => {
    const menu = event.target.closest(".filter.choice details");
    if (!menu) return;
    const chosen = [...menu.querySelectorAll("input[type=checkbox]:checked")];
    const words = menu.querySelector("[data-chosen]");
    words.textContent = !chosen.length ? words.dataset.none
      : chosen.length <= 2 ? chosen.map((each) => each.nextElementSibling.textContent).join("、") : say("chosen", { n: chosen.length });
    menu.querySelector(".filter-open").classList.toggle("set", chosen.length > 0);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find-option]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const label of event.target.closest(".menu-body").querySelectorAll(".options label")) {
      label.hidden = !label.textContent.toLowerCase().includes(wanted);
    }
  });

  // Own views: kept in this browser, per person and list
  const keyOf = (menu) => `kouan:views:${menu.dataset.for}:${menu.dataset.viewsMenu}`;
  const bare = () => {
    const query = new URLSearchParams(location.search);
    ["after", "before", "end"].forEach((name) => query.delete(name));
    return query.toString();
  };
  function showViews() {
    for (const menu of document.querySelectorAll("[data-views-menu]")) {
      const views = window.kouan.store(keyOf(menu)) || [];
      const box = menu.querySelector("[data-view-list]");
      const now = bare();
      box.replaceChildren(...views.map((view, index) => element("div", { class: "view-row" },
        element("a", { class: "menu-item", href: `?${view.query}` }, icon("bookmark"), view.name),
        element("button", { class: "icon-button", type: "button", "data-drop-view": index, "aria-label": say("delete") }, icon("cross")))));
      if (!views.length) box.append(element("p", {}, say("no_views")));
      const bar = document.querySelector(`[data-view-tabs="${menu.dataset.viewsMenu}"]`);
      if (!bar) continue;
      bar.querySelector("[data-own-views]").replaceChildren(...views.map((view) => element("a", { href: `?${view.query}`, "aria-current": view.query === now && "true" }, view.name)));
      if (views.some((view) => view.query === now)) {
        bar.querySelectorAll(":scope > a").forEach((tab) => tab.removeAttribute("aria-current"));
      }
      bar.hidden = !bar.querySelector("a");
    }
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-save-view]")) return;
    event.preventDefault();
    const menu = event.target.closest("[data-views-menu]");
    const name = event.target.elements.view_name.value.trim();
    if (!name) return;
    const views = (window.kouan.store(keyOf(menu)) || []).filter((view) => view.name !== name);
    window.kouan.store(keyOf(menu), [...views, { name, query: bare() }].slice(-12));
    event.target.reset();
    menu.removeAttribute("open");
    showViews();
    window.kouan.toast(say("view_saved"), "success");
  });
  document.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-drop-view]");
    if (!drop) return;
    const menu = drop.closest("[data-views-menu]");
    const views = window.kouan.store(keyOf(menu)) || [];
    views.splice(Number(drop.dataset.dropView), 1);
    window.kouan.store(keyOf(menu), views);
    event.stopPropagation();
    showViews();
  });

  // The first column casts a shadow once the table is scrolled sideways; the box knows how much height is left.
  function watch(root) {
    for (const box of root.querySelectorAll(".table-box")) {
      box.addEventListener("scroll", () => box.classList.toggle("scrolled", box.scrollLeft > 0), { passive: true });
    }
    root.querySelectorAll("[data-list]").forEach(showPicked);
    if (root.matches?.("[data-list]")) showPicked(root);
  }
  watch(document);
  showViews();
  document.addEventListener("htmx:load", (event) => { watch(event.target); showViews(); });
  document.addEventListener("htmx:pushedIntoHistory", showViews);
})();
