// Reverse mode on a tape, small enough to read. As in PyTorch, the backward pass is made of the
// same operations as the forward pass; createGraph decides whether they are recorded in turn.

let recording = true

/** A number that knows from which it came: edges are [input, gradient => input's share of it]. */
export class Value {
  constructor(data, requiresGrad = false, edges = []) {
    Object.assign(this, { data, requiresGrad, edges })
  }
}

/** A result. What needs no gradient, or is not recorded, leaves no edge: it is a constant. */
function result(data, ...edges) {
  const kept = recording ? edges.filter(([input]) => input.requiresGrad) : []
  return new Value(data, kept.length > 0, kept)
}

export const add = (x, y) => result(x.data + y.data, [x, (g) => g], [y, (g) => g])

export const mul = (x, y) => result(x.data * y.data, [x, (g) => mul(g, y)], [y, (g) => mul(g, x)])

/** x to the power of n, a plain number. */
export const pow = (x, n) =>
  result(x.data ** n, [x, (g) => mul(g, n ? mul(new Value(n), pow(x, n - 1)) : new Value(0))])

/**
 * The gradient of output with respect to input, a Value; a constant unless createGraph is true.
 * Tells flow(from, to, gradient) of each edge that the pass goes back along.
 * Throws an Error if output has no edge, or none that leads to input.
 */
export function grad(output, input, createGraph = false, flow = () => {}) {
  if (!output.requiresGrad) throw new Error("output does not require grad")
  const before = recording
  recording = createGraph
  try {
    const gradients = new Map([[output, new Value(1)]])
    for (const value of order(output)) {
      for (const [to, share] of value.edges) {
        const gradient = share(gradients.get(value))
        flow(value, to, gradient)
        gradients.set(to, gradients.has(to) ? add(gradients.get(to), gradient) : gradient)
      }
    }
    if (!gradients.has(input)) throw new Error("input was not used in the graph")
    return gradients.get(input)
  } finally {
    recording = before
  }
}

/** All values that output came from, each before those that it came from. */
function order(output) {
  const done = new Set()
  const visit = (value) => {
    if (done.has(value)) return
    value.edges.forEach(([input]) => visit(input))
    done.add(value)
  }
  visit(output)
  return [...done].reverse()
}
