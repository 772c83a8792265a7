// form[data-draft-url] keeps a draft: on the server 1.5 s after the last change, and in this tab while the net is gone.
(() => {
  const QUIET = 1500;
  const RETRY = 20000;

  function kept(control) {
    return control.name && !control.disabled && !["hidden", "password", "file", "submit", "button", "reset"].includes(control.type);
  }

  function snapshot(form) {
    return [...form.elements].filter(kept).flatMap((control) => {
      if (["radio", "checkbox"].includes(control.type)) return control.checked ? [[control.name, control.value]] : [];
      if (control.type === "select-multiple") return [...control.selectedOptions].map((one) => [control.name, one.value]);
      return [[control.name, control.value]];
    });
  }

  function bringBack(form, pairs) {
    const values = new Map();
    for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of form.elements) {
      if (!control.name || ["hidden", "password", "file", "submit", "button", "reset"].includes(control.type)) continue;
      const saved = values.get(control.name) ?? [];
      if (["radio", "checkbox"].includes(control.type)) control.checked = saved.includes(control.value);
      else if (control.type === "select-multiple") for (const one of control.options) one.selected = saved.includes(one.value);
      else if (saved.length) control.value = saved.shift();
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function watch(form) {
    const url = form.dataset.draftUrl;
    const key = `draft:${url}`;
    const status = form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
    let timer = 0;
    let busy = false;
    let again = false;
    let closed = false;
    let reached = false;
    let waiting = null;

    const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
    const remember = () => { try { sessionStorage.setItem(key, JSON.stringify(snapshot(form))); } catch { /* a full or forbidden store */ } };
    const forget = () => { try { sessionStorage.removeItem(key); } catch { /* the same */ } };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

    async function answered(response) {
      if (response.redirected) return say("登录已过期，草稿没有存上。请另开一页登录，再回到这一页。");
      if (response.ok) {
        const version = form.querySelector("[data-draft-version]");
        if (version && response.headers.get("X-Draft-Version")) version.value = response.headers.get("X-Draft-Version");
        if (!again) forget();
        const now = new Date();
        return say(`草稿已保存 ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`);
      }
      // After a conflict every further save would meet the same answer; the person has to look first.
      closed = response.status === 409;
      const plain = (response.headers.get("Content-Type") ?? "").startsWith("text/plain");
      const words = plain && response.status < 500 ? (await response.text()).trim().slice(0, 200) : "";
      say(words || "草稿没有存上，内容还在这一页，请先不要关闭。");
      if (response.status >= 500) later(RETRY);
    }

    async function save() {
      timer = 0;
      if (closed) return;
      if (busy) { again = true; return; }
      busy = true;
      again = false;
      const fields = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
      try {
        await answered(await fetch(url, {
          method: "POST",
          body: fields,
          headers: { "X-CSRFToken": fields.get("csrfmiddlewaretoken") ?? "" },
        }));
      } catch {
        say("网络不通，内容暂时留在本机，有网后自动再存。");
        later(RETRY);
      } finally {
        busy = false;
        if (waiting) sendNow();
        else if (again) later(0);
      }
    }

    // The draft under way raises the version that the form has to name: sent before the answer, it would meet itself.
    function sendNow() {
      const { submitter } = waiting;
      waiting = null;
      form.requestSubmit(submitter);
    }

    // A browser may call itself offline though the server is in the same house; so ask the server before holding back.
    async function sendIfReached(submitter) {
      try {
        await fetch(location.href, { method: "HEAD" });
        reached = true;
      } catch {
        say("现在没有网络，内容已留在本机，有网后再交。");
        return;
      }
      form.requestSubmit(submitter);
    }

    function changed(event) {
      // While a Chinese word is still being composed the field holds its letters, not the word.
      if (event.isComposing || event.target.closest?.("[data-draft-offer]")) return;
      remember();
      later(QUIET);
    }

    function offer(pairs) {
      const box = document.createElement("div");
      box.className = "notice notice-warn";
      box.dataset.draftOffer = "";
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", "找回内容");
      const words = document.createElement("p");
      words.textContent = "上次在这里填写的内容没有存上，还留在本机。要找回来吗？";
      const row = document.createElement("div");
      row.className = "row";
      for (const [text, deed] of [["找回来", () => bringBack(form, pairs)], ["不要了", forget]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = text;
        button.addEventListener("click", () => {
          box.remove();
          deed();
          form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
        });
        row.append(button);
      }
      box.append(words, row);
      form.prepend(box);
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("compositionend", changed);
    window.addEventListener("online", () => { if (timer) later(0); });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (!navigator.onLine && !reached) {
        event.preventDefault();
        remember();
        sendIfReached(event.submitter);
        return;
      }
      clearTimeout(timer);
      if (busy) {
        event.preventDefault();
        waiting = { submitter: event.submitter };
        say("正在保存，请稍等。");
        return;
      }
      closed = true;
      forget();
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) closed = false; });

    let saved = null;
    try { saved = JSON.parse(sessionStorage.getItem(key)); } catch { /* nothing usable */ }
    if (saved && JSON.stringify(saved) !== JSON.stringify(snapshot(form))) offer(saved);
  }

  document.querySelectorAll("form[data-draft-url]").forEach(watch);
})();
