// The toy example, played on a tape of its own: the door, and the controls. Without this script
// the picture shows the answer without create_graph, which is where it starts.

import { divide, draw } from "./draw.js"
import { LAST, wrongSign } from "./example.js"

function setUp() {
  for (const root of document.querySelectorAll(".explorable:not(.recorder, [data-ready])")) live(root)
}

function live(root) {
  root.dataset.ready = "yes"
  const state = { a: 1, b: 2, power: 2, createGraph: false }
  let step = LAST
  let guesses = {}

  function show() {
    draw(root, state, step, guesses)
    for (const name of ["a", "b"]) shade(root, name, wrongSign(state, name))
    root.querySelector(".explorable-step").textContent = step < LAST ? "Step" : "Step through it"
    root.querySelector(".explorable-back").setAttribute("aria-disabled", step === 0)
    root.querySelector(".explorable-end").setAttribute("aria-disabled", step === LAST)
  }

  function go(to) {
    step = Math.max(0, Math.min(to, LAST))
    if (step === 0) guesses = {}
    show()
  }

  const box = root.querySelector(".explorable-ask input")
  box.addEventListener("input", () => {
    if (box.validity.valid && box.value !== "") guesses[box.name] = Number(box.value)
    else delete guesses[box.name]
  })
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    go(step + 1)
    // A box that goes away must not take the focus with it, and the key must not press the button.
    event.preventDefault()
    if (box.hidden) root.querySelector(".explorable-step").focus()
  })
  root.querySelector("form").addEventListener("input", ({ target }) => {
    guesses = {}
    box.value = ""
    if (target.type === "checkbox") state.createGraph = target.checked
    else if (target.tagName === "SELECT") state.power = Number(target.value)
    else if (!target.validity.valid || target.value === "") return
    else {
      state[target.name] = Number(target.value)
      for (const twin of inputs(root, target.name)) if (twin !== target) twin.value = target.value
    }
    show()
  })
  // What cannot be is put back when a reader leaves it.
  root.querySelector("form").addEventListener("focusout", ({ target }) => {
    if (target.type === "number") target.value = state[target.name]
  })
  root.addEventListener("submit", (event) => event.preventDefault())
  root.querySelector(".explorable-step").addEventListener("click", () => go(step < LAST ? step + 1 : 0))
  root.querySelector(".explorable-back").addEventListener("click", () => go(step - 1))
  root.querySelector(".explorable-end").addEventListener("click", () => go(LAST))

  divide(root.querySelector("pre code"))
  // A browser that reloads a page may put back what was typed.
  root.querySelector("form").reset()
  root.querySelectorAll("fieldset").forEach((set) => { set.disabled = false })
  show()
}

const inputs = (root, name) => root.querySelectorAll(`input[name="${name}"]`)

/** Shade where the silent answer has the wrong sign, below the slider. */
function shade(root, name, [from, to]) {
  const slider = root.querySelector(`input[type="range"][name="${name}"]`)
  const [least, most] = [Number(slider.min), Number(slider.max)]
  const place = (x) => Math.max(0, Math.min((x - least) / (most - least), 1))
  const band = root.querySelector(`[data-shade="${name}"]`)
  band.style.setProperty("--from", place(from))
  band.style.setProperty("--to", place(to))
}

// Once now, and again when another page comes without a reload. From the disk, none does.
setUp()
if (typeof document$ !== "undefined") document$.subscribe(setUp)
