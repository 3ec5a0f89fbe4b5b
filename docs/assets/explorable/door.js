// Only a page that has the explorable fetches it; it looks for itself on the pages after that.
const look = () => document.querySelector(".explorable") && import("./explorable.js")
look()
document$.subscribe(look)
