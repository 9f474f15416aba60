"use strict";
// Draws every figure, and fits them to the paper before printing.
(function () {
  const figures = new Map(JSON.parse(document.getElementById("figures").textContent).map((f) => [f.id, f]));
  const config = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d"], showTips: false };
  function draw(place) {
    const figure = figures.get(place.id);
    if (!figure || place.dataset.drawn) return;
    place.dataset.drawn = "1";
    const layout = { ...figure.layout, width: undefined, autosize: true };
    if (place.clientWidth < 520) layout.font = { ...layout.font, size: 11 };
    Plotly.newPlot(place, figure.data, layout, { ...config, displayModeBar: place.clientWidth > 700 ? "hover" : false });
  }
  const places = Array.from(document.querySelectorAll(".plot"));
  places.forEach(draw);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details.numbers").forEach((d) => { d.open = false; });
    places.forEach((place) => Plotly.relayout(place, { width: 640 }));
  });
  window.addEventListener("afterprint", () => places.forEach((place) => Plotly.relayout(place, { width: null, autosize: true })));
})();
