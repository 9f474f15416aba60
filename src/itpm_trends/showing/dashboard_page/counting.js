// ------------------------------------------------------------------ counting
// The formulas are those of measuring/intervals.py and measuring/newest.py; tests/showing compares the two.
const Z = 1.959963984540054;
const rules = market.rules;

/** Everything that a figure asks of the chosen postings, worked out once. */
class Chosen {
  constructor(rows) { this.rows = rows; this.n = rows.length; }
  get sizes() { return this._sizes ||= employerSizes(this.rows); }
  get employers() { return this._employers ||= this.sizes.reduce((n, size) => n + (size > 0), 0); }
  get met() { return this._met ||= sizeMet(this.sizes, this.n); }
  get shares() { return this._shares ||= shares(this); }
  get mask() {
    if (!this._mask) { this._mask = new Uint8Array(market.n); for (const i of this.rows) this._mask[i] = 1; }
    return this._mask;
  }
}
function employerSizes(rows) {
  const sizes = new Uint32Array(nEmployers);
  const employer = column.employer;
  for (let i = 0; i < rows.length; i++) sizes[employer[rows[i]]]++;
  return sizes;
}
function sizeMet(sizes, n) {
  let squares = 0;
  for (let e = 0; e < sizes.length; e++) squares += sizes[e] * sizes[e];
  return n ? Math.max(squares / n, 1) : 1;
}

// Student's distribution by the incomplete beta function (continued fraction, Press and others 2007, 6.4).
function logGamma(x) {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  let y = x, sum = 1.000000000190015;
  for (const part of c) sum += part / ++y;
  return Math.log(2.5066282746310005 * sum / x) - (x + 5.5) + (x + 0.5) * Math.log(x + 5.5);
}
function betaFraction(a, b, x) {
  const tiny = 1e-300, kept = (v) => (Math.abs(v) < tiny ? tiny : v);
  let c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), h = d;
  for (let m = 1; m < 500; m++) {
    for (const part of [m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / kept(1 + part * d); c = kept(1 + part / c); h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return h;
}
function betaShare(a, b, x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b;
}
/** Chance that Student's t lies farther from 0 than `t` on either side. */
const tails = (t, freedom) => betaShare(freedom / 2, 0.5, freedom / (freedom + t * t));
const normalTails = (z) => tails(z, 1e7);
const quantiles = new Map();
/** Student's 97.5 % quantile, by Newton's method from its expansion around the normal one. */
function quantile(freedom) {
  if (freedom > 1e6) return Z;
  if (!quantiles.has(freedom)) {
    let t = Z + (Z ** 3 + Z) / 4 / freedom + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96 / freedom ** 2;
    for (let step = 0; step < 50; step++) {
      const density = Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - (freedom + 1) / 2 * Math.log(1 + t * t / freedom)) / Math.sqrt(Math.PI * freedom);
      const shift = Math.max((tails(t, freedom) - 0.05) / (2 * density), -t / 2);
      t += shift;
      if (Math.abs(shift) < 1e-12) break;
    }
    quantiles.set(freedom, t);
  }
  return quantiles.get(freedom);
}

/** Wilson's interval, widened by a design effect for employers, with Student's quantile for few of them. */
function interval(k, n, met, correlation) {
  if (!n) return [0, 1];
  const effect = 1 + (met - 1) * correlation, clustered = (effect - 1) / effect;
  const freedom = Math.max(1 / (clustered ** 2 / Math.max(n / met - 1, 1) + (1 - clustered) ** 2 / Math.max(n - 1, 1)), 2);
  const z = effect > 1 ? quantile(freedom) : Z, share = k / n, effective = n / effect;
  const centre = share * effective + z * z / 2, half = z * Math.sqrt(effective * share * (1 - share) + z * z / 4);
  const low = (centre - half) / (effective + z * z), high = (centre + half) / (effective + z * z);
  return [Math.min(Math.max(low, 0), share), Math.max(Math.min(high, 1), share)];
}
function withInterval(k, n, met, correlation) {
  const [low, high] = interval(k, n, met, correlation);
  return { k, n, share: n ? k / n : 0, low, high };
}
/** For each requirement how many of the chosen postings state it, how firmly, and its share with interval. */
function shares(chosen) {
  const byFirmness = [0, 1, 2].map(() => new Uint32Array(nRequirements));
  const { rows } = chosen, { start, requirement, firmness } = states;
  for (let at = 0; at < rows.length; at++) for (let j = start[rows[at]], end = start[rows[at] + 1]; j < end; j++) byFirmness[firmness[j]][requirement[j]]++;
  return requirements.id.map((id, r) => {
    const [preferred, strict, open] = byFirmness.map((counts) => counts[r]), mentioning = preferred + strict + open;
    return { id, r, label: requirements.label[r], kind: requirements.kind[r], step: requirements.step[r], mentioning, preferred, strict, open, nRequired: strict + open, ...withInterval(mentioning, chosen.n, chosen.met, requirements.correlation[r]) };
  });
}
/** How many of the chosen postings have each value of a column, most frequent first; unknown ones apart. */
function tally(chosen, name) {
  const { value, label } = market.filters[name], counts = new Uint32Array(value.length + 1);
  for (const i of chosen.rows) counts[column[name][i]]++;
  const cells = value.map((v, c) => ({ value: v, label: label[c], k: counts[c + 1], n: chosen.n }));
  return { cells: cells.filter((c) => c.k).sort((a, b) => b.k - a.k || (a.value < b.value ? -1 : 1)), unknown: counts[UNKNOWN] };
}
function clusteredMean(values, rows, met) {
  const n = rows.length, mean = values.reduce((a, b) => a + b, 0) / n, sums = new Float64Array(nEmployers), seen = new Uint8Array(nEmployers);
  rows.forEach((i, at) => { sums[column.employer[i]] += values[at] - mean; seen[column.employer[i]] = 1; });
  const squares = sums.reduce((all, sum) => all + sum * sum, 0), clusters = seen.reduce((all, one) => all + one, 0);
  const freedom = Math.max(n / met - 1, 2);
  const reach = quantile(freedom) * Math.sqrt(clusters / Math.max(clusters - 1, 1) * squares) / n;
  return [mean, Math.max(mean - reach, -1), Math.min(mean + reach, 1)];
}
/** q from p after Benjamini and Hochberg (1995); null where p is null. */
function falseDiscoveries(p) {
  const order = p.map((_, r) => r).filter((r) => p[r] !== null).sort((a, b) => p[b] - p[a]), q = p.map(() => null);
  let least = 1;
  order.forEach((r, rank) => { least = Math.min(least, p[r] * order.length / (order.length - rank)); q[r] = least; });
  return q;
}

/** Share of new postings that state a requirement, period by period, periods joined until most can be read. */
function line(chosen, id) {
  const first = market.periods.first, members = first.map(() => []), partial = first.map(() => false), has = statesOf(at.get(id));
  for (const i of chosen.rows) if (column.period[i]) {
    members[column.period[i] - 1].push(i);
    partial[column.period[i] - 1] ||= !!column.partial[i];
  }
  const isMonthly = market.periods.length === "month", spans = isMonthly ? [1, 3] : [1, 4, 13], origin = Date.parse(first[0]);
  let cells = [];
  for (const span of spans) {
    cells = [];
    first.forEach((day, p) => {
      const group = isMonthly ? Math.floor((+day.slice(0, 4) * 12 + +day.slice(5, 7) - 1) / span) : Math.floor(Math.round((Date.parse(day) - origin) / 6048e5) / span);
      if (!cells.length || cells[cells.length - 1].group !== group) cells.push({ group, day, rows: [], partial: false, span });
      const last = cells[cells.length - 1];
      for (const i of members[p]) last.rows.push(i);
      last.partial ||= partial[p];
    });
    const sorted = cells.map((c) => c.rows.length).sort((a, b) => a - b);
    if (sorted.length && sorted[Math.floor(sorted.length / 2)] >= market.readable) break;
  }
  return cells.map((cell) => ({ ...cell, ...withInterval(cell.rows.reduce((k, i) => k + has[i], 0), cell.rows.length, sizeMet(employerSizes(cell.rows), cell.rows.length), requirements.correlation[at.get(id)]) }));
}
function statesOf(r) {
  const has = new Uint8Array(market.n);
  for (let j = stated.start[r]; j < stated.start[r + 1]; j++) has[stated.row[j]] = 1;
  return has;
}

/** The newest complete period beside those before it, each source weighing as in the newest: measuring/newest.py. */
function newest(chosen) {
  const flow = chosen.rows.filter((i) => column.period[i]), partial = new Set(), present = new Set();
  for (const i of flow) { present.add(column.period[i]); if (column.partial[i]) partial.add(column.period[i]); }
  const whole = [...present].filter((p) => !partial.has(p)).sort((a, b) => a - b), last = whole.at(-1);
  if (!last) return null;
  const before = whole.slice(0, -1).slice(-rules.periods_before), isBefore = new Set(before);
  const nSources = market.filters.source.value.length + 1, cellOf = new Int16Array(market.n).fill(-1);
  const inNewest = flow.filter((i) => column.period[i] === last), earlier = flow.filter((i) => isBefore.has(column.period[i]));
  const both = (rows, others) => { const known = new Set(Array.from(others, (i) => column.source[i])); return rows.filter((i) => known.has(column.source[i])); };
  const fresh = both(inNewest, earlier), old = both(earlier, inNewest);
  const told = { day: market.periods.first[last - 1], n: inNewest.length, bySource: new Map(), before: before.map((p) => earlier.reduce((n, i) => n + (column.period[i] === p), 0)), partial: [...partial].filter((p) => p > last).length, changes: [], nBefore: old.length };
  for (const i of inNewest) told.bySource.set(column.source[i], (told.bySource.get(column.source[i]) || 0) + 1);
  if (Math.min(fresh.length, old.length) < rules.min_postings) return told;
  for (const i of fresh) cellOf[i] = nSources + column.source[i];
  for (const i of old) cellOf[i] = column.source[i];
  const cells = Array.from({ length: 2 * nSources }, () => []);
  for (const i of [...fresh, ...old]) cells[cellOf[i]].push(i);
  const freshMet = sizeMet(employerSizes(fresh), fresh.length), met = cells.slice(0, nSources).map((rows) => sizeMet(employerSizes(rows), rows.length));
  const variance = (k, n, met, correlation) => { const p = (k + 1) / (n + 2); return (1 + (met - 1) * correlation) * p * (1 - p) / n; };
  const n = fresh.length, all = n + old.length, tested = [];
  for (let r = 0; r < nRequirements; r++) {
    const k = new Uint32Array(2 * nSources);
    for (let j = stated.start[r]; j < stated.start[r + 1]; j++) if (cellOf[stated.row[j]] >= 0) k[cellOf[stated.row[j]]]++;
    const total = k.reduce((sum, one) => sum + one, 0);
    if (Math.min(total, all - total) < rules.min_mentioning) continue;
    const stating = k.slice(nSources).reduce((sum, one) => sum + one, 0);
    let expected = 0, spread = variance(stating, n, freshMet, requirements.correlation[r]);
    for (let s = 0; s < nSources; s++) if (cells[s].length) {
      const weight = cells[nSources + s].length / n;
      expected += weight * k[s] / cells[s].length;
      spread += weight ** 2 * variance(k[s], cells[s].length, met[s], requirements.correlation[r]);
    }
    const change = 100 * (stating / n - expected), reach = 100 * Z * Math.sqrt(spread);
    tested.push({ id: requirements.id[r], r, label: requirements.label[r], kind: requirements.kind[r], n, k: stating, share: stating / n, expected, change, low: change - reach, high: change + reach, p: normalTails(change / 100 / Math.sqrt(spread)) });
  }
  falseDiscoveries(tested.map((t) => t.p)).forEach((q, i) => { tested[i].q = q; });
  told.changes = tested.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.id < b.id ? -1 : 1));
  return told;
}

/** Quartiles of the middle of yearly pay; the median's interval after Woodruff (1952), widened for employers. */
function payLevel(rows) {
  const pay = Float64Array.from(rows, (i) => column.pay[i]).sort(), n = pay.length;
  const sizes = employerSizes(rows), employers = sizes.reduce((all, size) => all + (size > 0), 0);
  const level = (share) => { const place = share * (n - 1), under = Math.floor(place); return pay[under] + (place - under) * ((pay[under + 1] ?? pay[under]) - pay[under]); };
  const [low, high] = interval(n / 2, n, sizeMet(sizes, n), market.pay_correlation);
  return { n, employers, lower: level(0.25), median: level(0.5), upper: level(0.75), low: level(low), high: level(high) };
}

const pairKey = (a, b) => Math.min(a, b) * 65536 + Math.max(a, b);
const inseparable = new Set(requirements.inseparable.map(([a, b]) => pairKey(a, b)));
/** How often two requirements stand in one posting, and how often they would by chance: the phi coefficient's test. */
function together(chosen, among) {
  const place = new Int16Array(nRequirements).fill(-1), both = among.map(() => new Uint32Array(among.length));
  among.forEach((s, i) => { place[s.r] = i; });
  for (const i of chosen.rows) {
    const here = [];
    for (let j = states.start[i]; j < states.start[i + 1]; j++) if (place[states.requirement[j]] >= 0) here.push(place[states.requirement[j]]);
    for (const a of here) for (const b of here) both[a][b]++;
  }
  const pairs = [];
  for (let a = 0; a < among.length; a++) for (let b = 0; b < a; b++) {
    if (inseparable.has(pairKey(among[a].r, among[b].r))) continue;
    const one = among[a], other = among[b], chance = one.share * other.share;
    const share = withInterval(both[a][b], chosen.n, chosen.met, Math.max(requirements.correlation[one.r], requirements.correlation[other.r]));
    const effect = 1 + (chosen.met - 1) * Math.max(requirements.correlation[one.r], requirements.correlation[other.r]);
    const z = (share.share - chance) / Math.sqrt(chance * (1 - one.share) * (1 - other.share) * effect / chosen.n);
    pairs.push({ one, other, chance, ...share, p: normalTails(z) });
  }
  falseDiscoveries(pairs.map((p) => p.p)).forEach((q, i) => {
    Object.assign(pairs[i], { q, verdict: q > rules.max_q ? "unclear" : pairs[i].share > pairs[i].chance ? "more" : "less" });
  });
  return pairs;
}
