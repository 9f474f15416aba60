// ------------------------------------------------------------------ what to learn next: measuring/coverage.py
const MOST_STEPS = 10, MOST_CHOSEN_FROM = 6000;
// Postings that state more take longer to count.
const MOST_COUNTED_ON = Math.max(MOST_CHOSEN_FROM, Math.min(15000, Math.round(150000 * market.n / (states.requirement.length || 1))));
const givenBy = requirements.id.map((_, r) => [r]);  // the steps that meet a requirement: itself, and certifications that bring it
requirements.gives.forEach((others, r) => { for (const other of others) givenBy[other].push(r); });
/** For each set of degrees of which a posting requires one: does the visitor meet it? What is not said closes nothing. */
function degreesMet() {
  const rung = market.reach.degrees.indexOf(state.degree), worked = state.years === "" ? 0 : +state.years;
  const meets = ([asked, years, orExperience, fields]) => {
    const fits = !state.field || !fields.length || fields.includes(state.field);
    return (fits && asked <= rung) || (orExperience && worked >= years - (fits ? market.reach.studied[rung] : 0));
  };
  return [true, ...market.reach.degree_sets.map((set) => rung < 0 || set.some(meets))];
}
// Postings as what they ask: `item[j]` at `weight[j]` from `start[i]` on, the weights of a posting adding up to 1.
function reachOf(rows) {
  const start = [0], item = [], weight = [], open = new Uint8Array(rows.length);
  const isMet = degreesMet(), mine = state.years === "" ? Infinity : +state.years;
  rows.forEach((i, row) => {
    const from = item.length;
    let whole = 0;
    for (let j = states.start[i]; j < states.start[i + 1]; j++) {
      if (!requirements.learnable[states.requirement[j]]) continue;
      const one = states.firmness[j] === PREFERRED ? market.reach.preferred : 1;
      item.push(states.requirement[j]); weight.push(one); whole += one;
    }
    for (let j = from; j < item.length; j++) weight[j] /= whole;
    start.push(item.length);
    open[row] = isMet[column.degree_set[i]] && column.needs_years[i] <= mine + market.reach.slack_years;
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
  for (const r of items) { after[r] = 1; for (const other of requirements.gives[r]) after[other] = 1; }
  return after;
}
function gains(reach, met, softness) {
  const near = nearness(reach, met), gain = new Float64Array(nRequirements), added = new Float64Array(nRequirements), named = [];
  for (let i = 0; i < reach.n; i++) {
    if (!reach.open[i]) continue;
    const before = curve(near[i], softness), first = reach.start[i], last = reach.start[i + 1];
    // A named certification and its family may both stand in the posting.
    for (let j = first; j < last; j++) {
      const r = reach.item[j];
      if (met[r]) continue;
      for (const step of givenBy[r]) { if (!added[step]) named.push(step); added[step] += reach.weight[j]; }
    }
    for (const step of named) { gain[step] += curve(near[i] + added[step], softness) - before; added[step] = 0; }
    named.length = 0;
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
/** The steps for what the visitor has, with the postings that each brings within reach. */
function steps(chosen) {
  // A page answers at once: of very many postings a part is chosen from, and a larger part counted on.
  const thinned = (rows, most) => { const every = Math.ceil(rows.length / most); return every > 1 ? rows.filter((_, row) => row % every === 0) : rows; };
  const rows = thinned(chosen.rows, MOST_COUNTED_ON), part = thinned(rows, rows === chosen.rows ? MOST_CHOSEN_FROM : MOST_CHOSEN_FROM / 2);
  const reach = reachOf(rows), s = market.reach.softness[0], asking = new Uint32Array(nRequirements), had = [...state.have].map((id) => at.get(id));
  for (const r of reach.item) asking[r]++;
  let met = learned(new Float64Array(nRequirements), had);
  const candidates = [...asking.keys()].filter((r) => asking[r] >= rules.min_asking && !met[r]), open = total(reach.open);
  const mean = total(nearness(reach, met)) / (rows.length || 1), before = { n: rows.length, met: mean, open, reached: total(coverage(reach, met, s)) / (rows.length || 1) };
  if (!candidates.length || open < rules.min_postings) return { ranked: [], ...before };
  const size = sizeMet(employerSizes(rows), rows.length);
  const ranked = chosenSteps(part === rows ? reach : reachOf(part), met, candidates).map((r) => {
    const lacking = coverage(reach, met, s), without = met;
    met = learned(met, [r]);
    const after = coverage(reach, met, s), [gain, low, high] = clusteredMean(after.map((c, i) => c - lacking[i]), rows, size);
    const nearer = (total(nearness(reach, met)) - total(nearness(reach, without))) / rows.length;
    return { id: requirements.id[r], r, label: requirements.label[r], gain, low, high, nearer, reached: total(after) / rows.length, asking: asking[r], share: asking[r] / rows.length };
  });
  return { ranked, ...before };
}
