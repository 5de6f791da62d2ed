// Words that were not read: whoever selects them in the text is asked what they are. Offsets count code points, as the
// server counts them.
(() => {
  const text = document.querySelector("[data-pointing]");
  const bar = document.querySelector(".pointing");
  if (!text || !bar) return;

  const offset = (node, at) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
    if (!piece || !text.contains(piece)) return null;
    const before = document.createRange();
    before.setStart(piece, 0);
    before.setEnd(node, at);
    const words = before.cloneContents();
    for (const label of words.querySelectorAll(".point")) label.remove();
    return Number(piece.dataset.at) + [...words.textContent].length;
  };

  function point() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const from = range && offset(range.startContainer, range.startOffset);
    const to = range && offset(range.endContainer, range.endOffset);
    bar.hidden = from === null || to === null || !range || from >= to;
    if (bar.hidden) return;
    for (const link of bar.querySelectorAll("a")) {
      link.href = `${text.dataset.pointing}?${new URLSearchParams({ kind: link.dataset.kind, from, to })}`;
    }
    const place = range.getBoundingClientRect();
    const frame = bar.offsetParent.getBoundingClientRect();
    const left = Math.min(place.left - frame.left, frame.width - bar.offsetWidth - 8);
    bar.style.left = `${Math.max(8, left)}px`;
    bar.style.top = `${Math.max(0, place.top - frame.top - bar.offsetHeight - 6)}px`;
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(point, 150);
  });
  text.addEventListener("scroll", () => { bar.hidden = true; });
})();
