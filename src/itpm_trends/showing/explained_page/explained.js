"use strict";
const box = document.createElement("div");
box.id = "said";
box.hidden = true;
box.setAttribute("role", "status");
document.body.append(box);

function say(event) {
  const mark = event.target.closest("mark");
  box.hidden = !mark || mark.classList.contains("hidden");
  box.textContent = mark ? mark.dataset.said : "";
}
document.addEventListener("mouseover", say);
document.addEventListener("focusin", say);

// A mark goes when none of its kinds is shown.
document.querySelector("fieldset").addEventListener("change", () => {
  const shown = [...document.querySelectorAll("input[data-kind]")].filter((i) => i.checked).map((i) => i.dataset.kind);
  for (const mark of document.querySelectorAll("mark")) {
    const visible = shown.some((kind) => mark.classList.contains(kind));
    mark.classList.toggle("hidden", !visible);
    mark.tabIndex = visible ? 0 : -1;
  }
});
