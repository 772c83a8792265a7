// What a page must be besides what axe knows: run inside it, gives a list of sentences about what is wrong.
([largePrint, known]) => {
  const problems = [];
  const say = (what, node) => {
    const near = (node.closest?.("[class]") ?? node).className || "";
    const text = (node.innerText || node.value || node.getAttribute?.("aria-label") || "").trim().slice(0, 24);
    problems.push(`${what}: <${node.localName}${near ? ` .${String(near.baseVal ?? near).split(" ")[0]}` : ""}> ${text}`);
  };
  const seen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    // Words for screen readers only are clipped to a pixel; the skip link waits above the page.
    return box.width > 1 && box.height > 1 && box.bottom + scrollY > 0 && box.right + scrollX > 0;
  };
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || ["SCRIPT", "STYLE", "OPTION", "NOSCRIPT"].includes(parent.tagName) || !seen(parent)) continue;
    if (largePrint && size(parent) < 18) say(`text of ${size(parent)}px`, parent);
    const words = text.replace(/https?:\/\/\S+/g, "").match(/[A-Za-z][A-Za-z0-9]+/g) ?? [];
    for (const word of words) {
      if (!known.includes(word) && !/^[a-z]{1,8}[0-9]{4}$/.test(word)) say(`foreign word "${word}"`, parent);
    }
  }

  for (const target of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const chosen = ["radio", "checkbox"].includes(target.type);
    const body = chosen ? target.closest("label") ?? target.labels[0] ?? target : target;
    if (!seen(body)) continue;
    if (largePrint && !chosen && target.matches("input, select, textarea, button") && size(target) < 18) {
      say(`control with text of ${size(target)}px`, target);
    }
    const { width, height } = body.getBoundingClientRect();
    const least = target.matches(".button-main") ? 60 : 44;
    // Half a pixel is rounding.
    if (largePrint && (height < least - 0.5 || width < 43.5)) say(`target of ${width.toFixed(1)} × ${height.toFixed(1)}px`, target);
  }

  if (document.documentElement.lang !== "zh-CN") problems.push("the page does not say lang=zh-CN");
  const titles = [...document.querySelectorAll("h1")].filter(seen).length;
  if (titles !== 1) problems.push(`${titles} h1`);
  return problems;
}
