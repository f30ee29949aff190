import { expect } from 'chai';
import { parseConnectionUrl } from '../../../src/platform/database/connection-url';
import { serverTarget } from '../../../src/platform/database/probe';

describe('the address of a database', () => {
  const tlsOf = (url: string) => serverTarget(url)?.tls;

  it('says how the line is encrypted', () => {
    for (const scheme of ['mysql', 'mariadb']) {
      expect(tlsOf(`${scheme}://erp@db/erp`)).to.equal('off');
      expect(tlsOf(`${scheme}://erp@db/erp?tls=false`)).to.equal('off');
      expect(tlsOf(`${scheme}://erp@db/erp?tls=true`)).to.equal('required');
      expect(tlsOf(`${scheme}://erp@db/erp?tls=insecure`)).to.equal('preferred');
      const own = serverTarget(`${scheme}://erp@db/erp?tlsCa=${encodeURIComponent('/etc/my ca.pem')}`);
      expect([own?.tls, own?.caFile]).to.deep.equal(['required', '/etc/my ca.pem']);
    }
    expect(tlsOf('mssql://erp@db/erp')).to.equal('required');
    expect(tlsOf('mssql://erp@db/erp?trustServerCertificate=true')).to.equal('preferred');
    expect(tlsOf('mssql://erp@db/erp?encrypt=false')).to.equal('off');
    expect(tlsOf('oracle://erp@db/erp?tls=true')).to.equal('required');
  });

  it('is refused when it is no address or says a word for encryption that is none, without its password', () => {
    for (const url of ['mysql://erp:geheim@db', 'redis://erp:geheim@db/x', 'mysql://erp:geheim@db/erp?tls=yes', 'x']) {
      try {
        parseConnectionUrl(url);
        expect.fail(`${url} was taken`);
      } catch (error) {
        expect(error).to.have.property('code', 'database:error.url');
        expect(JSON.stringify(error)).not.to.contain('geheim');
      }
    }
  });
});
