"use strict";
// Counts the postings that pass the filters and draws them. The formulas are those of measuring/intervals.py and
// measuring/recommend.py; tests/showing compares the two.
(function () {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const market = read("market"), texts = read("texts");
  const bytes = (packed) => Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)).buffer;
  const u1 = (packed) => new Uint8Array(bytes(packed)), u2 = (packed) => new Uint16Array(bytes(packed)), u4 = (packed) => new Uint32Array(bytes(packed));
  const FILTERS = ["country", "seniority", "workplace", "source"];
  const MISSING = 65535, NO_YEARS = 255, Z = 1.959963984540054, TOP = 15, MOST_STEPS = 10, MOST_CHOSEN_FROM = 6000;
  const codes = Object.fromEntries(FILTERS.map((f) => [f, u2(market.filters[f].of)]));
  const month = u2(market.months.of), employers = u4(market.employers), years = u1(market.years);
  const periodOf = u2(market.periods.of), starts = u4(market.starts), stating = u2(market.stating);
  const required = market.requirements, nRequirements = required.id.length;
  const at = new Map(required.id.map((id, i) => [id, i]));
  const needsDegree = u1(market.reach.needs_degree), needsYears = u1(market.reach.needs_years);
  const givenBy = required.id.map((_, r) => [r]);  // the steps that meet a requirement: itself, and certifications that bring it
  required.gives.forEach((others, r) => { for (const other of others) givenBy[other].push(r); });
  const $ = (id) => document.getElementById(id);
  const form = $("form");

  // ------------------------------------------------------------------ words
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const count = (n) => n.toLocaleString("en-GB");
  const percent = (x) => { const p = 100 * x; return p.toFixed((p > 0 && p < 1) || (p > 99 && p < 100) ? 1 : 0) + " %"; };
  const range = (low, high) => percent(low).replace(" %", "") + "–" + percent(high);
  const points = (x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(1);
  const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  function wrapped(text, width) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = lines[lines.length - 1];
      if (line && line.length + word.length + 1 > width) lines.push(word); else lines[lines.length - 1] = line ? line + " " + word : word;
    }
    return lines.map(safe).join("<br>");
  }
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    made.append(...children.filter((c) => c !== null));
    return made;
  }

  // ------------------------------------------------------------------ state, kept in the address
  const state = { tab: "asked", line: "", have: new Set(), profile: "", degree: "", years: "" };
  const PERSON = ["profile", "degree", "years"];
  for (const name of ["from", "to", ...FILTERS]) state[name] = "";
  function readAddress() {
    const known = new URLSearchParams(location.hash.slice(1));
    for (const name of ["from", "to", ...FILTERS, "line", ...PERSON]) state[name] = known.get(name) || "";
    if (!market.reach.degrees.includes(state.degree)) state.degree = "";
    if (!/^\d{1,2}$/.test(state.years)) state.years = "";
    state.tab = texts.tabs.some(([id]) => id === known.get("tab")) ? known.get("tab") : "asked";
    state.have = new Set((known.get("have") || "").split(",").filter((id) => at.has(id)));
    for (const name of ["from", "to", ...FILTERS]) {
      form.elements[name].value = state[name];
      if (form.elements[name].value !== state[name]) { state[name] = ""; form.elements[name].value = ""; }
    }
  }
  function writeAddress() {
    const told = new URLSearchParams({ tab: state.tab });
    for (const name of ["from", "to", ...FILTERS, "line", ...PERSON]) if (state[name]) told.set(name, state[name]);
    if (state.have.size) told.set("have", [...state.have].sort().join(","));
    history.replaceState(null, "", "#" + told.toString());
  }

  // ------------------------------------------------------------------ counting
  function filtered() {
    const first = state.from ? market.months.value.indexOf(state.from) : -1;
    const last = state.to ? market.months.value.indexOf(state.to) : Infinity;
    const wanted = FILTERS.filter((f) => state[f]).map((f) => [codes[f], state[f] === "?" ? MISSING : market.filters[f].value.indexOf(state[f])]);
    const rows = [];
    for (let i = 0; i < market.n; i++) {
      if ((state.from || state.to) && (month[i] === MISSING || month[i] < first || month[i] > last)) continue;
      if (wanted.every(([of, code]) => of[i] === code)) rows.push(i);
    }
    return rows;
  }
  function employerSizes(rows) {
    const sizes = new Map();
    for (const i of rows) sizes.set(employers[i], (sizes.get(employers[i]) || 0) + 1);
    return sizes;
  }
  function sizeMet(sizes, n) {
    let squares = 0;
    for (const size of sizes.values()) squares += size * size;
    return n ? Math.max(squares / n, 1) : 1;
  }
  // Student's 97.5 % quantile by its expansion around the normal one (Abramowitz and Stegun 26.7.5).
  const EXPANSION = [Z, (Z ** 3 + Z) / 4, (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160];
  const quantile = (freedom) => EXPANSION.reduce((sum, term, power) => sum + term / freedom ** power, 0);
  // The same as measuring/intervals.py: Wilson, a design effect for employers, Student's quantile for few of them.
  function interval(k, n, met, correlation) {
    if (!n) return [0, 1];
    const effect = 1 + (met - 1) * correlation, clustered = (effect - 1) / effect;
    const freedom = Math.max(1 / (clustered ** 2 / Math.max(n / met - 1, 1) + (1 - clustered) ** 2 / Math.max(n - 1, 1)), 2);
    const z = effect > 1 ? quantile(freedom) : Z, share = k / n, effective = n / effect;
    const centre = share * effective + z * z / 2, half = z * Math.sqrt(effective * share * (1 - share) + z * z / 4);
    const low = (centre - half) / (effective + z * z), high = (centre + half) / (effective + z * z);
    return [Math.min(Math.max(low, 0), share), Math.max(Math.min(high, 1), share)];
  }
  function shares(rows) {
    const byFirmness = [0, 1, 2].map(() => new Uint32Array(nRequirements));
    for (const i of rows) for (let j = starts[i]; j < starts[i + 1]; j++) byFirmness[stating[j] & 3][stating[j] >> 2]++;
    const n = rows.length, met = sizeMet(employerSizes(rows), n);
    return required.id.map((id, r) => {
      const [preferred, strict, open] = byFirmness.map((counts) => counts[r]);
      const mentioning = preferred + strict + open;
      const [low, high] = interval(mentioning, n, met, required.correlation[r]);
      return { id, label: required.label[r], kind: required.kind[r], step: required.step[r], n, mentioning, preferred, strict, open, nRequired: strict + open, share: n ? mentioning / n : 0, low, high };
    });
  }
  function clusteredMean(values, rows) {
    const n = rows.length, mean = values.reduce((a, b) => a + b, 0) / n, sums = new Map();
    rows.forEach((i, at) => sums.set(employers[i], (sums.get(employers[i]) || 0) + values[at] - mean));
    let squares = 0;
    for (const sum of sums.values()) squares += sum * sum;
    const clusters = sums.size, freedom = Math.max(n / sizeMet(employerSizes(rows), n) - 1, 2);
    const reach = quantile(freedom) * Math.sqrt(clusters / Math.max(clusters - 1, 1) * squares) / n;
    return [mean, Math.max(mean - reach, -1), Math.min(mean + reach, 1)];
  }

  // ------------------------------------------------------------------ what to learn next: measuring/coverage.py
  // Postings as what they ask: `item[j]` at `weight[j]` from `start[i]` on, the weights of a posting adding up to 1.
  function reachOf(rows) {
    const start = [0], item = [], weight = [], open = new Uint8Array(rows.length);
    const ladder = market.reach.degrees.indexOf(state.degree), mine = state.years === "" ? Infinity : +state.years;
    rows.forEach((i, row) => {
      const from = item.length;
      let whole = 0;
      for (let j = starts[i]; j < starts[i + 1]; j++) {
        if (!required.learnable[stating[j] >> 2]) continue;
        const one = stating[j] & 3 ? 1 : market.reach.preferred;
        item.push(stating[j] >> 2); weight.push(one); whole += one;
      }
      for (let j = from; j < item.length; j++) weight[j] /= whole;
      start.push(item.length);
      open[row] = (ladder < 0 || needsDegree[i] <= ladder + 1) && needsYears[i] <= mine + market.reach.slack_years;
    });
    return { start, item, weight, open, n: rows.length };
  }
  const curve = (nearness, softness) => 1 / (1 + Math.exp(-(nearness - market.reach.bar + softness / 2) / softness));
  function nearness(reach, met) {
    const near = new Float64Array(reach.n);
    for (let i = 0; i < reach.n; i++) for (let j = reach.start[i]; j < reach.start[i + 1]; j++) near[i] += reach.weight[j] * met[reach.item[j]];
    return near;
  }
  function coverage(reach, met, softness) {
    return nearness(reach, met).map((near, i) => reach.open[i] ? curve(reach.start[i] === reach.start[i + 1] ? 1 : near, softness) : 0);
  }
  const total = (values) => values.reduce((a, b) => a + b, 0);
  function learned(met, items) {
    const after = met.slice();
    for (const r of items) { after[r] = 1; for (const other of required.gives[r]) after[other] = 1; }
    return after;
  }
  function gains(reach, met, softness) {
    const near = nearness(reach, met), gain = new Float64Array(nRequirements);
    for (let i = 0; i < reach.n; i++) {
      if (!reach.open[i]) continue;
      const before = curve(near[i], softness), first = reach.start[i], last = reach.start[i + 1];
      const named = new Map();  // a named certification and its family may both stand in the posting
      for (let j = first; j < last; j++) {
        const r = reach.item[j];
        if (!met[r]) for (const step of givenBy[r]) named.set(step, (named.get(step) || 0) + reach.weight[j]);
      }
      for (const [step, added] of named) gain[step] += curve(near[i] + added, softness) - before;
    }
    return gain.map((g, r) => met[r] ? 0 : g);
  }
  const best = (candidates, value) => candidates.reduce((top, r) => value[r] > value[top] ? r : top, candidates[0]);
  function byFrequency(reach, met, candidates, n) {
    const asking = new Uint32Array(nRequirements);
    for (const r of reach.item) asking[r]++;
    return candidates.filter((r) => !met[r] && asking[r]).sort((a, b) => asking[b] - asking[a] || a - b).slice(0, n);
  }
  function byGain(reach, met, candidates, n, softness) {
    const chosen = [];
    while (chosen.length < n) {
      const gain = gains(reach, met, softness), r = best(candidates, gain);
      if (r === undefined || gain[r] <= 1e-9) break;
      chosen.push(r); met = learned(met, [r]);
    }
    return chosen;
  }
  function exchanged(reach, met, candidates, block, softness) {
    block = block.slice();
    for (let round = 0; round < market.reach.rounds; round++) {
      const before = block.join();
      for (let at = 0; at < block.length; at++) {
        const gain = gains(reach, learned(met, block.filter((_, other) => other !== at)), softness), r = best(candidates, gain);
        if (gain[r] > gain[block[at]] + 1e-9 * reach.n) block[at] = r;
      }
      if (block.join() === before) break;
    }
    return block;
  }
  function softness(reach, met, candidates) {
    const after = learned(met, byFrequency(reach, met, candidates, market.reach.block));
    return market.reach.softness.find((s) => 4 * total(coverage(reach, after, s).map((c) => c * (1 - c))) >= market.reach.on_the_slope) || market.reach.softness.at(-1);
  }
  function chosenSteps(reach, met, candidates) {
    const s = softness(reach, met, candidates), chosen = [];
    const reached = (have, block) => total(coverage(reach, learned(have, block), s));
    while (chosen.length < MOST_STEPS) {
      const left = candidates.filter((r) => !chosen.includes(r)), have = learned(met, chosen);
      const size = Math.min(market.reach.block, MOST_STEPS - chosen.length, left.length);
      const starts = [byGain(reach, have, left, size, s), byGain(reach, have, left, size, market.reach.softer * s), byFrequency(reach, have, left, size)];
      const blocks = starts.map((start) => exchanged(reach, have, left, start, s)), counts = blocks.map((b) => +reached(have, b).toFixed(9));
      const block = blocks[counts.indexOf(Math.max(...counts))];
      if (!block.length) break;
      const without = new Map(block.map((r) => [r, +reached(have, block.filter((other) => other !== r)).toFixed(9)]));
      chosen.push(...block.sort((a, b) => without.get(a) - without.get(b) || a - b));
    }
    return chosen;
  }
  function steps(rows) {
    const reach = reachOf(rows), s = market.reach.softness[0], asking = new Uint32Array(nRequirements);
    for (const r of reach.item) asking[r]++;
    let met = learned(new Float64Array(nRequirements), [...state.have].map((id) => at.get(id)));
    const candidates = [...asking.keys()].filter((r) => asking[r] >= market.min_asking && !met[r]);
    const everyNth = Math.ceil(rows.length / MOST_CHOSEN_FROM);  // a page answers at once: choose from a part, count on all
    const chosenFrom = everyNth > 1 ? reachOf(rows.filter((_, row) => row % everyNth === 0)) : reach;
    const mean = total(nearness(reach, met)) / (rows.length || 1);
    if (!candidates.length || total(reach.open) < market.min_postings) return { ranked: [], met: mean, open: total(reach.open) };
    const ranked = chosenSteps(chosenFrom, met, candidates).map((r) => {
      const before = coverage(reach, met, s), had = met;
      met = learned(met, [r]);
      const after = coverage(reach, met, s), [gain, low, high] = clusteredMean(after.map((c, i) => c - before[i]), rows);
      const nearer = total(nearness(reach, met)) / rows.length - total(nearness(reach, had)) / rows.length;
      return { id: required.id[r], label: required.label[r], gain, low, high, nearer, reached: total(after) / rows.length, asking: asking[r], share: asking[r] / rows.length };
    });
    return { ranked, met: mean, open: total(reach.open) };
  }
  function line(rows, id) {
    const r = at.get(id), first = market.periods.first, members = first.map(() => []);
    const states = new Set();
    for (const i of rows) {
      if (periodOf[i] === MISSING) continue;
      members[periodOf[i]].push(i);
      for (let j = starts[i]; j < starts[i + 1]; j++) if (stating[j] >> 2 === r) states.add(i);
    }
    // The shortest span whose typical size can be read: one period, four (a quarter for months), thirteen.
    const spans = market.periods.length === "month" ? [1, 3] : [1, 4, 13];
    let chosen = [];
    for (const span of spans) {
      chosen = [];
      const origin = Date.parse(first[0]);
      const group = first.map((day) => market.periods.length === "month" ? Math.floor((+day.slice(0, 4) * 12 + +day.slice(5, 7) - 1) / span) : Math.floor(Math.round((Date.parse(day) - origin) / 6048e5) / span));
      group.forEach((g, p) => {
        if (!chosen.length || chosen[chosen.length - 1].group !== g) chosen.push({ group: g, day: first[p], rows: [], partial: false, span });
        const last = chosen[chosen.length - 1];
        last.rows.push(...members[p]); last.partial ||= market.periods.partial[p];
      });
      const sorted = chosen.map((c) => c.rows.length).sort((a, b) => a - b);
      if (sorted.length && sorted[Math.floor(sorted.length / 2)] >= market.readable) break;
    }
    for (const cell of chosen) {
      cell.n = cell.rows.length;
      cell.mentioning = cell.rows.filter((i) => states.has(i)).length;
      cell.share = cell.n ? cell.mentioning / cell.n : 0;
      [cell.low, cell.high] = interval(cell.mentioning, cell.n, sizeMet(employerSizes(cell.rows), cell.n), required.correlation[r]);
    }
    return chosen;
  }

  // ------------------------------------------------------------------ drawing
  const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;
  const colours = () => dark()
    ? { ink: "#e6eaee", soft: "#a9b4bf", grid: "#333c45", required: "#56B4E9", open: "#2fc49a", preferred: "#2b5a78", grey: "#8a949e", falling: "#ff8a50", gain: "#56B4E9", freq: "#E69F00", hover: "#1d242b", paper: "#14191e" }
    : { ink: "#1f2933", soft: "#52606d", grid: "#d9dee3", required: "#0072B2", open: "#009E73", preferred: "#A6D4F2", grey: "#8A8A8A", falling: "#D55E00", gain: "#0072B2", freq: "#E69F00", hover: "#ffffff", paper: "#ffffff" };
  const axis = (c, more) => ({ automargin: true, gridcolor: c.grid, zerolinecolor: c.soft, fixedrange: true, ...more, title: { text: (more && more.title) || "", standoff: 10 } });
  function layout(c, height, more) {
    return { height, autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 8, r: 18, t: 40, b: 50 }, font: { family: getComputedStyle(document.body).fontFamily, size: innerWidth < 520 ? 11 : 13, color: c.ink },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", traceorder: "normal" }, hoverlabel: { align: "left", bgcolor: c.hover, bordercolor: c.soft, font: { color: c.ink } }, barmode: "stack", bargap: 0.35, ...more };
  }
  const whiskers = (c, array, arrayminus) => ({ type: "data", array, arrayminus, color: c.ink, thickness: 1.5, width: 4 });
  const labelWidth = () => (innerWidth < 520 ? 20 : 34);
  function rowsHeight(names, more) {
    const lines = Math.max(1, ...names.map((name) => name.split("<br>").length));
    return Math.max(3, names.length) * (18 + 13 * lines) + more;
  }
  function guarded(cell) {
    const text = typeof cell === "number" ? String(cell) : /^[=+\-@\t\r]/.test(cell) ? "'" + cell : String(cell);
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function figure({ id, title, note, message, traces, layout: drawn, alt, head, body, csv }) {
    const box = element("figure", { id: "figure-" + id }, element("figcaption", {}, element("h3", {}, title), element("p", { class: "soft" }, note || "")));
    $("view").append(box);
    if (message) { box.append(element("p", { class: "message" }, message)); return; }
    const plot = element("div", { class: "plot", role: "img", "aria-label": alt, style: `height:${drawn.height}px` });
    const table = element("table", { id: "table-" + id }, element("thead", {}, element("tr", {}, ...head.map((h, i) => element("th", { scope: "col", class: i ? "number" : null }, h)))),
      element("tbody", {}, ...body.map((row) => element("tr", {}, ...row.map((cell, i) => element("td", { class: i ? "number" : null }, cell))))));
    const download = element("button", { type: "button", "data-csv": id }, texts.csv);
    download.addEventListener("click", () => {
      const text = csv.map((row) => row.map(guarded).join(",")).join("\r\n") + "\r\n";
      const link = element("a", { download: `itpm-trends-${id}.csv`, href: URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" })) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    box.append(plot, element("details", {}, element("summary", {}, texts.table), element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table)), element("div", { class: "tools" }, download));
    Plotly.newPlot(plot, traces, drawn, { displayModeBar: false, responsive: true });
  }
  const note = (rows) => fill(texts.note, { n: count(rows.length), employers: count(employerSizes(rows).size) });
  const tooFew = (n) => fill(texts.too_few, { n: count(n), min: market.min_postings });

  function rankedFigure(id, title, rows, wanted, { keepOrder = false, degrees = false } = {}) {
    const c = colours(), stated = wanted.filter((s) => s.mentioning > 0);
    const all = keepOrder ? stated.sort((a, b) => a.step - b.step || (a.id < b.id ? -1 : 1)) : stated.sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
    const message = rows.length < market.min_postings ? tooFew(rows.length) : all.length ? "" : texts.nothing;
    if (message) return figure({ id, title, message });
    const top = all.slice(0, TOP), y = top.map((s) => wrapped(s.label, labelWidth()));
    const bar = (name, part, color) => ({ type: "bar", orientation: "h", name, y, x: top.map((s) => s[part] / s.n), marker: { color }, hovertemplate: `%{y}<br>${name}: %{x:.1%}<extra></extra>` });
    const told = top.map((s) => `${percent(s.share)} (${range(s.low, s.high)}, n = ${count(s.n)})`);
    figure({
      id, title, note: note(rows), alt: title + ". " + top.map((s, i) => `${s.label} ${told[i]}`).join("; ") + ".",
      traces: [
        ...(degrees ? [bar(texts.required, "strict", c.required), bar(texts.or_experience, "open", c.open)] : [bar(texts.required, "nRequired", c.required)]),
        bar(texts.preferred, "preferred", c.preferred),
        { type: "scatter", mode: "markers", name: texts.any, y, x: top.map((s) => s.share), marker: { color: c.ink, size: 6 }, error_x: whiskers(c, top.map((s) => s.high - s.share), top.map((s) => s.share - s.low)), customdata: told, hovertemplate: "%{y}: %{customdata}<extra></extra>" },
      ],
      layout: layout(c, rowsHeight(y, 130), { xaxis: axis(c, { title: texts.share_axis, tickformat: ".0%", range: [0, Math.min(1, Math.max(...top.map((s) => s.high)) * 1.06)], nticks: 6 }), yaxis: axis(c, { autorange: "reversed", ticklabelstandoff: 6 }) }),
      head: [texts.requirement, texts.share_head, texts.interval_head, texts.required_head, texts.n_head],
      body: all.map((s) => [s.label, percent(s.share), range(s.low, s.high), percent(s.nRequired / s.n), `${count(s.mentioning)} / ${count(s.n)}`]),
      csv: [["requirement_id", "label", "n_postings", "n_mentioning", "n_required", "share", "share_low", "share_high"], ...all.map((s) => [s.id, s.label, s.n, s.mentioning, s.nRequired, s.share, s.low, s.high])],
    });
  }
  function yearsFigure(rows) {
    const c = colours(), id = "years", title = texts.years_title;
    if (rows.length < market.min_postings) return figure({ id, title, message: tooFew(rows.length) });
    const counts = new Map();
    for (const i of rows) counts.set(years[i], (counts.get(years[i]) || 0) + 1);
    const known = [...counts.keys()].filter((y) => y !== NO_YEARS).sort((a, b) => a - b), unstated = counts.get(NO_YEARS) || 0;
    if (!known.length) return figure({ id, title, message: texts.nothing });
    const cells = [...known.map((y) => [String(y), counts.get(y)]), [texts.no_years, unstated]];
    figure({
      id, title, note: note(rows), alt: title + ": " + cells.map(([y, n]) => `${y} ${percent(n / rows.length)}`).join("; ") + ".",
      traces: [{ type: "bar", x: cells.map(([y]) => wrapped(y, 8)), y: cells.map(([, n]) => n / rows.length), marker: { color: cells.map(([y]) => (y === texts.no_years ? c.grey : c.required)) }, hovertemplate: "%{x}: %{y:.1%}<extra></extra>" }],
      layout: layout(c, 320, { margin: { l: 8, r: 10, t: 14, b: 56 }, xaxis: axis(c, { title: texts.years_axis, type: "category" }), yaxis: axis(c, { title: texts.share_axis, tickformat: ".0%", rangemode: "tozero" }) }),
      head: [texts.n_years_head, texts.share_head, texts.n_head],
      body: cells.map(([y, n]) => [y, percent(n / rows.length), count(n)]),
      csv: [["least_years", "n_postings", "n_stating", "share"], ...cells.map(([y, n]) => [y, rows.length, n, n / rows.length])],
    });
  }
  function changesFigure() {
    const c = colours(), id = "changes", title = texts.trend_title;
    if (!market.trends.length) return figure({ id, title, message: market.no_trend });
    const moving = (t) => t.verdict !== "steady";
    const shown = [...market.trends].sort((a, b) => moving(b) - moving(a) || b.share - a.share).slice(0, 20).sort((a, b) => b.change_pp - a.change_pp);
    const colour = { rising: c.required, falling: c.falling, steady: c.grey };
    const traces = Object.keys(texts.verdicts).map((verdict) => {
      const of = shown.filter((t) => t.verdict === verdict);
      return { type: "scatter", mode: "markers", name: texts.verdicts[verdict], y: of.map((t) => wrapped(t.label, labelWidth())), x: of.map((t) => t.change_pp), marker: { color: colour[verdict], size: 9, symbol: { rising: "triangle-right", falling: "triangle-left" }[verdict] || "circle" },
        error_x: { ...whiskers(c, of.map((t) => t.change_high - t.change_pp), of.map((t) => t.change_pp - t.change_low)), color: colour[verdict] }, hovertemplate: "%{y}: %{x:+.1f} points a year<extra></extra>" };
    }).filter((t) => t.x.length);
    figure({
      id, title, note: fill(texts.note, { n: count(Math.max(...shown.map((t) => t.n_postings))), employers: count(employerSizes([...Array(market.n).keys()]).size) }),
      alt: title + ". " + shown.map((t) => `${t.label} ${points(t.change_pp)} (${points(t.change_low)} to ${points(t.change_high)}), ${texts.verdicts[t.verdict]}`).join("; ") + ".",
      traces, layout: layout(c, rowsHeight(shown.map((t) => wrapped(t.label, labelWidth())), 130), { xaxis: axis(c, { title: texts.points_axis, zeroline: true, zerolinewidth: 2, nticks: 7 }), yaxis: axis(c, { autorange: "reversed", categoryorder: "array", categoryarray: shown.map((t) => wrapped(t.label, labelWidth())), ticklabelstandoff: 6 }) }),
      head: [texts.requirement, texts.change_head, texts.interval_head, texts.verdict_head, texts.share_head],
      body: market.trends.map((t) => [t.label, points(t.change_pp), `${points(t.change_low)} to ${points(t.change_high)}`, texts.verdicts[t.verdict], percent(t.share)]),
      csv: [["requirement_id", "label", "n_postings", "share", "change_pp", "change_low", "change_high", "q", "verdict"], ...market.trends.map((t) => [t.requirement_id, t.label, t.n_postings, t.share, t.change_pp, t.change_low, t.change_high, t.q, t.verdict])],
    });
  }
  function lineFigure(rows, all) {
    const c = colours(), id = "line";
    const ordered = all.filter((s) => s.mentioning).sort((a, b) => (a.label < b.label ? -1 : 1));
    const leading = [...ordered].sort((a, b) => b.share - a.share)[0];
    const chosen = at.has(state.line) ? state.line : leading ? leading.id : "";
    const title = chosen ? `${required.label[at.get(chosen)]}: ${texts.line_title.toLowerCase()}` : texts.line_title;
    const select = element("select", { id: "line" }, ...ordered.map((s) => element("option", { value: s.id, selected: s.id === chosen }, s.label)));
    select.addEventListener("change", () => { state.line = select.value; update("line"); });
    $("view").append(element("label", { for: "line" }, texts.choose, select));
    if (!chosen || !market.periods.first.length) return figure({ id, title, message: texts.no_line });
    const cells = line(rows, chosen), large = cells.filter((p) => p.n >= market.min_postings);
    if (!large.length) return figure({ id, title, message: tooFew(Math.max(0, ...cells.map((p) => p.n))) });
    const runs = [];
    cells.forEach((p, i) => {
      if (p.n < market.min_postings) return;
      const before = cells[i - 1];
      if (before && before.n >= market.min_postings && p.group === before.group + 1) runs[runs.length - 1].push(p); else runs.push([p]);
    });
    const traces = runs.map((run) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, fill: run.length > 1 ? "toself" : "none", fillcolor: c.required, opacity: run.length > 1 ? 0.2 : 0.4, line: { width: run.length > 1 ? 0 : 3, color: c.required },
      x: [...run.map((p) => p.day), ...run.map((p) => p.day).reverse()], y: [...run.map((p) => p.high), ...run.map((p) => p.low).reverse()] }));
    runs.forEach((run) => traces.push({ type: "scatter", mode: "lines+markers", showlegend: false, x: run.map((p) => p.day), y: run.map((p) => p.share), line: { color: c.required, width: 2 }, marker: { size: 8, color: run.map((p) => (p.partial ? c.paper : c.required)), line: { color: c.required, width: 2 } },
      customdata: run.map((p) => `${percent(p.share)} (${range(p.low, p.high)}, n = ${count(p.n)})${p.partial ? ", " + texts.partial : ""}`), hovertemplate: "%{x|%d %b %Y}: %{customdata}<extra></extra>" }));
    const unit = market.periods.length, length = cells[0].span === 1 ? `a ${unit}` : `for ${cells[0].span} ${unit}s`;
    figure({
      id, title, note: fill(texts.note_line, { n: count(cells.reduce((sum, p) => sum + p.n, 0)), length, min: market.min_postings }),
      alt: title + ". " + large.map((p) => `${p.day}: ${percent(p.share)} (${range(p.low, p.high)}, n = ${p.n})`).join("; ") + ".",
      traces, layout: layout(c, 340, { margin: { l: 8, r: 14, t: 14, b: 50 }, xaxis: axis(c, { title: texts.period, type: "date", tickformat: "%b<br>%Y", nticks: innerWidth < 520 ? 5 : 10 }), yaxis: axis(c, { title: texts.share_axis, tickformat: ".0%", range: [0, Math.min(1, Math.max(...large.map((p) => p.high)) * 1.08)] }) }),
      head: [texts.period, texts.share_head, texts.interval_head, texts.n_head],
      body: cells.map((p) => (p.n < market.min_postings ? [p.day, "–", "–", count(p.n)] : [p.day + (p.partial ? ` (${texts.partial})` : ""), percent(p.share), range(p.low, p.high), count(p.n)])),
      csv: [["first_day", "n_postings", "n_mentioning", "share", "share_low", "share_high", "maturity"], ...large.map((p) => [p.day, p.n, p.mentioning, p.share, p.low, p.high, p.partial ? "partial" : "final"])],
    });
  }
  function learnFigure(rows, all) {
    const c = colours(), id = "learn", title = texts.learn_title;
    const profiles = element("select", { id: "profile" }, element("option", { value: "" }, texts.profile_none), ...market.profiles.map((p) => element("option", { value: p.id, selected: p.id === state.profile }, p.label)));
    profiles.addEventListener("change", () => {
      state.profile = profiles.value;
      const person = market.profiles.find((p) => p.id === profiles.value) || { have: [], degree: "", years: "" };
      state.have = new Set(person.have); state.degree = person.degree; state.years = person.years;
      update("profile");
    });
    const degree = element("select", { id: "degree" }, element("option", { value: "" }, texts.degree_unsaid), ...market.reach.degrees.map((level, i) => element("option", { value: level, selected: level === state.degree }, market.reach.degree_labels[i])));
    const mine = element("input", { type: "number", id: "my-years", min: 0, max: 40, value: state.years });
    degree.addEventListener("change", () => { state.degree = degree.value; state.profile = ""; update("degree"); });
    mine.addEventListener("change", () => { state.years = mine.value && +mine.value >= 0 ? String(Math.min(Math.round(+mine.value), 40)) : ""; state.profile = ""; update("my-years"); });
    const search = element("input", { type: "search", id: "search" });
    const list = element("div", { class: "have", role: "group", "aria-label": texts.have, tabindex: "0" });
    for (const s of all.filter((s) => required.learnable[at.get(s.id)]).sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1))) {
      const box = element("input", { type: "checkbox", value: s.id, id: "have-" + s.id, checked: state.have.has(s.id) });
      box.addEventListener("change", () => { if (box.checked) state.have.add(s.id); else state.have.delete(s.id); state.profile = ""; update(box.id); });
      list.append(element("label", {}, box, s.label));
    }
    search.addEventListener("input", () => { for (const l of list.children) l.hidden = !l.textContent.toLowerCase().includes(search.value.toLowerCase()); for (const l of list.children) l.style.display = l.hidden ? "none" : ""; });
    $("view").append(element("div", { class: "pair" }, element("label", {}, texts.start_from, profiles), element("label", {}, texts.my_degree, degree), element("label", {}, texts.my_years, mine), element("label", {}, texts.search, search)), element("h3", {}, texts.have), list);
    const { ranked, met, open } = steps(rows);
    if (rows.length < market.min_postings) return figure({ id, title, message: tooFew(rows.length) });
    if (!ranked.length) return figure({ id, title, message: fill(texts.no_steps, { min: market.min_asking }) });
    const y = ranked.map((s, i) => `${i + 1}. ${wrapped(s.label, labelWidth())}`);
    figure({
      id, title, note: texts.learn_note + " " + fill(texts.rate, { share: percent(met), closed: percent(1 - open / rows.length) }) + " " + note(rows),
      alt: title + ". " + ranked.map((s, i) => `${i + 1}. ${s.label}: brings ${(100 * s.gain).toFixed(1)} % of postings within reach (${(100 * s.low).toFixed(1)} to ${(100 * s.high).toFixed(1)}), asked for in ${percent(s.share)}`).join("; ") + ".",
      traces: [
        { type: "bar", orientation: "h", y, x: ranked.map((s) => 100 * (s.reached - s.gain)), marker: { color: c.grey }, hovertemplate: "%{y}<br>%{x:.1f} % of postings within reach before it<extra></extra>" },
        { type: "bar", orientation: "h", y, x: ranked.map((s) => 100 * s.gain), marker: { color: c.gain }, error_x: whiskers(c, ranked.map((s) => 100 * (s.high - s.gain)), ranked.map((s) => 100 * (s.gain - s.low))), hovertemplate: "%{y}<br>brings %{x:.1f} % of postings within reach<extra></extra>" },
        { type: "bar", orientation: "h", y, x: ranked.map((s) => s.share), xaxis: "x2", marker: { color: c.freq }, hovertemplate: "%{y}<br>asked for in %{x:.0%}<extra></extra>" },
      ],
      layout: layout(c, rowsHeight(y, 110), { showlegend: false, barmode: "stack", margin: { l: 8, r: 18, t: 10, b: 50 }, xaxis: axis(c, { title: innerWidth < 520 ? texts.gain_head : texts.gain_axis, domain: [0, 0.55], rangemode: "tozero", nticks: 4 }), xaxis2: axis(c, { title: texts.share_head, domain: [0.64, 1], anchor: "y", tickformat: ".0%", rangemode: "tozero", nticks: 3 }), yaxis: axis(c, { autorange: "reversed", ticklabelstandoff: 6 }) }),
      head: [texts.requirement, texts.step_head, texts.gain_head, texts.interval_head, texts.reached_head, texts.share_head, texts.n_head],
      body: ranked.map((s, i) => [s.label, String(i + 1), (100 * s.gain).toFixed(1), `${(100 * s.low).toFixed(1)}–${(100 * s.high).toFixed(1)}`, percent(s.reached), percent(s.share), `${count(s.asking)} / ${count(rows.length)}`]),
      csv: [["rank", "requirement_id", "label", "gain", "gain_low", "gain_high", "reached", "nearer", "share", "n_postings"], ...ranked.map((s, i) => [i + 1, s.id, s.label, s.gain, s.low, s.high, s.reached, s.nearer, s.share, rows.length])],
    });
  }
  const DRAW = {
    asked: (rows, all) => rankedFigure("asked", texts.asked_title, rows, all.filter((s) => !market.describing.includes(s.kind))),
    job: (rows, all) => {
      rankedFigure("duty", texts.duty_title, rows, all.filter((s) => s.kind === "duty"));
      rankedFigure("role", texts.role_title, rows, all.filter((s) => s.kind === "role"));
    },
    certifications: (rows, all) => rankedFigure("certification", texts.certification_title, rows, all.filter((s) => s.kind === "certification")),
    degrees: (rows, all) => { rankedFigure("degree", texts.degree_title, rows, all.filter((s) => s.kind === "degree"), { keepOrder: true, degrees: true }); yearsFigure(rows); },
    skills: (rows, all) => rankedFigure("skill", texts.skill_title, rows, all.filter((s) => s.kind === "skill")),
    changes: (rows, all) => { changesFigure(); lineFigure(rows, all); },
    learn: learnFigure,
  };
  const TERMS = { changes: ["trend", "share", "interval"], learn: ["gain", "share", "interval"] };

  function update(focus) {
    const scrolled = document.querySelector(".have") ? document.querySelector(".have").scrollTop : 0;
    const searched = $("search") ? $("search").value : "";
    for (const plot of document.querySelectorAll(".plot")) Plotly.purge(plot);
    const rows = filtered(), view = $("view");
    $("counted").textContent = fill(texts.counted, { n: count(rows.length), all: count(market.n), employers: count(employerSizes(rows).size) });
    for (const tab of $("tabs").children) { const on = tab.dataset.tab === state.tab; tab.setAttribute("aria-selected", on); tab.tabIndex = on ? 0 : -1; }
    view.setAttribute("aria-labelledby", "tab-" + state.tab);
    view.replaceChildren(element("h2", {}, texts.questions[state.tab]), element("p", {}, ...(TERMS[state.tab] || ["share", "interval", "required"]).map((term) => {
      const [name, ...rest] = fill(texts.terms[term], { bar: percent(market.reach.bar) }).split(":");
      return element("span", { class: "term", tabindex: "0", "aria-describedby": "term-" + term }, name, element("span", { role: "tooltip", id: "term-" + term }, rest.join(":").trim()));
    })));
    if (!market.n) view.append(element("p", { class: "message" }, texts.no_postings)); else DRAW[state.tab](rows, shares(rows));
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
  for (const name of ["from", "to"]) options(form.elements[name], market.months.value, market.months.value, false);
  const regions = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "region" }) : null;
  const regionName = (code) => { try { return regions ? regions.of(code) : code; } catch { return code; } };
  for (const f of FILTERS) options(form.elements[f], market.filters[f].value, f === "country" ? market.filters[f].value.map(regionName) : market.filters[f].label, codes[f].includes(MISSING));
  form.addEventListener("change", (event) => { state[event.target.name] = event.target.value; update(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  $("clear").addEventListener("click", () => { form.reset(); for (const name of ["from", "to", ...FILTERS]) state[name] = ""; update(); });
  texts.tabs.forEach(([id, name]) => {
    const tab = element("button", { type: "button", role: "tab", id: "tab-" + id, "aria-controls": "view", "data-tab": id }, name);
    tab.addEventListener("click", () => { state.tab = id; update("tab-" + id); });
    $("tabs").append(tab);
  });
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = texts.tabs.map(([id]) => id);
    state.tab = ids[(ids.indexOf(state.tab) + step + ids.length) % ids.length];
    update("tab-" + state.tab);
  });
  const bySource = market.filters.source.value.map((name, i) => [name, codes.source.reduce((n, code) => n + (code === i), 0)]).sort((a, b) => b[1] - a[1]);
  $("fresh").textContent = market.n ? fill(texts.fresh, { as_of: market.as_of, when: market.when, mix: bySource.map(([name, n]) => `${name} ${percent(n / market.n)}`).join(", ") }) : texts.no_postings;
  if (innerWidth < 640) $("filters").open = false;
  addEventListener("hashchange", () => { readAddress(); update(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => update());
  readAddress();
  update();
})();
