// Reverse mode on a tape, small enough to read. As in PyTorch, the backward pass is made of the
// same operations as the forward pass; createGraph decides whether they are recorded in turn. The
// names, the edges, and what each node keeps for the way back are PyTorch's.

let recording = true
let length = 0
let told = () => {}

/** A number or a list of them. Its node, if it has one, is what PyTorch calls its grad_fn. */
export class Value {
  constructor(data, requiresGrad = false, storage = { size: data.length ?? 1 }) {
    Object.assign(this, { data, requiresGrad, storage, node: null })
  }
}

/**
 * A result, of [input, gradient => input's share of it, ...what that needs]. What is not recorded,
 * or came from constants alone, has no node: it is a constant. A node has no edge to a constant.
 */
function result(name, data, ...from) {
  const value = new Value(data)
  const edges = from.map(([to, share]) => to.requiresGrad && { to, share })
  if (!recording || !edges.some(Boolean)) return value
  const needs = from.flatMap(([, , ...needs], i) => edges[i] ? needs : [])
  const saved = needs.filter((one) => typeof one === "object").map((one) => one.result ? value : one)
  value.requiresGrad = true
  value.node = {
    name, edges, saved, freed: false, order: length++, inputs: from.map(([to]) => to),
    scalar: needs.find(Number.isFinite),
  }
  told(value)
  return value
}
const RESULT = { result: true }

/** Call f with the numbers of x and y, one by one. */
const each = (f, x, y) => x.map?.((one, i) => f(one, y?.[i])) ?? f(x, y)

export const add = (x, y) =>
  result("AddBackward0", each((a, b) => a + b, x.data, y.data), [x, (g) => g], [y, (g) => g])

export const mul = (x, y) => result("MulBackward0", each((a, b) => a * b, x.data, y.data),
  [x, (g) => mul(g, y), y], [y, (g) => mul(g, x), x])

/** n, a plain number, times x. PyTorch's derivative of a power has it, and it keeps no tensor. */
export const scale = (x, n) =>
  result("MulBackward1", each((a) => n * a, x.data), [x, (g) => scale(g, n), n])

/** x to the power of n, a plain number. */
export const pow = (x, n) => result("PowBackward0", each((a) => a ** n, x.data),
  [x, (g) => n ? mul(g, scale(pow(x, n - 1), n)) : scale(g, 0), x, n])

export const sum = (x) => result("SumBackward0", x.data.reduce((a, b) => a + b),
  [x, (g) => expand(g, x.data.length)])

/** n times the same number, in one storage. */
function expand(x, n) {
  const value = result("ExpandBackward0", Array(n).fill(x.data), [x, sum])
  value.storage = x.storage
  return value
}

/** The length of x; its derivative is x / ‖x‖, except where ‖x‖ is 0. */
export function norm(x) {
  const value = result("LinalgVectorNormBackward0", Math.hypot(...x.data),
    [x, (g) => mul(x, expand(mul(g, pow(value, -1)), x.data.length)), x, RESULT])
  return value
}

export function tanh(x) {
  const value = result("TanhBackward0", each(Math.tanh, x.data),
    [x, (g) => tanhBackward(g, value), RESULT])
  return value
}
const tanhBackward = (g, y) =>
  result("TanhBackwardBackward0", each((a, b) => a * (1 - b * b), g.data, y.data),
    [g, (h) => tanhBackward(h, y), y], [y, (h) => mul(h, scale(mul(y, g), -2)), g, y])

export function relu(x) {
  const value = result("ReluBackward0", each((a) => Math.max(a, 0), x.data),
    [x, (g) => reluBackward(g, value), RESULT])
  return value
}
const reluBackward = (g, y) =>
  result("ThresholdBackwardBackward0", each((a, b) => b > 0 ? a : 0, g.data, y.data),
    [g, (h) => reluBackward(h, y), y], [y, (h) => scale(h, 0), y])

/** The same storage without the history. */
export const detach = (x) => new Value(x.data, false, x.storage)

/** Run, and tell of each value that is recorded meanwhile. */
export function watch(tell, run) {
  const before = told
  told = tell
  try { return run() } finally { told = before }
}

/**
 * The gradient of output with respect to input, a Value; a constant unless createGraph is true.
 * Tells visit(value) of each result that the pass comes to, and flow(from, to, gradient) of each
 * edge that it goes back along. As in PyTorch, what the nodes keep is freed on the way, unless
 * createGraph is true.
 * Throws an Error if output has no node, no way to input, or needs what was freed.
 */
export function grad(output, input, createGraph = false, flow = () => {}, visit = () => {}) {
  if (!output.node) throw new Error("element 0 of tensors does not require grad and does not have a grad_fn")
  const before = recording
  recording = createGraph
  try {
    const gradients = new Map([[output, new Value(1)]])
    for (const value of reached(output)) {
      const { edges, saved, freed } = value.node
      visit(value)
      if (freed && saved.length) throw new Error("Trying to backward through the graph a second time")
      for (const { to, share } of edges.filter(Boolean)) {
        const gradient = share(gradients.get(value))
        flow(value, to, gradient)
        gradients.set(to, gradients.has(to) ? add(gradients.get(to), gradient) : gradient)
      }
      value.node.freed = !createGraph
    }
    if (!gradients.has(input)) throw new Error("One of the differentiated Tensors appears to not have been used in the graph")
    return gradients.get(input)
  } finally {
    recording = before
  }
}

/** All results that output came from, the last first: each before those that it came from. */
function reached(output) {
  const found = new Set([output])
  for (const { node } of found) {
    for (const { to } of node.edges.filter(Boolean)) if (to.node) found.add(to)
  }
  return [...found].sort((x, y) => y.node.order - x.node.order)
}
