// [data-read-aloud] reads the main content with a Chinese voice that lives on the device.
// Voices that send the text elsewhere are never used; without a local one the button stays hidden.
(() => {
  const button = document.querySelector("[data-read-aloud]");
  const stopButton = document.querySelector("[data-read-stop]");
  const speech = window.speechSynthesis;
  if (!button || !speech) return;

  const label = button.querySelector("[data-read-label]") ?? button;
  const startLabel = label.textContent;
  const skipped = "[data-not-read], [aria-hidden='true'], script, style, svg, nav, button, select, textarea, input, datalist, .sr-only, .table:has([data-label]) thead";
  let voice = null;
  let pieces = [];
  let at = 0;
  // Each start gets a number, so that the late end of a cancelled utterance is not taken for the next one's.
  let run = 0;

  function findVoice() {
    const local = speech.getVoices().filter((one) => one.localService === true && /^(zh|cmn)/i.test(one.lang));
    voice = local.find((one) => /^(zh[-_]cn|cmn)/i.test(one.lang)) ?? local[0] ?? null;
    button.hidden = !voice;
  }

  function blockOf(node, main) {
    let element = node.parentElement;
    while (element !== main && getComputedStyle(element).display === "inline") element = element.parentElement;
    return element;
  }

  function collect() {
    const main = document.querySelector("main");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const blocks = [];
    let labelled = null;
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const text = walker.currentNode.data.replace(/\s+/g, " ").trim();
      if (!text || parent.closest(skipped) || !parent.getClientRects().length) continue;
      const element = blockOf(walker.currentNode, main);
      const last = blocks.at(-1);
      if (last?.element === element) last.text += text;
      else {
        const cell = element.closest("[data-label]");
        blocks.push({ element, text: cell && cell !== labelled ? `${cell.dataset.label}，${text}` : text });
        labelled = cell;
      }
    }
    // Short pieces: some engines fall silent in the middle of a long one, and a pause goes back to the piece's start.
    return blocks.flatMap(({ element, text }) =>
      (text.match(/[^。！？；]{1,80}[。！？；]?/g) ?? []).map((part) => ({ element, text: part })));
  }

  function mark(piece) {
    document.querySelector(".being-read")?.classList.remove("being-read");
    piece?.element.classList.add("being-read");
  }

  function speak() {
    const mine = ++run;
    const piece = pieces[at];
    if (!piece) return stop();
    const utterance = new SpeechSynthesisUtterance(piece.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    utterance.onend = () => {
      if (mine !== run) return;
      at += 1;
      speak();
    };
    utterance.onerror = () => { if (mine === run) stop(); };
    mark(piece);
    speech.speak(utterance);
  }

  function show(state) {
    button.dataset.state = state;
    label.textContent = { idle: startLabel, reading: "暂停朗读", paused: "接着朗读" }[state];
    if (stopButton) stopButton.hidden = state === "idle";
  }

  function stop() {
    run += 1;
    speech.cancel();
    at = 0;
    mark(null);
    if (document.activeElement === stopButton) button.focus();
    show("idle");
  }

  button.addEventListener("click", () => {
    if (button.dataset.state === "reading") {
      // Pausing by cancel: the engine's own pause loses its place on many phones.
      run += 1;
      speech.cancel();
      show("paused");
      return;
    }
    if (button.dataset.state !== "paused") pieces = collect();
    show("reading");
    speak();
  });
  stopButton?.addEventListener("click", stop);
  window.addEventListener("pagehide", stop);
  speech.addEventListener?.("voiceschanged", findVoice);
  show("idle");
  findVoice();
})();
