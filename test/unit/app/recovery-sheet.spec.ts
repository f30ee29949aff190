import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { recoverySheet } from '../../../src/app/backup/recovery-sheet';
import { newKeyPair, recipientOf } from '../../../src/platform/backup';
import { LOCALES } from '../../../src/platform/i18n';
import { terminalTexts } from '../../../src/commands/words';
import { rasterise } from '../../support/rasterise-barcode';

describe('the recovery sheet', () => {
  before(() => {
    const wasmBinary = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
    prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasmBinary).buffer } });
  });

  for (const locale of LOCALES)
    it(`holds a key that opens the backups, as text and as QR code (${locale})`, async () => {
      const key = await newKeyPair();
      const sheet = recoverySheet(terminalTexts({ ERP_LOCALE: locale }), locale, { ...key, madeOn: '2026-11-23' });
      const [svg = ''] = /<svg[\s\S]*<\/svg>/.exec(sheet) ?? [];
      const [code] = await readBarcodes(rasterise(svg, 4), { tryHarder: true, maxNumberOfSymbols: 1 });
      expect(code?.text).to.equal(key.identity);
      expect(await recipientOf(code?.text ?? '')).to.equal(key.recipient);
      const typed = [...sheet.matchAll(/<code>([^<]*)<\/code>/g)].map(([, text = '']) => text.replaceAll(' ', ''));
      expect(typed).to.include(key.identity).and.to.include(key.recipient);
      expect(sheet).not.to.match(/backup:sheet|\{\{|\0/);
    });
});
