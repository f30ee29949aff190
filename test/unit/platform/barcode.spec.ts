import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { DomainError } from '../../../src/kernel';
import { code128Svg, ean13Svg, qrSvg } from '../../../src/platform/barcode';
import { rasterise } from '../../support/rasterise-barcode';

before(() => {
  const wasmBinary = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasmBinary).buffer } });
});

async function scan(svg: string): Promise<string[]> {
  // one symbol: in the coarse pixels of some texts the reader finds a second, wrong one
  const read = await readBarcodes(rasterise(svg, 4), { tryHarder: true, maxNumberOfSymbols: 1 });
  return read.map(({ format, text }) => `${format} ${text}`);
}

describe('barcodes', () => {
  it('are read by a scanner: IMEI, document number, EAN, address', async () => {
    expect(await scan(code128Svg('352099001761481'))).to.deep.equal(['Code128 352099001761481']);
    expect(await scan(code128Svg('RK261122-NJ01-0007'))).to.deep.equal(['Code128 RK261122-NJ01-0007']);
    expect(await scan(code128Svg('SN:a/b c~'))).to.deep.equal(['Code128 SN:a/b c~']);
    expect(await scan(ean13Svg('6901443424344'))).to.deep.equal(['EAN13 6901443424344']);
    expect(await scan(ean13Svg('690144342434'))).to.deep.equal(['EAN13 6901443424344']);
    expect(await scan(qrSvg('http://门店.example/维修/17?k=é&x=<1>'))).to.deep.equal([
      'QRCode http://门店.example/维修/17?k=é&x=<1>',
    ]);
  });

  it('hold any printable text', async function () {
    this.timeout(30_000);
    const text = fc.string({ minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        expect(await scan(code128Svg(content, { text: false }))).to.deep.equal([`Code128 ${content}`]);
        expect(await scan(qrSvg(content, { level: 'H' }))).to.deep.equal([`QRCode ${content}`]);
      }),
      { numRuns: 12 },
    );
  });

  it('have their true size, a name, and nothing that a strict policy forbids', () => {
    const svg = code128Svg('A<B', { moduleMm: 0.25, heightMm: 10, text: '<b>' });
    const [, width, height, mmWide, mmHigh] = (
      /viewBox="0 0 (\d+) (\d+)".*?width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg) ?? []
    ).map(Number);
    expect(mmWide).to.be.closeTo((width ?? 0) * 0.25, 0.01);
    expect(mmHigh).to.be.closeTo((height ?? 0) * 0.25, 0.01);
    expect(svg).to.contain('<title>A&#60;B</title>').and.to.contain('role="img"');
    expect(svg).not.to.match(/<style|<script|style=|<b>|href/);
    expect(qrSvg('x', { sizeMm: 30 })).to.contain('width="30.00mm" height="30.00mm"');
  });

  it('leave the quiet zone that the norm wants', () => {
    const first = /d="M([\d.]+) /.exec(code128Svg('1', { text: false }))?.[1];
    expect(Number(first)).to.be.at.least(10);
  });

  it('refuse what they cannot hold', () => {
    for (const make of [
      () => code128Svg(''),
      () => code128Svg('手机'),
      () => code128Svg('a\nb'),
      () => code128Svg('x'.repeat(81)),
      () => ean13Svg('6901443424345'),
      () => ean13Svg('123'),
      () => ean13Svg('69014434243４4'),
      () => qrSvg(''),
      () => qrSvg('x'.repeat(1001)),
    ]) {
      expect(make).to.throw(DomainError, 'errors:barcode.content');
    }
  });
});
