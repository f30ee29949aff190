import { paletteOf, type ChartTheme, type Tone } from './palette';
import { element, fitText, label, picture, textWidth } from './svg';

export interface StackedRow {
  label: string;
  /** One per part, ≥ 0. */
  values: readonly number[];
}

export interface StackedBars {
  title: string;
  rows: readonly StackedRow[];
  /** Colour of each part, in the order of the values. */
  tones: readonly Tone[];
  /** Text of a row's total. */
  total: (sum: number) => string;
  width?: number;
  theme: ChartTheme;
}

const ROW = 32;
const BAR = 18;
const TOP = 4;
const GAP = 1.5;
const LABEL_SHARE = 0.36;

/** Lying bars made of parts, all on one scale, with the total at the end. One part: a plain comparison of rows. */
export function stackedBars({ title, rows, tones, total, theme, width = 346 }: StackedBars): string {
  const palette = paletteOf(theme);
  const names = rows.map((row) => fitText(row.label, width * LABEL_SHARE));
  const sums = rows.map((row) => row.values.reduce((sum, value) => sum + Math.max(0, value), 0));
  const totals = sums.map(total);
  const left = Math.ceil(Math.max(0, ...names.map((name) => textWidth(name)))) + 8;
  const right = width - Math.ceil(Math.max(0, ...totals.map((text) => textWidth(text, true)))) - 10;
  const largest = Math.max(0, ...sums) || 1;
  const parts = rows.flatMap((row, index) => {
    const top = TOP + index * ROW;
    const baseline = top + BAR / 2 + 5;
    const shown = row.values.map((value, part) => ({ value, part })).filter(({ value }) => value > 0);
    const room = Math.max(1, right - left - GAP * Math.max(0, shown.length - 1));
    let x = left;
    const bars = shown.map(({ value, part }) => {
      const length = Math.max(1, (value / largest) * room);
      const bar = element('rect', { x, y: top, width: length, height: BAR, fill: palette.tone[tones[part] ?? 1] });
      x += length + GAP;
      return bar;
    });
    return [
      label(0, baseline, names[index] ?? '', { fill: palette.text }),
      ...bars,
      label((shown.length > 0 ? x - GAP : left) + 8, baseline, totals[index] ?? '', { fill: palette.text, bold: true }),
    ];
  });
  return picture(title, width, Math.max(1, rows.length) * ROW, parts);
}
