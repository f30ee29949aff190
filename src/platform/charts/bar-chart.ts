import { verticalPlot, type Plot } from './axis';
import { paletteOf, type ChartTheme, type Palette } from './palette';
import { labelStep } from './scale';
import { element, label, picture, textWidth } from './svg';

export interface Bar {
  label: string;
  /** null: not yet known (hours to come); no bar is drawn. */
  value: number | null;
  /** The same in the period compared with, drawn as a tick. */
  compare?: number | null;
  /** The bar of now: its label is emphasised. */
  current?: boolean;
}

export interface BarChart {
  title: string;
  bars: readonly Bar[];
  /** Texts of the axis and of the bars' values. */
  axis: (value: number) => string;
  value: (value: number) => string;
  width?: number;
  height?: number;
  theme: ChartTheme;
}

const BAR_SHARE = 0.5;
const TICK_SHARE = 0.72;

/** Upright bars, each with a tick for what it is compared with; numbers above the bars where they have room. */
export function barChart({ title, bars, axis, value, theme, width = 760, height = 284 }: BarChart): string {
  const palette = paletteOf(theme);
  const numbers = bars.flatMap((bar) => [bar.value, bar.compare]).filter((number) => typeof number === 'number');
  const plot = verticalPlot({ width, height }, [Math.min(0, ...numbers), Math.max(0, ...numbers)], axis, palette);
  const slot = (plot.right - plot.left) / Math.max(1, bars.length);
  const step = labelStep(Math.max(0, ...bars.map((bar) => textWidth(bar.label))), slot);
  const roomy = bars.every((bar) => bar.value === null || textWidth(value(bar.value), true) + 4 <= slot);
  const parts = bars.map((bar, index) => {
    const middle = plot.left + slot * (index + 0.5);
    return [
      ...drawBar(bar, middle, slot, plot, palette),
      ...(roomy ? drawValue(bar, middle, plot, palette, value) : []),
      index % step === 0
        ? label(middle, plot.bottom + 18, bar.label, {
            fill: bar.current ? palette.text : palette.muted,
            anchor: 'middle',
            ...(bar.current ? { bold: true } : {}),
          })
        : '',
    ].join('\n');
  });
  return picture(title, width, height, [plot.grid, ...parts]);
}

function drawBar(bar: Bar, middle: number, slot: number, plot: Plot, palette: Palette): string[] {
  const parts: string[] = [];
  if (bar.value !== null && bar.value !== 0) {
    const [top, bottom] = [plot.y(Math.max(0, bar.value)), plot.y(Math.min(0, bar.value))];
    const width = slot * BAR_SHARE;
    // A sale of one yuan in a day of thousands still shows.
    const height = Math.max(1, bottom - top);
    parts.push(element('rect', { x: middle - width / 2, y: bottom - height, width, height, fill: palette.tone[1] }));
  }
  if (typeof bar.compare === 'number') {
    const [y, half] = [plot.y(bar.compare), (slot * TICK_SHARE) / 2];
    const stroke = { stroke: palette.tone.compare, 'stroke-width': 2 };
    parts.push(element('line', { x1: middle - half, y1: y, x2: middle + half, y2: y, ...stroke }));
  }
  return parts;
}

function drawValue(
  bar: Bar,
  middle: number,
  plot: Plot,
  palette: Palette,
  format: (value: number) => string,
): string[] {
  if (bar.value === null) return [];
  const end = plot.y(bar.value);
  const tick = typeof bar.compare === 'number' ? plot.y(bar.compare) : null;
  let y: number;
  if (bar.value < 0) {
    const touches = tick !== null && tick > end && tick < end + 20;
    y = Math.min((touches ? tick : end) + 16, plot.bottom - 2);
  } else {
    // Above the bar; above the tick too when that would cross the number.
    const touches = tick !== null && tick < end + 2 && tick > end - 20;
    y = Math.max((touches ? tick : end) - 7, 10);
  }
  return [label(middle, y, format(bar.value), { fill: palette.text, anchor: 'middle', bold: true })];
}
