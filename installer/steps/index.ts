import { acceptanceStep } from './acceptance';
import { accountStep } from './account';
import { backupsStep } from './backups';
import { modulesStep, parametersStep } from './business';
import { administratorStep, companyStep, sampleStep } from './company';
import { configurationStep } from './configuration';
import { connectionStep, databaseStep, schemaStep } from './database';
import type { SetupStep } from './environment';
import { existingStep } from './existing';
import { backupStep } from './keep-database';
import { pathsStep } from './paths';
import { serverStep } from './server';
import { haltStep, serviceStep } from './service';
import { editionStep, hardwareStep, languageStep, packageStep } from './simple-steps';
import { upgradeStep } from './upgrade';

export {
  type Context,
  type SetupEnvironment,
  setupEnvironment,
  type SetupQuestion,
  type SetupStep,
} from './environment';
export { configFileOf, wayOf } from './existing';
export { installFolder } from './paths';
export { type BackupOutcome, backupOutcome, confirmSheet } from './backups-outcome';
export { serviceOutcome } from './service';

/** The steps of the setup, in the order in which they ask and in which they do their part. */
export const setupSteps: readonly SetupStep[] = [
  languageStep,
  packageStep,
  hardwareStep,
  existingStep,
  upgradeStep,
  editionStep,
  pathsStep,
  databaseStep,
  connectionStep,
  accountStep,
  haltStep,
  backupStep,
  backupsStep,
  configurationStep,
  schemaStep,
  sampleStep,
  companyStep,
  administratorStep,
  modulesStep,
  parametersStep,
  serverStep,
  serviceStep,
  acceptanceStep,
];
