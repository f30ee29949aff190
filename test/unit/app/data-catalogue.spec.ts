import { expect } from 'chai';
import { allTables } from '../../../src/app/all-tables';
import { dataCatalogue, personalColumns } from '../../../src/app/data-safety/catalogue';
import { sealedColumns } from '../../../src/app/keys/sealed-columns';

// A new column is classified before it is landed: does it tell something about a person, how is it protected, how long kept?
describe('the data catalogue', () => {
  it('names every column of every table once', () => {
    const problems: string[] = [];
    for (const { name, specs } of allTables) {
      const entry = dataCatalogue[name];
      if (!entry) {
        problems.push(`${name}: not in src/app/data-safety/catalogue`);
        continue;
      }
      const classified = [...Object.keys(entry.personal), ...entry.rest.split(' ')];
      const properties = specs.map(({ property }) => property);
      for (const property of properties)
        if (classified.filter((one) => one === property).length !== 1)
          problems.push(`${name}.${property}: name it once, under personal or rest`);
      for (const property of classified)
        if (!properties.includes(property)) problems.push(`${name}.${property}: there is no such column`);
    }
    const known = new Set(allTables.map(({ name }) => name));
    for (const name of Object.keys(dataCatalogue))
      if (!known.has(name)) problems.push(`${name}: there is no such table`);
    expect(problems, problems.join('\n')).to.deep.equal([]);
  });

  it('agrees with what the rotation of keys goes over', () => {
    const encrypted = personalColumns().filter(({ protection }) => protection === 'encrypted');
    const sealed = sealedColumns.map(({ table, cipher }) => `${table.name}.${cipher}`);
    expect(encrypted.map(({ table, column }) => `${table}.${column}`)).to.have.members(sealed);
    const emptied = personalColumns().filter(({ protection }) => protection === 'emptied');
    const plain = sealedColumns.flatMap(({ table, plain: before, empties = [] }) =>
      [...(before ? [before] : []), ...empties].map((column) => `${table.name}.${column}`),
    );
    expect(emptied.map(({ table, column }) => `${table}.${column}`)).to.have.members(plain);
  });

  it('leaves no phone number, account or secret readable but those that are there to be called', () => {
    const readable = personalColumns().filter(
      ({ kind, protection }) => ['phone', 'account', 'secret'].includes(kind) && protection === 'plain',
    );
    expect(readable.map(({ table, column }) => `${table}.${column}`)).to.have.members([
      'support_contact.phone',
      'support_contact.mail',
      'notification_channel.settings',
    ]);
  });
});
