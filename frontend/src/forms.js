// A second click while a form is on its way does nothing; a list of errors takes the focus when a page comes back.
export function mountForms(root) {
  const forms = root.matches?.("form") ? [root] : root.querySelectorAll("form");
  for (const form of forms) {
    if (form.dataset.formReady) continue;
    form.dataset.formReady = "1";
    if (form.getAttribute("method")?.toLowerCase() === "post" && !form.hasAttribute("data-repeatable")) {
      form.addEventListener("submit", (event) => {
        const large = [...form.querySelectorAll('input[type="file"]')].find((input) => input.validity.customError);
        if (large) {
          event.preventDefault();
          large.focus();
        } else if (form.dataset.sending) event.preventDefault();
        else if (!event.defaultPrevented) form.dataset.sending = "1";
      });
      form.addEventListener("htmx:afterRequest", () => { delete form.dataset.sending; });
    }
    for (const control of form.querySelectorAll("[data-submit-on-change]")) {
      control.addEventListener("change", () => form.requestSubmit());
    }
  }
  root.querySelector?.("[data-focus]")?.focus();
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
