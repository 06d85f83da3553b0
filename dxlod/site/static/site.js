// Small comforts; every page works without them. Nothing here speaks to another host.
"use strict";
(() => {
  const { labelCopy, labelCopied } = document.body.dataset;
  if (navigator.clipboard) {
    for (const code of document.querySelectorAll("[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = labelCopy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = labelCopied;
        setTimeout(() => { button.textContent = labelCopy; }, 2000);
      });
      const block = code.closest("pre");
      if (block) block.before(button); else code.after(button);
    }
  }
  // Rows of a table that do not have the words typed are hidden as one types; the form itself works without this.
  for (const field of document.querySelectorAll("input[data-narrows]")) {
    const rows = [...document.querySelectorAll(`#${field.dataset.narrows} tbody tr`)];
    const texts = rows.map((row) => row.textContent.normalize("NFKC").toLowerCase());
    const count = document.querySelector(field.dataset.count);
    const shown = count && count.textContent;
    field.addEventListener("input", () => {
      const words = field.value.normalize("NFKC").toLowerCase().split(/\s+/);
      let n = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        n += row.hidden ? 0 : 1;
      });
      if (count) count.textContent = n === rows.length ? shown : shown.replace(/\d+/, n);
    });
  }
})();
