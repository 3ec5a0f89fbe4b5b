// What Material builds in the browser lacks two things: a row of tabs that is wider than a phone
// scrolls, which the keyboard must reach; and a copy button is no landmark.
const mend = () => {
  document.querySelectorAll(".tabbed-labels").forEach((row) => {
    if (row.scrollWidth > row.clientWidth) row.tabIndex = 0
  })
  document.querySelectorAll("nav.md-code__nav").forEach((bar) => bar.setAttribute("role", "none"))
}

// It builds them after a page was loaded, in no order that it promises.
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
mend()
