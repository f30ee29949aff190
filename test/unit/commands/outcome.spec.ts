import { expect } from 'chai';
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { explainDomainError } from '../../../src/commands/words';
import { DomainError, notFound } from '../../../src/kernel';
import { version } from '../../../src/platform/version';

const src = fileURLToPath(new URL('../../../src/', import.meta.url));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function run(args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const main = (...args: string[]) => run([`${src}main.ts`, ...args]);

/** Runs a program that has one command, `try`, with this body, in a process of its own. */
function tryCommand(body: string, ...args: string[]): Promise<Outcome> {
  const file = (name: string) => JSON.stringify(pathToFileURL(`${src}${name}.ts`).href);
  const script = `
    import { runProgram } from ${file('commands/program')};
    import { RefusedError, UsageError, runCommand } from ${file('commands/outcome')};
    import { DomainError } from ${file('kernel/errors')};
    const register = (program) => program.command('try').option('--json').action((options) => runCommand(options, async (out) => { ${body} }));
    await runProgram({ try: async () => ({ register }) }, ${JSON.stringify(['try', ...args])});`;
  return run(['--input-type=module', '-e', script]);
}

describe('command line', () => {
  it('prints its version and nothing else', async () => {
    expect(await main('--version')).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('answers an unknown command or option with code 2 and a hint', async () => {
    const [command, option, prototype] = await Promise.all([main('nonsense'), main('--nonsense'), main('constructor')]);
    expect([command.code, option.code, prototype.code]).to.deep.equal([2, 2, 2]);
    expect(option.stderr).to.contain('--help');
  });

  it('points at the help of the command that was called wrongly', async () => {
    const [option, dry] = await Promise.all([
      main('maintenance', 'on', '--message', 'x'),
      main('config', 'rollback', '1', '--config', '/nowhere'),
    ]);
    expect([option.code, option.stderr]).to.deep.equal([
      2,
      "error: unknown option '--message'\n(phone-erp maintenance on --help)\n",
    ]);
    expect(dry.code).to.equal(2);
    expect(dry.stderr).to.include('--reason says why');
  });

  it('names what is not there', () => {
    const missing = notFound('crm.customer', 'KH1');
    expect(explainDomainError(missing, { ERP_LOCALE: 'zh-CN' })).to.match(/^找不到\S+ KH1。$/);
    expect(explainDomainError(notFound('no.such', 7), { ERP_LOCALE: 'en' })).to.equal('There is no no.such 7.');
  });

  it('goes on when nobody reads any more', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', `${src}main.ts`, '--help']);
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, said]).to.deep.equal([0, '']);
  });

  it('says things to people on standard output, progress on standard error', async () => {
    const outcome = await tryCommand(`out.progress('half'); out.say('done');`);
    expect(outcome).to.deep.equal({ code: 0, stdout: 'done\n', stderr: 'half\n' });
  });

  it('prints only the result under --json', async () => {
    const { stdout, stderr, code } = await tryCommand(
      `out.say('for people'); out.fail(); return { ok: false, count: 3 };`,
      '--json',
    );
    expect(JSON.parse(stdout)).to.deep.equal({ ok: false, count: 3 });
    expect(stderr).to.equal('for people\n');
    expect(code).to.equal(1);
  });

  it('tells refused, wrong use and defect apart by exit code', async () => {
    const bodies = [
      `throw new DomainError('errors:stale')`,
      `throw new RefusedError('no')`,
      `throw new UsageError('which?')`,
      `throw new Error('bug')`,
    ];
    const outcomes = await Promise.all(bodies.map((body) => tryCommand(body)));
    expect(outcomes.map(({ code }) => code)).to.deep.equal([3, 3, 2, 1]);
    expect(outcomes[1]?.stderr).to.equal('no\n');
    expect(outcomes[3]?.stderr).to.contain('at ');
  });

  it('gives an error as JSON under --json', async () => {
    const { stdout, code } = await tryCommand(
      `throw new DomainError('errors:quantity.not_whole', { details: { value: 1.5 } })`,
      '--json',
    );
    expect(JSON.parse(stdout)).to.nested.include({
      ok: false,
      'error.code': 'errors:quantity.not_whole',
      'error.details.value': 1.5,
    });
    expect(stdout).to.contain('1.5').and.not.contain('{{');
    expect(code).to.equal(3);
  });

  it('says an expected failure in words, with the fields that are not right', () => {
    const error = new DomainError('errors:form', { fields: [{ path: 'name', code: 'errors:field.required' }] });
    expect(explainDomainError(error, { LANG: 'zh_CN.UTF-8' })).to.match(/\p{Script=Han}.*\n {2}name: .*必须填/su);
    expect(explainDomainError(error, { LANG: 'C' })).to.match(/\w.*\n {2}name: .*must be filled/s);
    expect(explainDomainError(error, { LANG: 'C', ERP_LOCALE: 'zh-CN' })).to.contain('必须填');
  });
});
