// On a page that `mkdocs serve` shows: says what is going on, and loads the page anew, where it is.
(() => {
  const PLACE = "_reload.place"
  let path = location.pathname, version = document.currentScript.dataset.version
  let busy = "", since = 0, question = new AbortController()

  const box = document.createElement("div")
  box.setAttribute("role", "status")
  box.style.cssText = "position:fixed;left:1rem;bottom:1rem;z-index:9;padding:.4rem .8rem;" +
    "border-radius:.2rem;font:14px system-ui;background:#0f2438;color:#fff;display:none"
  document.documentElement.append(box)

  function show() {
    const seconds = Math.round((performance.now() - since) / 1000)
    box.textContent = since && seconds ? `${busy}: ${seconds} s` : busy
    // What is done at once is not worth a word.
    box.style.display = busy && (!since || performance.now() - since > 300) ? "block" : "none"
  }

  function leave() {
    const seen = [...document.querySelectorAll("article [id]")]
      .find((one) => one.getBoundingClientRect().bottom > 0)
    const top = seen && seen.getBoundingClientRect().top
    sessionStorage.setItem(PLACE, JSON.stringify({ path, id: seen && seen.id, top, y: scrollY }))
    location.reload()
  }

  function back() {
    const place = JSON.parse(sessionStorage.getItem(PLACE) || "{}")
    sessionStorage.removeItem(PLACE)
    if (place.path !== path) return
    const seen = place.id && document.getElementById(place.id)
    scrollTo(0, seen ? scrollY + seen.getBoundingClientRect().top - place.top : place.y)
  }

  async function ask() {
    // Material shows another page without loading one.
    if (path !== location.pathname) [path, version] = [location.pathname, ""]
    const words = new URLSearchParams({ page: path, version, busy })
    question = new AbortController()
    const answer = await fetch(`/_reload/state?${words}`, { signal: question.signal })
    const state = await answer.json()
    busy = state.busy
    since = state.seconds ? performance.now() - 1000 * state.seconds : 0
    show()
    if (path !== location.pathname) return
    if (version && state.version && state.version !== version) leave()
    version = state.version
  }

  async function watch() {
    for (;;) await ask().catch(() => new Promise((done) => setTimeout(done, 300)))
  }

  setInterval(show, 250)
  addEventListener("load", () => {
    back()
    watch()
    if (window.document$) window.document$.subscribe(() => {
      if (path !== location.pathname) question.abort()
    })
  })
})()
