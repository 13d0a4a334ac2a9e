// The two charts that need a library: trend lines and the waterfall of match weights. Each reads the JSON that stands
// beside its empty box; the numbers are also in a table of the page, so the chart itself is only a picture.
//   <div class="chart" role="img" aria-label="what the chart shows"></div>
//   <script type="application/json" data-chart="trend">{…}</script>
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { trend, type Trend } from './src/trend.ts';
import { waterfall, type Waterfall } from './src/waterfall.ts';

use([BarChart, LineChart, AriaComponent, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map<HTMLElement, { chart: EChartsType; data: HTMLScriptElement; label: string | null }>();

function boxOf(data: HTMLScriptElement): HTMLElement | null {
  for (const beside of [data.previousElementSibling, data.nextElementSibling]) {
    if (beside instanceof HTMLElement && beside.classList.contains('chart')) return beside;
  }
  return null;
}

/** A token of the style sheet, such as `--out`, as a colour. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function paint(box: HTMLElement): void {
  const entry = drawn.get(box);
  if (!entry) return;
  const kind = entry.data.dataset.chart;
  const json: unknown = JSON.parse(entry.data.textContent ?? '');
  const width = box.clientWidth;
  const option = kind === 'trend' ? trend(json as Trend, width, token) : waterfall(json as Waterfall, width, token);
  box.classList.toggle('chart-n', kind === 'trend' && width < 560);
  entry.chart.resize();
  // ECharts would describe the bars by itself; the sentence that the page gives tells the finding.
  const aria = { enabled: true, ...(entry.label ? { label: { description: entry.label } } : {}) };
  entry.chart.setOption({ ...option, aria }, { notMerge: true });
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target instanceof HTMLElement) paint(target);
});

function draw(root: ParentNode): void {
  for (const [box, { chart }] of drawn) {
    if (box.isConnected) continue;
    chart.dispose();
    sizes.unobserve(box);
    drawn.delete(box);
  }
  for (const data of root.querySelectorAll<HTMLScriptElement>('script[type="application/json"][data-chart]')) {
    const box = boxOf(data);
    if (!box || drawn.has(box)) continue;
    drawn.set(box, { chart: init(box, null, { renderer: 'svg' }), data, label: box.getAttribute('aria-label') });
    paint(box);
    sizes.observe(box);
  }
}

const again = () => { for (const box of drawn.keys()) paint(box); };
new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
matchMedia('(prefers-color-scheme:dark)').addEventListener('change', again);
document.addEventListener('htmx:load', (event) => {
  if (event.target instanceof HTMLElement) draw(event.target.parentElement ?? document);
});
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => draw(document));
else draw(document);
