"use strict";
// Draws every figure, and draws it anew for the paper before printing.
(function () {
  const figures = new Map(JSON.parse(document.getElementById("figures").textContent).map((f) => [f.id, f]));
  const config = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d"], showTips: false };
  const places = Array.from(document.querySelectorAll(".plot")).filter((place) => figures.has(place.id));
  function draw(place, size, more) {
    const { data, layout } = figures.get(place.id);
    place.style.height = `${size.height || layout.height}px`;
    // A deep copy: plotly.js writes into what it is given.
    Plotly.newPlot(place, structuredClone(data), { ...structuredClone(layout), ...size }, { ...config, ...more });
    // A legend of several lines takes its room from the plot: the figure grows by what it takes.
    const legend = place.querySelector(".legend");
    const taken = legend ? Math.round(legend.getBoundingClientRect().height) - 40 : 0;
    if (taken > 4 && !size.grown) draw(place, { ...size, height: (size.height || layout.height) + taken, grown: true }, more);
  }
  function drawOnScreen(place) {
    const size = { width: undefined, autosize: true };
    if (place.clientWidth < 520) size.font = { ...figures.get(place.id).layout.font, size: 11 };
    draw(place, size, { displayModeBar: place.clientWidth > 700 ? "hover" : false });
  }
  // Wider than the paper, as report.css prints it smaller, and tall figures lower, so that two may share a page.
  function drawOnPaper(place) {
    const { height } = figures.get(place.id).layout;
    const size = { width: 820, autosize: false, height: height > 330 ? Math.max(330, Math.round(0.8 * height)) : height };
    draw(place, size, { displayModeBar: false, responsive: false });
  }
  const contents = document.querySelector("nav details");
  if (contents) contents.open = window.innerWidth > 640; // on a telephone the report begins on the first screen
  places.forEach(drawOnScreen);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details.numbers").forEach((d) => { d.open = false; });
    if (contents) contents.open = true;
    places.forEach(drawOnPaper);
  });
  window.addEventListener("afterprint", () => places.forEach(drawOnScreen));
})();
