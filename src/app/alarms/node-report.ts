import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { hostFacts, type HostFacts } from '../../platform/checks';
import { duplicateKey, sql } from '../../platform/database';
import { systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { daysLeft, readChain } from '../../platform/tls';
import { nodeReport, type NodeReportRow } from './node-report.table';

type NodeServices = Pick<Services, 'config' | 'uow' | 'clock'>;

const EACH_MS = 5 * 60_000;
/** What a server said last stands for a day: one that is switched off at night has not emptied its disk. */
export const REPORT_STANDS_MS = 24 * 3_600_000;
const MOST = { node: 80, folder: 400 };
const actor = systemActor('server');

const nodeOf = ({ config }: Pick<Services, 'config'>): string =>
  `${hostname()}:${config.server.port}`.slice(-MOST.node);

/** Notes how it stands with the machine that this process runs on. */
export async function reportNode(services: NodeServices, facts: HostFacts = hostFacts): Promise<void> {
  const { config, uow, clock } = services;
  const { freeBytes } = await facts.disk(config.dataDir);
  const row: NodeReportRow = {
    node: nodeOf(services),
    reportedAt: clock(),
    folder: config.dataDir.slice(0, MOST.folder),
    freeBytes,
    certificateDays: certificateDays(services),
  };
  await uow.run(actor, async (unit) => {
    const { node, reportedAt, folder, certificateDays: days } = row;
    const changed = await unit.execute(
      sql`UPDATE node_report SET reported_at = ${reportedAt}, folder = ${folder}, free_bytes = ${freeBytes},
            certificate_days = ${days} WHERE node = ${node}`,
    );
    if (changed > 0) return;
    await unit.execute(sql`DELETE FROM node_report WHERE reported_at < ${reportedAt - REPORT_STANDS_MS}`);
    await unit
      .insert(nodeReport, [row])
      .catch((error: unknown) => (duplicateKey(error) ? undefined : Promise.reject(error)));
  });
}

function certificateDays({ config, clock }: Pick<Services, 'config' | 'clock'>): number | null {
  const { tls } = config.server;
  if (!tls || !existsSync(tls.certFile)) return null;
  return daysLeft(readChain(readFileSync(tls.certFile, 'utf8'))[0], clock());
}

/** Every server by itself, at its start and every few minutes. `also`: what else is to be looked at on each machine. */
export function startNodeReports(
  services: NodeServices & Pick<Services, 'log'>,
  also: () => Promise<void>,
): { stop: () => Promise<void> } {
  let under = Promise.resolve();
  const look = (): void => {
    under = under
      .then(() => reportNode(services))
      .then(also)
      .catch((error: unknown) => {
        services.log.warn({ err: error }, 'how this machine stands could not be noted');
      });
  };
  look();
  const timer = setInterval(look, EACH_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await under;
    },
  };
}
