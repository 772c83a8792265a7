// [data-copy="#id"] copies the text of that element and says so next to the button.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard API; the old way still works.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr-only";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function statusAfter(button) {
  const next = button.nextElementSibling;
  if (next?.matches(".copied")) return next;
  const status = document.createElement("span");
  status.className = "copied";
  status.setAttribute("role", "status");
  button.after(status);
  return status;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  const status = statusAfter(button);
  status.textContent = "";
  const done = await copyText(source.value ?? source.innerText.trim());
  button.focus();
  setTimeout(() => { status.textContent = done ? "已复制" : "没有复制成功，请长按文字自己复制"; }, 100);
});
