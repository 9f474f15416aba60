// The numbers of the page: read, inflated and laid out as columns. `market` holds what columns.py wrote.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const market = read("market"), texts = read("texts");
const $ = (id) => document.getElementById(id);
if (typeof DecompressionStream !== "function") { $("counted").textContent = texts.old_browser; return; }

function inflated(packed) {
  const text = atob(packed), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
}
async function columnsOf(list, packed) {
  const bytes = new Uint8Array(await inflated(packed).arrayBuffer()), columns = {};
  let from = 0;
  for (const [name, size, n] of list) {  // the low bytes of a column come first, then its high ones
    const values = columns[name] = new (size === 1 ? Uint8Array : size === 2 ? Uint16Array : Uint32Array)(n);
    for (let byte = 0; byte < size; byte++, from += n) for (let i = 0; i < n; i++) values[i] |= bytes[from + i] << (8 * byte);
  }
  // Employers stand as steps from the one before, which repeat more often than they do.
  for (let i = 1, e = columns.employer; i < e.length; i++) e[i] += e[i - 1];
  return columns;
}
const [column, library] = await Promise.all([columnsOf(market.columns, market.packed), inflated(read("plotly")).text()]);
document.head.append(Object.assign(document.createElement("script"), { textContent: library }));

const UNKNOWN = 0, NO_YEARS = 255, PREFERRED = 0, REQUIRED = 1, OR_EXPERIENCE = 2;
const requirements = market.requirements, nRequirements = requirements.id.length;
const at = new Map(requirements.id.map((id, r) => [id, r]));
const nEmployers = column.employer.reduce((most, e) => Math.max(most, e + 1), 0);

// Postings of each requirement (`stated.row` from `stated.start[r]` on), and requirements of each posting.
const stated = { start: new Uint32Array(nRequirements + 1), row: null, firmness: null };
const states = { start: new Uint32Array(market.n + 1), requirement: null, firmness: null };
(function () {
  const n = column.n_stating.reduce((sum, k) => sum + k, 0), gaps = column.gaps;
  stated.row = new Uint32Array(n); stated.firmness = new Uint8Array(n);
  let next = 0, place = 0;
  for (let r = 0; r < nRequirements; r++) {
    stated.start[r + 1] = stated.start[r] + column.n_stating[r];
    for (let row = 0; place < stated.start[r + 1]; place++) {
      let gap = 0, shift = 0, byte;
      do { byte = gaps[next++]; gap |= (byte & 127) << shift; shift += 7; } while (byte > 127);
      row += gap;
      stated.row[place] = row;
      stated.firmness[place] = column.firmness[place >> 2] >> (2 * (place & 3)) & 3;
      states.start[row + 1]++;
    }
  }
  for (let i = 0; i < market.n; i++) states.start[i + 1] += states.start[i];
  const free = states.start.slice();
  states.requirement = new Uint16Array(n); states.firmness = new Uint8Array(n);
  for (let r = 0; r < nRequirements; r++) for (let j = stated.start[r]; j < stated.start[r + 1]; j++) {
    const to = free[stated.row[j]]++;
    states.requirement[to] = r; states.firmness[to] = stated.firmness[j];
  }
})();
