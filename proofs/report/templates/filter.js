// The page reads without this: it only narrows the table of theorems.
const field = document.getElementById("filter");
const rows = [...document.querySelectorAll("table.theorems tbody tr")];
const narrow = () => {
  const wanted = field.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  const shown = rows.filter((row) => !row.hidden).length;
  document.getElementById("filter-count").textContent = wanted ? `${shown} of ${rows.length} shown` : "";
};
field.addEventListener("input", narrow);
field.closest("p").hidden = rows.length < 2;
narrow();
