"use strict";
{
  const screens = [...document.querySelectorAll("[data-language]")];
  const shots = [...document.querySelectorAll("button[data-at]")];
  const now = document.getElementById("now");
  const MARGIN_S = 0.005; // times are rounded to milliseconds; this is past the first frame's beginning, before its end
  let shown = screens[0];

  const tell = () => {
    const at = shown.currentTime ?? 0;
    const shot = shots.find((one) => at < Number(one.dataset.until)) ?? shots.at(-1);
    for (const one of shots) {
      if (one === shot) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    now.textContent = shot === undefined ? "" : shot.dataset.shot;
  };

  const choose = (language) => {
    const next = screens.find((one) => one.dataset.language === language);
    const playing = shown.paused === false;
    shown.pause?.();
    if ("currentTime" in next) next.currentTime = shown.currentTime ?? 0;
    for (const one of screens) one.hidden = one !== next;
    shown = next;
    if (playing) next.play?.();
    tell();
  };

  const seek = (shot) => {
    shown.currentTime = Number(shot.dataset.at) + MARGIN_S;
    shown.scrollIntoView({ block: "nearest" });
    tell();
  };

  // Some browsers play no film from a data: address. The same bytes then become a file in memory.
  const retry = (video) => {
    if (!video.src.startsWith("data:")) return;
    const bytes = Uint8Array.from(atob(video.src.split(",", 2)[1]), (char) => char.charCodeAt(0));
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  };

  for (const one of screens) {
    one.addEventListener("timeupdate", () => one === shown && tell());
    one.addEventListener("seeked", () => one === shown && tell());
    one.addEventListener("error", () => retry(one), { once: true });
  }
  for (const one of shots) one.addEventListener("click", () => seek(one));
  for (const one of document.querySelectorAll("input[name=language]")) {
    one.addEventListener("change", () => choose(one.value));
  }
  for (const link of document.querySelectorAll('a[href^="#made-"]')) {
    link.addEventListener("click", () => { document.querySelector(link.hash).open = true; });
  }
  if (shown !== undefined) tell();
}
