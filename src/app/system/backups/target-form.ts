import { statfsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DomainError, invalid, isDomainError } from '../../../kernel';
import type { Config } from '../../../platform/config';
import { embeddedFile } from '../../../platform/database';
import { DEFAULT_PORTS, probeDatabase, serverTarget } from '../../../platform/database/probe';
import { type Ctx, fields } from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { databaseAddress, lookAtTarget } from '../../backup';

/** Which database is to be filled: a new file in the data folder, or an empty one on a server. */
export const targetFields = {
  place: z.enum(['embedded', 'server'], { message: 'errors:field.required' }),
  file: fields.text,
  kind: fields.text,
  host: fields.text,
  port: fields.text,
  database: fields.text,
  user: fields.text,
  password: fields.text,
  encryption: fields.text,
};

const target = z.object(targetFields);
type Target = z.infer<typeof target>;

/** No dot first, nothing that leads elsewhere. */
const FILE_NAME = /^\w[\w.-]{0,80}\.sqlite$/;
const HOST = /^[\w.-]{1,253}$|^[0-9a-f:]{2,45}$/i;
/** A socket of this machine instead of a host (MySQL, MariaDB). */
const SOCKET = /^\/[\w./-]{1,100}$/;
const KINDS = ['mysql', 'mssql', 'oracle'] as const;
const ENCRYPTIONS = ['off', 'preferred', 'required'] as const;
const MB = 1024 * 1024;

/** A name in the data folder that is free. */
export function proposedFile({ dataDir }: Pick<Config, 'dataDir'>, now: number): string {
  const stamp = new Date(now).toISOString().slice(0, 16).replace(/[-:T]/g, '');
  return path.basename(path.join(dataDir, `phone-erp-${stamp}.sqlite`));
}

export function targetFormFields({ t }: Pick<Ctx, 't'>, { dataDir }: Pick<Config, 'dataDir'>): Field[] {
  const of = (name: string): string => t(`databases:form.${name}`);
  return [
    {
      name: 'place',
      type: 'radio',
      label: of('place'),
      wide: true,
      options: [
        { value: 'embedded', label: of('embedded') },
        { value: 'server', label: of('server') },
      ],
    },
    {
      name: 'file',
      label: of('file'),
      hint: t('databases:form.fileHint', { folder: dataDir }),
      maxlength: 88,
      wide: true,
    },
    {
      name: 'kind',
      type: 'select',
      label: of('kind'),
      choose: false,
      options: KINDS.map((kind) => ({ value: kind, label: of(kind) })),
    },
    { name: 'host', label: of('host'), hint: of('hostHint'), maxlength: 253, autocomplete: 'off' },
    { name: 'port', label: of('port'), hint: of('portHint'), inputmode: 'numeric', maxlength: 5 },
    { name: 'database', label: of('database'), hint: of('databaseHint'), maxlength: 128, autocomplete: 'off' },
    { name: 'user', label: of('user'), maxlength: 128, autocomplete: 'off' },
    { name: 'password', type: 'password', label: of('password'), maxlength: 400, autocomplete: 'off' },
    {
      name: 'encryption',
      type: 'select',
      label: of('encryption'),
      choose: false,
      options: ENCRYPTIONS.map((value) => ({ value, label: of(value) })),
    },
  ];
}

/** The address with its password. Throws 'errors:form' with what is wrong in which field. */
export function addressOf(given: Target, { dataDir }: Pick<Config, 'dataDir'>): string {
  const wrong: { path: string; code: string }[] = [];
  const expect = (ok: boolean, field: string, code = 'errors:field.required'): void => {
    if (!ok) wrong.push({ path: field, code });
  };
  if (given.place === 'embedded') {
    expect(FILE_NAME.test(given.file), 'file', 'databases:form.fileWrong');
    if (wrong.length > 0) throw invalid('errors:form', {}, wrong);
    return `sqlite:${path.join(dataDir, given.file)}`;
  }
  const kind = KINDS.find((one) => one === given.kind) ?? 'mysql';
  const port = given.port.trim() === '' ? DEFAULT_PORTS[kind] : Number(given.port);
  const host = given.host.trim();
  const isSocket = kind === 'mysql' && SOCKET.test(host);
  expect(isSocket || HOST.test(host), 'host', host === '' ? 'errors:field.required' : 'errors:field.invalid');
  expect(Number.isInteger(port) && port > 0 && port < 65_536, 'port', 'errors:field.invalid');
  expect(given.database.trim() !== '', 'database');
  expect(given.user.trim() !== '', 'user');
  if (wrong.length > 0) throw invalid('errors:form', {}, wrong);
  const name = isSocket ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = new URL(`${kind}://${name}`);
  if (isSocket) url.searchParams.set('socketPath', host);
  url.port = String(port);
  url.pathname = `/${encodeURIComponent(given.database.trim())}`;
  url.username = encodeURIComponent(given.user.trim());
  url.password = encodeURIComponent(given.password);
  const encryption = ENCRYPTIONS.find((one) => one === given.encryption) ?? 'off';
  for (const [name, value] of Object.entries(OPTIONS[kind][encryption])) url.searchParams.set(name, value);
  return url.href;
}

/** As platform/database/connection-url reads them. */
const OPTIONS: Readonly<
  Record<(typeof KINDS)[number], Record<(typeof ENCRYPTIONS)[number], Readonly<Record<string, string>>>>
> = {
  mysql: { off: {}, preferred: { tls: 'insecure' }, required: { tls: 'true' } },
  mssql: { off: { encrypt: 'false' }, preferred: { trustServerCertificate: 'true' }, required: {} },
  oracle: { off: {}, preferred: { tls: 'true' }, required: { tls: 'true' } },
};

/**
 * Looked at before hours of copying: it answers, the account may do what is needed, nothing lies in it, there is room. Throws what
 * the form shows: 'backup:error.same_database', '.not_empty', '.foreign', '.no_space', 'databases:error.target'.
 */
export async function expectUsable(ctx: Pick<Ctx, 'services' | 't'>, url: string, neededBytes: number): Promise<void> {
  const { t, services } = ctx;
  const { config } = services;
  if (databaseAddress(url) === databaseAddress(config.database.url))
    throw new DomainError('backup:error.same_database', { status: 409 });
  const server = serverTarget(url);
  if (server) {
    const { checks } = await probeDatabase(server);
    const failed = checks.filter(({ status }) => status === 'fail');
    if (failed.length > 0) {
      const said = failed.map(({ title, found, remedy = [] }) =>
        [
          `${t(title.key, title.values)}: ${t(found.key, found.values)}`,
          ...remedy.map((one) => t(one.key, one.values)),
        ].join(' '),
      );
      throw new DomainError('databases:error.target', { status: 409, details: { said: said.join(' ') } });
    }
  }
  const state = await lookAtTarget(url).catch((error: unknown) => {
    if (isDomainError(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new DomainError('databases:error.target', { status: 409, details: { said: message }, cause: error });
  });
  if (state === 'foreign') throw new DomainError('backup:error.foreign', { status: 409 });
  if (state === 'used') throw new DomainError('backup:error.not_empty', { status: 409 });
  if (embeddedFile(url) === undefined) return;
  const { bavail, bsize } = statfsSync(config.dataDir);
  if (bavail * bsize < neededBytes + 64 * MB)
    throw new DomainError('backup:error.no_space', {
      status: 409,
      details: {
        folder: config.dataDir,
        neededMb: Math.ceil(neededBytes / MB) + 64,
        freeMb: Math.floor((bavail * bsize) / MB),
      },
    });
}
