// ------------------------------------------------------------------ what the visitor chose, kept in the address
const FILTERS = ["country", "seniority", "workplace", "source"], COLUMN = { country: "country_code", seniority: "seniority", workplace: "workplace", source: "source" };
const CHOICES = ["from", "to", ...FILTERS], KEPT = [...CHOICES, "line", "currency", "profile", "degree", "field", "years"];
const state = { tab: "short", have: new Set(), ...Object.fromEntries(KEPT.map((name) => [name, ""])) };
const form = $("form");
function readAddress() {
  const known = new URLSearchParams(location.hash.slice(1));
  for (const name of KEPT) state[name] = known.get(name) || "";
  if (!market.reach.degrees.includes(state.degree)) state.degree = "";
  if (!(state.field in market.reach.fields)) state.field = "";
  if (!/^\d{1,2}$/.test(state.years)) state.years = "";
  state.tab = texts.tabs.some(([id]) => id === known.get("tab")) ? known.get("tab") : texts.tabs[0][0];
  state.have = new Set((known.get("have") || "").split(",").filter((id) => at.has(id)));
  for (const name of CHOICES) {
    form.elements[name].value = state[name];
    if (form.elements[name].value !== state[name]) { state[name] = ""; form.elements[name].value = ""; }
  }
}
function writeAddress() {
  const told = new URLSearchParams({ tab: state.tab });
  for (const name of KEPT) if (state[name]) told.set(name, state[name]);
  if (state.have.size) told.set("have", [...state.have].sort().join(","));
  history.replaceState(null, "", "#" + told.toString());
}
function chosenPostings() {
  const first = state.from ? market.months.indexOf(state.from) + 1 : 0, last = state.to ? market.months.indexOf(state.to) + 1 : Infinity;
  const wanted = FILTERS.filter((f) => state[f]).map((f) => [column[COLUMN[f]], state[f] === "?" ? UNKNOWN : market.filters[COLUMN[f]].value.indexOf(state[f]) + 1]);
  const rows = new Uint32Array(market.n), isDated = state.from || state.to;
  let n = 0;
  for (let i = 0; i < market.n; i++) {
    if (isDated && (column.month[i] === UNKNOWN || column.month[i] < first || column.month[i] > last)) continue;
    let fits = true;
    for (const [values, code] of wanted) if (values[i] !== code) { fits = false; break; }
    if (fits) rows[n++] = i;
  }
  return new Chosen(rows.slice(0, n));
}
/** The filters in words, for print and pictures. */
function chosenWords() {
  const words = CHOICES.filter((name) => state[name]).map((name) => `${texts.page[name]}: ${form.elements[name].selectedOptions[0].textContent}`);
  return words.length ? fill(texts.chosen, { filters: words.join("; ") }) : texts.unfiltered;
}

let chosen = null, chosenKey = null;
function update(focus) {
  const list = document.querySelector(".have"), scrolled = list ? list.scrollTop : 0, searched = $("search") ? $("search").value : "";
  for (const plot of document.querySelectorAll(".plot")) Plotly.purge(plot);
  const key = CHOICES.map((name) => state[name]).join("|");
  if (key !== chosenKey) { chosen = chosenPostings(); chosenKey = key; }
  const view = $("view");
  $("counted").textContent = fill(texts.counted, { n: count(chosen.n), all: count(market.n), employers: count(chosen.employers) });
  $("chosen").textContent = chosenWords();
  for (const tab of $("tabs").children) { const on = tab.dataset.tab === state.tab; tab.setAttribute("aria-selected", on); tab.tabIndex = on ? 0 : -1; }
  view.setAttribute("aria-labelledby", "tab-" + state.tab);
  view.replaceChildren(element("h2", {}, texts.questions[state.tab]), element("p", { class: "terms" }, ...(TERMS[state.tab] || ["share", "interval", "required"]).map((name) => {
    const [word, ...rest] = fill(texts.terms[name], { bar: percent(market.reach.bar) }).split(":");
    return term(word, rest.join(":").trim());
  })));
  if (!market.n) view.append(element("p", { class: "message" }, texts.no_postings)); else DRAW[state.tab](chosen);
  if (document.querySelector(".have")) document.querySelector(".have").scrollTop = scrolled;
  if ($("search") && searched) { $("search").value = searched; $("search").dispatchEvent(new Event("input")); }
  writeAddress();
  if (focus && $(focus)) $(focus).focus({ preventScroll: true });
}

// ------------------------------------------------------------------ start
function options(select, values, labels, missing) {
  select.append(element("option", { value: "" }, texts.all), ...values.map((v, i) => element("option", { value: v }, labels[i])));
  if (missing) select.append(element("option", { value: "?" }, texts.not_stated));
}
for (const name of ["from", "to"]) options(form.elements[name], market.months, market.months, false);
for (const f of FILTERS) options(form.elements[f], market.filters[COLUMN[f]].value, market.filters[COLUMN[f]].label, column[COLUMN[f]].includes(UNKNOWN));
form.addEventListener("change", (event) => { state[event.target.name] = event.target.value; update(); });
form.addEventListener("submit", (event) => event.preventDefault());
$("clear").addEventListener("click", () => { form.reset(); for (const name of CHOICES) state[name] = ""; update(); });
$("print").addEventListener("click", () => print());
texts.tabs.forEach(([id, name]) => {
  const tab = element("button", { type: "button", role: "tab", id: "tab-" + id, "aria-controls": "view", "data-tab": id }, name);
  tab.addEventListener("click", () => { state.tab = id; update("tab-" + id); });
  $("tabs").append(tab);
});
$("tabs").addEventListener("keydown", (event) => {
  const ids = texts.tabs.map(([id]) => id), step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  state.tab = step ? ids[(ids.indexOf(state.tab) + step + ids.length) % ids.length] : ids.at(event.key === "Home" ? 0 : -1);
  update("tab-" + state.tab);
});
$("fresh").textContent = market.n ? fill(texts.fresh, { as_of: market.as_of, when: market.when, mix: tally(new Chosen(Uint32Array.from({ length: market.n }, (_, i) => i)), "source").cells.map((s) => `${s.label} ${percent(s.k / s.n)}`).slice(0, 4).join(", ") + (market.sources.length > 4 ? fill(texts.more_sources, { n: market.sources.length - 4 }) : "") }) + (market.n_drawn_from ? " " + fill(texts.sampled, { n: count(market.n), all: count(market.n_drawn_from) }) : "") : texts.no_postings;
if (innerWidth < 640) $("filters").open = false;
addEventListener("hashchange", () => { readAddress(); update(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => update());
// Paper is narrower than most screens, and white.
const PAPER = 680, SHORTER = 0.85;
addEventListener("beforeprint", () => {
  isPrinting = true;
  update();
  for (const plot of document.querySelectorAll(".plot")) {
    const height = Math.round(plot.layout.height * SHORTER);
    plot.style.height = height + "px";
    Plotly.relayout(plot, { width: PAPER, height });
  }
});
addEventListener("afterprint", () => { isPrinting = false; update(); });
readAddress();
update();
document.documentElement.dataset.ready = Math.round(performance.now());
