// Losses to record: each line of their code on the tape, and what there is to see at each step.

import { shown } from "./example.js"
import { Value, add, detach, grad, mul, norm, pow, relu, sum, tanh, watch } from "./tape.js"

// A line is a function of the variables so far, or [output]: the gradient with respect to the leaf.
const numbers = (c, d) => ({
  start: () => ({ a: new Value(1, true), b: new Value(2) }),
  lines: { c, g: ["c"], d, answer: ["d"] },
})
const vectors = (total) => ({
  start: () => ({ w: new Value([1, 2], true) }),
  lines: { loss: ({ w }) => sum(tanh(w)), g: ["loss"], total, answer: ["total"] },
})
const square = ({ a, b }) => mul(pow(a, 2), b)
const sumOfBoth = ({ a, g, b }) => mul(add(a, g), b)

/** Each with the name of its function in the code, and the loss that has its true derivative. */
export const LOSSES = {
  toy: { truth: "toy", ...numbers(square, sumOfBoth) },
  detached: { truth: "toy", ...numbers(square, ({ a, g, b }) => mul(add(a, detach(g)), b)) },
  rectified: { truth: "rectified", ...numbers(({ a, b }) => mul(relu(a), b), sumOfBoth) },
  added: { truth: "added", ...vectors(({ loss, g }) => add(loss, norm(g))) },
  alone: { truth: "alone", ...vectors(({ g }) => norm(g)) },
}

/** What each node computed, of the names of its inputs. */
const FORMULAS = {
  AddBackward0: (x, y) => `${x} + ${y}`,
  MulBackward0: (x, y) => `${x} · ${y}`,
  MulBackward1: (x, n) => `${n} · ${x}`,
  PowBackward0: (x, n) => `${x}${"⁰¹²³"[n]}`,
  SumBackward0: (x) => `sum of ${x}`,
  LinalgVectorNormBackward0: (x) => `‖${x}‖`,
  TanhBackward0: (x) => `tanh ${x}`,
  TanhBackwardBackward0: (g, y) => `${g} · (1 − ${y}²)`,
  ReluBackward0: (x) => `relu ${x}`,
  ThresholdBackwardBackward0: (g, y) => `${g} where ${y} > 0`,
}

/** A number or a list of them, four digits each. */
export const number = (data) => data.length ? `(${data.map(shown).join(", ")})` : shown(data)

/** A loss that is run line by line: its rows, its variables, a step for each node, its end. */
class Run {
  constructor(name, createGraph) {
    const { start, lines } = LOSSES[name]
    Object.assign(this, { variables: start(), steps: [], line: "", error: "", createGraph })
    this.leaf = Object.values(this.variables)[0]
    // The leaf, and then each result as it is recorded, some of them by the first pass.
    this.rows = [this.leaf]
    this.firstPass = new Set()
    this.rest()
    this.step(() => `${this.label(this.leaf)} = ${number(this.leaf.data)} asks for a gradient. The tape is empty.`)
    try {
      for (const [line, what] of Object.entries(lines)) {
        this.line = line
        if (Array.isArray(what)) this.backward(this.variables[what])
        else this.forward(what)
      }
    } catch (thrown) {
      this.error = thrown.message
    }
  }

  /** No backward pass is under way. */
  rest() {
    this.pass = { at: null, flows: [], gradients: new Map() }
  }

  /** Keep how things are. What is said of it may use names that come later. */
  step(say) {
    const { line, rows, pass: { at, flows, gradients } } = this
    const storages = new Map()
    for (const value of rows.flatMap(({ node }) => !node || node.freed ? [] : node.saved)) {
      storages.set(value.storage, { value, times: (storages.get(value.storage)?.times ?? 0) + 1 })
    }
    this.steps.push({
      line, say, at: at ?? rows.at(-1), flows: [...flows], gradients: new Map(gradients),
      freed: rows.map(({ node }) => node?.freed ?? false), kept: [...storages.values()],
    })
  }

  variable = (value) => Object.keys(this.variables).find((name) => this.variables[name] === value)

  /** What a value is called: its variable, its row, or else the number that it is. */
  label(value) {
    const row = this.rows.indexOf(value)
    return this.variable(value) ?? (row < 0 ? number(value.data) : `#${row}`)
  }

  /** The names of what a row keeps. */
  keeps = (value) => value.node.saved.map((one) => one === value ? "its result" : this.label(one))

  formula(value) {
    const names = value.node.inputs.map((one) => this.label(one))
    return FORMULAS[value.node.name](...names, value.node.scalar)
  }

  forward(calculate) {
    const { line, rows, variables } = this
    const before = rows.length
    const tell = (value) => {
      rows.push(value)
      this.step(() => `${this.formula(value)} is recorded as #${rows.indexOf(value)}, ${value.node.name}`
        + (value.node.saved.length ? `, which keeps ${this.keeps(value).join(" and ")} for the way back.` : ", which needs to keep nothing."))
    }
    variables[line] = watch(tell, () => calculate(variables))
    if (rows.length === before) {
      this.step(() => `${line} = ${number(variables[line].data)} is made of constants, so it is one: nothing is recorded.`)
    }
  }

  backward(output) {
    const { line, leaf, rows } = this
    const first = line === "g"
    const pass = this.pass = { at: output, flows: [], gradients: new Map([[output, 1]]) }
    if (output.node) this.step(() => `The ${first ? "first" : "second"} backward pass starts at ${this.label(output)}, with 1.`)
    let sent = []
    let before = rows.length
    const leave = () => {
      const [from, shares, made] = [pass.at, sent, rows.slice(before)]
      if (sent.length) this.step(() => this.left(from, shares, first && made))
      sent = []
      before = rows.length
    }
    const visit = (value) => {
      leave()
      pass.at = value
    }
    const flow = (from, to, { data }) => {
      const sum = pass.gradients.has(to) ? add(new Value(pass.gradients.get(to)), new Value(data)).data : data
      pass.gradients.set(to, sum)
      pass.flows.push([from, to])
      sent.push([to, data])
    }
    const tell = (value) => {
      rows.push(value)
      this.firstPass.add(value)
    }
    this.variables[line] = watch(tell, () => grad(output, leaf, first && this.createGraph, flow, visit))
    leave()
    pass.at = leaf
    if (first) this.step(() => this.arrived())
    this.rest()
  }

  /** What is said of a result that a pass leaves, with what it recorded if it is the first. */
  left(from, shares, made) {
    const { inputs, edges, name, saved, freed } = from.node
    const said = shares.map(([to, data]) => `${number(data)} to ${this.label(to)}`).join(" and ")
    const constant = inputs.find((_, i) => !edges[i])
    const rows = made && made.map((value) => `#${this.rows.indexOf(value)}`).join(", ")
    return [
      `${this.label(from)}, ${name}, sends ${said}.`,
      !made && constant && `Nothing goes to ${this.label(constant)}, a constant.`,
      made && (rows ? `The calculation is recorded: ${rows}.`
        : this.createGraph ? "Only constants took part in it, so nothing is recorded."
          : "Nothing is recorded."),
      freed && saved.length && `What it kept, ${this.keeps(from).join(" and ")}, is freed.`,
    ].filter(Boolean).join(" ")
  }

  arrived() {
    const { g } = this.variables
    return `g = ${number(g.data)}. ` + (g.node
      ? `It is row #${this.rows.indexOf(g)}, from which edges lead to ${this.label(this.leaf)}.`
      : "It has no row: whatever is made of it cannot be traced back through it.")
  }
}

/** Why it ends so, without create_graph and with it. */
const WHY = {
  toy: [
    "No edge leads back from g, so the share that should come through it is missing.",
    "One share came directly, and the other through the rows of the first pass.",
  ],
  detached: [
    "Without create_graph, g is a constant already: detach changes nothing.",
    "The first pass was recorded and its rows are kept, but detach takes g without them, and create_graph cannot help.",
  ],
  rectified: [
    "Nothing is lost here, because the second derivative of relu at 1 is 0.",
    "An edge leads through g, and along it came 0, because the second derivative of relu at 1 is 0.",
  ],
  added: [
    "total contains loss, whose rows need what the first pass has freed.",
    "One share came from loss, and the other from the norm, through the row of the first pass.",
  ],
  alone: [
    "g is a constant and so is its norm, which leaves no row to start from.",
    "Everything came through g, by the row that the first pass recorded.",
  ],
}

/** Run a loss; its `outcome` is "right", "wrong" or "raises", and its last step says why. */
export function run(name, createGraph) {
  const done = new Run(name, createGraph)
  const { error, leaf, variables: { answer } } = done
  const { truth } = LOSSES[name]
  done.truth = (truth === name && createGraph ? answer : new Run(truth, true).variables.answer).data
  done.outcome = error ? "raises" : number(answer.data) === number(done.truth) ? "right" : "wrong"
  const said = {
    right: () => `PyTorch answers ${number(answer.data)}, the derivative.`,
    wrong: () => `PyTorch answers ${number(answer.data)}, and says nothing. The derivative is ${number(done.truth)}.`,
    raises: () => `PyTorch raises: “${error}”.`,
  }[done.outcome]
  done.step(() => `${said()} ${WHY[name][Number(createGraph)]}`)
  return done
}
