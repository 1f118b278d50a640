"use strict";
(() => {
  const find = (what) => document.getElementById(what);
  const body = find("rows"), search = find("search"), controls = find("controls");
  const rows = body ? [...body.children] : [];
  const boxes = [...controls.querySelectorAll("[type=checkbox]")];
  const texts = rows.map((row) => row.textContent.toLowerCase());

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const on = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    rows.forEach((row, at) => {
      const wanted = !boxes.length || on.has(row.dataset.decision);
      row.hidden = !wanted || !words.every((word) => texts[at].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    find("shown").textContent = `${shown} of ${rows.length} shown`;
  };

  const order = new Intl.Collator("en", { numeric: true });
  const sort = (head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[head.cellIndex].dataset.rank ?? row.cells[head.cellIndex].textContent;
    const sorted = rows.map((row) => [key(row), row]);
    sorted.sort((left, right) => order.compare(left[0], right[0]) * (down ? -1 : 1));
    body.append(...sorted.map((pair) => pair[1]));
  };

  for (const head of document.querySelectorAll("table:has(#rows) th[scope=col]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.ariaLabel = `Sort by ${head.textContent}`;
    head.append(button);
    // The words stay outside: in a button Chromium does not print them on the second page.
    head.addEventListener("click", () => sort(head));
  }
  const open = () => {
    const text = find(location.hash.slice(1));
    if (text && text.localName === "details") {
      text.open = true;
      text.scrollIntoView();
    }
  };
  addEventListener("hashchange", open);
  search.addEventListener("input", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
  controls.hidden = !rows.length;
  filter();
  open();
})();
