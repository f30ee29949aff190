import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { invalid, notFound } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  json,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { type Installation, installationAt, programOf, versionOfLink } from '../../../platform/release';
import {
  isAtWork,
  readUpgrade,
  upgradeFolder,
  upgradeProgress,
  type UpgradeState,
  workSince,
} from '../../upgrade/look';
import type { SystemPages } from '../system-pages';
import { mayGoBack, UPGRADE, UPGRADE_PERMISSION, upgradePage } from './upgrade.page';

const access = { permission: UPGRADE_PERMISSION };
const MB = 1024 * 1024;
/** The program is 133 MB; lists and signature lie beside it. */
const MOST_BYTES = 400 * MB;
const BEGIN_MS = 5000;
/** phone-erp-1.2.0-linux-x64, CHECKSUMS.sha256.sig: no dot first, nothing that leads elsewhere. */
const PACKAGE_NAME = /^[A-Za-z0-9][\w.-]{0,120}$/;

const wanted = z.object({
  operationKey: fields.operationKey,
  file: fields.text,
  rehearseOnly: z.string().optional(),
});

/** 设置 › 升级: a package is uploaded or named, rehearsed, and put in place by a process of its own that outlives this server. */
export function upgradeRoutes({ configFile }: SystemPages): Route[] {
  const find = (): { installation: Installation; configFile: string } | undefined => {
    const installation = configFile === undefined ? undefined : installationAt(configFile);
    return installation && configFile !== undefined ? { installation, configFile } : undefined;
  };
  const required = () => {
    const found = find();
    if (!found) throw notFound('system.upgrade', 'installation');
    return found;
  };
  const show = async (ctx: Ctx, form?: FormState, status = 200): Promise<Reply> => {
    const uploaded = await uploadedPackage(ctx);
    const model = upgradePage(ctx, find()?.installation, form ?? emptyForm({ file: uploaded }));
    return page('upgrade/index', ctx.t('upgrade:title'), model, { status });
  };
  return [
    { method: 'get', path: UPGRADE, access, handler: (ctx) => show(ctx) },
    {
      method: 'get',
      path: `${UPGRADE}/progress`,
      access,
      handler: (ctx) => {
        const state = readUpgrade(ctx.services.config);
        const { done, total } = upgradeProgress(state, ctx.t);
        const running = state?.steps.find(({ state: is }) => is === 'running');
        return Promise.resolve(
          json({
            label: running ? ctx.t(`upgrade:step.${running.id}`) : '',
            done,
            total,
            // A step more is done: the page is shown anew, with what it found.
            state: isAtWork(ctx.services.config) && ctx.query['done'] === String(done) ? 'running' : 'finished',
            href: UPGRADE,
          }),
        );
      },
    },
    {
      method: 'post',
      path: `${UPGRADE}/packages`,
      access,
      upload: { maxBytes: MOST_BYTES, maxFiles: 4, folder: ({ dataDir }) => incomingFolder(dataDir) },
      handler: async (ctx) => {
        required();
        await keepUploaded(ctx);
        return redirect(UPGRADE, { kind: 'ok', text: ctx.t('upgrade:page.uploaded') });
      },
    },
    {
      method: 'post',
      path: `${UPGRADE}/runs`,
      access,
      handler: (ctx) =>
        submit(
          ctx,
          wanted,
          async ({ file, rehearseOnly }) => {
            if (file === '' || !path.isAbsolute(file))
              throw invalid('errors:form', {}, [{ path: 'file', code: 'upgrade:page.fileWrong' }]);
            const more = rehearseOnly === undefined ? ['--yes'] : ['--rehearse-only'];
            return begin(ctx, required(), [file, ...more]);
          },
          (form, status) => show(ctx, form, status),
        ),
    },
    {
      method: 'get',
      path: `${UPGRADE}/rollback/new`,
      access,
      handler: async (ctx) => {
        const state = readUpgrade(ctx.services.config);
        // The page says which version is in force, and offers the way back when there is one.
        if (!find() || !mayGoBack(state)) return redirect(UPGRADE);
        return page('upgrade/ask', ctx.t('upgrade:page.askBack'), await questionBack(ctx, state));
      },
    },
    {
      method: 'post',
      path: `${UPGRADE}/rollback`,
      access,
      handler: (ctx) => begin(ctx, required(), ['rollback', ...(ctx.body['lose'] === '1' ? ['--yes'] : [])]),
    },
  ];
}

const incomingFolder = (dataDir: string): string => path.join(upgradeFolder({ dataDir }), 'incoming');

async function keepUploaded({ files, services }: Ctx): Promise<void> {
  const arrived = incomingFolder(services.config.dataDir);
  const folder = path.join(arrived, 'package');
  const named = files.filter(({ file }) => file !== undefined);
  if (named.length === 0) throw invalid('errors:form', {}, [{ path: 'files', code: 'errors:field.required' }]);
  if (named.some(({ name }) => !PACKAGE_NAME.test(path.basename(name))))
    throw invalid('errors:form', {}, [{ path: 'files', code: 'upgrade:page.fileWrong' }]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name, file } of named)
    if (file !== undefined) await rename(file, path.join(folder, path.basename(name)));
  for (const name of await readdir(arrived))
    if (name !== 'package') await rm(path.join(arrived, name), { force: true });
  for (const name of await readdir(folder))
    if (!name.startsWith('CHECKSUMS')) await chmod(path.join(folder, name), 0o700);
}

/** The program among the uploaded files: the one that is no list. */
async function uploadedPackage({ services }: Ctx): Promise<string> {
  const folder = path.join(incomingFolder(services.config.dataDir), 'package');
  const names = await readdir(folder).catch(() => []);
  const program = names.find((name) => !name.startsWith('CHECKSUMS'));
  return program === undefined ? '' : path.join(folder, program);
}

/** By a process of its own: it goes on when this server gives way to the new version. */
async function begin(
  { services, actor }: Ctx,
  { installation, configFile }: { installation: Installation; configFile: string },
  args: readonly string[],
): Promise<Reply> {
  const { config } = services;
  if (isAtWork(config)) return redirect(UPGRADE);
  mkdirSync(upgradeFolder(config), { recursive: true, mode: 0o700 });
  const log = openSync(path.join(upgradeFolder(config), 'run.log'), 'w', 0o600);
  const before = readUpgrade(config)?.id;
  const child = spawn(
    programOf(installation, versionOfLink(installation) ?? ''),
    ['upgrade', ...args, '--config', configFile, '--by', actor.name, '--json'],
    { detached: true, stdio: ['ignore', log, log], windowsHide: true },
  );
  closeSync(log);
  child.unref();
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  for (const late = Date.now() + BEGIN_MS; !ended && Date.now() < late && readUpgrade(config)?.id === before;)
    await pause(50);
  return redirect(UPGRADE);
}

async function questionBack({ t, read }: Ctx, state: UpgradeState): Promise<object> {
  const lost = await workSince(read, state.openedAt ?? 0);
  return {
    title: t('upgrade:page.askBack'),
    effects: [
      t('upgrade:page.backEffect', { from: state.from, to: state.to ?? '' }),
      t('upgrade:filesStay'),
      ...(lost.length === 0
        ? [t('upgrade:page.nothingLost')]
        : [t('upgrade:lost'), ...lost.map(({ action, count }) => `${count} × ${t(action.replace('.', ':audit.'))}`)]),
    ],
    action: `${UPGRADE}/rollback`,
    verb: t('upgrade:page.back'),
    danger: lost.length > 0,
    cancelHref: UPGRADE,
    fields: lost.length > 0 ? { lose: '1' } : {},
  };
}
