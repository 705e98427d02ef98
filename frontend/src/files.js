// <input type="file" data-max-bytes="52428800">: names what was chosen and says at once when a file is too large.
import { announcer, bytes, words } from "./words.js";

export function mountFiles(root) {
  for (const input of root.querySelectorAll('input[type="file"]')) {
    if (input.dataset.filesReady) continue;
    input.dataset.filesReady = "1";
    const note = announcer("q-filenote");
    input.after(note);
    input.addEventListener("change", () => {
      const limit = Number(input.dataset.maxBytes || 0);
      const files = [...input.files];
      const large = files.find((file) => limit && file.size > limit);
      const complaint = large ? words.tooLarge(large.name, bytes(large.size), bytes(limit)) : "";
      input.setCustomValidity(complaint);
      note.classList.toggle("q-bad", Boolean(large));
      note.textContent = complaint || files.map((file) => words.chosen(file.name, bytes(file.size))).join("、");
    });
  }
}
