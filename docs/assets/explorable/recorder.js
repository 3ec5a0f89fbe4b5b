// A loss that is recorded while a reader steps through it: the door, the controls, and the tape.

import { divide, write } from "./draw.js"
import { number, run } from "./losses.js"

/** Places on the tape: as many as the longest needs, so that nothing moves. */
const PLACES = 8
const WORDS = { right: "Right", wrong: "Wrong", raises: "Raises" }
const PREDICTED = { right: "the derivative", wrong: "a wrong number", raises: "an error" }

function setUpRecorders() {
  document.querySelectorAll(".recorder:not([data-ready])").forEach(record)
}

function record(root) {
  root.dataset.ready = "yes"
  const find = (name) => root.querySelector(`.recorder-${name}, .explorable-${name}`)
  const form = find("controls")
  let done
  let at = 0

  function show() {
    const last = at === done.steps.length - 1
    const { line, kept, say } = done.steps[at]
    const [, guess] = [...new FormData(form)].find(([name]) => name === "guess") ?? []
    root.dataset.verdict = !last ? "" : done.outcome === "right" ? "right" : "wrong"
    drawTape(find("tape"), done, done.steps[at])
    for (const one of root.querySelectorAll("[data-line]")) {
      if (one.dataset.line === line && at) one.setAttribute("aria-current", "step")
      else one.removeAttribute("aria-current")
    }
    find("kept").replaceChildren(...kept.map(({ value, times }) =>
      make("li", done.label(value) + (times > 1 ? `, kept ${times} times` : ""))))
    const bytes = kept.reduce((sum, { value }) => sum + 4 * value.storage.size, 0)
    write(find("count"), `${kept.length} ${kept.length === 1 ? "storage" : "storages"}, ${bytes} bytes`)
    write(find("word"), last ? WORDS[done.outcome] : `Step ${at} of ${done.steps.length - 1}`)
    write(find("sentence"), (last && guess ? `You predicted ${PREDICTED[guess]}, and ${guess === done.outcome ? "so it is" : "that is not so"}. ` : "") + say())
    write(find("step"), last ? "From the start" : "Step")
    find("back").setAttribute("aria-disabled", at === 0)
    find("end").setAttribute("aria-disabled", last)
  }

  function start() {
    const { loss, graph } = form.elements
    done = run(loss.value, graph.checked)
    at = 0
    root.querySelectorAll("figure.snippet").forEach((one, i) => { one.hidden = i !== loss.selectedIndex })
    show()
  }

  function go(to) {
    at = Math.max(0, Math.min(to, done.steps.length - 1))
    show()
  }

  form.addEventListener("input", ({ target }) => {
    if (target.name === "guess") return show()
    form.elements.guess.forEach((one) => { one.checked = false })
    start()
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  find("step").addEventListener("click", () => go(at < done.steps.length - 1 ? at + 1 : 0))
  find("back").addEventListener("click", () => go(at - 1))
  find("end").addEventListener("click", () => go(Infinity))
  new ResizeObserver(() => arcs(find("tape"), done, done.steps[at])).observe(find("tape"))

  root.querySelectorAll("pre code").forEach(divide)
  // A browser that reloads a page may put back what was chosen.
  form.reset()
  root.querySelectorAll("fieldset").forEach((set) => { set.disabled = false })
  start()
}

/** The tape: a row for each result, with what it keeps and what the pass has brought it. */
function drawTape(tape, done, step) {
  const rows = Array.from({ length: PLACES }, (_, i) => {
    const row = make("li", "", done.rows[i] && i < step.freed.length ? "" : "empty")
    return row.className ? row : fillRow(row, done, step, i)
  })
  tape.querySelector("ol").replaceChildren(...rows)
  arcs(tape, done, step)
}

function fillRow(row, done, step, i) {
  const value = done.rows[i]
  const { node } = value
  const came = step.gradients.get(value)
  const formula = [done.variable(value), node && done.formula(value), number(value.data)]
  row.classList.toggle("now", value === step.at)
  row.classList.toggle("first", done.firstPass.has(value))
  const [above, below] = [make("div"), make("div")]
  above.append(make("b", node?.name ?? "AccumulateGrad"))
  if (came !== undefined) above.append(make("span", `← ${number(came)}`, "came"))
  below.append(make("span", formula.filter(Boolean).join(" = ")))
  if (node?.saved.length) {
    const word = step.freed[i] ? "freed" : "keeps"
    below.append(make("span", `${word} ${done.keeps(value).join(", ")}`, word))
  }
  row.append(above, below)
  return row
}

/** An arc for each edge, from a row to what it came from. The pass goes along the thick ones. */
function arcs(tape, done, { freed: { length }, flows }) {
  const [svg, list] = tape.children
  const place = (row) => row.offsetTop + row.offsetHeight / 2
  const width = svg.clientWidth
  const paths = done.rows.slice(1, length).flatMap((value, i) => value.node.edges.filter(Boolean).map(({ to }) => {
    const [from, end] = [list.children[i + 1], list.children[done.rows.indexOf(to)]].map(place)
    const reach = width - Math.min(width - 6, 10 + (from - end) / 7)
    const path = document.createElementNS(svg.namespaceURI, "path")
    path.setAttribute("d", `M${width} ${from - 3}C${reach} ${from - 3} ${reach} ${end + 3} ${width - 7} ${end + 3}`)
    path.classList.toggle("flow", flows.some(([one, other]) => one === value && other === to))
    path.classList.toggle("first", done.firstPass.has(value))
    return path
  }))
  svg.querySelector("g").replaceChildren(...paths)
}

function make(tag, text = "", classes = "") {
  const element = document.createElement(tag)
  element.textContent = text
  element.className = classes
  return element
}

// Once now, and again when another page comes without a reload. From the disk, none does.
setUpRecorders()
if (typeof document$ !== "undefined") document$.subscribe(setUpRecorders)
