// A button on each figure that shows it as large as the window. Without JavaScript there is none.
{
  const label = "Enlarge the figure"

  const open = (place) => {
    const dialog = document.createElement("dialog")
    dialog.className = "zoom md-typeset"
    dialog.setAttribute("aria-label", "Enlarged figure")
    dialog.innerHTML = '<button class="md-button">Close</button>'
    const frame = document.createElement("div")
    frame.className = place.className
    frame.tabIndex = 0
    frame.setAttribute("role", "group")
    frame.setAttribute("aria-label", "Figure")
    // The drawing itself moves: a copy would repeat its ids.
    frame.append(place.querySelector("svg"))
    dialog.append(frame)
    dialog.addEventListener("close", () => {
      place.prepend(frame.firstChild)
      dialog.remove()
    })
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.tagName === "BUTTON") dialog.close()
    })
    document.body.append(dialog)
    dialog.showModal()
  }

  const equip = () => {
    const figures = "article figure:is(.graph, .drawing):not(:has(.zoom-in))"
    document.querySelectorAll(figures).forEach((figure) => {
      const button = document.createElement("button")
      button.className = "zoom-in"
      button.title = label
      button.setAttribute("aria-label", label)
      button.textContent = "⤢"
      button.addEventListener("click", () => open(figure.querySelector(".graph-box") ?? figure))
      figure.append(button)
    })
  }

  // Also after instant navigation.
  document$.subscribe(equip)
}
