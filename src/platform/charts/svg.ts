import { shorten } from '../../kernel';

// SVG made of attributes only: no style element, no script, nothing from outside, so that it may be shown under the
// strictest content security policy and as an <img>.

type Attributes = Record<string, string | number | undefined>;

const FONT = 'Segoe UI, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif';

export const FONT_SIZE = 12;

export function element(name: string, attributes: Attributes, content?: string): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : escapeText(value ?? '')}"`)
    .join('');
  return content === undefined ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

/** A whole picture; `title` is what a screen reader says. */
export function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${decimal(width)} ${decimal(height)}`,
    width,
    height,
    role: 'img',
    'font-family': FONT,
  };
  return element('svg', attributes, [element('title', {}, escapeText(title)), ...parts].join('\n'));
}

export interface LabelStyle {
  fill: string;
  anchor?: 'start' | 'middle' | 'end';
  bold?: boolean;
}

/** Text with its baseline at y. */
export function label(x: number, y: number, text: string, { fill, anchor = 'start', bold }: LabelStyle): string {
  const attributes = {
    x,
    y,
    fill,
    'font-size': FONT_SIZE,
    'text-anchor': anchor,
    'font-weight': bold ? 600 : undefined,
  };
  return element('text', attributes, escapeText(text));
}

/** An estimate in pixels: a Chinese character is a square, other letters about half of one. */
export function textWidth(text: string, bold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += code > 0x2e80 ? FONT_SIZE : /[MW@%mw]/.test(character) ? 10 : /[ilj.,:;'| ]/.test(character) ? 3.6 : 7;
  }
  return width * (bold ? 1.06 : 1);
}

/** The text, cut with "…" where it would be wider than `width` pixels. */
export function fitText(text: string, width: number): string {
  let fitting = text;
  for (let length = [...text].length; textWidth(fitting) > width && length > 1; length -= 1)
    fitting = shorten(text, length - 1);
  return fitting;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, ' ')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}
