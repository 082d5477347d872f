"use strict";
const search = document.getElementById("search");
const fold = document.getElementById("fold");
const shown = document.getElementById("shown");
const findings = [...document.querySelectorAll("details")];
const texts = findings.map((finding) => finding.textContent.toLowerCase());
const levels = [...document.querySelectorAll(".level")];

function apply() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const off = new Set(levels.filter((box) => !box.checked).map((box) => box.value));
  let count = 0;
  findings.forEach((finding, i) => {
    const fits = !off.has(finding.dataset.level) && words.every((word) => texts[i].includes(word));
    finding.hidden = !fits;
    count += fits ? 1 : 0;
  });
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("details:not([hidden])");
  }
  shown.textContent = `${count} of ${findings.length}`;
}

search.addEventListener("input", apply);
levels.forEach((box) => box.addEventListener("change", apply));
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
fold.addEventListener("click", () => {
  const open = !findings.some((finding) => finding.open);
  findings.forEach((finding) => { finding.open = open; });
  fold.textContent = open ? "Fold all" : "Unfold all";
});
window.addEventListener("hashchange", () => {
  const finding = document.getElementById(location.hash.slice(1));
  if (finding) { finding.hidden = false; finding.open = true; }
});
apply();
