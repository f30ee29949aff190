import path from 'node:path';
import { type PlanStep, run, type ServiceKind, type ServiceSettings, type ServiceState } from './plan';

export const SYSTEMD_UNIT = 'phone-erp.service';
const UNIT_FILE = `/etc/systemd/system/${SYSTEMD_UNIT}`;
/** The server itself takes ten seconds to finish what is under way. */
const STOP_SECONDS = 30;
/** Ports below are for root and for who has the capability. */
const FREE_PORTS_FROM = 1024;

/** Services of a database on the same machine; naming one that is not there does no harm. */
const DATABASE_UNITS: Readonly<Record<string, readonly string[]>> = {
  mysql: ['mariadb.service', 'mysql.service', 'mysqld.service'],
  mariadb: ['mariadb.service', 'mysql.service', 'mysqld.service'],
  mssql: ['mssql-server.service'],
};

/**
 * The unit. No MemoryDenyWriteExecute: the engine compiles scripts while they run. AF_NETLINK is how the system tells the
 * addresses of the machine, for the certificate. Wrong configuration (exit code 2) and refusals (3) are not tried again.
 */
export function systemdUnit(settings: ServiceSettings): string {
  const { account, dataDir, logDir, writableFolders, backupFolders = [], configFile, database } = settings;
  const { memoryMaxMb, ports, program } = settings;
  const lowPort = ports.some((port) => port > 0 && port < FREE_PORTS_FROM);
  const after = ['network-online.target', ...(DATABASE_UNITS[database] ?? [])];
  const lines = [
    '[Unit]',
    'Description=Phone Retail ERP',
    'Wants=network-online.target',
    `After=${after.join(' ')}`,
    // A database that comes up late must not make systemd give up.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `User=${account}`,
    `Group=${account}`,
    `ExecStart=${program.map(quoted).join(' ')}${serveCommand(configFile)}`,
    `WorkingDirectory=${escaped(dataDir)}`,
    `Environment=NODE_ENV=production ERP_LOGGING_STDOUT=false`,
    'Restart=on-failure',
    'RestartSec=2',
    'RestartPreventExitStatus=2 3',
    'KillMode=mixed',
    `TimeoutStopSec=${STOP_SECONDS}`,
    'LimitNOFILE=65536',
    ...(memoryMaxMb === undefined ? [] : [`MemoryMax=${memoryMaxMb}M`]),
    'UMask=0077',
    '',
    'NoNewPrivileges=yes',
    `CapabilityBoundingSet=${lowPort ? 'CAP_NET_BIND_SERVICE' : ''}`,
    `AmbientCapabilities=${lowPort ? 'CAP_NET_BIND_SERVICE' : ''}`,
    'ProtectSystem=strict',
    // "-": a disk that is not there keeps the server from backing up, not from starting.
    `ReadWritePaths=${[
      ...writable(dataDir, logDir, ...writableFolders),
      ...backupFolders.map(({ folder }) => `-${folder}`),
    ]
      .map(quoted)
      .join(' ')}`,
    `ProtectHome=${protectHome(settings)}`,
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'RemoveIPC=yes',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged',
    'SystemCallErrorNumber=EPERM',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ];
  return lines.join('\n');
}

const serveCommand = (configFile: string | undefined): string =>
  ['', 'serve', ...(configFile === undefined ? [] : ['--config', quoted(configFile)])].join(' ');

/** Folders below another one of the list need not be named. */
function writable(...folders: string[]): string[] {
  return folders.filter(
    (folder, at) =>
      folders.indexOf(folder) === at && !folders.some((above) => above !== folder && isBelow(folder, above)),
  );
}

const isBelow = (file: string, folder: string): boolean => {
  const way = path.posix.relative(folder, file);
  return way === '' || !(way.startsWith('..') || path.posix.isAbsolute(way));
};

/** Homes of people are out of sight, unless the installation lies in one. */
function protectHome({ program, configFile, dataDir }: ServiceSettings): 'yes' | 'read-only' {
  const files = [...program, dataDir, ...(configFile === undefined ? [] : [configFile])];
  return files.some((file) => ['/home', '/root', '/run/user'].some((home) => isBelow(file, home)))
    ? 'read-only'
    : 'yes';
}

/** `%` begins a specifier of systemd's and `$` a variable. */
const escaped = (text: string): string => text.replaceAll('%', '%%');
const quoted = (text: string): string => {
  const plain = escaped(text).replaceAll('$', '$$$$');
  return /^[\w./:@=+,%-]+$/.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};

const systemctl = (...args: string[]): PlanStep => run('systemctl', args);

export const systemd: ServiceKind = {
  id: 'systemd',
  name: SYSTEMD_UNIT,
  install: (settings) => {
    const { account, dataDir, logDir, programFolder, secretFiles, writableFolders, backupFolders = [] } = settings;
    const owner = `${account}:${account}`;
    const folders = writable(dataDir, logDir, ...writableFolders);
    const secrets = secretFiles.filter((file) => !folders.some((folder) => isBelow(file, folder)));
    return [
      run(
        'useradd',
        [
          '--system',
          '--user-group',
          '--no-create-home',
          '--home-dir',
          dataDir,
          '--shell',
          '/usr/sbin/nologin',
          account,
        ],
        { unless: ['id', '-u', account] },
      ),
      ...folders.flatMap((folder) => [
        run('mkdir', ['-p', folder]),
        run('chown', ['-R', owner, folder]),
        run('chmod', ['750', folder]),
      ]),
      ...backupFolders
        .filter(({ ours }) => ours)
        .flatMap(({ folder }) => [run('mkdir', ['-p', folder]), run('chown', ['-R', owner, folder])]),
      // Made for the owner and the group alone: the account comes in as the group.
      ...(programFolder === undefined || folders.some((folder) => isBelow(programFolder, folder))
        ? []
        : [run('chgrp', [account, programFolder]), run('chmod', ['g+rx', programFolder])]),
      ...secrets.flatMap((file) => [run('chown', [owner, file]), run('chmod', ['600', file])]),
      { kind: 'write', file: UNIT_FILE, content: systemdUnit(settings), mode: 0o644 },
      systemctl('daemon-reload'),
      systemctl('enable', SYSTEMD_UNIT),
      // Not "enable --now": an installation again must take up what has changed.
      systemctl('restart', SYSTEMD_UNIT),
    ];
  },
  remove: () => [
    // 5: there is no such unit.
    run('systemctl', ['disable', '--now', SYSTEMD_UNIT], { expected: [1, 5] }),
    { kind: 'remove', path: UNIT_FILE },
    systemctl('daemon-reload'),
    run('systemctl', ['reset-failed', SYSTEMD_UNIT], { expected: [1, 5] }),
  ],
  start: () => [systemctl('start', SYSTEMD_UNIT)],
  stop: () => [systemctl('stop', SYSTEMD_UNIT)],
  status: ['systemctl', 'show', SYSTEMD_UNIT, '--property=LoadState,ActiveState,SubState,UnitFileState,MainPID'],
  readStatus: readSystemdStatus,
  definition: ['systemctl', 'cat', SYSTEMD_UNIT],
  // The same configuration is the same installation, whichever program serves it.
  isOurs: (definition, { configFile }) =>
    definition.split('\n').some((line) => line.startsWith('ExecStart=') && line.endsWith(serveCommand(configFile))),
};

/** `LoadState=loaded` and so on, a line each. */
function readSystemdStatus(output: string): ServiceState {
  const values = new Map(
    output.split('\n').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const active = values.get('ActiveState') ?? 'unknown';
  const pid = Number(values.get('MainPID') ?? 0);
  return {
    installed: values.get('LoadState') === 'loaded',
    running: active === 'active',
    enabled: values.get('UnitFileState') === 'enabled',
    pid: pid > 0 ? pid : null,
    detail: `${active} (${values.get('SubState') ?? '?'})`,
  };
}
