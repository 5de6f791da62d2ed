// Pickers: an input with data-picker="/address" finds by code, name, pinyin and initials.
// The address answers {"options": [{"code", "name", "note", "fill"}]}. The code is written; the name is shown behind it.
// "fill" gives values of other fields: of the same line of a grid, else of the form. What is blank is left as typed.
// data-picker-with="name" sends the value of another field of the form along.
(() => {
  const { element } = window.kouan;
  const say = window.kouan.words.bind(window.kouan);
  let list = null;
  let owner = null;
  let asking = null;
  let timer = 0;

  function close() {
    list?.remove();
    list = null;
    owner?.setAttribute("aria-expanded", "false");
    owner?.removeAttribute("aria-activedescendant");
    owner = null;
  }
  function choose(item) {
    const input = owner;
    const fill = item.fill;
    close();
    take(input, item.dataset.code, item.dataset.name);
    if (fill) fillIn(input, fill);
  }
  function fillIn(input, values) {
    const line = input.closest("[data-grid] tr");
    const begin = line ? input.name.replace(/[^-]*$/, "") : "";
    for (const [name, value] of Object.entries(values)) {
      const field = input.form?.elements[begin + name];
      if (!value || !field || field === input || field.value === value) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  // The form hears of it like of typing; the name stays.
  function take(input, code, itsName) {
    input.value = code;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    showName(input, itsName);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function showName(input, name) {
    const holder = input.closest(".field, td, .filter");
    let place = holder?.querySelector(".picked-name");
    if (!place && holder) {
      place = element("span", { class: "picked-name" });
      input.closest(".picker").append(place);
    }
    if (place) place.textContent = name || "";
    input.classList.toggle("has-name", Boolean(name));
  }
  function select(item) {
    list.querySelectorAll("li").forEach((each) => each.setAttribute("aria-selected", each === item));
    item?.scrollIntoView({ block: "nearest" });
    if (item) owner.setAttribute("aria-activedescendant", item.id);
  }
  // Below the field, above it where there is more room; fixed, so that no scrolling table cuts it off.
  function place(input) {
    const field = input.getBoundingClientRect();
    const below = window.innerHeight - field.bottom;
    const isAbove = below < Math.min(list.scrollHeight, 300) && field.top > below;
    list.style.minWidth = `${field.width}px`;
    list.style.maxHeight = `${Math.min(300, (isAbove ? field.top : below) - 12)}px`;
    list.style.left = `${Math.max(8, Math.min(field.left, window.innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = isAbove ? "auto" : `${field.bottom + 3}px`;
    list.style.bottom = isAbove ? `${window.innerHeight - field.top + 3}px` : "auto";
  }
  function show(input, options) {
    close();
    owner = input;
    const items = options.map((option, index) => element("li", { id: `picked-${index}`, role: "option", "aria-selected": index === 0, "data-code": option.code, "data-name": option.name },
      element("span", { class: "code" }, option.code), element("span", {}, option.name), option.note ? element("small", {}, option.note) : ""));
    items.forEach((item, index) => { item.fill = options[index].fill; });
    list = element("ul", { class: "picker-list", role: "listbox" }, ...(items.length ? items : [element("li", { class: "nothing" }, say("nothing_found"))]));
    input.closest(".picker").append(list);
    place(input);
    input.setAttribute("aria-expanded", "true");
    if (items.length) select(items[0]);
  }
  function addressOf(input) {
    const url = new URL(input.dataset.picker, location.href);
    url.searchParams.set("q", input.value.trim());
    const on = input.form?.querySelector("[data-declared-on]")?.value;
    if (on) url.searchParams.set("on", on);
    const beside = input.form?.elements[input.dataset.pickerWith];
    if (beside) url.searchParams.set("with", beside.value.trim());
    return url;
  }
  async function ask(input) {
    asking?.abort();
    asking = new AbortController();
    const url = addressOf(input);
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal: asking.signal });
      if (answer.ok && document.activeElement === input) show(input, (await answer.json()).options);
    } catch { /* typing the code by hand always works */ }
  }
  // What was typed, pasted or restored without choosing: its name where it is a code, its code where it is a name.
  async function nameTyped(input) {
    const typed = input.value.trim();
    if (!typed || input.classList.contains("has-name")) return;
    try {
      const answer = await fetch(addressOf(input), { credentials: "same-origin" });
      if (!answer.ok || input.value.trim() !== typed) return;
      const { options } = await answer.json();
      const known = options.find((option) => option.code === typed);
      const named = options.filter((option) => option.name === typed);
      if (known) showName(input, known.name);
      else if (named.length === 1) take(input, named[0].code, typed);
    } catch { /* the code stands as it was typed */ }
  }
  function prepare(root) {
    for (const input of root.querySelectorAll("input[data-picker]:not([role])")) {
      const holder = element("div", { class: "picker" });
      input.replaceWith(holder);
      holder.append(input);
      for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", autocomplete: "off" })) input.setAttribute(name, value);
      if (input.dataset.name) showName(input, input.dataset.name);
    }
  }
  document.addEventListener("change", (event) => { if (event.target.matches?.("input[data-picker]")) nameTyped(event.target); });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("input[data-picker]")) return;
    showName(event.target, "");
    if (!event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(event.target), 150);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("input[data-picker]") && !event.target.value) ask(event.target);
    else if (list && !event.target.closest(".picker")) close();
  });
  document.addEventListener("focusout", (event) => { if (event.target === owner) setTimeout(() => { if (document.activeElement !== owner) close(); }, 120); });
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest?.(".picker-list li[data-code]");
    if (!item) return;
    event.preventDefault();
    choose(item);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("input[data-picker]") || event.isComposing) return;
    if (!list) {
      if (event.key === "ArrowDown" && !event.target.closest("[data-grid]")) ask(event.target);
      return;
    }
    const items = [...list.querySelectorAll("li[data-code]")];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopImmediatePropagation();
      select(items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && items[at] && event.target.value) {
      if (event.key === "Enter") { event.preventDefault(); event.stopImmediatePropagation(); }
      choose(items[at]);
    } else if (event.key === "Escape") { event.stopPropagation(); close(); }
  }, true);
  document.addEventListener("scroll", (event) => { if (list && event.target !== list) place(owner); }, { capture: true, passive: true });
  window.addEventListener("resize", () => { if (list) place(owner); });
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target.parentNode || event.target));
})();
