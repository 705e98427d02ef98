// <form data-grid> is a window of a table: every cell `c.<row>.<column>` is saved by itself as soon as it is left, with
// the revision of its row (`r.<row>`). Answers: 200 {"revisions": {row: n}}; 409 somebody else changed the row; 403/422
// {"reason", "problems": [{"where": "<row>.<column>", "message"}]}. Without scripts the whole window is one form.
import { refreshToken } from "./token.js";
import { announcer, words } from "./words.js";

const TIMEOUT = 30_000;
const MOVES = { ArrowDown: 1, ArrowUp: -1, Enter: 1 };

class Grid {
  constructor(form) {
    this.form = form;
    this.line = form.appendChild(announcer("q-savestate"));
    this.line.setAttribute("role", "status");
    this.waiting = new Map(); // row -> saves of one row go one after the other
    form.addEventListener("change", (event) => this.left(event.target));
    form.addEventListener("keydown", (event) => this.moved(event));
    window.addEventListener("beforeunload", (event) => { if (this.waiting.size) event.preventDefault(); });
  }

  say(text, state) {
    this.line.textContent = text;
    this.line.dataset.state = state;
  }

  left(cell) {
    const row = /^c\.(\d+)\./.exec(cell.name ?? "")?.[1];
    if (!row) return;
    const before = this.waiting.get(row) ?? Promise.resolve();
    const next = before.then(() => this.save(cell, row)).finally(() => {
      if (this.waiting.get(row) === next) this.waiting.delete(row);
    });
    this.waiting.set(row, next);
  }

  async save(cell, row) {
    const revision = this.form.elements.namedItem(`r.${row}`);
    refreshToken(this.form);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.namedItem("csrfmiddlewaretoken").value);
    body.set(cell.name, cell.value);
    body.set(revision.name, revision.value);
    this.say(words.saving, "busy");
    try {
      const response = await fetch(this.form.action, {
        method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT),
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      await this.answered(response, cell, revision, row);
    } catch {
      this.fault(cell, words.offline);
    }
  }

  async answered(response, cell, revision, row) {
    if (response.type === "opaqueredirect" || response.status === 401) return this.fault(cell, words.signedOut);
    if (response.status >= 500) return this.fault(cell, words.saveFailed);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const [problem] = answer.problems ?? [];
      return this.fault(cell, [problem?.message ?? answer.reason, problem?.mend].filter(Boolean).join(" "));
    }
    if (answer.revisions?.[row] !== undefined) revision.value = answer.revisions[row];
    cell.removeAttribute("aria-invalid");
    cell.title = "";
    cell.dataset.saved = "";
    this.say(words.saved(new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false })), "saved");
  }

  fault(cell, text) {
    cell.setAttribute("aria-invalid", "true");
    cell.title = text;
    this.say(text, "failed");
  }

  /** Up and down go to the same column of the next row, as in a workbook. */
  moved(event) {
    const step = MOVES[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell || event.target.tagName === "SELECT") return;
    event.preventDefault();
    const line = step > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling;
    line?.cells[cell.cellIndex]?.querySelector("input, select")?.focus();
  }
}

export function mountGrids(root) {
  for (const form of root.querySelectorAll("form[data-grid]")) {
    if (form.dataset.gridReady) continue;
    form.dataset.gridReady = "1";
    new Grid(form);
  }
}
