import { expect } from 'chai';
import {
  ensureFirstRevision,
  importConfiguration,
  latestRevision,
  listRevisions,
  previewRollback,
  readConfiguration,
  REVISIONS,
  revisionRecorder,
  rollbackConfiguration,
} from '../../../src/app/configuration';
import { modules } from '../../../src/app/modules';
import { switchModule } from '../../../src/app/module-store';
import { createProduct } from '../../../src/modules/catalog/use-cases/create-product';
import { createBrand } from '../../../src/modules/catalog/use-cases/save-brand';
import { createCategory, updateCategory } from '../../../src/modules/catalog/use-cases/save-category';
import { listCategories } from '../../../src/modules/catalog/queries/categories';
import { configRevision } from '../../../src/platform/configuration';
import type { Database } from '../../../src/platform/database';
import { readListQuery } from '../../../src/platform/lists';
import { changeParameters } from '../../../src/platform/parameters';
import type { Actor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';

const phone = { taxRateBp: 1300, tracking: 'serial' } as const;

forEachDatabase((context) => {
  describe('versions of the configuration', function () {
    this.timeout(60_000);
    let database: Database;
    let uow: UnitOfWork;
    const actor: Actor = systemActor('test');

    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ beforeCommit: revisionRecorder(modules) }));
      await ensureFirstRevision(uow, modules);
    });

    const latest = async () => (await latestRevision(database.read))?.revision ?? 0;
    const administration = modules.find(({ name }) => name === 'administration') ?? { name: 'administration' };
    const setDays = (keepImportFilesDays: number, reason?: string) =>
      uow.run(actor, (unit) => changeParameters(unit, administration, { keepImportFilesDays }, reason));
    const back = async (revision: number) =>
      rollbackConfiguration(uow, modules, actor, { revision, seenRevision: await latest(), reason: '退回' });
    const paths = async () =>
      (await listCategories(database.read)).map(({ path, active }) => (active ? path : `(${path})`));

    it('are left by each change of a parameter, a switch or a record, in one transaction with it', async () => {
      expect(await latest()).to.equal(1);
      await setDays(31, '多留一天');
      await switchModule(uow, modules, actor, { module: 'purchasing', on: false });
      await createCategory(uow, actor, { name: '手机', ...phone });
      const rows = await listRevisions(database.read, readListQuery(REVISIONS, {}));
      expect(rows.map(({ revision, kind, reason }) => [revision, kind, reason])).to.deep.equal([
        [4, 'change', null],
        [3, 'change', null],
        [2, 'change', '多留一天'],
        [1, 'first', null],
      ]);
      expect(rows[0]?.changes).to.deep.equal([
        { kind: 'record', set: 'catalog.categories', name: '手机', change: 'added' },
      ]);
      expect(rows[2]?.changes[0]).to.include({ kind: 'parameter', key: 'keepImportFilesDays' });
      await uow
        .run(actor, async (unit) => {
          await changeParameters(unit, administration, { keepImportFilesDays: 32 });
          throw new Error('taken back');
        })
        .catch(() => undefined);
      expect(await latest()).to.equal(4);
    });

    it('are not left by what changes nothing', async () => {
      await setDays(31);
      await setDays(31);
      expect(await latest()).to.equal(2);
    });

    it('can be gone back to: values return, records made since go off, renamed ones get their name back', async () => {
      const { id } = await createCategory(uow, actor, { name: '手机', ...phone });
      const wanted = await latest();
      const before = await readConfiguration(database.read, modules);
      await setDays(31);
      await switchModule(uow, modules, actor, { module: 'purchasing', on: false });
      await updateCategory(uow, actor, {
        id,
        version: 1,
        name: '手机类',
        parentId: null,
        ...phone,
        taxRateBp: 900,
        active: true,
      });
      await createCategory(uow, actor, { name: '智能手机', parentId: id, ...phone });
      const done = await back(wanted);
      expect(done.revision).to.equal(await latest());
      expect(await paths()).to.deep.equal(['手机', '(手机 / 智能手机)']);
      const now = await readConfiguration(database.read, modules);
      expect(now.modules).to.deep.equal(before.modules);
      expect(now.parameters).to.deep.equal(before.parameters);
      expect(now.data['catalog.categories']?.[0]).to.deep.equal(before.data['catalog.categories']?.[0]);
      const [row] = await database.read.find(configRevision, { revision: done.revision });
      expect(row).to.include({ kind: 'rollback', backTo: wanted, reason: '退回' });
    });

    it('keep records that are in use, with all above them, and say so', async () => {
      const top = await createCategory(uow, actor, { name: '配件', ...phone });
      const below = await createCategory(uow, actor, { name: '手机壳', parentId: top.id, ...phone });
      const brand = await createBrand(uow, actor, { name: '倍思' });
      await createProduct(uow, actor, { brandId: brand.id, categoryId: below.id, name: '壳', skus: [{}] } as never);
      const { plan } = await previewRollback(database.read, modules, 1);
      expect(plan.kept.map(({ name, count }) => [name, count])).to.have.deep.members([
        ['配件', 1],
        ['配件 / 手机壳', 1],
      ]);
      expect(plan.changes).to.deep.equal([]);
    });

    it('are refused when somebody changed something since the preview', async () => {
      await setDays(31);
      const command = { revision: 1, seenRevision: 1, reason: 'x' };
      const refused = await rollbackConfiguration(uow, modules, actor, command).catch((error: Error) => error.message);
      expect(refused).to.equal('errors:stale');
      expect(await latest()).to.equal(2);
    });

    it('take everything of a file or nothing', async () => {
      const wanted = await readConfiguration(database.read, modules);
      wanted.parameters['purchasing'] = { invoiceAtOnce: true };
      wanted.data['catalog.categories'] = [
        { name: '手机', active: true, values: { ...phone, sortOrder: 1 } },
        { name: '手机 / 智能手机', active: true, values: { ...phone, sortOrder: 1 } },
      ];
      const command = { wanted, seenRevision: 1, reason: '新店' };
      const bad = { ...wanted, parameters: { ...wanted.parameters, purchasing: { invoiceAtOnce: 'x' } } };
      const refused = await importConfiguration(uow, modules, actor, { ...command, wanted: bad }).catch(
        (error: Error) => error.message,
      );
      expect(refused).to.equal('configuration:error.problems');
      expect(await paths()).to.deep.equal([]);
      const key = { operationKey: 'import-0001' };
      const [done, again] = [
        await importConfiguration(uow, modules, actor, command, key),
        await importConfiguration(uow, modules, actor, command, key),
      ];
      expect(again).to.deep.equal(done);
      expect(await paths()).to.deep.equal(['手机', '手机 / 智能手机']);
      expect((await readConfiguration(database.read, modules)).parameters['purchasing']).to.include({
        invoiceAtOnce: true,
      });
    });

    it('are numbered without gaps and doubles when many change at once', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, n) => createCategory(uow, actor, { name: `分类${n}`, ...phone })),
      );
      const rows = await database.read.find(configRevision, {});
      expect(rows.map(({ revision }) => revision).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 13 }, (_, n) => n + 1),
      );
      const newest = rows.find(({ revision }) => revision === 13);
      expect(newest?.content.data['catalog.categories']).to.have.length(12);
    });
  });
});
