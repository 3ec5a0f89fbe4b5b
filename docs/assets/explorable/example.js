// The toy example on the tape, and what to say at each step of it.

import { Value, add, grad, mul, pow } from "./tape.js"

const TERMS = {
  2: { power: "a²", slope: "2a", curvature: "2b" },
  3: { power: "a³", slope: "3a²", curvature: "6ab" },
}

/** The steps, as the picture numbers them, and the line of code that each belongs to. */
export const LINES = [
  "", "c", "c", "dc_da", "dc_da", "dc_da", "d", "d", "dd_da", "dd_da", "dd_da", "dd_da", "dd_da", "dd_da",
]
export const LAST = LINES.length - 1

/** Play the example once. What flowed nowhere is undefined. */
export function play({ a, b, power, createGraph }) {
  const x = new Value(a, true)
  const factor = new Value(b)
  const p = pow(x, power)
  const c = mul(p, factor)
  const first = new Map()
  const dc_da = grad(c, x, createGraph, (_, to, gradient) => first.set(to, gradient.data))
  const sum = add(x, dc_da)
  const d = mul(sum, factor)
  const second = new Map([[x, 0]])
  let direct
  const dd_da = grad(d, x, false, (from, to, gradient) => {
    if (from === sum && to === x) direct = gradient.data
    else second.set(to, (second.get(to) ?? 0) + gradient.data)
  })
  return {
    a, b, p: p.data, c: c.data, dc_dp: first.get(p), dc_da: dc_da.data, sum: sum.data, d: d.data,
    toSum: second.get(sum), direct, toGradient: second.get(dc_da), back: second.get(x),
    dd_da: dd_da.data,
  }
}

/** What PyTorch answers, the derivative, and what is lost between them. */
export function judge(state) {
  const answer = play(state).dd_da
  const { back, dd_da: truth } = play({ ...state, createGraph: true })
  return { answer, truth, lost: back, wrong: answer !== truth, sign: answer * truth < 0 }
}

/**
 * Where, between -Infinity and Infinity, the silent answer has the wrong sign if `name` moves:
 * [from, to]. For both functions the ratio of derivative to answer is linear in a and in b.
 */
export function wrongSign(state, name) {
  const ratio = (value) => {
    const { answer, truth } = judge({ ...state, [name]: value, createGraph: false })
    return truth / answer
  }
  const slope = ratio(2) - ratio(1)
  const start = ratio(1) - slope
  if (slope > 0) return [-Infinity, -start / slope]
  if (slope < 0) return [-start / slope, Infinity]
  return start < 0 ? [-Infinity, Infinity] : [Infinity, Infinity]
}

/** Four digits, with a true minus sign. */
export const shown = (x) => String(Number(x.toPrecision(4)) + 0).replace("-", "−")
const factor = (x) => (x < 0 ? `(${shown(x)})` : shown(x))

/** The formula of each line of code. */
export function formulas(state) {
  const { power, slope, curvature } = TERMS[state.power]
  const v = play(state)
  const [a, b] = [factor(v.a), factor(v.b)]
  const local = factor(state.power * v.a ** (state.power - 1))
  const sum = `${shown(v.direct)} + ${factor(v.back)} = ${shown(v.dd_da)}`
  return {
    c: `c = ${power}b = ${a}${power.slice(1)} · ${b} = ${shown(v.c)}`,
    dc_da: `∂c/∂a = b · ${slope} = ${b} · ${local} = ${shown(v.dc_da)}`,
    d: `d = (a + ∂c/∂a) b = (${shown(v.a)} + ${factor(v.dc_da)}) · ${b} = ${shown(v.d)}`,
    dd_da: state.createGraph ? `∂d/∂a = b + b · ${curvature} = ${sum}` : `∂d/∂a = b = ${shown(v.dd_da)}`,
  }
}

/** What each step does, in a sentence. */
export function sentence(state, step) {
  const { power, slope } = TERMS[state.power]
  const v = play(state)
  const on = state.createGraph
  const { lost } = judge(state)
  return [
    () => `a = ${shown(v.a)} and b = ${shown(v.b)}. Only a asks for a gradient.`,
    () => `${power} = ${shown(v.p)}. The tape notes that it came from a.`,
    () => `c = ${power}b = ${shown(v.c)}.`,
    () => "The first backward pass starts at c, with ∂c/∂c = 1.",
    () => `Back to ${power}: times b. ∂c/∂${power} = ${shown(v.dc_dp)}.`,
    () => `Back to a: times ${slope}. ∂c/∂a = ${shown(v.dc_da)}. ` + (on
      ? "The tape notes that this came from a, too."
      : "The tape notes nothing: from now on this is a constant."),
    () => `a + ∂c/∂a = ${shown(v.sum)}.`,
    () => `d = ${shown(v.d)}, with the switch on or off.`,
    () => "The second backward pass starts at d, with ∂d/∂d = 1.",
    () => `Back to the sum: times b, ${shown(v.toSum)}.`,
    () => `Back from the sum to a: ${shown(v.direct)} arrives.`,
    () => on
      ? `Back from the sum to ∂c/∂a: ${shown(v.toGradient)}.`
      : "Back from the sum to ∂c/∂a: the pass stops, for a constant came from nowhere.",
    () => on
      ? `Back from ∂c/∂a to a, along the edge that was noted: ${shown(v.back)} arrives.`
      : `${shown(lost)} never arrives at a.`,
    () => verdict(state),
  ][step]()
}

function verdict(state) {
  const { answer, truth, wrong, sign } = judge(state)
  const answers = `PyTorch answers ∂d/∂a = ${shown(answer)}`
  if (state.createGraph) return `${answers}, the derivative.`
  if (!wrong) return `${answers}. At this point nothing is lost: the lost term is zero.`
  return `${answers}. The derivative is ${shown(truth)}${sign ? ": even the sign is wrong" : ""}.`
}

/** What the reader is asked before it is shown: its name, the step that shows it, why it is so. */
const QUESTIONS = [
  { name: "dc_da", ask: "Predict ∂c/∂a:", due: () => 5, why: (state) => formulas(state).dc_da },
  { name: "d", ask: "Predict d:", due: () => 7, why: (state) => formulas(state).d },
  {
    name: "back", ask: "Predict what reaches a through ∂c/∂a:", due: ({ createGraph }) => createGraph ? 12 : 11,
    why: (state) => state.createGraph
      ? `b · ${TERMS[state.power].curvature} = ${shown(play(state).back)}`
      : "nothing arrives, because no edge leads from ∂c/∂a to a",
  },
  {
    name: "dd_da", ask: "Predict PyTorch’s ∂d/∂a:", due: () => LAST,
    why: (state, guess) => {
      if (state.createGraph) return formulas(state).dd_da
      const { lost, truth, answer } = judge(state)
      return near(guess, truth) && !near(guess, answer)
        ? `that is the derivative, of which ${shown(lost)} is lost`
        : `only b arrives, the share that goes to a directly`
    },
  },
]
/** Two digits are enough for a prediction. */
const near = (guess, value) => Math.abs(guess - value) <= 0.01 * Math.abs(value)

/** What comes next that is asked for, if anything does. */
export const question = (state, step) => QUESTIONS.find(({ due }) => step < due(state))

/** Whether a prediction held, and why, at the step that shows what was asked for. */
export function predicted(state, step, guesses) {
  const asked = QUESTIONS.find(({ name, due }) => due(state) === step && name in guesses)
  if (!asked) return ""
  const guess = guesses[asked.name]
  const holds = near(guess, play(state)[asked.name] ?? 0)
  return ` You predicted ${shown(guess)}${holds ? ", rightly: " : ", but "}${asked.why(state, guess)}.`
}

/** What the labels of the picture depend on the power for. */
export const terms = (state) => TERMS[state.power]
