export type ChartTheme = 'light' | 'dark';

/**
 * Colour of a series: 1–3 are the own colours from strong to weak, 4–6 neutral ones for the rest, 'compare' a target or
 * an earlier period, 'oldest' stock that needs attention. The same tones are in public/css/tokens.css for legends.
 */
export type Tone = 1 | 2 | 3 | 4 | 5 | 6 | 'compare' | 'oldest';

export interface Palette {
  text: string;
  muted: string;
  grid: string;
  surface: string;
  tone: Readonly<Record<Tone, string>>;
}

const NEUTRAL = { 4: '#6d7f95', 5: '#a9b5c4', 6: '#c9b79c', compare: '#c9892b' } as const;

const PALETTES: Readonly<Record<ChartTheme, Palette>> = {
  light: {
    text: '#1b2526',
    muted: '#566467',
    grid: '#e6ebeb',
    surface: '#ffffff',
    tone: { 1: '#0f6873', 2: '#4b9aa3', 3: '#93c4c9', ...NEUTRAL, oldest: '#a8453a' },
  },
  dark: {
    text: '#e3e9e9',
    muted: '#a0aeb1',
    grid: '#2d373a',
    surface: '#1a2123',
    tone: { 1: '#3fa3ad', 2: '#2f8791', 3: '#215a62', ...NEUTRAL, oldest: '#a8453a' },
  },
};

export function paletteOf(theme: ChartTheme): Palette {
  return PALETTES[theme];
}
