/** What a browser measured between itself and the server. */
export interface Measured {
  /** Median of small requests, one after the other. */
  roundTripMs: number;
  /** From the server to the browser, and the other way; million bits a second. */
  downloadMbit: number;
  uploadMbit: number;
}

export const MEASURES = ['roundTripMs', 'downloadMbit', 'uploadMbit'] as const;

/** From the configuration (`requirements`). */
export interface ConnectionRequirements {
  browserRoundTripMs: number;
  browserDownloadMbit: number;
  browserUploadMbit: number;
}

/** The limit of the configuration for each figure. */
export const limitsOf = (wanted: ConnectionRequirements): Measured => ({
  roundTripMs: wanted.browserRoundTripMs,
  downloadMbit: wanted.browserDownloadMbit,
  uploadMbit: wanted.browserUploadMbit,
});

/** A round trip must not be longer than wanted, a speed not lower. */
export function isGood(measure: keyof Measured, figures: Measured, wanted: ConnectionRequirements): boolean {
  const limit = limitsOf(wanted)[measure];
  return measure === 'roundTripMs' ? figures[measure] <= limit : figures[measure] >= limit;
}

export const isGoodEnough = (figures: Measured, wanted: ConnectionRequirements): boolean =>
  MEASURES.every((measure) => isGood(measure, figures, wanted));

/** The largest piece of a measurement; browsers ask for smaller ones on slow lines. */
export const MOST_PIECE_BYTES = 4 * 1024 * 1024;
/** About three measurements on a fast line. */
const BUDGET_BYTES = 512 * 1024 * 1024;
const WINDOW_MS = 5 * 60_000;

/** How much each person may send back and forth: measuring must not become a way to fill the line of a shop. */
export function createBudget(): { take: (userId: number, bytes: number, now: number) => number } {
  const used = new Map<number, { since: number; bytes: number }>();
  return {
    /** Seconds to wait; 0 when it may go on. */
    take: (userId, bytes, now) => {
      for (const [id, { since }] of used) if (now - since >= WINDOW_MS) used.delete(id);
      const own = used.get(userId) ?? { since: now, bytes: 0 };
      if (own.bytes + bytes > BUDGET_BYTES) return Math.max(1, Math.ceil((own.since + WINDOW_MS - now) / 1000));
      own.bytes += bytes;
      used.set(userId, own);
      return 0;
    },
  };
}
