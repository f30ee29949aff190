import path from 'node:path';
import { firstLink } from '../src/app/founding';
import { writeWhole } from '../src/platform/files';
import type { Wizard } from './engine';
import { type BackupOutcome, backupOutcome, configFileOf, serviceOutcome, type SetupEnvironment, wayOf } from './steps';
import { withProduct } from './steps/company';
import { dataFolder, installedProgram } from './steps/paths';
import type { ServiceOutcome } from './steps/service';

/** What somebody needs to know after the setup. */
export interface SetupSummary {
  address: string;
  /** The one-time link of the administrator; null when they have a password. */
  link: string | null;
  login: string | null;
  config: string;
  dataDir: string;
  report: string;
  service: ServiceOutcome;
  backup: BackupOutcome;
  /** How the server is started, unless it runs already, and looked at. */
  commands: string[];
  /** Warnings that were accepted, by step. */
  accepted: Record<string, string[]>;
}

/** Ends the setup: writes the report, forgets the state. The link is shown once and written nowhere. */
export async function finishSetup({ context, state, store }: Wizard<SetupEnvironment>): Promise<SetupSummary> {
  const config = configFileOf(context);
  const login =
    typeof context.answers['administrator.login'] === 'string' ? context.answers['administrator.login'] : null;
  const { address, path: link } = await withProduct(context, async (services) => ({
    address: services.config.server.publicUrl ?? `http://127.0.0.1:${services.config.server.port}`,
    path: login === null ? null : await firstLink(services, login),
  }));
  const program = context.env.program.payload().kind === 'packaged' ? installedProgram(context) : 'npm run erp --';
  const service = serviceOutcome(context);
  const backup = backupOutcome(context);
  const options = `--config ${config}`;
  const report = path.join(dataFolder(context), 'setup-report.json');
  const accepted = (state.facts['accepted'] ?? {}) as Record<string, string[]>;
  writeWhole(
    report,
    `${JSON.stringify({ version: context.env.program.version, way: wayOf(context), finishedAt: new Date().toISOString(), answers: state.answers, accepted, unsignedAllowed: state.facts['package.unsignedAllowed'] === true, service }, undefined, 2)}\n`,
  );
  store.remove();
  const trimmed = address.replace(/\/$/, '');
  return {
    address: trimmed,
    link: link === null ? null : trimmed + link,
    login,
    config,
    dataDir: dataFolder(context),
    report,
    service,
    backup,
    commands: [
      ...(service.state === 'running' ? [] : [`${program} serve ${options}`]),
      `${program} status ${options}`,
      ...(service.state === 'running' ? [`${program} service logs ${options}`] : []),
    ],
    accepted,
  };
}
