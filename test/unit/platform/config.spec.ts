import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { ConfigError, loadConfig, maskedConfig, type ConfigProblem } from '../../../src/platform/config';
import { resourcePath } from '../../../src/platform/resources';

describe('configuration', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-config-'))));
  after(() => rmSync(folder, { recursive: true }));

  const write = (text: string, name = 'config.yaml') => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const problemsOf = (file: string | undefined, env: NodeJS.ProcessEnv = {}): readonly ConfigProblem[] => {
    try {
      loadConfig({ file, env });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('has a value for everything without a file', () => {
    const config = loadConfig({ env: {} });
    expect(config.server).to.include({ host: '127.0.0.1', port: 8480 });
    expect(config.database.url).to.equal(`sqlite:${path.resolve('var/phone-erp.sqlite')}`);
    expect(config.logging.dir).to.equal(path.resolve('var/log'));
    expect(config.timeZone).to.equal('Asia/Shanghai');
  });

  it('lets the file win over the built-in values and the environment over the file', () => {
    const file = write('server:\n  port: 8000\n  host: 0.0.0.0\n');
    const { server } = loadConfig({ file, env: { ERP_SERVER_PORT: '9000' } });
    expect(server).to.include({ host: '0.0.0.0', port: 9000 });
  });

  it('derives paths from dataDir', () => {
    const config = loadConfig({ env: { ERP_DATA_DIR: folder } });
    expect(config.database.url).to.equal(`sqlite:${folder}/phone-erp.sqlite`);
    expect(config.security.keyFile).to.equal(`${folder}/secret.key`);
  });

  it('names unknown keys with their line, all at once', () => {
    const problems = problemsOf(
      write('locale: en\nserver:\n  prot: 80\n  tls:\n    certFile: a\n    keyFile: b\n    ca: c\ncolour: red\n'),
    );
    expect(problems.map(({ key, line, column, message }) => ({ key, line, column, message }))).to.have.deep.members([
      { key: 'server.prot', line: 3, column: 3, message: 'unknown key' },
      { key: 'server.tls.ca', line: 7, column: 5, message: 'unknown key' },
      { key: 'colour', line: 8, column: 1, message: 'unknown key' },
    ]);
  });

  it('says where a wrong value stands', () => {
    const file = write('server:\n  port: 99999\n');
    expect(problemsOf(file)[0]).to.include({ source: file, line: 2, key: 'server.port' });
    expect(problemsOf(undefined, { ERP_SERVER_PORT: 'many' })[0]).to.include({
      source: 'environment',
      key: 'ERP_SERVER_PORT',
    });
  });

  it('refuses what is not YAML, a repeated key and a missing file', () => {
    expect(problemsOf(write('server: [\n'))[0]).to.have.property('line');
    expect(problemsOf(write('locale: en\nlocale: zh-CN\n'))[0]).to.include({ line: 2 });
    expect(problemsOf(write('- a\n- b\n'))[0]).to.include({ line: 1 });
    expect(problemsOf(path.join(folder, 'none.yaml'))[0]?.message).to.contain('ENOENT');
  });

  it('refuses an environment variable that looks like a key and is none, and leaves foreign ones alone', () => {
    expect(problemsOf(undefined, { ERP_SERVER_PROT: '80' })[0]?.key).to.equal('ERP_SERVER_PROT');
    expect(problemsOf(undefined, { ERP_TEST_MYSQL_URL: 'x', PATH: '/bin' })).to.deep.equal([]);
  });

  it('takes the database password from a file and keeps it out of the masked configuration', () => {
    const passwordFile = write('p@ss/s3cret\n', 'password');
    const file = write(`database:\n  url: mysql://erp@db.example:3306/erp\n  passwordFile: ${passwordFile}\n`);
    const config = loadConfig({ file, env: {} });
    expect(decodeURIComponent(new URL(config.database.url).password)).to.equal('p@ss/s3cret');
    expect(JSON.stringify(maskedConfig(config)))
      .not.to.contain('s3cret')
      .and.not.contain('%2F');
    expect(maskedConfig(config).database.url).to.equal('mysql://erp:***@db.example:3306/erp');
  });

  it('reports a secret file that cannot be read', () => {
    const file = write('database:\n  url: mysql://erp@db/erp\n  passwordFile: /does/not/exist\n');
    expect(problemsOf(file)[0]).to.include({ source: '/does/not/exist', key: 'database.passwordFile' });
  });

  it('converts environment texts by what the key takes', () => {
    const env = {
      ERP_LOGGING_STDOUT: 'false',
      ERP_SERVER_TRUST_PROXY: '2',
      ERP_DATABASE_URL: 'mariadb://u@h/n',
      ERP_DATABASE_PASSWORD: '12345',
    };
    const config = loadConfig({ env });
    expect(config.logging.stdout).to.equal(false);
    expect(config.server.trustProxy).to.equal(2);
    expect(new URL(config.database.url).password).to.equal('12345');
  });

  it('treats a section with only comments as absent', () => {
    expect(loadConfig({ file: write('server:\n  # port: 1\nlocale: en\n'), env: {} }).server.port).to.equal(8480);
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({ env: {} }) as { server: { port: number } };
    expect(() => (config.server.port = 1)).to.throw(TypeError);
  });

  it('knows an own certificate from a given one', () => {
    const tlsOf = (text: string) =>
      loadConfig({ file: write(`dataDir: ${folder}\nserver:\n  tls:\n${text}`), env: {} }).server.tls;
    expect(tlsOf('    mode: own\n    names: "erp.lan, 10.0.0.1"\n    redirectPort: 8080\n')).to.deep.equal({
      mode: 'own',
      certFile: `${folder}/tls/server.crt`,
      keyFile: `${folder}/tls/server.key`,
      folder: `${folder}/tls`,
      names: ['erp.lan', '10.0.0.1'],
      redirectPort: 8080,
    });
    expect(tlsOf('    certFile: /a.crt\n    keyFile: /a.key\n')).to.include({ mode: 'given', certFile: '/a.crt' });
    expect(loadConfig({ env: {} }).server.tls).to.equal(undefined);
    expect(loadConfig({ env: { ERP_SERVER_TLS_MODE: 'own' } }).server.tls).to.include({ mode: 'own' });
    const problem = (text: string) => problemsOf(write(`server:\n  tls:\n${text}`))[0]?.key;
    expect(problem('    mode: given\n')).to.equal('server.tls.certFile');
    expect(problem('    certFile: a\n')).to.equal('server.tls.keyFile');
    expect(problem('    mode: own\n    certFile: a\n    keyFile: b\n')).to.equal('server.tls.mode');
  });

  it('is explained completely and correctly by the example file', () => {
    const example = resourcePath('config', 'example.yaml');
    expect(problemsOf(example)).to.deep.equal([]);
    // Uncommenting the commented keys must give a valid file too.
    const text = readFileSync(example, 'utf8').replace(/^(\s*)# (\s*\w+:( \S+)?)$/gm, '$1$2');
    const uncommented = write(text.replace(/passwordFile: .*/, `passwordFile: ${write('x', 'pw')}`));
    expect(problemsOf(uncommented)).to.deep.equal([]);
    const known = Object.keys(parse(text) as object);
    expect(known).to.have.members(Object.keys(loadConfig({ env: {} })));
  });
});
