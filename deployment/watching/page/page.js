"use strict";
// Shows what the server tells (see board.py and screening.py). Text is only ever set as text.

const at = id => document.getElementById(id);
const episodes = at("episode"), languages = at("language");
let board = null;            // the last record
let view = null;             // the episode on the page
let shown = null;            // the cut that plays
let asked = "";              // which episode, language and revision `view` is, or is being fetched
let [front, spare] = document.querySelectorAll("video");
const tiles = new Map();     // shot id -> <li>

// -- what is chosen ---------------------------------------------------------------------------------------------------

function chosen() { return {episode: episodes.value, language: languages.value}; }

function fill(select, values) {
  const before = select.value || wanted()[select.id];
  if (values.join() !== [...select.options].map(option => option.value).join()) {
    select.replaceChildren(...values.map(value => new Option(value, value)));
    if (values.includes(before)) select.value = before;
  }
  select.disabled = values.length < 2;
}

function wanted() {
  const [episode, language] = location.hash.slice(1).split("/");
  return {episode, language};
}

function choose() {
  const {episode, language} = chosen();
  history.replaceState(null, "", `#${episode}/${language}`);
  refresh();
}

async function refresh() {
  const {episode, language} = chosen();
  const wish = `${board.series} ${episode} ${language} ${board.revision}`;
  if (!episode || !language || wish === asked) return;
  asked = wish;
  const path = `/episodes/${encodeURIComponent(episode)}/${encodeURIComponent(language)}`;
  const answer = await fetch(path).catch(() => null);
  if (wish !== asked) return;   // something newer has been asked for since
  if (answer === null || !answer.ok) {
    asked = "";
    at("now").textContent = answer === null ? "" : (await answer.text()).trim();
    return;
  }
  view = await answer.json();
  showShots();
  play(view.cut);
}

// -- the player -------------------------------------------------------------------------------------------------------

function shotAt(cut, time) {
  return cut.shots.find(shot => time >= shot.start_s && time < shot.start_s + shot.seconds);
}

// The same moment of the same shot, where the new cut still has that shot.
function sameMoment(from, to, time) {
  const before = from && shotAt(from, time);
  const after = before && to.shots.find(shot => shot.id === before.id);
  const wish = after ? after.start_s + Math.min(time - before.start_s, after.seconds - 0.04) : time;
  return Math.max(0, Math.min(wish, to.seconds - 0.04));
}

// Loads the new cut behind the one that plays, and changes over when it stands at the same moment.
function play(cut) {
  at("nothing").hidden = cut !== null;
  const next = cut && `${cut.id} ${view.episode} ${view.language}`;
  if (next !== null && next === spare.dataset.key) return;
  if (spare.dataset.key) unload(spare);   // a cut that is no longer wanted
  if (next === (shown && shown.key)) return;
  if (cut === null) {
    shown = null;
    for (const video of [front, spare]) { video.pause(); unload(video); video.hidden = true; }
    return;
  }
  const coming = spare;
  coming.dataset.key = next;
  coming.poster = shown ? "" : cut.poster;
  coming.lang = view.language;
  coming.setAttribute("aria-label", cut.title);
  coming.append(captions(cut));
  coming.volume = front.volume;
  coming.muted = front.muted;
  coming.playbackRate = front.playbackRate;
  const same = shown && shown.episode === view.episode;
  coming.addEventListener("loadedmetadata", () => {
    if (coming.dataset.key === next) coming.currentTime = same ? sameMoment(shown.cut, cut, front.currentTime) : 0;
  }, {once: true});
  const episode = view.episode;
  const ready = () => {
    if (coming.dataset.key !== next || coming !== spare) return;
    changeOver(cut, next, episode, same);
  };
  coming.addEventListener(same ? "seeked" : "loadeddata", ready, {once: true});
  coming.src = cut.video;
  coming.load();
}

function captions(cut) {
  const track = document.createElement("track");
  Object.assign(track, {kind: "captions", src: cut.captions, srclang: view.language, label: view.language});
  return track;
}

function changeOver(cut, key, episode, same) {
  const playing = same && !front.paused && !front.ended;
  [front, spare] = [spare, front];
  front.hidden = false;
  spare.hidden = true;
  if (playing) front.play().catch(() => undefined);
  spare.pause();
  unload(spare);
  shown = {cut, key, episode};
  showPosition();
  showShots();
}

function unload(video) {
  delete video.dataset.key;
  video.replaceChildren();
  video.removeAttribute("src");
  video.removeAttribute("poster");
  video.load();
}

function seek(id) {
  const shot = shown && shown.cut.shots.find(one => one.id === id);
  if (shot) front.currentTime = shot.start_s + 0.001;
}

function showPosition() {
  const shot = shown && shotAt(shown.cut, front.currentTime);
  at("now").textContent = shot ? `${shown.episode} ${shot.id}, ${shown.cut.seconds.toFixed(1)} s in all` : "";
  for (const [id, tile] of tiles) {
    const button = tile.querySelector("button"), current = String(Boolean(shot) && shot.id === id);
    if (button.getAttribute("aria-current") !== current) button.setAttribute("aria-current", current);
  }
}

// -- the filmstrip ----------------------------------------------------------------------------------------------------

function showShots() {
  if (view === null) return;
  const ids = new Set(view.shots.map(shot => shot.id));
  for (const [id, tile] of tiles) if (!ids.has(id)) { tile.remove(); tiles.delete(id); }
  view.shots.forEach((shot, index) => {
    if (!tiles.has(shot.id)) tiles.set(shot.id, newTile(shot.id));
    const tile = tiles.get(shot.id);
    if (at("shots").children[index] !== tile) at("shots").insertBefore(tile, at("shots").children[index] ?? null);
    showShot(tile, shot);
  });
  at("shots-title").textContent = view.shots.length ? `${view.shots.length} shots` : "Shots";
  showMarks();
  showPosition();
}

function newTile(id) {
  const tile = at("shot").content.firstElementChild.cloneNode(true);
  tile.querySelector("button").addEventListener("click", () => seek(id));
  return tile;
}

function showShot(tile, shot) {
  const image = tile.querySelector("img");
  if (shot.still && image.getAttribute("src") !== shot.still) image.src = shot.still;
  image.hidden = !shot.still;
  image.alt = `Still: ${shot.action || shot.coverage}`;
  tile.querySelector(".slate b").textContent = shot.id;
  tile.querySelector(".coverage").textContent = shot.coverage.replace("_", "-");
  tile.querySelector(".seconds").textContent = `${shot.seconds.toFixed(1)} s`;
  tile.querySelector(".decided").textContent =
    [shot.take > 1 ? `take ${shot.take}` : "", shot.locked ? "locked" : ""].filter(Boolean).join(", ");
  tile.querySelector("button").title = shot.why;
  const inCut = shown && shown.cut.shots.some(one => one.id === shot.id);
  tile.querySelector("button").setAttribute("aria-disabled", String(!inCut));
  tile.querySelector(".says").replaceChildren(...(shot.lines.length ? shot.lines.map(spoken) : [silent(shot)]));
}

function spoken(line) {
  const text = document.createElement("span"), name = document.createElement("b");
  text.lang = view.language;
  text.dir = "auto";
  name.textContent = line.name;
  text.append(name, " ", line.text);
  return text;
}

function silent(shot) {
  const text = document.createElement("i");
  text.textContent = shot.action;
  return text;
}

// What changes while a render goes on: badges, shares, faults.
function showMarks() {
  if (view === null) return;
  for (const shot of view.shots) {
    const tile = tiles.get(shot.id), names = [`${shot.partition}@${view.language}`, shot.partition];
    const of = marks => names.map(name => marks[name]).find(mark => mark !== undefined);
    const fault = of(board.failed), share = of(board.active), renewed = of(board.renewed);
    tile.classList.toggle("failed", fault !== undefined);
    tile.querySelector(".fault").textContent = fault ?? "";
    tile.querySelector(".badge").textContent =
      fault !== undefined ? "failed" : renewed === "made" ? "just rendered" : renewed === "found" ? "from the cache" : "";
    const bar = tile.querySelector("progress");
    bar.hidden = share === undefined;
    bar.value = share ?? 0;
    bar.setAttribute("aria-label", `Share of ${shot.id}`);
  }
}

// -- state and trouble ------------------------------------------------------------------------------------------------

const seconds = value => `${value.toFixed(1)} s`;
const partitions = count => `${count} ${count === 1 ? "partition" : "partitions"}`;

function named(file) {
  const [decisions, , episode] = file.split("/");
  return decisions === "decisions" ? `takes and locks of ${episode}` : file;
}

function stateInWords() {
  const {phase, files, edit} = board;
  const what = files.length ? files.map(named).join(", ") : "the series";
  if (phase === "opening") return "Opening the series";
  if (phase === "reading") return `Reading ${what}`;
  if (phase === "faulty") return "Waiting for a correction; the last good cut stays";
  if (phase === "rendering") return `Rendering ${board.wave.asset}`;
  if (board.failures.length) return "Something failed; everything else is done";
  if (!edit) return "Everything is fresh";
  if (!edit.recorded) return edit.files.length ? `${what}: saved, nothing to render` : "Everything is fresh";
  const found = edit.recorded - edit.made;
  const count = `${partitions(edit.recorded)}${found ? `, ${found} from the cache` : ""}`;
  if (!edit.files.length) return `Rendered what was not fresh: ${count}, ${seconds(edit.seconds)}`;
  return edit.cut_s === null ? `${what}: ${count}, ${seconds(edit.seconds)} after the save`
    : `${what}: new cut ${seconds(edit.cut_s)} after the save (${count}, all done after ${seconds(edit.seconds)})`;
}

function setText(element, text) {   // a status region speaks when it is set: only set what is new
  if (element.textContent !== text) element.textContent = text;
}

function listItems(element, items) {
  if (element.dataset.told === JSON.stringify(items)) return;
  element.dataset.told = JSON.stringify(items);
  element.replaceChildren(...items.map(item => {
    const line = document.createElement("li");
    if (item.place) line.append(part("code", item.place));
    line.append(part("span", item.what));
    if (item.remedy) line.append(part("span", item.remedy, "remedy"));
    return line;
  }));
}

function part(tag, text, name = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = name;
  return element;
}

function showTrouble() {
  const {problems, failures} = board;
  const items = problems.length
    ? problems.map(({file, line, what, remedy}) =>
      ({place: line === null ? file : `${file}:${line}`, what, remedy}))
    : failures.map(what => ({what}));
  listItems(at("trouble-list"), items);
  setText(at("trouble-title"), problems.length ? "This cannot be rendered yet" : "This failed");
  setText(at("trouble-end"), problems.length ? "Correct it and save. The last good cut keeps playing." : "");
  at("trouble-end").hidden = !problems.length;
  const inFiles = problems.length > 0 && problems.every(({line}) => line !== null);   // then a save is what helps
  at("again").hidden = inFiles || board.phase === "rendering" || board.phase === "reading";
  at("trouble").hidden = !items.length;
}

function show() {
  const name = board.title || "microdrama watch", busy = board.phase === "rendering";
  setText(at("title"), name);
  document.title = `${board.problems.length || board.failures.length ? "⚠ " : busy ? "● " : ""}${name}`;
  setText(at("state"), stateInWords());
  setText(at("count"), busy ? `${board.wave.done} of ${board.wave.count}` : "");   // outside the status: not spoken
  at("share").hidden = !busy;
  at("share").value = board.wave ? board.wave.share : 0;
  setText(at("causes"), busy && board.causes.length ? `Why: ${board.causes.join("; ")}` : "");
  setText(at("drifted"), board.drifted);
  showTrouble();
  fill(episodes, board.episodes);
  fill(languages, board.languages);
  showMarks();
  refresh();
}

// -- wiring -----------------------------------------------------------------------------------------------------------

for (const select of [episodes, languages]) select.addEventListener("change", choose);
for (const video of [front, spare]) {
  for (const event of ["timeupdate", "seeked"]) {
    video.addEventListener(event, () => { if (video === front) showPosition(); });
  }
}
at("again").addEventListener("click", () => fetch("/render", {method: "POST"}));

const stream = new EventSource("/events");
stream.addEventListener("board", event => { board = JSON.parse(event.data); show(); });
stream.addEventListener("error", () => {
  asked = "";
  setText(at("state"), "The watch has ended, or cannot be reached. Start it again: microdrama watch");
  setText(at("count"), "");
  at("share").hidden = true;
});
