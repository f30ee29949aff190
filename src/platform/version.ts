import manifest from '../../package.json' with { type: 'json' };

/** Version of the program, as in the release's name. */
export const version: string = manifest.version;
