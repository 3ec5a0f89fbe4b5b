// The search's worker: Material's own protocol, with our ranking in place of lunr's.
const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3

// From the disk this runs in a frame, whose scripts load one after the other.
const own = self.document?.querySelector("script[src]").src ?? location.href
const loaded = importScripts(...["minisearch.js", "rank.js"].map((name) => `${new URL(name, own)}`))
let ranking

addEventListener("message", async ({ data: { type, data } }) => {
  await loaded
  if (type === SETUP) {
    ranking = new Ranking(data.docs)
    postMessage({ type: READY })
  } else if (type === QUERY) postMessage({ type: RESULT, data: ranking.search(data) })
})
