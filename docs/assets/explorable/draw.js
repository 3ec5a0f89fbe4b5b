// Puts a state of the example into the picture, the formulas and the code. The picture itself is
// markup: an element with data-step is due from that step on, one with data-value shows a number.

import { LAST, LINES, formulas, judge, play, predicted, question, sentence, shown, terms } from "./example.js"

export function draw(root, state, step, guesses) {
  const { wrong, lost, truth } = judge(state)
  root.dataset.graph = state.createGraph ? "on" : "off"
  root.dataset.verdict = step < LAST ? "" : wrong ? "wrong" : "right"
  for (const element of root.querySelectorAll("[data-step]")) {
    const due = Number(element.dataset.step)
    element.dataset.state = step < due ? "later" : step === due ? "now" : "done"
  }
  const values = { ...play(state), lost, truth }
  fill(root, "value", (name) => (values[name] === undefined ? "" : shown(values[name])))
  fill(root, "term", (name) => terms(state)[name])
  const lines = formulas(state)
  fill(root, "formula", (name) => lines[name])
  for (const line of root.querySelectorAll("[data-line]")) {
    if (line.dataset.line === LINES[step]) line.setAttribute("aria-current", "step")
    else line.removeAttribute("aria-current")
  }
  const word = { wrong: "Wrong", right: "Right", "": `Step ${step} of ${LAST}` }[root.dataset.verdict]
  write(root.querySelector(".explorable-word"), word)
  write(root.querySelector(".explorable-sentence"), sentence(state, step) + predicted(state, step, guesses))
  ask(root, question(state, step), guesses)
}

/** Put the question beside a box for the answer, and a question mark where it will arrive. */
function ask(root, asked, guesses) {
  const box = root.querySelector(".explorable-ask input")
  box.hidden = !asked
  // What a reader is typing may not be a number yet.
  if (box.name !== asked?.name) {
    box.name = asked?.name ?? ""
    box.value = guesses[box.name] ?? ""
  }
  write(root.querySelector(".explorable-question"), asked?.ask ?? "Step through it, and predict what arrives.")
  for (const mark of root.querySelectorAll("[data-ask]")) {
    mark.toggleAttribute("data-asked", mark.dataset.ask === asked?.name)
  }
}

/** Let each line of the code be marked: give it an element that names what it computes. */
export function divide(code) {
  if (code.querySelector("[data-line]")) return
  const lines = code.innerHTML.split("\n").map((html) => {
    const line = document.createElement("span")
    line.innerHTML = html
    const name = line.textContent.match(/^\s+(\w+) = /)
    if (name) line.dataset.line = name[1]
    return name ? line.outerHTML : html
  })
  code.innerHTML = lines.join("\n")
}

function fill(root, kind, text) {
  for (const element of root.querySelectorAll(`[data-${kind}]`)) {
    write(element, text(element.dataset[kind]))
  }
}

/** A live region speaks at each change, so make none that changes nothing. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}
