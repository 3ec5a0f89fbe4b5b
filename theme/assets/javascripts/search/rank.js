// Which page answers what somebody typed or pasted. Pages are ranked by MiniSearch, field by field;
// it runs in the search's worker, and in node where it is measured.

// How much each field counts, as fitted to the half of the real questions that authors look at.
const FIELDS = {
  title: 3.4, description: 2.8, symptom: 2.9, answer: 2.1, aliases: 11, says: 3, means: 0.9,
  headings: 2.3, code: 1.2, text: 1.6, operators: 0.5, asked: 3.3, told: 1.2,
}
const BM25 = { k: 3, b: 0.53, d: 0.37 }
// A concept beside its words, and a whole identifier beside its parts.
const CONCEPT = 0.65, WHOLE = 1.16
// How much more a page counts that has a phrase of exactly these words.
const SAME = 3
// How much of a phrase a message must say to be known, so that it is no chance.
const KNOWN = 8
// Pages that are shown, and sections of each: the best, and others for who asks for more.
const PAGES = 12, SECTIONS = 4

const STOP = new Set((
  "a an and are as at be been being but by can could did do does for from had has have having how " +
  "i if in into is it its itself may me my no of off on or our should so some than that the their " +
  "them then there these they this those to too was we were what when where which while who why " +
  "will with would you your s t don doesn isn"
).split(" "))

// What the field has several names for. Each line is one concept.
const CONCEPTS = [
  "hvp, hvps, hessian vector product, hessian vector products",
  "second derivative, second derivatives, second order, double backward, double backwards, double " +
    "backprop, double backpropagation, gradient of gradient, gradient of a gradient, gradients of " +
    "gradients, grad of grad, higher order, gradgrad, differentiable twice, backward twice, twice",
  "gradient penalty, wgan gp, wgan, wgangp, gp",
  "nan, nans, not a number",
  "ddp, distributeddataparallel, distributed data parallel, distributed",
  "fsdp, fullyshardeddataparallel, fully sharded, sharded",
  "sdpa, scaled dot product attention, flash attention, flash attn, flash, attention",
  "oom, out of memory, outofmemoryerror",
  "amp, autocast, mixed precision, gradscaler, grad scaler",
  "pinn, pinns, physics informed",
  "rnn, lstm, gru, lstmcell",
  "maml, meta learning, inner loop",
  "bn, batchnorm, batch norm, batch normalization, batchnorm1d, batchnorm2d",
  "checkpoint, checkpointing, gradient checkpointing, activation checkpointing",
  "slow, slower, speed, fast, time",
  "jac, jacobian, jacobians",
  "torch compile, compile, compiled, compiler, inductor, dynamo, aot autograd",
  "memory, memory leak, memory grows, memory increases, memory usage, runs out of memory",
  "neural ode, neural odes, odeint, torchdiffeq, cnf, ffjord, continuous normalizing flow",
].map((names, n) => {
  const any = names.split(", ").map((name) => name.replace(/ /g, "[\\s_-]+")).join("|")
  return [`§${n}`, new RegExp(`(?<!\\w)(?:${any})(?!\\w)`, "gi")]
})

const WORD = /[\p{L}\p{N}_]+(?:(?:\.|::)[\p{L}\p{N}_]+)*/gu
const ENTITIES = { amp: "&", gt: ">", lt: "<", quot: '"', "#39": "'" }
const plain = (html) => html
  .replace(/<[^>]*>/g, " ").replace(/&(#?\w+);/g, (all, name) => ENTITIES[name] ?? all)

// Enough of Porter's stemmer for this field: penalties, penalized, saving, compiled.
function stem(word) {
  if (word.length < 4) return word
  return word
    .replace(/sses$/, "ss").replace(/ies$/, "y").replace(/([^su])s$/, "$1")
    .replace(/(ization|isation)s?$/, "iz").replace(/(izing|izes?|ized|ising|ised?)$/, "iz")
    .replace(/([a-z]{3})(?:ation|ating|ated|ates?)$/, "$1at").replace(/([a-z]{3})(?:ing|ed)$/, "$1")
    .replace(/([a-z]{3})(?:ly|ment|ness)$/, "$1").replace(/(.{3})(?:e|y|i)$/, "$1")
    .replace(/([b-df-hj-np-tv-z])\1$/, "$1")
}

// The terms of a text: words without endings, identifiers whole and in parts, and concepts.
// Numbers, and so versions, shapes and places, are no terms.
function terms(text) {
  const found = []
  for (const [concept, names] of CONCEPTS) for (const _ of text.matchAll(names)) found.push(concept)
  for (const [word] of text.matchAll(WORD)) {
    const parts = word.split(/[._:]+/).filter((part) => /[^\d]/.test(part))
    if (parts.length > 1) found.push(word.toLowerCase().replace(/^_+|_+$/g, ""))
    for (const part of parts) {
      const humps = part.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+/gu) ?? []
      for (const one of humps.length > 1 ? [part, ...humps] : [part]) {
        const low = one.toLowerCase()
        if (!STOP.has(low) && (one === part || one.length > 1)) found.push(stem(low))
      }
    }
  }
  return found
}

// What a message starts with, also where a paste has lost the end of the line before it; and what
// tells that code stands above it, as Python, a notebook, or a launcher shows it.
const KIND = /(?:\b(?:\w+\.)+)?(?:(?:[A-Z][A-Za-z]*?)?(?:Error|Exception|Warning|Failed)|StopIteration|Unsupported)(?=:(?!:)|\s*$)/g
const CODE = /Traceback|File "|\bline \d|-> ?\d|\.py\b|site-packages|dist-packages/
// What Python, PyTorch and launchers print behind a message.
const BEHIND = /Exception raised from|frame #0|Set TORCH|Traceback \(most|The above exception|During handling of|Exception ignored in|[=-]{8}|\bFile "|\[?[EWI]\d{3,4} \d\d:\d\d:/

// The same, remembered: what is shown is looked at again with each key.
const memory = new Map()
function recall(text) {
  if (!memory.has(text)) memory.set(text, terms(text))
  return memory.get(text)
}

// The messages of a paste, in order, each without what stands behind it; none if it is no paste.
function messages(query) {
  const found = [...query.matchAll(KIND)]
  if (found.length < 2 && !CODE.test(query)) return []
  return found.map(({ index }, n) => query.slice(index, found[n + 1]?.index).split(BEHIND)[0])
}

// The libraries through which a traceback goes: of two pages on one message, that on the library.
const PARTS = {
  "torch/export": "export", "parallel_apply": "DataParallel", "distributed/fsdp": "FSDP",
  "utils/checkpoint": "checkpoint",
}
function through(query) {
  const paths = query.replaceAll("\\", "/")
  const names = [...paths.matchAll(/(?:site|dist)-packages\/(?!torch\/)(\w+)\//g)].map(([, name]) => name)
  const parts = Object.keys(PARTS).filter((part) => paths.includes(part)).map((part) => PARTS[part])
  return [...new Set([...names, ...parts])].join(" ")
}

// Without what differs from run to run, and the colors of a terminal.
const plainly = (query) => query
  .replace(/\x1b\[[\d;]*m/g, "")
  .replace(/\[rank\d+\]:/g, " ")
  .replace(/please (?:file|open) (?:us )?an issue\b.*?(?:implementation|use case|feature|$)/gis, " ")
  .replace(/\(Triggered internally[^)]*\)?/g, " ")
  .replace(/\b(?:cuda|cpu|mps|xpu)(?::\d+)\b/g, " ")
  .replace(/\b0x[\da-f]+\b/gi, " ")

class Ranking {
  constructor(docs) {
    this.pages = new Map()
    for (const doc of docs) {
      const path = doc.location.split("#")[0]
      if (!this.pages.has(path)) this.pages.set(path, { doc, sections: [] })
      this.pages.get(path).sections.push(doc)
    }
    this.known = new Set()
    // Term -> in how many pages' phrases it is.
    this.counts = new Map()
    this.index = new MiniSearch({
      idField: "location", fields: Object.keys(FIELDS),
      tokenize: terms, processTerm: (term) => { this.known.add(term); return term },
    })
    for (const [location, page] of this.pages) {
      this.index.add(fields(location, page))
      page.phrases = phrases(page.doc).map((text) => new Set(terms(text)))
      for (const term of new Set(page.phrases.flatMap((phrase) => [...phrase]))) {
        this.counts.set(term, (this.counts.get(term) ?? 0) + 1)
      }
    }
    const unknown = (term) => !this.known.has(term)
    this.options = {
      boost: FIELDS, bm25: BM25, tokenize: (text) => [...new Set(terms(text))],
      processTerm: (term) => term, boostTerm: worth,
      // What is still being typed, and what is mistyped.
      prefix: unknown, fuzzy: (term) => unknown(term) && term.length > 3 && 0.25,
    }
  }

  // Heavy if rare.
  weight(term) {
    const pages = this.counts.get(term) ?? 0
    return Math.log(1 + (this.pages.size - pages + 0.5) / (pages + 0.5)) * worth(term)
  }

  sum(all) {
    return [...all].reduce((total, term) => total + this.weight(term), 0)
  }

  // How much the nearest phrase of a page is what was asked: 1 for the same words.
  nearness(page, asked) {
    return Math.max(...page.phrases.map((phrase) => {
      const both = this.sum([...phrase].filter((term) => asked.has(term)))
      return both && 2 * both / (this.sum(phrase) + this.sum(asked))
    }))
  }

  // Whether some phrase of the site says this message, or this message the phrase.
  knows(message) {
    const asked = new Set(terms(message)), whole = this.sum(asked)
    return [...this.pages.values()].some((page) => page.phrases.some((phrase) => {
      const both = this.sum([...phrase].filter((term) => asked.has(term)))
      return both >= KNOWN && both >= 0.6 * Math.min(whole, this.sum(phrase))
    }))
  }

  // What is asked: of a paste the last message that is known here, an error before a warning; if
  // none is known the first, since what follows is usually its consequence.
  question(query) {
    const text = plainly(query), said = messages(text), known = said.filter((one) => this.knows(one))
    const errors = (all) => all.filter((one) => !/^[\w.]*Warning:/.test(one))
    const best = errors(known).at(-1) ?? known.at(-1) ?? errors(said)[0] ?? said[0]
    return best ? `${best} ${through(text)}` : text
  }

  // Pages, the best first: their location as id, score, the terms asked for and those that match.
  rank(asked) {
    const all = new Set(terms(asked))
    const found = this.index.search(asked, this.options)
    for (const one of found) one.score *= 1 + SAME * this.nearness(this.pages.get(one.id), all) ** 2
    return found.sort((a, b) => b.score - a.score)
  }

  // The sections of a page that have most of the terms, the best first, as [section, score].
  best({ sections }, matched) {
    const scored = sections.map((section) => {
      section.terms ??= [section.title, section.text].map((html) => new Set(recall(plain(html))))
      const [title, text] = section.terms
      const score = this.sum(matched.filter((term) => text.has(term)))
        + 2 * this.sum(matched.filter((term) => title.has(term)))
      return [section, score / Math.log(8 + text.size)]
    })
    return scored.filter(([, score]) => score).sort((a, b) => b[1] - a[1]).slice(0, SECTIONS)
  }

  // What Material's search shows: for each page a list, the best section first.
  search(query) {
    const asked = this.question(query), words = asked.match(WORD) ?? []
    const items = this.rank(asked).slice(0, PAGES).map((one) => {
      const page = this.pages.get(one.id), matched = new Set(one.terms), wanted = new Set(one.queryTerms)
      const known = words.map((word) => [word, terms(word)]).filter(([, all]) => all.length)
      const has = Object.fromEntries(known.map(([word, all]) => [word, all.some((term) => wanted.has(term))]))
      const show = (doc, score) => ({
        location: doc.location, title: marked(doc.title, matched), text: teaser(doc.text, matched),
        score, terms: has,
      })
      const best = this.best(page, one.terms)
      const shown = best.map(([section], n) => show(section, n ? 0 : one.score))
      if (!best.some(([section]) => section === page.doc)) shown.push(show(page.doc, one.score))
      // Material shows beside the page what has the first one's score, and folds the rest.
      return shown.map((item) => item.location === one.id ? { ...item, score: one.score } : item)
    })
    return { items, suggest: this.suggest(words.at(-1)) }
  }

  // How the last word may go on: as in most pages' names.
  suggest(word) {
    if (!word) return []
    if (!this.names) {
      const names = new Map()
      for (const { doc } of this.pages.values()) for (const text of phrases(doc)) {
        for (const name of text.match(WORD) ?? []) names.set(name, (names.get(name) ?? 0) + 1)
      }
      this.names = [...names].sort((a, b) => b[1] - a[1]).map(([name]) => name)
    }
    const next = this.names.find((name) => name.startsWith(word))
    return next ? [next] : []
  }
}

const worth = (term) => term.startsWith("§") ? CONCEPT : /[._:]/.test(term) ? WHOLE : 1

// What a page may be asked for in one breath.
function phrases(doc) {
  const said = ["aliases", "says", "asked"].flatMap((name) => doc[name] ?? [])
  return [plain(doc.title), ...said].filter(Boolean)
}

// What each field of a page holds.
function fields(location, { doc, sections }) {
  const page = { location, title: plain(doc.title) }
  for (const name of ["aliases", "says", "means", "asked", "told"]) page[name] = (doc[name] ?? []).join(" \n")
  for (const name of ["description", "symptom", "answer"]) page[name] = doc[name] ?? ""
  const parts = sections.filter((one) => one !== doc && !one.row)
  const html = [doc, ...parts].map((one) => one.text)
  page.headings = parts.map((one) => plain(one.title)).join(" \n")
  page.text = html.map(plain).join(" \n")
  page.code = html.flatMap((one) => one.match(/<code>.*?<\/code>/gs) ?? []).map(plain).join(" \n")
  page.operators = sections.filter((one) => one.row)
    .map((one) => plain(`${one.title} ${one.text}`)).join(" \n")
  return page
}

// HTML with its words marked that have one of the terms.
function marked(html, matched) {
  const mark = (word) => recall(word).some((term) => matched.has(term)) ? `<mark>${word}</mark>` : word
  return html.replace(/<[^>]*>|&#?\w+;|[\p{L}\p{N}_]+/gu, (one) => /^[<&]/.test(one) ? one : mark(one))
}

// The two blocks of a section that have most of the terms, in their order.
function teaser(html, matched) {
  const blocks = (html.match(/<(p|pre|ul|ol)>.*?<\/\1>|[^<]+/gs) ?? []).filter((block) => block.trim())
  const count = (block) => new Set(recall(plain(block)).filter((term) => matched.has(term))).size
  const best = blocks.map((block, n) => [n, count(block)]).sort((a, b) => b[1] - a[1]).slice(0, 2)
  return best.map(([n]) => n).sort((a, b) => a - b).map((n) => marked(blocks[n], matched)).join(" ")
}
