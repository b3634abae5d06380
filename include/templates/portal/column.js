"use strict";
// A stopped scheduler must show nothing expired: the page itself hides what is past its last day.
const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
const isOver = (until) => until !== "" && until < today;
for (const part of document.querySelectorAll("[data-until]")) {
  if (isOver(part.dataset.until)) {
    if (part.tagName === "ARTICLE") document.title = document.querySelector("h1").textContent;
    part.remove();
  }
}

// Codes and numbers are one term each; Chinese text, which has no blanks, is cut into pairs of characters, and its last one.
const pairs = (letters) => letters.map((letter, place) => letter + (letters[place + 1] ?? ""));
const terms = (text) => (text.normalize("NFKC").toUpperCase().match(/[0-9A-Z]+|[\p{L}\p{N}]+?(?=[0-9A-Z]|[^\p{L}\p{N}]|$)/gu) ?? [])
  .flatMap((run) => (/^[0-9A-Z]/.test(run) ? [run] : pairs(Array.from(run))));

const load = async (address) => {
  const index = new MiniSearch({
    idField: "key",
    fields: ["name", "code", "document"],
    storeFields: ["name", "document", "until"],
    tokenize: terms,
    processTerm: (term) => term,
    searchOptions: { combineWith: "AND", prefix: true },
  });
  index.addAll(await (await fetch(address)).json());
  return index;
};

const item = (found) => {
  const link = document.createElement("a");
  link.href = "records/" + found.id + ".html";
  link.textContent = found.name + " " + found.document;
  const place = document.createElement("li");
  place.append(link);
  return place;
};

const form = document.querySelector("[data-search]");
if (form) {
  let index;
  const show = async () => {
    index ??= load(form.dataset.search);
    const wanted = form.elements.q.value.trim();
    const found = wanted === "" ? [] : (await index).search(wanted).filter((each) => !isOver(each.until));
    if (wanted !== form.elements.q.value.trim()) return; // typed on meanwhile
    document.getElementById("found").textContent = wanted === "" ? "" : "找到 " + found.length + " 条";
    document.getElementById("results").replaceChildren(...found.slice(0, 50).map(item));
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  form.elements.q.addEventListener("input", show);
}
