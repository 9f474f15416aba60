// ------------------------------------------------------------------ words
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const count = (n) => n.toLocaleString("en-GB");
function percent(x) {
  if ((x > 0 && x < 0.0005) || (x >= 0.9995 && x < 1)) return x < 0.5 ? texts.under : texts.over;
  return (100 * x).toFixed((x > 0 && x < 0.01) || (x > 0.99 && x < 1) ? 1 : 0) + " %";
}
const range = (low, high) => percent(low).replace(" %", "") + "–" + percent(high);
const points = (x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(1);
const told = (s) => `${percent(s.share)} (${range(s.low, s.high)}, n = ${count(s.n)})`;
const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);
function linesOf(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line && line.length + word.length + 1 > width) lines.push(word); else lines[lines.length - 1] = line ? line + " " + word : word;
  }
  return lines;
}
const inWords = (day) => new Date(day + "T00:00Z").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const wrapped = (text, width) => linesOf(text, width).map(safe).join("<br>");
const explained = requirements.id.map((_, r) => {
  const words = requirements.words[r];
  return [requirements.definition[r], words.length ? fill(texts.words, { words: words.map((w) => `“${w}”`).join(", ") }) : ""].filter(Boolean).join(". ");
});
const regions = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "region" }) : null;
const regionName = (code) => { try { return regions ? regions.of(code) : code; } catch { return code; } };
market.filters.country_code.label = market.filters.country_code.value.map(regionName);
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children.filter((c) => c !== null));
  return made;
}
