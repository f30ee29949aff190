import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesWith, programFromSource } from '../../support/setup-command';
import { keys, parameterQuestions, SetupTerminal } from '../../support/setup-terminal';
import { skipWithoutProgram } from '../../support/skip';

const PASSWORD = 'tangerine-Kettle-91';
const { enter: ENTER, up: UP, down: DOWN, escape: ESCAPE, interrupt: INTERRUPT } = keys;

describe('setup in a terminal', function () {
  this.timeout(240_000);
  this.slow(60_000);
  let folder: string;
  let script: string;
  let terminal: SetupTerminal | undefined;
  before(function () {
    script = skipWithoutProgram(this, ['script'], 'makes the pseudo-terminal in which the setup is tested');
  });
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-terminal-'))));
  afterEach(() => {
    terminal?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (locale: string): SetupTerminal =>
    new SetupTerminal(script, [...programFromSource, 'setup'], { folder, locale });

  /** Up to the folders, going back once on the way. */
  async function begin(one: SetupTerminal): Promise<void> {
    await one.answer('/ Language', DOWN, ENTER);
    await one.acceptUntil('Where will the product run?', DOWN, ENTER);
    await one.answer('Installation folder', ESCAPE);
    await one.answer('Where will the product run?', ENTER);
    await one.answer('Installation folder', path.join(folder, 'app'), ENTER);
    await one.answer('Data folder', ENTER);
  }

  it('asks, goes back, stops, goes on, shows progress, and shows no secret', async () => {
    terminal = start('zh-CN');
    await begin(terminal);
    await terminal.answer('Which database?', INTERRUPT);
    expect(await terminal.ended).to.equal(3);
    const state = path.join(folder, 'phone-erp-setup.json');
    expect(statSync(state).mode & 0o777).to.equal(0o600);
    expect(existsSync(path.join(folder, 'app'))).to.equal(false);

    terminal = start('en');
    await terminal.answer('Going on with the setup');
    await terminal.acceptUntil('Which database?', UP, ENTER);
    await terminal.answer('How are the backups encrypted?', ENTER);
    await terminal.answer('Where is the private key kept?', ENTER);
    await terminal.answer('Which file is the recovery sheet', ENTER);
    await terminal.answer('Where does the daily backup go?', ENTER);
    await terminal.answer('Folder of the backups', ENTER);
    await terminal.answer('Fill in a sample company?', ENTER);
    await terminal.answer('Company name', 'Test Phones', ENTER);
    for (const optional of ['Tax number', 'Phone', 'Address', 'Time zone']) await terminal.answer(optional, ENTER);
    await terminal.answer('Stores and warehouses', 'X', ENTER);
    await terminal.answer('One a line', keys.clear, 'NJ01 Xinjiekou; CK01 Centre warehouse', ENTER);
    await terminal.answer('Login', ENTER);
    await terminal.answer('Name', ENTER);
    await terminal.answer('How is the password set?', DOWN, ENTER);
    await terminal.answer('Password of the administrator', 'short', ENTER);
    await terminal.answer('Once more', 'short', ENTER);
    await terminal.answer('It cannot go on like this', ENTER);
    await terminal.answer('Login', ENTER);
    await terminal.answer('Name', ENTER);
    await terminal.answer('How is the password set?', ENTER);
    await terminal.answer('Password of the administrator', PASSWORD, ENTER);
    await terminal.answer('Once more', PASSWORD, ENTER);
    await terminal.answer('Which modules shall be on?', ENTER);
    for (const question of parameterQuestions()) await terminal.answer(question, ENTER);
    await terminal.answer('Name or address of the server', 'localhost', ENTER);
    await terminal.answer('Address to listen on', '127.0.0.1', ENTER);
    await terminal.answer('Port', '28480', ENTER);
    await terminal.answer('HTTPS certificate', ENTER);
    await terminal.answer('Install the service and start it now?', ENTER);
    await terminal.answer('Run the acceptance test now?', ENTER);
    await terminal.answer('All checks are passed', ENTER);
    await terminal.answer('The setup is complete.');
    const key = path.join(folder, 'app', 'recovery', 'backup.key');
    const [identity = ''] = readFileSync(key, 'utf8').match(/AGE-SECRET-KEY-\S+/) ?? [];
    await terminal.answer('Type the last four characters', 'XXXX', ENTER);
    await terminal.answer('These are not the last four', keys.clear, identity.slice(-4).toLowerCase(), ENTER);
    expect(await terminal.ended, terminal.text).to.equal(0);
    expect(terminal.text).to.include('https://localhost').and.not.include(PASSWORD).and.not.include('short');
    expect(terminal.text).to.match(/[█░]{24} \d+ \/ \d+/);
    expect(filesWith(folder, PASSWORD)).to.deep.equal([]);
    expect(filesWith(folder, identity), 'the private key is on paper alone').to.deep.equal([]);
    expect(terminal.text).to.not.include(identity);
    expect(existsSync(state)).to.equal(false);
    expect(readFileSync(path.join(folder, 'app', 'config.yaml'), 'utf8')).to.include('edition: cloud');
  });
});
