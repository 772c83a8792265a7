// A form is sent once: its submit buttons rest after the first press and wake when the page is shown again.
// Forms that bring a file down stay on the page, so they say data-many and are left alone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  // After this turn, because a disabled button would not be sent with the form.
  setTimeout(() => {
    for (const button of form.elements) {
      if (button.type === "submit" && !button.disabled) {
        button.disabled = true;
        button.dataset.sentOnce = "";
      }
    }
  });
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-sent-once]")) {
    button.disabled = false;
    delete button.dataset.sentOnce;
  }
});
