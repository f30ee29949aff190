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

  describe('backup targets', () => {
    const sftp = (more: string) =>
      write(
        `backup:\n  targets:\n    - id: off-site\n      kind: sftp\n      host: h\n      user: u\n      path: p\n${more}`,
      );
    const secretOf = (file: string, env: NodeJS.ProcessEnv = {}) => {
      const [target] = loadConfig({ file, env }).backup.targets;
      return target?.kind === 'sftp' ? target.password : undefined;
    };

    it('take their secrets from a file or from the environment, which wins, and never show them', () => {
      const file = sftp(`      passwordFile: ${write('of the file\n', 'sftp-password')}\n`);
      expect(secretOf(file)).to.equal('of the file');
      expect(secretOf(file, { ERP_BACKUP_TARGETS_OFF_SITE_PASSWORD: '123' })).to.equal('123');
      const config = loadConfig({ file, env: { ERP_BACKUP_PASSPHRASE: 'a secret passphrase' } });
      expect(config.backup.passphrase).to.equal('a secret passphrase');
      const shown = JSON.stringify(maskedConfig(config));
      expect(shown).to.contain('off-site').and.not.contain('of the file').and.not.contain('a secret passphrase');
    });

    it('say at which line something is missing, unknown or there twice', () => {
      expect(problemsOf(sftp(''))[0]).to.include({ key: 'backup.targets.0.password' });
      expect(problemsOf(sftp('      password: x\n      bucket: b\n'))[0]).to.include({
        key: 'backup.targets.0.bucket',
        line: 9,
      });
      const twice = '- { id: a, kind: local, path: /b }\n';
      expect(problemsOf(write(`backup:\n  targets:\n    ${twice}    ${twice}`))[0]).to.include({
        key: 'backup.targets.1.id',
        line: 4,
      });
      expect(problemsOf(write('backup:\n  at: 25:00\n'))[0]).to.include({ key: 'backup.at', line: 2 });
    });

    it('refuse a secret of a target that is not there, and an address with a password in it', () => {
      expect(problemsOf(undefined, { ERP_BACKUP_TARGETS_OTHER_PASSWORD: 'x' })[0]).to.include({
        key: 'ERP_BACKUP_TARGETS_OTHER_PASSWORD',
      });
      const url = 'https://u:p@nas/dav';
      expect(problemsOf(write(`backup:\n  targets: [{ id: a, kind: webdav, url: '${url}' }]\n`))[0]?.key).to.equal(
        'backup.targets.0.url',
      );
    });

    it('of the example file are all right', () => {
      const list = readFileSync(resourcePath('config', 'example.yaml'), 'utf8')
        .split('\n')
        .filter((line) => /^ {2}#( {3}- \{| {7})/.test(line))
        .map((line) => line.replace('#', ' ').replace(/(\w+File): [^ ,]+/, `$1: ${write('x', 'example-secret')}`))
        .join('\n');
      const { targets } = loadConfig({ file: write(`backup:\n  targets:\n${list}\n`), env: {} }).backup;
      expect(targets.map(({ kind }) => kind)).to.deep.equal(['local', 'sftp', 's3', 'webdav']);
    });

    it('can be given by the environment alone', () => {
      const { targets, recipients } = loadConfig({
        env: {
          ERP_BACKUP_TARGETS: '[{"id":"disk","kind":"local","path":"/mnt/backup"}]',
          ERP_BACKUP_RECIPIENTS: `age1${'q'.repeat(58)}, age1${'p'.repeat(58)}`,
        },
      }).backup;
      expect(targets).to.deep.equal([{ id: 'disk', kind: 'local', path: '/mnt/backup' }]);
      expect(recipients).to.have.length(2);
    });
  });

  it('is explained completely and correctly by the example file', () => {
    const example = resourcePath('config', 'example.yaml');
    expect(problemsOf(example)).to.deep.equal([]);
    // Uncommenting the commented keys must give a valid file too.
    const text = readFileSync(example, 'utf8').replace(/^(\s*)# (\s*\w+:( \S+)?)$/gm, '$1$2');
    const uncommented = write(
      text.replace(/^(\s*(?:pass\w+|token)File:) .*/gm, `$1 ${write('twelve characters', 'pw')}`),
    );
    expect(problemsOf(uncommented)).to.deep.equal([]);
    const known = Object.keys(parse(text) as object);
    expect(known).to.have.members(Object.keys(loadConfig({ env: {} })));
  });
});
