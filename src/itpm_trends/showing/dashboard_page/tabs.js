// ------------------------------------------------------------------ the figures of each tab
const labelled = (s) => ({ text: s.label, r: s.r });
const byShare = (a, b) => b.share - a.share || (a.id < b.id ? -1 : 1);
const ofKind = (chosen, kind) => chosen.shares.filter((s) => s.kind === kind);
const asked = (chosen) => chosen.shares.filter((s) => !market.describing.includes(s.kind));

function rankedFigure(id, title, chosen, wanted, { keepOrder = false, degrees = false, names = false } = {}) {
  const c = colours(), stated = wanted.filter((s) => s.mentioning > 0), all = keepOrder ? stated.sort((a, b) => a.step - b.step || (a.id < b.id ? -1 : 1)) : stated.sort(byShare);
  const message = chosen.n < rules.min_postings ? tooFew(chosen.n) : all.length ? "" : texts.nothing;
  if (message) return figure({ id, title, message });
  const top = all.slice(0, TOP), y = named(top);
  const bar = (name, part, color) => ({ type: "bar", orientation: "h", name, y, x: top.map((s) => s[part] / s.n), marker: { color }, customdata: top.map((s) => hover(s.r, `${name}: ${percent(s[part] / s.n)}`)), hovertemplate: "%{y}<br>%{customdata}<extra></extra>" });
  const bars = names ? [bar(texts.named, "mentioning", c.required)] : degrees ? [bar(texts.required, "strict", c.required), bar(texts.or_experience, "open", c.open)] : [bar(texts.required, "nRequired", c.required)];
  figure({
    id, title, note: note(chosen), alt: title + ". " + top.map((s) => `${s.label} ${told(s)}`).join("; ") + ".",
    traces: [
      ...bars, ...(names ? [] : [bar(texts.preferred, "preferred", c.preferred)]),
      { type: "scatter", mode: "markers", name: names ? texts.interval_head : texts.any, y, x: top.map((s) => s.share), marker: { color: c.ink, size: 6 }, error_x: whiskers(c, top.map((s) => s.high - s.share), top.map((s) => s.share - s.low)), customdata: top.map((s) => hover(s.r, told(s))), hovertemplate: "%{y}: %{customdata}<extra></extra>" },
    ],
    layout: layout(c, rowsHeight(y, 130), { xaxis: shareAxis(c, Math.max(...top.map((s) => s.high))), yaxis: rowsAxis(c) }),
    head: [texts.requirement, texts.share_head, texts.interval_head, texts.required_head, texts.n_head],
    body: () => all.map((s) => [labelled(s), percent(s.share), range(s.low, s.high), percent(s.nRequired / s.n), `${count(s.mentioning)} / ${count(s.n)}`]),
    csv: () => [["requirement_id", "label", "n_postings", "n_mentioning", "n_required", "share", "share_low", "share_high"], ...all.map((s) => [s.id, s.label, s.n, s.mentioning, s.nRequired, s.share, s.low, s.high])],
  });
}

// What the first tab says in sentences, each with its numbers.
function inShort(chosen) {
  const list = $("view").appendChild(element("ul", { id: "in-short" })), say = (text) => list.append(element("li", {}, text));
  if (chosen.n < rules.min_postings) { say(tooFew(chosen.n)); return; }
  for (const kind of ["certification", "skill"]) {
    const [first, second] = ofKind(chosen, kind).filter((s) => s.mentioning && requirements.learnable[s.r]).sort(byShare);
    if (first) say(fill(second ? texts.short.most : texts.short.only, { kind: texts.kinds[kind], first: first.label, share: told(first), required: percent(first.nRequired / first.n), second: second ? `${second.label} (${percent(second.share)})` : "" }));
  }
  const degree = ofKind(chosen, "degree").filter((s) => s.mentioning).sort(byShare)[0];
  if (degree) say(fill(texts.short.degree, { label: degree.label, share: told(degree), strict: percent(degree.strict / degree.n), open: percent(degree.open / degree.n) }));
  const years = Array.from(chosen.rows, (i) => column.years[i]).filter((y) => y !== NO_YEARS).sort((a, b) => a - b);
  if (years.length >= rules.min_postings) say(fill(texts.short.years, { n: count(years.length), stating: percent(years.length / chosen.n), median: years[Math.floor((years.length - 1) / 2)] }));
  const places = tally(chosen, "workplace");
  if (places.cells.length) say(fill(texts.short.workplace, { each: places.cells.map((p) => `${lower(p.label)} ${percent(p.k / p.n)}`).join(", "), unknown: percent(places.unknown / chosen.n), n: count(chosen.n) }));
}
function sayTrends(chosen) {
  const list = $("in-short"), say = (text) => list.append(element("li", {}, text));
  if (chosen.n < rules.min_postings) return;
  const moving = chosenTrends(chosen), of = (verdict) => moving.rows.filter((t) => t.verdict === verdict && !market.describing.includes(t.kind)).sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, 3).map((t) => `${t.label} ${spread(t)}`).join("; ");
  if (moving.why) say(fill(texts.short.no_trend, { why: moving.why }));
  else say(fill(texts.short.moving, { rising: of("rising") || texts.none, falling: of("falling") || texts.none }));
}
const chosenTrends = (chosen) => (chosen.trends ||= trends(chosen));

function yearsFigure(chosen) {
  const c = colours(), id = "years", title = texts.years_title, counts = new Map();
  if (chosen.n < rules.min_postings) return figure({ id, title, message: tooFew(chosen.n) });
  for (const i of chosen.rows) counts.set(column.years[i], (counts.get(column.years[i]) || 0) + 1);
  const known = [...counts.keys()].filter((y) => y !== NO_YEARS).sort((a, b) => a - b), unstated = counts.get(NO_YEARS) || 0;
  if (!known.length) return figure({ id, title, message: texts.nothing });
  const correlation = requirements.correlation[at.get("experience:project-management")] ?? 0, cell = (label, k) => ({ label, ...withInterval(k, chosen.n, chosen.met, correlation) });
  const cells = [...known.map((y) => cell(String(y), counts.get(y))), cell(texts.no_years, unstated)];
  figure({
    id, title, note: note(chosen), alt: title + ": " + cells.map((s) => `${s.label} ${told(s)}`).join("; ") + ".",
    traces: [{ type: "bar", x: cells.map((s) => wrapped(s.label, 8)), y: cells.map((s) => s.share), marker: { color: cells.map((s) => (s.label === texts.no_years ? c.grey : c.required)) }, error_y: whiskers(c, cells.map((s) => s.high - s.share), cells.map((s) => s.share - s.low)), customdata: cells.map(told), hovertemplate: "%{x}: %{customdata}<extra></extra>" }],
    layout: layout(c, 320, { margin: { l: 8, r: 10, t: 14, b: 56 }, xaxis: axis(c, { title: texts.years_axis, type: "category" }), yaxis: shareAxis(c, Math.max(...cells.map((s) => s.high))) }),
    head: [texts.n_years_head, texts.share_head, texts.interval_head, texts.n_head],
    body: () => cells.map((s) => [s.label, percent(s.share), range(s.low, s.high), count(s.k)]),
    csv: () => [["least_years", "n_postings", "n_stating", "share", "share_low", "share_high"], ...cells.map((s) => [s.label, s.n, s.k, s.share, s.low, s.high])],
  });
}

/** Bars of how many of the chosen postings have each value of a column. */
function tallyFigure(id, title, chosen, name) {
  const c = colours(), { cells, unknown } = tally(chosen, name);
  if (chosen.n < rules.min_postings) return figure({ id, title, message: tooFew(chosen.n) });
  const all = unknown ? [...cells, { value: "", label: texts.not_stated, k: unknown, n: chosen.n, isUnknown: true }] : cells;
  const shown = all.length > TOP ? [...cells.slice(0, TOP - 1), { value: "", label: texts.others, k: chosen.n - cells.slice(0, TOP - 1).reduce((sum, s) => sum + s.k, 0), n: chosen.n, isUnknown: true }] : all, y = named(shown);
  if (!cells.length) return figure({ id, title, message: texts.nothing_stated });
  figure({
    id, title, note: note({ n: chosen.n, employers: chosen.employers }).replace(texts.whiskers_note, ""), alt: title + ": " + shown.map((s) => `${s.label} ${count(s.k)} (${percent(s.k / s.n)})`).join("; ") + ".",
    traces: [{ type: "bar", orientation: "h", y, x: shown.map((s) => s.k), marker: { color: shown.map((s) => (s.isUnknown ? c.grey : c.required)) }, customdata: shown.map((s) => percent(s.k / s.n)), hovertemplate: "%{y}: %{x:,} (%{customdata})<extra></extra>" }],
    layout: layout(c, rowsHeight(y, 80), { margin: plain, xaxis: axis(c, { title: texts.postings_axis, rangemode: "tozero", nticks: 6 }), yaxis: rowsAxis(c) }),
    head: [texts.value_head, texts.postings_axis, texts.of_all_head],
    body: () => all.map((s) => [s.label, count(s.k), percent(s.k / s.n)]),
    csv: () => [[name, "label", "n_postings", "share"], ...all.map((s) => [s.value, s.label, s.k, s.k / s.n])],
  });
}
function employersFigure(chosen) {
  const c = colours(), id = "employers", title = texts.employers_title, from = market.employers.named_from;
  if (chosen.n < rules.min_postings) return figure({ id, title, message: tooFew(chosen.n) });
  const cells = market.employers.named.map((label, e) => ({ label, k: chosen.sizes[e] })).filter((e) => e.k >= from).sort((a, b) => b.k - a.k || (a.label < b.label ? -1 : 1));
  const rest = chosen.n - cells.reduce((sum, e) => sum + e.k, 0), shown = cells.slice(0, TOP), y = shown.map((e) => wrapped(e.label.slice(0, 60), labelWidth()));
  const few = fill(texts.employers_note, { min: from, rest: count(rest), others: count(chosen.employers - cells.length), n: count(chosen.n) });
  if (!cells.length) return figure({ id, title, message: fill(texts.no_employers, { min: from }) });
  figure({
    id, title, note: few, alt: title + ": " + shown.map((e) => `${e.label} ${count(e.k)}`).join("; ") + ". " + few,
    traces: [{ type: "bar", orientation: "h", y, x: shown.map((e) => e.k), marker: { color: c.required }, hovertemplate: "%{y}: %{x:,}<extra></extra>" }],
    layout: layout(c, rowsHeight(y, 80), { margin: plain, xaxis: axis(c, { title: texts.postings_axis, rangemode: "tozero", nticks: 6 }), yaxis: rowsAxis(c) }),
    head: [texts.employer_head, texts.postings_axis], body: () => cells.map((e) => [e.label, count(e.k)]),
    csv: () => [["employer", "n_postings"], ...cells.map((e) => [e.label, e.k])],
  });
}
function payFigure(chosen) {
  const c = colours(), id = "pay", title = texts.pay_title, counts = market.currencies.map(() => 0), paid = Array.from(chosen.rows).filter((i) => column.currency[i]);
  for (const i of paid) counts[column.currency[i] - 1]++;
  const usable = market.currencies.map((value, at) => ({ value, n: counts[at] })).filter((one) => one.n >= rules.min_postings).sort((a, b) => b.n - a.n);
  if (!usable.length) return figure({ id, title, message: fill(texts.no_pay, { n: count(Math.max(0, ...counts)), min: rules.min_postings }) });
  const currency = usable.some((one) => one.value === state.currency) ? state.currency : usable[0].value, code = market.currencies.indexOf(currency) + 1;
  const select = element("select", { id: "currency" }, ...usable.map((one) => element("option", { value: one.value, selected: one.value === currency }, `${one.value} (${count(one.n)})`)));
  select.addEventListener("change", () => { state.currency = select.value; update("currency"); });
  $("view").append(element("label", { for: "currency" }, texts.choose_currency, select));
  const rows = paid.filter((i) => column.currency[i] === code), steps = market.filters.seniority;
  const groups = [{ value: "all", label: texts.all_steps, rows }, ...steps.value.map((value, s) => ({ value, label: steps.label[s], rows: rows.filter((i) => column.seniority[i] === s + 1) }))];
  const cells = groups.filter((g) => g.rows.length >= rules.min_postings).map((g) => ({ ...g, ...payLevel(g.rows) })), y = named(cells);
  const words = (s) => fill(texts.pay_words, { median: count(Math.round(s.median)), low: count(Math.round(s.low)), high: count(Math.round(s.high)), lower: count(Math.round(s.lower)), upper: count(Math.round(s.upper)), n: count(s.n) });
  figure({
    id, title: fill(texts.pay_title_in, { currency }), note: fill(texts.pay_note, { n: count(rows.length), all: count(chosen.n), min: rules.min_postings }), alt: fill(texts.pay_title_in, { currency }) + ". " + cells.map((s) => `${s.label}: ${words(s)}`).join("; ") + ".",
    traces: [
      { type: "bar", orientation: "h", name: texts.middle_half, y, base: cells.map((s) => s.lower), x: cells.map((s) => s.upper - s.lower), marker: { color: c.preferred }, customdata: cells.map(words), hovertemplate: "%{y}<br>%{customdata}<extra></extra>" },
      { type: "scatter", mode: "markers", name: texts.median, y, x: cells.map((s) => s.median), marker: { color: c.ink, size: 7 }, error_x: whiskers(c, cells.map((s) => s.high - s.median), cells.map((s) => s.median - s.low)), customdata: cells.map(words), hovertemplate: "%{y}<br>%{customdata}<extra></extra>" },
    ],
    layout: layout(c, rowsHeight(y, 130), { barmode: "overlay", margin: { l: 8, r: 26, t: 40, b: 50 }, xaxis: axis(c, { title: fill(texts.pay_axis, { currency }), tickformat: "~s", nticks: narrow() ? 4 : 6 }), yaxis: rowsAxis(c) }),
    head: [texts.seniority_head, texts.median, texts.interval_head, texts.middle_half, texts.n_head],
    body: () => cells.map((s) => [s.label, count(Math.round(s.median)), `${count(Math.round(s.low))}–${count(Math.round(s.high))}`, `${count(Math.round(s.lower))}–${count(Math.round(s.upper))}`, count(s.n)]),
    csv: () => [["seniority", "currency", "n_postings", "n_employers", "lower_quartile", "median", "upper_quartile", "median_low", "median_high"], ...cells.map((s) => [s.value, currency, s.n, s.employers, s.lower, s.median, s.upper, s.low, s.high])],
  });
}

const MOST_JUDGED = 40, MOST_SHOWN_TOGETHER = 12;
/** Those of `judged` that have most to do with each other, in the order of their share. */
function mostBound(judged, pairs) {
  const bound = new Map(judged.map((s) => [s, 0]));
  for (const p of pairs) if (p.verdict !== "unclear") for (const s of [p.one, p.other]) bound.set(s, bound.get(s) + Math.abs(Math.log((p.share + 1e-3) / (p.chance + 1e-3))));
  return [...judged].sort((a, b) => bound.get(b) - bound.get(a) || byShare(a, b)).slice(0, MOST_SHOWN_TOGETHER).sort(byShare);
}
/** The pairs among `shown`, each with its row and its (earlier) column. */
function placed(pairs, shown) {
  const place = new Map(shown.map((s, i) => [s, i]));
  return pairs.filter((p) => place.has(p.one) && place.has(p.other)).map((p) => ({ ...p, a: Math.max(place.get(p.one), place.get(p.other)), b: Math.min(place.get(p.one), place.get(p.other)) }));
}
function togetherFigure(chosen) {
  const c = colours(), id = "together", title = texts.together_title, judged = [...ofKind(chosen, "skill"), ...ofKind(chosen, "certification")].filter((s) => Math.min(s.mentioning, s.n - s.mentioning) >= rules.min_mentioning && requirements.learnable[s.r]).sort(byShare).slice(0, MOST_JUDGED);
  if (chosen.n < rules.min_postings) return figure({ id, title, message: tooFew(chosen.n) });
  if (judged.length < 3) return figure({ id, title, message: texts.too_few_together });
  const all = together(chosen, judged), among = mostBound(judged, all), pairs = placed(all, among), size = narrow() ? 20 : 34, largest = Math.max(...pairs.map((p) => p.share)) || 1;
  const y = among.map((s, i) => `${wrapped(`${i + 1} ${s.label}`, labelWidth())}`), colour = { more: c.required, less: c.falling, unclear: c.grey };
  const words = (p) => fill(texts.pair_words, { share: told(p), chance: percent(p.chance) });
  const traces = Object.keys(colour).map((verdict) => {
    const of = pairs.filter((p) => p.verdict === verdict && p.k);
    return { type: "scatter", mode: "markers", name: texts.pair_verdicts[verdict], x: of.map((p) => p.b + 1), y: of.map((p) => y[p.a]), marker: { color: colour[verdict], size: of.map((p) => Math.max(4, size * Math.sqrt(p.share / largest))), symbol: { more: "circle", less: "diamond", unclear: "circle-open" }[verdict], line: { width: verdict === "unclear" ? 1.5 : 0, color: colour[verdict] } }, customdata: of.map((p) => `${safe(p.one.label)} + ${safe(p.other.label)}<br>${words(p)}`), hovertemplate: "%{customdata}<extra></extra>" };
  }).filter((t) => t.x.length);
  const byLift = (a, b) => b.share / (b.chance || 1) - a.share / (a.chance || 1), clear = all.filter((p) => p.verdict === "more").sort(byLift).slice(0, 5);
  figure({
    id, title, note: note(chosen, fill(texts.together_note, { tested: count(all.length) })), lead: clear.length ? fill(texts.together_lead, { each: clear.slice(0, 3).map((p) => `${p.one.label} + ${p.other.label} (${words(p)})`).join("; ") }) : texts.together_none, alt: title + ". " + (clear.map((p) => `${p.one.label} + ${p.other.label}: ${words(p)}`).join("; ") || texts.none) + ".",
    traces, layout: layout(c, among.length * (narrow() ? 34 : 36) + 110, { margin: { l: 8, r: 18, t: narrow() ? 70 : 40, b: 40 }, showlegend: true, legend: { orientation: "h", x: narrow() ? -0.8 : 0, y: 1.02, yanchor: "bottom", itemsizing: "constant" }, xaxis: axis(c, { title: texts.together_axis, range: [0.4, among.length - 0.4], dtick: 1, tick0: 1, zeroline: false }), yaxis: axis(c, { type: "category", categoryorder: "array", categoryarray: [...y].reverse(), range: [-0.6, among.length - 0.4], ticklabelstandoff: 6 }) }),
    head: [texts.pair_head, texts.both_head, texts.interval_head, texts.chance_head, texts.n_head],
    body: () => [...all].sort(byLift).filter((p) => p.k).map((p) => [`${p.one.label} + ${p.other.label}`, percent(p.share), range(p.low, p.high), percent(p.chance), `${count(p.k)} / ${count(p.n)}`]),
    csv: () => [["first_id", "second_id", "n_postings", "n_together", "share", "share_low", "share_high", "by_chance", "q", "verdict"], ...all.map((p) => [p.one.id, p.other.id, p.n, p.k, p.share, p.low, p.high, p.chance, p.q, p.verdict])],
  });
}

function changeTraces(c, shown, value, verdicts, colour, symbols) {
  return Object.keys(verdicts).map((verdict) => {
    const of = shown.filter((t) => t.verdict === verdict);
    return { type: "scatter", mode: "markers", name: verdicts[verdict], y: named(of), x: of.map((t) => t.change), marker: { color: colour[verdict], size: 9, symbol: symbols[verdict] }, error_x: { ...whiskers(c, of.map((t) => t.high - t.change), of.map((t) => t.change - t.low)), color: colour[verdict] }, customdata: of.map((t) => hover(t.r, value(t))), hovertemplate: "%{y}: %{customdata}<extra></extra>" };
  }).filter((t) => t.x.length);
}
const fromTo = (t) => fill(texts.from_to, { low: points(t.low), high: points(t.high) }), spread = (t) => `${points(t.change)} (${fromTo(t)})`;
function newestFigure(chosen) {
  const c = colours(), id = "newest", told = chosen.newest ||= newest(chosen), length = market.periods.length;
  if (!told) return figure({ id, title: texts.newest_title, message: texts.no_flow });
  const title = fill(texts.newest_title_of, { length, day: inWords(told.day) }), usual = told.before.length ? fill(texts.usual, { mean: count(Math.round(told.before.reduce((a, b) => a + b, 0) / told.before.length)), low: count(Math.min(...told.before)), high: count(Math.max(...told.before)), periods: told.before.length, length }) : "";
  const mix = [...told.bySource].sort((a, b) => b[1] - a[1]).map(([s, n]) => `${market.filters.source.value[s - 1]} ${count(n)}`).join(", ");
  const lead = [fill(texts.newest_lead, { n: count(told.n), usual, mix })];
  if (!told.changes.length) return figure({ id, title, lead, message: tooFew(told.n) });
  const clear = (t) => t.q <= rules.max_q, wanted = told.changes.filter((t) => !market.describing.includes(t.kind)), moved = wanted.filter(clear);
  lead.push(moved.length ? fill(texts.newest_moved, { each: moved.slice(0, 5).map((t) => `${t.label} ${spread(t)}`).join("; ") }) : texts.newest_still);
  const shown = [...wanted].sort((a, b) => clear(b) - clear(a)).slice(0, 12).map((t) => ({ ...t, verdict: clear(t) ? "clear" : "chance" })).sort((a, b) => b.change - a.change), y = named(shown);
  figure({
    id, title, lead, note: fill(texts.newest_note, { n: count(told.changes[0].n), before: count(told.nBefore), periods: told.before.length, length }), alt: title + ". " + lead.join(" "),
    traces: changeTraces(c, shown, spread, texts.newest_verdicts, { clear: c.required, chance: c.grey }, { clear: "diamond", chance: "circle" }),
    layout: layout(c, rowsHeight(y, 130), { xaxis: axis(c, { title: texts.newest_axis, zeroline: true, zerolinewidth: 2, nticks: 7 }), yaxis: rowsAxis(c, { categoryorder: "array", categoryarray: y }) }),
    head: [texts.requirement, texts.newest_head, texts.expected_head, texts.difference_head, texts.interval_head, texts.chance_q_head],
    body: () => told.changes.map((t) => [labelled(t), `${percent(t.share)} / ${count(t.n)}`, percent(t.expected), points(t.change), fromTo(t), t.q.toFixed(2)]),
    csv: () => [["requirement_id", "label", "n_newest", "n_stating", "n_before", "share", "expected", "change_pp", "low", "high", "q"], ...told.changes.map((t) => [t.id, t.label, t.n, t.k, told.nBefore, t.share, t.expected, t.change, t.low, t.high, t.q])],
  });
}
function emergingTable() {
  const found = market.emerging, box = element("figure", { id: "figure-emerging" }, element("figcaption", {}, element("h3", {}, texts.emerging_title), element("p", { class: "soft" }, texts.emerging_note)));
  box.append(found && found.length
    ? element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": texts.emerging_title }, tableOf("emerging", [texts.term_head, texts.lately_head, texts.expected_head, texts.employers_head], found.map((t) => [t.term, `${percent(t.share_recent)} (${count(t.n_recent)} / ${count(t.n_postings_recent)})`, percent(t.share_before), count(t.n_employers)])))
    : element("p", { class: "message" }, found ? texts.no_emerging : texts.not_looked_for));
  $("view").append(box);
}
function changesFigure(chosen) {
  const c = colours(), id = "changes", title = texts.trend_title, told = chosenTrends(chosen), rows = told.rows.filter((t) => !market.describing.includes(t.kind)).sort(byShare);
  if (!rows.length) return figure({ id, title, message: told.why || texts.nothing });
  const moving = (t) => t.verdict !== "steady", shown = [...rows].sort((a, b) => moving(b) - moving(a) || b.share - a.share).slice(0, 20).sort((a, b) => b.change - a.change), y = named(shown);
  figure({
    id, title, note: fill(texts.trend_note, { n: count(told.n), periods: told.periods, length: market.periods.length, tested: rows.length }), alt: title + ". " + shown.map((t) => `${t.label} ${spread(t)}, ${texts.verdicts[t.verdict]}`).join("; ") + ".",
    traces: changeTraces(c, shown, (t) => `${spread(t)}, ${texts.share_now} ${percent(t.share)}`, texts.verdicts, { rising: c.required, falling: c.falling, steady: c.grey }, { rising: "triangle-right", falling: "triangle-left", steady: "circle" }),
    layout: layout(c, rowsHeight(y, 130), { xaxis: axis(c, { title: texts.points_axis, zeroline: true, zerolinewidth: 2, nticks: 7 }), yaxis: rowsAxis(c, { categoryorder: "array", categoryarray: y }) }),
    head: [texts.requirement, texts.change_head, texts.interval_head, texts.verdict_head, texts.share_head],
    body: () => rows.map((t) => [labelled(t), points(t.change), fromTo(t), texts.verdicts[t.verdict], percent(t.share)]),
    csv: () => [["requirement_id", "label", "n_postings", "share", "change_pp", "change_low", "change_high", "p", "q", "verdict"], ...rows.map((t) => [t.id, t.label, t.n, t.share, t.change, t.low, t.high, t.p, t.q, t.verdict])],
  });
}
function lineFigure(chosen) {
  const c = colours(), id = "line", ordered = chosen.shares.filter((s) => s.mentioning).sort((a, b) => (a.label < b.label ? -1 : 1)), leading = [...ordered].sort(byShare)[0];
  const wanted = at.has(state.line) ? state.line : leading ? leading.id : "", title = wanted ? `${requirements.label[at.get(wanted)]}: ${lower(texts.line_title)}` : texts.line_title;
  const select = element("select", { id: "line" }, ...ordered.map((s) => element("option", { value: s.id, selected: s.id === wanted }, s.label)));
  select.addEventListener("change", () => { state.line = select.value; update("line"); });
  $("view").append(element("label", { for: "line" }, texts.choose, select));
  if (!wanted || !market.periods.first.length) return figure({ id, title, message: texts.no_flow });
  const cells = line(chosen, wanted), large = cells.filter((p) => p.n >= rules.min_postings);
  if (!large.length) return figure({ id, title, message: tooFew(Math.max(0, ...cells.map((p) => p.n))) });
  const runs = [];
  cells.forEach((p, i) => {
    if (p.n < rules.min_postings) return;
    const before = cells[i - 1];
    if (before && before.n >= rules.min_postings && p.group === before.group + 1) runs[runs.length - 1].push(p); else runs.push([p]);
  });
  const traces = runs.map((run) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, fill: run.length > 1 ? "toself" : "none", fillcolor: c.required, opacity: run.length > 1 ? 0.2 : 0.4, line: { width: run.length > 1 ? 0 : 3, color: c.required },
    x: [...run.map((p) => p.day), ...run.map((p) => p.day).reverse()], y: [...run.map((p) => p.high), ...run.map((p) => p.low).reverse()] }));
  runs.forEach((run) => traces.push({ type: "scatter", mode: "lines+markers", showlegend: false, x: run.map((p) => p.day), y: run.map((p) => p.share), line: { color: c.required, width: 2 }, marker: { size: 8, color: run.map((p) => (p.partial ? c.paper : c.required)), line: { color: c.required, width: 2 } },
    customdata: run.map((p) => told(p) + (p.partial ? ", " + texts.partial : "")), hovertemplate: "%{x|%d %b %Y}: %{customdata}<extra></extra>" }));
  const unit = market.periods.length, length = cells[0].span === 1 ? fill(texts.a_period, { unit }) : fill(texts.for_periods, { span: cells[0].span, unit });
  figure({
    id, title, note: fill(texts.note_line, { n: count(cells.reduce((sum, p) => sum + p.n, 0)), length, min: rules.min_postings }),
    alt: title + ". " + large.map((p) => `${p.day}: ${told(p)}`).join("; ") + ".",
    traces, layout: layout(c, 340, { margin: { l: 8, r: 14, t: 14, b: 50 }, xaxis: timeAxis(c, cells.map((p) => p.day), { title: texts.period }), yaxis: shareAxis(c, Math.max(...large.map((p) => p.high))) }),
    head: [texts.period, texts.share_head, texts.interval_head, texts.n_head],
    body: () => cells.map((p) => (p.n < rules.min_postings ? [p.day, "–", "–", count(p.n)] : [p.day + (p.partial ? ` (${texts.partial})` : ""), percent(p.share), range(p.low, p.high), count(p.n)])),
    csv: () => [["first_day", "n_postings", "n_mentioning", "share", "share_low", "share_high", "maturity"], ...large.map((p) => [p.day, p.n, p.k, p.share, p.low, p.high, p.partial ? "partial" : "final"])],
  });
}

function learnFigure(chosen) {
  const c = colours(), id = "learn", title = texts.learn_title;
  const profiles = element("select", { id: "profile" }, element("option", { value: "" }, texts.profile_none), ...market.profiles.map((p) => element("option", { value: p.id, selected: p.id === state.profile }, p.label)));
  profiles.addEventListener("change", () => {
    state.profile = profiles.value;
    const person = market.profiles.find((p) => p.id === profiles.value) || { have: [], degree: "", field: "", years: "" };
    state.have = new Set(person.have); state.degree = person.degree; state.field = person.field; state.years = person.years;
    update("profile");
  });
  const degree = element("select", { id: "degree" }, element("option", { value: "" }, texts.degree_unsaid), ...market.reach.degrees.map((level, i) => element("option", { value: level, selected: level === state.degree }, market.reach.degree_labels[i])));
  const field = element("select", { id: "field" }, element("option", { value: "" }, texts.field_any), ...Object.entries(market.reach.fields).sort((a, b) => (a[1] < b[1] ? -1 : 1)).map(([value, label]) => element("option", { value, selected: value === state.field }, label)));
  const mine = element("input", { type: "number", id: "my-years", min: 0, max: 40, value: state.years });
  degree.addEventListener("change", () => { state.degree = degree.value; state.profile = ""; update("degree"); });
  field.addEventListener("change", () => { state.field = field.value; state.profile = ""; update("field"); });
  mine.addEventListener("change", () => { state.years = mine.value && +mine.value >= 0 ? String(Math.min(Math.round(+mine.value), 40)) : ""; state.profile = ""; update("my-years"); });
  const search = element("input", { type: "search", id: "search" });
  const list = element("div", { class: "have", role: "group", "aria-label": texts.have, tabindex: "0" });
  for (const s of chosen.shares.filter((s) => requirements.learnable[s.r]).sort(byShare)) {
    const box = element("input", { type: "checkbox", value: s.id, id: "have-" + s.id, checked: state.have.has(s.id) });
    box.addEventListener("change", () => { if (box.checked) state.have.add(s.id); else state.have.delete(s.id); state.profile = ""; update(box.id); });
    list.append(element("label", { title: explained[s.r] || null }, box, s.label));
  }
  search.addEventListener("input", () => { for (const l of list.children) l.style.display = l.textContent.toLowerCase().includes(search.value.toLowerCase()) ? "" : "none"; });
  $("view").append(element("div", { class: "pair choices" }, element("label", {}, texts.start_from, profiles), element("label", {}, texts.my_degree, degree), element("label", {}, texts.my_field, field), element("label", {}, texts.my_years, mine), element("label", {}, texts.search, search)), element("h3", { class: "choices" }, texts.have), list);
  if (chosen.n < rules.min_postings) return figure({ id, title, message: tooFew(chosen.n) });
  const { ranked, met, open, n, reached } = steps(chosen);
  if (!ranked.length) return figure({ id, title, message: fill(texts.no_steps, { min: rules.min_asking }) });
  const y = ranked.map((s, i) => wrapped(`${i + 1}. ${s.label}`, labelWidth())), trend = (s) => { const found = chosenTrends(chosen).rows.find((t) => t.id === s.id); return found ? texts.verdicts[found.verdict] : "–"; };
  const words = (s) => fill(texts.step_words, { gain: (100 * s.gain).toFixed(1), low: (100 * s.low).toFixed(1), high: (100 * s.high).toFixed(1), share: percent(s.share) }), fifth = ranked[Math.min(4, ranked.length - 1)];
  const what = [
    state.degree && market.reach.degree_labels[market.reach.degrees.indexOf(state.degree)] + (state.field ? ` (${market.reach.fields[state.field]})` : ""),
    state.years && fill(texts.years_of_work, { n: state.years }),
    ...[...state.have].map((i) => requirements.label[at.get(i)]).sort(),
  ].filter(Boolean);
  const has = what.length ? fill(texts.has, { what: what.join(", ") }) : texts.has_nothing;
  figure({
    id, title, note: texts.learn_note + " " + fill(texts.rate, { share: percent(met), closed: percent(1 - open / n) }) + " " + note(chosen, n < chosen.n ? fill(texts.counted_on, { part: count(n) }) : ""),
    lead: [fill(texts.learn_lead, { now: percent(reached), then: percent(fifth.reached), n: count(n), steps: ranked.slice(0, 5).map((s) => s.label).join(", ") }), has],
    alt: title + ". " + ranked.map((s, i) => `${i + 1}. ${s.label}: ${words(s)}`).join("; ") + ".",
    traces: [
      { type: "bar", orientation: "h", y, x: ranked.map((s) => 100 * (s.reached - s.gain)), marker: { color: c.grey }, hovertemplate: `%{y}<br>${texts.before_step}: %{x:.1f} %<extra></extra>` },
      { type: "bar", orientation: "h", y, x: ranked.map((s) => 100 * s.gain), marker: { color: c.gain }, error_x: whiskers(c, ranked.map((s) => 100 * (s.high - s.gain)), ranked.map((s) => 100 * (s.gain - s.low))), customdata: ranked.map((s) => hover(s.r, words(s))), hovertemplate: "%{y}<br>%{customdata}<extra></extra>" },
      { type: "bar", orientation: "h", y, x: ranked.map((s) => s.share), xaxis: "x2", marker: { color: c.freq }, hovertemplate: `%{y}<br>${texts.share_head}: %{x:.0%}<extra></extra>` },
    ],
    layout: layout(c, rowsHeight(y, 110), { showlegend: false, margin: { l: 8, r: 18, t: 10, b: 50 }, xaxis: axis(c, { title: narrow() ? texts.gain_head : texts.gain_axis, domain: [0, 0.55], rangemode: "tozero", nticks: 4 }), xaxis2: axis(c, { title: texts.share_head, domain: [0.64, 1], anchor: "y", tickformat: ".0%", rangemode: "tozero", nticks: 3 }), yaxis: rowsAxis(c) }),
    head: [texts.requirement, texts.step_head, texts.gain_head, texts.interval_head, texts.reached_head, texts.share_head, texts.trend_head, texts.n_head],
    body: () => ranked.map((s, i) => [labelled(s), String(i + 1), (100 * s.gain).toFixed(1), `${(100 * s.low).toFixed(1)}–${(100 * s.high).toFixed(1)}`, percent(s.reached), percent(s.share), trend(s), `${count(s.asking)} / ${count(n)}`]),
    csv: () => [["rank", "requirement_id", "label", "gain", "gain_low", "gain_high", "reached", "nearer", "share", "trend", "n_postings"], ...ranked.map((s, i) => [i + 1, s.id, s.label, s.gain, s.low, s.high, s.reached, s.nearer, s.share, trend(s), n])],
  });
}

function mixFigure(chosen) {
  const c = colours(), id = "mix", title = texts.mix_title, months = market.months, names = tally(chosen, "source").cells.map((s) => s.value), shown = names.slice(0, SERIES.length - 1), others = names.slice(SERIES.length - 1);
  const counts = new Map(names.map((name) => [name, new Uint32Array(months.length + 1)]));
  for (const i of chosen.rows) counts.get(market.filters.source.value[column.source[i] - 1])[column.month[i]]++;
  const undated = [...counts.values()].reduce((sum, of) => sum + of[UNKNOWN], 0), used = months.filter((_, m) => names.some((name) => counts.get(name)[m + 1]));
  if (!used.length) return figure({ id, title, message: chosen.n ? fill(texts.undated, { n: count(undated) }) : texts.no_postings });
  const every = months.slice(months.indexOf(used[0]), months.indexOf(used.at(-1)) + 1), of = (name, month) => counts.get(name)[months.indexOf(month) + 1];
  const bar = (label, values, color) => ({ type: "bar", name: safe(label), x: every.map((m) => m + "-01"), y: values, marker: { color }, hovertemplate: "%{x|%B %Y}: %{y:,}<extra>" + safe(label) + "</extra>" });
  figure({
    id, title, note: undated ? fill(texts.mix_note, { n: count(chosen.n), undated: fill(texts.undated, { n: count(undated) }) }) : fill(texts.n_only, { n: count(chosen.n) }), alt: title + ": " + names.map((name) => `${name} ${count(every.reduce((sum, m) => sum + of(name, m), 0))}`).join("; ") + ".",
    traces: [...shown.map((name, s) => bar(name, every.map((m) => of(name, m)), SERIES[s])), ...(others.length ? [bar(texts.other_sources, every.map((m) => others.reduce((sum, name) => sum + of(name, m), 0)), c.grey)] : [])],
    layout: layout(c, 360, { bargap: 0.1, showlegend: true, margin: { l: 8, r: 14, t: 14, b: 90 }, legend: { orientation: "h", x: 0, y: -0.25, yanchor: "top", traceorder: "normal" }, xaxis: timeAxis(c, every.map((m) => m + "-01")), yaxis: axis(c, { title: texts.postings_axis, rangemode: "tozero" }) }),
    head: [texts.month_head, ...names], body: () => every.map((m) => [m, ...names.map((name) => count(of(name, m)))]),
    csv: () => [["month", ...names], ...every.map((m) => [m, ...names.map((name) => of(name, m))])],
  });
}
function evidence(chosen) {
  const bySource = new Map(tally(chosen, "source").cells.map((s) => [s.value, s.k])), kinds = texts.source_kinds;
  const fresh = (s) => (s.days_ago === null ? texts.not_on_record : fill(s.kind === "live" && s.days_ago > 8 ? texts.stale : texts.fresh_source, { day: s.last, days: s.days_ago }));
  $("view").append(
    element("p", {}, fill(texts.evidence_lead, { n: count(market.n_drawn_from || market.n), adverts: count(market.n_adverts), unread: count(market.n_unread), quarantined: count(market.n_quarantined), when: market.when })),
    ...(market.n_drawn_from ? [element("p", { class: "lead" }, fill(texts.sampled, { n: count(market.n), all: count(market.n_drawn_from) }))] : []),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": texts.sources_title },
      tableOf("sources", [texts.source_head, texts.postings_axis, texts.kind_head, texts.fresh_head, texts.complete_head], market.sources.map((s) => [s.name, count(bySource.get(s.name) || 0), kinds[s.kind] || texts.not_on_record, fresh(s), s.n_runs ? `${count(s.n_complete)} / ${count(s.n_runs)}` : "–"]))));
  mixFigure(chosen);
}

const DRAW = {
  short: (chosen) => { inShort(chosen); drawn(chosen, () => sayTrends(chosen)); rankedFigure("asked", texts.asked_title, chosen, asked(chosen)); },
  job: (chosen) => { rankedFigure("duty", texts.duty_title, chosen, ofKind(chosen, "duty"), { names: true }); tallyFigure("specialism", texts.specialism_title, chosen, "specialism"); },
  degrees: (chosen) => rankedFigure("degree", texts.degree_title, chosen, ofKind(chosen, "degree"), { keepOrder: true, degrees: true }),
  certifications: (chosen) => rankedFigure("certification", texts.certification_title, chosen, ofKind(chosen, "certification")),
  experience: (chosen) => { yearsFigure(chosen); rankedFigure("role", texts.role_title, chosen, ofKind(chosen, "role"), { names: true }); },
  skills: (chosen) => { rankedFigure("skill", texts.skill_title, chosen, ofKind(chosen, "skill")); togetherFigure(chosen); },
  changes: (chosen) => { newestFigure(chosen); drawn(chosen, () => changesFigure(chosen)); lineFigure(chosen); emergingTable(); },
  hiring: (chosen) => { employersFigure(chosen); tallyFigure("country", texts.country_title, chosen, "country_code"); tallyFigure("workplace", texts.workplace_title, chosen, "workplace"); payFigure(chosen); },
  learn: learnFigure,
  evidence,
};
const TERMS = { changes: ["trend", "share", "interval"], learn: ["gain", "share", "interval"], hiring: ["interval"], evidence: [] };
