import { paletteOf, type ChartTheme, type Tone } from './palette';
import { element, picture } from './svg';

export interface ShareBar {
  title: string;
  /** ≥ 0, in the order in which they are drawn; the legend or table beside names them. */
  parts: readonly { value: number; tone: Tone }[];
  width?: number;
  height?: number;
  theme: ChartTheme;
}

const GAP = 2;

/** One bar divided by shares; a part above nothing is never thinner than its gap. */
export function shareBar({ title, parts, theme, width = 346, height = 16 }: ShareBar): string {
  const palette = paletteOf(theme);
  const shown = parts.filter(({ value }) => value > 0);
  if (shown.length === 0) {
    return picture(title, width, height, [element('rect', { x: 0, y: 0, width, height, fill: palette.grid })]);
  }
  const sum = shown.reduce((total, { value }) => total + value, 0);
  const room = width - GAP * (shown.length - 1);
  const raw = shown.map(({ value }) => Math.max(GAP, (value / sum) * room));
  // What thin parts gained, the others give.
  const factor = room / raw.reduce((total, length) => total + length, 0);
  let x = 0;
  const bars = shown.map(({ tone }, index) => {
    const length = (raw[index] ?? 0) * factor;
    const bar = element('rect', { x, y: 0, width: length, height, fill: palette.tone[tone] });
    x += length + GAP;
    return bar;
  });
  return picture(title, width, height, bars);
}
