import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Grant } from '../../src/modules/administration/domain/rights';
import { detailWords, subjectWords } from '../../src/modules/administration/web/audit-words';
import { createTranslator, LOCALES } from '../../src/platform/i18n';
import { formattersFor } from '../../src/platform/views';

const root = path.resolve(import.meta.dirname, '../..');
const translator = createTranslator({
  folder: path.join(root, 'locales'),
  onMissing: (_locale, key) => `missing ${key}`,
});

const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'));
const literals = (pattern: RegExp): string[] => [
  ...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))),
];

describe('words of the audit log', () => {
  const actions = literals(/\baction: '([a-z]+\.[a-z_.-]+)'/g);
  const subjects = literals(/\bsubjectType: '([a-z]+\.[a-z_-]+)'/g).filter((name) => name !== 'outbox.event');

  it('knows what the program writes down', () => {
    expect(actions.length).to.be.greaterThan(40);
    expect(subjects.length).to.be.greaterThan(12);
  });

  for (const locale of LOCALES)
    it(`every action and subject has words in ${locale}`, () => {
      const t = translator(locale);
      const keys = [
        ...actions.map((name) => name.replace('.', ':audit.')),
        ...subjects.map((name) => `${name.replace('.', ':audit.')}.subject`),
      ];
      expect(keys.filter((key) => t(key).startsWith('missing '))).to.eql([]);
    });

  it('says the content of an entry as a clerk reads it', () => {
    const names = {
      role: (id: number) => `角色${id}号`,
      store: (id: number) => `${id}号店`,
      grants: (grants: readonly Grant[]) => grants.map(({ roleId, storeId }) => `${roleId}@${storeId}`).join(),
    };
    const reader = { t: translator('zh-CN'), f: formattersFor('zh-CN', 'Asia/Shanghai'), names };
    const detail = {
      number: 'JB1',
      expected: { cash: 459_800, card: 0 },
      cashDifferenceFen: -1000,
      reason: null,
      on: true,
    };
    expect(detailWords(reader, JSON.stringify(detail))).to.equal(
      '单号 JB1 · 系统应有 (现金 4,598.00，刷卡 0.00) · 长短款 −10.00 · 打开 是',
    );
    expect(detailWords(reader, JSON.stringify({ skuIds: [1, 2, 3, 4, 5, 6, 7, 8] }))).to.contain('等，另有 2 项');
    expect(subjectWords(reader, { subjectType: 'sales.shift', subjectId: 896, subjectName: null })).to.equal(
      '班次 896',
    );
    const unknown = { subjectType: 'unknown.thing', subjectId: null, subjectName: null };
    expect(subjectWords(reader, unknown)).to.equal('unknown.thing');
    const role = { subjectType: 'auth.role', subjectId: 3, subjectName: null };
    expect(subjectWords(reader, role)).to.equal('角色 角色3号');
    const user = { subjectType: 'auth.user', subjectId: 3, subjectName: '周敏' };
    expect(subjectWords(reader, user)).to.equal('账号 周敏');
    const before = [{ roleId: 3, storeId: null }];
    const after = [...before, { roleId: 4, storeId: 1, startsAt: null, endsAt: null }];
    expect(detailWords(reader, JSON.stringify({ before, after }))).to.equal('原来 3@null · 改为 3@null,4@1');
    expect(detailWords(reader, JSON.stringify({ added: ['sales.shift.close'], removed: [] }))).to.equal('新增 交班');
    const changed = {
      module: 'administration',
      before: { keepImportFilesDays: 30 },
      after: { keepImportFilesDays: 45 },
    };
    expect(detailWords(reader, JSON.stringify(changed))).to.equal(
      '模块 系统管理 · 原来 (导入的文件保留天数 30) · 改为 (导入的文件保留天数 45)',
    );
    expect(detailWords(reader, JSON.stringify({ jobs: { from: 14, to: 3 } }))).to.match(/14 → 3$/);
    expect(detailWords(reader, JSON.stringify({ roleId: 3, storeId: 2 }))).to.equal('角色 角色3号 · 门店 2号店');
  });
});
