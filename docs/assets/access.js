// What Material builds in the browser lacks two things: a table that is wider than a phone scrolls
// in a box, which the keyboard must reach; and a copy button is no landmark of the page.
const mend = () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((box) => { box.tabIndex = 0 })
  document.querySelectorAll("nav.md-code__nav").forEach((bar) => bar.setAttribute("role", "none"))
}

// It builds them after a page was loaded, in no order that it promises.
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
mend()
