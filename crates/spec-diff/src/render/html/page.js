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
function isAnyOpen() {
  return findings.some((finding) => finding.open);
}

function label() {
  fold.textContent = isAnyOpen() ? "Fold all" : "Unfold all";
}

// What a link leads to is shown, whatever was filtered before.
function reveal() {
  const finding = findings.find((finding) => finding.id === location.hash.slice(1));
  if (!finding) return;
  if (finding.hidden) {
    search.value = "";
    levels.filter((box) => box.value === finding.dataset.level).forEach((box) => { box.checked = true; });
    apply();
  }
  finding.open = true;
  finding.scrollIntoView();
}

fold.addEventListener("click", () => {
  const open = !isAnyOpen();
  findings.forEach((finding) => { finding.open = open; });
  label();
});
findings.forEach((finding) => finding.addEventListener("toggle", label));
window.addEventListener("hashchange", reveal);
apply();
reveal();
