import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { buildSprite } from '../../../scripts/build-assets';
import { assetPath, assetVersionOf } from '../../../src/platform/views/assets';
import { iconPrinter } from '../../../src/platform/views/icon';
import { ICON_NAMES, type IconName } from '../../../src/platform/views/icon-names';

const iconFolder = path.resolve('node_modules/@tabler/icons/icons/outline');

describe('icon sprite', () => {
  it('has one symbol for each name, without colours of its own', () => {
    const sprite = buildSprite(ICON_NAMES, iconFolder);
    const ids = [...sprite.matchAll(/<symbol id="([\w-]+)"/g)].map((match) => match[1]);
    expect(ids).to.deep.equal([...ICON_NAMES]);
    expect(sprite).not.to.match(/stroke=|fill="(?!currentColor)|class=/);
  });

  it('fails with every name that does not exist', () => {
    expect(() => buildSprite(['home', 'no-such-icon', 'nor-this'], iconFolder)).to.throw('no-such-icon, nor-this');
  });

  it('is sorted and without doubles', () => {
    expect([...ICON_NAMES]).to.deep.equal([...new Set(ICON_NAMES)].sort());
  });
});

describe('icon', () => {
  it('is hidden from screen readers and points into the versioned sprite', () => {
    const html = iconPrinter('v1')('copy', 'tone-ok');
    expect(html).to.equal(
      '<svg class="icon tone-ok" aria-hidden="true"><use href="/assets/v1/vendor/icons.svg#copy"/></svg>',
    );
  });

  it('refuses unknown names and strange classes', () => {
    expect(() => iconPrinter('v1')('nothing' as IconName)).to.throw('nothing');
    expect(iconPrinter('v1')('copy', '"><script>')).not.to.include('script>');
  });
});

describe('asset version', () => {
  it('changes with contents and names, and with nothing else', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'assets-'));
    try {
      writeFileSync(path.join(folder, 'a.css'), 'a');
      const first = assetVersionOf(folder);
      writeFileSync(path.join(folder, '.stamp'), 'ignored');
      expect(assetVersionOf(folder)).to.equal(first);
      writeFileSync(path.join(folder, 'a.css'), 'b');
      expect(assetVersionOf(folder)).not.to.equal(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(assetPath('v1', 'css/base.css')).to.equal('/assets/v1/css/base.css');
  });
});

describe('style sheets', () => {
  const sheets = globSync('public/css/*.css').map((file) => ({ file, source: readFileSync(file, 'utf8') }));

  it('take every colour from a token, the camera picture and paper excepted', () => {
    const allowed = new Set(['public/css/tokens.css', 'public/css/print.css']);
    const own = sheets
      .filter(({ file }) => !allowed.has(file))
      .flatMap(({ file, source }) =>
        [...source.replace(/\.finder[^{]*\{[^}]*\}/g, '').matchAll(/#[0-9a-f]{3,8}\b|oklch\(|light-dark\(/g)].map(
          (match) => `${file}: ${match[0]}`,
        ),
      );
    expect(own).to.deep.equal([]);
  });

  it('use only tokens that exist', () => {
    const known = new Set(sheets.flatMap(({ source }) => [...source.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1])));
    const unknown = sheets.flatMap(({ source }) =>
      [...source.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]).filter((name) => !known.has(name)),
    );
    expect([...new Set(unknown)]).to.deep.equal([]);
  });
});
