// A block that shows one section of a file copies the whole file, so that it runs when pasted.
// Material builds its copy buttons after loading, and reads this attribute when one is pressed.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-clipboard-target]");
  const whole = button?.closest("figure[data-copy]");
  if (whole) button.setAttribute("data-clipboard-text", whole.dataset.copy);
}, true);
