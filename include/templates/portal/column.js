"use strict";
// A stopped scheduler must show nothing expired: the page itself hides what is past its last day.
const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
for (const part of document.querySelectorAll("[data-until]")) {
  if (part.dataset.until !== "" && part.dataset.until < today) {
    if (part.tagName === "ARTICLE") document.title = document.querySelector("h1").textContent;
    part.remove();
  }
}
const form = document.querySelector("[data-search]");
if (form) {
  const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/\s/g, "");
  const records = fetch(form.dataset.search).then((answer) => answer.json());
  const show = async () => {
    const wanted = plain(form.q.value);
    const all = (await records).filter((each) => !(each.until !== "" && each.until < today));
    const found = wanted === "" ? [] : all.filter((each) => plain(each.name + " " + each.code + " " + each.document).includes(wanted));
    document.getElementById("found").textContent = wanted === "" ? "" : "找到 " + found.length + " 条";
    document.getElementById("results").replaceChildren(...found.slice(0, 50).map((each) => {
      const link = document.createElement("a");
      link.href = "records/" + each.key + ".html";
      link.textContent = each.name + " " + each.document;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.q.addEventListener("input", show);
}
