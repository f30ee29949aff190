import type { Config } from '../platform/config';
import { embeddedFile, openDatabase } from '../platform/database';
import { type Logger, openLogger } from '../platform/logging';
import { installationAt, versionOfLink } from '../platform/release';
import { version } from '../platform/version';
import { startBackground } from './background';
import { type Maintenance, markParked, readMaintenance, startHeartbeat } from './maintenance';
import { parkedApp } from './parked';
import { openProduct, type Product } from './product';
import { type RunningServer, runServer } from './run-server';
import { crossOver, followSwitch, isSwitchToken, readSwitch, settleSwitch } from './switch-over';
import { openTexts } from './texts';
import { type Behind, behindIn, isAtWork, lookAt, readUpgrade, seenDatabase, settleAtStart } from './upgrade';

export interface ServeOptions {
  /** Log lines on the console as well; default: as configured. */
  stdout?: boolean;
  /** Before anybody is served: a first run fills the database here. */
  prepare?: (product: Product) => Promise<void>;
  /** The file that the configuration comes from: the installation lies around it. */
  configFile?: string | undefined;
}

export interface Serving {
  url: string;
  /** No new work, finish what is under way, close everything. */
  stop: () => Promise<void>;
  /** Resolves when that was done, whoever asked for it; `restart`: another version of the program shall take this one's place. */
  stopped: Promise<'ended' | 'restart'>;
}

/** The link leads to another version than this program: nothing was opened. */
export class RestartNeeded extends Error {
  override name = 'RestartNeeded';
}

const LOOK_MS = 1000;
const LOOKS_A_SCHEMA = 2;
const DRAIN_MS = 10_000;

/**
 * Opens the product and serves it until `stop` is called. While an upgrade has the database this server shows nothing but that,
 * with everything closed. Nothing stays open when it fails to start. Throws RestartNeeded.
 */
export async function serve(config: Config, { stdout, prepare, configFile }: ServeOptions = {}): Promise<Serving> {
  const { logger, close: closeLog } = await openLogger({ ...config.logging, stdout: stdout ?? config.logging.stdout });
  let product: Product | undefined;
  let server: RunningServer;
  /** The database is that of another version. */
  let behind: Behind | undefined;
  /** Which upgrade has the database; undefined: this server works, or is behind. */
  let waitsFor: string | undefined;
  const installation = configFile === undefined ? undefined : installationAt(configFile);
  try {
    await settleSwitch(config, logger);
    const verdict = await settleAtStart(config);
    if (verdict === 'restart') throw new RestartNeeded('another version is in force');
    if (verdict === 'serve') {
      // One that does not answer is left to who opens it in earnest.
      const seen = await seenDatabase(config).catch(() => undefined);
      // From another machine: whoever comes late must not work on a database that is being changed.
      waitsFor = seen?.upgrading ?? undefined;
      behind = waitsFor === undefined ? behindIn(seen, config, installation) : undefined;
      if (!behind && waitsFor === undefined) {
        product = await openProduct(config, logger, { configFile });
        await prepare?.(product);
      }
    } else waitsFor = readUpgrade(config)?.id;
    if (behind) tellBehind(behind, logger);
    const parked = { web: waitingRoom(config, logger, { behind, token: waitsFor }), health: { draining: false } };
    server = await runServer(product?.app ?? parked, config, logger);
  } catch (error) {
    await product?.close();
    await closeLog();
    throw error;
  }
  let tell: (how: 'ended' | 'restart') => void;
  const stopped = new Promise<'ended' | 'restart'>((resolve) => (tell = resolve));
  let closeProduct = product ? work(product) : (): Promise<void> => Promise.resolve();
  let looking: Promise<void> = Promise.resolve();
  /** Looks at the schema not every time. */
  let looks = 0;

  /** The change to another database that this server makes. */
  let crossing: Promise<void> | undefined;
  const ending = new AbortController();

  const park = async ({ token }: Pick<Maintenance, 'token'>): Promise<void> => {
    logger.info('an upgrade or another database: this server stands still');
    waitsFor = token ?? '';
    await standStill(waitingRoom(config, logger, { token: waitsFor }));
    const order = product?.app.switchDesk.take(token);
    if (!order) return;
    crossing = crossOver(order, { config, log: logger, signal: ending.signal });
    void crossing.then(() => stop('restart'));
  };
  const standStill = async (room: ReturnType<typeof parkedApp>): Promise<void> => {
    server.switchTo(room);
    await server.idle(DRAIN_MS);
    await closeProduct(false);
    closeProduct = () => Promise.resolve();
  };
  /** This machine was cut off while another one upgraded the database. */
  const fallBehind = async ({ services }: Product): Promise<void> => {
    behind = behindIn(await lookAt(services.database), config, installation);
    if (!behind) return;
    tellBehind(behind, logger);
    await standStill(waitingRoom(config, logger, { behind }));
  };
  const look = async (): Promise<void> => {
    if (behind) {
      const isOther = installation && versionOfLink(installation) !== version;
      const seen = isOther ? undefined : await seenDatabase(config).catch(() => undefined);
      if (isOther || seen?.state === 'current') await stop('restart');
      return;
    }
    if (waitsFor !== undefined) {
      if (!crossing && (await isOver(config, waitsFor, { configFile, logger }))) await stop('restart');
      return;
    }
    const maintenance = await product?.app.maintenance.now();
    if (maintenance?.kind === 'upgrade') await park(maintenance);
    else if (product && installation && ++looks % LOOKS_A_SCHEMA === 0) await fallBehind(product);
  };
  const timer = setInterval(() => {
    looking = looking
      .then(() => (stopping ? undefined : look()))
      .catch((error: unknown) =>
        logger.error({ err: error }, 'it could not be told whether an upgrade begins or ends'),
      );
  }, LOOK_MS);

  const close = async (): Promise<void> => {
    clearInterval(timer);
    ending.abort();
    await crossing;
    await server.stop();
    await closeProduct(true);
    logger.info('stopped');
    await closeLog();
  };
  let stopping: Promise<void> | undefined;
  const stop = (how: 'ended' | 'restart' = 'ended'): Promise<void> => (stopping ??= close().finally(() => tell(how)));
  return { url: server.url, stop: () => stop(), stopped };
}

/** Everything beside answering requests; the result ends it and closes the database. */
function work(product: Product): (ended: boolean) => Promise<void> {
  const { services, app } = product;
  const heartbeat = startHeartbeat(services);
  const background = startBackground(services, app);
  return async (ended) => {
    await background.stop();
    await heartbeat.stop();
    // A database that does not answer any more must not keep a server from ending.
    await markParked(services, ended).catch((error: unknown) => {
      if (!ended) throw error;
    });
    await product.close();
  };
}

function tellBehind({ installed, wanted, direction }: Behind, log: Logger): void {
  const what = direction === 'up' ? 'phone-erp upgrade FILE' : 'phone-erp upgrade rollback';
  log.error(
    { installed, wanted },
    `the database is of another version: nobody is served until this machine follows by ${what}`,
  );
}

interface Waiting {
  behind?: Behind | undefined;
  /** What the server waits for. */
  token?: string | undefined;
}

function waitingRoom(config: Config, log: Logger, { behind, token }: Waiting): ReturnType<typeof parkedApp> {
  const { server, locale, timeZone, edition } = config;
  const https = server.tls !== undefined || (server.publicUrl?.startsWith('https:') ?? false);
  return parkedApp({
    state: () => readUpgrade(config),
    translator: openTexts(log),
    locale,
    timeZone,
    https,
    edition,
    behind,
    switching: isSwitchToken(token) ? () => stateOf(config, token) : undefined,
  });
}

/** That of another machine is not known here. */
function stateOf(config: Config, token: string | undefined): ReturnType<typeof readSwitch> {
  const state = readSwitch(config);
  return state?.id === token ? state : undefined;
}

/**
 * Whether the upgrade that this server waits for has come to an end, or whoever made it has died: the next start settles that. Of
 * an upgrade from another machine the database on the server tells.
 */
async function isOver(
  config: Config,
  token: string,
  { configFile, logger }: { configFile: string | undefined; logger: Logger },
): Promise<boolean> {
  if (isSwitchToken(token)) return followSwitch(config, configFile, token, logger);
  const state = readUpgrade(config);
  if (state?.id === token) {
    if (state.outcome === 'stuck') return false;
    return state.outcome !== 'running' || !isAtWork(config);
  }
  const { url } = config.database;
  if (embeddedFile(url) !== undefined) return true;
  try {
    const database = await openDatabase(url, { poolSize: 1, readOnly: true });
    try {
      const found = await readMaintenance(database.read);
      return found?.kind !== 'upgrade' || found.token !== token;
    } finally {
      await database.close();
    }
  } catch {
    // The tables may be on their way.
    return false;
  }
}

/** SIGTERM and SIGINT stop in order; a second signal of an impatient operator ends the process at once. */
export function stopOnSignals({ stop, stopped }: Serving): void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void stop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  void stopped.finally(() => signals.forEach((signal) => process.off(signal, onSignal)));
}
