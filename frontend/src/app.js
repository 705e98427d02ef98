// Every page works without this file; it only makes waiting, typing and copying kinder.
import htmx from "htmx.org";
import { mountAutosave } from "./autosave.js";
import { mountConfirm } from "./confirm.js";
import { mountCopy } from "./copy.js";
import { mountCountdowns } from "./countdown.js";
import { mountFiles } from "./files.js";
import { mountForms } from "./forms.js";
import { mountGrids } from "./grid.js";
import { startLocalCopies } from "./localcopy.js";
import { mountMenus } from "./menus.js";
import { mountParagraphs } from "./paragraph.js";
import { dropForeignPages } from "./visitstore.js";
import { freshToken, refreshTokensOnSubmit } from "./token.js";

window.htmx = htmx;

function mount(root) {
  mountCountdowns(root);
  mountConfirm(root);
  mountCopy(root);
  mountFiles(root);
  mountForms(root);
  mountGrids(root);
  mountAutosave(root);
}

function start() {
  document.documentElement.classList.add("q-js");
  startLocalCopies();
  dropForeignPages();
  mount(document);
  mountMenus();
  mountParagraphs();
  refreshTokensOnSubmit();
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = freshToken() ?? event.detail.headers["X-CSRFToken"];
  });
  document.body.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) mount(event.detail.elt);
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
