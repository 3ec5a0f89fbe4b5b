// What Material builds in the browser lacks two things: tables and rows of tabs that are wider than
// a phone scroll in a box, which the keyboard must reach; and a copy button is no landmark.
const mend = () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((box) => { box.tabIndex = 0 })
  document.querySelectorAll(".tabbed-labels").forEach((row) => {
    if (row.scrollWidth > row.clientWidth) row.tabIndex = 0
  })
  document.querySelectorAll("nav.md-code__nav").forEach((bar) => bar.setAttribute("role", "none"))
}

// It builds them after a page was loaded, in no order that it promises.
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
mend()
