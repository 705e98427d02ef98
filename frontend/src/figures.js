// What draws the figures of Word, terminal and page: the charts and components that qingyuan.figures uses, and nothing else.
// It runs inside QuickJS, without a document: an option goes in as JSON, SVG comes out.
import { init, use } from "echarts/core";
import { BarChart, GraphChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  VisualMapPiecewiseComponent,
} from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  GraphChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  MarkPointComponent,
  SankeyChart,
  ScatterChart,
  SVGRenderer,
  TitleComponent,
  VisualMapPiecewiseComponent,
]);

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
