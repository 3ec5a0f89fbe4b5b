// Material starts the search's worker and asks for its index at once. Together they weigh more than
// the page, and most readers never search: both wait until somebody turns to the search, or a link
// says what to find.
(() => {
  const wanted = new Promise((resolve) => {
    const asked = new URLSearchParams(location.search)
    if (asked.has("q") || asked.has("h")) resolve()
    const look = ({ target }) => { if (target.closest?.(".md-search, [for=__search]")) resolve() }
    for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, look)
  })

  const { open, send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.late = new URL(url, location).pathname.endsWith("/search_index.json")
    return open.call(this, method, url, ...rest)
  }
  XMLHttpRequest.prototype.send = function (...body) {
    if (this.late) wanted.then(() => send.apply(this, body))
    else send.apply(this, body)
  }

  const Now = Worker
  window.Worker = class extends EventTarget {
    constructor(...what) {
      super()
      this.worker = wanted.then(() => new Now(...what))
      this.worker.then((worker) => {
        worker.addEventListener("message", ({ data }) => {
          this.dispatchEvent(new MessageEvent("message", { data }))
        })
        worker.addEventListener("error", ({ message }) => {
          this.dispatchEvent(new ErrorEvent("error", { message }))
        })
      })
    }
    postMessage(message) {
      this.worker.then((worker) => worker.postMessage(message))
    }
  }
})()
