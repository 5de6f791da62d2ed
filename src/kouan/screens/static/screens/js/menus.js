// Menus close when one clicks elsewhere; `/` finds; `?` lists the keys; tabs; copy buttons.
(() => {
  const { element } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest("a.menu-item")) menu.removeAttribute("open");
    }
    if (event.target.closest("[data-shortcuts]")) showKeys();
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => window.kouan.toast(say("copied"), "success"));
    }
    const print = event.target.closest("[data-print]");
    if (print) window.print();
  });

  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.classList.contains("menu") || !menu.open) return;
    const body = menu.querySelector(".menu-body");
    const box = body.getBoundingClientRect();
    if (box.left < 8) menu.classList.add("left");
    else if (box.right > document.documentElement.clientWidth - 4) menu.classList.remove("left");
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details.menu[open]");
      if (open) {
        open.removeAttribute("open");
        open.querySelector("summary").focus();
      } else if (document.activeElement?.id === "find") document.activeElement.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.id === "find" || event.target.closest?.(".found")) {
      const links = [...document.querySelectorAll("#found a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        (links[next] || document.getElementById("find")).focus();
      }
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("find")?.focus();
    } else if (event.key === "?") showKeys();
  });

  function showKeys() {
    const keys = [["/", "keys_find"], ["j", "keys_down"], ["k", "keys_up"], ["Enter", "keys_open"], ["x", "keys_pick"],
      ["n", "keys_next"], ["p", "keys_back"], ["Esc", "keys_close"], ["?", "keys_help"]];
    const rows = keys.map(([key, name]) => element("tr", {}, element("td", {}, element("kbd", {}, key)), element("td", {}, say(name))));
    window.kouan.openDialog(say("keys_title"), element("table", { class: "plain-table" }, element("tbody", {}, ...rows)));
  }

  // Tabs: without scripts all panels stand one below the other and the tabs are links to them.
  function makeTabs(root) {
    for (const tabs of root.querySelectorAll(".tabs[data-tabs]:not(.live)")) {
      tabs.classList.add("live");
      tabs.setAttribute("role", "tablist");
      const links = [...tabs.querySelectorAll("a")];
      const show = (chosen, isByHand) => {
        for (const link of links) {
          const panel = document.getElementById(link.hash.slice(1));
          const isChosen = link === chosen;
          link.setAttribute("role", "tab");
          link.setAttribute("aria-selected", isChosen);
          link.tabIndex = isChosen ? 0 : -1;
          if (panel) {
            panel.hidden = !isChosen;
            panel.setAttribute("role", "tabpanel");
            if (isChosen) panel.dispatchEvent(new CustomEvent("kouan:shown", { bubbles: true }));
          }
        }
        if (isByHand) history.replaceState(history.state, "", chosen.hash);
      };
      tabs.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (!link) return;
        event.preventDefault();
        show(link, true);
      });
      tabs.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = links[(links.indexOf(document.activeElement) + step + links.length) % links.length];
        next.focus();
        show(next, true);
      });
      if (links.length) show(links.find((link) => link.hash === location.hash) || links[0], false);
    }
  }
  makeTabs(document);
  document.addEventListener("htmx:load", (event) => makeTabs(event.target));
})();
