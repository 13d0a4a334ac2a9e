// Trend lines: up to two small plots beside each other (never two axes), each with up to two lines.

export interface Line { name: string; values: (number | null)[]; color: string }
export interface Plot { title: string; unit?: string; series: Line[] }
/** `x` are the labels of the days; `mark` a day to show, such as the start of term; colours are names of tokens. */
export interface Trend { x: string[]; plots: Plot[]; mark?: { x: string; label: string } }
type Token = (name: string) => string;

/** A round number above `most` that four steps divide. */
export function roundTop(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size * 4 >= most) ?? most / 4;
  return Math.ceil(step) * 4;
}

function axes(plot: Plot, index: number, x: string[], token: Token) {
  const most = Math.max(0, ...plot.series.flatMap((line) => line.values.map((value) => value ?? 0)));
  const top = roundTop(most);
  const label = { color: token('--bx-ink-3'), hideOverlap: true };
  return {
    x: { gridIndex: index, type: 'category', boundaryGap: false, data: x, axisTick: { show: false }, axisLine: { lineStyle: { color: token('--bx-line-2') } }, axisLabel: label },
    y: { gridIndex: index, type: 'value', min: 0, max: top, interval: top / 4, axisLabel: label, splitLine: { lineStyle: { color: token('--bx-line') } } },
  };
}

function line(one: Line, order: number, index: number, plot: Plot, data: Trend, token: Token) {
  const color = token(`--${one.color}`) || token('--bx-pri');
  const second = order === 1 || index === 1;
  const mark = data.mark && order === 0
    ? { silent: true, symbol: 'none', lineStyle: { color: token('--bx-ctl'), type: 'dashed', width: 1 }, label: { formatter: data.mark.label, color: token('--bx-ink-2'), position: 'end', rotate: 0, distance: 2 }, data: [{ xAxis: data.mark.x }] }
    : undefined;
  const end = plot.series.length > 1 ? `${one.name} {c}` : `{c}${plot.unit ? ` ${plot.unit}` : ''}`;
  return {
    name: one.name, type: 'line', xAxisIndex: index, yAxisIndex: index, data: one.values,
    symbol: second ? 'rect' : 'circle', symbolSize: 7,
    lineStyle: { width: 3, type: second ? 'dashed' : 'solid', color }, itemStyle: { color },
    endLabel: { show: true, formatter: end, color, fontWeight: 700, fontSize: 13, distance: 8 },
    markLine: mark,
  };
}

/** The option of ECharts for `data` in a box `width` pixels wide. */
export function trend(data: Trend, width: number, token: Token) {
  const plots = data.plots.slice(0, 2).map((plot) => ({ ...plot, series: plot.series.slice(0, 2) }));
  const narrow = width < 560;
  const right = plots.some((plot) => plot.series.length > 1) ? 96 : 56;
  const grid = plots.map((_, i) => {
    if (plots.length === 1) return { left: 40, right, top: 44, bottom: 26 };
    if (narrow) return { left: 40, right, top: i ? 236 : 40, height: 130 };
    return i ? { left: '54.5%', right, top: 44, bottom: 26 } : { left: 40, right: '54%', top: 44, bottom: 26 };
  });
  const title = plots.map((plot, i) => ({
    text: plot.title, left: i && !narrow ? '51.5%' : 12, top: i && narrow ? 204 : 8,
    textStyle: { fontSize: 12, fontWeight: 600, color: token(`--${plot.series[0]?.color ?? ''}`) || token('--bx-ink-2') },
  }));
  const axis = plots.map((plot, i) => axes(plot, i, data.x, token));
  return {
    animation: false, textStyle: { fontFamily: 'inherit' },
    // Drawn inside the SVG: the HTML one would need styles that the policy of the page forbids.
    tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: token('--bx-surface'), textStyle: { color: token('--bx-ink') } },
    title, grid, xAxis: axis.map((pair) => pair.x), yAxis: axis.map((pair) => pair.y),
    series: plots.flatMap((plot, i) => plot.series.map((one, order) => line(one, order, i, plot, data, token))),
  };
}
