import type { HostFacts } from './facts';

/** The smallest machine that a shop should run on; from the configuration (`requirements`). */
export interface Requirements {
  cores: number;
  memoryGb: number;
  diskGb: number;
}

export interface HostContext {
  facts: HostFacts;
  requirements: Requirements;
  /** Folder that the data shall lie in; it need not exist yet. */
  dataDir: string;
}
