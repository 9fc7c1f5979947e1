"use strict";
// Answers stay on this machine until they are saved as a file; a reload keeps them where the browser allows it.
const form = document.body.dataset.form;
const rater = document.getElementById("rater");
const state = document.getElementById("state");
const radios = [...document.querySelectorAll("input[type=radio]")];
const asked = new Set(radios.map((one) => one.name)).size;

const kept = {
  read() { try { return JSON.parse(localStorage.getItem(form)) || {}; } catch { return {}; } },
  write(found) { try { localStorage.setItem(form, JSON.stringify(found)); } catch { /* nothing is kept, and nothing lost */ } },
};

function answers() {
  const scores = {};
  for (const one of radios.filter((radio) => radio.checked)) {
    const [clip, question] = one.name.split("/");
    (scores[clip] ??= {})[question] = Number(one.value);
  }
  return { format: 1, form, rater: rater.value.trim(), scores };
}

function tell(text) { state.textContent = text; }

function changed() {
  kept.write(answers());
  tell(`${radios.filter((one) => one.checked).length} of ${asked} answers given.`);
}

function restore() {
  const found = kept.read();
  rater.value = found.rater || "";
  for (const one of radios) {
    const [clip, question] = one.name.split("/");
    one.checked = found.scores?.[clip]?.[question] === Number(one.value);
  }
  if (found.scores) changed();
}

function save() {
  const found = answers();
  if (!found.rater) { tell("Please write your name or initials first."); rater.focus(); return; }
  if (!Object.keys(found.scores).length) { tell("Please rate at least one clip first."); return; }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(found, null, 1)], { type: "application/json" }));
  link.download = `scores-${form}-${found.rater.replace(/[^\p{L}\p{N}]+/gu, "-")}.json`;
  link.click();
  tell(`Saved as ${link.download}. Please send that file back.`);
}

document.addEventListener("change", changed);
rater.addEventListener("input", changed);
document.getElementById("save").addEventListener("click", save);
// One clip at a time.
document.addEventListener("play", (event) => {
  for (const one of document.querySelectorAll("video")) if (one !== event.target) one.pause();
}, true);
restore();
