"use strict";
// The page of `chancery serve`: documents, their problems, the HTML edition, and the pages of
// the PDF drawn on canvases from lists of glyphs.

const byId = id => document.getElementById(id);
const GLYPHS = 0xf0000;
const PIXELS_PER_POINT = 96 / 72;
const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

let state = { documents: [] };
let current = Number(location.hash.slice(1)) || null;
let zoom = 1;
/** The zoom that was chosen; null fits the page into the window. */
let chosen = null;
let pages = [];
const fonts = new Map();
const pictures = new Map();

const say = words => { byId("status").textContent = words; };

// One request after another: they are quick, and a server of few threads keeps up.
let last = Promise.resolve();
function inTurn(ask) {
  last = last.then(ask, ask);
  return last;
}

const get = path => inTurn(async () => {
  const answer = await fetch(path);
  return answer.ok ? answer.json() : null;
});

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) {
    if (answer.status === 500) byId("place").textContent = await answer.text();
    return;
  }
  const place = await answer.json();
  byId("place").textContent = `${place.path}:${place.line}:${place.column}`;
}

// What is new ---------------------------------------------------------------

// Only the newest state is shown: what comes while one is fetched is fetched once, after it.
let isBusy = false;
let isStale = false;
async function refresh() {
  isStale = true;
  if (isBusy) return;
  isBusy = true;
  while (isStale) {
    isStale = false;
    try {
      const next = await get("state");
      if (next) await show(next);
    } catch {
      say("The server has ended: what is shown is old.");
    }
  }
  isBusy = false;
}

async function show(next) {
  state = next;
  document.title = `${state.title} · Chancery`;
  byId("project").textContent = state.title;
  const known = state.documents.some(entry => entry.number === current);
  if (!known) current = state.documents.length ? state.documents[0].number : null;
  list();
  problems();
  say(state.failure ? `Nothing could be compiled: ${state.failure}` : counts());
  await views();
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function counts() {
  const all = state.documents.flatMap(entry => entry.problems);
  const of = severity => count(all.filter(problem => problem.severity === severity).length, severity);
  return `${of("error")}, ${of("warning")}`;
}

function element(name, words, attributes = {}) {
  const made = document.createElement(name);
  if (words !== undefined) made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function list() {
  const focused = document.activeElement?.dataset?.number;
  const items = state.documents.map(entry => {
    const button = element("button", entry.title, { type: "button", "data-number": entry.number });
    const errors = entry.problems.filter(problem => problem.severity === "error").length;
    const others = entry.problems.filter(problem => problem.severity === "warning").length;
    const marks = [errors && count(errors, "error"), others && count(others, "warning")].filter(Boolean);
    button.append(element("small", [entry.path, ...marks].join(" · ")));
    if (entry.number === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => choose(entry.number));
    const item = element("li");
    item.append(button);
    return item;
  });
  byId("documents").replaceChildren(...items);
  if (focused !== undefined) byId("documents").querySelector(`[data-number="${focused}"]`)?.focus();
}

function choose(number) {
  current = number;
  history.replaceState(null, "", `#${number}`);
  list();
  problems();
  views(true);
}

function problems() {
  const entry = state.documents.find(entry => entry.number === current);
  const found = entry ? entry.problems.map((problem, index) => ({ problem, index })) : [];
  const shown = found.filter(({ problem }) => problem.severity !== "advice");
  const items = shown.map(({ problem, index }) => {
    const item = element("li", undefined, { class: problem.severity });
    item.append(element("b", `${problem.severity} ${problem.code}`), ` ${problem.message} `);
    if (problem.line) {
      const place = element("button", `${problem.path}:${problem.line}:${problem.column}`, { type: "button" });
      place.addEventListener("click", () => post("problem", { document: current, problem: index }));
      item.append(place);
    }
    if (problem.hint) item.append(element("span", problem.hint, { class: "hint" }));
    return item;
  });
  byId("list").replaceChildren(...items);
  byId("problems-title").textContent = items.length ? `Problems (${items.length})` : "No problems";
}

// The two views --------------------------------------------------------------

const view = () => document.querySelector("[name=view]:checked").value;

async function views(isNew = false) {
  const entry = state.documents.find(entry => entry.number === current);
  byId("old").hidden = !entry?.old;
  byId("pages").hidden = view() === "html";
  byId("html").hidden = view() === "page";
  if (!entry) return;
  byId("pdf").href = `pdf/${current}`;
  await Promise.all([view() !== "page" && html(isNew), view() !== "html" && sheets(isNew)]);
  const isShown = view() === "html" ? framed === current : paged === current;
  byId("old").textContent = isShown
    ? "The source has errors: this is how the document was before them."
    : "The source has errors: the document is shown once they are gone.";
}

// The document in the frame and the name of its edition; and when all of it is there.
let framed = null;
let edition = "-";
let isThere = Promise.resolve();
async function html(isNew) {
  const number = current;
  const known = framed === number && !isNew ? edition : "-";
  const found = await get(`changes/${number}/${known}`);
  await isThere;
  // Another document was chosen meanwhile, or what is shown is another by now.
  if (number !== current || (known !== "-" && known !== edition)) return;
  const frame = byId("html");
  if (!found) {
    framed = null;
    return frame.removeAttribute("src");
  }
  framed = number;
  edition = found.name;
  if (found.patches) {
    // From behind, so that numbers stay right.
    for (const patch of found.patches.reverse()) replace(frame.contentDocument, patch);
  } else {
    isThere = new Promise(done => frame.addEventListener("load", done, { once: true }));
    frame.src = `html/${number}/${found.name}`;
  }
}

/** Replaces elements, and the text around them, by new ones. */
function replace(page, { path, at, count, html: text }) {
  const parent = path.reduce((element, number) => element.children[number], page.documentElement);
  const [before, behind] = [parent.children[at - 1], parent.children[at + count]];
  const range = page.createRange();
  range.selectNodeContents(parent);
  if (before) range.setStartAfter(before);
  if (behind) range.setEndBefore(behind);
  // What stands behind a body is in it too (HTML, 13.2.6.4.19).
  const isLast = parent === page.body && !behind && parent.lastElementChild;
  if (isLast) range.setEndAfter(parent.lastElementChild);
  range.deleteContents();
  range.insertNode(range.createContextualFragment(isLast ? text.trimEnd() : text));
  parent.normalize();
}

let paged = null;
async function sheets(isNew) {
  const number = current;
  const found = await get(`pages/${number}`);
  // Another document was chosen meanwhile.
  if (number !== current) return;
  if (!found) {
    pages = [];
    byId("pages").replaceChildren();
    paged = null;
    return;
  }
  if (paged !== current || isNew) {
    byId("pages").replaceChildren();
    pages = [];
    paged = current;
    byId("pages").scrollTop = 0;
  }
  pages.splice(found.length).forEach(page => page.figure.remove());
  found.forEach((page, index) => {
    const known = pages[index];
    if (known) {
      if (known.name !== page.name) Object.assign(known, page, { isDrawn: false });
    } else {
      pages.push(sheet(page, index));
    }
    size(pages[index]);
  });
  setZoom();
  draw();
}

function sheet(page, index) {
  const figure = element("figure");
  const canvas = element("canvas", undefined, { "aria-hidden": "true" });
  figure.append(canvas, element("figcaption", `Page ${page.label || index + 1}: the HTML view says the same.`));
  byId("pages").append(figure);
  const made = { ...page, index, figure, canvas, links: [], isDrawn: false };
  canvas.addEventListener("click", event => click(made, event));
  watching.observe(figure);
  return made;
}

function size(page) {
  page.figure.style.width = `${page.width * PIXELS_PER_POINT * zoom}px`;
  page.figure.style.height = `${page.height * PIXELS_PER_POINT * zoom}px`;
}

const watching = new IntersectionObserver(() => draw(), { root: byId("pages"), rootMargin: "100%" });

function isNear(page) {
  const room = byId("pages").getBoundingClientRect();
  const place = page.figure.getBoundingClientRect();
  return place.bottom > room.top - room.height && place.top < room.bottom + room.height;
}

function draw() {
  for (const page of pages) {
    if (!isNear(page)) {
      // Grey paper costs nothing.
      if (page.isDrawn) page.canvas.width = page.canvas.height = 0;
      page.isDrawn = false;
    } else if (!page.isDrawn) {
      page.isDrawn = true;
      paint(page, page.name);
    }
  }
}

/** Loads something once; what could not be loaded is asked for again the next time. */
function load(known, name, ask) {
  if (!known.has(name)) {
    known.set(name, inTurn(ask).catch(() => { known.delete(name); return null; }));
  }
  return known.get(name);
}

const font = (number, name) => load(fonts, name, async () =>
  document.fonts.add(await new FontFace(`f${name}`, `url(resource/${number}/${name})`).load()));

const picture = (number, name) => load(pictures, name, async () => {
  const image = new Image();
  image.src = `resource/${number}/${name}`;
  await image.decode();
  return image;
});

async function paint(page, name) {
  const number = current;
  const items = await get(`page/${number}/${name}`);
  if (page.name !== name) return;
  if (!items) {
    // It was replaced while it was asked for: what took its place is asked for.
    page.isDrawn = false;
    setTimeout(refresh, 100);
    return;
  }
  const faces = new Set(items.filter(item => item[0] === "t" && item[3]).map(item => item[3]));
  await Promise.all([...faces].map(face => font(number, face)));
  const images = new Map();
  for (const item of items) if (item[0] === "p" && item[1]) images.set(item[1], await picture(number, item[1]));
  if (page.name !== name) return;
  const scale = PIXELS_PER_POINT * zoom * devicePixelRatio;
  page.canvas.width = Math.round(page.width * scale);
  page.canvas.height = Math.round(page.height * scale);
  const context = page.canvas.getContext("2d");
  context.scale(scale, scale);
  page.links = items.filter(item => item[0] === "a");
  for (const item of items) paintItem(context, item, images);
}

function paintItem(context, [kind, x, y, ...rest], images) {
  if (kind === "t") {
    const [name, size, color, stretch, , glyphs] = rest;
    context.fillStyle = color;
    context.font = `${size}px f${name}`;
    context.save();
    context.translate(x, y);
    context.scale(stretch, 1);
    for (const [glyph, right, down] of glyphs) {
      context.fillText(String.fromCodePoint(GLYPHS + glyph), right, down);
    }
    context.restore();
  } else if (kind === "r") {
    const [width, height, color, radius] = rest;
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.fill();
  } else if (kind === "l") {
    const [toX, toY, width, color, isDashed] = rest;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash(isDashed ? [width * 3, width * 3] : []);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(toX, toY);
    context.stroke();
  } else if (kind === "p") {
    const image = images.get(x);
    const [left, width, height] = rest;
    if (image) context.drawImage(image, y, left, width, height);
  }
}

function click(page, event) {
  const place = page.canvas.getBoundingClientRect();
  const x = (event.clientX - place.left) / PIXELS_PER_POINT / zoom;
  const y = (event.clientY - place.top) / PIXELS_PER_POINT / zoom;
  const link = page.links.find(([, left, top, width, height, to]) =>
    to && (event.ctrlKey || event.metaKey) && x >= left && x <= left + width && y >= top && y <= top + height);
  if (link) return reveal(link[5][0], link[5][1], false);
  post("click", { document: current, page: page.index, x, y });
}

function reveal(number, y, isMarked) {
  const page = pages[number];
  if (!page) return;
  const top = page.figure.offsetTop + y * PIXELS_PER_POINT * zoom;
  const room = byId("pages");
  const isSeen = top > room.scrollTop && top < room.scrollTop + room.clientHeight;
  if (!isSeen) room.scrollTop = top - room.clientHeight / 3;
  document.querySelectorAll(".caret").forEach(mark => mark.remove());
  if (isMarked) {
    const mark = element("div", undefined, { class: "caret" });
    mark.style.top = `${y * PIXELS_PER_POINT * zoom}px`;
    page.figure.append(mark);
  }
}

// What the writer does ---------------------------------------------------------

function setZoom() {
  const room = byId("pages");
  const share = room.scrollTop / Math.max(1, room.scrollHeight);
  const style = getComputedStyle(room);
  const width = room.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const widest = Math.max(...pages.map(page => page.width * PIXELS_PER_POINT));
  const next = chosen ?? (pages.length && width > 0 ? Math.min(1.25, width / widest) : zoom);
  if (next === zoom && chosen === null) return;
  zoom = next;
  byId("zoom").textContent = `${Math.round(zoom * 100)} %`;
  pages.forEach(page => { page.isDrawn = false; size(page); });
  room.scrollTop = share * room.scrollHeight;
  draw();
}

function chooseZoom(next) {
  chosen = next;
  setZoom();
}

byId("smaller").addEventListener("click", () => chooseZoom(ZOOMS.findLast(step => step < zoom) ?? zoom));
byId("larger").addEventListener("click", () => chooseZoom(ZOOMS.find(step => step > zoom) ?? zoom));
byId("fit").addEventListener("click", () => chooseZoom(null));
new ResizeObserver(setZoom).observe(byId("pages"));
document.querySelectorAll("[name=view]").forEach(choice => choice.addEventListener("change", () => views()));

const events = new EventSource("events");
events.onmessage = refresh;
events.addEventListener("caret", async event => {
  const { document: number, page, y } = JSON.parse(event.data);
  if (number !== current) {
    choose(number);
    await refresh();
  }
  reveal(page, y, true);
});
events.addEventListener("end", () => { events.close(); say("The server has ended: what is shown is old."); });
events.onerror = () => say("The server does not answer: what is shown may be old.");
