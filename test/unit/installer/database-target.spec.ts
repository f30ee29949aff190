import { expect } from 'chai';
import { databaseAddress, defaultEncryption, encryptionChoices } from '../../../installer/steps/database-target';
import type { Context } from '../../../installer/steps/environment';
import { parseConnectionUrl } from '../../../src/platform/database/connection-url';

const contextOf = (answers: Record<string, string | number>): Context => ({ answers, facts: {} }) as unknown as Context;

const SERVER = {
  'database.form': 'fields',
  'database.host': '10.0.0.5',
  'database.port': 3306,
  'database.name': 'phone_erp',
  'database.user': 'phone_erp',
};

describe('the address of a database from guided fields', () => {
  const expected = {
    mariadb: {
      off: { tls: 'off' },
      preferred: { tls: 'preferred' },
      required: { tls: 'required' },
    },
    mssql: {
      off: { encrypt: false },
      preferred: { encrypt: true, trustCertificate: true },
      required: { encrypt: true, trustCertificate: false },
    },
    oracle: { off: { tls: false }, required: { tls: true } },
  };
  for (const [kind, ways] of Object.entries(expected))
    it(`says how the line to ${kind} is encrypted`, () => {
      const context = (encryption: string): Context =>
        contextOf({ ...SERVER, 'database.kind': kind, 'database.encryption': encryption });
      expect(encryptionChoices(context('off'))).to.have.members(Object.keys(ways));
      for (const [encryption, options] of Object.entries(ways))
        expect(parseConnectionUrl(databaseAddress(context(encryption))), encryption).to.include(options);
    });

  it('names the authority that signed the certificate', () => {
    const answers = {
      ...SERVER,
      'database.kind': 'mysql',
      'database.encryption': 'required',
      'database.tlsCa': '/etc/公司.pem',
    };
    expect(parseConnectionUrl(databaseAddress(contextOf(answers)))).to.include({
      tls: 'required',
      caFile: '/etc/公司.pem',
    });
  });

  it('encrypts by itself to other machines, and not to its own', () => {
    const at = (host: string): string =>
      defaultEncryption(contextOf({ ...SERVER, 'database.kind': 'mariadb', 'database.host': host }));
    expect([at('10.0.0.5'), at('127.0.0.1'), at('localhost')]).to.deep.equal(['preferred', 'off', 'off']);
  });
});
