// What the figures of qingyuan.figures are made of, and nothing else: the same for Word, terminal and page.
import { use } from "echarts/core";
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

/** Make ECharts ready for our figures; `more`: what only one place needs. */
export function useFigures(more = []) {
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
    ...more,
  ]);
}
