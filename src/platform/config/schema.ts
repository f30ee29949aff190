import { z } from 'zod';
import { backupSchema } from './backup-schema';

const port = z.int().min(1).max(65_535);
const file = z.string().min(1);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const databaseUrl = z
  .string()
  .regex(
    /^(sqlite:.+|(mysql|mariadb|mssql|sqlserver|oracle):\/\/[^/]+\/[^/]+)$/,
    'write sqlite:PATH, mysql://USER@HOST/NAME, mariadb://USER@HOST/NAME, mssql://USER@HOST/NAME or oracle://USER@HOST/SERVICE',
  );

/** `own`: an authority and a certificate that this installation makes itself; `given`: the two files named here. */
const tls = z
  .strictObject({
    mode: z.enum(['own', 'given']).optional(),
    certFile: file.optional(),
    keyFile: file.optional(),
    /** Further names and addresses for the own certificate, separated by commas. */
    names: z.string().optional(),
    /** Plain HTTP here: leads on to HTTPS and offers the authority's certificate. */
    redirectPort: port.optional(),
  })
  .superRefine(({ mode, certFile, keyFile }, { addIssue }) => {
    const issue = (path: string, message: string): void => addIssue({ code: 'custom', path: [path], message });
    const given = mode === 'given' || (mode === undefined && (certFile ?? keyFile) !== undefined);
    if (given && certFile === undefined) issue('certFile', 'a given certificate needs certFile and keyFile');
    else if (given && keyFile === undefined) issue('keyFile', 'a given certificate needs certFile and keyFile');
    else if (!given && (certFile ?? keyFile) !== undefined)
      issue('mode', 'own makes its files itself: leave certFile and keyFile out');
  });

/**
 * The technical configuration. Every key is explained in config/example.yaml and has its value in config/default.yaml;
 * optional here is only what is derived from others or may be absent. Secrets have a twin `…File` that names a file.
 */
export const configSchema = z.strictObject({
  server: z.strictObject({
    host: z.string().min(1),
    /** 0 lets the system choose a free port (used by tests). */
    port: z.union([z.literal(0), port]),
    publicUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** As express's "trust proxy": false, a number of proxies, or a list of addresses. */
    trustProxy: z.union([z.boolean(), z.int().min(0), z.string()]),
    tls: tls.optional(),
  }),
  database: z.strictObject({
    url: databaseUrl.optional(),
    password: z.string().min(1).optional(),
    poolSize: z.int().min(1).max(200),
  }),
  dataDir: file,
  /** How the product is run: on the shop's own server, on rented ones, or head office with stores of their own. */
  edition: z.enum(['on-premise', 'cloud', 'hybrid']),
  locale: z.enum(['zh-CN', 'en']),
  timeZone: z.string().refine(isTimeZone, 'not a time zone name such as Asia/Shanghai'),
  logging: z.strictObject({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    dir: file.optional(),
    stdout: z.boolean(),
  }),
  session: z.strictObject({
    idleMinutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60),
    absoluteHours: z
      .int()
      .min(1)
      .max(30 * 24),
  }),
  security: z.strictObject({
    keyFile: file.optional(),
    passwordMinLength: z.int().min(8).max(128),
    lockoutAttempts: z.int().min(1).max(100),
    lockoutMinutes: z
      .int()
      .min(1)
      .max(24 * 60),
  }),
  backup: backupSchema,
  metrics: z.strictObject({
    /** Whoever sends it may read /metrics; without it there is no such page. */
    token: z.string().min(16).optional(),
    /** Statements that take this long are listed with their plan. */
    slowStatementMs: z.int().min(1).max(600_000),
  }),
  /** The smallest machine that setup and doctor accept without a warning. */
  requirements: z.strictObject({
    cores: z.number().min(1).max(1024),
    memoryGb: z.number().min(1).max(65_536),
    diskGb: z.number().min(1).max(1_000_000),
    /** The line between a browser in the shop and this server, as the page that measures it judges it. */
    browserRoundTripMs: z.number().min(1).max(10_000),
    browserDownloadMbit: z.number().min(0.1).max(100_000),
    browserUploadMbit: z.number().min(0.1).max(100_000),
  }),
});

export type RawConfig = z.infer<typeof configSchema>;

/** Paths of the values that are secrets; each may be given by a key `…File` instead. */
export const secretPaths = ['database.password', 'backup.passphrase', 'metrics.token'] as const;
