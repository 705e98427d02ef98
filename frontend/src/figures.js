// What draws the figures of Word, terminal and page.
// It runs inside QuickJS, without a document: an option goes in as JSON, SVG comes out.
import { init } from "echarts/core";
import { useFigures } from "./drawn.js";

useFigures();

// Nothing here happens later: what ECharts would do after a while is done when the SVG is asked for.
globalThis.setTimeout ??= () => 0;
globalThis.clearTimeout ??= () => undefined;

globalThis.drawFigure = (option, width, height) => {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ ...JSON.parse(option), animation: false });
    return JSON.stringify(chart.renderToSVGString()); // one flat string: Python's side of QuickJS knows no ropes
  } finally {
    chart.dispose();
  }
};
