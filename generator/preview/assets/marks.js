// Finds texts of a post on its page, whatever the theme makes of it: the page is read as lines, one for each
// block and each row of a table, in which every character knows its node.

const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SVG", "MARKETPOST-PREVIEW"]);
const INLINE = /^(inline|inline-block|inline-flex|ruby|contents)$/;
const BETWEEN_CELLS = " | ";

class Line {
  text = "";
  places = [];

  add(character, node, offset) {
    this.text += character;
    this.places.push([node, offset]);
  }

  // White space as a browser shows it: one blank between words, none at the ends.
  addText(node) {
    const value = node.nodeValue;
    for (let at = 0; at < value.length; at++) {
      const blank = /\s/.test(value[at]);
      if (blank && (this.text === "" || this.text.endsWith(" "))) continue;
      this.add(blank ? " " : value[at], node, at);
    }
  }

  get trimmed() {
    while (this.text.endsWith(" ")) {
      this.text = this.text.slice(0, -1);
      this.places.pop();
    }
    return this;
  }
}

// All lines below an element in order; `cells` has those of single cells, which rows have put together.
export function read(root) {
  const lines = [];
  const cells = [];
  let line = new Line();
  const close = () => {
    if (line.trimmed.text) lines.push(line);
    line = new Line();
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      line.addText(node);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName.toUpperCase())) return;
    if (node.tagName === "BR") {
      if (line.text && !line.text.endsWith(" ")) line.add(" ", node, 0);
      return;
    }
    if (node.tagName === "TR") {
      close();
      row(node);
      return;
    }
    const block = !INLINE.test(getComputedStyle(node).display);
    if (block) close();
    for (const child of node.childNodes) walk(child);
    if (block) close();
  };
  const row = (node) => {
    const whole = new Line();
    [...node.cells].forEach((cell, column) => {
      const inner = read(cell).lines;
      const joined = new Line();
      for (const each of inner) {
        if (joined.text) joined.add(" ", cell, 0);
        for (let at = 0; at < each.text.length; at++) joined.add(each.text[at], ...each.places[at]);
      }
      cells.push(joined);
      if (column) for (const character of BETWEEN_CELLS) whole.add(character, cell, 0);
      for (let at = 0; at < joined.text.length; at++) whole.add(joined.text[at], ...joined.places[at]);
    });
    if (whole.text) lines.push(whole);
  };
  walk(root);
  close();
  return { lines, cells };
}

const plain = (text) => text.replace(/\s/g, " ");

// Where a text stands, from a place on, else from the start: [line, index in it]; null if nowhere.
function find(lines, text, from) {
  for (const [first, start] of [from, [0, 0]]) {
    for (let at = first; at < lines.length; at++) {
      const index = lines[at].text.indexOf(text, at === first ? start : 0);
      if (index >= 0) return [at, index];
    }
  }
  return null;
}

// The stretches of text nodes between two characters of a line: [node, start, end].
function stretches(line, start, end) {
  const found = [];
  for (let at = start; at < end; at++) {
    const [node, offset] = line.places[at];
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const last = found.at(-1);
    if (last && last[0] === node && last[2] === offset) last[2] = offset + 1;
    else found.push([node, offset, offset + 1]);
  }
  return found;
}

// Puts an element around every number of the statements that stand on the page; how many were found.
export function mark(root, statements, made) {
  const { lines } = read(root);
  const pieces = new Map();
  let place = [0, 0];
  let count = 0;
  for (const statement of statements) {
    const text = plain(statement.text);
    const found = find(lines, text, place);
    if (!found) continue;
    place = [found[0], found[1] + text.length];
    const line = lines[found[0]];
    for (const [start, end, figure] of statement.marks) {
      const own = stretches(line, found[1] + start, found[1] + end);
      if (own.length) count++;
      for (const [node, from, to] of own) {
        if (!pieces.has(node)) pieces.set(node, []);
        const others = pieces.get(node);
        if (!others.some((each) => each.from < to && from < each.to)) others.push({ from, to, figure });
      }
    }
  }
  for (const [node, own] of pieces) {
    // From the end, so that what is still to be cut off keeps its place.
    for (const { from, to, figure } of own.sort((a, b) => b.from - a.from)) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      range.surroundContents(made(figure, node.parentElement));
    }
  }
  return count;
}

// The range of a finding's place: a stretch of the block of this text, of several the one whose turn it is.
export function rangeOf(root, place) {
  const { lines, cells } = read(root);
  const text = plain(place.text);
  const whole = [...lines, ...cells].filter((line) => line.text === text);
  let line = whole[Math.min(place.turn, whole.length - 1)];
  let at = 0;
  if (!line) {
    const found = find(lines, text, [0, 0]);
    if (!found) return null;
    line = lines[found[0]];
    at = found[1];
  }
  const found = stretches(line, at + place.start, Math.min(at + place.end, line.text.length));
  if (!found.length) return null;
  const range = document.createRange();
  range.setStart(found[0][0], found[0][1]);
  range.setEnd(found.at(-1)[0], found.at(-1)[2]);
  return range;
}
