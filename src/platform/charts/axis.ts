import type { Palette } from './palette';
import { linear, niceTicks } from './scale';
import { element, label, textWidth } from './svg';

export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  y(value: number): number;
  /** Grid lines and their numbers. */
  grid: string;
}

const TOP = 12;
const BELOW = 24;
const PIXELS_PER_TICK = 45;

/** The frame of a chart with a vertical scale: room for the numbers at the left, one line of labels below. */
export function verticalPlot(
  size: { width: number; height: number },
  range: readonly [number, number],
  format: (value: number) => string,
  palette: Palette,
): Plot {
  const bottom = size.height - BELOW;
  const ticks = niceTicks(range[0], range[1], Math.max(2, Math.floor((bottom - TOP) / PIXELS_PER_TICK)));
  // Nothing to measure: a base line alone, for a scale would be made up.
  const marks = range[0] === 0 && range[1] === 0 ? [0] : ticks;
  const texts = marks.map(format);
  const left = Math.ceil(Math.min(size.width * 0.3, Math.max(...texts.map((text) => textWidth(text))))) + 8;
  const y = linear([ticks[0] ?? 0, ticks.at(-1) ?? 1], [bottom, TOP]);
  const grid = marks.flatMap((tick, index) => [
    element('line', { x1: left, y1: y(tick), x2: size.width, y2: y(tick), stroke: palette.grid, 'stroke-width': 1 }),
    label(left - 8, y(tick) + 4, texts[index] ?? '', { fill: palette.muted, anchor: 'end' }),
  ]);
  return { left, right: size.width, top: TOP, bottom, y, grid: grid.join('\n') };
}
