// <button hidden data-copy="text"> or data-copy-from="#id": appears where scripts run, copies, and says so.
import { announcer, words } from "./words.js";

async function write(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Many offices reach the platform by plain http inside their network, where the clipboard interface is closed.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "q-offscreen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
}

export function mountCopy(root) {
  for (const control of root.querySelectorAll("[data-copy], [data-copy-from]")) {
    if (control.dataset.copyReady) continue;
    control.dataset.copyReady = "1";
    control.hidden = false;
    const status = announcer("q-copied");
    control.after(status);
    control.addEventListener("click", async () => {
      const source = control.dataset.copyFrom ? document.querySelector(control.dataset.copyFrom) : null;
      const text = source ? (source.value ?? source.textContent).trim() : control.dataset.copy;
      try {
        await write(text);
        status.textContent = words.copied;
      } catch {
        status.textContent = words.copyFailed;
      }
      setTimeout(() => { status.textContent = ""; }, 4000);
    });
  }
}
