// The table of operators: filter by text and status, sort by a column. It opens on what does not
// simply work; a search looks through all. Without this script it is a plain table.
const SIMPLE = ["works", "not-differentiable"]

function setUp() {
  const table = document.getElementById("operators")
  if (!table || table.dataset.ready) return
  table.dataset.ready = "yes"
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const form = document.createElement("form")
  form.className = "operators-filter"
  form.innerHTML =
    '<label>Filter <input type="search" placeholder="cdist, norm, aten::…"></label>' +
    '<label>Twice <select><option value="">any answer</option></select></label>' +
    '<label><input type="checkbox"> all, also what simply works</label>' +
    '<output aria-live="polite"></output>'
  const [text, status, all, count] = ["[type=search]", "select", "[type=checkbox]", "output"]
    .map((part) => form.querySelector(part))
  for (const kind of new Set(rows.map((row) => row.className))) {
    status.add(new Option(kind.replaceAll("-", " "), kind))
  }
  const words = rows.map((row) => row.textContent.toLowerCase())
  function filter() {
    const wanted = text.value.toLowerCase().split(/\s+/)
    let shown = 0
    rows.forEach((row, index) => {
      const asked = all.checked || text.value || !SIMPLE.includes(row.className)
      const fits = status.value ? row.className === status.value : asked
      row.hidden = !fits || !wanted.every((word) => words[index].includes(word))
      shown += !row.hidden
    })
    count.textContent = `${shown} of ${rows.length} operations`
  }
  form.addEventListener("input", filter)
  form.addEventListener("submit", (event) => event.preventDefault())
  table.closest(".operators").before(form)
  // A link to a row that is not shown shows all.
  function reveal() {
    const row = document.getElementById(location.hash.slice(1))
    if (row && body.contains(row) && row.hidden) {
      all.checked = true
      filter()
      row.scrollIntoView({ block: "center" })
    }
  }
  filter()
  reveal()
  addEventListener("hashchange", reveal)

  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = head.textContent
    head.replaceChildren(button)
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending"
      heads.forEach((other) => other.removeAttribute("aria-sort"))
      head.setAttribute("aria-sort", down ? "descending" : "ascending")
      const value = (row) => row.cells[column].textContent
      rows
        .toSorted((a, b) => value(a).localeCompare(value(b), "en", { numeric: true }) * (down ? -1 : 1))
        .forEach((row) => body.append(row))
    })
  })
}

// Once now, and again when another page comes without a reload. From the disk, none does.
setUp()
if (typeof document$ !== "undefined") document$.subscribe(setUp)
