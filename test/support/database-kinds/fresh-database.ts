/** A migrated database of its own for one test. */
export interface FreshDatabase {
  /** Connection URL. */
  url: string;
  release(): Promise<void> | void;
}
