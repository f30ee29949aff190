import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import ejs from 'ejs';
import { createModuleSwitches } from '../../src/app/module-switches';
import { modules } from '../../src/app/modules';
import { createSwitchDesk } from '../../src/app/switch-over';
import { loadConfig } from '../../src/platform/config';
import { systemModule } from '../../src/app/system/system.module';
import { createTranslator, LOCALES } from '../../src/platform/i18n';
import { createMetrics } from '../../src/platform/metrics';
import { READY_ROLES } from '../../src/platform/modules';
import { ICON_NAMES } from '../../src/platform/views';
import { templateOptions } from '../../src/platform/views/render';

const switches = createModuleSwitches(modules, () => Promise.resolve(new Set()));
const manifests = [
  ...modules,
  systemModule({
    modules,
    switches: () => switches,
    assetVersion: 'test',
    config: loadConfig({ env: {} }),
    news: { isNewTo: () => Promise.resolve(false), putAway: () => Promise.resolve() },
    maintenance: { now: () => Promise.resolve(null), refresh: () => undefined },
    translator: () => (key) => key,
    metrics: createMetrics(Date.now),
    switchDesk: createSwitchDesk(),
  }),
];
const permissionIds = manifests.flatMap(({ permissions }) => permissions.map(({ id }) => id));
const translator = createTranslator({
  folder: path.resolve('locales'),
  onMissing: (locale, key) => {
    throw new Error(`no text for ${key} in ${locale}`);
  },
});

/** Everything wrong at once, so that one run names all of it. */
const findings = (found: readonly (string | false)[]): string[] => found.filter((finding) => finding !== false);

function textProblems(keys: readonly string[]): string[] {
  return LOCALES.flatMap((locale) =>
    keys.flatMap((key) => {
      try {
        return translator(locale)(key).trim() === '' ? [`${key} is empty in ${locale}`] : [];
      } catch (error) {
        return [(error as Error).message];
      }
    }),
  );
}

describe('every manifest', () => {
  it('has a name of its own and needs modules that exist', () => {
    const names = manifests.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(
      findings(
        manifests.flatMap(({ name, needs }) => needs.map((need) => !names.includes(need) && `${name} needs ${need}`)),
      ),
    ).to.eql([]);
  });

  it('lists what a module needs before the module', () => {
    const seen = new Set<string>();
    const late: string[] = [];
    for (const { name, needs } of manifests) {
      late.push(...needs.filter((need) => !seen.has(need)).map((need) => `${name} before ${need}`));
      seen.add(name);
    }
    expect(late).to.eql([]);
  });

  it('names for its reminders switches that are there and on', () => {
    const settings = new Map<string, unknown>(
      manifests.flatMap(({ name, parameters }) =>
        Object.entries(parameters?.parse({}) ?? {}).map(([key, value]) => [`${name}.${key}`, value] as const),
      ),
    );
    const switches = manifests.flatMap(({ alerts }) => (alerts ?? []).flatMap((source) => source.switch ?? []));
    expect(switches).to.include('reporting.alertTransit');
    expect(switches.filter((name) => settings.get(name) !== true)).to.eql([]);
  });

  it('is core only if everything it needs is', () => {
    const core = new Set(manifests.filter((manifest) => manifest.core).map(({ name }) => name));
    const broken = manifests.filter((manifest) => manifest.core && manifest.needs.some((need) => !core.has(need)));
    expect(broken.map(({ name }) => name)).to.eql([]);
  });

  it('declares each permission once, under its own name, for known roles', () => {
    expect(new Set(permissionIds).size).to.equal(permissionIds.length);
    const wrong = manifests.flatMap(({ name, permissions }) =>
      permissions.flatMap(({ id, roles }) => [
        !/^[a-z]+(\.[a-z][a-z-]*){2}$/.test(id) && `${id} is not module.resource.action`,
        !id.startsWith(`${name}.`) && `${id} in ${name}`,
        ...roles.map((role) => !READY_ROLES.includes(role) && `${id}: role ${role}`),
      ]),
    );
    expect(findings(wrong)).to.eql([]);
  });

  it('names for each route who may call it', () => {
    const wrong = manifests.flatMap(({ name, routes }) =>
      routes.map(({ method, path: address, access }) => {
        const known = access === 'public' || access === 'signed-in' || permissionIds.includes(access.permission);
        return !known && `${name}: ${method} ${address} asks for ${JSON.stringify(access)}`;
      }),
    );
    expect(findings(wrong)).to.eql([]);
  });

  it('has each address once', () => {
    const addresses = manifests.flatMap(({ routes }) =>
      routes.map(({ method, path: address }) => `${method} ${address.replace(/:\w+/g, ':x')}`),
    );
    // The home page alone may be taken over by a module.
    const twice = addresses.filter((address, index) => addresses.indexOf(address) !== index && address !== 'get /');
    expect(twice).to.eql([]);
  });

  it('uses known permissions, icons and addresses in menu, search, alerts and imports', () => {
    const pages = manifests.flatMap(({ routes }) =>
      routes.filter(({ method }) => method === 'get').map((route) => route.path),
    );
    const keys = new Map(manifests.flatMap(({ menu }) => menu.map((entry) => [entry.key, entry] as const)));
    const wrong = manifests.flatMap(({ name, menu, search = [], alerts = [], imports = [] }) => [
      ...menu.flatMap((entry) => [
        !(ICON_NAMES as readonly string[]).includes(entry.icon) && `${name}: icon ${entry.icon}`,
        !permissionIds.includes(entry.permission) && `${name}: menu ${entry.key} asks for ${entry.permission}`,
        !pages.includes(entry.href) && `${name}: menu ${entry.key} leads to ${entry.href}, which is no page`,
        entry.under !== undefined && !keys.has(entry.under) && `${name}: menu ${entry.key} under ${entry.under}`,
      ]),
      ...[...search, ...alerts, ...imports].map(
        ({ permission }) => !permissionIds.includes(permission) && `${name}: ${permission} is declared nowhere`,
      ),
    ]);
    expect(findings(wrong)).to.eql([]);
  });

  it('has words in both languages for itself, its permissions and its menu', () => {
    const keys = manifests.flatMap(({ name, permissions, menu }) => [
      `${name}:module`,
      ...permissions.map(({ id }) => `${name}:permission.${id.split('.').slice(1).join('.')}`),
      ...menu.map(({ key }) => `${name}:menu.${key}`),
    ]);
    expect(textProblems(keys)).to.eql([]);
  });

  it('gives each job an id of its own under its name', () => {
    const ids = manifests.flatMap(({ name, jobs = [] }) => jobs.map(({ id }) => ({ name, id })));
    expect(new Set(ids.map(({ id }) => id)).size).to.equal(ids.length);
    expect(ids.filter(({ name, id }) => !id.startsWith(`${name}.`))).to.eql([]);
  });

  it('defines tables of its own', () => {
    const names = manifests.flatMap(({ tables }) => tables.map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.eql([]);
  });
});

describe('every view', () => {
  const folder = path.resolve('views');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ejs'));

  for (const file of files)
    it(`${file} compiles, escapes what it prints and has nothing inline`, () => {
      const filename = path.join(folder, file);
      const text = readFileSync(filename, 'utf8');
      ejs.compile(text, templateOptions(folder, filename, true));
      expect(text).to.not.match(/\son[a-z]+\s*=\s*["']/i, 'inline handler');
      expect(text).to.not.match(/\sstyle\s*=\s*["']/i, 'inline style');
      expect(text).to.not.match(/<style[\s>]/i, 'inline style sheet');
      expect(text).to.not.match(/<script(?![^>]*\ssrc=)[^>]*>/i, 'inline script');
      expect(text.match(/(?:src|href)=["']https?:[^"']*/g) ?? [], 'outside addresses').to.eql([]);
      // Only markup made here is printed raw: parts of the page, icons, the body of a layout, pictures drawn on the server.
      const raw = [...text.matchAll(/<%-\s*([^%]*?)\s*-?%>/g)].map(([, code]) => code ?? '');
      const odd = raw.filter(
        (code) => !/^(include\(|page\.icon\(|page\.body$|\w*Icon$|\w*[sS]vg$|page\.model\.\w*[sS]vg$)/.test(code),
      );
      // Chapters of the manual and release notes are made from our own files, with HTML in them shown as text (manual.spec.ts).
      const known = /(help-chapter|upgrade\/about)\.ejs$/.test(file) ? ['model.html'] : [];
      expect(odd, 'printed without escaping').to.eql(known);
    });
});
