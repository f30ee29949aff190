import { verticalPlot, type Plot } from './axis';
import { paletteOf, type ChartTheme, type Palette, type Tone } from './palette';
import { linear } from './scale';
import { element, label, picture, textWidth } from './svg';

export interface LineSeries {
  /** One per label; null leaves a gap. */
  values: readonly (number | null)[];
  /** 1 for the first, then 2, 3 … if left out. */
  tone?: Tone;
}

export interface LineChart {
  title: string;
  labels: readonly string[];
  series: readonly LineSeries[];
  /** A dashed line across. */
  target?: number | null;
  axis: (value: number) => string;
  /** Text of the last value of the first series. */
  value: (value: number) => string;
  /** Begin the scale at zero: for amounts, not for rates. */
  fromZero?: boolean;
  width?: number;
  height?: number;
  theme: ChartTheme;
}

const INSET = 4;
const END = 12;
const MOST_LABELS = 5;

/** Lines over time with an optional target; the last point of the first line carries its number. */
export function lineChart(chart: LineChart): string {
  const { title, labels, series, target, axis, theme, width = 346, height = 196 } = chart;
  const palette = paletteOf(theme);
  const numbers = [...series.flatMap(({ values }) => values), target].filter((number) => typeof number === 'number');
  const edge = chart.fromZero ? [0] : [];
  const low = numbers.length > 0 ? Math.min(...numbers, ...edge) : 0;
  const high = numbers.length > 0 ? Math.max(...numbers, ...edge) : 0;
  // A flat line lies in the middle of its own small scale, not on zero.
  const flat = low === high && low !== 0 && !chart.fromZero ? Math.abs(low) * 0.1 : 0;
  const plot = verticalPlot({ width, height }, [low - flat, high + flat], axis, palette);
  const x = linear([0, Math.max(1, labels.length - 1)], [plot.left + INSET, plot.right - END]);
  const parts = [plot.grid];
  if (typeof target === 'number') {
    const y = plot.y(target);
    const stroke = { stroke: palette.tone.compare, 'stroke-width': 1.5, 'stroke-dasharray': '4 3' };
    parts.push(element('line', { x1: plot.left, y1: y, x2: plot.right, y2: y, ...stroke }));
  }
  // The first series is drawn last: it lies on top.
  [...series.entries()].reverse().forEach(([index, { values, tone }]) => {
    const color = palette.tone[tone ?? TONES[index % TONES.length] ?? 1];
    parts.push(...drawLine(values.slice(0, labels.length), x, plot, color));
    if (index === 0) parts.push(...drawEnd(values.slice(0, labels.length), x, plot, color, palette, chart.value));
  });
  parts.push(...drawLabels(labels, x, height, palette));
  return picture(title, width, height, parts);
}

const TONES: readonly Tone[] = [1, 2, 3, 4, 5, 6];

function drawLine(
  values: readonly (number | null)[],
  x: (index: number) => number,
  plot: Plot,
  color: string,
): string[] {
  const runs: { x: number; y: number }[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: x(index), y: plot.y(value) });
  });
  return runs
    .filter((run) => run.length > 0)
    .map((run) => {
      const [only] = run;
      if (only && run.length === 1) return element('circle', { cx: only.x, cy: only.y, r: 2, fill: color });
      const points = run.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' ');
      return element('polyline', {
        fill: 'none',
        stroke: color,
        'stroke-width': 2,
        'stroke-linejoin': 'round',
        points,
      });
    });
}

function drawEnd(
  values: readonly (number | null)[],
  x: (index: number) => number,
  plot: Plot,
  color: string,
  palette: Palette,
  format: (value: number) => string,
): string[] {
  const last = values.findLastIndex((value) => value !== null);
  const value = values[last];
  if (typeof value !== 'number') return [];
  const [cx, cy] = [x(last), plot.y(value)];
  // On the side the line does not come from; inside the plot.
  const before = values.slice(0, last).findLast((one) => one !== null) ?? value;
  const rising = before < value;
  const below = (!rising && cy + 20 <= plot.bottom - 2) || cy - 11 < plot.top;
  const text = format(value);
  const half = textWidth(text, true) / 2;
  const middle = Math.min(Math.max(cx, plot.left + half), plot.right - half);
  return [
    element('circle', { cx, cy, r: 4, fill: color, stroke: palette.surface, 'stroke-width': 2 }),
    label(middle, below ? cy + 20 : cy - 11, text, { fill: palette.text, anchor: 'middle', bold: true }),
  ];
}

/** As many labels as fit at even distances; the first and the last always, at the edges. */
function drawLabels(
  labels: readonly string[],
  x: (index: number) => number,
  height: number,
  palette: Palette,
): string[] {
  const last = labels.length - 1;
  if (last < 0) return [];
  const widest = Math.max(...labels.map((text) => textWidth(text)));
  const places = Math.min(
    labels.length,
    MOST_LABELS,
    Math.max(2, Math.floor((x(last) - x(0)) / (widest * 1.6 + 8)) + 1),
  );
  const shown = new Set(
    Array.from({ length: places }, (_, place) => Math.round((place * last) / Math.max(1, places - 1))),
  );
  return [...shown].map((index) => {
    const anchor = index === 0 ? 'start' : index === last ? 'end' : 'middle';
    return label(x(index), height - 6, labels[index] ?? '', { fill: palette.muted, anchor });
  });
}
