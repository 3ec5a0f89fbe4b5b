// Only a page that has an explorable fetches it; it looks for itself on the pages after that.
const look = () => {
  if (document.querySelector(".explorable:not(.recorder)")) import("./explorable.js")
  if (document.querySelector(".recorder")) import("./recorder.js")
}
look()
document$.subscribe(look)
