// Loaded into pkg before its own code. pkg 6.23 passes only part of the settings of a single executable on to Node, and
// writes the name of its random scratch folder into the program. Both are mended where it writes sea-config.json:
//   execArgvExtension 'none'   the program does not listen to NODE_OPTIONS
//   execArgv                   young objects get less room and old ones are collected sooner, which keeps the memory of a server small (docs/performance.md)
//   main, relative             the same source gives the same bytes
// test/installer/package.spec.ts fails when a later pkg writes this file in another way.
const files = require('node:fs/promises');
const path = require('node:path');

const writeFile = files.writeFile;
files.writeFile = (name, data, ...rest) => {
  if (typeof name !== 'string' || path.basename(name) !== 'sea-config.json') return writeFile(name, data, ...rest);
  const config = JSON.parse(data);
  return writeFile(
    name,
    JSON.stringify({
      ...config,
      main: path.basename(config.main),
      execArgv: ['--max-semi-space-size=16', '--initial-old-space-size=48', '--heap-growing-percent=20'],
      execArgvExtension: 'none',
    }),
    ...rest,
  );
};
