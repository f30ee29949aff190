/**
 * `node --import …/oracle-preload.ts src/main.ts serve`: the program itself, in a process of its own, with the stand-in for
 * Oracle's driver of ERP_TEST_ORACLE_DRIVER and its server at ERP_TEST_ORACLE_URL.
 */
import { oracleStandIn, standInDriver } from './oracle-stand-in';

await oracleStandIn(standInDriver() ?? '');
