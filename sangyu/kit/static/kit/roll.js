// The roll: counts follow the radios, reasons show only where they are asked, everybody present in one press.
(() => {
  const announce = new WeakMap();
  const before = new WeakMap();
  const people = (form) => [...form.querySelectorAll("[data-roll-person]")];
  const markOf = (person) => person.querySelector("input[type=radio]:checked")?.value ?? "";

  function count(form, wanted) {
    const marks = people(form).map(markOf);
    if (wanted === "due") return marks.length;
    if (wanted === "unmarked") return marks.filter((mark) => !mark).length;
    const values = wanted.split(/\s+/);
    return marks.filter((mark) => values.includes(mark)).length;
  }

  function showReasons(form) {
    for (const person of people(form)) {
      const mark = markOf(person);
      for (const box of person.querySelectorAll("[data-roll-reason]")) {
        const asked = box.dataset.rollReason.split(/\s+/).includes(mark);
        box.hidden = !asked;
        // A hidden reason is not sent, so a mark changed back leaves no reason behind.
        for (const input of box.querySelectorAll("input, select, textarea")) input.disabled = !asked;
      }
    }
  }

  function say(form, text) {
    let entry = announce.get(form);
    if (!entry) {
      const status = document.createElement("p");
      status.className = "sr-only";
      status.setAttribute("role", "status");
      form.append(status);
      entry = { status, timer: 0 };
      announce.set(form, entry);
    }
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => { entry.status.textContent = text; }, 1000);
  }

  function refresh(form) {
    showReasons(form);
    for (const place of form.querySelectorAll("[data-roll-count]")) {
      place.textContent = count(form, place.dataset.rollCount);
    }
    return form.querySelector("[data-roll-summary]")?.innerText.replace(/\s+/g, " ").trim() ?? "";
  }

  function change(form) {
    say(form, refresh(form));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function setMarks(form, markFor) {
    for (const person of people(form)) {
      const wanted = markFor(person);
      for (const radio of person.querySelectorAll("input[type=radio]")) radio.checked = radio.value === wanted;
    }
    change(form);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-roll]");
    if (form) say(form, refresh(form));
  });

  document.addEventListener("click", (event) => {
    const form = event.target.closest("form[data-roll]");
    if (!form) return;
    const all = event.target.closest("[data-roll-all-present]");
    const undo = event.target.closest("[data-roll-undo]");
    const quick = event.target.closest("[data-roll-reason-text]");
    if (all) {
      before.set(form, new Map(people(form).map((person) => [person, markOf(person)])));
      setMarks(form, () => all.dataset.rollAllPresent || "present");
      form.querySelector("[data-roll-undo]")?.removeAttribute("hidden");
    } else if (undo && before.has(form)) {
      const marks = before.get(form);
      setMarks(form, (person) => marks.get(person));
      undo.hidden = true;
      form.querySelector("[data-roll-all-present]")?.focus();
    } else if (quick) {
      const input = quick.closest("[data-roll-reason]").querySelector("input, textarea");
      input.value = quick.dataset.rollReasonText || quick.textContent.trim();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // On pageshow too: going back restores the radios after the page is read.
  const refreshAll = () => document.querySelectorAll("form[data-roll]").forEach(refresh);
  refreshAll();
  window.addEventListener("pageshow", refreshAll);
})();
