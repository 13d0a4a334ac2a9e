// The waterfall of match weights: the prior, each field that speaks for or against, and the sum; in bits.

export interface Step { label: string; value: number }
/** The first step is the prior; `sum` names the last bar, whose value is what the steps add up to. */
export interface Waterfall { steps: Step[]; sum: string }
type Token = (name: string) => string;
export interface Bar { label: string; low: number; high: number; value: number; sum: boolean }

/** Where each bar begins and ends. */
export function bars(data: Waterfall): Bar[] {
  let run = 0;
  const steps = data.steps.map(({ label, value }) => {
    const from = run;
    run += value;
    return { label, low: Math.min(from, run), high: Math.max(from, run), value, sum: false };
  });
  return [...steps, { label: data.sum, low: Math.min(0, run), high: Math.max(0, run), value: run, sum: true }];
}

const signed = (value: number) => `${value > 0.05 ? '+' : ''}${value.toFixed(1).replace('-0.0', '0.0')}`;

/** Blue for, orange against, ink for the sum. The colours hold 3:1 on both grounds. */
function colour(bar: Bar, token: Token): string {
  if (bar.sum) return token('--bx-ink');
  if (bar.value > 0) return token('--wf-for');
  return bar.value < 0 ? token('--wf-against') : token('--bx-ctl');
}

/** The option of ECharts for `data` in a box `width` pixels wide. */
export function waterfall(data: Waterfall, width: number, token: Token) {
  const all = bars(data);
  // Stacked bars begin at zero: the plot is moved so that its lowest point is there.
  const step = 4;
  const floor = Math.floor(Math.min(0, ...all.map((bar) => bar.low)) / step) * step;
  const top = Math.ceil((Math.max(0, ...all.map((bar) => bar.high)) + 1) / step) * step;
  const interval = step * Math.max(1, Math.ceil((top - floor) / step / 6));
  return {
    animation: false, textStyle: { fontFamily: 'inherit' },
    grid: { left: Math.min(124, Math.round(width * 0.33)), right: 46, top: 8, bottom: 26 },
    yAxis: {
      type: 'category', inverse: true, data: all.map((bar) => bar.label), axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: token('--bx-ink-2'), fontSize: 12, width: Math.min(116, Math.round(width * 0.33) - 8), overflow: 'truncate' },
    },
    xAxis: {
      type: 'value', min: 0, max: top - floor, interval,
      axisLabel: { color: token('--bx-ink-3'), formatter: (at: number) => { const value = Math.round(at + floor); return value > 0 ? `+${value}` : String(value); } },
      splitLine: { lineStyle: { color: token('--bx-line') } },
    },
    series: [
      { type: 'bar', stack: 'w', silent: true, itemStyle: { color: 'transparent' }, data: all.map((bar) => bar.low - floor) },
      {
        type: 'bar', stack: 'w', barWidth: 17, silent: true,
        data: all.map((bar) => ({
          value: Math.max(bar.high - bar.low, 0.12),
          itemStyle: { color: colour(bar, token), borderRadius: 2 },
          label: { show: true, position: 'right', formatter: signed(bar.value), color: token('--bx-ink'), fontWeight: 600 },
        })),
        markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: token('--bx-ctl'), type: 'dashed' }, data: [{ xAxis: -floor }] },
      },
    ],
  };
}
