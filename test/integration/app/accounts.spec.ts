import { expect } from 'chai';
import { createAccount, resetAccount } from '../../../src/app/accounts';
import { modules } from '../../../src/app/modules';
import { explainDomainError } from '../../../src/commands/words';
import { DomainError } from '../../../src/kernel';
import { ensureReadyRoles } from '../../../src/platform/auth';
import { systemActor } from '../../../src/platform/permissions';
import { databaseContext } from '../../support/databases';
import { sampleShop } from '../../support/sample-shop';

describe('accounts by the command line', () => {
  const context = databaseContext('sqlite');

  it('a role, store or account that is not there is told with those that are', async () => {
    const { database, uow } = await context.openUow();
    await ensureReadyRoles(uow, modules);
    await sampleShop(uow, systemActor('test'));
    const services = { database, uow };
    const said = async (work: Promise<unknown>): Promise<string> => {
      const error: unknown = await work.then(
        () => undefined,
        (problem: unknown) => problem,
      );
      expect(error).to.be.instanceOf(DomainError);
      return explainDomainError(error as DomainError, { ERP_LOCALE: 'en' });
    };
    const create = (role: string) =>
      createAccount(services, { login: 'it7', name: '信息部', roles: [role], locale: 'zh-CN' });
    expect(await said(create('admin'))).to.match(/no role admin\..*administrator, owner/);
    expect(await said(create('cashier@nowhere'))).to.match(/no store nowhere\. Codes of stores: \w+/);
    expect(await said(resetAccount(services, { login: 'nobody', withoutSecondFactor: false }))).to.include('nobody');
    expect((await create('administrator')).path).to.match(/^\/set-password\/./);
  });
});
