// The charts of a result, drawn again in the page so that they can be asked: what is under the pointer, what a legend
// switches off. The picture that stands there without this file shows the same.
import { init } from "echarts/core";
import { AriaComponent, TooltipComponent } from "echarts/components";
import { useFigures } from "./drawn.js";

useFigures([AriaComponent, TooltipComponent]);

/** Axes are asked by the whole column, nodes and links one by one. */
function tooltip(option) {
  const kinds = [option.series ?? []].flat().map((series) => series.type);
  const byAxis = kinds.every((kind) => kind === "bar" || kind === "line");
  // Drawn into the picture: a tooltip of HTML would need inline styles, which our pages forbid.
  return { trigger: byAxis ? "axis" : "item", renderMode: "richText", confine: true };
}

const TITLE = 48; // pixels that the title takes at the head of the picture

/** The caption beside the chart says the title; the room goes to the chart. */
function untitled(option) {
  const lift = (grid) => (typeof grid.top === "number" ? { ...grid, top: Math.max(16, grid.top - TITLE) } : grid);
  const grid = Array.isArray(option.grid) ? option.grid.map(lift) : option.grid && lift(option.grid);
  return { ...option, ...(grid && { grid }), ...thinned(option), title: { ...option.title, show: false } };
}

/** In a narrow place the labels of an axis give way to one another instead of lying over one another. */
function thinned(option) {
  const thin = (axis) =>
    axis.type === "category" ? axis : { ...axis, axisLabel: { ...axis.axisLabel, hideOverlap: true } };
  const each = (axis) => (Array.isArray(axis) ? axis.map(thin) : axis && thin(axis));
  const axes = ["xAxis", "yAxis"].filter((name) => option[name]).map((name) => [name, each(option[name])]);
  return Object.fromEntries(axes);
}

async function show(figure) {
  const picture = figure.querySelector("img");
  const answer = await fetch(figure.dataset.chart, { credentials: "same-origin" });
  if (!answer.ok || !picture) return;
  const { option, width, height } = await answer.json();
  const stage = document.createElement("div");
  stage.className = "q-chart-stage";
  stage.style.aspectRatio = `${width} / ${height - TITLE}`;
  picture.before(stage);
  const chart = init(stage, null, { renderer: "svg" });
  // The description that the picture has stays the description of the chart.
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", picture.alt);
  chart.setOption({ ...untitled(option), animation: false, tooltip: tooltip(option) });
  picture.hidden = true;
  const follow = new ResizeObserver(() => chart.resize());
  follow.observe(stage);
  // Paper gets the picture: it is sharp at any size.
  addEventListener("beforeprint", () => { picture.hidden = false; stage.hidden = true; });
  addEventListener("afterprint", () => { picture.hidden = true; stage.hidden = false; });
}

function start() {
  for (const figure of document.querySelectorAll("[data-chart]")) {
    show(figure).catch(() => undefined); // the picture is still there
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
