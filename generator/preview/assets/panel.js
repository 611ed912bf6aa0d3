// The panel beside a post: what is in the way, whether publish would take it, the gate's findings, and for each
// number where it came from. What people wrote is put in as text, never as HTML.

import { ask, listen } from "./events.js";
import { mark, rangeOf } from "./marks.js";

const script = document.querySelector("script[data-marketpost]");
const address = script.dataset.marketpost;
const builds = Number(script.dataset.builds);
const RELOAD_AFTER = 400; // ms; Hugo's own live reload comes first
const KEY = "marketpost-panel";
const WIDE = matchMedia("(min-width: 75rem)");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== ""));
  return element;
}

const page = () => document.querySelector("article") ?? document.querySelector("main") ?? document.body;

// The frame

const host = document.createElement("marketpost-preview");
const shadow = host.attachShadow({ mode: "open" });
const body = make("div", { class: "mp-body", "aria-live": "polite" });
const summary = make("span", { class: "mp-summary" });
const toggle = make("button", { class: "mp-toggle", type: "button", onclick: () => show(!isOpen()) });
const panel = make("aside", { class: "mp-panel", "aria-label": "marketpost preview" },
  make("header", { class: "mp-head" }, make("strong", {}, "marketpost"), summary, toggle),
  body);
const tip = make("div", { class: "mp-tip", hidden: true });
shadow.append(make("link", { rel: "stylesheet", href: "/_marketpost/panel.css" }), panel, tip);
document.body.append(host);

const isOpen = () => !panel.classList.contains("mp-closed");

function show(open, remember = true) {
  panel.classList.toggle("mp-closed", !open);
  document.documentElement.classList.toggle("marketpost-beside", open);
  toggle.textContent = open ? "Hide" : "Show";
  toggle.setAttribute("aria-expanded", String(open));
  if (remember) sessionStorage.setItem(KEY, open ? "open" : "closed");
}
const remembered = sessionStorage.getItem(KEY);
show(remembered ? remembered === "open" : WIDE.matches, false);

// What stands in it

const section = (title, note, ...children) =>
  make("section", { class: "mp-section" }, make("h2", {}, title, note ? make("small", {}, note) : null), children);

const placed = (problem) =>
  [problem.file + (problem.line ? `:${problem.line}` : ""), problem.row && `row ${problem.row}`,
   problem.column && `column ${problem.column}`].filter(Boolean).join(", ");

const about = (each) =>
  [each.found && `found “${each.found}”`, each.expected && `expected ${each.expected}`].filter(Boolean).join("; ");

function troubles(found) {
  return found.map((trouble) =>
    make("section", { class: "mp-section mp-trouble", role: "alert" },
      make("h2", {}, trouble.message),
      make("ul", {}, trouble.problems.map((problem) =>
        make("li", {},
          make("code", {}, placed(problem)), make("p", {}, problem.message),
          about(problem) ? make("p", { class: "mp-quiet" }, about(problem)) : null,
          problem.remedy ? make("p", {}, problem.remedy) : null))),
      trouble.difference ? make("pre", {}, trouble.difference) : null));
}

function verdict(report, found) {
  const reasons = [...found.filter((each) => each.about === "post" || each.about === "configuration").map((each) => each.message),
                   ...report.hindrances];
  const asked = report.findings !== null;
  const taken = asked && !reasons.length;
  const title = !asked && !reasons.length ? "Asking the gate …" : taken ? "Publish would take it" : "Publish would not take it";
  const kind = report.mode === "planned" ? "As publish would write it" : "As its file stands";
  return make("section", { class: `mp-section mp-verdict ${!asked && !reasons.length ? "" : taken ? "mp-yes" : "mp-no"}` },
    make("h2", {}, title),
    reasons.length ? make("ul", {}, reasons.map((each) => make("li", {}, each))) : null,
    make("p", { class: "mp-quiet" }, `${kind}. ${report.remarks.join(" ")}`),
    make("p", { class: "mp-quiet" }, make("code", {}, report.file)));
}

const ORDER = ["error", "warning", "note"];

function findings(report, found) {
  if (report.findings === null) {
    const waits = found.some((each) => each.about === "post") ? "The gate is asked once the post can be made." : "Asking the gate …";
    return section("Findings", "", make("p", { class: "mp-quiet" }, waits));
  }
  const sorted = [...report.findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const counts = ORDER.map((level) => [sorted.filter((each) => each.severity === level).length, level])
    .filter(([count]) => count).map(([count, level]) => `${count} ${level}${count === 1 ? "" : "s"}`);
  if (!sorted.length) return section("Findings", "none", make("p", { class: "mp-quiet" }, "The gate finds nothing."));
  return section("Findings", counts.join(", "),
    make("ol", { class: "mp-findings" }, sorted.map((each) =>
      make("li", { class: `mp-${each.severity}` },
        make(each.place ? "button" : "div", { type: each.place ? "button" : null, class: "mp-finding",
                                              onclick: () => each.place && go(each.place) },
          make("span", { class: "mp-badge" }, each.severity), make("span", { class: "mp-rule" }, each.rule),
          make("span", { class: "mp-line" }, `line ${each.line}`),
          make("span", { class: "mp-message" }, each.message),
          about(each) ? make("span", { class: "mp-quiet" }, about(each)) : null,
          each.remedy ? make("span", { class: "mp-remedy" }, each.remedy) : null)))));
}

function numbers(report, marked) {
  if (!report.figures.length)
    return section("Numbers", "", make("p", { class: "mp-quiet" }, "This post has no figures.json: it was not made from data."));
  return section("Numbers", `${marked} on this page`,
    make("p", { class: "mp-quiet" }, "Point at a number, or reach it with Tab, to see where it came from."),
    make("details", {}, make("summary", {}, `All ${report.figures.length} figures`),
      make("dl", { class: "mp-figures" }, report.figures.map((each) => [
        make("dt", {}, each.text, make("small", {}, each.figure)), make("dd", {}, sourceOf(each))]))));
}

function notes(report) {
  if (!report.problems.length) return null;
  return section("Worth knowing", "", make("ul", {}, report.problems.map((each) => make("li", {}, each))));
}

function go(place) {
  const range = rangeOf(page(), place) ?? rangeOf(document.body, place);
  if (!range) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const element = range.startContainer.parentElement;
  element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  if (globalThis.Highlight && CSS.highlights) CSS.highlights.set("marketpost-place", new Highlight(range));
  else {
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
}

// Figures

let byName = new Map();

const sourceOf = (figure) =>
  figure.source.formula !== undefined ? figure.source.formula
    : [figure.source.file, figure.source.row, figure.source.column].filter(Boolean).join(", ");

function valueOf(figure) {
  if (typeof figure.value !== "number") return String(figure.value);
  const value = figure.value.toLocaleString("en", { maximumSignificantDigits: 12 }).replace("-", "−");
  return figure.unit ? `${value} ${figure.unit}` : value;
}

function parts(figure, above) {
  const names = figure.source.inputs ?? [];
  if (!names.length) return null;
  return make("ul", {}, names.map((name) => {
    const part = byName.get(name);
    if (!part || above.includes(name)) return make("li", {}, make("code", {}, name));
    return make("li", {}, make("code", {}, name), ` ${valueOf(part)}`,
      make("div", { class: "mp-quiet" }, sourceOf(part)), parts(part, [...above, name]));
  }));
}

function described(figure) {
  return [
    make("p", { class: "mp-tip-head" }, make("strong", {}, figure.text), make("code", {}, figure.figure)),
    make("dl", {}, make("dt", {}, "Value"), make("dd", {}, valueOf(figure)),
      make("dt", {}, figure.source.formula !== undefined ? "Formula" : "Source"), make("dd", {}, sourceOf(figure))),
    parts(figure, [figure.figure]),
  ];
}

let leaving = 0;
let shown = null;

function point(element, figure) {
  clearTimeout(leaving);
  if (shown !== element) tip.replaceChildren(...described(figure).filter(Boolean));
  shown = element;
  tip.hidden = false;
  const at = element.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), document.documentElement.clientWidth - own.width - 8);
  const below = at.bottom + 6 + own.height < innerHeight;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - own.height)}px`;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    tip.hidden = true;
    shown = null;
  }, 200);
}
tip.addEventListener("mouseenter", () => clearTimeout(leaving));
tip.addEventListener("mouseleave", leave);
addEventListener("scroll", leave, { passive: true });
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) {
    tip.hidden = true;
    shown = null;
  }
});

function markNumbers(report) {
  byName = new Map();
  for (const figure of report.figures) if (!byName.has(figure.figure)) byName.set(figure.figure, figure);
  const made = (number, parent) => {
    const figure = report.figures[number];
    const element = document.createElement("marketpost-figure");
    if (!parent.closest("a, button, summary")) element.tabIndex = 0;
    element.setAttribute("aria-description", `${figure.figure}: ${valueOf(figure)}, from ${sourceOf(figure)}`);
    for (const event of ["mouseenter", "focus"]) element.addEventListener(event, () => point(element, figure));
    for (const event of ["mouseleave", "blur"]) element.addEventListener(event, leave);
    return element;
  };
  const count = mark(page(), report.statements, made);
  return count || page() === document.body ? count : mark(document.body, report.statements, made);
}

// What changes

let marked = null;

async function renew() {
  const answer = await ask(`/_marketpost/state?address=${encodeURIComponent(address)}`);
  const told = await answer.json();
  const { report } = told;
  if (report && marked === null) {
    marked = 0; // once, whatever comes of it
    marked = markNumbers(report);
  }
  const open = body.querySelector("details")?.open;
  body.replaceChildren(...[
    ...troubles(told.troubles),
    ...(report ? [verdict(report, told.troubles), findings(report, told.troubles), numbers(report, marked), notes(report)]
      : [make("p", { class: "mp-quiet" }, "Asking the gate …")]),
  ].filter(Boolean));
  const details = body.querySelector("details");
  if (details && open) details.open = true;
  const errors = report?.findings?.filter((each) => each.severity === "error").length ?? 0;
  summary.textContent = told.troubles.length ? "in trouble" : errors ? `${errors} error${errors === 1 ? "" : "s"}`
    : report?.draft ? "draft" : "";
  host.dataset.state = report && report.findings !== null ? "ready" : "waiting";
}

listen((state) => {
  if (state.builds > builds) setTimeout(() => location.reload(), RELOAD_AFTER);
  return renew();
});
