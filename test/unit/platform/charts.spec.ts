import { readFileSync } from 'node:fs';
import { SaxParser } from '@cj-tech-master/excelts/xml';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  barChart,
  compactFormat,
  lineChart,
  shareBar,
  stackedBars,
  type Bar,
  type ChartTheme,
  type Tone,
} from '../../../src/platform/charts';
import { paletteOf } from '../../../src/platform/charts/palette';
import { niceTicks } from '../../../src/platform/charts/scale';

interface Shape {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** The shapes of a picture; fails if it is not well-formed or holds what a strict policy forbids. */
function shapesOf(svg: string): Shape[] {
  const shapes: Shape[] = [];
  const parser = new SaxParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => void shapes.push({ name, attributes, text: '' }));
  parser.on('text', (text) => {
    const shape = shapes.at(-1);
    if (shape) shape.text += text.trim();
  });
  parser.write(svg).close();
  const [root, title] = shapes;
  expect(root?.attributes['role']).to.equal('img');
  expect(title?.name).to.equal('title');
  const [, , width, height] = (root?.attributes['viewBox'] ?? '').split(' ').map(Number);
  for (const { name, attributes } of shapes) {
    expect(['svg', 'title', 'rect', 'line', 'text', 'polyline', 'circle']).to.include(name);
    expect(Object.keys(attributes).filter((key) => /^(?:style|class|on.*|href|id)$/.test(key))).to.deep.equal([]);
    for (const [key, value] of Object.entries(attributes)) {
      expect(value, `${name} ${key}`).not.to.match(/NaN|Infinity|undefined/);
      if (['x', 'x1', 'x2', 'cx'].includes(key)) expect(Number(value)).to.be.within(-1, (width ?? 0) + 1);
      if (['y', 'y1', 'y2', 'cy'].includes(key)) expect(Number(value)).to.be.within(-1, (height ?? 0) + 1);
      if (['width', 'height', 'r'].includes(key)) expect(Number(value)).to.be.at.least(0);
    }
    if (name === 'text') expect(attributes['font-size']).to.equal('12');
  }
  return shapes;
}

const rects = (svg: string): Shape[] => shapesOf(svg).filter(({ name }) => name === 'rect');
const textsOf = (svg: string): string[] =>
  shapesOf(svg)
    .filter(({ name }) => name === 'text')
    .map(({ text }) => text);
const size = (shape: Shape | undefined, key: string): number => Number(shape?.attributes[key]);

const anyTheme = fc.constantFrom<ChartTheme>('light', 'dark');
const anyNumber = fc.oneof(
  fc.integer({ min: -1e12, max: 1e12 }),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.constant(0),
);
const anyName = fc.string({ unit: 'binary', maxLength: 20 });
const plain = { axis: String, value: String };

describe('charts', () => {
  describe('bars', () => {
    const bars: Bar[] = [
      { label: '10时', value: 10_000, compare: 12_000 },
      { label: '11时', value: 20_000, compare: 5_000, current: true },
      { label: '12时', value: null, compare: 40_000 },
    ];
    const format = compactFormat(40_000, 'zh-CN');
    const svg = barChart({ title: '按小时 <今日>', bars, axis: format.axis, value: format.value, theme: 'light' });

    it('are as high as their values, with a tick at the value compared with', () => {
      const [first, second, ...more] = rects(svg);
      expect(more).to.deep.equal([]);
      expect(size(second, 'height')).to.be.closeTo(2 * size(first, 'height'), 0.3);
      const ticks = shapesOf(svg).filter(({ attributes }) => attributes['stroke'] === paletteOf('light').tone.compare);
      expect(ticks).to.have.length(3);
      const base = size(first, 'y') + size(first, 'height');
      expect(base - size(ticks[0], 'y1')).to.be.closeTo(1.2 * size(first, 'height'), 0.3);
    });

    it('carry their numbers, their labels and an axis', () => {
      expect(textsOf(svg)).to.include.members(['0', '1 万', '4 万', '1.0', '2.0', '10时', '11时', '12时']);
      const bold = shapesOf(svg).filter(({ attributes }) => attributes['font-weight'] === '600');
      expect(bold.map(({ text }) => text)).to.deep.equal(['1.0', '2.0', '11时']);
    });

    it('say their title, escaped', () => {
      expect(svg).to.contain('<title>按小时 &lt;今日&gt;</title>');
    });

    it('leave numbers and labels out where there is no room', () => {
      const many = Array.from({ length: 60 }, (_, index) => ({ label: `11-${index}`, value: 10_000 + index }));
      const texts = textsOf(barChart({ title: 'x', bars: many, ...plain, theme: 'light', width: 350 }));
      expect(texts.filter((text) => /^10\d{3}$/.test(text)).length).to.be.below(3);
      expect(texts.filter((text) => text.startsWith('11-')).length).to.be.within(4, 12);
    });

    it('grow downwards below zero', () => {
      const [up, down] = rects(
        barChart({
          title: 'x',
          bars: [
            { label: 'a', value: 5 },
            { label: 'b', value: -5 },
          ],
          ...plain,
          theme: 'dark',
        }),
      );
      expect(size(down, 'y')).to.be.closeTo(size(up, 'y') + size(up, 'height'), 0.2);
      expect(size(down, 'height')).to.be.closeTo(size(up, 'height'), 0.2);
    });

    it('show a base line alone when there is nothing', () => {
      expect(textsOf(barChart({ title: 'x', bars: [], ...plain, theme: 'light' }))).to.deep.equal(['0']);
      expect(
        textsOf(barChart({ title: 'x', bars: [{ label: 'a', value: null }], ...plain, theme: 'light' })),
      ).to.deep.equal(['0', 'a']);
    });

    it('hold any data', () => {
      const bar = fc.record({
        label: anyName,
        value: fc.option(anyNumber),
        compare: fc.option(anyNumber),
        current: fc.boolean(),
      });
      fc.assert(
        fc.property(fc.array(bar, { maxLength: 40 }), anyTheme, anyName, (all, theme, title) => {
          shapesOf(barChart({ title, bars: all, ...plain, theme }));
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('lines', () => {
    const labels = Array.from({ length: 14 }, (_, index) => `11-${String(index + 9).padStart(2, '0')}`);
    const values = [11.8, 11.2, 12.1, 11.6, 10.9, 11.9, 12.4, 11.5, 11.1, 10.6, 11.3, 10.8, 11.4, 10.9];
    const percent = { axis: (value: number) => `${value}%`, value: (value: number) => `${value.toFixed(1)}%` };
    const svg = lineChart({ title: '毛利率', labels, series: [{ values }], target: 11.5, ...percent, theme: 'light' });

    it('have a scale around the values, a dashed target and the last number', () => {
      expect(textsOf(svg)).to.deep.equal([
        '10%',
        '11%',
        '12%',
        '13%',
        '10.9%',
        '11-09',
        '11-12',
        '11-16',
        '11-19',
        '11-22',
      ]);
      expect(shapesOf(svg).filter(({ attributes }) => attributes['stroke-dasharray']).length).to.equal(1);
      expect(/points="([^"]*)"/.exec(svg)?.[1]?.split(' ')).to.have.length(14);
    });

    it('break where a value is missing, and keep a lonely point', () => {
      const broken = lineChart({
        title: 'x',
        labels: ['a', 'b', 'c', 'd', 'e'],
        series: [{ values: [1, 2, null, 3, null] }],
        ...plain,
        theme: 'light',
      });
      const shapes = shapesOf(broken);
      expect(shapes.filter(({ name }) => name === 'polyline')).to.have.length(1);
      expect(shapes.filter(({ name }) => name === 'circle').map(({ attributes }) => attributes['r'])).to.deep.equal([
        '2',
        '4',
      ]);
    });

    it('begin at zero when asked to', () => {
      expect(
        textsOf(
          lineChart({
            title: 'x',
            labels: ['a', 'b'],
            series: [{ values: [90, 100] }],
            fromZero: true,
            ...plain,
            theme: 'light',
          }),
        )[0],
      ).to.equal('0');
      expect(
        textsOf(
          lineChart({ title: 'x', labels: ['a', 'b'], series: [{ values: [90, 100] }], ...plain, theme: 'light' }),
        )[0],
      ).to.equal('90');
    });

    it('hold any data', () => {
      fc.assert(
        fc.property(
          fc.array(anyName, { maxLength: 40 }),
          fc.array(fc.array(fc.option(anyNumber), { maxLength: 50 }), { maxLength: 4 }),
          fc.option(anyNumber),
          fc.boolean(),
          anyTheme,
          (names, all, target, fromZero, theme) => {
            shapesOf(
              lineChart({
                title: 't',
                labels: names,
                series: all.map((one) => ({ values: one })),
                target,
                fromZero,
                ...plain,
                theme,
              }),
            );
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  describe('stacked bars', () => {
    const tones: Tone[] = [1, 3, 'compare', 'oldest'];
    const svg = stackedBars({
      title: '库龄',
      rows: [
        { label: 'Apple', values: [30, 20, 10, 0] },
        { label: '华为', values: [15, 0, 0, 15] },
        { label: '荣耀', values: [0, 0, 0, 0] },
      ],
      tones,
      total: (sum) => `${sum} 台`,
      theme: 'light',
    });

    it('share one scale and name row and total', () => {
      expect(textsOf(svg)).to.deep.equal(['Apple', '60 台', '华为', '30 台', '荣耀', '0 台']);
      const bars = rects(svg);
      expect(bars.map(({ attributes }) => attributes['fill'])).to.deep.equal(
        ([1, 3, 'compare', 1, 'oldest'] as const).map((tone) => paletteOf('light').tone[tone]),
      );
      expect(size(bars[0], 'width')).to.be.closeTo(2 * size(bars[3], 'width'), 3);
    });

    it('keep the total beside the longest bar inside the picture', () => {
      const shapes = shapesOf(
        stackedBars({
          title: 'x',
          rows: [{ label: 'a', values: [1] }],
          tones: [1],
          total: () => '1,234,567 台',
          theme: 'light',
        }),
      );
      const total = shapes.findLast(({ name }) => name === 'text');
      expect(size(total, 'x') + 76).to.be.below(346);
    });

    it('hold any data', () => {
      const row = fc.record({ label: anyName, values: fc.array(anyNumber, { maxLength: 6 }) });
      fc.assert(
        fc.property(fc.array(row, { maxLength: 20 }), anyTheme, (rows, theme) => {
          shapesOf(stackedBars({ title: 't', rows, tones, total: String, theme }));
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('a share bar', () => {
    it('is divided by the shares and fills its width', () => {
      const bars = rects(
        shareBar({
          title: 'x',
          parts: [
            { value: 3, tone: 1 },
            { value: 1, tone: 2 },
            { value: 0, tone: 3 },
          ],
          theme: 'light',
          width: 102,
        }),
      );
      expect(bars.map((bar) => size(bar, 'width'))).to.deep.equal([75, 25]);
      expect(size(bars[1], 'x')).to.equal(77);
    });

    it('is grey when there is nothing to share', () => {
      expect(rects(shareBar({ title: 'x', parts: [], theme: 'dark' }))[0]?.attributes['fill']).to.equal(
        paletteOf('dark').grid,
      );
    });

    it('fills its width whatever the shares', () => {
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 12 }),
          anyTheme,
          (values, theme) => {
            const bars = rects(shareBar({ title: 'x', parts: values.map((value) => ({ value, tone: 1 })), theme }));
            const last = bars.at(-1);
            expect(size(last, 'x') + size(last, 'width')).to.be.closeTo(346, 0.3);
          },
        ),
      );
    });
  });

  it('use the colours of the style sheet', () => {
    const css = readFileSync(new URL('../../../public/css/tokens.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = css.split("[data-theme='dark'] {");
    const token = (block: string, name: string): string | undefined =>
      new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(block)?.[1];
    for (const [theme, block] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      const palette = paletteOf(theme);
      expect([palette.text, palette.muted, palette.surface]).to.deep.equal(
        ['text', 'muted', 'surface'].map((name) => token(block, name)),
      );
      for (const [tone, name] of [
        [1, '1'],
        [2, '2'],
        [3, '3'],
        [4, '4'],
        [5, '5'],
        [6, '6'],
        ['compare', 'target'],
        ['oldest', 'oldest'],
      ] as const) {
        expect(palette.tone[tone], `${theme} ${name}`).to.equal(
          token(block, `chart-${name}`) ?? token(light, `chart-${name}`),
        );
      }
    }
  });

  it('write large numbers in the unit of the language', () => {
    const zh = compactFormat(123_456, 'zh-CN');
    expect([zh.axis(20_000), zh.value(32_980), zh.value(-1_000), zh.unit, zh.axis(0)]).to.deep.equal([
      '2 万',
      '3.3',
      '\u22120.1',
      '万',
      '0',
    ]);
    expect(compactFormat(3e8, 'zh-CN').axis(1.5e8)).to.equal('1.5 亿');
    const en = compactFormat(40_000, 'en');
    expect([en.axis(20_000), en.value(32_980), en.unit]).to.deep.equal(['20k', '33.0', 'k']);
    expect(compactFormat(2e6, 'en').axis(5e5)).to.equal('0.5M');
    expect([compactFormat(900, 'zh-CN').axis(500), compactFormat(900, 'en').value(-899.6)]).to.deep.equal([
      '500',
      '\u2212900',
    ]);
  });

  it('choose round ticks that enclose the values', () => {
    expect(niceTicks(0, 38_400, 5)).to.deep.equal([0, 10_000, 20_000, 30_000, 40_000]);
    expect(niceTicks(10.6, 12.4, 4)).to.deep.equal([10.5, 11, 11.5, 12, 12.5]);
    expect(niceTicks(0, 0, 4)).to.deep.equal([0, 0.5, 1]);
    fc.assert(
      fc.property(anyNumber, anyNumber, fc.integer({ min: 1, max: 8 }), (a, b, count) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = niceTicks(low, high, count);
        const slack = Math.max(1e-9, (Math.abs(low) + Math.abs(high)) * 1e-9);
        expect(ticks[0]).to.be.at.most(low + slack);
        expect(ticks.at(-1)).to.be.at.least(high - slack);
        expect(ticks.length).to.be.within(2, count + 3);
      }),
    );
  });
});
