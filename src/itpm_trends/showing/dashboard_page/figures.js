// ------------------------------------------------------------------ figures: one look for all of them
let isPrinting = false;
const DARK = { ink: "#e6eaee", soft: "#a9b4bf", grid: "#333c45", required: "#56B4E9", open: "#2fc49a", preferred: "#2b5a78", grey: "#8a949e", falling: "#ff8a50", gain: "#56B4E9", freq: "#E69F00", hover: "#1d242b", paper: "#14191e" };
const LIGHT = { ink: "#1f2933", soft: "#52606d", grid: "#d9dee3", required: "#0072B2", open: "#009E73", preferred: "#A6D4F2", grey: "#8A8A8A", falling: "#D55E00", gain: "#0072B2", freq: "#E69F00", hover: "#ffffff", paper: "#ffffff" };
const colours = () => (matchMedia("(prefers-color-scheme: dark)").matches && !isPrinting ? DARK : LIGHT);
/** The same figure in the colours of paper. */
function onPaper(drawn) {
  if (colours() === LIGHT) return drawn;
  return JSON.parse(Object.keys(DARK).reduce((text, name) => text.replaceAll(`"${DARK[name]}"`, `"${LIGHT[name]}"`), JSON.stringify(drawn)));
}
// Okabe and Ito's colours, told apart by readers with any of the common colour deficiencies.
const SERIES = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"];
const AT_ONCE = 50000, TOP = 15, narrow = () => innerWidth < 520;
const labelWidth = () => (narrow() ? 20 : 34);
const named = (items) => items.map((s) => wrapped(s.label, labelWidth()));
const axis = (c, more) => ({ automargin: true, gridcolor: c.grid, zerolinecolor: c.soft, fixedrange: true, ...more, title: { text: wrapped((more && more.title) || "", narrow() ? (more && more.domain ? 14 : 28) : 80), standoff: 10 } });
const timeAxis = (c, days, more) => axis(c, { type: "date", tickformat: "%b<br>%Y", nticks: narrow() ? 5 : 10, range: [Date.parse(days[0]) - 20 * 864e5, Date.parse(days.at(-1)) + 20 * 864e5], ...more });
const rowsAxis = (c, more) => axis(c, { autorange: "reversed", ticklabelstandoff: 6, ...more });
const shareAxis = (c, most, more) => axis(c, { title: texts.share_axis, tickformat: ".0%", range: [0, Math.min(1, most * 1.06)], nticks: 6, ...more });
function layout(c, height, more) {
  return { height, autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 8, r: 18, t: 40, b: 50 }, font: { family: getComputedStyle(document.body).fontFamily, size: narrow() ? 11 : 13, color: c.ink },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", traceorder: "normal" }, hoverlabel: { align: "left", bgcolor: c.hover, bordercolor: c.soft, font: { color: c.ink } }, barmode: "stack", bargap: 0.35, ...more };
}
const plain = { l: 8, r: 18, t: 14, b: 50 };  // margins of a figure without a legend
const whiskers = (c, array, arrayminus) => ({ type: "data", array, arrayminus, color: c.ink, thickness: 1.5, width: 4 });
function rowsHeight(names, more) {
  const lines = Math.max(1, ...names.map((name) => name.split("<br>").length));
  return Math.max(3, names.length) * (18 + 13 * lines) + more;
}
const hover = (r, words) => [words, ...(explained[r] ? linesOf(explained[r], 60).map(safe) : [])].join("<br>");
const note = (chosen, more) => fill(texts.note, { n: count(chosen.n), employers: count(chosen.employers) }) + (more || "");
const tooFew = (n) => fill(texts.too_few, { n: count(n), min: rules.min_postings });

// ------------------------------------------------------------------ handing out
function guarded(cell) {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "number" ? String(cell) : /^[=+\-@\t\r]/.test(cell) ? "'" + cell : String(cell);
  return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}
function handOut(name, href) {
  const link = element("a", { download: name, href });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
const handOutCsv = (id, csv) => handOut(`itpm-trends-${id}.csv`, URL.createObjectURL(new Blob(["\ufeff" + csv.map((row) => row.map(guarded).join(",")).join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" })));
/** The figure as a picture that speaks for itself: title, note, filters and date stand in it. */
async function handOutPng(id, title, lines, figure) {
  const { traces, drawn } = onPaper(figure), width = 1000, heading = linesOf(title, 80), small = lines.flatMap((text) => linesOf(text, 130)), top = 30 + 24 * heading.length + 17 * small.length;
  const margin = { ...drawn.margin, l: 16, t: drawn.margin.t + top }, height = drawn.height + top;
  const title_ = { text: heading.map(safe).join("<br>"), subtitle: { text: small.map(safe).join("<br>"), font: { size: 12, color: LIGHT.soft } }, x: 0, xref: "container", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { l: 16, t: 14 + 22 * (heading.length - 1) }, font: { size: 18 } };
  const picture = await Plotly.toImage({ data: traces, layout: { ...drawn, width, height, margin, title: title_, paper_bgcolor: LIGHT.paper } }, { format: "png", width, height, scale: 2 });
  handOut(`itpm-trends-${id}.png`, picture);
}

// ------------------------------------------------------------------ a figure, its table and its downloads
let place = null;
const target = () => place || $("view");
/** Draw at once; of very many postings a little later, in its own place, so that the rest need not wait. */
function drawn(chosen, draw) {
  if (chosen.n <= AT_ONCE) { draw(); return; }
  const later = element("div", {}, element("p", { class: "message" }, texts.working));
  $("view").append(later);
  setTimeout(() => {
    if (!later.isConnected) return;
    later.replaceChildren();
    place = later;
    draw();
    place = null;
  }, 50);
}
/** `body` are the rows of the table; a cell that is an object {text, r} carries the definition of requirement r. */
function figure({ id, title, note, message, traces, layout: drawn, alt, head, body, csv, lead }) {
  const box = element("figure", { id: "figure-" + id }, element("figcaption", {}, element("h3", {}, title), element("p", { class: "soft" }, note || "")));
  target().append(box);
  if (lead) box.append(...[].concat(lead).map((text) => element("p", { class: "lead" }, text)));
  if (message) { box.append(element("p", { class: "message" }, message)); return; }
  const plot = element("div", { class: "plot", role: "img", "aria-label": alt, style: `height:${drawn.height}px` });
  const details = element("details", {}, element("summary", {}, texts.table));
  details.addEventListener("toggle", () => { if (details.open && !details.querySelector("table")) details.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, tableOf(id, head, body()))); });
  const asCsv = element("button", { type: "button", "data-csv": id }, texts.csv), asPng = element("button", { type: "button", "data-png": id }, texts.png);
  asCsv.addEventListener("click", () => handOutCsv(id, csv()));
  asPng.addEventListener("click", () => handOutPng(id, title, [note || "", chosenWords(), fill(texts.as_of, { as_of: market.as_of }), ...Array.from(document.querySelectorAll(".simulated"), (banner) => banner.textContent)].filter(Boolean), { traces, drawn }));
  box.append(plot, details, element("div", { class: "tools" }, asCsv, asPng));
  Plotly.newPlot(plot, traces, drawn, { displayModeBar: false, responsive: true });
}
function tableOf(id, head, body) {
  return element("table", { id: "table-" + id }, element("thead", {}, element("tr", {}, ...head.map((h, i) => element("th", { scope: "col", class: i ? "number" : null }, h)))),
    element("tbody", {}, ...body.map((row) => element("tr", {}, ...row.map((cell, i) => element("td", { class: i ? "number" : null }, cell && cell.text ? term(cell.text, explained[cell.r]) : cell))))));
}
let nTerms = 0;
/** A word with what it means, for pointer, finger and keyboard. */
function term(name, meaning) {
  if (!meaning) return name;
  const id = "term-" + nTerms++;
  return element("span", { class: "term", tabindex: "0", "aria-describedby": id }, name, element("span", { role: "tooltip", id }, meaning));
}
