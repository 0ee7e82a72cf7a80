"use strict";
// What the page can do beyond being read: tooltips, walking the marks of a chart by arrow keys, legends that single out, years by slider.
(() => {
  const tip = document.getElementById("tip");
  const live = document.getElementById("live");

  // native tooltips become our own, which keys reach as well
  for (const chart of document.querySelectorAll("svg.chart")) {
    for (const title of chart.querySelectorAll("title")) {
      if (title.parentNode === chart) {
        const more = chart.querySelector(":scope > desc");
        chart.setAttribute("aria-label", title.textContent + ". " + (more ? more.textContent : ""));
        chart.removeAttribute("aria-labelledby");
      } else {
        title.parentNode.dataset.tip = title.textContent;
      }
      title.remove();
    }
  }
  for (const cell of document.querySelectorAll("td[title]")) {
    cell.dataset.tip = cell.title;
    cell.removeAttribute("title");
  }

  let at = null;
  const leave = () => {
    if (at) { at.classList.remove("at"); }
    at = null;
    tip.hidden = true;
    for (const faded of document.querySelectorAll(".fade")) { faded.classList.remove("fade"); }
  };
  const neighbours = (mark) => {
    const chart = mark.closest("svg");
    if (!chart || mark.dataset.node === undefined) { return; }
    const near = new Set([mark.dataset.node]);
    for (const edge of chart.querySelectorAll("[data-ends]")) {
      const ends = edge.dataset.ends.split(" ");
      const touches = ends.includes(mark.dataset.node);
      edge.classList.toggle("fade", !touches);
      if (touches) { ends.forEach((end) => near.add(end)); }
    }
    for (const node of chart.querySelectorAll("[data-node]")) { node.classList.toggle("fade", !near.has(node.dataset.node)); }
  };
  const show = (mark, x, y) => {
    if (mark !== at) {
      leave();
      at = mark;
      tip.textContent = mark.dataset.tip;
      tip.hidden = false;
      neighbours(mark);
    }
    const wide = document.documentElement.clientWidth;
    const left = Math.max(4, Math.min(x + 14, wide - tip.offsetWidth - 8));
    const below = y + 18 + tip.offsetHeight < window.innerHeight;
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = (below ? y + 18 : Math.max(4, y - tip.offsetHeight - 12)) + window.scrollY + "px";
  };
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest ? event.target.closest("[data-tip]") : null;
    if (mark) { show(mark, event.clientX, event.clientY); } else { leave(); }
  });
  document.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (mark) { show(mark, event.clientX, event.clientY); }
  });

  // arrow keys walk the marks of the chart or table that has the focus
  const step = (marks, key) => {
    const place = marks.indexOf(at);
    if (place < 0) { return marks[0]; }
    if (key === "Home") { return marks[0]; }
    if (key === "End") { return marks[marks.length - 1]; }
    if (key === "ArrowRight") { return marks[Math.min(marks.length - 1, place + 1)]; }
    if (key === "ArrowLeft") { return marks[Math.max(0, place - 1)]; }
    const here = at.getBoundingClientRect();
    const sign = key === "ArrowDown" ? 1 : -1;
    let best = at;
    let least = Infinity;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const down = sign * (box.top - here.top);
      const far = down + 4 * Math.abs(box.left - here.left);
      if (down > 1 && far < least) { least = far; best = mark; }
    }
    return best;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leave(); return; }
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) { return; }
    const home = document.activeElement;
    if (!home || !(home.matches("svg.chart") || home.matches(".table"))) { return; }
    const marks = Array.from(home.querySelectorAll("[data-tip]"));
    if (!marks.length) { return; }
    event.preventDefault();
    const next = step(marks, event.key);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = next.getBoundingClientRect();
    show(next, box.left + box.width / 2, box.top + box.height / 2);
    next.classList.add("at");
    live.textContent = next.dataset.tip;
  });
  document.addEventListener("focusout", leave);

  for (const legend of document.querySelectorAll(".legend")) {
    legend.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) { return; }
      const chosen = button.getAttribute("aria-pressed") === "true" ? null : button.dataset.isolate;
      for (const other of legend.querySelectorAll("button")) {
        other.setAttribute("aria-pressed", String(other.dataset.isolate === chosen));
      }
      for (const mark of legend.closest("figure").querySelectorAll("[data-key]")) {
        mark.classList.toggle("dim", chosen !== null && mark.dataset.key !== chosen);
      }
    });
  }

  for (const slider of document.querySelectorAll("input[type=range]")) {
    const figure = slider.closest("figure");
    const told = figure.querySelector("output");
    const views = figure.querySelectorAll("[data-view]");
    const turn = () => {
      for (const view of views) { view.hidden = view.dataset.view !== slider.value; }
      slider.setAttribute("aria-valuetext", slider.value);
      told.textContent = slider.value;
    };
    slider.addEventListener("input", turn);
    turn();
  }
  document.documentElement.dataset.js = "1";
})();
