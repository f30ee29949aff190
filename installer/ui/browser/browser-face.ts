import { randomBytes } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { CheckOutcome, Text } from '../../../src/platform/checks';
import { refuseForeignOrigin } from '../../../src/platform/http/csrf';
import { isSame, readCookies, setCookie } from '../../../src/platform/http/cookies';
import { securityHeaders } from '../../../src/platform/http/security-headers';
import type { Translate } from '../../../src/platform/i18n';
import { resourcePath } from '../../../src/platform/resources';
import {
  assetRoutes,
  assetVersionOf,
  createRenderer,
  formattersFor,
  iconPrinter,
  type Page,
} from '../../../src/platform/views';
import { type Problem, StepFailed, type Step, type Wizard } from '../../engine';
import type { SetupSummary } from '../../finish';
import { isDomainError } from '../../../src/kernel';
import { confirmSheet, type SetupEnvironment } from '../../steps';
import { sayError, sayIn } from '../say';
import { isLoopback, listenForSetup } from './setup-server';
import { stepModel, typedValues } from './step-page';

export interface BrowserOptions {
  host: string;
  port: number;
  translator: (locale: 'zh-CN' | 'en') => Translate;
  locale: () => 'zh-CN' | 'en';
  finish: () => Promise<SetupSummary>;
  /** Told the addresses with the one-time token, and the fingerprint of the certificate where it serves HTTPS. */
  listening: (where: { addresses: readonly string[]; fingerprint: string | null }) => void;
}

const COOKIE = 'erp_setup';
const ENDING = ['SIGINT', 'SIGTERM'] as const;
/** How long the last page can be loaded again when nobody closes it. */
const LAST_PAGE_MS = 30 * 60_000;
/** Where no script follows the progress, the page is loaded again. */
const REFRESH_SECONDS = 3;

interface Work {
  state: 'idle' | 'running' | 'failed' | 'finished';
  label: string;
  done: number;
  total: number;
  lines: { title: string; detail: string; tone: 'ok' | 'bad' }[];
  summary?: SetupSummary;
}

/**
 * The setup in a browser. The token of the printed address opens it once; from then on a cookie does, for that browser alone.
 * Resolves when the last page was closed, by its button or by Ctrl-C on the console.
 */
export async function runBrowser(wizard: Wizard<SetupEnvironment>, options: BrowserOptions): Promise<'done'> {
  const token = randomBytes(24).toString('base64url');
  let session: string | undefined;
  const publicFolder = resourcePath('public');
  const assetVersion = assetVersionOf(publicFolder);
  const render = createRenderer({ viewsFolder: resourcePath('views') });
  const reports = new Map<string, { outcomes: readonly CheckOutcome[]; acceptable: boolean }>();
  const work: Work = { state: 'idle', label: '', done: 0, total: 0, lines: [] };
  const t = (): Translate => options.translator(options.locale());
  const say = (text: Text): string => sayIn(t())(text);
  let stop: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (stop = resolve));
  let closing: NodeJS.Timeout | undefined;

  const app = express();
  app.disable('x-powered-by');
  app.use(...securityHeaders({ https: !isLoopback(options.host) }));
  app.use(assetRoutes(publicFolder, assetVersion));
  app.use(express.urlencoded({ extended: false, limit: '200kb' }));
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.set('Cache-Control', 'no-store');
    if (request.method !== 'GET') refuseForeignOrigin(request, undefined);
    const given = request.query['token'];
    // One browser: the first that brings the token.
    if (session === undefined && typeof given === 'string' && isSame(given, token)) {
      session = randomBytes(24).toString('base64url');
      setCookie(request, response, COOKIE, session);
      response.redirect(303, '/');
      return;
    }
    if (session !== undefined && isSame(readCookies(request).get(COOKIE) ?? '', session)) {
      next();
      return;
    }
    response.status(403);
    page(response, 'installer/token', say({ key: 'setup:browser.locked' }), {});
  });

  function page(
    response: Response,
    view: string,
    title: string,
    model: object,
    more: { refreshSeconds?: number } = {},
  ): void {
    const context: Page = {
      ...more,
      t: t(),
      f: formattersFor(options.locale(), 'Asia/Shanghai'),
      icon: iconPrinter(assetVersion),
      locale: options.locale(),
      theme: 'light',
      title,
      csrfToken: '',
      assetVersion,
      version: wizard.context.env.program.version,
      edition: '',
      path: '/',
      user: null,
      stores: [],
      currentStore: null,
      menu: [],
      tabbar: [],
      alerts: { count: 0, href: '/' },
      helpHref: '/',
      flash: null,
      model: { ...model, steps: stepList() },
    };
    response.type('html').send(render(view, context, 'wizard'));
  }

  function stepList(): { label: string; fact: string; state: 'done' | 'now' | 'later' }[] {
    const here = work.state === 'idle' ? wizard.current()?.id : undefined;
    return shownSteps().map((step) => {
      const fact = wizard.isPassed(step) ? step.fact?.(wizard.context) : undefined;
      return {
        label: say(step.title),
        fact: fact ? say(fact) : '',
        state: step.id === here ? 'now' : wizard.isPassed(step) ? 'done' : 'later',
      };
    });
  }

  const shownSteps = (): Step<SetupEnvironment>[] =>
    wizard.steps().filter((step) => step.check !== undefined || wizard.questions(step).length > 0);

  function showStep(
    response: Response,
    step: Step<SetupEnvironment>,
    problems: readonly Problem[] = [],
    typed = {},
  ): void {
    const report = reports.get(step.id);
    const model = stepModel(wizard, step, { say, t: t(), problems, typed, ...(report && { report }) });
    const steps = shownSteps();
    page(response, 'installer/step', model.title, {
      ...model,
      number: steps.indexOf(step) + 1,
      of: steps.length,
      first: steps[0]?.id === step.id,
    });
  }

  const showEnd = (
    response: Response,
    summary: SetupSummary,
    ending: { problem?: string; taken?: boolean } = {},
  ): void =>
    page(response, 'installer/finished', say({ key: 'setup:summary.title' }), {
      summary,
      ending,
      next: summary.backup.next.map((one) => say(one.text)),
    });

  app.get('/', (_request, response) => {
    if (work.state === 'finished' && work.summary) {
      showEnd(response, work.summary);
      return;
    }
    if (work.state !== 'idle') {
      const more = work.state === 'running' ? { refreshSeconds: REFRESH_SECONDS } : {};
      page(response, 'installer/progress', say({ key: 'setup:browser.working' }), { work }, more);
      return;
    }
    const step = wizard.current();
    if (step) {
      showStep(response, step);
      return;
    }
    const plan = wizard.steps().flatMap((one) => (one.plan?.(wizard.context) ?? []).map(say));
    page(response, 'installer/ready', say({ key: 'setup:terminal.plan' }), { plan });
  });

  app.post('/step', async (request, response) => {
    const step = wizard.current();
    const body = request.body as Record<string, unknown>;
    if (work.state !== 'idle' || !step || body['step'] !== step.id) {
      response.redirect(303, '/');
      return;
    }
    const values = typedValues(wizard, step, body);
    const result = await wizard.submit(values, { accept: body['accept'] === '1' });
    if (result.kind === 'problems') {
      response.status(422);
      showStep(response, step, result.problems, values);
      return;
    }
    if (result.kind === 'report') reports.set(step.id, result);
    else reports.delete(step.id);
    response.redirect(303, '/');
  });

  app.post('/back', (_request, response) => {
    if (work.state === 'idle' || work.state === 'failed') {
      work.state = 'idle';
      wizard.back();
    }
    response.redirect(303, '/');
  });

  app.post('/begin', (_request, response) => {
    if ((work.state === 'idle' || work.state === 'failed') && wizard.current() === undefined) void doAll();
    response.redirect(303, '/');
  });

  app.get('/recovery-sheet', (_request, response, next) => {
    const sheet = work.summary?.backup.sheet;
    if (typeof sheet !== 'string') next();
    else response.download(sheet, 'recovery-sheet.html', { dotfiles: 'allow' });
  });

  app.post('/recovery-sheet', (request, response) => {
    const { summary } = work;
    if (!summary || summary.backup.key === null) {
      response.redirect(303, '/');
      return;
    }
    try {
      const body = request.body as Record<string, unknown>;
      summary.backup = confirmSheet(summary.backup, typeof body['ending'] === 'string' ? body['ending'] : '');
      showEnd(response, summary, { taken: true });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      response.status(422);
      showEnd(response, summary, { problem: sayError(error, say) });
    }
  });

  app.post('/end', (_request, response) => {
    if (work.state !== 'finished') {
      response.redirect(303, '/');
      return;
    }
    page(response, 'installer/closed', say({ key: 'setup:browser.closed' }), {});
    response.once('finish', stop);
  });

  app.get('/progress', (_request, response) => {
    response.json({ label: work.label, done: work.done, total: work.total, state: work.state, href: '/' });
  });

  async function doAll(): Promise<void> {
    Object.assign(work, { state: 'running', lines: [], done: 0, total: 0, label: '' });
    const titles = new Map(wizard.steps().map(({ id, title }) => [id, title]));
    const titleOf = (id: string): string => say(titles.get(id) ?? { key: 'setup:verbatim', values: { text: id } });
    try {
      await wizard.run((event) => {
        if (event.kind === 'start') Object.assign(work, { label: titleOf(event.step), done: 0, total: 0 });
        if (event.kind === 'progress')
          Object.assign(work, {
            label: `${titleOf(event.step)} · ${say(event.label)}`,
            done: event.done,
            total: event.total,
          });
        if (event.kind === 'done')
          work.lines.push({ title: titleOf(event.step), detail: event.detail ? say(event.detail) : '', tone: 'ok' });
        if (event.kind === 'failed')
          work.lines.push({ title: titleOf(event.step), detail: sayError(event.error, say), tone: 'bad' });
      });
      work.summary = await options.finish();
      work.state = 'finished';
      // Before, they end the process at once: the next run goes on.
      for (const signal of ENDING) process.once(signal, stop);
      closing = setTimeout(stop, LAST_PAGE_MS);
    } catch (error) {
      if (!(error instanceof StepFailed)) work.lines.push({ title: '', detail: sayError(error, say), tone: 'bad' });
      work.state = 'failed';
    }
  }

  const server = await listenForSetup(app, options.host, options.port);
  const withToken = server.addresses.map((address) => `${address}/?token=${token}`);
  options.listening({ addresses: withToken, fingerprint: server.fingerprint });
  await over;
  for (const signal of ENDING) process.off(signal, stop);
  clearTimeout(closing);
  await server.close();
  return 'done';
}
