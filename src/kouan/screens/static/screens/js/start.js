// Before anything is drawn: say that scripts run, and hand the page's texts to the other scripts.
document.documentElement.classList.add("js");
window.kouan = {
  words(name, values = {}) {
    if (!this.texts) this.texts = JSON.parse(document.getElementById("script-words").textContent);
    return (this.texts[name] || name).replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  },
  icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    const drawn = document.querySelector("svg.icon use");
    const sprite = drawn ? drawn.getAttribute("href").split("#")[0] : "";
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite}#${name}`);
    svg.append(use);
    return svg;
  },
  element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  },
  csrf() {
    return document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  },
  store(key, value) {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key));
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      return null;
    }
    return value;
  },
};
