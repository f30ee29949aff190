import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resourcePath } from '../../../src/platform/resources';

const SUPPORT = JSON.stringify(resourcePath('test', 'support', 'skip.ts'));

describe('test runner', () => {
  let project: string;
  // Inside the project, so that the packages are found.
  before(() => {
    mkdirSync(resourcePath('out'), { recursive: true });
    project = mkdtempSync(resourcePath('out', 'runner-'));
    mkdirSync(path.join(project, 'test', 'unit'), { recursive: true });
  });
  after(() => rmSync(project, { recursive: true }));

  const file = (name: string, body: string) =>
    writeFileSync(
      path.join(project, 'test', 'unit', `${name}.spec.ts`),
      `import { skipUnless, skipWithoutEnvironment } from ${SUPPORT};\n${body}`,
    );
  const run = (
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; lines: string[]; output: string }> =>
    new Promise((resolve) => {
      const options = { cwd: project, env: { ...process.env, ERP_TEST_NO_SKIP: '', ...env } };
      execFile(
        process.execPath,
        ['--import', 'tsx', resourcePath('scripts', 'test.ts'), ...args],
        options,
        (error, stdout, stderr) =>
          resolve({
            code: error ? Number(error.code) : 0,
            lines: stdout.trimEnd().split('\n'),
            output: stdout + stderr,
          }),
      );
    });

  before(() => {
    file('good', `describe('good', () => { it('works', () => {}); });`);
    file('bad', `describe('bad', () => { it('breaks', () => { throw new Error('as it should'); }); });`);
    file(
      'late',
      `describe('late', () => { it('rejects unseen', async () => { void Promise.reject(new Error('nobody waits')); await new Promise(() => {}); }); });`,
    );
    file('crash', `describe('crash', () => { it('goes', () => { process.exit(0); }); it('never comes', () => {}); });`);
    file('broken', `import './there-is-no-such-file.ts'; it('never', () => {});`);
    file(
      'skips',
      `describe('skips', () => {
        it('one', function () { skipUnless(this, false, 'no printer'); });
        describe('all', () => { before(function () { skipUnless(this, false, 'no server'); }); it('two', () => {}); });
        it('outside', function () { skipWithoutEnvironment(this, 'ERP_TEST_NOWHERE_URL'); });
        it('works', () => {});
      });`,
    );
  });

  it('ends with the plain line', async () => {
    const { code, lines } = await run(['test/unit/good.spec.ts']);
    expect(lines.at(-1)).to.equal('1 passed, 0 failed, 0 skipped');
    expect(code).to.equal(0);
  });

  it('counts a failure, a rejection nobody waits for, a file that cannot be loaded and a process that dies', async () => {
    const { code, lines, output } = await run([]);
    expect(lines.at(-1)).to.equal('2 passed, 4 failed, 3 skipped');
    expect(code).to.equal(1);
    for (const text of [
      'as it should',
      'nobody waits',
      'there-is-no-such-file',
      'ended (exit code 0) while the file ran',
    ])
      expect(output).to.contain(text);
  });

  it('names what was skipped and why', async () => {
    const { code, lines } = await run(['test/unit/skips.spec.ts']);
    expect(lines).to.include('- skips one [test/unit/skips.spec.ts]: no printer');
    expect(lines).to.include('- skips all two [test/unit/skips.spec.ts]: no server');
    expect(lines.at(-1)).to.equal('1 passed, 0 failed, 3 skipped');
    expect(code).to.equal(0);
  });

  it('turns skips into failures on demand, but for outside services', async () => {
    const { code, lines } = await run(['test/unit/skips.spec.ts'], { ERP_TEST_NO_SKIP: '1' });
    expect(lines.at(-1)).to.equal('1 passed, 2 failed, 1 skipped');
    expect(code).to.equal(1);
  });

  it('refuses a name that selects nothing', async () => {
    const { code, output } = await run(['integration']);
    expect(code).to.equal(1);
    expect(output).to.contain('"integration"');
  });

  it('fails when no test was run', async () => {
    const { code, lines } = await run([
      'unit',
      '--grep',
      'nothing is called so',
      'test/unit/good.spec.ts',
      '--jobs',
      '1',
    ]);
    expect(code).to.equal(1);
    expect(lines.at(-1)).to.match(/^0 passed, \d failed, 0 skipped$/);
  });
});
