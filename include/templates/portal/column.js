"use strict";
// A stopped scheduler must show nothing expired: the page itself hides what is past its last day.
const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
const isOver = (until) => until !== "" && until < today;
const hide = (part) => {
  if (part.tagName === "ARTICLE") document.title = document.querySelector("h1").textContent;
  const note = (part.closest("table") ?? part).nextElementSibling;
  const count = note.querySelector("span");
  if (count) count.textContent = Number(count.textContent) + 1;
  note.hidden = false;
  part.remove();
};
[...document.querySelectorAll("[data-until]")].filter((part) => isOver(part.dataset.until)).forEach(hide);

// Codes and numbers are one term each; Chinese text, which has no blanks, is cut into pairs of characters, and its last one.
const pairs = (letters) => letters.map((letter, place) => letter + (letters[place + 1] ?? ""));
const terms = (text) => (text.normalize("NFKC").toUpperCase().match(/[0-9A-Z]+|[\p{L}\p{N}]+?(?=[0-9A-Z]|[^\p{L}\p{N}]|$)/gu) ?? [])
  .flatMap((run) => (/^[0-9A-Z]/.test(run) ? [run] : pairs(Array.from(run))));

// A large column is cut: FNV-1a of a term's UTF-8 bytes names its shard (disclosure/search.py does the same).
const shardOf = (term, length) => {
  let number = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(term)) number = Math.imul(number ^ byte, 0x01000193) >>> 0;
  const digits = number.toString(16).padStart(8, "0").slice(0, length);
  return ["search", ...(digits.match(/.{1,2}/g) ?? [])].join("/") + ".json";
};
const packed = (text) => (text.normalize("NFKC").toUpperCase().match(/[\p{L}\p{N}]+/gu) ?? []).join("");
const fetched = new Map();
const rowsOf = (address) => {
  if (!fetched.has(address)) fetched.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : [])));
  return fetched.get(address);
};

const addresses = async (wanted, length) => {
  if (length === 0) return ["search.json"];
  const common = new Set(await rowsOf("search-common.json"));
  const telling = terms(wanted).filter((term) => (term.length > 1 || /[0-9A-Z]/.test(term)) && !common.has(term));
  return [packed(wanted), ...telling.slice(0, 1)].map((term) => shardOf(term, length));
};

const indexOf = (rows) => {
  const index = new MiniSearch({
    fields: ["name", "code", "document"],
    storeFields: ["name", "document", "until"],
    tokenize: terms,
    processTerm: (term) => term,
    searchOptions: { combineWith: "AND", prefix: true },
  });
  index.addAll([...rows.values()].map(([id, name, code, document, until]) => ({ id, name, code, document, until })));
  return index;
};

const indexes = new Map();
const search = async (wanted, length) => {
  const places = [...new Set(await addresses(wanted, length))].sort();
  if (!indexes.has(places.join())) {
    const rows = (await Promise.all(places.map(rowsOf))).flat();
    indexes.set(places.join(), indexOf(new Map(rows.map((row) => [row[0], row]))));
  }
  return indexes.get(places.join()).search(wanted);
};

const item = (found) => {
  const link = document.createElement("a");
  link.href = "records/" + found.id.slice(0, 2) + "/" + found.id + ".html";
  link.textContent = found.name + " " + found.document;
  const place = document.createElement("li");
  place.append(link);
  return place;
};

const form = document.querySelector("[data-search]");
if (form) {
  const show = async () => {
    const wanted = form.elements.q.value.trim();
    const found = wanted === "" ? [] : (await search(wanted, Number(form.dataset.length))).filter((each) => !isOver(each.until));
    if (wanted !== form.elements.q.value.trim()) return; // typed on meanwhile
    document.getElementById("found").textContent = wanted === "" ? "" : "找到 " + found.length + " 条";
    document.getElementById("results").replaceChildren(...found.slice(0, 50).map(item));
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  form.elements.q.addEventListener("input", show);
}
