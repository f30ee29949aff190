/**
 * The drivers of the vendors' servers, loaded when such a database is opened and not before: each costs start-up time that
 * the other databases should not pay. Tests put a stand-in here for a server they do not have.
 */
export const drivers = {
  oracledb: async (): Promise<object> => moduleOf(await import('oracledb')),
  mssql: async (): Promise<object> => moduleOf(await import('mssql')),
};

/** What a CommonJS package exports; TypeORM sets properties on it, which a module namespace would refuse. */
function moduleOf(loaded: { default?: object }): object {
  return loaded.default ?? loaded;
}
