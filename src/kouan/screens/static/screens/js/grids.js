// Grids: a table of inputs that takes a paste from a spreadsheet, adds rows, and moves with the arrows.
// <table class="grid-table" data-grid="goods"> with a <template data-row> whose names hold __prefix__ (a Django formset).
(() => {
  const say = window.kouan.words.bind(window.kouan);
  const cellsOf = (row) => [...row.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select, textarea")];
  const rowsOf = (grid) => [...grid.tBodies[0].rows].filter((row) => !row.hidden);
  const totalOf = (grid) => grid.closest("form")?.elements[`${grid.dataset.grid}-TOTAL_FORMS`];

  function number(grid) {
    rowsOf(grid).forEach((row, index) => { const at = row.querySelector("td.at"); if (at) at.textContent = index + 1; });
  }
  function addRow(grid) {
    const template = grid.querySelector("template[data-row]");
    const total = totalOf(grid);
    const most = Number(grid.dataset.most || 1000);
    if (!template || rowsOf(grid).length >= most) return null;
    const index = total ? Number(total.value) : rowsOf(grid).length;
    const holder = document.createElement("tbody");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", index);
    const row = holder.rows[0];
    grid.tBodies[0].append(row);
    if (total) total.value = index + 1;
    number(grid);
    row.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    return row;
  }
  // Spreadsheets quote a cell that holds a line break, a tab or a quote.
  function parse(text) {
    const rows = [[""]];
    let quoted = false;
    for (let index = 0; index < text.length; index += 1) {
      const character = text[index];
      const row = rows[rows.length - 1];
      if (quoted) {
        if (character === '"' && text[index + 1] === '"') { row[row.length - 1] += '"'; index += 1; }
        else if (character === '"') quoted = false;
        else row[row.length - 1] += character;
      } else if (character === '"' && row[row.length - 1] === "") quoted = true;
      else if (character === "\t") row.push("");
      else if (character === "\n") rows.push([""]);
      else if (character !== "\r") row[row.length - 1] += character;
    }
    const last = rows[rows.length - 1];
    if (last.length === 1 && last[0] === "") rows.pop();
    return rows;
  }
  // "120千克": the number stays, its unit goes into the field that follows, where that is blank and takes one.
  function giveUnit(cell, word) {
    const cells = cellsOf(cell.closest("tr"));
    const next = cells[cells.indexOf(cell) + 1];
    if (next && /unit$/.test(next.name) && !next.value) setCell(next, word);
  }
  // The titles of a pasted block, in any order: a row of which at least two cells, and more than half, are titles here.
  const plainTitle = (text) => text.replace(/[\s*＊:：]|[（(].*?[）)]/g, "").toLowerCase();
  function titlesOf(grid) {
    const cells = cellsOf(grid.querySelector("template[data-row]")?.content.querySelector("tr") || grid.tBodies[0].rows[0]);
    const heads = [...grid.tHead.rows[0].cells];
    const found = new Map();
    cells.forEach((cell, index) => {
      const head = heads[cell.closest("td").cellIndex];
      for (const word of [head?.textContent, ...(cell.dataset.alsoCalled || "").split("|")]) if (word && plainTitle(word)) found.set(plainTitle(word), index);
    });
    return found;
  }
  function columnsOf(grid, first) {
    const titles = titlesOf(grid);
    const places = first.map((text) => titles.get(plainTitle(text)) ?? -1);
    const known = places.filter((place) => place >= 0).length;
    return known >= 2 && known * 2 > first.filter((text) => text.trim()).length ? places : null;
  }
  function setCell(cell, text) {
    const value = text.trim().replace(/\s*\n\s*/g, " ");
    if (cell instanceof HTMLSelectElement) {
      const option = [...cell.options].find((each) => each.value === value || each.text.trim() === value || each.text.trim().startsWith(`${value} `));
      if (option) cell.value = option.value;
    } else if (cell.type === "number" || cell.inputMode === "decimal") {
      const number = value.replace(/[,，\s\u00a0\u3000]/g, "").match(/^[^\d.+-]{0,3}([+-]?\d*\.?\d+)([^\d]{0,8})$/);
      cell.value = number ? number[1] : value;
      if (number?.[2]) giveUnit(cell, number[2]);
    } else cell.value = value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("paste", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!grid || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const pasted = parse(text);
    const named = columnsOf(grid, pasted[0]);
    const unknown = named ? pasted[0].filter((title, index) => named[index] < 0 && title.trim()) : [];
    if (named) pasted.shift();
    let row = event.target.closest("tr");
    const column = named ? 0 : cellsOf(row).indexOf(event.target);
    const width = cellsOf(row).length - column;
    let filled = 0;
    for (const values of pasted) {
      row ||= addRow(grid);
      if (!row) break;
      const cells = cellsOf(row).slice(column);
      // Numbers last: their units stand only where no column of its own gave one.
      const taken = values.map((value, index) => [cells[named ? named[index] : index], value]).filter(([cell]) => cell);
      taken.sort(([one], [other]) => (one.inputMode === "decimal") - (other.inputMode === "decimal"));
      for (const [cell, value] of taken) if (value.trim() || !named) setCell(cell, value);
      filled += 1;
      row = row.nextElementSibling;
      while (row?.hidden) row = row.nextElementSibling;
    }
    if (unknown.length) window.kouan.toast(say("paste_unknown", { titles: unknown.join("、") }), "warning");
    if (filled < pasted.length) window.kouan.toast(say("paste_full", { most: rowsOf(grid).length, left: pasted.length - filled }), "warning");
    const widest = named ? 0 : Math.max(...pasted.map((values) => values.length));
    window.kouan.toast(say("pasted", { rows: filled, columns: named ? named.filter((place) => place >= 0).length : Math.min(widest, width) }), "success");
    if (widest > width) window.kouan.toast(say("paste_cut", { n: widest - width }), "warning");
  });
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) cellsOf(addRow(document.querySelector(`[data-grid="${add.dataset.addRow}"]`)) || document.createElement("tr"))[0]?.focus();
    const drop = event.target.closest("[data-drop-row]");
    if (drop) {
      const row = drop.closest("tr");
      const grid = drop.closest("[data-grid]");
      const mark = row.querySelector("input[name$=-DELETE]");
      if (mark) { mark.checked = true; mark.value = "on"; }
      row.hidden = true;
      if (!mark) cellsOf(row).forEach((cell) => { cell.value = ""; });
      number(grid);
      grid.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    if (!grid || event.target instanceof HTMLSelectElement || event.target.getAttribute("aria-expanded") === "true") return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!step || event.isComposing) return;
    const row = event.target.closest("tr");
    const rows = rowsOf(grid);
    const next = rows[rows.indexOf(row) + step] || (event.key === "Enter" ? addRow(grid) : null);
    event.preventDefault();
    if (next) cellsOf(next)[cellsOf(row).indexOf(event.target)]?.focus();
  });
  // A draft with more rows than the page: make them before they are filled.
  document.addEventListener("kouan:fill", (event) => {
    for (const grid of event.target.querySelectorAll("[data-grid]")) {
      const wanted = Number(event.detail.get(`${grid.dataset.grid}-TOTAL_FORMS`)?.[0] || 0);
      while (rowsOf(grid).length < wanted && addRow(grid));
    }
  });
  document.querySelectorAll("[data-grid]").forEach(number);
})();
