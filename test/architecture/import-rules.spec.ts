import { expect } from 'chai';
import { findCycles } from '../../scripts/check/cycles';
import { below, judge } from '../../scripts/check/import-rules';
import { layers, moduleEdges } from '../../scripts/check/import-table';

const edge = (from: string, to: string, typeOnly = false) =>
  judge({ from, to, line: 1, isPackage: !to.includes('/'), typeOnly, lazy: false });
const inModule = (from: string, to: string, typeOnly = false) =>
  edge(`src/modules/sales/${from}`, to.startsWith('src/') ? to : `src/modules/sales/${to}`, typeOnly);

describe('import rules', () => {
  const allowed: [string, string][] = [
    ['src/platform/http/errors.ts', 'src/kernel/errors.ts'],
    ['src/ledger/writer.ts', 'src/platform/database/unit-of-work.ts'],
    ['src/app/create-app.ts', 'src/modules/sales/sales.module.ts'],
    ['src/commands/serve.ts', 'src/app/create-app.ts'],
    ['migrations/0001-base.ts', 'src/platform/database/portable.ts'],
    ['src/modules/sales/use-cases/post-sale.ts', 'src/modules/catalog/index.ts'],
    ['src/modules/reporting/queries/margin.ts', 'src/modules/finance/index.ts'],
    ['src/modules/sales/web/till.routes.ts', 'src/modules/sales/use-cases/post-sale.ts'],
    ['src/modules/sales/use-cases/post-sale.ts', 'src/ledger/index.ts'],
    ['src/modules/sales/store/sale.entity.ts', 'typeorm'],
    ['test/integration/sale.spec.ts', 'src/ledger/writer.ts'],
  ];
  for (const [from, to] of allowed) it(`allow ${from} → ${to}`, () => expect(edge(from, to)).to.equal(undefined));

  const refused: [string, string, RegExp][] = [
    ['src/kernel/money.ts', 'src/platform/config/index.ts', /kernel may not import platform/],
    ['src/kernel/money.ts', 'express', /pure/],
    ['src/platform/http/app.ts', 'src/ledger/index.ts', /platform may not import ledger/],
    ['src/platform/http/app.ts', 'src/modules/sales/index.ts', /platform may not import modules/],
    ['src/ledger/writer.ts', 'src/modules/sales/index.ts', /ledger may not import modules/],
    ['src/modules/sales/queries/a.ts', 'src/app/create-app.ts', /modules may not import app/],
    ['src/app/create-app.ts', 'src/modules/sales/use-cases/post-sale.ts', /door/],
    ['src/modules/sales/use-cases/a.ts', 'src/ledger/writer.ts', /door/],
    ['src/modules/catalog/queries/a.ts', 'src/modules/sales/index.ts', /catalog may not import the module sales/],
    ['src/modules/sales/queries/a.ts', 'src/modules/catalog/store/product.entity.ts', /index\.ts only/],
    ['migrations/0001-base.ts', 'src/modules/sales/store/sale.entity.ts', /migrations may not import modules/],
    ['migrations/0001-base.ts', 'src/platform/database/data-source.ts', /migrations may not import platform/],
    ['src/modules/sales/web/a.ts', 'src/modules/sales/store/sale.repository.ts', /web may not import store/],
    ['src/modules/sales/web/a.ts', 'typeorm', /leaves typeorm/],
    ['src/modules/sales/queries/a.ts', 'src/modules/sales/use-cases/b.ts', /queries may not import use-cases/],
    ['src/modules/sales/domain/a.ts', 'src/modules/sales/store/b.ts', /domain may not import store/],
    ['src/modules/sales/domain/a.ts', 'src/platform/i18n/index.ts', /domain may import no platform/],
    ['src/modules/sales/domain/a.ts', 'src/ledger/index.ts', /only types of ledger/],
    ['src/modules/sales/domain/a.ts', 'node:fs', /pure/],
    ['src/modules/sales/domain/a.ts', 'src/modules/catalog/index.ts', /may not import other modules/],
    ['src/modules/sales/helpers/a.ts', 'src/modules/sales/store/b.ts', /no layer/],
    ['src/elsewhere/a.ts', 'src/kernel/money.ts', /no area/],
    ['src/platform/http/app.ts', 'test/support/skip.ts', /platform may not import tools/],
  ];
  for (const [from, to, why] of refused) it(`refuse ${from} → ${to}`, () => expect(edge(from, to)).to.match(why));

  it('let domain code name the types of the ledger', () => {
    expect(inModule('domain/sale-posting.ts', 'src/ledger/index.ts', true)).to.equal(undefined);
  });

  it('have no circle among modules and know every module they name', () => {
    expect(findCycles(new Map(Object.entries(moduleEdges)))).to.deep.equal([]);
    for (const targets of Object.values(moduleEdges)) expect(moduleEdges).to.include.keys(...targets, 'organization');
    expect([...below('sales')])
      .to.include.members(['catalog', 'organization'])
      .and.not.include('channels');
  });

  it('name only layers that exist', () => {
    for (const { mayImport } of Object.values(layers))
      for (const name of mayImport) expect(layers).to.have.property(name);
  });
});

describe('findCycles', () => {
  it('finds a circle of any length and no other path', () => {
    const graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['e']],
      ['f', ['f', 'd']],
    ]);
    expect(findCycles(graph).map((cycle) => cycle.toSorted())).to.deep.equal([['a', 'b', 'c']]);
  });
});
