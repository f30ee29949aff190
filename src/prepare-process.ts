// Imported before everything else by the program's entry.
const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`Phone ERP needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}

// Drivers and Date read the zone once; the business day's zone is a setting and never the machine's.
process.env.TZ = 'UTC';

// `phone-erp … | head`: whoever reads has gone; the work goes on and the exit code tells how it ended.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
