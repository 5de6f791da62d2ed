// echarts in the colours and type of the page, drawn again when the light changes; quiet about motion.
(() => {
  const style = () => getComputedStyle(document.documentElement);
  const token = (name) => style().getPropertyValue(`--${name}`).trim();
  const live = new Map();

  function theme() {
    const axis = {
      axisLine: { lineStyle: { color: token("line-2") } },
      axisTick: { lineStyle: { color: token("line-2") } },
      axisLabel: { color: token("ink-2"), fontSize: 12 },
      splitLine: { lineStyle: { color: token("line") } },
      nameTextStyle: { color: token("ink-3") },
    };
    return {
      color: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => token(`series-${number}`)),
      backgroundColor: "transparent",
      textStyle: { fontFamily: token("font"), color: token("ink") },
      legend: { textStyle: { color: token("ink-2") }, icon: "roundRect", itemWidth: 12, itemHeight: 12, itemGap: 16 },
      tooltip: { backgroundColor: token("card"), borderColor: token("line-2"), textStyle: { color: token("ink"), fontSize: 13 }, renderMode: "richText" },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
      timeAxis: axis,
      logAxis: axis,
      line: { symbol: "circle", symbolSize: 6, lineStyle: { width: 2 } },
      bar: { barMaxWidth: 36 },
    };
  }

  function draw(box) {
    if (!window.echarts || !box.clientWidth) return;
    live.get(box)?.dispose();
    const options = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = window.echarts.init(box, theme(), { renderer: "svg" });
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({ animation: !isStill, animationDuration: 250, grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true }, ...options });
    // A point that carries a url leads to the cases behind it.
    chart.on("click", (event) => { if (event.data?.url) location.assign(event.data.url); });
    live.set(box, chart);
  }
  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  drawAll(document);
  document.addEventListener("kouan:theme", () => setTimeout(() => drawAll(document), 30));
  document.addEventListener("kouan:shown", (event) => drawAll(event.target));
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
  window.addEventListener("resize", () => live.forEach((chart, box) => (box.isConnected ? chart.resize() : live.delete(box))));
})();
