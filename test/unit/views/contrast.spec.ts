import { readFileSync } from 'node:fs';
import { expect } from 'chai';

type Tokens = Map<string, string>;

const css = readFileSync('public/css/tokens.css', 'utf8');
const blockOf = (selector: string): string => css.slice(css.indexOf(selector)).match(/\{([^}]*)\}/)?.[1] ?? '';
const tokensOf = (selector: string): Tokens =>
  new Map([...blockOf(selector).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]));

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2 contrast ratio. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const STATES = ['ok', 'hold', 'way', 'bad', 'demo', 'repair', 'gone'];
const TEXT_PAIRS = [
  ...['bg', 'surface', 'sunken', 'hover', 'accent-soft'].flatMap((ground) => [`text ${ground}`, `muted ${ground}`, `accent ${ground}`]),
  'accent-strong accent-soft',
  'on-accent accent',
  'surface bad',
  ...STATES.flatMap((state) => [`${state} ${state}-soft`, `${state} surface`, `text ${state}-soft`]),
];

for (const [theme, selector] of [
  ['light', "[data-theme='light']"],
  ['dark', "\n[data-theme='dark']"],
] as const) {
  describe(`colours of the ${theme} theme`, () => {
    const tokens = tokensOf(selector);
    const colour = (name: string): string => tokens.get(name) ?? expect.fail(`--${name} is not set`);

    for (const pair of TEXT_PAIRS) {
      const [text = '', ground = ''] = pair.split(' ');
      it(`${text} on ${ground} is at least 4.5:1`, () => {
        expect(contrast(colour(text), colour(ground))).to.be.at.least(4.5);
      });
    }

    it('field borders are at least 3:1 on card and sunken ground', () => {
      expect(contrast(colour('control'), colour('surface'))).to.be.at.least(3);
      expect(contrast(colour('control'), colour('sunken'))).to.be.at.least(3);
    });
  });
}
