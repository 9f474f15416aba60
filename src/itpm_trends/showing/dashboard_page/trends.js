// ------------------------------------------------------------------ trends: measuring/trends.py
// Quasi-binomial regression of the share on time with a term for each source, its variance widened for weeks and for
// employers; q after Benjamini and Hochberg. The comments there give the reasons and the sources.
const MOST_NEWTON = 50;
const expit = (x) => 1 / (1 + Math.exp(-x));

/** A change a year for each requirement that can be told, or the reason why none can (`why`). */
function trends(chosen) {
  const rows = chosen.rows.filter((i) => column.period[i] && !column.partial[i]);
  const periods = new Set(Array.from(rows, (i) => column.period[i])), sources = [...new Set(Array.from(rows, (i) => column.source[i]))].sort((a, b) => a - b);
  const names = sources.map((s) => market.filters.source.value[s - 1]), strangers = names.filter((name) => !rules.vouched.includes(name));
  const told = { n: rows.length, periods: periods.size, rows: [], why: "" };
  if (!rows.length) told.why = texts.no_flow;
  else if (strangers.length) told.why = fill(texts.not_vouched, { sources: strangers.join(", ") });
  else if (periods.size < rules.min_periods) told.why = fill(texts.few_periods, { n: periods.size, min: rules.min_periods, length: market.periods.length });
  else if (rows.length < rules.min_postings) told.why = tooFew(rows.length);
  if (told.why) return told;
  const window = windowOf(rows, sources), tested = [], found = new Uint32Array(rows.length), { place } = window, { start, row } = stated;
  for (let r = 0; r < nRequirements; r++) {
    let n = 0;
    for (let j = start[r], end = start[r + 1]; j < end; j++) { const at = place[row[j]]; if (at) found[n++] = at - 1; }
    const stating = found.subarray(0, n);
    if (Math.min(stating.length, rows.length - stating.length) < rules.min_mentioning) continue;
    const fit = slope(window, stating);
    if (fit) tested.push({ id: requirements.id[r], r, label: requirements.label[r], kind: requirements.kind[r], n: rows.length, k: stating.length, share: stating.length / rows.length, ...fit });
  }
  falseDiscoveries(tested.map((t) => t.p)).forEach((q, i) => {
    tested[i].q = q;
    tested[i].verdict = q > rules.max_q ? "steady" : tested[i].change > 0 ? "rising" : "falling";
  });
  told.rows = tested;
  if (!tested.length) told.why = fill(texts.few_mentions, { min: rules.min_mentioning });
  return told;
}

/** The chosen postings as cells of source and period, with mid-time in years and employers. */
function windowOf(rows, sources) {
  const place = new Uint32Array(market.n), cell = new Uint16Array(rows.length), employer = new Uint32Array(rows.length), cells = [];
  const known = sources.map(() => new Int32Array(market.periods.first.length + 1).fill(-1)), ofSource = new Map(sources.map((s, i) => [s, i]));
  rows.forEach((i, at) => {
    const source = ofSource.get(column.source[i]), period = column.period[i];
    if (known[source][period] < 0) { known[source][period] = cells.length; cells.push({ source, n: 0, years: Date.parse(market.periods.first[column.period[i] - 1]) / 864e5 / 365.25 }); }
    place[i] = at + 1; cell[at] = known[source][period]; cells[cell[at]].n++;
    employer[at] = column.employer[i];
  });
  const middle = cells.reduce((sum, c) => sum + c.n * c.years, 0) / rows.length, mix = sources.map(() => 0), timed = sources.map(() => 0);
  for (const c of cells) { c.years -= middle; mix[c.source] += c.n; timed[c.source] += c.n * c.years; }
  return { ...byEmployer(cell, employer), place, cell, employer, cells, mix, centres: timed.map((t, s) => t / mix[s]), n: rows.length, effective: new Map() };
}

/** The cells of each employer's postings, one employer after the other: sums over them need not jump about. */
function byEmployer(cell, employer) {
  const from = new Uint32Array(nEmployers + 1), cellInOrder = new Uint16Array(cell.length);
  for (let i = 0; i < employer.length; i++) from[employer[i] + 1]++;
  for (let e = 0; e < nEmployers; e++) from[e + 1] += from[e];
  const free = from.slice();
  for (let i = 0; i < cell.length; i++) cellInOrder[free[employer[i]]++] = cell[i];
  return { from, cellInOrder };
}

/** Change of the share a year with interval and p; null where the fit is not determined. */
function slope(window, stating) {
  const { cells, cell, employer, mix } = window, k = new Float64Array(cells.length), totals = mix.map(() => 0);
  for (let i = 0; i < stating.length; i++) k[cell[stating[i]]]++;
  cells.forEach((c, i) => { totals[c.source] += k[i]; });
  const isTold = totals.map((sum, s) => sum > 0 && sum < mix[s]);
  const intercepts = totals.map((sum, s) => (isTold[s] ? Math.log((sum + 0.5) / (mix[s] + 1) / (1 - (sum + 0.5) / (mix[s] + 1))) : 0));
  const mean = new Float64Array(cells.length), weight = new Float64Array(cells.length);
  let b = 0, information, across, bySource;
  for (let round = 0; round < MOST_NEWTON; round++) {
    const score = mix.map(() => 0), evidence = mix.map(() => 0);
    across = mix.map(() => 0); bySource = isTold.map((known) => (known ? 0 : 1));
    let timed = 0;
    cells.forEach((c, i) => {
      mean[i] = expit(intercepts[c.source] + c.years * b);
      if (!isTold[c.source]) return;
      weight[i] = Math.max(c.n * mean[i] * (1 - mean[i]), 1e-12);
      const residual = k[i] - c.n * mean[i];
      bySource[c.source] += weight[i]; across[c.source] += weight[i] * c.years; evidence[c.source] += weight[i] * c.years ** 2;
      score[c.source] += residual; timed += residual * c.years;
    });
    information = Math.max(evidence.reduce((sum, e, s) => sum + Math.max(e - across[s] ** 2 / bySource[s], 0), 0), 1e-12);
    let step = (timed - score.reduce((sum, one, s) => sum + across[s] * one / bySource[s], 0)) / information, largest = 0;
    step = Math.min(Math.max(step, -2), 2);
    mix.forEach((_, s) => {
      const shift = isTold[s] ? Math.min(Math.max((score[s] - across[s] * step) / bySource[s], -2), 2) : 0;
      intercepts[s] += shift; largest = Math.max(largest, Math.abs(shift));
    });
    b += step;
    if (Math.max(Math.abs(step), largest) < 1e-8) break;
  }
  let live = 0, pearson = 0;
  cells.forEach((c, i) => { if (isTold[c.source]) { live++; pearson += (k[i] - c.n * mean[i]) ** 2 / weight[i]; } });
  let freedom = live - isTold.filter(Boolean).length - 1;
  if (freedom < 3 || information <= 1e-9) return null;
  let inflation = Math.max(pearson / Math.max(freedom, 1), 1);
  const more = employerInflation(window, stating, mean, isTold, across.map((a, s) => a / bySource[s]), information), both = inflation + Math.max(more, 1) - 1;
  freedom = both ** 2 / (inflation ** 2 / Math.max(freedom, 1) + Math.max(more - 1, 0) ** 2 / Math.max(effectiveEmployers(window, isTold), 1));
  if (freedom < 3) return null;
  inflation = both;
  const error = Math.sqrt(inflation / information), reach = quantile(freedom) * error;
  const change = (slope) => 100 * mix.reduce((sum, n, s) => sum + (isTold[s] ? n * (expit(intercepts[s] + slope / 2) - expit(intercepts[s] - slope / 2)) : 0), 0) / window.n;
  return { change: change(b), low: change(b - reach), high: change(b + reach), p: tails(b / error, freedom) };
}
function employerInflation({ cells, cell, employer, from, cellInOrder }, stating, mean, isTold, centres, information) {
  const away = Float64Array.from(cells, (c) => (isTold[c.source] ? c.years - centres[c.source] : 0)), expected = away.map((years, i) => years * mean[i]);
  const sums = new Float64Array(nEmployers);
  let employers = 0, squares = 0;
  for (let i = 0; i < stating.length; i++) sums[employer[stating[i]]] += away[cell[stating[i]]];
  for (let e = 0; e < nEmployers; e++) {
    let sum = sums[e];
    for (let i = from[e]; i < from[e + 1]; i++) sum -= expected[cellInOrder[i]];
    squares += sum * sum; employers += from[e + 1] > from[e];
  }
  return squares / information * employers / Math.max(employers - 1, 1);
}
function effectiveEmployers(window, isTold) {
  const key = isTold.join();
  if (!window.effective.has(key)) {
    const away = window.cells.map((c) => (isTold[c.source] ? c.years - window.centres[c.source] : 0)), sums = new Float64Array(nEmployers), squares = new Float64Array(nEmployers);
    for (let i = 0; i < window.n; i++) { sums[window.employer[i]] += away[window.cell[i]]; squares[window.employer[i]] += away[window.cell[i]] ** 2; }
    let whole = 0, whole2 = 0;
    for (let e = 0; e < nEmployers; e++) {
      const part = (1 - rules.typical_correlation) * squares[e] + rules.typical_correlation * sums[e] ** 2;
      whole += part; whole2 += part * part;
    }
    window.effective.set(key, whole ** 2 / Math.max(whole2, 1e-30));
  }
  return window.effective.get(key);
}
