import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bufferLines } from '../../../src/platform/logging/line-buffer';
import { createLogger, openLogger, redactUrl, requestLogger } from '../../../src/platform/logging';

function capture(level = 'info') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line: string) => void lines.push(line) });
  return { logger, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('logging', () => {
  it('writes one JSON object a line with a readable time and level', () => {
    const { logger, records } = capture();
    logger.info({ documentId: 17 }, 'posted');
    expect(records()[0]).to.include({ level: 'info', msg: 'posted', documentId: 17 });
    expect(String(records()[0]?.time)).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('hides secrets by name at any depth, in any spelling', () => {
    const { logger, lines } = capture();
    logger.info({
      password: 'S3CRET1',
      user: { newPassword: 'S3CRET2', 'api-key': 'S3CRET3', sessions: [{ csrf_token: 'S3CRET4', Cookie: 'S3CRET5' }] },
      headers: { Authorization: 'Bearer S3CRET6' },
      customer: { phone: '13800138000', mobileNumber: '13900139000', idCard: '11010519491231002X' },
      imei: '356938035643809',
    });
    expect(lines.join()).not.to.match(/S3CRET|138001|139001|11010519/);
    expect(lines.join()).to.contain('356938035643809');
  });

  it('hides them in child loggers too', () => {
    const { logger, lines } = capture();
    logger.child({ actor: { password: 'S3CRET' } }).info('hello');
    expect(lines.join()).to.contain('hello').and.not.contain('S3CRET');
  });

  it('keeps of an error its message, stack, code and cause, not what a driver attached', () => {
    const { logger, records, lines } = capture();
    const cause = Object.assign(new Error("Duplicate entry '13800138000'"), {
      code: 'ER_DUP_ENTRY',
      parameters: ['S3CRET'],
    });
    logger.error({ err: new Error('posting failed', { cause }) });
    const logged = records()[0]?.err as { message: string; stack: string; cause: { code: string; message: string } };
    expect(logged.message).to.equal('posting failed');
    expect(logged.stack).to.contain('logging.spec');
    expect(logged.cause.code).to.equal('ER_DUP_ENTRY');
    expect(logged.cause.message).to.equal("Duplicate entry '138****8000'");
    expect(lines.join()).not.to.contain('S3CRET');
  });

  it('survives values that contain themselves', () => {
    const { logger, lines } = capture();
    const loop: Record<string, unknown> = { name: 'a' };
    loop.self = loop;
    logger.info({ loop });
    expect(lines).to.have.length(1);
  });

  it('hides secret query parameters and mobile numbers in addresses', () => {
    expect(redactUrl('/setup?token=abc&step=2')).to.equal('/setup?token=[hidden]&step=2');
    expect(redactUrl('/a?pass%77ord=S3CRET&%E0%A4=1')).to.equal('/a?password=[hidden]&%E0%A4=1');
    expect(redactUrl('/customers/13800138000?q=13900139000')).to.equal('/customers/138****8000?q=139****9000');
    expect(redactUrl('/set-password/dG9rZW4?x=1')).to.equal('/set-password/[hidden]?x=1');
    expect(redactUrl('/devices/356938035643809')).to.equal('/devices/356938035643809');
  });

  it('logs a request with its id, which the response carries, and none of its headers', async () => {
    const { logger, records, lines } = capture();
    const middleware = requestLogger(logger);
    const server = createServer((request, response) => {
      middleware(request, response);
      response.statusCode = 403;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sales?token=S3CRET`;
    const response = await fetch(url, { headers: { cookie: 'sid=S3CRET', 'x-request-id': 'chosen-by-client' } });
    await new Promise((resolve) => server.close(resolve));
    const id = response.headers.get('x-request-id');
    expect(id).to.match(/^[2-9a-z]{10}$/);
    expect(records()[0]).to.nested.include({ level: 'warn', 'req.id': id, 'req.method': 'GET', 'res.status': 403 });
    expect(lines.join()).not.to.contain('S3CRET');
  });

  it('writes to a file in the folder and loses nothing at the end', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'erp-log-'));
    const { logger, close } = await openLogger({ level: 'info', dir: path.join(dir, 'deep', 'log'), stdout: false });
    for (let n = 1; n <= 500; n++) logger.info({ n }, 'line');
    logger.debug('below the level');
    await close();
    const [file = ''] = readdirSync(path.join(dir, 'deep', 'log'));
    const lines = readFileSync(path.join(dir, 'deep', 'log', file), 'utf8')
      .trimEnd()
      .split('\n');
    rmSync(dir, { recursive: true });
    expect(file).to.match(/^phone-erp\.\d{4}-\d\d-\d\d\.\d+\.log$/);
    expect(lines).to.have.length(500);
  });

  it('writes lines together, at the latest after a tenth of a second', async () => {
    const written: string[] = [];
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const target = { write: (text: string) => (written.push(text), tell()), flushSync: () => undefined };
    const lines = bufferLines(target);
    lines.write('one\n');
    lines.write('two\n');
    expect(written).to.eql([]);
    // The buffer's own timer keeps no process alive.
    const alive = setInterval(() => undefined, 1000);
    await told;
    clearInterval(alive);
    expect(written).to.eql(['one\ntwo\n']);
    lines.write('three\n');
    lines.close();
    expect(written).to.eql(['one\ntwo\n', 'three\n']);
  });
});
