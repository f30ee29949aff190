/** Looking at pages while they are made: `tsx test/support/try-pages.ts [FILE.sqlite] [PORT]`, signed in as an administrator. */
import { createServer } from 'node:http';
import path from 'node:path';
import { migrations } from '../../migrations';
import { migrate, openDatabase } from '../../src/platform/database';
import { startTestApp } from './http';

const url = `sqlite:${path.resolve(process.argv[2] ?? 'out/try.sqlite')}`;
const database = await openDatabase(url);
await migrate(database, migrations);
await database.close();
const { app } = await startTestApp(url);
const server = createServer(app.app.web);
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/test/sign-in/${app.actor.userId}`);
});
